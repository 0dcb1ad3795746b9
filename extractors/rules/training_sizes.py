"""Reads how much a training was shown: `1.28 million training images`, `trained on 300B tokens`, `960 hours of speech`.

Validation and test sets, batches, sequence lengths and what is seen per step are no training set. The name of the set
goes along where it stands beside the size; names alone are read in `rules.training_sets`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.ontology import units
from extractors.facts.parsing import NOUN_IN, NUMBER_IN, parse_span
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.phrases import Hit
from extractors.rules.findings import Fact, Finding
from extractors.rules.training_sets import AGAINST, TRAIN_IN, TRAINS, data_sets_in, named

TRAINING_SET_SIZE = "run.training_set_size"

_NUMBER = rf"(?<![\w.,^/=-])(?P<number>{NUMBER_IN})"
_ABOUT = r"(?:(?:a|an|the|all|about|over|around|approximately|approx\.|roughly|nearly|almost|only|just|total|of|some|entire|T\s?=|more|than)\s|[~∼≈]\s?)*"
_KIND = r"(?:(?!(?:and|or|for|of|in|per|from|with|to|by|are|is|was|tokens?|words?)\b)[\w/×’'-]+\s){0,3}?"
_NOUN = rf"(?P<noun>(?i:{NOUN_IN}))\b(?P<pairs>\spairs?\b)?"
_SET = r"(?:set|data(?:\s?set)?|split|corpus|subset|partition|collection|portion)"
_HAS = r"(?:has|have|contain(?:s|ing)|consist(?:s|ing)? of|compris(?:es|ing)(?: of)?|includ(?:es|ing)|with|of|is|are|has size|totals|size of|[:=(])\s?"
_OF_DATA = (
    re.compile(
        rf"{_NUMBER}[\s-]{_KIND}[‘“'\"]?(?:pre-?)?train(?:ing|val)?[’”'\"]?\s{_KIND}{_NOUN}", re.IGNORECASE
    ),
    re.compile(rf"{_NUMBER}[\s-](?:for\s)?training(?:\s(?:and|/)|,)\s[^.;()]{{0,50}}?{_NOUN}", re.IGNORECASE),
    re.compile(
        rf"{_NUMBER}[\s-]{_KIND}{_NOUN}(?:\s\([^()]*\))?\)?,?\s(?:(?:are|were|is)\s)?(?:used\s|available\s|selected\s|adopted\s)?"
        rf"(?:for|as|to|in|on)\s(?:the\s|our\s)?(?:{TRAIN_IN})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{TRAIN_IN}|train\w+)['’]?\s(?:\w+\s)?{_SET}\s(?:\w+\s)?{_HAS}{_ABOUT}{_NUMBER}[\s-]{_KIND}{_NOUN}",
        re.IGNORECASE,
    ),
)
"""Sizes told of the data, whose citation is not that of somebody's training."""
_OF_RUNS = (
    re.compile(
        rf"\b(?:{TRAIN_IN})\s(?:(?!and\b)[\w’'-]+\s){{0,4}}?(?:on|using|with|over|for|to)\s(?:at\sleast\s)?{_ABOUT}{_NUMBER}[\s-]{_KIND}{_NOUN}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{TRAIN_IN})\b[^.;]{{0,60}}?\b(?:(?i:(?:data ?|sub)?set|split|corpus)|[A-Z][\w-]+)\s\({_ABOUT}{_NUMBER}[\s-]{_KIND}{_NOUN}\b[^()]*\)"
    ),
    re.compile(
        rf"\b(?:data ?set|corpus)\s(?:of|with|containing|comprising)\s{_ABOUT}{_NUMBER}[\s-]{_KIND}{_NOUN}",
        re.IGNORECASE,
    ),
    re.compile(rf"{_NUMBER}[\s-]{_NOUN}[\s-](?:corpus|data ?set)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:{TRAIN_IN})\b[^.;]{{0,25}},\swe use\s{_ABOUT}{_NUMBER}[\s-]{_KIND}{_NOUN}", re.IGNORECASE
    ),
)
"""Sizes told of what was trained."""
_HOURS = re.compile(
    rf"{_NUMBER}[\s-]?(?:hours?|hrs?|h)(?:\s(?:worth\s)?(?:of\s)?|-){_KIND}(?:speech|audio|videos?|data|recordings?|footage|music|LibriSpeech|corpus"
    r"|training (?:set|data))\b",
    re.IGNORECASE,
)
_OTHER_PART = re.compile(
    r"\b(?:validat\w+|test(?:ing)?|evaluat\w+|dev(?:elopment)?|held[\s-]?out|unseen|minival)\b", re.IGNORECASE
)
_SHARE_BEHIND = re.compile(
    r"\)?\s?(?:per|/|in (?:a|each|every)|for each|each)\s?(?:mini-?batch|batch|gpu|device|second|s\b|step|iteration|image|class|epoch|category|worker|update|language)"
    r"|\s?(?:seconds?|later|ago|earlier)\b",
    re.IGNORECASE,
)
_SHARE_BEFORE = re.compile(
    r"\b(?:batch(?:es)?(?:\ssizes?)?(?:\sof|\swith|\sis)?|after|every|each|first|next|last|another|additional|extra|up to|maximum(?: of)?|lengths?(?: of)?"
    r"|contexts?(?: of)?|windows? of|crops? of|blocks of|segments? of|chunks of|than|with only|even with)\s(?:\w+\s)?$|\(or\s?[~∼≈]?\s?$|steps\s\(\s?[~∼≈]?\s?$",
    re.IGNORECASE,
)
_COUNTED, _HOUR = re.compile(r"\d|hundred"), re.compile(r"hour|hr|\d[\s-]?h\b")
"""What of a sentence in small letters may be a number of training data, and hours of it."""
_LEAST = {"examples": 100.0, "tokens": 1e6, "words": 1e5, "s": 3600.0}
"""Sizes below these are batches, lengths and single cases."""
_OF = re.compile(r"\s(?:of|from|in)\s(?:the\s)?", re.IGNORECASE)
_REACH = 80
"""Characters in front of a size within which the name of its data set stands."""


class TrainingSetSize:
    """Reads how large the training set is: `trained on 118k images`, `a training set of 36M sentence pairs`, `960 hours of speech`."""

    name: ClassVar[str] = "resources.training-set-size"
    example: ClassVar[str] = "There are 1.28 million training images."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each size, with the name of the data set where it stands in front or behind."""
        text = sentence.text
        if not (sentence.has("train", "tun") and TRAINS.search(text)):
            return
        sizes = sorted(_sizes(sentence), key=lambda size: (size.start, size.end))
        known, end = data_sets_in(text) if sizes else [], 0
        for size in sizes:
            if size.start < end or _is_share(text, size.start, size.end):
                continue
            end = size.end
            facts = [Fact(TRAINING_SET_SIZE, size.value, sentence.start + size.start, sentence.start + end)]
            facts += [named(sentence, hit) for hit in _nearest(text, known, size.start, end)]
            yield Finding(self.name, tuple(facts), {"of_data": float(size.of_data)})


@dataclass(frozen=True, slots=True)
class _Size:
    """An amount of data and where it is printed."""

    start: int
    end: int
    value: Quantity
    of_data: bool


def _sizes(sentence: Sentence) -> Iterator[_Size]:
    """The amounts of data that a sentence says are trained on."""
    text, counts = sentence.text, _COUNTED.search(sentence.lowered) and sentence.has(*_nouns())
    for pattern in (*_OF_DATA, *_OF_RUNS) if counts else ():
        for found in pattern.finditer(text):
            unit = units().data_unit(found["noun"])
            end = found.end("pairs" if found["pairs"] else "noun")
            yield from _amount(text, found, end, (unit, 1.0), of_data=pattern in _OF_DATA)
    for found in _HOURS.finditer(text) if _HOUR.search(sentence.lowered) else ():
        yield from _amount(text, found, found.end(), ("s", 3600.0), of_data=False)


def _amount(
    text: str, found: re.Match[str], end: int, measure: tuple[str | None, float], *, of_data: bool
) -> Iterator[_Size]:
    unit, factor = measure
    start = found.start("number")
    said = text[found.start() : start] + _before_training(text[start:end])
    if unit is None or _OTHER_PART.search(said):
        return
    with suppress(ParseError):
        low, high = (number * factor for number in parse_span(found["number"]))
        value = Quantity((low + high) / 2, low, high, unit, text[start:end])
        if value.value >= _LEAST[unit]:
            yield _Size(start, end, value, of_data)


def _before_training(between: str) -> str:
    """The words of an amount up to the word for training: `20K training, 2K test images` are 20K of training."""
    found = TRAINS.search(between)
    return between[: found.start()] if found else between


def _is_share(text: str, start: int, end: int) -> bool:
    return bool(_SHARE_BEHIND.match(text, end) or _SHARE_BEFORE.search(text[max(0, start - 40) : start]))


def _nearest(text: str, named: Sequence[Hit], start: int, end: int) -> list[Hit]:
    """The data set whose size stands at a place: `5k images of X` right behind, else the last in front."""
    front = [
        hit for hit in named if start - _REACH <= hit.end <= start and not AGAINST.search(text, 0, hit.start)
    ]
    behind = [hit for hit in named if _OF.fullmatch(text[end : hit.start])]
    return behind[:1] or front[-1:]


@cache
def _nouns() -> tuple[str, ...]:
    """What data is counted in, as the words begin in any of their forms."""
    return tuple(noun.lower().removesuffix("y") for nouns in units().data.values() for noun in nouns)
