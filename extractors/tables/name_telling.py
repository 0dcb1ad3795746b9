"""What tells rows of one name apart: the parts that are switched on, an input size, a depth, a decoder.

Two rows that print one name are two models, and a column between the name and the scores says how they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from extractors.documents.labels import is_absent
from extractors.documents.model import Table
from extractors.tables.citations import without_citations
from extractors.tables.rows import Row

_SET = re.compile(
    r"\b(?:input|resolution|image size|crop size|train size|scales?|depth|layers?|width|stride|backbone|decod\w+|language model|LM|search|init\w*|pre-?train\w*"
    r"|schedule|epochs|blocks?|heads?|hidden|dim\w*|embedding|kernel|loss|augmentation|variant|version)\b",
    re.IGNORECASE,
)
"""Headers over what is set of a model before it is trained or tested."""
_SPENT = re.compile(
    r"\b(?:params?|parameters|flops?|madds?|macs|gflops|time|hours|days|speed|fps|ms|latency|memory|mb|data|set|test)\b|[#\d]\s?param",
    re.IGNORECASE,
)
"""Headers over what it costs or has seen, which is no part of a name."""
_TICKED = re.compile(r"[✓✔√]|yes|y", re.IGNORECASE)
_MOST, _LONGEST = 6, 20
"""So many parts that are switched on, of so many letters each, make a name."""
_LETTER = re.compile(r"[^\W\d_]")


def told_apart(table: Table, rows: Sequence[Row], labels: Mapping[int, str]) -> dict[int, str]:
    """What stands behind the labels of rows that are alike within their group, by the number of the row.

    Args:
        table: the table.
        rows: its labelled rows.
        labels: what each row is called, by its number.
    """
    alike: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        alike.setdefault((row.group, labels[row.index]), []).append(row)
    return {
        row.index: said
        for same in alike.values()
        for row, said in zip(same, _telling(table, same), strict=True)
    }


def _telling(table: Table, rows: Sequence[Row]) -> list[str]:
    """What tells rows apart, as it stands behind a name; empty strings where nothing does."""
    if len(rows) == 1:
        return [""]
    ticked = [_switched_on(table, row) for row in rows]
    if len(set(ticked)) > 1 and all(len(row) <= _MOST for row in ticked):
        return [f"({', '.join(names)})" if names else "" for names in ticked]
    for heading, texts in _settings(table, rows):
        if len(set(texts)) == len(rows):
            return [_said(heading, text) for text in texts]
    return [""] * len(rows)


def _switched_on(table: Table, row: Row) -> tuple[str, ...]:
    """The headers over a row's ticks."""
    return tuple(
        name
        for cell in row.cells
        if cell and _TICKED.fullmatch(cell.text.strip())
        and (name := " ".join(without_citations(" ".join(table.header(cell.column))).split()))
        and _LETTER.search(name)
        and len(name) <= _LONGEST
    )  # fmt: skip


def _settings(table: Table, rows: Sequence[Row]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The columns of what is set, each with its header and what the rows print in it."""
    for column in range(len(rows[0].cells)):
        heading = " ".join(table.header(column))
        if _SET.search(heading) and not _SPENT.search(heading):
            yield (
                heading,
                tuple(
                    without_citations(cell.text).strip() if (cell := row.cells[column]) else ""
                    for row in rows
                ),
            )


def _said(heading: str, text: str) -> str:
    """A setting behind a name: `ZipNet 512 × 512`, `ZipNet, # layers 20`."""
    if not text or is_absent(text):
        return ""
    return text if _LETTER.search(text) or "\u00d7" in text else f", {heading} {text}"
