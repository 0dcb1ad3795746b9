"""Characters and ruling lines of a page, from pdfium: the only module that knows its C interface.

Positions come out upright, in points from the top left corner, whatever the page's rotation and crop box. pdfium keeps
the order of the content stream, which for papers is the order of reading, and quotes are looked up in that order; so
nothing here sorts.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_RULE_THICKNESS = 2.0
"""Points up to which a path is a ruling line rather than a shape."""
_RULE_LENGTH = 12.0
_BAR_LENGTH = 6.0
"""A vertical line may be as short as one row is high."""
_BAR_JOINT = 4.0
_JOINT = 0.8
"""Points between pieces of one line at most; lines under two headers stand further apart."""
_BOLD = re.compile(r"bold|black|heavy|bx\d|-medi|demi|(?:libertine|biolinum)t[bz]", re.IGNORECASE)
"""Names of bold fonts. The weight that pdfium gives is a guess by stem width, and wrong for whole papers set in CMR10."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character; generated ones (blanks and line ends that pdfium infers) have no place.

    Characters turned by a quarter or more have their places on the page turned the other way, on which they read left
    to right (`PageView.turned`).
    """

    text: str
    x0: float
    x1: float
    baseline: float
    """Distance of the baseline from the top of the page."""
    size: float
    """Font size in points, as it appears on the page."""
    font: str
    bold: bool
    angle: float
    """Radians counter-clockwise against the upright page; 0 for text that reads left to right."""
    generated: bool


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


class PageView:
    """Turns a page's own coordinates into upright points from the top left corner.

    Args:
        page: the page.
        turned: degrees (0, 90, 180 or 270) by which the page is turned clockwise beyond its own rotation, so that
            text which stands turned counter-clockwise on it reads left to right.
    """

    def __init__(self, page: pdfium.PdfPage, turned: int = 0) -> None:
        left, bottom, right, top = page.get_cropbox()
        self._left, self._bottom, self._right, self._top = left, bottom, right, top
        self.rotation = (page.get_rotation() + turned) % 360
        width, height = page.get_size()
        self.width, self.height = (height, width) if turned % 180 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """An upright point."""
        match self.rotation:
            case 90:
                return y - self._bottom, x - self._left
            case 180:
                return self._right - x, y - self._bottom
            case 270:
                return self._top - y, self._right - x
            case _:
                return x - self._left, self._top - y


def characters(page: pdfium.PdfPage, limit: int) -> Iterator[Character]:
    """The characters of a page, at most `limit`, in the order of the content stream."""
    views, textpage = [PageView(page, turned) for turned in (0, 90, 180, 270)], page.get_textpage()
    fonts: dict[int, tuple[str, bool]] = {}
    probe = _Probe(textpage)
    try:
        for index in range(min(pdfium_c.FPDFText_CountChars(textpage), limit)):
            found = probe.character(index, views, fonts)
            if found is not None:
                yield found
    finally:
        textpage.close()


class _Probe:
    """Asks a text page about its characters, with the C buffers kept between calls."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._page = textpage
        self._box = pdfium_c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._matrix = pdfium_c.FS_MATRIX()

    def character(
        self, index: int, views: Sequence[PageView], fonts: dict[int, tuple[str, bool]]
    ) -> Character | None:
        code = pdfium_c.FPDFText_GetUnicode(self._page, index)
        if not code:
            return None
        text = chr(code) if code < 0x110000 else "\ufffd"
        if pdfium_c.FPDFText_IsGenerated(self._page, index) == 1:
            return Character(text, 0, 0, 0, 0, "", False, 0, generated=True)
        pdfium_c.FPDFText_GetLooseCharBox(self._page, index, self._box)
        pdfium_c.FPDFText_GetCharOrigin(self._page, index, self._x, self._y)
        pdfium_c.FPDFText_GetMatrix(self._page, index, self._matrix)
        angle = _turned(math.atan2(self._matrix.b, self._matrix.a) - math.radians(views[0].rotation))
        view = views[quarter(angle) // 90]
        corners = view.point(self._box.left, self._box.top), view.point(self._box.right, self._box.bottom)
        font, bold = self._font(index, fonts)
        scale = math.sqrt(abs(self._matrix.a * self._matrix.d - self._matrix.b * self._matrix.c))
        size = pdfium_c.FPDFText_GetFontSize(self._page, index) * (scale or 1.0)
        x0, x1 = sorted((corners[0][0], corners[1][0]))
        baseline = view.point(self._x.value, self._y.value)[1]
        return Character(text, x0, x1, baseline, size, font, bold, angle, generated=False)

    def _font(self, index: int, fonts: dict[int, tuple[str, bool]]) -> tuple[str, bool]:
        """Name of a character's font, and whether it is bold; asked once per text object."""
        handle = pdfium_c.FPDFText_GetTextObject(self._page, index)
        key = ctypes.cast(handle, ctypes.c_void_p).value or -1
        if key not in fonts:
            buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            pdfium_c.FPDFText_GetFontInfo(self._page, index, buffer, 128, flags)
            name = buffer.value.decode("utf-8", "replace")
            fonts[key] = name, is_bold(name)
        return fonts[key]


def is_bold(font: str) -> bool:
    """Whether a font's name says that it is bold."""
    return bool(_BOLD.search(font))


def quarter(angle: float) -> int:
    """Degrees (0, 90, 180 or 270) of the quarter turn nearest to an angle in radians."""
    return round(angle / (math.pi / 2)) % 4 * 90


def _turned(angle: float) -> float:
    return math.remainder(angle, 2 * math.pi)


def drawn_lines(page: pdfium.PdfPage) -> tuple[list[Rule], list[Bar]]:
    """The horizontal and the vertical ruling lines of an upright page; pieces that continue each other are one line."""
    view = PageView(page)
    spans = []
    # Forms hold figures, in coordinates of their own: their lines are no tables'.
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=1):
        left, bottom, right, top = item.get_bounds()
        (xa, ya), (xb, yb) = view.point(left, bottom), view.point(right, top)
        spans.append((min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)))
    return lines_of(spans)


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
