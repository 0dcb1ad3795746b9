"""What a table of costs calls each of its models, where labels alone do not tell rows apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extractors.documents.model import Table
from extractors.tables.rows import Row


def labels_of(table: Table, rows: Sequence[Row], columns: Collection[int]) -> dict[int, str]:
    """The label of each row by its number; rows of one label get what tells them apart, as `Base, width 64`.

    Args:
        table: the table.
        rows: its labelled rows.
        columns: those that hold costs.
    """
    named: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        named.setdefault((row.group, row.label), []).append(row)
    found = {}
    for (_, label), alike in named.items():
        column = _telling(alike, columns) if len(alike) > 1 and label else None
        heading = " ".join(table.header(column)) if column is not None else ""
        for row in alike:
            cell = row.cells[column] if column is not None else None
            found[row.index] = f"{label}, {f'{heading} {cell.text}'.strip()}" if cell else label
    return found


def _telling(alike: Sequence[Row], columns: Collection[int]) -> int | None:
    """The first column in front of the costs whose cells differ among rows of one label, if their costs do."""
    first = min(columns)
    if len({text_in(row, column) for row in alike for column in columns}) <= len(columns):
        return None
    texts = ({text_in(row, column) for row in alike} for column in range(first))
    return next((column for column, found in enumerate(texts) if len(found) == len(alike)), None)


def text_in(row: Row, column: int) -> str:
    """What a row prints in a column, or nothing."""
    cell = row.cells[column]
    return cell.text if cell else ""
