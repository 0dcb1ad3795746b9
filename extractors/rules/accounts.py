"""Whether a sentence belongs to an account of what others did: related work, an introduction, or a whole survey.

There a training is somebody else's unless the authors say that it is theirs, also where nobody is cited beside it: `OldNet has
540 billion parameters and was trained on 512 chips`. Cues of single sentences are in `ontology/cues.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.documents.model import Document
from extractors.language import Sentence
from extractors.ownership import Ownership, is_benchmark, may_be_model, says_cited
from extractors.rules.models import NAMED, NO_MODEL

_RELATED = re.compile(r"\b(?:related|background|previous|prior)\b", re.IGNORECASE)
_OF_OURS = re.compile(r"\b(?:experiment\w*|set-?up|methods?|our|approach)\b", re.IGNORECASE)
"""What such a title says where the section is on the paper's own work as well: `Background and experimental set-up`."""
_OPENING = re.compile(r"\bintroduction\b|^main$", re.IGNORECASE)
"""Titles of first sections, in which a paper speaks of itself too; `Main` is that of letters."""
_COMPARING = re.compile(
    r"\b(?:discussions?|limitations?|conclusions?|outlook|perspectives?|(?:broader|societal|environmental) impacts?|ethic\w*|carbon|footprint)\b",
    re.IGNORECASE,
)
"""Titles of last sections, which set the paper beside others."""
_NUMBERED = re.compile(r"(?P<of>\d+|[IVX]+)(?:\.(?P<part>[\dA-Z]+))?\b")
"""The number of a section: `2`, `2.1`, `II.B`."""
_US = re.compile(
    r"\b(?:we|us|ours?|this (?:work|paper|study|report|article)|here|the present (?:work|paper|study))\b",
    re.IGNORECASE,
)
_SURVEYING = re.compile(
    r"\b(?:[Ww]e|[Tt]his (?:paper|article|survey|report|work|study)) (?:\w+ )?(?:surveys?|reviews?|overviews?)\b(?! process)"
    r"|\b[Tt]his (?:survey|review|overview)\b|\b(?:[Ss]urvey|[Rr]eview|[Oo]verview) (?:paper|article)\b"
    r"|\b[Ww]e (?:collect|compile|gather|review|analy[sz]e|read|examine) (?:\w+ ){0,5}\d[\d,]* (?:\w+ )?(?:papers|publications|articles|studies)\b"
)
"""What an abstract says that tells of others' work."""
_SURVEY_TITLE = re.compile(
    r"\b(?:an? (?:[\w-]+ ){0,3}(?:survey|review|overview)|(?:survey|overview) (?:of|on)|position paper)\b|:\s(?:survey|review|overview)\b",
    re.IGNORECASE,
)
_WE_TRAIN = re.compile(
    r"\b[Ww]e (?:\w+ly |also |then |have |first |re-?)?(?:(?:pre|re)-?)?(?:train(?:ed)?|fine-?tuned?|run|ran|used?)\b"
    r"|\b[Oo]ur (?:own )?(?:\w+ )?(?:experiments?|models?|(?:pre-?)?training|runs?|implementation)\b",
)
_OWN_PART = re.compile(r"\b(?:experiment\w*|set-?up|implementation|(?:training|experimental) details)\b", re.IGNORECASE)  # fmt: skip
"""Titles of sections of a survey in which authors tell what they tried themselves."""
_GOES_ON = re.compile(
    r"(?:(?:pre-?|re-?)?training )?(?:it|they|them|its|their|this|these|both|each|the (?:former|latter|first|second|largest))\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on with what the one before it is about."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where a paper tells of what others did."""

    ownership: Ownership
    related: frozenset[str] = frozenset()
    """Titles of sections on others' work, with those of their parts."""
    is_survey: bool = False
    """Whether all of it is about others' work."""

    def may_be_before(self, sentence: Sentence) -> bool:
        """Whether the section of a sentence may tell of what came before."""
        section = sentence.paragraph.section
        if sentence.paragraph.kind == "caption":
            return False
        return section in self.related or bool(_OPENING.search(section))

    def may_compare(self, sentence: Sentence) -> bool:
        """Whether the section of a sentence sets the paper, whose own models are known, beside others."""
        compares = bool(self.ownership.headline and _COMPARING.search(sentence.paragraph.section))
        return compares and not _US.search(sentence.text)

    def tells(self, sentence: Sentence, place: int, *, goes_on: bool) -> bool:
        """Whether what stands at an offset of the paragraph is told of others.

        Args:
            sentence: the sentence it stands in.
            place: where it begins.
            goes_on: whether the sentence before it speaks of others (`speaks_of_others`).
        """
        if not self.may_be_before(sentence):
            return False
        front, offset = sentence.text, place - sentence.start
        clause = front[front.rfind(";", 0, offset) + 1 :].partition(";")[0]
        if self._is_ours(clause):
            return False
        return sentence.paragraph.section in self.related or self._names_others(front[:offset]) or (
            goes_on and bool(_GOES_ON.match(front))
        )  # fmt: skip

    def speaks_of_others(self, sentence: Sentence, *, goes_on: bool) -> bool:
        """Whether a sentence of such a section speaks of others and not of us, so that the next may go on with them."""
        if not self.may_be_before(sentence) or self._is_ours(sentence.text):
            return False
        return self._names_others(sentence.text) or (goes_on and bool(_GOES_ON.match(sentence.text)))

    def surveys(self, sentence: Sentence) -> bool:
        """Whether a sentence is of a survey, and not of what its authors trained for it."""
        own_part = _OWN_PART.search(sentence.paragraph.section)
        return self.is_survey and not own_part and not _WE_TRAIN.search(sentence.text)

    def _is_ours(self, text: str) -> bool:
        return bool(_US.search(text)) or self.ownership.names_own(text)

    def _names_others(self, text: str) -> bool:
        return says_cited(text) or any(
            looks_named(found["name"]) and not is_benchmark(found["name"]) and not NO_MODEL.match(found["name"])
            for found in NAMED.finditer(text)
        )  # fmt: skip


def looks_named(word: str) -> bool:
    """Whether a word is a name by its letters: `ZipNet`, `Zip-2`, not `Models` or `CNNs`."""
    return any(c.isupper() or c.isdigit() for c in word[1:]) and may_be_model(word)


def accounts_of(document: Document, ownership: Ownership) -> Accounts:
    """Where a paper tells of what others did, found once."""
    titles = dict.fromkeys(paragraph.section for paragraph in document.paragraphs)
    return Accounts(ownership, frozenset(_related(titles)), is_survey(document))


def _related(titles: Iterable[str]) -> Iterable[str]:
    """The titles that speak of others' work, and those of the parts of such sections: `2.1` of `2 Related work`."""
    above = ""
    for title in titles:
        number = _NUMBERED.match(title)
        if _RELATED.search(title) and not _OF_OURS.search(title):
            above = number["of"] if number and not number["part"] else above
            yield title
        elif number and number["part"] and number["of"] == above:
            yield title


def is_survey(document: Document) -> bool:
    """Whether title or abstract say that a paper tells of others' work: `A Survey of`, `we review`, `we collect what 160 papers say`."""
    said = " ".join(paragraph.text for paragraph in document.paragraphs if paragraph.region == "abstract")
    return bool(_SURVEY_TITLE.search(document.title) or _SURVEYING.search(said))
