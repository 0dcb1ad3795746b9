"""What another reading would change: the cells that come, change and go, summed up without keeping them all.

Pure: changes in, sums out. What the changes are is told by `db.readings.save`, in a transaction that is rolled back.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from db.cells import CellState
from db.refresh import Change
from extractors.facts.codec import value_to_json
from extractors.facts.fields import FIELDS, field_of, same_value
from extractors.facts.ids import CellKey
from extractors.facts.values import Quantity

Kind = Literal["added", "changed", "gone", "moved"]
"""moved: the same value, published where it was not, or no longer, or waiting for a person."""
KEPT = 20
"""Cells of a list that are kept to be shown; the rest are counted."""


def kind_of(change: Change) -> Kind | None:
    """What became of a cell's value; None where only its place, print or probability is another."""
    before = change.before.value if change.before else None
    after = change.after.value
    if before is None or after is None:
        return "added" if after is not None else "gone" if before is not None else None
    if not same_value(field_of(change.after.key), before, after):
        return "changed"
    return "moved" if change.before and change.before.status != change.after.status else None


def shift_of(change: Change) -> float | None:
    """By what share of itself a quantity changed; None of other values, of other units, and of zero."""
    before, after = change.before and change.before.value, change.after.value
    if not isinstance(before, Quantity) or not isinstance(after, Quantity):
        return None
    if before.unit != after.unit or not before.value:
        return None
    return after.value / before.value - 1


def is_published_otherwise(change: Change) -> bool:
    """Whether readers of a release would see another value, or none."""
    kind, before = kind_of(change), change.before
    return (
        before is not None
        and before.published
        and (kind in ("changed", "gone") or not change.after.published)
    )


def overwrites(change: Change) -> bool:
    """Whether a value that people decided would be another; never so, for a machine does not overwrite a person."""
    is_decided = change.before is not None and change.before.decided_at is not None
    return is_decided and kind_of(change) in ("added", "changed", "gone")


@dataclass(slots=True)
class OfField:
    """The changes of one field's cells."""

    counts: Counter[Kind] = field(default_factory=Counter)
    shifts: list[float] = field(default_factory=list)

    @property
    def shift(self) -> float | None:
        """The median size of a change, as a share of the value before; None where no quantity changed."""
        return statistics.median(map(abs, self.shifts)) if self.shifts else None


@dataclass(slots=True)
class Listed:
    """Some of many, and how many there are."""

    number: int = 0
    first: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """One more."""
        self.number += 1
        if len(self.first) < KEPT:
            self.first.append(change)


@dataclass(slots=True)
class Differences:
    """The changes of many papers."""

    papers: int = 0
    changed_papers: int = 0
    fields: defaultdict[str, OfField] = field(default_factory=lambda: defaultdict(OfField))
    """By path of the field."""
    newly_published: int = 0
    published: Listed = field(default_factory=Listed)
    """Published cells that would be otherwise, or not be published any more."""
    overwritten: int = 0
    """Decided values that would be others: 0, or something is wrong."""
    reopened: int = 0
    """Decided cells about which people would be asked again."""
    asked_again: list[CellKey] = field(default_factory=list)
    """The first of these."""

    def add(self, changes: Iterable[Change], reopened: Iterable[CellKey]) -> None:
        """The changes of one more paper."""
        told = [(change, kind) for change in changes if (kind := kind_of(change)) is not None]
        self.papers += 1
        self.changed_papers += bool(told)
        for change, kind in told:
            self._count(change, kind)
        for key in reopened:
            self.reopened += 1
            if len(self.asked_again) < KEPT:
                self.asked_again.append(key)

    def _count(self, change: Change, kind: Kind) -> None:
        of = self.fields[field_of(change.after.key).path]
        of.counts[kind] += 1
        shift = shift_of(change) if kind == "changed" else None
        if shift is not None:
            of.shifts.append(shift)
        self.overwritten += overwrites(change)
        if is_published_otherwise(change):
            self.published.add(change)
        elif change.after.published and not (change.before and change.before.published):
            self.newly_published += 1

    @property
    def ordered(self) -> list[tuple[str, OfField]]:
        """The fields with changes, in the order of the registry."""
        return [(path, self.fields[path]) for path in FIELDS if path in self.fields]

    def as_json(self) -> dict[str, object]:
        """The sums as plain JSON."""
        return {
            "papers": self.papers,
            "changed_papers": self.changed_papers,
            "fields": {path: {**dict(of.counts), "median_shift": of.shift} for path, of in self.ordered},
            "published_otherwise": self.published.number,
            "newly_published": self.newly_published,
            "reviewed_overwritten": self.overwritten,
            "reviewed_asked_again": self.reopened,
        }


def state_as_json(state: CellState | None) -> dict[str, object] | None:
    """A cell's state in short."""
    if state is None:
        return None
    value = value_to_json(state.value) if state.value is not None else None
    return {"value": value, "status": state.status, "probability": state.probability}


def change_as_json(change: Change) -> dict[str, object]:
    """A change as plain JSON."""
    return {
        "cell": str(change.after.key),
        "kind": kind_of(change),
        "before": state_as_json(change.before),
        "after": state_as_json(change.after),
    }
