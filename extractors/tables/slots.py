"""The numbers of a result table, each with the header above it and the model beside it, whichever way it is turned.

Most tables have models in rows and metrics in columns; some have models in columns, with a metric or a data set in
each row. Here both become one form, so that nothing after this asks how a table was turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.documents.model import Table, TableCell
from extractors.facts.benchmarks import Direction
from extractors.mentions import UNTRACKED, benchmark_hits, metric_hits
from extractors.tables.marks import is_switch
from extractors.tables.meaning import header_metrics
from extractors.tables.numbers import Printed, scores_in
from extractors.tables.rows import Row

_TURNED_SHARE = 0.3
"""Models stand in columns if more than this share of the row labels say what is measured."""
_OF_BOXES = re.compile(r"m?AP\s?b(?:b|ox)?(?:\s?\d\d)?")
_OF_MASKS = re.compile(r"^m?AP\s?m(?=(?:\s?\d\d)?$)")
"""Average precision of boxes and of masks by a letter each: `AP` with a raised `b` or `m`."""

_FEW = 2
"""Rows at most under the values of a setting; more rows are models, and a header of numbers one that was read amiss."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of numbers with what is said of it."""

    cell: TableCell
    numbers: tuple[Printed, ...]
    header: tuple[str, ...]
    """What it measures: the lines of the header, top down."""
    label: str
    """The model as printed."""
    group: str
    """The heading of the label's group."""
    notes: str
    """All else that is said of the model, the label included."""
    line: int
    """Cells of one line measure the same."""
    stub: str = ""
    """What stands over the labels, where some tables name the benchmark."""
    turned: bool = False
    """Whether the model stands in the header."""


def slots_of(table: Table, rows: Sequence[Row]) -> tuple[Slot, ...]:
    """The cells of a table, with its labelled rows, that hold scores."""
    columns = table.number_columns()
    turned = is_turned(table, rows, columns)
    slots = tuple(_slots(table, rows, columns, turned=turned))
    beside_boxes = any(_OF_BOXES.fullmatch(line) for slot in slots for line in slot.header)
    return tuple(map(_with_masks, slots)) if beside_boxes else slots


def _with_masks(slot: Slot) -> Slot:
    """A cell under a letter for masks with the word: alone it may be that of objects of medium size."""
    return replace(slot, header=tuple(_OF_MASKS.sub("mask AP", line) for line in slot.header))


def is_turned(table: Table, rows: Sequence[Row], columns: Sequence[int]) -> bool:
    """Whether models stand in columns: no header says what is measured, and the rows' labels do."""
    lines = [line for column in columns for line in table.header(column)]
    if any(_says_measure(line) for line in lines):
        return False
    measuring = [row for row in rows if _measures(row.label)]
    return any(lines) and len(measuring) > _TURNED_SHARE * len(rows)


def _says_measure(line: str) -> bool:
    """Whether a header speaks of metrics or data, other than in a model's name: `Model-Large`, `Ours-JFT`."""
    hits = (*metric_hits(line), *benchmark_hits(line))
    return any(line[hit.start - 1 : hit.start] != "-" for hit in hits)


def _measures(text: str) -> bool:
    metrics = {id for hit in metric_hits(text) for id in hit.ids} - {UNTRACKED}
    return bool(metrics or benchmark_hits(text))


def _slots(table: Table, rows: Sequence[Row], columns: Sequence[int], *, turned: bool) -> Iterator[Slot]:
    below: dict[int, list[str]] = {}
    goes_on = False
    beside = [column for column in range(min(columns, default=0)) if not is_switch(table, column)]
    stub = " ".join(line for column in beside for line in table.header(column))
    headers = {column: _header(table, column, below) for column in columns}
    studied = stub if not turned and _is_study(table, rows, columns) else ""
    for row in rows:
        if _is_header(row, columns):
            below = below if goes_on else {}
            for column in columns:
                below[column] = [*below.get(column, []), *_over(row, column)]
            headers = {column: _header(table, column, below) for column in columns}
            stub, goes_on = row.label or stub, True
            continue
        goes_on = False
        for column in columns:
            cell = row.cells[column]
            numbers = scores_in(cell.text) if cell else ()
            if cell is None or not numbers:
                continue
            header = (studied,) if studied else headers[column]
            if turned:
                name = " ".join(header)
                measured = tuple(text for text in (row.group, row.notes) if text)
                yield Slot(cell, numbers, measured, name, "", name, row.index, turned=True)
            else:
                yield Slot(cell, numbers, header, row.label, row.group, row.notes, column, stub)


def _over(row: Row, column: int) -> list[str]:
    """The text of a row that stands in a column or spans it."""
    return [
        cell.text for cell in row.cells if cell and cell.column <= column < cell.column + cell.column_span
    ]


def _header(table: Table, column: int, below: Mapping[int, Sequence[str]]) -> tuple[str, ...]:
    """The header's lines over a column; numbers among them are rows that were taken for a header."""
    lines = (*table.header(column), *below.get(column, ()))
    return tuple(line for line in lines if not scores_in(line) or _measures(line))


def _is_study(table: Table, rows: Sequence[Row], columns: Sequence[int]) -> bool:
    """Whether the few rows of a table are measured at the values of a setting, which rise or fall over the columns."""
    settings = [
        number.value for column in columns for line in table.header(column) for number in scores_in(line)
    ]
    lines = [line for column in columns for line in table.header(column)]
    ordered = settings in (sorted(settings), sorted(settings, reverse=True))
    return (
        len(rows) <= _FEW
        and len(columns) > 2
        and len(set(settings)) == len(lines) == len(columns)
        and ordered
    )


def _is_header(row: Row, columns: Sequence[int]) -> bool:
    """Whether a row below the header is one more line of it, for the rows that follow."""
    texts = [cell.text for column in columns if (cell := row.cells[column])]
    return any(_measures(text) for text in texts) and not any(scores_in(text) for text in texts)


def names_metric(slots: Sequence[Slot]) -> bool:
    """Whether any header of a table says which metric stands under it."""
    headers = {slot.header for slot in slots}
    return any(set(header_metrics(header)) - {UNTRACKED} for header in headers)


def order_of(slots: Sequence[Slot]) -> Direction | None:
    """Which scores are better, by top-1 and top-5 of the same rows: accuracy rises with more guesses, error falls.

    None where a table has no such pair, or its rows do not agree.
    """
    firsts = {slot.cell.row: slot for slot in reversed(slots) if _guesses(slot) == "top1"}
    rises = {
        five.numbers[0].value > firsts[five.cell.row].numbers[0].value
        for five in slots
        if five.cell.row in firsts and _guesses(five) == "top5" and _beside(firsts[five.cell.row], five)
    }
    return ("higher" if rises == {True} else "lower") if len(rises) == 1 else None


def _guesses(slot: Slot) -> str:
    """`top1` or `top5` where a cell's header says that, and nothing else, is measured."""
    found = {id.partition("_")[0] for id in header_metrics(slot.header)} & {"top1", "top5"}
    return found.pop() if len(slot.numbers) == 1 and len(found) == 1 else ""


def _beside(first: Slot, five: Slot) -> bool:
    return five.cell.column == first.cell.column + 1
