"""Strips of columns that each have models of their own: two lists side by side, or one row measured in several ways.

Wide tables print a list in two halves, `Model | Params | Model | Params`, and tables of comparisons repeat a cost under
each method, `Original: GFLOPs | With gates: GFLOPs`. Here it is told which columns belong together, and what names them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extractors.documents.model import Table
from extractors.tables.cost_headers import Cost, path_of

Columns = Mapping[int, tuple[Cost, ...]]


@dataclass(frozen=True, slots=True)
class Strip:
    """Columns of costs that are of the same models."""

    columns: Columns
    start: int = 0
    """The column that names its rows; 0 for the labels of the table."""
    title: str = ""
    """The header that stands over it and not over the like beside it."""


def strips_of(table: Table, columns: Columns) -> tuple[Strip, ...]:
    """The strips of a table that has columns of costs, from left to right."""
    starts = _starts(table, columns)
    found = list[Strip]()
    for start, end in zip(starts, [*starts[1:], len(table.rows[0])], strict=True):
        inside = {column: costs for column, costs in columns.items() if start <= column < end}
        found += _titled(table, inside, start)
    return tuple(found)


def _starts(table: Table, columns: Columns) -> list[int]:
    """The first column, and those whose header is the first one's again, with costs behind them."""
    name = _named(table, 0)
    again = [
        column
        for column in range(1, len(table.rows[0]))
        if name and column not in columns and _named(table, column) == name
    ]
    return [0, *(column for column in again if any(behind > column for behind in columns))]


def _named(table: Table, column: int) -> tuple[str, ...]:
    """The header cells that begin at a column."""
    return tuple(cell.text.lower() for row in table.rows[: table.header_rows] if (cell := row[column]))


def _titled(table: Table, columns: Columns, start: int) -> Iterator[Strip]:
    """One strip, or one for each title where costs of one kind stand under several."""
    titles = {column: _title(table, column) for column in columns}
    told = Counter(path for path, _ in {(costs[0].path, titles[c]) for c, costs in columns.items()})
    if max(told.values(), default=0) < 2:
        yield Strip(columns, start)
        return
    for title in dict.fromkeys(titles.values()):
        yield Strip({c: costs for c, costs in columns.items() if titles[c] == title}, start, title)


def _title(table: Table, column: int) -> str:
    """The lines of a header above the one that names the cost."""
    lines = table.header(column)
    naming = [index for index, line in enumerate(lines) if path_of(line)]
    return " ".join(lines[: naming[-1]]) if naming else ""
