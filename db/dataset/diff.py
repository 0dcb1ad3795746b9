"""What changed since the last release, cell by cell, and the version that follows from it.

Versions count as programs do: a changed schema is a major step, rows that came or went a minor one, corrected cells
a patch; 0.1.0 is the first. A cell is compared by a hash of what it publishes (`published` keeps only changes), so
that nothing of an old release is needed but the database.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from db.dataset.rows import Dataset
from db.dataset.schema import EVIDENCE
from extractors.facts.errors import UsageError
from extractors.facts.ids import CellKey, EntityId

_COMPARED = ("table_name", "column_name", "value", "low", "high", "unit")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A semantic version."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a version as `str` wrote it.

        Raises:
            UsageError: the text is not a version.
        """
        if not re.fullmatch(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", text):
            raise UsageError(f"{text!r} is not a version", remedy="Write it as 1.2.3")
        return cls(*map(int, text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


FIRST = Version(0, 1, 0)


@dataclass(frozen=True, slots=True)
class Diff:
    """What is otherwise than in the release before."""

    added: tuple[CellKey, ...]
    removed: tuple[CellKey, ...]
    changed: tuple[CellKey, ...]
    rows: bool
    """Whether rows came or went."""
    schema: bool
    """Whether the columns are other ones."""

    def follows(self, last: Version) -> Version:
        """The version of a release that has these differences from the last one."""
        if self.schema:
            return Version(last.major + 1, 0, 0)
        if self.rows:
            return Version(last.major, last.minor + 1, 0)
        return Version(last.major, last.minor, last.patch + 1)


def hashes(dataset: Dataset) -> dict[CellKey, str]:
    """A hash of what each cell publishes; print, place and probability do not count."""
    return {
        CellKey.parse(str(row["cell"])): _hash([row[name] for name in _COMPARED])
        for row in dataset.tables[EVIDENCE.name]
    }


def difference(before: Mapping[CellKey, str], after: Mapping[CellKey, str], *, schema: bool) -> Diff:
    """The difference between two releases by the hashes of their cells.

    Args:
        before: cells of the last release.
        after: cells of the next.
        schema: whether the columns are other ones.
    """
    return Diff(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(key for key in after.keys() & before.keys() if before[key] != after[key])),
        rows=_entities(before) != _entities(after),
        schema=schema,
    )


def _entities(cells: Iterable[CellKey]) -> set[EntityId]:
    return {key.entity for key in cells}


def _hash(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
