"""Characters and ruling lines of a page by pdfium: the only module that knows its C interface.

pdfium keeps the order of the content stream, which for papers is the order of reading, and quotes are looked up in that
order; so nothing here sorts. Questions are what reading costs: a character is asked for its code, its text object and its
box, and all else is asked once for each object.
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from extractors.documents.characters import (
    Bar,
    Characters,
    Codes,
    Flags,
    Floats,
    Integers,
    Rule,
    lines_of,
)

Matrix = tuple[float, float, float, float, float, float]
Reals = NDArray[np.float32] | NDArray[np.float64]

_DRAWN = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)
"""What lines are drawn as: some producers make thin pictures of them."""
_BLANK, _CODES = 32, 0x110000
_OTHERS = 0xFFFE
"""What stands in a text for hyphens at the ends of lines, and for glyphs without a code."""
_STEADY = 0.01
"""Points within which the boxes of one line's characters end at the same height."""
_QUARTERS = (0, 90, 180, 270)
_AROUND = 4
"""Objects of a page at most whose content is one form: that, a stamp, a page's number."""
_SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""The matrix that changes nothing."""


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

    def heights(self, points: Floats) -> Floats:
        """How far below the top points stand, of shape (n, 2)."""
        ay, by, cy = self.terms[3:]
        return ay * points[:, 0] + by * points[:, 1] + cy

    def ends(self, boxes: Floats) -> tuple[Floats, Floats]:
        """Left and right ends of boxes, of shape (n, 4): left, top, right and bottom in the page's coordinates."""
        ax, bx, cx = self.terms[:3]
        first, last = (0, 2) if ax > 0 else (2, 0) if ax else (3, 1) if bx > 0 else (1, 3)
        factor = ax or bx
        return factor * boxes[:, first] + cx, factor * boxes[:, last] + cx

    @property
    def foot(self) -> int:
        """Which side of a box is its lower end, for text that reads left to right."""
        return 2 if self.rotation % 180 else 3


def _shown(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """What of a page is shown: left, bottom, right and top, in its own coordinates.

    Only the bounding box minds what a page inherits. It is empty where the crop box lies beside the media box, which
    then counts alone.
    """
    left, bottom, right, top = page.get_bbox()
    if right <= left or top <= bottom:
        left, bottom, right, top = page.get_mediabox()
    return left, bottom, right, top


def characters(page: pdfium.PdfPage, limit: int) -> Characters:
    """The characters of a page, at most `limit`, in the order of the content stream."""
    views, textpage = [PageView(page, turned) for turned in _QUARTERS], page.get_textpage()
    try:
        return _Probe(textpage, limit).characters(views)
    finally:
        textpage.close()


def _entry(name: str, result: type, *arguments: type) -> Callable[..., Any]:
    """A function of pdfium's that takes and gives plain numbers: pointers as objects cost half of the reading time.

    It is over sooner than the interpreter's lock could be let go and taken again, so that is kept. Without `arguments`
    it takes whole numbers and addresses (`c_void_p`, arrays) unchecked, in half the time again.
    """
    address = ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_AT = (ctypes.c_void_p, ctypes.c_int)
"""A text page and the index of a character on it, or a page and that of an object."""
_owner_of = _entry("FPDFText_GetTextObject", ctypes.c_size_t)
_box_of = _entry("FPDFText_GetLooseCharBox", ctypes.c_int)
_code_of = _entry("FPDFText_GetUnicode", ctypes.c_uint, *_AT)
_is_generated = _entry("FPDFText_IsGenerated", ctypes.c_int, *_AT)
_size_of = _entry("FPDFText_GetFontSize", ctypes.c_double, *_AT)
_matrix_of = _entry("FPDFText_GetMatrix", ctypes.c_int, *_AT, ctypes.c_void_p)
_origin_of = _entry("FPDFText_GetCharOrigin", ctypes.c_int, *_AT, ctypes.c_void_p, ctypes.c_void_p)
_object_of = _entry("FPDFPage_GetObject", ctypes.c_size_t, *_AT)
_count_of = _entry("FPDFFormObj_CountObjects", ctypes.c_int, ctypes.c_size_t)
_within = _entry("FPDFFormObj_GetObject", ctypes.c_size_t, ctypes.c_size_t, ctypes.c_ulong)
_form_matrix_of = _entry("FPDFPageObj_GetMatrix", ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p)
_type_of = _entry("FPDFPageObj_GetType", ctypes.c_int, ctypes.c_size_t)
_bounds_of = _entry("FPDFPageObj_GetBounds", ctypes.c_int, ctypes.c_size_t, *[ctypes.c_void_p] * 4)
_font_of = _entry("FPDFTextObj_GetFont", ctypes.c_size_t, ctypes.c_size_t)


class _Room:
    """Places to which pdfium writes boxes. To make one takes as long as to ask for a box, so they are kept.

    pdfium answers one thread at a time; boxes are copied before it is asked for others.
    """

    def __init__(self) -> None:
        self._boxes = np.zeros((0, 4), np.float32)
        self._places: list[ctypes.Array[ctypes.c_float]] = []

    def boxes(self, page: ctypes.c_void_p, at: Sequence[int]) -> Floats:
        """Left, top, right and bottom of some characters of a text page."""
        if len(self._places) < len(at):
            self._boxes = np.zeros((2 * len(at), 4), np.float32)
            start, step = self._boxes.ctypes.data, 4 * self._boxes.itemsize
            side = ctypes.c_float * 4
            self._places = [side.from_address(start + row * step) for row in range(len(self._boxes))]
        deque(map(_box_of, repeat(page), at, self._places), maxlen=0)
        return self._boxes[: len(at)].astype(np.float64)


_ROOM = _Room()


@dataclass(frozen=True, slots=True)
class _Objects:
    """What the text objects of a page say of their characters; those without one have one made of nothing."""

    of: Integers
    """The object of each character."""
    first: Integers
    """The first character of each object, and so on for each object:"""
    size: Floats
    font: Integers
    fonts: tuple[str, ...]
    angle: Floats
    quarter: Integers
    """Which of `_QUARTERS` it reads in."""


class _Probe:
    """Asks a text page about its characters: one question about all of them, then the next."""

    def __init__(self, textpage: pdfium.PdfTextPage, limit: int) -> None:
        self._page = textpage
        self._handle = ctypes.cast(textpage.raw, ctypes.c_void_p)
        self._total = max(min(pdfium_c.FPDFText_CountChars(textpage), limit), 0)

    def characters(self, views: Sequence[PageView]) -> Characters:
        """The page's characters, seen upright and turned by each quarter."""
        codes = self._codes()
        owners = np.fromiter(self._asked(_owner_of, range(self._total)), np.uintp, self._total)
        objects, boxes = self._objects(owners, views[0].rotation), self._boxes(owners)
        generated = owners == 0
        blanks = np.flatnonzero((codes == _BLANK) & ~generated)
        generated[blanks] = np.fromiter(self._asked(_is_generated, blanks.tolist()), int, len(blanks)) == 1
        places = self._places(objects, boxes, (codes != _BLANK) & ~generated, views)
        x0, x1, baseline, size, angle = (
            np.where(generated, 0.0, column)
            for column in (*places, objects.size[objects.of], objects.angle[objects.of])
        )
        font = objects.font[objects.of]
        found = Characters(codes, x0, x1, baseline, size, font, angle, generated, objects.fonts)
        return found if codes.all() else found.where(codes != 0)

    def _asked(
        self, question: Callable[..., Any], at: Iterable[int], *answers: Iterable[int]
    ) -> Iterator[Any]:
        """The answers to a question about some characters, or whether it was answered at the addresses given."""
        return map(question, repeat(self._handle), at, *answers)

    def _written(
        self, answers: Reals, question: Callable[..., Any], at: Iterable[int], offsets: Sequence[int] = (0,)
    ) -> Floats:
        """What pdfium writes of some characters to the rows of `answers`, from some bytes of each row on."""
        step, start = answers.shape[1] * answers.itemsize, answers.ctypes.data
        rows = [range(start + offset, start + offset + answers.nbytes, step) for offset in offsets]
        deque(self._asked(question, at, *rows), maxlen=0)
        return answers.astype(np.float64)

    def _boxes(self, owners: NDArray[np.uintp]) -> Floats:
        """The box of each character; empty for those of no object."""
        boxes, owned = np.zeros((self._total, 4)), np.flatnonzero(owners)
        boxes[owned] = _ROOM.boxes(self._handle, owned.tolist())
        return boxes

    def _codes(self) -> Codes:
        """The code of each character: from the text as a whole, where that has one place for each."""
        buffer = np.zeros(self._total + 1, np.uint16)
        target = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
        if pdfium_c.FPDFText_GetText(self._page, 0, self._total, target) != self._total + 1:
            buffer[:] = _OTHERS
        codes = buffer[: self._total].astype(np.uint32)
        others = np.flatnonzero(codes == _OTHERS)
        codes[others] = np.fromiter(self._asked(_code_of, others.tolist()), np.uint32, len(others))
        return codes % _CODES

    def _objects(self, owners: NDArray[np.uintp], rotation: int) -> _Objects:
        handles, first, of = _distinct(owners)
        at = first.tolist()
        a, b, c, d, _, _ = self._written(np.zeros((len(at), 6), np.float32), _matrix_of, at).T
        angle = np.arctan2(b, a) - math.radians(rotation)
        angle -= 2 * math.pi * np.rint(angle / (2 * math.pi))
        scale = np.sqrt(np.abs(a * d - b * c))
        size = np.abs(np.fromiter(self._asked(_size_of, at), float, len(at)))
        font, fonts = self._fonts(handles.tolist(), at)
        quarter = np.rint(angle / (math.pi / 2)).astype(int) % len(_QUARTERS)
        return _Objects(of, first, size * np.where(scale == 0, 1.0, scale), font, fonts, angle, quarter)

    def _fonts(self, objects: Iterable[int], at: Iterable[int]) -> tuple[Integers, tuple[str, ...]]:
        """Which font each object is set in, and the names of the fonts."""
        names: dict[int, str] = {}
        keys = [_font_of(handle) if handle else 0 for handle in objects]
        for key, index in zip(keys, at, strict=True):
            if key not in names:
                names[key] = self._font(index) if key else ""
        numbers = {key: number for number, key in enumerate(names)}
        return np.array([numbers[key] for key in keys], int), tuple(names.values())

    def _font(self, index: int) -> str:
        buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        pdfium_c.FPDFText_GetFontInfo(self._page, index, buffer, 128, flags)
        return buffer.value.decode("utf-8", "replace")

    def _places(
        self, objects: _Objects, boxes: Floats, printed: Flags, views: Sequence[PageView]
    ) -> tuple[Floats, Floats, Floats]:
        """Left and right ends and baselines, each seen in the quarter that it reads in.

        An object has one baseline, but for slanting, vertical and strange type: where its characters do not all end
        at one height, each is asked for its own.
        """
        x0, x1 = views[0].ends(boxes)
        foot = boxes[:, views[0].foot].copy()
        quarter = objects.quarter[objects.of]
        for number in set(objects.quarter.tolist()) - {0}:
            turned = quarter == number
            x0[turned], x1[turned] = views[number].ends(boxes[turned])
            foot[turned] = boxes[turned, views[number].foot]
        baseline = self._baselines(objects.first, objects.quarter, views)[objects.of]
        shifted = printed & ~(np.abs(foot - foot[objects.first][objects.of]) < _STEADY)
        own = np.flatnonzero(shifted)
        if len(own):
            baseline[own] = self._baselines(own, quarter[own], views)
        return x0, x1, baseline

    def _baselines(self, at: Integers, quarter: Integers, views: Sequence[PageView]) -> Floats:
        origins = self._written(np.zeros((len(at), 2)), _origin_of, at.tolist(), (0, 8))
        return np.choose(quarter, [view.heights(origins) for view in views])


def _distinct(owners: NDArray[np.uintp]) -> tuple[NDArray[np.uintp], Integers, Integers]:
    """The different owners, where each is first, and which is whose. Equal ones mostly follow each other."""
    starts = np.flatnonzero(np.diff(owners, prepend=~owners[:1]))
    handles, first, of = np.unique(owners[starts], return_index=True, return_inverse=True)
    return handles, starts[first], np.repeat(of, np.diff(starts, append=len(owners)))


def drawn_lines(page: pdfium.PdfPage, limit: int) -> tuple[list[Rule], list[Bar]]:
    """The horizontal and the vertical ruling lines among the first `limit` objects of a page.

    Pieces that continue each other are one line.
    """
    objects, (a, b, c, d, e, f) = _page_objects(page, limit)
    drawn = [item for item in objects if _type_of(item) in _DRAWN]
    bounds = np.zeros((len(drawn), 4), np.float32)
    start, size = bounds.ctypes.data, bounds.itemsize
    sides = (range(start + side * size, start + bounds.nbytes, 4 * size) for side in range(4))
    deque(map(_bounds_of, drawn, *sides), maxlen=0)
    view, spans = PageView(page), []
    for left, bottom, right, top in bounds.tolist():
        xa, ya = view.point(a * left + c * bottom + e, b * left + d * bottom + f)
        xb, yb = view.point(a * right + c * top + e, b * right + d * top + f)
        spans.append((min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)))
    return lines_of(spans)


def _page_objects(page: pdfium.PdfPage, limit: int) -> tuple[list[int], Matrix]:
    """The handles of the first `limit` objects of a page, and the matrix from their coordinates to the page's.

    Forms hold figures, whose lines are no tables'. But what stamps or scales pages puts all of a page into one form:
    where hardly anything stands beside it, its objects are the page's.
    """
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value or 0
    total = pdfium_c.FPDFPage_CountObjects(page)
    own = list(map(_object_of, repeat(handle), range(min(total, limit))))
    forms = [item for item in own if _type_of(item) == pdfium_c.FPDF_PAGEOBJ_FORM] if total <= _AROUND else []
    form = max(forms, key=_count_of, default=0)
    if not form or _count_of(form) <= total:
        return own, _SAME
    matrix = np.zeros(6, np.float32)
    _form_matrix_of(form, matrix.ctypes.data)
    a, b, c, d, e, f = matrix.tolist()
    return list(map(_within, repeat(form), range(min(_count_of(form), limit)))), (a, b, c, d, e, f)
