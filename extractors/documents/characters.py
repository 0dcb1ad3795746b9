"""Characters and ruling lines of a page, from pdfium: the only module that knows its C interface.

Positions come out upright, in points from the top left corner, whatever the page's rotation and crop box. pdfium keeps
the order of the content stream, which for papers is the order of reading, and quotes are looked up in that order; so
nothing here sorts.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, groupby, repeat
from typing import Any, NamedTuple, cast

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_RULE_THICKNESS = 2.0
"""Points up to which a path is a ruling line rather than a shape."""
_RULE_LENGTH = 12.0
_BAR_LENGTH = 6.0
"""A vertical line may be as short as one row is high."""
_BAR_JOINT = 4.0
_DRAWN = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)
"""What lines are drawn as: some producers make thin pictures of them."""
_JOINT = 0.8
"""Points between pieces of one line at most; lines under two headers stand further apart."""
_BLANK, _CODES = 32, 0x110000
_OTHERS = 0xFFFE
"""What stands in a text for hyphens at the ends of lines, and for glyphs without a code."""
_STEADY = 0.01
"""Points within which the boxes of one line's characters end at the same height."""
_BOLD = re.compile(r"bold|black|heavy|bx\d|-medi|demi|(?:libertine|biolinum)t[bz]", re.IGNORECASE)
"""Names of bold fonts. The weight that pdfium gives is a guess by stem width, and wrong for whole papers set in CMR10."""


class Character(NamedTuple):
    """One character; generated ones (blanks and line ends that pdfium infers) have no place.

    Characters turned by a quarter or more have their places on the page turned the other way, on which they read left
    to right (`PageView.turned`). A tuple, since a paper has a hundred thousand of them.
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
        left, bottom, right, top = _shown(page)
        self.rotation = (page.get_rotation() + turned) % 360
        width, height = right - left, top - bottom
        self.width, self.height = (height, width) if self.rotation % 180 else (width, height)
        self.terms = {
            90: (0.0, 1.0, -bottom, 1.0, 0.0, -left),
            180: (-1.0, 0.0, right, 0.0, 1.0, -bottom),
            270: (0.0, -1.0, top, -1.0, 0.0, right),
        }.get(self.rotation, (1.0, 0.0, -left, 0.0, -1.0, top))
        """Factors of x and y, and what is added, for the upright x; then the same for the upright y."""

    def point(self, x: float, y: float) -> tuple[float, float]:
        """An upright point."""
        ax, bx, cx, ay, by, cy = self.terms
        return ax * x + bx * y + cx, ay * x + by * y + cy


def _shown(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """What of a page is shown: left, bottom, right and top, in its own coordinates.

    Only the bounding box minds what a page inherits. It is empty where the crop box lies beside the media box, which
    then counts alone.
    """
    left, bottom, right, top = page.get_bbox()
    if right <= left or top <= bottom:
        left, bottom, right, top = page.get_mediabox()
    return left, bottom, right, top


def characters(page: pdfium.PdfPage, limit: int) -> list[Character]:
    """The characters of a page, at most `limit`, in the order of the content stream."""
    views, textpage = [PageView(page, turned) for turned in (0, 90, 180, 270)], page.get_textpage()
    try:
        return _Probe(textpage, views).characters(limit)
    finally:
        textpage.close()


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the characters of one text object have in common."""

    size: float
    font: str
    bold: bool
    angle: float
    view: PageView
    foot: float
    """Where the box of its first character ends below; the baseline moves with it."""
    baseline: float


def _entry(name: str, result: type, *arguments: type) -> Callable[..., Any]:
    """A function of pdfium's that takes and gives plain numbers: pointers as objects cost half of the reading time."""
    address = ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_AT = (ctypes.c_void_p, ctypes.c_int)
"""A text page, and the index of a character on it."""
_code_of = _entry("FPDFText_GetUnicode", ctypes.c_uint, *_AT)
_is_generated = _entry("FPDFText_IsGenerated", ctypes.c_int, *_AT)
_owner_of = _entry("FPDFText_GetTextObject", ctypes.c_void_p, *_AT)
_size_of = _entry("FPDFText_GetFontSize", ctypes.c_double, *_AT)
_box_of = _entry("FPDFText_GetLooseCharBox", ctypes.c_int, *_AT, ctypes.c_void_p)
_matrix_of = _entry("FPDFText_GetMatrix", ctypes.c_int, *_AT, ctypes.c_void_p)
_origin_of = _entry("FPDFText_GetCharOrigin", ctypes.c_int, *_AT, ctypes.c_void_p, ctypes.c_void_p)
_font_of = _entry("FPDFTextObj_GetFont", ctypes.c_void_p, ctypes.c_void_p)


_new = tuple.__new__


class _Probe:
    """Asks a text page about its characters.

    Questions are what reading costs, so a character is asked only for its code, its text object and
    its box; all else is asked once for each object.
    """

    def __init__(self, textpage: pdfium.PdfTextPage, views: Sequence[PageView]) -> None:
        self._page, self._views = textpage, views
        self._handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value or 0
        self._rotation = math.radians(views[0].rotation)
        buffer = ctypes.create_string_buffer(ctypes.sizeof(pdfium_c.FS_MATRIX))
        self._at = ctypes.addressof(buffer)
        self._matrix = memoryview(buffer).cast("B").cast("f")
        self._origin = memoryview(buffer).cast("B")[:16].cast("d")
        """Two views of one buffer that pdfium writes its answers to."""
        self._settings: dict[int, _Setting] = {}
        self._fonts: dict[int, tuple[str, bool]] = {}
        self._nothing = _Setting(0.0, "", False, 0.0, views[0], 0.0, 0.0)

    def characters(self, limit: int) -> list[Character]:
        """The page's characters, at most `limit`."""
        total = min(pdfium_c.FPDFText_CountChars(self._page), limit)
        if total <= 0:
            return []
        page = repeat(self._handle)
        codes = self._codes(total)
        owners = list(map(_owner_of, page, range(total)))
        boxes = (pdfium_c.FS_RECTF * total)()
        start = ctypes.addressof(boxes)
        places = range(start, start + ctypes.sizeof(boxes), ctypes.sizeof(pdfium_c.FS_RECTF))
        deque(map(_box_of, page, range(total), places), maxlen=0)
        return self._characters(codes, owners, memoryview(boxes).cast("B").cast("f"))

    def _codes(self, total: int) -> list[int]:
        """The code of each character: from the text as a whole, where that has one place for each."""
        buffer = (ctypes.c_ushort * (total + 1))()
        if pdfium_c.FPDFText_GetText(self._page, 0, total, buffer) != total + 1:
            return list(map(_code_of, repeat(self._handle), range(total)))
        codes = memoryview(buffer).cast("B").cast("H")[:total].tolist()
        if _OTHERS not in codes:
            return codes
        return [code if code != _OTHERS else _code_of(self._handle, at) for at, code in enumerate(codes)]

    def _characters(
        self, codes: Sequence[int], owners: Sequence[int | None], edges: memoryview[float]
    ) -> list[Character]:
        """Characters of their codes, text objects and boxes, put together column by column."""
        lefts, rights, feet = _across(self._views[0], edges)
        baselines: list[float] = []
        sizes: list[float] = []
        fonts: list[str] = []
        bolds: list[bool] = []
        angles: list[float] = []
        generated = [
            at for at, code in enumerate(codes) if code == _BLANK and _is_generated(self._handle, at) == 1
        ]
        index = 0
        for owner, same in groupby(owners):
            end = index + len(list(same))
            if not owner:
                generated += range(index, end)
            setting = self._setting(owner, index, edges) if owner else self._nothing
            sizes += [setting.size] * (end - index)
            fonts += [setting.font] * (end - index)
            bolds += [setting.bold] * (end - index)
            angles += [setting.angle] * (end - index)
            if owner and setting.view is not self._views[0]:
                places = _across(setting.view, edges[4 * index : 4 * end])
                lefts[index:end], rights[index:end], feet[index:end] = places
            baselines += (
                self._baselines(setting, index, codes[index:end], feet[index:end])
                if owner
                else [0.0] * (end - index)
            )
            index = end
        texts = list(map(chr, codes)) if max(codes) < _CODES else [chr(code % _CODES) for code in codes]
        columns = zip(
            texts, lefts, rights, baselines, sizes, fonts, bolds, angles, repeat(False), strict=False
        )
        found = list(map(_new, repeat(Character), columns))
        for at in generated:
            found[at] = Character(texts[at], 0.0, 0.0, 0.0, 0.0, "", False, 0.0, True)
        return [c for c in found if c.text != "\0"] if 0 in codes else found

    def _baselines(
        self, setting: _Setting, index: int, codes: Sequence[int], feet: Sequence[float]
    ) -> list[float]:
        """The baselines of one object's characters: one for all, but for slanting, vertical and strange type."""
        low, high = setting.foot - _STEADY, setting.foot + _STEADY
        if low < min(feet) and max(feet) < high:
            return [setting.baseline] * len(feet)
        return [
            setting.baseline if low < foot < high or code == _BLANK else self._baseline(at, setting.view)
            for at, code, foot in zip(count(index), codes, feet, strict=False)
        ]

    def _setting(self, owner: int, index: int, edges: memoryview[float]) -> _Setting:
        if owner in self._settings:
            return self._settings[owner]
        _matrix_of(self._handle, index, self._at)
        a, b, c, d, *_ = self._matrix
        angle = _turned(math.atan2(b, a) - self._rotation)
        view = self._views[quarter(angle) // 90]
        size = abs(_size_of(self._handle, index)) * (math.sqrt(abs(a * d - b * c)) or 1.0)
        foot = edges[4 * index + _foot(view)]
        font, bold = self._font(owner, index)
        setting = _Setting(size, font, bold, angle, view, foot, self._baseline(index, view))
        self._settings[owner] = setting
        return setting

    def _baseline(self, index: int, view: PageView) -> float:
        _origin_of(self._handle, index, self._at, self._at + ctypes.sizeof(ctypes.c_double))
        return view.point(*self._origin)[1]

    def _font(self, owner: int, index: int) -> tuple[str, bool]:
        """Name of a character's font, and whether it is bold."""
        key = _font_of(owner)
        if key not in self._fonts:
            buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
            pdfium_c.FPDFText_GetFontInfo(self._page, index, buffer, 128, flags)
            name = buffer.value.decode("utf-8", "replace")
            self._fonts[key] = name, is_bold(name)
        return self._fonts[key]


def _across(view: PageView, edges: memoryview[float]) -> tuple[list[float], list[float], list[float]]:
    """Left and right ends of boxes on the upright page, and where they end below, unmoved: only its steadiness counts."""
    ax, bx, cx, _, _, _ = view.terms
    first, last = (0, 2) if ax > 0 else (2, 0) if ax else (3, 1) if bx > 0 else (1, 3)
    factor = ax or bx
    starts, ends = _column(edges, first), _column(edges, last)
    if factor != 1 or cx:
        starts, ends = [factor * x + cx for x in starts], [factor * x + cx for x in ends]
    return starts, ends, _column(edges, _foot(view))


def _foot(view: PageView) -> int:
    """Which side of a box is its lower end, for text that reads left to right in a view."""
    return 2 if view.rotation % 180 else 3


def _column(edges: memoryview[float], side: int) -> list[float]:
    """One side of each box: 0 for left, 1 for top, 2 for right, 3 for bottom."""
    return cast("list[float]", edges[side::4].tolist())


def is_bold(font: str) -> bool:
    """Whether a font's name says that it is bold."""
    return bool(_BOLD.search(font))


def quarter(angle: float) -> int:
    """Degrees (0, 90, 180 or 270) of the quarter turn nearest to an angle in radians."""
    return round(angle / (math.pi / 2)) % 4 * 90


def _turned(angle: float) -> float:
    return math.remainder(angle, 2 * math.pi)


def drawn_lines(page: pdfium.PdfPage, limit: int) -> tuple[list[Rule], list[Bar]]:
    """The horizontal and the vertical ruling lines among the first `limit` objects of a page.

    Pieces that continue each other are one line.
    """
    view, spans = PageView(page), []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    # Forms hold figures, in coordinates of their own: their lines are no tables'.
    for index in range(min(pdfium_c.FPDFPage_CountObjects(page), limit)):
        item = pdfium_c.FPDFPage_GetObject(page, index)
        if pdfium_c.FPDFPageObj_GetType(item) in _DRAWN:
            pdfium_c.FPDFPageObj_GetBounds(item, left, bottom, right, top)
            (xa, ya), (xb, yb) = view.point(left.value, bottom.value), view.point(right.value, top.value)
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
