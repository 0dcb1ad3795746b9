"""What stands around a quote, as plain text: a paragraph with the quote and the value in it, or a table's row with headers.

A stored value has only its quote, its page and its box; whoever reviews wants the words before and behind. They are
read from the document again (`annotation.around`), in another process, and handed on as these types.
"""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]
"""Offsets in a text; empty where they are the same."""


@dataclass(frozen=True, slots=True)
class InText:
    """A paragraph, and where in it."""

    text: str
    quote: Span
    """Of the quoted words; empty where they cannot be told."""
    value: Span
    """Of the words that the value's box is around, or empty."""


@dataclass(frozen=True, slots=True)
class InTable:
    """A table, and the cell in it."""

    caption: str
    rows: tuple[tuple[str, ...], ...]
    """Texts of the cells, empty where there are none."""
    header_rows: int
    row: int
    column: int | None
    """None where only the row is known."""


Passage = InText | InTable
