"""Tells devices from units and properties that are named after them: `450 GPU days`, `32 images per GPU`, `GPU memory`."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from extractors.rules.devices import Devices
from extractors.rules.patterns import Matches

_NOT_ONE = frozenset(
    ["each", "every", "per", "multi", "/", "no", "modern", "most", "current", "today", "purpose", "recent"]
)
"""In front of a bare `GPU` they say that no GPU of the authors' is meant: `per GPU`, `multi-GPU`, `most GPUs`."""


def is_only_a_unit(tokens: Doc, devices: Devices, matches: Matches) -> bool:
    """Whether a device is part of a unit, a property or a kind, and not one that somebody used."""
    named = devices.named
    if _goes_on(devices, matches["time"]) or (named.generic and _goes_on(devices, matches["property"])):
        return True
    front = tokens[max(0, devices.start - 1) : devices.start].text.lower()
    return named.generic and devices.count is None and front in _NOT_ONE


def _goes_on(devices: Devices, matches: Sequence[tuple[int, int]]) -> bool:
    """Whether a pattern begins in the name and ends behind it."""
    return any(devices.named.start <= start < devices.named.end < end for start, end in matches)
