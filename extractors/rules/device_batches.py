"""Reads a device's share of a batch: `2 images per GPU`, `a per-device batch size of 16`, `batch size 32 on each worker`.

The batch over all devices is read in `rules.batches`. Where a run says how many devices it had, the total follows
from the share, unless gradients of several steps are added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from extractors.facts.errors import ParseError
from extractors.facts.ontology import units
from extractors.facts.parsing import NOUN_IN, NUMBER_IN, parse_count
from extractors.facts.records import Candidate
from extractors.facts.values import Quantity
from extractors.language import Sentence
from extractors.rules.batches import BATCH_SIZE
from extractors.rules.devices import COUNT
from extractors.rules.findings import Finding

DEVICE_BATCH = "run.device_batch_size"

_NUMBER = rf"(?<![\w.,/^-])(?P<number>{NUMBER_IN})"
_DEVICE = r"(?P<device>GPU|device|worker|card|replica|core|TPU|chip|accelerator|[VAHP]100)s?\b"
_EACH = (
    rf"(?:per|/|on each|on every|for each|in each|to each|on one|on a single)\s?(?:single\s|TPU\s)?{_DEVICE}"
)
_NOUN = rf"(?:[\w-]+\s){{0,2}}?(?P<noun>{NOUN_IN}|RoIs?)\b"
_IS = r"(?:(?:of|is|was|to|=|:|were|set|fixed|equal|size|with|at|about)\s?)*"
_SHARES = (
    re.compile(rf"{_NUMBER}\s{_NOUN}\s?(?:\([^)]*\)\s)?{_EACH}", re.IGNORECASE),
    re.compile(rf"batch(?:es|[\s-]?sizes?)?\s{_IS}{_NUMBER}(?:\s{_NOUN})?,?\s?{_EACH}", re.IGNORECASE),
    re.compile(rf"\bper[\s-](?:GPU|device|worker|core|card|TPU|chip)\s(?:mini-?|micro-?)?batch(?:es|[\s-]?sizes?)?\s{_IS}{_NUMBER}(?:\s{_NOUN})?", re.IGNORECASE),
    re.compile(rf"\beach\s(?:single\s)?{_DEVICE}\s(?:hold\w*|process\w*|tak\w+|handl\w+|ha[sd]|with|us\w+|receiv\w+|see\w*)\s(?:a\s)?(?:(?:mini-?)?batch(?:es)?\s(?:size\s)?(?:of\s)?)?{_NUMBER}\s{_NOUN}", re.IGNORECASE),
    re.compile(rf"\bbatch\b[^.;]{{0,60}}?\((?:i\.e\.,?\s)?{_NUMBER}(?:\s{_NOUN})?\s?{_EACH}", re.IGNORECASE),
)  # fmt: skip
_DEVICES = ("gpu", "device", "worker", "card", "replica", "core", "tpu", "chip", "accelerator", "100")
_NAMES_DEVICE = re.compile(_DEVICE, re.IGNORECASE)
_NOT_TRAINING = re.compile(r"\b(?:inference|decod\w+|serving|latency|test(?:ing)? time)\b", re.IGNORECASE)
_SPEED = re.compile(r"\s?(?:per|/|a|each)\s?s(?:ec)?\b|\s?per second", re.IGNORECASE)
_ADDED_UP = re.compile(r"\baccumulat\w+", re.IGNORECASE)
_MOST = 1e7


class DeviceBatchSize:
    """Reads the batch of one device: `16 images per GPU`, `a batch size of 32 per core`."""

    name: ClassVar[str] = "resources.device-batch-size"
    example: ClassVar[str] = "Each step sees 16 images per GPU."

    def read(self, sentence: Sentence) -> Iterator[Finding]:
        """One finding for each share of a batch."""
        text, seen = sentence.text, set[int]()
        if not sentence.has(*_DEVICES) or not _NAMES_DEVICE.search(text) or _NOT_TRAINING.search(text):
            return
        for pattern in _SHARES:
            for found in pattern.finditer(text):
                value = _share(found)
                if (
                    value is not None
                    and found.start("number") not in seen
                    and not _SPEED.match(text, found.end())
                ):
                    seen.add(found.start("number"))
                    yield Finding.of(
                        self.name,
                        sentence,
                        DEVICE_BATCH,
                        value,
                        (found.start("number"), found.end()),
                        of_a_step=1.0,
                    )


def total_batch(candidates: Sequence[Candidate], texts: Sequence[str]) -> Candidate | None:
    """The batch over all devices of a run that gives a device's share and how many devices, but no total.

    Args:
        candidates: the facts of one run.
        texts: the sentences they stand in; accumulated gradients make the total something else.
    """
    found = {candidate.path: candidate for candidate in reversed(candidates)}
    share, count = found.get(DEVICE_BATCH), found.get(COUNT)
    if share is None or count is None or BATCH_SIZE in found or any(map(_ADDED_UP.search, texts)):
        return None
    if (
        not isinstance(share.value, Quantity)
        or not isinstance(count.value, Quantity)
        or count.value.unit == "nodes"
    ):
        return None
    total = Quantity.exact(share.value.value * count.value.value, share.value.unit, share.value.printed)
    return replace(share, path=BATCH_SIZE, value=total, features={**share.features, "multiplied": 1.0})


def _share(found: re.Match[str]) -> Quantity | None:
    unit = units().data_unit(found["noun"]) if found["noun"] else "examples"
    if unit not in ("examples", "tokens"):
        return None
    with suppress(ParseError):
        value = parse_count(found["number"], unit)
        return replace(value, printed=found[0].strip()) if 0 < value.value <= _MOST else None
    return None
