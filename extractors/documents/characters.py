"""Characters and ruling lines of a page, as every reader gives them: in columns, upright, in points from the top left.

A page has some four thousand characters, so they are kept as arrays and nothing here goes through them one by one.
Where they come from is in `documents.pdfium` and, for pages that it cannot read, in `documents.plumbed`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]

_RULE_THICKNESS = 2.0
"""Points up to which a path is a ruling line rather than a shape."""
_RULE_LENGTH = 12.0
_BAR_LENGTH = 6.0
"""A vertical line may be as short as one row is high."""
_BAR_JOINT = 4.0
_JOINT = 0.8
"""Points between pieces of one line at most; lines under two headers stand further apart."""
_BLANKS = np.array([chr(code).isspace() for code in range(0x3002)])
"""Whether each code is a blank, up to the first behind the last that is."""
_BOLD = re.compile(r"bold|black|heavy|bx\d|-medi|demi|(?:libertine|biolinum)t[bz]", re.IGNORECASE)
"""Names of bold fonts. The weight that pdfium gives is a guess by stem width, and wrong for whole papers set in CMR10."""

_SIGNS = re.compile(r"(?:[A-Z]{6}\+)?(MSAM|BBDING)", re.IGNORECASE)


class Character(NamedTuple):
    """One character; generated ones (blanks and line ends that pdfium infers) have no place.

    Characters turned by a quarter or more have their places on the page turned the other way, on which they read left
    to right (`documents.pdfium.PageView`).
    """

    text: str
    x0: float
    x1: float
    baseline: float
    """Distance of the baseline from the top of the page."""
    size: float
    """Font size in points, as it appears on the page."""
    font: str
    angle: float
    """Radians counter-clockwise against the upright page; 0 for text that reads left to right."""
    generated: bool = False


@dataclass(frozen=True, eq=False)
class Characters:
    """The characters of a page in the order of its content stream, column by column: see `Character`."""

    codes: Codes
    """Unicode; letters beyond the basic plane may come as two surrogates, each with its own place."""
    x0: Floats
    x1: Floats
    baseline: Floats
    size: Floats
    font: Integers
    """Which of `fonts`."""
    angle: Floats
    generated: Flags
    fonts: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Character]) -> Self:
        """The same characters, column by column; a text of several letters becomes as many characters in its place."""
        letters = [row._replace(text=letter) for row in rows for letter in row.text]
        fonts = tuple(dict.fromkeys(row.font for row in letters))
        numbers = {font: number for number, font in enumerate(fonts)}
        places = np.array([(c.x0, c.x1, c.baseline, c.size, c.angle) for c in letters], float).reshape(-1, 5)
        x0, x1, baseline, size, angle = places.T
        return cls(
            np.array([ord(row.text) for row in letters], np.uint32),
            x0,
            x1,
            baseline,
            size,
            np.array([numbers[row.font] for row in letters], int),
            angle,
            np.array([row.generated for row in letters], bool),
            fonts,
        )

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Character]:
        """One by one, for the few places where that is clearer than it is slow."""
        names = [self.fonts[number] for number in self.font.tolist()]
        places = (column.tolist() for column in (self.x0, self.x1, self.baseline, self.size))
        return map(Character, self.text, *places, names, self.angle.tolist(), self.generated.tolist())

    @cached_property
    def text(self) -> str:
        """All of it, one letter of the string for each character."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")

    @cached_property
    def bold(self) -> Flags:
        """Which are bold, by the names of their fonts."""
        return np.array([is_bold(name) for name in self.fonts], bool)[self.font]

    def where(self, chosen: Flags | Integers) -> Characters:
        """Some of them, in the order given."""
        return Characters(
            self.codes[chosen],
            self.x0[chosen],
            self.x1[chosen],
            self.baseline[chosen],
            self.size[chosen],
            self.font[chosen],
            self.angle[chosen],
            self.generated[chosen],
            self.fonts,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal ruling line."""

    x0: float
    x1: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A vertical ruling line."""

    x: float
    top: float
    bottom: float


def blanks(codes: Codes) -> Flags:
    """Which characters are blanks or line ends."""
    return _BLANKS[np.minimum(codes, len(_BLANKS) - 1)]


def is_bold(font: str) -> bool:
    """Whether a font's name says that it is bold."""
    return bool(_BOLD.search(font))


def signs_of(font: str) -> str | None:
    """The family of a font that has signs where others have letters, such as `MSAM`; None for all others."""
    family = _SIGNS.match(font)
    return family[1].upper() if family else None


def quarter(angle: float) -> int:
    """Degrees (0, 90, 180 or 270) of the quarter turn nearest to an angle in radians."""
    return round(angle / (math.pi / 2)) % 4 * 90


def lines_of(spans: Iterable[tuple[float, float, float, float]]) -> tuple[list[Rule], list[Bar]]:
    """The ruling lines among drawn shapes.

    Args:
        spans: left, top, right and bottom of each, in points from the top left corner.
    """
    rules, bars = [], []
    for x0, top, x1, bottom in spans:
        if bottom - top <= _RULE_THICKNESS and x1 - x0 >= _RULE_LENGTH:
            rules.append(Rule(x0, x1, (top + bottom) / 2))
        elif x1 - x0 <= _RULE_THICKNESS and bottom - top >= _BAR_LENGTH:
            bars.append(Bar((x0 + x1) / 2, top, bottom))
    return _joined_rules(rules), _joined_bars(bars)


def _joined_rules(found: list[Rule]) -> list[Rule]:
    """Ruling lines with the pieces of one line put together, from the top down."""
    kept: list[Rule] = []
    for rule in sorted(found, key=lambda item: (round(item.y), item.x0)):
        last = kept[-1] if kept else None
        if last and abs(last.y - rule.y) < 1.5 and rule.x0 <= last.x1 + _JOINT:
            kept[-1] = Rule(last.x0, max(last.x1, rule.x1), last.y)
        else:
            kept.append(rule)
    return kept


def _joined_bars(found: list[Bar]) -> list[Bar]:
    """The same for vertical lines, from left to right; they are drawn row by row and may leave a gap at the rules."""
    kept: list[Bar] = []
    for bar in sorted(found, key=lambda item: (round(item.x), item.top)):
        last = kept[-1] if kept else None
        if last and abs(last.x - bar.x) < 1.5 and bar.top <= last.bottom + _BAR_JOINT:
            kept[-1] = Bar(last.x, last.top, max(last.bottom, bar.bottom))
        else:
            kept.append(bar)
    return kept
