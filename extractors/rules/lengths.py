"""Reads how long a training ran in its own terms: `trained for 90 epochs`, `500k iterations`, `100 and 300 epochs`.

Steps, iterations and updates are the same. A number of them may be something else, such as a point of the schedule;
the words around tell, in `rules.schedule_points`. The batch size is read in `rules.batches`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_count
from extractors.language import Sentence
from extractors.rules.findings import Finding
from extractors.rules.heard import Heard
from extractors.rules.schedule_points import is_length

EPOCHS, STEPS = "run.epochs", "run.steps"

_WORDS = ("epoch", "cycles", "passes", "sweeps", "steps", "iterations", "iters", "updates", "batches")
_LEAST = {EPOCHS: 1.0, STEPS: 100.0}
_ITEM = r"\d+(?:\.\d+)?[kKM]?"
_OF = r"(?:\s\([A-Za-z][^()]{0,25}\))?"
_NUMBERS = (
    rf"(?<![\w.,^/+−-])(?<!\+\s)(?:(?P<items>{_ITEM}{_OF}(?:(?:,\s|\s?/\s?){_ITEM}{_OF})*(?:\s?/\s?|,?\s(?:and|&)\s|,\s(?!\d{{3}}\b)){_ITEM}{_OF})"
    rf"|(?P<number>{NUMBER_IN}))"
)
"""One number or a list: `300`, `50 and 100`, `300/600`, `300 (images) and 90 (video)`; of a sum, `50 + 10`, none."""
_PASSES = (
    r"(?:full\s|complete\s)?(?:cycles|passes|sweeps)\s(?:through|over|of)\s(?:\w+\s){0,3}(?:training|data)\b"
)
_KIND = r"(?:training|gradient|optimi[sz]ation|optimizer|parameter|weight|sgd|total|mini-?batch)"
_UNITS = {
    EPOCHS: rf"(?:(?P<kind>[a-z-]+\s)?epoch(?:e?s)?\b|{_PASSES})",
    STEPS: rf"(?P<kind>(?:{_KIND}\s)*)(?:steps|iterations|iters|updates|mini-?batches)\b",
}
_LENGTHS = {path: re.compile(rf"{_NUMBERS}[\s-]{unit}", re.IGNORECASE) for path, unit in _UNITS.items()}
_SET = re.compile(
    rf"(?:\b(?:number of\s(?:\w+\s)?|(?:total|maximum|max\.?|overall)\s(?:training\s)?)(?P<what>epochs?|steps|iterations|updates)\s(?:number\s|count\s)?"
    rf"(?:(?:is|was|are|were)\s)?(?:(?:set|fixed|equal)\s)?(?:to|at|as|=)?\s?"
    rf"|(?<!at\s)(?<!after\s)\b(?P<named>epochs|steps|iterations)\s?[=:]\s?)(?P<number>{NUMBER_IN})(?![\w%])",
    re.IGNORECASE,
)
"""The number behind: `the number of epochs is set to 50`, `epochs: 30`."""
_SHARING = re.compile(
    r"\b(?:for|takes?|took|needs?|requires?|lasts?|lasted|runs?|ran|performs?)\s(?:(?:about|around|approximately|both|either)\s)?$",
    re.IGNORECASE,
)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
"""In front of a list, or anywhere, these say that all its numbers are lengths: not so in `a batch size of 64 and 30 epochs`."""
_GOES_ON = re.compile(r"\W*(?:for\s(?:[\w-]+\s){1,4})?(?:and|,)\s", re.IGNORECASE)
"""Between two numbers of which the second goes on with what the first is: `at 4 epochs for A and 5 epochs for B`."""
_AGAIN = re.compile(
    rf"\bfor\s(?P<number>\d{{1,3}}(?:,\d{{3}})+|{_ITEM})(?=[.;)]|,(?!\d)|\sand\b|$)", re.IGNORECASE
)
"""Another length behind one, whose unit goes without saying: `the base model for 100 epochs and the large one for 300`."""
_OR = re.compile(rf"(?<![\w.,]){_ITEM},?\sor\s$")
_CHOICE = re.compile(rf"\}}|\s?(?:,\s?(?:or\s)?|\sor\s|/)\s?{_ITEM}\b")
"""In front of a number, or behind it: others that were tried as well."""
_OTHER_KIND = re.compile(
    r"(?:warm-?up|burn-in|cool-?down|local|inner|more|fewer|less|extra|additional|later|last|first|consecutive|decay)\s",
    re.IGNORECASE,
)
"""Epochs of another kind than those a run is long."""
_ARTICLE = re.compile(r"an?", re.IGNORECASE)
"""`an epoch` is a word, not a number."""


class RunLength:
    """Reads epochs and steps: `trained for 90 epochs`, `500k iterations`, `for one million updates`."""

    name: ClassVar[str] = "training.run-length"
    example: ClassVar[str] = "The model was trained for 90 epochs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each length that is a whole run's."""
        if not sentence.has(*_WORDS):
            return
        for length in _lengths(sentence):
            with suppress(ParseError):
                value = parse_count(length.printed, length.path.removeprefix("run."))
                if value.value >= _LEAST[length.path]:
                    place = length.start, length.end
                    yield Finding.of(self.name, sentence, length.path, value, place)


@dataclass(frozen=True, slots=True)
class _Length:
    """Where a length is printed."""

    path: str
    printed: str
    start: int
    end: int


def _lengths(sentence: Sentence) -> Iterator[_Length]:
    """The lengths that a sentence tells of whole runs."""
    text, heard = sentence.text, Heard(sentence)
    for path, pattern in _LENGTHS.items():
        told, point = list[_Length](), 0
        for found in pattern.finditer(text):
            goes_on = point and _GOES_ON.fullmatch(text, point, found.start())
            lasts = not goes_on and is_length(heard, found.span())
            point = 0 if lasts else found.end()
            if lasts and not _is_something_else(text, found):
                told += _told(text, path, found)
        yield from told
        yield from _again(told[-1], text) if told else ()
    for found in _SET.finditer(text):
        if not _CHOICE.match(text, found.end()):
            path = EPOCHS if (found["what"] or found["named"]).lower().startswith("epoch") else STEPS
            yield _Length(path, found["number"], *found.span())


def _told(text: str, path: str, found: re.Match[str]) -> Iterator[_Length]:
    """The length of a match, or each of a list that shares its unit."""
    if not found["items"]:
        yield _Length(path, found["number"], *found.span())
        return
    items = list(
        re.finditer(
            rf"(?<![\w(.-]){_ITEM}(?![\w)-])",
            re.sub(r"\([^()]*\)", lambda aside: " " * len(aside[0]), found["items"]),
        )
    )
    shared = (
        "/" in found["items"]
        or "(" in found["items"]
        or _RESPECTIVELY.search(text)
        or _SHARING.search(text, 0, found.start())
    )
    for item in items if shared else items[-1:]:
        yield _Length(path, item[0], found.start("items") + item.start(), found.end())


def _again(told: _Length, text: str) -> Iterator[_Length]:
    """The lengths behind the last one that go without their unit."""
    for found in _AGAIN.finditer(text, told.end):
        yield _Length(told.path, found["number"], found.start("number"), found.end())


def _is_something_else(text: str, found: re.Match[str]) -> bool:
    """Whether the number or its unit says that it is no length: `an epoch`, `10 warm-up epochs`, `2 or 3 epochs`."""
    is_article = found["number"] is not None and _ARTICLE.fullmatch(found["number"])
    return bool(is_article or _OTHER_KIND.match(found["kind"] or "") or _OR.search(text, 0, found.start()))
