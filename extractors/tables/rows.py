"""A table's rows with their names: which columns hold text, which row belongs to which group.

Tables of results name models at the left, sometimes over several columns and sometimes once for several rows; rows
with a single text are headings of the group below. What columns mean is in `extractors.tables.meaning`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.documents.model import Table, TableCell
from extractors.tables.numbers import is_absent, scores_in

Cells = tuple[TableCell | None, ...]

_NUMERIC = re.compile(r"[~<>≤≥±+\-\u2212]?\s*\d[\d.,]*\s*(?:[KMBGTkx×%]|ms|hrs?|h|s|days?)?\b.{0,12}")
_STUB_SHARE = 0.5
"""A column is one of numbers if at least this share of its filled cells are."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header."""

    index: int
    """Its place in `Table.rows`."""
    label: str
    """What stands at its left, a name spanning several rows included."""
    group: str
    """The heading row above it, or empty."""
    notes: str
    """All its cells that are text, the label included."""
    cells: Cells


def number_columns(table: Table) -> tuple[int, ...]:
    """The columns whose cells below the header are mostly numbers."""
    width = len(table.rows[0]) if table.rows else 0
    return tuple(column for column in range(width) if _is_numeric(table, column))


def _is_numeric(table: Table, column: int) -> bool:
    texts = [cell.text for row in table.body() if (cell := row[column])]
    filled = [text for text in texts if not is_absent(text)]
    numbers = [text for text in filled if scores_in(text) or _NUMERIC.fullmatch(text)]
    return bool(filled) and len(numbers) >= _STUB_SHARE * len(filled)


def labelled_rows(table: Table) -> tuple[Row, ...]:
    """The rows that hold values, each with its label, group and texts."""
    numeric = number_columns(table)
    stub = list(range(numeric[0] if numeric else 0)) or [0]
    return tuple(_labelled(table, stub, frozenset(numeric)))


def _labelled(table: Table, stub: Sequence[int], numeric: frozenset[int]) -> Iterator[Row]:
    group, carried = "", ""
    for index, row in enumerate(table.rows[table.header_rows :], table.header_rows):
        texts = [cell.text for cell in row if cell]
        if not texts:
            continue
        if _is_heading(row):
            group, carried = texts[0], ""
            continue
        names = [cell.text for column in stub if (cell := row[column])]
        first = row[stub[0]]
        if first is None and carried:
            names = [carried, *names]
        elif first is not None:
            carried = first.text
        notes = " ".join(cell.text for cell in row if cell and cell.column not in numeric)
        yield Row(index, _name(names), group, f"{carried} {notes}" if first is None else notes, row)


def _is_heading(row: Cells) -> bool:
    """Whether a row is the heading of a group: text alone, in one cell."""
    filled = [cell for cell in row if cell]
    return len(filled) == 1 and not scores_in(filled[0].text) and not is_absent(filled[0].text)


def _name(names: Sequence[str]) -> str:
    return " ".join(name for name in names[:2] if not is_absent(name)).strip()
