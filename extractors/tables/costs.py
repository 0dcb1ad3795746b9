"""Reads what models cost from tables: columns or rows of parameters, FLOPs and multiply-adds.

What headers mean is in `tables.cost_headers`, what cells print in `tables.cost_cells`, whose a row is in
`tables.owners`. Here each row, or column, becomes the draft of a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.documents.model import Document, Table, TableCell
from extractors.drafts import Draft
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.language import tokens_of
from extractors.ownership import NAME, Ownership
from extractors.places import place_of_table
from extractors.rules.accelerators import named_in
from extractors.tables.cost_cells import scale_by_text, values_of
from extractors.tables.cost_headers import FLOPS, PARAMETERS, Cost, costs_under, path_of
from extractors.tables.owners import Habits, Verdict, habits_of, is_rerun, judge
from extractors.tables.rows import Row, labelled_rows
from extractors.tables.strips import strips_of

RULE = "costs.table"

_SIZE = re.compile(r"(?:model\s)?sizes?", re.IGNORECASE)
_SIZED = re.compile(r"\d+(?:\.\d+)?\s?[MBT][*†‡]*")
"""A model's size as its name: `7B`, `65B*`."""
_SAYS_NOTHING = re.compile(
    r"(?:default\s)?(?:values?|settings?|config(?:uration)?s?|(?:hyper-?)?parameters?|numbers?|amounts?|models?)",
    re.IGNORECASE,
)
"""A header over values that does not say whose they are."""
_NAME = re.compile(NAME)
_BY_TITLE = 0.8
"""How certain the title of a strip of columns makes whose its costs are."""

Known = Mapping[str, Sequence[float]]
"""What the text gives for each field."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is the same for all rows of a table."""

    document: Document
    table: Table
    rows: Sequence[Row]
    ownership: Ownership
    foreign: frozenset[str]
    known: Known

    @property
    def caption(self) -> str:
        return self.table.caption.text if self.table.caption else ""

    @property
    def width(self) -> int:
        return len(self.table.rows[0]) if self.table.rows else 0

    def habits(self, texts: Sequence[str]) -> Habits:
        """How the table marks what is its own, told by the texts of its rows or columns."""
        named = any(self.ownership.is_own(text) and not is_rerun(text, self.foreign) for text in texts)
        return replace(habits_of(texts, self.caption, self.foreign), has_named=named)

    def judged(self, label: str, group: str, notes: str, habits: Habits) -> Verdict:
        """Whose a row or column is."""
        return judge(label, group, notes, self.ownership, habits, self.foreign)


def table_drafts(
    document: Document, ownership: Ownership, foreign: frozenset[str], known: Known
) -> Iterator[Draft]:
    """A draft per model and row of every table that has columns or rows of costs.

    Args:
        document: the paper.
        ownership: what it says of its models.
        foreign: keys of the names that it cites.
        known: costs that its sentences give, by field, from which the scale of bare numbers can follow.
    """
    for table in document.tables:
        reader = _Reader(document, table, labelled_rows(table), ownership, foreign, known)
        columns = {c: found for c in range(reader.width) if (found := _costs(reader, c))}
        drafts = list(_by_row(reader, columns) if columns else _by_column(reader))
        place = place_of_table(document, table) if drafts else {}
        yield from (replace(draft, features={**place, **draft.features}) for draft in drafts)


def _costs(reader: _Reader, column: int) -> tuple[Cost, ...]:
    """What a column holds, by its header; or sizes, by its cells."""
    headers = _headers(reader.table, column)
    texts = [cell.text.strip() for row in reader.table.body() if (cell := row[column])]
    if named := costs_under(headers, reader.caption):
        return tuple(_scaled(cost, texts, reader.known) for cost in named)
    if not any(_SIZE.fullmatch(header.strip()) for header in headers):
        return ()
    sized = {text for text in texts if _SIZED.fullmatch(text)}
    # Where a size comes again, rows are not models but ways of training them.
    return (Cost(PARAMETERS, None),) if sized and len(sized) == len(texts) else ()


def _scaled(cost: Cost, texts: Sequence[str], known: Known) -> Cost:
    return cost if cost.scale else replace(cost, scale=scale_by_text(texts, known.get(cost.path, ())))


def _headers(table: Table, column: int) -> tuple[str, ...]:
    """Header texts over a column; a second header further down, in a row without numbers, counts too."""
    bare = [row for row in table.body() if not any(cell and re.search(r"\d", cell.text) for cell in row)]
    lower = [cell.text for row in bare if (cell := row[column]) and path_of(cell.text)]
    return (*table.header(column), *lower[:1])


def _by_row(reader: _Reader, columns: Mapping[int, tuple[Cost, ...]]) -> Iterator[Draft]:
    """Models in rows: each row with its costs is one draft, or one for each strip of columns that has its own model."""
    habits = reader.habits([f"{row.label} {row.group} {row.notes}" for row in reader.rows])
    labels = _labels(reader, columns)
    strips = strips_of(reader.table, columns)
    titles = {strip.title: reader.ownership.is_own(strip.title) for strip in strips}
    has_flops = any(costs[0].path == FLOPS for costs in columns.values())
    for row in reader.rows:
        device = has_flops and bool(named_in(tokens_of(row.notes)))
        for strip in strips:
            name, label, notes = row.label, labels[row.index], row.notes
            if strip.start:
                name = label = notes = _text(row, strip.start)
            verdict = reader.judged(name, row.group, notes, habits)
            if any(titles.values()):
                verdict = Verdict(bool(titles[strip.title]), _BY_TITLE)
            cells = [
                (costs, cell)
                for column, costs in strip.columns.items()
                if (cell := row.cells[column]) and not (device and costs[0].path == FLOPS)
            ]
            yield from _drafts(reader, cells, verdict, f"{label}, {strip.title}" if strip.title else label)


def _labels(reader: _Reader, columns: Mapping[int, tuple[Cost, ...]]) -> dict[int, str]:
    """The label of each row; rows of one label get what tells them apart, as `Base, width 64`."""
    named: dict[tuple[str, str], list[Row]] = {}
    for row in reader.rows:
        named.setdefault((row.group, row.label), []).append(row)
    found = {}
    for (_, label), alike in named.items():
        column = _telling(alike, columns) if len(alike) > 1 and label else None
        heading = " ".join(reader.table.header(column)) if column is not None else ""
        for row in alike:
            cell = row.cells[column] if column is not None else None
            found[row.index] = f"{label}, {f'{heading} {cell.text}'.strip()}" if cell else label
    return found


def _telling(alike: Sequence[Row], columns: Mapping[int, tuple[Cost, ...]]) -> int | None:
    """The first column in front of the costs whose cells differ among rows of one label, if their costs do."""
    first = min(columns)
    if len({_text(row, column) for row in alike for column in columns}) <= len(columns):
        return None
    texts = ({_text(row, column) for row in alike} for column in range(first))
    return next((column for column, found in enumerate(texts) if len(found) == len(alike)), None)


def _text(row: Row, column: int) -> str:
    cell = row.cells[column]
    return cell.text if cell else ""


def _by_column(reader: _Reader) -> Iterator[Draft]:
    """Models in columns: the row says which cost, the header above each number says whose."""
    headers = [" ".join(reader.table.header(column)) for column in range(reader.width)]
    habits = reader.habits(headers)
    for row in reader.rows:
        texts = [cell.text for cell in row.cells[1:] if cell]
        costs = tuple(_scaled(cost, texts, reader.known) for cost in costs_under([row.label], reader.caption))
        for cell in row.cells if costs else ():
            label = headers[cell.column] if cell else ""
            if cell and label and cell.text != row.label:
                known_as = _captioned(reader) if _SAYS_NOTHING.fullmatch(label) else label
                verdict = reader.judged(known_as, "", known_as, habits)
                yield from _drafts(reader, [(costs, cell)], verdict, known_as)


def _captioned(reader: _Reader) -> str:
    """The model that a caption names, or nothing: `Settings of Zip-XL` is about the one model."""
    found = _NAME.search(reader.caption.removeprefix(reader.table.label))
    return found["name"] if found else ""


def _drafts(
    reader: _Reader, cells: Sequence[tuple[tuple[Cost, ...], TableCell]], verdict: Verdict, label: str
) -> Iterator[Draft]:
    """The draft of one row or column; none where it gives no cost."""
    found = [
        Candidate(
            path,
            value,
            reader.table.evidence(reader.document.sha256, RULE, cell),
            label or None,
            {"scale_in_header": float(cost.scale is not None)},
        )
        for costs, cell in cells
        for cost, path, value in values_of(cell.text, costs)
    ]
    if not found:
        return
    if not verdict.own:
        found.append(Candidate("model.role", Name("baseline", label or "baseline"), found[0].evidence))
    reasons = (verdict.reason,) if verdict.reason else ()
    yield Draft("model", label or None, tuple(found), {"owner_certain": verdict.certain}, reasons)
