"""Reads slices of TPU pods, which say their size by name or by shape: `TPUv3-512`, `a v4-128 pod`, `a 4x4x4 TPU v4 slice`.

What a name counts is up to the generation: cores until v4, chips from v5e on. A shape counts chips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import ClassVar

from spacy.tokens import Doc, Span

from extractors.facts.ontology import Accelerator, accelerator
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.rules.count_patterns import TIMES
from extractors.rules.devices import ACCELERATOR, COUNT, whole
from extractors.rules.findings import Fact, Finding
from extractors.rules.numbers import is_plain
from extractors.rules.slice_patterns import SLICES

_MAY_NAME = ("tpu", "v2-", "v3-", "v4-", "v5e-", "v5p-", "v6e-", "v5litepod-")
_VERSION = re.compile(r"v\d(?:[ep]|litepod)?", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![vV\d])\d+")
"""In the print of a slice, all numbers but that of the generation."""
_GOES_ON = frozenset(
    [
        "pod",
        "pods",
        "slice",
        "slices",
        "machine",
        "machines",
        "vm",
        "vms",
        "for",
        "in",
        "with",
        "and",
        "or",
        "to",
    ]
)
"""Behind `v4-128` they say that it is a slice."""
_USING = frozenset({"on", "using"})
_EIGHTS = 8
"""Cores of a bare name come in eights: `v4-12` is something else."""
_TIMES = ("hour", "day", "week")


@dataclass(frozen=True, slots=True)
class Slice:
    """Slices that a text names."""

    part: Accelerator
    count: Quantity
    """Cores or chips of all of them."""
    name: Span
    first: int
    """Where their number stands, or their name where there is one slice; a token's index in the sentence."""


class SliceCount:
    """Reads a TPU slice by its name or shape: `TPUv3-512`, `two v3-32 Cloud TPU Pods`, `an 8x8 TPU v4 slice`."""

    name: ClassVar[str] = "training.tpu-slice"
    example: ClassVar[str] = "All models were trained on a TPUv3-512."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each slice; several slices of one size count together."""
        for found in slices_in(sentence):
            name, first = found.name, sentence.tokens[found.first].idx
            start, end = sentence.start + name.start_char, sentence.start + name.end_char
            yield Finding(
                self.name,
                (
                    Fact(ACCELERATOR, Name(found.part.id, name.text), start, end),
                    Fact(COUNT, found.count, sentence.start + first, end),
                ),
            )


def slices_in(sentence: Sentence) -> tuple[Slice, ...]:
    """The slices that a sentence names, in order."""
    if not (sentence.has(*_MAY_NAME) and _VERSION.search(sentence.text)):
        return ()
    tokens, found = sentence.tokens, list[Slice]()
    matches = SLICES.find(tokens)
    ranked = sorted((start, -end, label) for label, places in matches.items() for start, end in places)
    taken = 0
    for start, end, label in ranked:
        known = label != "bare" or _is_alone(tokens, start, -end) or bool(found)
        one = _slice(tokens[start:-end], shaped=label == "shaped") if start >= taken and known else None
        if one:
            taken = -end
            found.append(one)
    return tuple(found)


def _is_alone(tokens: Doc, start: int, end: int) -> bool:
    """Whether a bare name is one of a slice by what stands around it: `on a v4-128 for`, `two v4-128 pods`."""
    if start == 0 or int(tokens[end - 1].text) % _EIGHTS:
        return False
    front, behind = tokens[start - 1], tokens[end : end + 1]
    goes_on = not behind.text or behind[0].is_punct or behind[0].lower_ in _GOES_ON
    return goes_on and (bool(front.like_num) or front.lower_ in _USING)


def _slice(name: Span, *, shaped: bool) -> Slice | None:
    version = _VERSION.search(name.text)
    part = accelerator(f"TPU {version[0]}") if version else None
    if part is None:
        return None
    unit = "chips" if shaped or part.cores_per_chip == 1 else "cores"
    size = prod(int(number) for number in _NUMBER.findall(name.text))
    first, several = _several(name)
    count = Quantity.exact(float(size * several), unit, name.doc[first : name.end].text)
    return Slice(part, count, name, first)


def _several(name: Span) -> tuple[int, int]:
    """Where the number in front of a name stands, and what it is: `four TPU v3-32 slices`."""
    tokens, front = name.doc, name.start - 1
    if front > 0 and tokens[front].lower_ in TIMES:
        front -= 1
    number = whole(tokens[front].text, "devices") if front >= 0 and is_plain(tokens[front]) else None
    timed = tokens[name.end : name.end + 2].text.lstrip("- ").lower().startswith(_TIMES)
    if number is None or number.value == 1 or timed:
        return name.start, 1
    return front, int(number.value)
