"""The second reader: characters and ruling lines of a page by pdfplumber, where pdfium gives none that can be used.

pdfplumber (over pdfminer) is slower and independent of pdfium, so it reads what pdfium cannot: pages that
pdfium refuses, and fonts whose characters pdfium leaves without meaning. It gives the same types as
`documents.characters`, and everything after them is the same.
"""

from __future__ import annotations

import io
import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.documents.characters import Bar, Character, Characters, Rule, blanks, lines_of, quarter
from extractors.facts.errors import DamagedDocumentError

if TYPE_CHECKING:
    from pdfplumber.page import Page as PdfPage

# What a stranger's file lacks is told in the document's problems, not on the standard error of whoever reads it.
for _library in ("pdfminer", "pdfplumber"):
    logging.getLogger(_library).addHandler(logging.NullHandler())

UNREADABLE_SHARE = 0.2
"""Share of characters without meaning from which a page is given to the second reader."""


def unreadable_share(characters: Characters) -> float:
    """How many of a page's characters mean nothing: replacement marks, private and control codes, unmapped glyphs."""
    codes = characters.codes[~characters.generated]
    printed = codes[~blanks(codes)]
    means_nothing = (
        (printed == 0xFFFD) | ((printed >= 0xE000) & (printed <= 0xF8FF)) | ((printed < 32) & (printed != 2))
    )
    return float(means_nothing.mean()) if len(printed) else 0.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is shown of a page, within the upright media box that pdfminer measures in (from the bottom left corner)."""

    left: float
    top: float
    """Height of what is shown above that box's bottom."""
    width: float
    height: float

    def place(self, x: float, y: float, turned: int = 0) -> tuple[float, float]:
        """A point from the top left corner of what is shown, or of the same turned clockwise."""
        across, down = x - self.left, self.top - y
        return {
            90: (self.height - down, across),
            180: (self.width - across, self.height - down),
            270: (down, self.width - across),
        }.get(turned, (across, down))


def read_page(data: bytes, number: int, limit: int) -> tuple[Characters, list[Rule], list[Bar]]:
    """Characters, at most `limit`, and ruling lines of one page.

    Args:
        data: the PDF.
        number: 1-based page.
        limit: characters of the page at most.

    Raises:
        DamagedDocumentError: pdfplumber cannot read the page either.
    """
    import pdfplumber  # noqa: PLC0415  # few papers need it, and it takes long to load

    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number]) as pdf:
            page = pdf.pages[0]
            frame, shift = _frame(page), float(page.mediabox[0])
            found = [_character(char, frame, shift) for char in page.chars[:limit]]
            shapes = [_shape(item, frame, shift) for item in (*page.lines, *page.rects)]
            return Characters.of(_with_line_ends(found)), *lines_of(shapes)
    # Of damaged files it raises whatever its parsers run into, from failed assertions to unpacking errors.
    except Exception as error:
        raise DamagedDocumentError(f"neither reader can read it ({error})", where=f"page {number}") from error


def _frame(page: PdfPage) -> _Frame:
    media, crop = page.page_obj.mediabox, page.page_obj.cropbox
    shown = [max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])]
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        shown = list(media)
    # Margins beside what is shown, from the left one on against the clock; turning the page moves them on.
    margins = [shown[0] - media[0], shown[1] - media[1], media[2] - shown[2], media[3] - shown[3]]
    steps = page.rotation // 90 % 4
    left, bottom, _, _ = (float(margin) for margin in (*margins[steps:], *margins[:steps]))
    sides = float(shown[2] - shown[0]), float(shown[3] - shown[1])
    width, height = sides if steps % 2 == 0 else (sides[1], sides[0])
    return _Frame(left, bottom + height, width, height)


def _shape(item: dict[str, object], frame: _Frame, shift: float) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(str(item[name])) for name in ("x0", "y0", "x1", "y1"))
    return *frame.place(x0 - shift, y1), *frame.place(x1 - shift, y0)


def _character(char: dict[str, object], frame: _Frame, shift: float) -> Character:
    matrix = char["matrix"]
    a, b, _, _, e, f = (
        (float(part) for part in matrix) if isinstance(matrix, tuple) else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    )
    angle = math.atan2(b, a)
    turned = quarter(angle)
    x0, y0, x1, y1 = (float(str(char[name])) for name in ("x0", "y0", "x1", "y1"))
    ends = sorted(frame.place(x - shift, y, turned)[0] for x, y in ((x0, y0), (x1, y1)))
    baseline = frame.place(e, f, turned)[1]
    font = str(char["fontname"])
    # pdfminer takes the height of a character's box for its size, also of one that lies on its side.
    size = abs(x1 - x0 if turned % 180 else float(str(char["size"])))
    return Character(_text(str(char["text"])), ends[0], ends[1], baseline, size, font, angle)


def _text(read: str) -> str:
    """What a glyph means; pdfminer writes the number of one without meaning as `(cid:7)`."""
    return read if read and not read.startswith("(cid:") else "\ufffd"


def _with_line_ends(characters: Iterable[Character]) -> list[Character]:
    """The characters with a generated line end wherever the text jumps back, as pdfium has them."""
    found: list[Character] = []
    for character in characters:
        last = found[-1] if found else None
        if (
            last
            and character.x0 < last.x0 - last.size
            and abs(character.baseline - last.baseline) > 0.5 * last.size
        ):
            found.append(Character("\n", 0, 0, 0, 0, "", 0, generated=True))
        found.append(character)
    return found
