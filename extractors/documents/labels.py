"""What names the rows of a table: which columns stand at their left, which rows are titles of groups.

Tables name what they compare at the left, sometimes over several columns and sometimes once for several rows; a row of
a single text is the title of the rows below it. Cells are given as texts here, None where there is none; `Table` in
`documents.model` gives its own. What columns and numbers mean is in `extractors.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Texts = Sequence[str | None]

_ABSENT = re.compile(r"[-\u2010-\u2015\u2212./\s]*|n\s*/?\s*a|[x∅✗✓]", re.IGNORECASE)
_MARKS = r"*†‡§¶#⋆★∗•△▲◦⋄∧^"
_LEADING = rf"[{_MARKS}~<>≤≥≈∼±+\-\u2212\s]*"
_PLAIN = re.compile(rf"{_LEADING}\.?\d[\d.,/|±∓+\-\u2212\u2013()\[\]%↑↓▲▼{_MARKS}\s]*")
"""A number, several, or one with its spread, and marks of notes."""
_MEASURED = re.compile(rf"{_LEADING}\d[\d.,]*\s*(?:[KMBGTkx×%]|ms|hrs?|h|s|days?)?\b.{{0,12}}")
"""A number with its unit or a note behind it."""
_WORD = re.compile(r"[^\W\d_]{2}")
_DITTO = re.compile(
    r"[-\u2013\u2014]?\s?(?:[\"\u201c\u201d\u3003\u2033]|''|,,|\u201d)\s?[-\u2013\u2014]?|ditto|idem|id\.|do\.",
    re.IGNORECASE,
)
_LEAST = 0.5
"""A column is one of numbers if at least this share of its filled cells are."""


@dataclass(frozen=True, slots=True)
class RowLabel:
    """What a row below the header is called."""

    row: int
    """Its place in `Table.rows`."""
    texts: tuple[str, ...]
    """What stands at its left, a name that spans several rows first; empty cells left out."""
    carried: bool
    """Whether the first of them is a name that stands in a row above."""
    group: str
    """The title above the rows that it is one of, or empty."""


def is_absent(text: str) -> bool:
    """Whether a cell says that there is no value: empty, a dash, `n/a`."""
    return bool(_ABSENT.fullmatch(text.strip()))


def is_ditto(text: str) -> bool:
    """Whether a cell repeats the one above it: `"`, `〃`, `ditto`."""
    return bool(_DITTO.fullmatch(text.strip()))


def number_columns(body: Sequence[Texts]) -> tuple[int, ...]:
    """The columns that hold mostly numbers.

    Args:
        body: the rows below the header, equally long.
    """
    return tuple(
        column for column in range(len(body[0]) if body else 0) if _is_numeric([row[column] for row in body])
    )


def _is_numeric(texts: Texts) -> bool:
    filled = [text for text in texts if text is not None and not is_absent(text)]
    numbers = sum(bool(_PLAIN.fullmatch(text) or _MEASURED.fullmatch(text)) for text in filled)
    return bool(filled) and numbers >= _LEAST * len(filled)


def row_labels(body: Sequence[Texts], first: int, stub: int, spans: Sequence[int] = ()) -> Iterator[RowLabel]:
    """The labels of the rows that hold values; empty rows and titles of groups have none.

    Args:
        body: the rows below the header.
        first: place of the first of them in the table.
        stub: how many columns at the left name the rows; at least one.
        spans: how many rows the first cell of each row covers, where the table tells. A name that covers several
            ends with them; one that covers its own row alone may stand for the blanks below it.
    """
    group, carried, end = "", "", 0
    above: Texts = ()
    for index, printed in enumerate(body, first):
        row = above = [*_repeated(printed[:stub], above), *printed[stub:]]
        filled = [text for text in row if text is not None]
        if not filled:
            continue
        if _is_title(filled):
            group, carried = filled[0], ""
            continue
        names = [text for text in row[:stub] if text is not None]
        if row[0] is not None:
            span = spans[index - first] if spans else 1
            end = index + span if span > 1 else first + len(body)
        spanned = row[0] is None and bool(carried) and index < end
        names = [carried, *names] if spanned else names
        carried = carried if row[0] is None else row[0]
        told = tuple(name for name in names if not is_absent(name)) or _named_inside(row)
        yield RowLabel(index, told, spanned and told[:1] == (names[0],), group)


def _named_inside(row: Texts) -> tuple[str, ...]:
    """The name of a row that stands over columns of numbers, in front of the first number."""
    filled = [text for text in row if text is not None and not is_absent(text)]
    first, *rest = filled or [""]
    named = len(rest) > 0 and all(map(_PLAIN.fullmatch, rest)) and not _MEASURED.fullmatch(first)
    return (first,) if named and _WORD.search(first) and not _PLAIN.fullmatch(first) else ()


def _repeated(texts: Texts, above: Texts) -> Iterator[str | None]:
    """The labels of a row, with those above in the place of dittos."""
    for column, text in enumerate(texts):
        yield above[column] if text is not None and above and is_ditto(text) else text


def _is_title(filled: Sequence[str]) -> bool:
    """Whether a row is the title of a group: text alone, in one cell."""
    return len(filled) == 1 and not is_absent(filled[0]) and not _PLAIN.fullmatch(filled[0])
