"""Marks of rows that a caption explains: `M denotes multi-scale testing`, `+ means an ensemble`.

What a mark means holds for the rows that have it and for no other, though it stands in the caption of all.
"""

from __future__ import annotations

import re

from extractors.documents.labels import is_absent
from extractors.documents.model import Table
from extractors.tables.citations import without_citations

_DEFINED = re.compile(
    r"(?<![\w-])[\"“‘'(]?(?P<mark>[*\u2217\u2020\u2021\u00a7\u00b6+]{1,2}|[A-Z]{1,3}(?!\w))[\"”’')]?\s?"
    r"(?:(?:denotes?|means?|indicates?|stands for|represents?|refers to)\s|(?:(?<=\W)|(?<=MS)|(?<=SS)|(?<=TTA))[:=]\s)(?P<said>[^.;,()]{1,90})"
)
_OF_ROW = re.compile(r"[^.]*?[\"“](?P<name>[^\"“”]{3,40})[\"”][^.]*(?:\.(?=\d)[^.]*)*\.?")
"""A sentence of a caption that speaks of a row by its name: `The system “base++” is an ensemble`."""
_TICKED = re.compile(r"[✓✔√]|yes", re.IGNORECASE)
_SAME = str.maketrans({"\u2217": "*"})


def is_switch(table: Table, column: int) -> bool:
    """Whether a column holds nothing but tick marks, so that its header names a change."""
    texts = [cell.text for row in table.body() if (cell := row[column])]
    return bool(texts) and all(map(is_absent, texts))


def without_marks(text: str) -> str:
    """A caption without what it says of marks and of single rows."""
    return _DEFINED.sub(" ", _OF_ROW.sub(" ", text))


def said_by_marks(table: Table, row: int, label: str, text: str) -> str:
    """What is said of a row alone: what its marks mean, behind its label and over its ticks, and the sentence with its name.

    Args:
        table: the table.
        row: the row's place in it.
        label: its label.
        text: what explains the marks: the caption and the sentences that name the table.
    """
    named = [found[0] for found in _OF_ROW.finditer(text) if _plain(found["name"]) in _plain(label)]
    defined = {found["mark"].translate(_SAME): found["said"] for found in _DEFINED.finditer(text)}
    ticked = (cell.column for cell in table.rows[row] if cell and _TICKED.fullmatch(cell.text.strip()))
    heads = dict.fromkeys(line.strip() for column in ticked for line in table.header(column))
    words = without_citations(label).translate(_SAME).split()
    return " ".join(
        (
            *named,
            *(head for head in heads if head not in defined),
            *(said for mark, said in defined.items() if mark in heads or _bears(words, mark)),
        )
    )


def _bears(words: list[str], mark: str) -> bool:
    """Whether a label has a mark: a sign behind one of its words, or letters as a word of their own."""
    if mark.isalpha():
        return len(mark) > 1 and any(word.strip("(),") == mark for word in words[1:])
    return any(len(word) > len(mark) and word.endswith(mark) for word in words)


def _plain(name: str) -> str:
    return re.sub(r"\s", "", name).lower()
