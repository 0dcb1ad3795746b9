"""Training facts in tables: columns, or rows, that give hardware, times, processor times, total compute and resources.

What a number is, its column's header or its row's label says (`Training time (h)`, `GPU days`, `#GPUs`); what it is
said of, the other one. Cells that say it all themselves (`4d on 1 V100 GPU`) are read by the rules for sentences.
Times of inference, of single steps and of cited systems are left out. Scores and model costs are in `extractors.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extractors.context import Context
from extractors.documents.model import Paragraph, Table, TableCell, compose
from extractors.drafts import Dismissal, Draft
from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import GENERIC, accelerator, units
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity, Value
from extractors.language import Sentence, sentences_of
from extractors.rules.compute import COMPUTE
from extractors.rules.counts import ACCELERATOR, COUNT
from extractors.rules.durations import DEVICE_TIME, WALL_TIME
from extractors.rules.findings import Finding
from extractors.rules.headers import Meaning, column_meanings, meaning_of
from extractors.rules.models import names_model
from extractors.rules.registry import HARDWARE, TIMES
from extractors.rules.resource_headers import TELLING
from extractors.rules.stance import phase_in
from extractors.tables.owners import Verdict, habits_of, judge, key, says_cited
from extractors.tables.rows import labelled_rows

RULE = "training.table-cell"
_CLOCKS = (WALL_TIME, DEVICE_TIME)
_TIMED = (*_CLOCKS, COMPUTE)
_TELLING = (*_TIMED, *TELLING)
"""What only a training has."""
_Lines = Mapping[int, tuple[str, str, str]]
"""Label, heading and texts of a row or column."""

_HOUR = 3600.0
_LONGEST = 2400 * _HOUR
"""Seconds beyond which a number of hours in a table is the time of all processors together."""
_COMPARED = re.compile(r"\bcompar|\bversus\b|\bvs\b|\bagainst\b", re.IGNORECASE)
_CELL_NUMBER = re.compile(rf"[~∼≈<>]?\s?(?P<number>{NUMBER_IN})\s?%?(?:\((?P<unit>[a-z]+)\)|[±(/×x].*)?")


@dataclass(frozen=True, slots=True)
class _Read:
    """A fact of one cell; `line` is the row or column of one model."""

    line: int
    cell: TableCell
    path: str
    value: Value


def table_drafts(context: Context) -> Iterator[Draft]:
    """Drafts of the training runs that tables state, one for each model and time."""
    for line in _lines(context):
        if line.own:
            shared = list(_caption_hardware(line.table)) if line.timed else []
            for run in _runs(line.facts):
                yield _draft(line.table, context, run, shared, (line.label, line.verdict))


def table_dismissals(context: Context) -> Iterator[Dismissal]:
    """What tables state of trainings that are somebody else's."""
    for line in _lines(context):
        if not line.own:
            named = "the text cites a model of this name" if line.verdict.own else line.verdict.reason
            reason = named or f"the row “{line.label}” is somebody else's"
            yield Dismissal(_candidates(line.table, context, line.facts, line.verdict), (reason,))


@dataclass(frozen=True, slots=True)
class _Line:
    """What a row or column says of a training, and whose it is."""

    table: Table
    facts: tuple[_Read, ...]
    label: str
    verdict: Verdict
    own: bool
    timed: bool
    """Whether the table gives times."""


def _lines(context: Context) -> Iterator[_Line]:
    foreign = context.cited_anywhere
    for table in context.document.tables:
        rows = {row.index: (row.label, row.group, row.notes) for row in labelled_rows(table)}
        columns = {
            column: (_above(table, column), "", "")
            for column in range(1, max((len(row) for row in table.rows), default=0))
        }
        yield from _told(table, context, _by_columns(table), rows, foreign)
        yield from _told(table, context, _by_rows(table), columns, foreign)


def _by_columns(table: Table) -> list[_Read]:
    meanings = column_meanings(table)
    return [
        fact
        for row in table.body()
        for cell in row
        if cell and (meaning := meanings.get(cell.column))
        for fact in _facts(cell, meaning, cell.row)
    ]


def _by_rows(table: Table) -> list[_Read]:
    """Facts of a table that lies on its side: labels at the left say what the numbers are."""
    found = list[_Read]()
    for row in table.rows:
        label = row[0] if row else None
        meaning = meaning_of(label.text, table) if label and not says_cited(label.text) else None
        if meaning:
            found += [fact for cell in row[1:] if cell for fact in _facts(cell, meaning, cell.column)]
    return found if any(fact.path in _TELLING for fact in found) else []


def _above(table: Table, column: int) -> str:
    """The words over a column: what a model is called in a table that lies on its side."""
    return " ".join(text for text in table.header(column) if re.search(r"[A-Za-z]", text))


def _facts(cell: TableCell, meaning: Meaning, line: int) -> Iterator[_Read]:
    """What a cell says: by the sentence rules if it has words, else its number in the header's unit."""
    spoken = list(_spoken(cell, line)) if re.search(r"[A-Za-z]", cell.text) and meaning.path != COUNT else []
    if spoken:
        yield from (_in_processors(fact) for fact in spoken) if meaning.path == DEVICE_TIME else spoken
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
    fact = _Read(line, cell, path, Quantity.exact(number, meaning.unit, cell.text))
    if FIELDS[path].admits(fact.value) and (meaning.path != WALL_TIME or number >= 60):
        beyond = path == WALL_TIME and number > _LONGEST and meaning.factor == _HOUR
        yield _in_processors(fact) if beyond else fact
        part = accelerator(meaning.device) if meaning.device else None
        if part:
            yield _Read(line, cell, ACCELERATOR, Name(part.id, meaning.device))


def _in_processors(fact: _Read) -> _Read:
    """A time as processor time, where the header says so or nobody waits so long: `5.5k` hours."""
    if fact.path != WALL_TIME or not isinstance(fact.value, Quantity):
        return fact
    return replace(fact, path=DEVICE_TIME, value=replace(fact.value, unit=FIELDS[DEVICE_TIME].units[0]))


def _spoken(cell: TableCell, line: int) -> Iterator[_Read]:
    for sentence in _sentences(cell):
        for rule in (*HARDWARE, *TIMES):
            for finding in rule.read(sentence):
                yield from (_Read(line, cell, fact.path, fact.value) for fact in finding.facts)


def _sentences(cell: TableCell) -> Iterator[Sentence]:
    text, starts = compose(cell.words)
    yield from sentences_of(Paragraph("text", "body", "", cell.words, text, starts))


def _told(
    table: Table, context: Context, facts: Sequence[_Read], lines: _Lines, foreign: frozenset[str]
) -> Iterator[_Line]:
    timed = any(fact.path in _CLOCKS for fact in facts)
    texts = (f"{label} {group} {notes}" for label, group, notes in lines.values())
    habits = habits_of(texts, table.caption.text if table.caption else "")
    labels = [label for label, _, _ in lines.values()]
    marked = any(map(context.ownership.is_own, labels)) or _compares(table, labels, foreign)
    for line, found in groupby(sorted(facts, key=lambda fact: fact.line), key=lambda fact: fact.line):
        group = _of_training(tuple(found))
        if not group:
            continue
        said = lines.get(line, ("", "", ""))
        verdict = judge(*said, context.ownership, habits, foreign)
        own = verdict.own and not (marked and _is_cited_name(said[0], verdict, foreign))
        yield _Line(table, group, said[0], verdict, own, timed)


def _of_training(facts: tuple[_Read, ...]) -> tuple[_Read, ...]:
    """What a line says of a training: all of it where it gives a time or a device, else what only a training has.

    Numbers of devices beside a share of the peak are of a test of speed.
    """
    if any(fact.path in _TIMED or _names_part(fact) for fact in facts):
        return facts
    return tuple(fact for fact in facts if fact.path in TELLING)


def _names_part(fact: _Read) -> bool:
    """Whether a fact names an accelerator; numbers of devices alone are settings, not a training."""
    return isinstance(fact.value, Name) and fact.path == ACCELERATOR and fact.value.id not in GENERIC


def _is_cited_name(label: str, verdict: Verdict, foreign: frozenset[str]) -> bool:
    """Whether an unmarked row beside the paper's own models bears a name that the text cites: who cites it had it."""
    return verdict.certain == 0.0 and _is_cited(label, foreign)


def _is_cited(label: str, foreign: frozenset[str]) -> bool:
    return bool({key(label), key(label.partition(" ")[0])} & foreign)


def _compares(table: Table, labels: Sequence[str], foreign: frozenset[str]) -> bool:
    """Whether a caption announces a comparison of names that the text cites with others, which are then the paper's own."""
    announced = table.caption is not None and _COMPARED.search(table.caption.text)
    cited = (
        {_is_cited(label, foreign) for label in labels if names_model(label)} if announced else set[bool]()
    )
    return len(cited) > 1


def _runs(facts: Sequence[_Read]) -> Iterator[tuple[_Read, ...]]:
    """One run for each time of the line, with what else the line says; hardware printed beside a time stays with it."""
    clocks = [fact for fact in facts if fact.path in _CLOCKS]
    timed = {id(fact.cell) for fact in clocks}
    loose = [fact for fact in facts if fact.path not in _CLOCKS and id(fact.cell) not in timed]
    if len({fact.path for fact in clocks}) == len(clocks):
        yield _first_of_each(facts)
        return
    for clock in clocks:
        beside = [fact for fact in facts if fact.cell is clock.cell and fact.path not in _CLOCKS]
        yield _first_of_each((clock, *beside, *loose))


def _first_of_each(facts: Sequence[_Read]) -> tuple[_Read, ...]:
    return tuple({fact.path: fact for fact in reversed(facts)}.values())


def _caption_hardware(table: Table) -> Iterator[Finding]:
    """Hardware that the caption states for the whole table."""
    if table.caption is None:
        return
    for sentence in sentences_of(table.caption):
        if not re.search(r"(?i)train|search|\btim(?:es?|ings?)\b|\bruns?\b", sentence.text):
            continue
        for rule in HARDWARE:
            yield from (finding for finding in rule.read(sentence) if ACCELERATOR in finding.paths)


def _draft(
    table: Table, context: Context, run: Sequence[_Read], shared: Sequence[Finding], row: tuple[str, Verdict]
) -> Draft:
    sha256, (label, verdict) = context.document.sha256, row
    features = _features(verdict)
    found = list(_candidates(table, context, run, verdict))
    if shared and table.caption and not any(_names_part(fact) for fact in run):
        given = {fact.path for fact in run} - {ACCELERATOR}
        found += [
            Candidate(
                fact.path,
                fact.value,
                table.caption.evidence(sha256, RULE, fact.start, fact.end),
                None,
                features,
            )
            for fact in shared[0].facts
            if fact.path not in given
        ]
    heading = " ".join(table.header(run[0].cell.column))
    phase, printed = phase_in((heading, label, table.caption.text if table.caption else ""))
    found.append(Candidate("run.phase", Name(phase, printed or phase), found[0].evidence, None, features))
    reasons = (verdict.reason,) if verdict.reason else ()
    return Draft("run", label if names_model(label) else None, tuple(found), features, reasons)


def _candidates(
    table: Table, context: Context, facts: Sequence[_Read], verdict: Verdict
) -> tuple[Candidate, ...]:
    sha256, features = context.document.sha256, _features(verdict)
    return tuple(
        Candidate(fact.path, fact.value, table.evidence(sha256, RULE, fact.cell), None, features)
        for fact in facts
    )


def _features(verdict: Verdict) -> dict[str, float]:
    return {"in_table": 1.0, "row_certain": verdict.certain}
