"""How long people look at an item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from db.agreement.places import places_of
from db.events import Adjudicated, Decision, Entry, Flagged, Skipped
from extractors.facts.fields import field_of

BREAK_SECONDS = 600.0
"""A longer look counts as this long in items per hour: somebody had gone for coffee. Reading a paper as a whole takes what it takes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long items of a place took one person, or everybody."""

    person: str | None
    """None: everybody."""
    place: str
    """`all`, a family or a field's path."""
    items: int
    """Decided, and timed."""
    lower_quartile: float
    """Seconds."""
    median: float
    """Seconds."""
    upper_quartile: float
    """Seconds."""
    per_hour: float | None
    """Items decided in an hour of looking, items that were skipped or flagged included in the hour; None if it took no time."""


def pace(entries: Iterable[Entry]) -> tuple[Pace, ...]:
    """How long people took, of entries that hold; those without a time are left out."""
    decided: defaultdict[tuple[str | None, str], list[float]] = defaultdict(list)
    spent: defaultdict[tuple[str | None, str], float] = defaultdict(float)
    for entry in entries:
        said, seconds = entry.envelope, entry.envelope.seconds
        if said.cell is None or seconds is None or not 0 <= seconds < float("inf"):
            continue
        field = field_of(said.cell)
        work = seconds if field.use == "whole" else min(seconds, BREAK_SECONDS)
        for key in ((person, place) for person in (None, said.actor) for place in places_of(field)):
            if isinstance(entry.event, Decision | Adjudicated):
                decided[key].append(seconds)
            if isinstance(entry.event, Decision | Adjudicated | Skipped | Flagged):
                spent[key] += work
    return tuple(_pace(*key, seconds, spent[key]) for key, seconds in decided.items())


def _pace(person: str | None, place: str, seconds: list[float], spent: float) -> Pace:
    low, middle, high = (float(found) for found in np.quantile(seconds, [0.25, 0.5, 0.75]))
    rate = len(seconds) / spent * 3600 if spent > 0 else None
    return Pace(person, place, len(seconds), low, middle, high, rate)
