"""Marks of rows that a caption explains: `M denotes multi-scale testing`, `+ means an ensemble`.

What a mark means holds for the rows that have it and for no other, though it stands in the caption of all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.documents.labels import is_absent
from extractors.documents.model import Table
from extractors.tables.citations import without_citations

_DEFINED = re.compile(
    r"(?<![\w-])[\"“‘'(]?(?P<mark>[*\u2217\u2020\u2021\u00a7\u00b6+]{1,2}|[A-Z]{1,3}(?!\w))[\"”’')]?\s?"
    r"(?:(?:denotes?|means?|indicates?|stands for|represents?|refers to)\s|(?:(?<=\W)|(?<=MS)|(?<=SS)|(?<=TTA))[:=]\s)(?P<said>[^.;,()]{1,90})"
)
_OF_ROW = re.compile(r"[^.]*?[\"“](?P<name>[^\"“”]{3,40})[\"”][^.]*(?:\.(?=\d)[^.]*)*\.?")
"""A sentence of a caption that speaks of a row by its name: `The system “base++” is an ensemble`."""
_QUOTES = '"\u201c\u201d'
_TICKED = re.compile(r"[✓✔√]|yes", re.IGNORECASE)
_SAME = str.maketrans({"\u2217": "*"})


def is_switch(table: Table, column: int) -> bool:
    """Whether a column holds nothing but tick marks, so that its header names a change."""
    texts = [cell.text for row in table.body() if (cell := row[column])]
    return bool(texts) and all(map(is_absent, texts))


def without_marks(text: str) -> str:
    """A caption without what it says of marks and of single rows."""
    return _DEFINED.sub(" ", _OF_ROW.sub(" ", text) if _may_name_rows(text) else text)


@dataclass(frozen=True, slots=True)
class Legend:
    """What the texts around a table say of single rows."""

    named: Sequence[tuple[str, str]]
    """Names in quotation marks, as `_plain` has them, each with the sentence that has it."""
    defined: Mapping[str, str]
    """What each mark means."""


def legend_of(text: str) -> Legend:
    """What a text says of marks and single rows: the caption of a table, and the sentences that name the table."""
    named = _OF_ROW.finditer(text) if _may_name_rows(text) else ()
    return Legend(
        tuple((_plain(found["name"]), found[0]) for found in named),
        {found["mark"].translate(_SAME): found["said"] for found in _DEFINED.finditer(text)},
    )


def said_by_marks(table: Table, row: int, label: str, legend: Legend) -> str:
    """What is said of a row alone: what its marks mean, behind its label and over its ticks, and the sentence with its name.

    Args:
        table: the table.
        row: the row's place in it.
        label: its label.
        legend: what explains its marks.
    """
    plain = _plain(label)
    ticked = (cell.column for cell in table.rows[row] if cell and _TICKED.fullmatch(cell.text.strip()))
    heads = dict.fromkeys(line.strip() for column in ticked for line in table.header(column))
    words = without_citations(label).translate(_SAME).split()
    return " ".join(
        (
            *(said for name, said in legend.named if name in plain),
            *(head for head in heads if head not in legend.defined),
            *(said for mark, said in legend.defined.items() if mark in heads or _bears(words, mark)),
        )
    )


def _may_name_rows(text: str) -> bool:
    """Whether a text has a quotation mark: most have none, and to look for names in them takes long."""
    return any(mark in text for mark in _QUOTES)


def _bears(words: list[str], mark: str) -> bool:
    """Whether a label has a mark: a sign behind one of its words, or letters as a word of their own."""
    if mark.isalpha():
        return len(mark) > 1 and any(word.strip("(),") == mark for word in words[1:])
    return any(len(word) > len(mark) and word.endswith(mark) for word in words)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", name).lower()
