"""A paper as it was read, in outline: its models, runs and results, and where each value stands."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from extractors.facts.ids import CellKey, EntityId, EntityKind
from extractors.facts.records import Proposal
from extractors.facts.values import Name, Quantity

TEXT = ""
"""The place of what no table says."""

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Said:
    """What the rest of the paper says about a value."""

    features: Mapping[str, float]
    """By names without their prefix; counts are logarithms, shares lie between 0 and 1."""
    doubts: tuple[str, ...] = ()
    """In words, one short sentence each."""


Surroundings = dict[CellKey, Said]
"""By the cells of facts."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A model, a run or a result with its proposals by field."""

    id: EntityId
    cells: Mapping[str, Proposal]

    def name(self, field: str) -> str:
        """The id of a name; empty where the paper does not say."""
        value = self.cells[field].value if field in self.cells else None
        return value.id if isinstance(value, Name) else ""

    def number(self, field: str) -> float:
        """A number in the field's unit; 0 where the paper does not say."""
        value = self.cells[field].value if field in self.cells else None
        return value.value if isinstance(value, Quantity) else 0.0

    def printed(self, field: str) -> str:
        """A value as printed; empty where the paper does not say."""
        value = self.cells[field].value if field in self.cells else None
        return value.printed if isinstance(value, Name | Quantity) else ""

    def place(self, field: str) -> str:
        """The table that a value is cited from, or the text; only of fields that there are."""
        item = self.cells[field]
        if not item.features.get("in_table"):
            return TEXT
        return item.evidence.anchor or f"page {item.evidence.page}"

    def feature(self, field: str, name: str) -> float:
        """What a rule saw of a value; 0 where it saw nothing."""
        return self.cells[field].features.get(name, 0.0)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a paper was read to say; the order of the subjects means nothing."""

    models: Sequence[Subject]
    runs: Sequence[Subject]
    results: Sequence[Subject]
    """Those that have a score."""


def outline_of(proposals: Sequence[Proposal]) -> Outline:
    """The outline of the paper whose proposals these are."""
    cells: defaultdict[EntityId, dict[str, Proposal]] = defaultdict(dict)
    for item in proposals:
        cells[item.cell.entity][item.cell.field] = item

    def subjects(kind: EntityKind) -> list[Subject]:
        return [Subject(id, said) for id, said in cells.items() if id.kind == kind]

    results = [one for one in subjects("result") if "score" in one.cells]
    return Outline(subjects("model"), subjects("run"), results)


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Items by what they share."""
    groups: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def amount(count: int) -> float:
    """A count on a scale on which each doubling weighs about the same: 0 for none, 4 for fifty."""
    return math.log1p(count)


def share(said: Sequence[bool]) -> float:
    """How much of something is true; of something that is not empty."""
    return sum(said) / len(said)
