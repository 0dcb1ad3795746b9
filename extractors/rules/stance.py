"""Tells what a statement about hardware or time is said of: the paper's own training, or something else.

Something else is inference and speed tests, other people's systems, what would be needed, and thanks for donated
hardware. Each is told by words; the nearest word governs. The outcome is a small sum of named points, all of which
go along as features, so that a fitted model can weigh them better than this module does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from extractors.facts.fields import Phase
from extractors.language import Sentence

ACCEPT_AT = 1.0
"""Points from which a statement is taken to be about the paper's own training."""

_TRAINING = re.compile(
    r"\b(?:pre-?)?(?:train|fine-?tun|re-?train)(?:s|ed|ing|able)?\b|\boptimi[sz](?:e[ds]?|ation|ing)\b|\bSGD\b|\bconverge\w*"
    r"|\bexperiment(?:s|ed)?\b|\blearn(?:ed|ing|s)?\b|\bsearch(?:es|ed|ing)?\b|\bbatch|\bepochs?\b|\biterations\b|\bimplement\w*",
    re.IGNORECASE,
)
_INFERENCE = re.compile(
    r"\bfps\b|\bframes?\b|\binference\b|\blatenc\w+|\btest(?:ing)?[\s-]time\b|\bat test\b|\brun-?times?\b|\breal-?time\b|\bdecod\w+"
    r"|\bdeploy\w*|\bspeeds?\b|\bspeed-?up\w*|\bmilliseconds?\b|\b\d+\s?ms\b|\binfer\w*|\bserving\b|\bprofil\w+|\bthroughput\b"
    r"|\bper (?:second|image|frame|query)\b|/\s?(?:image|img|frame|sec)|\btimings?\b|\bbenchmarked\b|\bmemory footprint\b"
    r"|\b(?:images|tokens|words|sentences|samples)\s?(?:/|per)\s?s|\bout of memory\b|\bretriev\w+|\bevaluat\w+\b",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"\[\s?\d+(?:[,\s–-]+\d+)*\s?\]|\((?:[A-Z][^()]*?\b(?:19|20)\d{2}[a-z]?)\)|\bet al\b|\b[A-Z]\w+\s\((?:19|20)\d{2}\)"
)
_OTHERS = re.compile(
    r"\b(?:previous|prior|earlier|existing|concurrent|related|original)\s(?:works?|methods?|approach\w*|systems?|state|paper|implementation)\b"
    r"|\btheirs?\b|\bthey\b(?=[^.]*\b(?:used?|train|require|report))|\bunlike\b|\bcompared (?:to|with)\b|\bin contrast to\b"
    r"|\brather than\b|\binstead of\b|\bthe authors\b|\bas opposed to\b",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\bwould\b|\bcould have\b|\bif (?:we|one|it)\b|\bestimated? to\b|\bimpossible\b|\binfeasible\b|\bcannot\b|\bhypothetical\w*"
    r"|\btypical(?:ly)? (?:gpu|modern)|\bfor example\b|\be\.g\.|\bthousands of\b|\bhundreds of\b|\bequivalent\b",
    re.IGNORECASE,
)
_DONATED = re.compile(
    r"\bdonat\w+|\bthank\w*|\backnowledg\w+|\bgenerous\w*|\bsupported by\b|\bgrants?\b|\bcourtesy\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|all (?:models|experiments|networks|architectures|runs))\b|\bthis (?:work|paper)\b|\bthe proposed\b",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|employ\w*|utili[sz]\w+|perform(?:ed|s)?|conduct(?:ed|s)?|carried out|r[au]n|on)\b",
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
_PHASES: tuple[tuple[Phase, re.Pattern[str]], ...] = (
    ("search", re.compile(r"\b(?:architecture|evolution\w*|neural|hyper-?parameter|random|policy)\s(?:architecture\s)?search|\bsearch (?:cost|time|phase|process|took|takes)|\bthe search\b|\bsearch(?:ed|ing)\b", re.IGNORECASE)),
    ("pretraining", re.compile(r"\bpre-?\s?train", re.IGNORECASE)),
    ("finetuning", re.compile(r"\bfine-?\s?tun", re.IGNORECASE)),
    ("training", re.compile(r"\btrain(?:s|ed|ing)?\b", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stance:
    """What a statement is said of, in points and in words."""

    points: float
    features: Mapping[str, float]
    reasons: tuple[str, ...]

    @property
    def is_training(self) -> bool:
        """Whether it speaks of the paper's own training."""
        return self.points >= ACCEPT_AT


def stance_of(sentence: Sentence, start: int, end: int, before: Sentence | None) -> Stance:
    """The stance of a sentence towards the words between two offsets of its paragraph.

    Args:
        sentence: the sentence.
        start: where the words begin, in the paragraph's text.
        end: where they end.
        before: the sentence before it in the same paragraph.
    """
    text, place = sentence.text, (start - sentence.start, end - sentence.start)
    near = {
        "training": _distance(_TRAINING, text, place),
        "inference": _distance(_INFERENCE, text, place),
    }
    said = {
        "training_word": near["training"] is not None,
        "inference_word": near["inference"] is not None,
        "inference_nearer": _nearer(near["inference"], near["training"]),
        "own_sentence": bool(_OWN.search(text)),
        "used": bool(_USED.search(text)),
        "cited": _governs(_CITATION, text, place),
        "other_work": bool(_OTHERS.search(text)),
        "hypothetical": bool(_HYPOTHETICAL.search(text)),
        "donated": bool(_DONATED.search(text)),
        "training_before": before is not None and bool(_TRAINING.search(before.text)),
        "training_section": bool(_TRAINING_SECTION.search(sentence.paragraph.section)),
        "other_section": bool(_OTHER_SECTION.search(sentence.paragraph.section)),
    }
    features = {name: float(value) for name, value in said.items()}
    points = sum(_POINTS[name] * value for name, value in features.items())
    reasons = tuple(_REASONS[name] for name, value in said.items() if value and name in _REASONS)
    return Stance(points, features, reasons)


_POINTS = {
    "training_word": 2.0, "inference_word": -1.0, "inference_nearer": -2.0, "own_sentence": 0.5, "used": 0.5,
    "cited": -1.5, "other_work": -1.5, "hypothetical": -2.0, "donated": -5.0, "training_before": 0.5,
    "training_section": 0.5, "other_section": -0.5,
}  # fmt: skip
_REASONS = {
    "inference_nearer": "words about inference or speed stand nearer than words about training",
    "cited": "a citation stands beside it",
    "other_work": "the sentence compares with other work",
    "hypothetical": "the sentence supposes rather than reports",
    "donated": "the sentence thanks for hardware",
}


def phase_of(sentence: Sentence, start: int, before: Sentence | None) -> tuple[Phase, str]:
    """The phase of training that the words at an offset speak of, and the word that says so."""
    texts = [(sentence.text, start - sentence.start)]
    texts += [(before.text, len(before.text))] if before else []
    texts += [(sentence.paragraph.section, 0)]
    for text, offset in texts:
        found = [
            (abs(match.start() - offset), phase, match[0])
            for phase, pattern in _PHASES
            for match in pattern.finditer(text)
        ]
        if found:
            return _strongest(found)
    return "unspecified", ""


def _strongest(found: list[tuple[int, Phase, str]]) -> tuple[Phase, str]:
    """The nearest phase; a special one wins over bare `training` in the same sentence."""
    special = [item for item in found if item[1] != "training"]
    _, phase, printed = min(special or found)
    return phase, printed


def _distance(pattern: re.Pattern[str], text: str, place: tuple[int, int]) -> int | None:
    gaps = [max(place[0] - found.end(), found.start() - place[1], 0) for found in pattern.finditer(text)]
    return min(gaps, default=None)


def _nearer(first: int | None, second: int | None) -> bool:
    return first is not None and (second is None or first < second)


def _governs(pattern: re.Pattern[str], text: str, place: tuple[int, int]) -> bool:
    """Whether a citation stands in front of the words as a subject can, or close behind them."""
    for found in pattern.finditer(text):
        if found.end() <= place[0] and (found.start() < 25 or place[0] - found.end() < 40):
            return True
        if found.start() >= place[1] and found.start() - place[1] < 25:
            return True
    return False
