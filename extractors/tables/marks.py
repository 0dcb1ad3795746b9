"""Marks of rows that a caption explains: `M denotes multi-scale testing`, `+ means an ensemble`.

What a mark means holds for the rows that have it and for no other, though it stands in the caption of all.
"""

from __future__ import annotations

import re

from extractors.documents.model import Table
from extractors.tables.citations import without_citations

_DEFINED = re.compile(
    r"(?<![\w-])[\"“‘'(]?(?P<mark>[*\u2217\u2020\u2021\u00a7\u00b6+]{1,2}|[A-Z]{1,3}(?!\w))[\"”’')]?\s?"
    r"(?:denotes?|means?|indicates?|stands for|represents?)\s(?P<said>[^.;,()]{1,90})"
)
_TICKED = re.compile(r"[✓✔√]|yes", re.IGNORECASE)
_SAME = str.maketrans({"\u2217": "*"})


def without_marks(text: str) -> str:
    """A caption without what it says of marks."""
    return _DEFINED.sub(" ", text)


def said_by_marks(table: Table, row: int, label: str, text: str) -> str:
    """What the marks of a row mean: those behind its label, and those over its ticks.

    Args:
        table: the table.
        row: the row's place in it.
        label: its label.
        text: what explains the marks: the caption and the sentences that name the table.
    """
    defined = {found["mark"].translate(_SAME): found["said"] for found in _DEFINED.finditer(text)}
    if not defined:
        return ""
    words = without_citations(label).translate(_SAME).split()
    ticked = (cell.column for cell in table.rows[row] if cell and _TICKED.fullmatch(cell.text.strip()))
    heads = {line.strip() for column in ticked for line in table.header(column)}
    return " ".join(
        said
        for mark, said in defined.items()
        if mark in heads
        or (not mark.isalpha() and any(len(word) > len(mark) and word.endswith(mark) for word in words))
    )
