"""Finds the names of machines that stand for the accelerators in them (`DGX-1`, `p3.16xlarge`); what is in them is data."""

from __future__ import annotations

from functools import cache

from extractors.facts.systems import systems
from extractors.language import Wording
from extractors.phrases import Hit, Phrases

_DEVICES = ("gpu", "card")
"""Behind a machine's name they say that its accelerators are meant: `DGX A100 GPUs`."""


def machines_in(wording: Wording) -> tuple[Hit, ...]:
    """The machines that a text names, with the ids of their systems; `DGX A100 GPUs` are GPUs, not machines."""
    if not wording.has(*_starts()):
        return ()
    lowered = wording.lowered
    return tuple(
        hit
        for hit in _names().find(wording.text)
        if not lowered[hit.end :].removeprefix(" ").startswith(_DEVICES)
    )


@cache
def _names() -> Phrases:
    return Phrases.of([(system.id, system.names) for system in systems()])


@cache
def _starts() -> frozenset[str]:
    """How the names of machines begin: most sentences have none of these."""
    return frozenset(name[:3].lower() for system in systems() for name in system.names)
