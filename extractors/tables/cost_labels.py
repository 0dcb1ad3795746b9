"""What a table of costs calls each of its models, where labels alone do not tell rows apart or are numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from extractors.documents.model import Table
from extractors.facts.values import Quantity
from extractors.tables.rows import Row

_NUMBER = re.compile(r"[\d.,\s]+[x×]?")
_OVER_NAMES = re.compile(
    r"\b(?:models?|methods?|names?|networks?|architectures?|backbones?|variants?)$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MAGNITUDES = {10**3: "K", 10**6: "M", 10**9: "B", 10**12: "T"}


def labels_of(
    table: Table, rows: Sequence[Row], columns: Collection[int], names: Mapping[int, str]
) -> dict[int, str]:
    """What each row is called by its number; rows of one name get what tells them apart, as `Base, width 64`.

    Args:
        table: the table.
        rows: its labelled rows.
        columns: those that hold costs.
        names: the names of rows that have one other than their label.
    """
    named: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        named.setdefault((row.group, names.get(row.index, row.label)), []).append(row)
    found = {}
    for (_, label), alike in named.items():
        column = _telling(alike, columns) if len(alike) > 1 and label else None
        heading = " ".join(table.header(column)) if column is not None else ""
        for row in alike:
            cell = row.cells[column] if column is not None else None
            found[row.index] = f"{label}, {f'{heading} {cell.text}'.strip()}" if cell else label
    return found


def is_number(label: str) -> bool:
    """Whether a label is a bare number: a size, a depth, a width or a multiple of one, and no model's name."""
    return bool(label) and _NUMBER.fullmatch(label) is not None


def name_beside(table: Table, row: Row) -> str | None:
    """What a row whose label is a number prints under a header for names."""
    cells = [cell for cell in row.cells if cell and re.search(r"[^\W\d_]", cell.text)]
    return next(
        (
            cell.text
            for cell in cells
            if any(_OVER_NAMES.search(line.strip()) for line in table.header(cell.column))
        ),
        None,
    )


def sized(family: str, parameters: Quantity) -> str:
    """The name of one size of a family, in the magnitude that the paper prints it: `Zip 7.5B`, `Zip 1008B`."""
    number = _DIGITS.search(parameters.printed)
    printed = float(number[0].replace(",", "")) if number else 0.0
    letter = _MAGNITUDES.get(round(parameters.value / printed), "") if printed else ""
    return f"{family} {printed:.6g}{letter}"


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
