"""Hears what the words of a sentence say of a fact in it; the nearest word governs.

The outcome is a `Stance`: a sum of named points. Sentences are heard only where a rule found something.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from extractors.language import Sentence
from extractors.ownership import KEYED
from extractors.rules.stance import POINTS, REASONS, Stance

_OPENING = 25
"""Characters within which a citation opens a sentence as its subject."""
_GRIP = 90
"""Characters over which a citation or a comparison governs what follows it."""

_TRAINING = re.compile(
    r"(?<!before )(?<!prior to )\b(?:pre-?\s?|re-?)?train(?:s|ed|ing|able)?\b|\bfine-?\s?tun(?:es?|ed|ing)\b|\bSGD\b|\bepochs?\b|\bconverge\w*|\boptimizer\b"
    r"|\b(?:gradient|training|sgd) (?:steps|updates|iterations)\b|\boptimi[sz]ed (?:for|over) (?=[\d~∼])|\barchitecture search\b|\bsearch (?:took|takes|cost|time|phase)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\bexperiment(?:s|ed)?\b|\blearn(?:ed|ing|s)?\b|\bsearch(?:es|ed|ing)?\b|\biterations\b|\bimplement(?:ed|ation)\b|\boptimi[sz]\w+"
    r"|\bmodels?\b|\bnetworks?\b|\bruns?\b|\bbatch size\b",
    re.IGNORECASE,
)
_INFERENCE = re.compile(
    r"\bfps\b|\bA/B test(?:s|ing)?\b|\bframes?\b|\binference\b|\blatenc\w+|\btest(?:ing)?[\s-]time\b|\bat test\b|\brun-?times?\b|\breal-?time\b|\bdecod(?:e|es|ed|ing)\b"
    r"|\bdeploy\w*|\bspeeds?\b|\bspeed-?up\w*|\bmilliseconds?\b|\b\d+\s?ms\b|\binfer\w*|\bserving\b|\bprofil\w+|\bthroughput\b"
    r"|(?<!steps )(?<!updates )(?<!iterations )\bper (?:second|image|frame|query)\b|/\s?(?:image|img|frame|sec)|\btimings?\b|\bbenchmarked\b|\bmemory footprint\b"
    r"|\bto (?:perform |do |run )?(?:detect\w*|segment\w*|classif\w+|recogni\w+|translat\w+|transcrib\w+)\b"
    r"|\b(?:images|tokens|words|sentences|samples)\s?(?:/|per)\s?s|\bout of memory\b|\bretriev\w+|\bevaluat\w+\b",
    re.IGNORECASE,
)
_CHORES = re.compile(
    r"\bpre-?process\w*|\b(?:data|corpus|feature) (?:preparation|collection|extraction|generation|loading)\b|\b(?:tokeni[sz]|crawl|scrap|render|annotat|"
    r"label|dedup|filter|index|compil|autotun|simulat|generat|extract|transcod|download)(?:e|es|ed|l?ing|ation)\b"
    r"(?!\s(?:\w+\s){0,2}(?:self-?play|games?|episodes?|rollouts?|experiences?|trajector\w+))|\bcompression\b"
    r"|\b(?:generation|extraction|simulation|annotation|sampling|rendering|reconstruction) (?:process|procedure|pipeline|step|stage)s?\b|^\W*(?:an?|the|our)? ?simulations?\b",
    re.IGNORECASE,
)
"""Work around training that takes time too. Games that an agent plays are its training."""
_PURPOSE = re.compile(
    r"\W*(?:[GT]PUs?\W+)?(?:(?:is|are|was|were) used )?for (?:(?:all|the|our|model|both|its) ){0,2}(?:(?P<training>(?:pre-?|fine-?\s?)?(?:train|tun)\w*)|evaluation|inference|testing|validation)\b",
    re.IGNORECASE,
)
"""What hardware is said to be for, right behind it: `8 GPUs for training, 1 for evaluation`."""
_CHORE_SUBJECT = re.compile(
    r"^\W*(?:(?:the|all|of|both) )*(?:(?:re-?)?(?:generat|creat|comput|calculat|collect|gather|construct|annotat|label|render|extract|simulat|crawl|scrap|index|encod|embed"
    r"|tokeni[sz]|filter|clean|prepar|sampl|evaluat|test|decod|measur|deduplicat)l?d?ing|inference)\b[^;]*?\b(?:takes?|took|requires?|required|needs?|needed|costs?|consum\w+|last(?:s|ed))\b",
    re.IGNORECASE,
)
"""A sentence whose subject is such work: `Computing the features of all pictures took 2 hours`."""
_ASIDE = re.compile(r"\([^()]*\)")
_BORDER = re.compile(r";|,\s(?:and|while|whereas|but|so)\b|\b(?:while|whereas)\b", re.IGNORECASE)
"""Where another clause begins, whose words govern less."""
_FAR = 100
"""Characters that the border of a clause counts for."""
_CITATION = re.compile(
    rf"{KEYED}|\[\s?\d+(?:[,\s–-]+\d+)*\s?\]|\((?:[A-Z][^()]*?\b(?:19|20)\d{{2}}[a-z]?)\)"
    r"|\bet al\b(?:\.?,?\s*\(?(?:19|20)\d{2}[a-z]?\)?)?|\b[A-Z]\w+\s\((?:19|20)\d{2}\)"
)
_BESIDE = re.compile(
    r"[\s(),]*(?:(?:[GTC]PU|DGX\S*|cluster|system|pod|machine|server|node)s?[\s(),]*){0,3}", re.IGNORECASE
)
"""What may stand between hardware and the citation that it is taken from."""
_AFTER = re.compile(
    r"\W*(?:following|similar(?:ly)? to|as in|like|inspired by|based on|building on)\b", re.IGNORECASE
)
"""How a sentence opens that cites whom the authors follow."""
_ACTS = re.compile(
    r"[\s,]*(?:and |who |which |also |have |has |had |was |were )*"
    r"(?:us(?:e|es|ed|ing)|train\w*|requir\w*|report\w*|took|takes?|need\w*|spen[dt]\w*|employ\w*|exploit\w*|ran|runs?)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\bin (?:the |previous |prior )?literature\b|"
    r"(?<!our )(?<!all )(?<!both )(?<!three )\b(?:methods|approaches|algorithms|works|techniques) (?:often |typically |usually |still |also )?(?:require|take|need|search|cost|spend|consume|use)\b|"
    r"^\W*(?-i:(?!Table|Fig|Tab|Section|Appendix)[A-Z]\w+) (?:reports?|reported|states?|stated|claims?|claimed|announced) that\b|"
    r"\b(?:previous(?:ly)?|prior|earlier|existing|concurrent|related|original)\s(?:\w+\s)?(?:implementation|authors|works?|methods?|approach\w*|systems?|state|paper|"
    r"papers|results?|models?|(?-i:[A-Z]\w+))\b|\btheirs?\b|\bthey\b(?=[^.]*\b(?:used?|train|require|report))|\bunlike\b|\bcompared (?:to|with)\b"
    r"|\b(?:trained|built|developed|released|published) by (?!(?:Adam|SGD|RMS|LAMB|Back)\w*)(?-i:[A-Z])|\bin contrast to\b|\brather than\b|\binstead of\b|\bthe authors\b|\bas opposed to\b|\bthe other (?:\w+\s)?(?:agents|models|methods|systems)\b"
    r"|\b(?:faster|better|slower|higher|lower|cheaper|smaller|larger|more|less|shorter|longer)\s(?:\w+\s)?than\s(?!\d|an?\s(?:day|week|hour|month|minute)\b"
    r"|one\b|two\b|three\b|half\b)",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"^\W*(?:consider|suppose|imagine|if (?:an?|the|your|you|model))\b|\b(?:enough|sufficient) to (?:pre-?)?train\b|\bwould\b|\bcould\b|\bif (?:we|one|it)\b|\bestimated? to\b|\bimpossible\b|\binfeasible\b|\bcannot\b|\bhypothetical\w*"
    r"|\btypical(?:ly)? (?:gpu|modern)|\bfor example\b|\be\.g\.|\bthousands of\b|\bhundreds of\b|\bequivalent\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\bwould (?:\w+ )?(?:have )?(?:tak|took|need|requir|cost|last|amount)\w*|\b(?:could|did) not (?:\w+ )?(?:train|run|afford)\b",
    re.IGNORECASE,
)
"""What training would take that nobody did."""
_ABILITY = re.compile(
    r"\W*(?:with (?:(?:much |far )?(?:more|less|enough|sufficient)|at least|only|limited|little)\b[^.,]{0,30}\bmemory\b|(?:and \w[\w-]* )?(?:(?:GPU|TPU|card|chip|board|device|accelerator|core)s?\b\W*)?(?:only )?(?:has|have|uses?|provides?|offers?|supports?|contains?|features?|"
    r"delivers?|includes?|consists? of|comes? with|is capable|are capable)\b[^.]{0,60}?\b(?:memory|bandwidth|cores?|[KMGT]i?B|[GTP]?FLOPS?|precision|"
    r"RAM|caches?|units?|format|bfloat16|float16|fp16|teraflops)\b)",
    re.IGNORECASE,
)
"""What is said behind a device that is described rather than used: `a V100 has 640 tensor cores`."""
_ENOUGH = re.compile(r"\W*(?:is|are|would be) (?:enough|sufficient)\b|\W*suffices?\b", re.IGNORECASE)
_DEPICTED = re.compile(
    r"\b(?:diagram|architecture|design|layout|photo\w*|picture|memory|capacity|specifications?) of (?:[\w-]+ ){0,4}\W*$"
    r"|\bfits? (?:in|into|on|onto|within) (?:[\w-]+ ){0,5}\W*$|\brequir\w+ an? \W*$",
    re.IGNORECASE,
)
"""The same in front of it, and what a model would fit on or need: `in the memory of a single GPU`."""
_DONATED = re.compile(
    r"\bdonat\w+|\bthank(?!s to\b)\w*|\backnowledg\w+|\bgenerous\w*|\bsupported by\b|\bgrants?\b|\bcourtesy\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|all (?:models|experiments|networks|architectures|runs))\b|\bthis (?:work|paper)\b|\bthe proposed\b",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|employ\w*|utili[sz]\w+|perform(?:ed|s)?|conduct(?:ed|s)?|carried out|r[au]n|equipped)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\W*(?:\w+ ){0,2}(?:hardware|gpus?|tpus?|devices?|accelerators?|compute|infrastructure|machines?)(?: \w+)?:",
    re.IGNORECASE,
)
"""A list's item that says what was used: `Hardware: 8 GPUs`."""
_SUBJECT = re.compile(r"\b(?:we|our|ours|all (?:our )?(?:models|experiments|networks))\b", re.IGNORECASE)
_COMPARED = re.compile(
    rf"{_SUBJECT.pattern}|,\swith\b|\b(?:while|whilst)\s\w+ing\b|\b(?:with|using|at) (?:only|just)\b",
    re.IGNORECASE,
)
"""Where a comparison ends: `simpler than prior work, with most tasks taking`, `beats existing methods while using`."""
_REPORTED = re.compile(
    r"\b(?:was|were|is|are|has been|have been|as)\s(?:\w+\s)?(?:reported|stated|used|described|published|released)\s(?:in|by)\s(?:the\s)?(?:prior|previous|earlier|original|other|related)\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"\b(?:we|all (?:our )?(?:models|experiments|networks|results))\b|^our\b", re.IGNORECASE
)
"""A subject with which a sentence goes on behind an `and`."""
_TRAINED_ON = re.compile(
    r"\b(?:train|tun)\w*\s(?:[\w-]+\s){0,4}(?:on|over|across|with|using|in)\b", re.IGNORECASE
)
_ALL_WORK = re.compile(
    r"\ball (?:of )?(?:the |our |these )?(?:\w+ )?(?:experiments|models|networks|architectures|trainings?|runs)\b|\bour experiments\b",
    re.IGNORECASE,
)
_TRAINING_SECTION = re.compile(
    r"train|implement|experiment|setup|set-up|setting|detail|optimi[sz]|hyper|hardware|schedule|protocol|configuration|comput|cost|reproduc|infrastructure",
    re.IGNORECASE,
)
_OTHER_SECTION = re.compile(
    r"speed|inference|latenc|runtime|run-time|run time|related|background|efficien|test|introduction|profil|throughput|timing|comparison",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hearing:
    """A sentence with all that it says wherever one stands in it, heard once for all its findings."""

    text: str
    offset: int
    """Where the sentence begins in its paragraph's text."""
    said: Mapping[str, bool]
    places: Mapping[str, Sequence[tuple[int, int]]]
    """Where the words of each group stand, by the names in `_PLACED`."""
    chore_end: int = 0
    """Where the verb ends whose subject is a chore, if the sentence begins so."""

    def stance(self, start: int, end: int) -> Stance:
        """The stance towards the words between two offsets of the paragraph."""
        place = start - self.offset, end - self.offset
        purpose = _PURPOSE.match(self.text, place[1])
        gaps = {name: _distance(self.places[name], self.places["border"], place) for name in _GAPS}
        said = {
            "training_word": gaps["training"] is not None,
            "work_word": gaps["training"] is None and gaps["work"] is not None,
            "inference_word": gaps["inference"] is not None,
            "inference_nearer": not purpose["training"]
            if purpose
            else _nearer(gaps["inference"], gaps["training"]),
            "chore_nearer": _nearer(gaps["chore"], gaps["training"]) or self._is_of_a_chore(place),
            "all_work": self.said["all_work"],
            "trained_on": self.said["trained_on"],
            "own_sentence": self.said["own_sentence"],
            "used": self.said["used"],
            "labelled": self.said["labelled"],
            "cited": _cited(self.text, self.places["citation"], place),
            "other_work": _governs(self.text, self.places["others"], place),
            "described": _described(self.text, place),
            **{name: self.said[name] for name in _LAST},
        }
        features = {name: float(value) for name, value in said.items()}
        points = sum(POINTS[name] * value for name, value in features.items())
        reasons = tuple(REASONS[name] for name, value in said.items() if value and name in REASONS)
        return Stance(points, features, reasons)

    def _is_of_a_chore(self, place: tuple[int, int]) -> bool:
        """Whether the sentence's subject is a chore, and the words stand in its clause behind the verb."""
        if not 0 < self.chore_end <= place[0]:
            return False
        return not any(self.chore_end <= start < place[0] for start, _ in self.places["border"])


def hear(sentence: Sentence, before: Sequence[Sentence], *, trains: bool = True) -> Hearing:
    """Hear a sentence.

    Args:
        sentence: the sentence.
        before: the few sentences before it in the same paragraph.
        trains: whether the paper trains models itself.
    """
    text, section = sentence.text, sentence.paragraph.section
    said = {
        "all_work": bool(_ALL_WORK.search(text)),
        "trained_on": bool(_TRAINED_ON.search(text)),
        "own_sentence": bool(_OWN.search(text)),
        "used": bool(_USED.search(text) or _LABELLED.search(text)),
        "labelled": bool(_LABELLED.search(text)),
        "hypothetical": bool(_HYPOTHETICAL.search(text)),
        "supposed": bool(_SUPPOSED.search(text)),
        "donated": bool(_DONATED.search(text)),
        "training_before": any(_TRAINING.search(other.text) for other in before),
        "training_section": bool(_TRAINING_SECTION.search(section)),
        "other_section": bool(_OTHER_SECTION.search(section)),
        "trains_little": not trains,
    }
    places = {name: [found.span() for found in pattern.finditer(text)] for name, pattern in _PLACED.items()}
    return Hearing(text, sentence.start, said, places, _chore_end(text))


def _chore_end(text: str) -> int:
    """Where a subject that is a chore meets its verb; 0 where the subject is something else, or speaks of training."""
    found = _CHORE_SUBJECT.match(text)
    return found.end() if found and not _TRAINING.search(_ASIDE.sub("", found[0])) else 0


_GAPS = ("training", "work", "inference", "chore")
_PLACED = {
    "training": _TRAINING,
    "work": _WORK,
    "inference": _INFERENCE,
    "chore": _CHORES,
    "border": _BORDER,
    "citation": _CITATION,
    "others": _OTHERS,
}
_LAST = (
    "hypothetical",
    "supposed",
    "donated",
    "training_before",
    "training_section",
    "other_section",
    "trains_little",
)


def _distance(
    places: Sequence[tuple[int, int]], borders: Sequence[tuple[int, int]], place: tuple[int, int]
) -> int | None:
    """Characters to the nearest of some places, which are in order: the last that begins in front, or the next.

    The border of a clause in between makes a place farther.
    """
    next_one = bisect_right(places, place[0], key=itemgetter(0))
    near = places[max(0, next_one - 1) : next_one + 1]
    return min((_gap_to(found, borders, place) for found in near), default=None)


def _gap_to(found: tuple[int, int], borders: Sequence[tuple[int, int]], place: tuple[int, int]) -> int:
    low, high = min(found[1], place[1]), max(found[0], place[0])
    parted = any(low <= start and end <= high for start, end in borders)
    return max(place[0] - found[1], found[0] - place[1], 0) + _FAR * parted


def _nearer(first: int | None, second: int | None) -> bool:
    return first is not None and (second is None or first < second)


def _in_front(places: Sequence[tuple[int, int]], place: int) -> Sequence[tuple[int, int]]:
    """The places that end before an offset, in order."""
    return places[: bisect_right(places, place, key=itemgetter(1))]


def _governs(text: str, others: Sequence[tuple[int, int]], place: tuple[int, int]) -> bool:
    """Whether a comparison stands before the words and does not end between them, or other work is named behind as their source."""
    front = _in_front(others, place[0])
    near = bool(front) and place[0] - front[-1][1] < _GRIP
    return (near and not _COMPARED.search(text, front[-1][1], place[0])) or _is_reported(text, place)


def _is_reported(text: str, place: tuple[int, int]) -> bool:
    """Whether what the words say is told to stand in somebody else's paper: `... was reported in prior work`."""
    found = _REPORTED.search(text, place[1])
    return bool(found) and not _SUBJECT.search(text, 0, found.start() if found else 0)


def _cited(text: str, citations: Sequence[tuple[int, int]], place: tuple[int, int]) -> bool:
    """Whether a citation is the subject (`[12] used 512 chips`), or stands close behind (`800 GPUs [12]`)."""
    for start, end in reversed(_in_front(citations, place[0])):
        if place[0] - end >= _GRIP or _SUBJECT.search(text, end, place[0]):
            break
        if start < _OPENING and _AFTER.match(text):
            break
        if start < _OPENING or _acts(text, start, end):
            return True
    behind = citations[bisect_left(citations, place[1], key=itemgetter(0)) :][:1]
    said_by_us = _SUBJECT.search(text, 0, place[0])
    return not said_by_us and any(_BESIDE.fullmatch(text[place[1] : start]) for start, _ in behind)


def _acts(text: str, start: int, end: int) -> bool:
    """Whether a verb follows a citation that it is the subject of, not one that goes on with what we did."""
    ours = _BEGINNING.search(text, 0, start) and text[end:].lstrip(" ,").startswith("and ")
    return not ours and bool(_ACTS.match(text, end))


def _described(text: str, place: tuple[int, int]) -> bool:
    """Whether the words describe a device, or what fits on it, rather than report its use."""
    front = text[max(0, place[0] - _GRIP) : place[0]]
    behind = _ABILITY.match(text, place[1]) or _ENOUGH.match(text, place[1])
    return bool(behind or _DEPICTED.search(front))
