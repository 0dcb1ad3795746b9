"""Reads what models cost from tables: columns or rows of parameters, FLOPs and multiply-adds.

The unit stands in the cell ("25.6M"), in the header ("Params (M)", "GFLOPs", "x10^9") or in the caption, nearest
first. A number whose scale nothing tells is left out: better no value than one wrong by a million.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.documents.labels import is_absent
from extractors.documents.model import Document, Table, TableCell
from extractors.drafts import Draft
from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.ontology import units
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.language import tokens_of
from extractors.ownership import Ownership
from extractors.places import place_of_table
from extractors.rules.accelerators import named_in
from extractors.tables.owners import Habits, Verdict, cited_names, habits_of, judge
from extractors.tables.rows import Row, labelled_rows

RULE = "costs.table"

_ADDS, _FLOPS = "model.multiply_adds", "model.flops"
_FIELDS = (
    (_ADDS, re.compile(r"mult(?:iply|i)?[\s.-]*(?:adds?|acc)|\b[kMGTB]?M-?Adds?\b|\b[kMGTB]?MACC?s?\b", re.IGNORECASE)),
    (_FLOPS, re.compile(r"\b[kMGTB]?-?FLOPs?\b|floating[\s-]point op", re.IGNORECASE)),
    ("model.parameters", re.compile(r"\bparam(?:eter)?s?\b\.?|\b[kMB]Params?\b|#\s?P\b", re.IGNORECASE)),
)  # fmt: skip
_NOT_A_COST = re.compile(
    r"hyper-?\s?param|/\s?s(?:ec)?\b|per sec|speed|ratio|reduc|saving|throughput|train|utili[sz]|\bx\s?less|%|peak|total compute",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"(?<![A-Za-z])(?P<prefix>[kKMGBT])-?(?:FLOP|MAC|M-?Add|Param)", re.IGNORECASE)
_BRACKETED = re.compile(
    r"(?:[(\[]|\bin\s|,\s?)\s*(?:in\s+)?#?(?P<scale>[kKMGBT]|thousands?|millions?|billions?|trillions?)\s*(?:[)\]]|$|\b)"
)
_POWER = re.compile(r"(?:[×x*]|\(|\bin\s)\s*10\s?\^?\s?(?P<power>\d{1,2})\b")
_ABSOLUTE = 10_000.0
"""Numbers from here on are taken as they stand, without a scale."""
_CELL = re.compile(
    rf"[~≈∼<]?\s*(?P<number>{NUMBER_IN})\s*(?P<unit>(?:FLOPs?|MACs?|params?|parameters?)?)\s*[*†‡]*"
    rf"(?:\s*\((?P<adds>{NUMBER_IN})\s*(?:FMA|MAC|M-?Add)s?\))?",
    re.IGNORECASE,
)
"""A number, and perhaps behind it the same cost in multiply-adds: `31 (15.5 FMA)`."""
_CHANGED = re.compile(r".*?(?:→|⇒|->|=>)\s*(?P<after>[^→⇒>]+)")
"""What was changed to what: the second is the paper's own, as in `58.3 → 59.9`."""
_SIZE = re.compile(r"(?:model\s)?sizes?", re.IGNORECASE)
_SIZED = re.compile(r"\d+(?:\.\d+)?\s?[MBT][*†‡]*")
"""A model's size as its name: `7B`, `65B*`."""


@dataclass(frozen=True, slots=True)
class _Column:
    """What the numbers under a header, or beside a row label, are."""

    path: str
    scale: float | None


def table_drafts(document: Document, ownership: Ownership) -> Iterator[Draft]:
    """A draft per model and row of every table that has columns or rows of costs."""
    foreign = cited_names(paragraph.text for paragraph in document.statements())
    for table in document.tables:
        rows = labelled_rows(table)
        habits = _habits(table, [f"{row.label} {row.group} {row.notes}" for row in rows], ownership)
        columns = {c: found for c in range(_width(table)) if (found := _cost(table, c))}
        drafts = (
            _by_row(document, table, rows, columns, ownership, habits, foreign)
            if columns
            else _by_column(document, table, rows, ownership, foreign)
        )
        for draft in drafts:
            yield replace(draft, features={**place_of_table(document, table), **draft.features})


def _habits(table: Table, texts: Sequence[str], ownership: Ownership) -> Habits:
    named = any(ownership.is_own(text) for text in texts)
    return replace(habits_of(texts, table.caption.text if table.caption else ""), has_named=named)


def _width(table: Table) -> int:
    return len(table.rows[0]) if table.rows else 0


def _cost(table: Table, column: int) -> _Column | None:
    """What a column holds, by its header; or sizes, by its cells."""
    headers = _headers(table, column)
    named = _column(headers, table)
    if named or not any(_SIZE.fullmatch(header.strip()) for header in headers):
        return named
    texts = [cell.text.strip() for row in table.body() if (cell := row[column])]
    sized = {text for text in texts if _SIZED.fullmatch(text)}
    # Where a size comes again, rows are not models but ways of training them.
    return _Column("model.parameters", None) if sized and len(sized) == len(texts) else None


def _headers(table: Table, column: int) -> tuple[str, ...]:
    """Header texts over a column; a second header further down, in a row without numbers, counts too."""
    bare = [row for row in table.body() if not any(cell and re.search(r"\d", cell.text) for cell in row)]
    lower = [cell.text for row in bare if (cell := row[column]) and _path(cell.text)]
    return (*table.header(column), *lower[:1])


def _column(header: Sequence[str], table: Table) -> _Column | None:
    """The cost a header names in its lowest line that names one, with the scale nearest to it."""
    for line in reversed(header):
        path = _path(line)
        if path:
            caption = table.caption.text if table.caption else ""
            return _Column(path, _scale_of(" ".join(header)) or _caption_scale(caption, path))
    return None


def _path(text: str) -> str | None:
    if _NOT_A_COST.search(text) or len(text) > 60:
        return None
    return next((path for path, pattern in _FIELDS if pattern.search(text)), None)


def _scale_of(text: str) -> float | None:
    """The factor a header gives its numbers: `(M)`, `GFLOPs`, `x10^9`; None if it says nothing."""
    if found := _POWER.search(text):
        return float(10 ** int(found["power"]))
    if found := _BRACKETED.search(text):
        return units().magnitude(found["scale"]) or units().magnitude(found["scale"].upper())
    if found := _PREFIXED.search(text):
        return units().magnitude(found["prefix"].upper())
    return None


def _caption_scale(caption: str, path: str) -> float | None:
    """The factor that a caption gives: `parameters in millions`, `FLOPs (in billions)`."""
    pattern = dict(_FIELDS)[path]
    for found in pattern.finditer(caption):
        near = caption[found.end() : found.end() + 30]
        if re.match(r"\s*(?:\(|are\s|is\s|in\s|\[|counts?\s)", near) and (scale := _scale_of(near)):
            return scale
    return None


def _by_row(
    document: Document,
    table: Table,
    rows: Sequence[Row],
    columns: dict[int, _Column],
    ownership: Ownership,
    habits: Habits,
    foreign: frozenset[str],
) -> Iterator[Draft]:
    """Models in rows: each row with its costs is one draft."""
    for row in rows:
        verdict = judge(row.label, row.group, row.notes, ownership, habits, foreign)
        device = bool(named_in(tokens_of(row.notes)))
        cells = [
            (columns[cell.column], cell)
            for cell in row.cells
            if cell and cell.column in columns and not (device and columns[cell.column].path == _FLOPS)
        ]
        found = _candidates(document, table, cells, verdict, row.label)
        if found:
            yield _draft(row.label, found, verdict)


def _by_column(
    document: Document, table: Table, rows: Sequence[Row], ownership: Ownership, foreign: frozenset[str]
) -> Iterator[Draft]:
    """Models in columns: the row says which cost, the header above each number says whose."""
    for row in rows:
        path = _path(row.label)
        if path is None:
            continue
        column = _Column(path, _scale_of(row.label))
        headers = [" ".join(table.header(c)) for c in range(_width(table))]
        habits = _habits(table, headers, ownership)
        for cell in row.cells:
            label = headers[cell.column] if cell else ""
            if cell and label and cell.text != row.label:
                verdict = judge(label, "", label, ownership, habits, foreign)
                if found := _candidates(document, table, [(column, cell)], verdict, label):
                    yield _draft(label, found, verdict)


def _draft(label: str, found: tuple[Candidate, ...], verdict: Verdict) -> Draft:
    reasons = (verdict.reason,) if verdict.reason else ()
    return Draft("model", label or None, found, {"owner_certain": verdict.certain}, reasons)


def _candidates(
    document: Document, table: Table, cells: Sequence[tuple[_Column, TableCell]], verdict: Verdict, label: str
) -> tuple[Candidate, ...]:
    found = []
    for column, cell in cells:
        for path, value in _values(cell.text, column):
            evidence = table.evidence(document.sha256, RULE, cell)
            features = {"scale_in_header": float(column.scale is not None)}
            found.append(Candidate(path, value, evidence, label or None, features))
    if found and not verdict.own:
        found.append(Candidate("model.role", Name("baseline", label or "baseline"), found[0].evidence))
    return tuple(found)


def _values(text: str, column: _Column) -> Iterator[tuple[str, Quantity]]:
    """The costs a cell prints, each with its field; none where its scale is not told."""
    changed = _CHANGED.fullmatch(text.strip())
    match = _CELL.fullmatch(changed["after"].strip() if changed else text.strip())
    if is_absent(text) or not match:
        return
    printed = [(column.path, match["number"])]
    if match["adds"] and column.path == _FLOPS:
        printed.append((_ADDS, match["adds"]))
    for path, number in printed:
        value = _value(number, text, column, path)
        if value is not None:
            yield path, value


def _value(printed: str, text: str, column: _Column, path: str) -> Quantity | None:
    try:
        number = parse_number(printed)
    except ParseError:
        return None
    own_scale = re.search(r"[A-Za-z]|10\s?\^|\de\d", printed)
    if not own_scale and column.scale is not None and number < _ABSOLUTE:
        number *= column.scale
    elif not own_scale and number < _ABSOLUTE:
        return None
    field = FIELDS[path]
    quantity = Quantity.exact(float(f"{number:.10g}"), field.units[0], text.strip())
    return quantity if field.admits(quantity) else None
