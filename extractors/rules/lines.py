"""The lines of tables that say something of a training: rows, or columns where a table lies on its side, and whose they are.

What a number is, its column's header or its row's label says (`Training time (h)`, `GPU days`, `#GPUs`); what it is
said of, the other one. Times of inference, of single steps and of cited systems are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from extractors.context import Context
from extractors.documents.model import Table, TableCell
from extractors.facts.ontology import GENERIC
from extractors.facts.values import Name
from extractors.rules.accounts import is_survey
from extractors.rules.cells import PACES, CellFact, facts_in, said_above
from extractors.rules.columns import column_meanings, row_meanings
from extractors.rules.compute import COMPUTE
from extractors.rules.device_times import DEVICE_TIME
from extractors.rules.devices import ACCELERATOR
from extractors.rules.durations import WALL_TIME
from extractors.rules.models import SIZES, names_model
from extractors.rules.resource_headers import TELLING
from extractors.tables.citations import key, says_cited
from extractors.tables.owners import Verdict, habits_of, judge

CLOCKS = (WALL_TIME, DEVICE_TIME)
_TIMED = (*CLOCKS, COMPUTE)
_TELLING = (*_TIMED, *PACES, *TELLING)
"""What only a training has."""
_COMPARED = re.compile(r"\bcompar|\bversus\b|\bvs\b|\bagainst\b", re.IGNORECASE)

_PUBLISHED = re.compile(
    r"\b(?:published|public(?:ly)?|existing|notable|well-known|disclosed|what (?:papers|is printed|was printed|others))\b"
    r"|\bfrom (?:the|their) (?:papers|publications|literature|model cards?)\b",
    re.IGNORECASE,
)
"""What a caption says over rows of others: `Compute of some published models`."""
_DATED = re.compile(
    r"(?:year|date|released?|source|reference|ref\.?|paper|published|organi[sz]ation|developer)s?",
    re.IGNORECASE,
)
"""Columns that tables of others' systems have."""
_REST_TAKEN = re.compile(
    r"\b(?:other|remaining|(?:rows?|models?|those) above|upper|first)\b[^.;]{0,60}?\b(?:are|is|were|was)\s(?:\w+\s){0,3}?(?:from|in|by)\b(?P<cited>[^.;]{0,60}(?:\.[^.;]{0,20})?)",
    re.IGNORECASE,
)
"""What a caption says of the rows beside the paper's own: `costs of the other models are those given in [3]`."""
_MADE = re.compile(
    r"(?P<front>[A-Z][a-z]+(?= )|[A-Z]{1,3}(?=-))[ -](?P<name>[A-Z][\w+]*[A-Z\d][\w+]*|[A-Z]-[A-Z][\w+]*)"
)
"""A name made of an older one, as the field makes them: `Gated OldNet`, `G-OldNet`."""
_TAKEN = Verdict(False, 0.5, "the table is of others' systems, or its caption says where this row is from")

_Texts = Mapping[int, tuple[str, str, str]]
"""Label, heading and texts of each row or column."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a row or column says of a training, and whose it is."""

    table: Table
    facts: tuple[CellFact, ...]
    label: str
    verdict: Verdict
    own: bool
    timed: bool
    """Whether the table gives times."""


def lines_of(context: Context) -> Iterator[Line]:
    """The lines of all tables that say something of a training, those of others included."""
    for table, labelled in context.tables:
        rows = {row.index: (row.label, row.group, row.notes) for row in labelled}
        columns = {column: (_above(table, column), "", "") for column in range(1, _width(table))}
        yield from _told(table, context, _by_columns(table), rows)
        yield from _told(table, context, _by_rows(table), columns)


def names_part(fact: CellFact) -> bool:
    """Whether a fact names an accelerator; numbers of devices alone are settings, not a training."""
    return isinstance(fact.value, Name) and fact.path == ACCELERATOR and fact.value.id not in GENERIC


def _by_columns(table: Table) -> list[CellFact]:
    meanings = column_meanings(table)
    found = [
        fact
        for row in table.body()
        for cell in row
        if cell and (meaning := meanings.get(cell.column))
        for fact in facts_in(cell, meaning, cell.row)
    ]
    return found + [
        above for fact in found if fact.path == WALL_TIME for above in _devices_above(table, fact.cell)
    ]


def _devices_above(table: Table, cell: TableCell) -> Iterator[CellFact]:
    """What the header over a time says of the devices that it was measured on."""
    over = [
        above
        for row in table.rows[: table.header_rows]
        for above in row
        if above and above.column <= cell.column < above.column + above.column_span
    ]
    return said_above(cell, over)


def _by_rows(table: Table) -> list[CellFact]:
    """Facts of a table that lies on its side: labels at the left say what the numbers are."""
    found = [
        fact
        for index, meaning in row_meanings(table).items()
        for cell in table.rows[index][1:]
        if cell
        for fact in facts_in(cell, meaning, cell.column)
    ]
    return found if any(fact.path in _TELLING for fact in found) else []


def _above(table: Table, column: int) -> str:
    """The words over a column: what a model is called in a table that lies on its side."""
    return " ".join(text for text in table.header(column) if re.search(r"[A-Za-z]", text))


def _told(table: Table, context: Context, facts: Sequence[CellFact], texts: _Texts) -> Iterator[Line]:
    if not facts:
        return
    timed = any(fact.path in CLOCKS for fact in facts)
    foreign = context.cited_anywhere
    joined = (f"{label} {group} {notes}" for label, group, notes in texts.values())
    habits = habits_of(joined, table.caption.text if table.caption else "")
    labels = [label for label, _, _ in texts.values()]
    named = any(map(context.ownership.is_own, labels))
    rest_taken = named and _takes_the_rest(table)
    of_others = not (named or habits.has_ours) and (is_survey(context.document) or _is_of_others(table))
    marked = named or _compares(table, labels, foreign)
    for line, found in groupby(sorted(facts, key=lambda fact: fact.line), key=lambda fact: fact.line):
        group = _of_training(tuple(found))
        if not group:
            continue
        said = texts.get(line, ("", "", ""))
        verdict = judge(*said, context.ownership, habits, foreign)
        if verdict.certain == 0.0 and (of_others or (rest_taken and names_model(said[0]))):
            verdict = _TAKEN
        own = verdict.own and not (marked and _is_unmarked_name(said[0], verdict, foreign))
        yield Line(table, group, said[0], verdict, own, timed)


def _is_of_others(table: Table) -> bool:
    """Whether a table that names none of the paper's own models is of others' systems, by its caption or a column of years or sources."""
    caption = table.caption.text if table.caption else ""
    titled = any(
        _DATED.fullmatch(text.strip()) for column in range(_width(table)) for text in table.header(column)
    )
    return titled or (bool(_PUBLISHED.search(caption)) and not _COMPARED.search(caption))


def _takes_the_rest(table: Table) -> bool:
    """Whether a caption says of the rows beside the paper's own that a cited paper gives what is in them."""
    taken = _REST_TAKEN.search(table.caption.text) if table.caption else None
    return taken is not None and says_cited(taken["cited"])


def _width(table: Table) -> int:
    return max((len(row) for row in table.rows), default=0)


def _of_training(facts: tuple[CellFact, ...]) -> tuple[CellFact, ...]:
    """What a line says of a training: all of it where it gives a time or a device, else what only a training has.

    Numbers of devices beside a share of the peak are of a test of speed.
    """
    if any(fact.path in _TIMED or names_part(fact) for fact in facts):
        return facts
    return tuple(fact for fact in facts if fact.path in (*TELLING, *PACES))


def _is_unmarked_name(label: str, verdict: Verdict, foreign: frozenset[str]) -> bool:
    """Whether an unmarked row beside the paper's own models bears a name that the text cites: who cites it had it."""
    return verdict.certain == 0.0 and _is_cited(label, foreign)


def _is_cited(label: str, foreign: frozenset[str]) -> bool:
    return bool({key(label), key(label.partition(" ")[0])} & foreign) or _is_made_of(label, foreign)


def _is_made_of(label: str, foreign: frozenset[str]) -> bool:
    """Whether a name is a cited one with words or letters in front; sizes in front make no new name."""
    made = _MADE.fullmatch(label)
    if made is None or SIZES.fullmatch(made["front"]):
        return False
    return key(made["name"]) in foreign or _is_made_of(made["name"], foreign)


def _compares(table: Table, labels: Sequence[str], foreign: frozenset[str]) -> bool:
    """Whether a caption announces a comparison of names that the text cites with others, which are then the paper's own."""
    announced = table.caption is not None and _COMPARED.search(table.caption.text)
    cited = (
        {_is_cited(label, foreign) for label in labels if names_model(label)} if announced else set[bool]()
    )
    return len(cited) > 1
