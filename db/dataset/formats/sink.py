"""What takes the rows of a release as they come, and how a cell is written as text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from db.dataset.part import Part
from db.dataset.schema import TABLES, ColumnType, Row, Scalar


class Sink(Protocol):
    """Writes one kind of file. Parts come in the order of papers, what no single paper says comes last."""

    def add(self, part: Part) -> None:
        """Take the next part."""

    def end(self) -> None:
        """Make the files complete: no more parts come."""

    def close(self) -> None:
        """Let go of the files, complete or not."""


def text(cell: Scalar) -> str:
    """A cell as text: nothing for a missing one, `true` and `false`, times in UTC with a Z."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    return str(cell)


def places_of(types: Collection[ColumnType]) -> dict[str, tuple[int, ...]]:
    """Where each table has columns of these types, by its name."""
    return {
        table.name: tuple(place for place, column in enumerate(table.columns) if column.type in types)
        for table in TABLES
    }


def with_texts(rows: Iterable[Row], places: Sequence[int]) -> Iterator[list[Scalar]]:
    """The cells of rows, those in some places as text."""
    for row in rows:
        cells = list(row.values())
        for place in places:
            if (cell := cells[place]) is not None:
                cells[place] = text(cell)
        yield cells
