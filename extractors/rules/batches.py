"""Reads the batch size of a training: `a mini-batch size of 256`, `batches of 4,096 tokens`, `64 images per batch`.

It is the batch over all devices; a device's share of it is read in `rules.device_batches`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.parsing import NUMBER_IN, parse_count
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.findings import Finding

BATCH_SIZE = "run.batch_size"

_NUMBER = rf"(?<![\w.,^-])(?P<number>{NUMBER_IN})"
_SIZE = r"(?:mini-?\s?)?batch(?:es|[\s-]?sizes?)?"
_IS = r"(?:(?:of|is|was|to|=|were|are|set|fixed|total|size|equal|with|at|a|about|:)\s?)*"
_DATA = r"(?:\s(?:images|samples|examples|sequences|sentences|pairs|utterances))?"
_BATCHES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # a mini-batch size of 256; batches of 4,096 tokens
        rf"{_SIZE}\s{_IS}(?:size\s(?:of\s)?)?(?P<number>{NUMBER_IN})(?P<tokens>\s(?:\w+\s)?tokens)?",
        # 64 images per batch
        rf"{_NUMBER}(?P<tokens>\stokens)?{_DATA}\s(?:per|in (?:a|each|every))\s(?:mini-?)?batch\b",
    )
)
_PER_DEVICE = re.compile(
    r"\s?(?:\w+\s)?(?:per|/|on each|on every|for each)\s?(?:gpu|device|worker|card|replica|core|tpu|machine)",
    re.IGNORECASE,
)


class BatchSize:
    """Reads the batch size: `a mini-batch size of 256`, `batches of 4,096 tokens`; not a device's share of it."""

    name: ClassVar[str] = "training.batch-size"
    example: ClassVar[str] = "We use a mini-batch size of 256."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each batch size."""
        for pattern in _BATCHES if sentence.has("batch") else ():
            for found in pattern.finditer(sentence.text):
                value = _value(found)
                if value is not None and not _PER_DEVICE.match(sentence.text, found.end()):
                    yield Finding.of(self.name, sentence, BATCH_SIZE, value, found.span())


def _value(found: re.Match[str]) -> Quantity | None:
    with suppress(ParseError):
        value = parse_count(found["number"], "tokens" if found["tokens"] else "examples")
        return value if value.value >= 1 else None
    return None
