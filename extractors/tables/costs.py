"""Reads what models cost from tables: columns or rows of parameters, FLOPs and multiply-adds.

What columns hold is in `tables.cost_columns`, what cells print in `tables.cost_cells`, what rows are called in
`tables.cost_labels` and whose they are in `tables.cost_readers`. Here each row, or column, becomes the draft of a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from extractors.context import Context
from extractors.documents.model import TableCell
from extractors.drafts import Draft
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.language import Label
from extractors.places import place_of_table
from extractors.rules.accelerators import parts_in
from extractors.tables.cost_cells import values_of
from extractors.tables.cost_columns import Known, cost_columns, scaled
from extractors.tables.cost_headers import FLOPS, Cost, costs_under
from extractors.tables.cost_labels import labels_of
from extractors.tables.cost_readers import CostReader, by_size, called, names_of, owners_of
from extractors.tables.owners import Verdict
from extractors.tables.strips import strips_of

RULE = "costs.table"

_SAYS_NOTHING = re.compile(
    r"(?:default\s)?(?:values?|settings?|config(?:uration)?s?|(?:hyper-?)?parameters?|numbers?|amounts?|models?)",
    re.IGNORECASE,
)
"""A header over values that does not say whose they are."""
_SETTING = re.compile(r"(?![a-z]?[A-Z])|.*\w\s?=\s?\w|.*\s[+−–]\s|.*\bw/")
"""How rows are called that are a model with something changed: no name, or one with more behind it."""
_BY_TITLE = 0.8
"""How certain the title of a strip of columns makes whose its costs are."""


def table_drafts(context: Context, known: Known) -> Iterator[Draft]:
    """A draft per model and row of every table that has columns or rows of costs.

    Args:
        context: the paper.
        known: costs that its sentences give, by field, from which the scale of bare numbers can follow.
    """
    for table, rows in context.tables:
        reader = CostReader(context, table, rows, known)
        columns = cost_columns(table, known)
        drafts = list(_by_row(reader, columns) if columns else _by_column(reader))
        place = place_of_table(context.document, table) if drafts else {}
        yield from (replace(draft, features={**place, **draft.features}) for draft in drafts)


def _by_row(reader: CostReader, columns: Mapping[int, tuple[Cost, ...]]) -> Iterator[Draft]:
    """Models in rows: each row with its costs is one draft, or one for each strip of columns that has its own model."""
    habits = reader.habits([f"{row.label} {row.group} {row.notes}" for row in reader.rows])
    labels = labels_of(reader.table, reader.rows, columns, names_of(reader, habits))
    strips = strips_of(reader.table, columns)
    titles = owners_of(reader, [strip.title for strip in strips])
    has_flops = any(costs[0].path == FLOPS for costs in columns.values())
    for row in reader.rows:
        device = has_flops and bool(parts_in(Label(row.notes)))
        for strip in strips:
            name, label, notes = called(reader, row, labels[row.index], strip)
            verdict = reader.judged(name, row.group, notes, habits)
            if any(titles.values()):
                verdict = Verdict(bool(titles[strip.title]), _BY_TITLE)
            cells = [
                (costs, cell)
                for column, costs in strip.columns.items()
                if (cell := row.cells[column]) and not (device and costs[0].path == FLOPS)
            ]
            label = f"{label}, {strip.title}" if strip.title and label else label
            yield from _drafts(reader, cells, verdict, label)


def _by_column(reader: CostReader) -> Iterator[Draft]:
    """Models in columns: the row says which cost, the header above each number says whose."""
    headers = [" ".join(reader.table.header(column)) for column in range(reader.width)]
    habits = reader.habits(headers)
    for row in reader.rows:
        texts = [cell.text for cell in row.cells[1:] if cell]
        costs = tuple(scaled(cost, texts, reader.known) for cost in costs_under([row.label], reader.caption))
        for cell in row.cells if costs else ():
            label = headers[cell.column] if cell else ""
            if cell and label and cell.text != row.label:
                known_as = reader.captioned or "" if _SAYS_NOTHING.fullmatch(label) else label
                verdict = reader.judged(known_as, "", known_as, habits)
                yield from _drafts(reader, [(costs, cell)], verdict, known_as)


def _drafts(
    reader: CostReader,
    cells: Sequence[tuple[tuple[Cost, ...], TableCell]],
    verdict: Verdict,
    label: str | None,
) -> Iterator[Draft]:
    """The draft of one row or column, named by its size if it has no label; none where it gives no cost."""
    read = [(cell, *value) for costs, cell in cells for value in values_of(cell.text, costs)]
    if not read:
        return
    label = by_size(reader, {path: value for _, _, path, value in read}) if label is None else label
    found = [
        Candidate(
            path,
            value,
            reader.table.evidence(reader.context.document.sha256, RULE, cell),
            label or None,
            {"scale_in_header": float(cost.scale is not None)},
        )
        for cell, cost, path, value in read
    ]
    if not verdict.own:
        found.append(Candidate("model.role", Name("baseline", label or "baseline"), found[0].evidence))
    reasons = (verdict.reason,) if verdict.reason else ()
    features = {"owner_certain": verdict.certain, "setting": float(bool(_SETTING.match(label or "")))}
    yield Draft("model", label or None, tuple(found), features, reasons)
