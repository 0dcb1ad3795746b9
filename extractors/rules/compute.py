"""Reads the total operations of a training, where a paper prints them: `3.1e23 FLOPs`, `2 petaflop/s-days`.

Operations of one forward pass are the business of `rules.operations`: what tells them apart is the word for training
beside them, and their size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import COMPUTE_IN, parse_compute
from extractors.language import Sentence
from extractors.rules.findings import Fact, Finding

COMPUTE = "run.compute"

_COMPUTE = re.compile(rf"(?<![\w.,^]){COMPUTE_IN}")
_TRAINING = re.compile(
    r"\b(?:pre-?train\w*|train\w*|fine-?tun\w*|total compute|compute budget|search cost)\b", re.IGNORECASE
)
_PASS = re.compile(
    r"\b(?:inference|forward|per (?:image|token|example|sample|sequence)|test time|each (?:image|token))\b",
    re.IGNORECASE,
)
_LEAST = 1e15
"""FLOP below which no training of a deep network ends; passes are smaller."""


class TrainingCompute:
    """Reads total training operations: `training used 3.1e23 FLOPs`, `about 150 petaflop/s-days of compute`."""

    name: ClassVar[str] = "training.compute"

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each amount of operations that a training can have."""
        text = sentence.text
        if not _TRAINING.search(text) or _PASS.search(text):
            return
        for found in _COMPUTE.finditer(text):
            try:
                value = parse_compute(found[0])
            except ParseError:
                continue
            if value.value >= _LEAST:
                start, end = sentence.start + found.start(), sentence.start + found.end()
                yield Finding(self.name, (Fact(COMPUTE, value, start, end),))
