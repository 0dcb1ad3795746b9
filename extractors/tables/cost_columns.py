"""Which columns of a table hold costs of models: by their headers, or by cells that are sizes.

What a header means is in `tables.cost_headers`, which columns belong together in `tables.strips`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.documents.model import Table, TableCell
from extractors.tables.cost_cells import scale_by_text
from extractors.tables.cost_headers import PARAMETERS, Cost, costs_under, is_vague, path_of

Known = Mapping[str, Sequence[float]]
"""What the text gives for each field."""


_TOTAL = re.compile(r"\b(?:total|overall)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SIZE = re.compile(r"(?:model\s)?sizes?", re.IGNORECASE)
_SIZED = re.compile(r"\d+(?:\.\d+)?\s?[MBT][*†‡]*")
"""A model's size as its name: `7B`, `65B*`."""


def cost_columns(table: Table, known: Known) -> dict[int, tuple[Cost, ...]]:
    """The columns that hold costs, by their number; beside a total none of its parts.

    Args:
        table: the table.
        known: costs that the text gives, by field, from which the scale of bare numbers can follow.
    """
    width = len(table.rows[0]) if table.rows else 0
    bare = [row for row in table.body() if not any(cell and _DIGIT.search(cell.text) for cell in row)]
    headers = [_headers(table, column, bare) for column in range(width)]
    found = {
        column: costs
        for column in range(width)
        if (costs := _costs_of(table, column, headers[column], known))
    }
    total = {costs[0].path for column, costs in found.items() if _is_total(table, column)}
    return {c: costs for c, costs in found.items() if costs[0].path not in total or _is_total(table, c)}


def _is_total(table: Table, column: int) -> bool:
    return any(_TOTAL.search(line) for line in table.header(column))


def _costs_of(table: Table, column: int, headers: Sequence[str], known: Known) -> tuple[Cost, ...]:
    """What a column holds, by its header; or sizes, by its cells."""
    texts = [cell.text.strip() for row in table.body() if (cell := row[column])]
    if named := costs_under(headers, table.caption.text if table.caption else ""):
        return tuple(scaled(cost, texts, known) for cost in named)
    if any(map(is_vague, headers)) and (path := _said_by_cells(texts)):
        return (Cost(path, None),)
    # Under a heading, sizes are those of what it names, which methods are tried on: `Heron: Size | Speed | Wren: Size | Speed`.
    if not headers or not all(_SIZE.fullmatch(header.strip()) for header in headers):
        return ()
    sized = {text for text in texts if _SIZED.fullmatch(text)}
    # Where a size comes again, rows are not models but ways of training them.
    return (Cost(PARAMETERS, None),) if sized and len(sized) == len(texts) else ()


def _said_by_cells(texts: Sequence[str]) -> str | None:
    """What numbers count that all name it themselves: `4.1 GFLOPs`."""
    paths = {path_of(text) if re.match(r"[~≈]?\s?\d", text) else None for text in texts}
    return paths.pop() if len(paths) == 1 else None


def scaled(cost: Cost, texts: Sequence[str], known: Known) -> Cost:
    """A cost with the scale that the text gives one of its numbers, where no header gives it."""
    return cost if cost.scale else replace(cost, scale=scale_by_text(texts, known.get(cost.path, ())))


def _headers(table: Table, column: int, bare: Sequence[Sequence[TableCell | None]]) -> tuple[str, ...]:
    """Header texts over a column; a second header further down, in a row without numbers (`bare`), counts too."""
    lower = [cell.text for row in bare if (cell := row[column]) and path_of(cell.text)]
    return (*table.header(column), *lower[:1])
