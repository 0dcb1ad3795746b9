"""What each column, or row, of a table says of trainings: by its own header, by its neighbours, or by what the caption announces.

What a header means by itself is in `rules.headers`.
"""

from __future__ import annotations

import re

from extractors.documents.model import Table
from extractors.facts.parsing import DURATION_IN
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.headers import devices_of, meaning_of
from extractors.rules.meanings import Meaning
from extractors.rules.time_headers import time_in
from extractors.tables.citations import says_cited

_SPEED = re.compile(
    r"\bfps\b|\bms\b|latenc|inference|\bspeed\b|throughput|images?/s|img/s|/\s?sec", re.IGNORECASE
)
"""Headers of tables whose devices are those that speed was measured on, where no training time stands beside it."""
_ANNOUNCED = re.compile(
    r"\b(?:training|search|train|learning)[\s-]times?\b(?:[^.;]*?(?:\bin |\()(?P<unit>seconds|minutes|mins?|hours|hrs?|h|days)\b)?",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"acc|err|map\b|\bap\b|bleu|f1|param|flop|size|top|score|%|loss|ppl|perpl|speed|epoch|step|batch|pus?\b|mem|rate|year|test"
    r"|inference|latenc|fps|image|depth|layer|dim|quality|capacity|update|length|#",
    re.IGNORECASE,
)


def column_meanings(table: Table) -> dict[int, Meaning]:
    """What each column holds that says something of training, by its number."""
    width = max((len(row) for row in table.rows), default=0)
    found = {column: _of_column(table, column) for column in range(1, width)}
    found[0] = _of_labels(table)
    if not any(meaning and meaning.path in (WALL_TIME, DEVICE_TIME) for meaning in found.values()):
        found |= {column: _by_caption(table, column) for column in range(1, width) if not found[column]}
    if any(meaning and meaning.path in (WALL_TIME, DEVICE_TIME) for meaning in found.values()):
        found |= {column: _hardware(table, column) for column in range(1, width) if not found[column]}
    elif any(_SPEED.search(" ".join(table.header(column))) for column in range(1, width)):
        found = {
            column: meaning for column, meaning in found.items() if meaning and meaning.path != ACCELERATOR
        }
    return {column: meaning for column, meaning in found.items() if meaning}


def row_meanings(table: Table) -> dict[int, Meaning]:
    """What each row of a table that lies on its side holds, by the label at its left."""
    labels = {index: row[0].text for index, row in enumerate(table.rows) if row and row[0]}
    labels = {index: label for index, label in labels.items() if not says_cited(label)}
    found = {index: meaning for index, label in labels.items() if (meaning := meaning_of(label, table))}
    if any(meaning.path in (WALL_TIME, DEVICE_TIME) for meaning in found.values()):
        found |= {
            index: meaning
            for index, label in labels.items()
            if index not in found and (meaning := devices_of(label))
        }
    return found


def _of_column(table: Table, column: int) -> Meaning | None:
    header = " ".join(table.header(column))
    return meaning_of(header, table) if re.search(r"[A-Za-z]", header) else _by_caption(table, column)


def _of_labels(table: Table) -> Meaning | None:
    """Numbers of devices where other tables have the names of models: `#GPUs | Time`."""
    meaning = _of_column(table, 0)
    return meaning if meaning and meaning.path == COUNT else None


def _hardware(table: Table, column: int) -> Meaning | None:
    """A column of devices beside one of training times; without such a one nothing says what they are used for."""
    return devices_of(" ".join(table.header(column)))


def _by_caption(table: Table, column: int) -> Meaning | None:
    """A column that no header explains holds what the caption announces: durations, or numbers in its unit."""
    announced = _ANNOUNCED.search(table.caption.text) if table.caption else None
    if announced is None or _MEASURE.search(" ".join(table.header(column))):
        return None
    cells = [cell.text for row in table.body() if (cell := row[column])]
    timed = sum(bool(re.search(DURATION_IN, text)) for text in cells)
    if timed * 2 > len(cells):
        return Meaning(WALL_TIME)
    return time_in(WALL_TIME, announced["unit"]) if announced["unit"] else None
