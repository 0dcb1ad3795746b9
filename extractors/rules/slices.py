"""Reads slices of TPU pods, whose names say their size: `TPUv3-512`, `a v3-32 Cloud TPU Pod`.

What a name counts is up to the generation: cores until v4, chips from v5e on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractors.facts.ontology import Accelerator, accelerator
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.findings import Fact, Finding

_SLICE = re.compile(
    r"(?P<name>TPU[\s-]?v\d[ep]?|(?<![\w-])v\d[ep]?(?=[-–]\d+\s(?:(?:Google|Cloud)\s)*TPU))[-‐–](?P<size>\d{1,4})\b"
    r"(?:\s(?:(?:Google|Cloud)\s)*TPU(?:\s?v\d)?)?",
    re.IGNORECASE,
)


class SliceCount:
    """Reads a TPU slice by its name: `TPUv3-512`, `a v3-32 Cloud TPU Pod`; the number is cores (chips from v5e on)."""

    name: ClassVar[str] = "training.tpu-slice"
    example: ClassVar[str] = "All models were trained on a TPUv3-512."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each slice."""
        for found in slices_in(sentence):
            part = _part(found["name"])
            if part is None:
                continue
            start, end = sentence.start + found.start(), sentence.start + found.end()
            unit = "cores" if part.cores_per_chip > 1 else "chips"
            count = Quantity.exact(float(found["size"]), unit, found[0])
            yield Finding(
                self.name,
                (Fact(ACCELERATOR, Name(part.id, found[0]), start, end), Fact(COUNT, count, start, end)),
            )


def slices_in(sentence: Sentence) -> Iterator[re.Match[str]]:
    """The names of slices in a sentence, with groups `name` and `size`."""
    return _SLICE.finditer(sentence.text) if sentence.has("tpu") else iter(())


def _part(printed: str) -> Accelerator | None:
    return accelerator("TPU " + re.sub(r"(?i)tpu[\s-]?", "", printed))
