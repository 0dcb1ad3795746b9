"""What one cell of a table says of a training, under a header or beside a label that says what its number is.

Cells that say it all themselves (`4d on 1 V100 GPU`) are read by the rules for sentences; bare numbers are in the
header's unit. What headers mean is in `rules.headers`, whose row it is in `rules.lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from extractors.documents.model import Paragraph, TableCell, compose
from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import accelerator, units
from extractors.facts.parsing import NUMBER_IN, parse_duration, parse_number
from extractors.facts.values import Name, Quantity, Value
from extractors.language import Sentence, sentences_of
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR, COUNT
from extractors.rules.durations import WALL_TIME
from extractors.rules.meanings import Meaning
from extractors.rules.paces import EPOCH_TIME, STEP_TIME
from extractors.rules.registry import HARDWARE, TIMES

PACES = (EPOCH_TIME, STEP_TIME)
_HOUR = 3600.0
_LONGEST = 2400 * _HOUR
"""Seconds beyond which a number of hours in a table is the time of all processors together."""
_FACE = re.compile(r"(?P<first>\d{1,3}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d))?")
_CELL_NUMBER = re.compile(rf"[~∼≈<>]?\s?(?P<number>{NUMBER_IN})\s?%?(?:\((?P<unit>[a-z]+)\)|[±(/×x].*)?")


@dataclass(frozen=True, slots=True)
class CellFact:
    """A fact of one cell."""

    line: int
    """The row, or the column, of one model."""
    cell: TableCell
    path: str
    value: Value
    header: TableCell | None = None
    """The cell of the header that says it, where the cell itself does not."""

    @property
    def place(self) -> TableCell:
        """Where it is printed."""
        return self.header or self.cell


def facts_in(cell: TableCell, meaning: Meaning, line: int) -> Iterator[CellFact]:
    """What a cell says: by the sentence rules if it has words, else its number in the header's unit."""
    if meaning.path in PACES:
        yield from _paced(cell, meaning, line)
        return
    spoken = list(_spoken(cell, line)) if re.search(r"[A-Za-z]", cell.text) and meaning.path != COUNT else []
    if spoken:
        yield from (_in_processors(fact) for fact in spoken) if meaning.path == DEVICE_TIME else spoken
    else:
        yield from _counted(cell, meaning, line)


def _spoken(cell: TableCell, line: int) -> Iterator[CellFact]:
    for sentence in _sentences(cell):
        for rule in (*HARDWARE, *TIMES):
            for finding in rule.read(sentence):
                yield from (CellFact(line, cell, fact.path, fact.value) for fact in finding.facts)


def said_above(cell: TableCell, header: Sequence[TableCell]) -> Iterator[CellFact]:
    """What the header over a time says of its devices: `8 GPUs`, `64 V100`."""
    for above in header:
        for sentence in _sentences(above):
            for rule in HARDWARE:
                for finding in rule.read(sentence):
                    if COUNT in finding.paths:
                        yield from (CellFact(cell.row, cell, f.path, f.value, above) for f in finding.facts)


def _paced(cell: TableCell, meaning: Meaning, line: int) -> Iterator[CellFact]:
    """The time of an epoch or a step, in the cell's unit or the header's."""
    with suppress(ParseError):
        value = parse_duration(cell.text.strip())
        yield CellFact(line, cell, meaning.path, value)
        return
    yield from _counted(cell, meaning, line)


def _sentences(cell: TableCell) -> Iterator[Sentence]:
    text, starts = compose(cell.words)
    yield from sentences_of(Paragraph("text", "body", "", cell.words, text, starts))


def _counted(cell: TableCell, meaning: Meaning, line: int) -> Iterator[CellFact]:
    """The number of a cell, and the device that the header names with it."""
    if face := _FACE.fullmatch(cell.text.strip()):
        yield from _on_a_clock(cell, face, meaning, line)
        return
    found = _CELL_NUMBER.fullmatch(cell.text.strip())
    unit = units().time(found["unit"]) if found and found["unit"] else None
    if unit and meaning.path == WALL_TIME:
        meaning = Meaning(WALL_TIME, "s", unit.factor)
    if not found or not meaning.unit or not meaning.factor:
        return
    try:
        number = parse_number(found["number"]) * meaning.factor
    except ParseError:
        return
    path = COUNT if meaning.path == ACCELERATOR else meaning.path
    fact = CellFact(line, cell, path, Quantity.exact(number, meaning.unit, cell.text))
    if not FIELDS[path].admits(fact.value) or (meaning.path == WALL_TIME and number < 60):
        return
    beyond = path == WALL_TIME and number > _LONGEST and meaning.factor == _HOUR
    yield _in_processors(fact) if beyond else fact
    part = accelerator(meaning.device) if meaning.device else None
    if part:
        yield CellFact(line, cell, ACCELERATOR, Name(part.id, meaning.device))


def _on_a_clock(cell: TableCell, face: re.Match[str], meaning: Meaning, line: int) -> Iterator[CellFact]:
    """What a clock face shows, `3:30`, whose first number is in the header's unit: hours in `hh:mm`."""
    if meaning.path == WALL_TIME and meaning.factor in (60.0, _HOUR):
        number = float(face["first"]) * meaning.factor + float(face["second"]) * meaning.factor / 60
        value = Quantity.exact(number + float(face["third"] or 0), "s", cell.text)
        if FIELDS[WALL_TIME].admits(value):
            yield CellFact(line, cell, WALL_TIME, value)


def _in_processors(fact: CellFact) -> CellFact:
    """A time as processor time, where the header says so or nobody waits so long: `5.5k` hours."""
    if fact.path != WALL_TIME or not isinstance(fact.value, Quantity):
        return fact
    return replace(fact, path=DEVICE_TIME, value=replace(fact.value, unit=FIELDS[DEVICE_TIME].units[0]))
