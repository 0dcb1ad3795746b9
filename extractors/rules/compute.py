"""Reads the total operations of a training, where a paper prints them: `3.1e23 FLOPs`, `2 petaflop/s-days`.

Operations of one forward pass are the business of `rules.operations`: what tells them apart is the word for training
beside them, and their size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import COMPUTE_IN, NUMBER_IN, parse_compute, parse_number
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding

COMPUTE = "run.compute"

_COMPUTE = re.compile(rf"(?<![\w.,^]){COMPUTE_IN}")
_PLAIN = (
    re.compile(
        rf"(?<![\w.,^])(?P<count>{NUMBER_IN})\s(?:(?:(?:pre-?)?training|total)\s(?:FLOPs?|operations)|operations)\b(?!\s?/)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:training|total) (?:FLOPs?|operations|compute)\s?(?:\(FLOPs?\)\s?)?(?::|=|≈|~|is|are|of|was|were)\s?(?:about\s|roughly\s)?"
        rf"(?P<count>{NUMBER_IN})(?![\w%])",
        re.IGNORECASE,
    ),
)
"""The same with a word between number and unit, or the number behind."""
_CLAUSE = re.compile(r"[,;:]\s")
_TRAINING = re.compile(
    r"\b(?:pre-?train\w*|train\w*|fine-?tun\w*|total compute|compute budget|search cost)\b", re.IGNORECASE
)
_OF_ALL = re.compile(r"flops?(?:\s?/\s?s(?:ec)?)?[\s-]*days?\b", re.IGNORECASE)
"""Units in which nothing but a whole training is counted: `petaflop/s-days`."""
_RATE_DAYS = re.compile(r"[tpe]fs?\W{0,3}s?\W{0,2}days?\b")
"""The same in short: `PF-days`, `EF/s-days`."""
_PASS = re.compile(
    r"\b(?:inference|forward|per (?:image|token|example|sample|sequence)|test time|each (?:image|token))\b",
    re.IGNORECASE,
)
_LEAST = 1e15
"""FLOP below which no training of a deep network ends; passes are smaller."""


class TrainingCompute:
    """Reads total training operations: `training used 3.1e23 FLOPs`, `about 150 petaflop/s-days of compute`."""

    name: ClassVar[str] = "training.compute"
    example: ClassVar[str] = "Training took 3.1e23 FLOPs."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each amount of operations that a training can have."""
        text = sentence.text
        if not (
            sentence.has("flop", "operations", "g compute", "l compute")
            or _RATE_DAYS.search(sentence.lowered)
        ):
            return
        if not (_TRAINING.search(text) or _OF_ALL.search(text)):
            return
        end = 0
        for start, stop, value in sorted(_amounts(text), key=itemgetter(0)):
            if start >= end and value.value >= _LEAST and not _PASS.search(_clause(text, start, stop)):
                end = stop
                fact = Fact(COMPUTE, value, sentence.start + start, sentence.start + stop)
                yield Finding(self.name, (fact,))


def _amounts(text: str) -> Iterator[tuple[int, int, Quantity]]:
    """The amounts of operations in a text, with where they begin and end."""
    for found in _COMPUTE.finditer(text):
        with suppress(ParseError):
            yield *found.span(), parse_compute(found[0])
    for pattern in _PLAIN:
        for found in pattern.finditer(text):
            with suppress(ParseError):
                yield *found.span(), Quantity.exact(parse_number(found["count"]), "FLOP", found[0])


def _clause(text: str, start: int, end: int) -> str:
    """The words around a place up to the next commas."""
    before = [mark.end() for mark in _CLAUSE.finditer(text, 0, start)]
    behind = _CLAUSE.search(text, end)
    return text[before[-1] if before else 0 : behind.start() if behind else len(text)]
