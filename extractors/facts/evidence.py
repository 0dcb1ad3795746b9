"""Where a value stands in a paper: page, box, words, and the rule that read them. No value is without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from extractors.facts.errors import ParseError

QUOTE_LIMIT = 160
"""Longest verbatim quote, in characters: enough to judge a value by, short enough to publish."""


class _Sides(NamedTuple):
    page: int
    """1-based page of the file, whatever number is printed on it."""
    x0: float
    top: float
    x1: float
    bottom: float


class Box(_Sides):
    """A rectangle on a page, in points (1/72 inch) from the top left corner of the upright page.

    Every word has one, and a tuple is made in a third of the time that a frozen dataclass takes.
    """

    __slots__ = ()

    def __new__(cls, page: int, x0: float, top: float, x1: float, bottom: float) -> Self:
        """The box; its right side is not left of its left one, nor its bottom above its top.

        Raises:
            ParseError: there is no such page or box.
        """
        if page < 1 or x1 < x0 or bottom < top:
            raise ParseError(f"not a box: page {page}, {x0}-{x1} by {top}-{bottom}")
        return tuple.__new__(cls, (page, x0, top, x1, bottom))

    @classmethod
    def around(cls, boxes: Sequence[Box]) -> Box:
        """The smallest box around boxes, of which there is at least one; all stand on one page.

        Raises:
            ParseError: the boxes stand on different pages.
        """
        pages = {box.page for box in boxes}
        if len(pages) > 1:
            raise ParseError(f"no box spans pages {' and '.join(map(str, sorted(pages)))}")
        return cls(
            boxes[0].page,
            min([box.x0 for box in boxes]),
            min([box.top for box in boxes]),
            max([box.x1 for box in boxes]),
            max([box.bottom for box in boxes]),
        )

    def union(self, other: Box) -> Box:
        """The smallest box around both; as `around`."""
        return Box.around((self, other))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value is believed: bytes, page, box, verbatim words and the rule that read them."""

    sha256: str
    page: int
    box: Box | None
    """None only where the source has no geometry (HTML)."""
    anchor: str
    """The part of the paper: a section title, `Table 3`, an element id; for not-reported, the parts searched."""
    quote: str
    rule: str

    def __post_init__(self) -> None:
        if not self.quote.strip() or len(self.quote) > QUOTE_LIMIT:
            raise ParseError(
                f"a quote has 1 to {QUOTE_LIMIT} characters, not {len(self.quote)}", where=self.rule
            )
        if self.page < 1 or (self.box and self.box.page != self.page):
            raise ParseError(f"evidence on page {self.page} has a box elsewhere", where=self.rule)
