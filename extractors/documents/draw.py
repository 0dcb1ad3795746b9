"""Pages as pictures with frames on them, for the eyes of a person: what the machine saw, or where a value stands."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from extractors.documents.model import Document, Table
from extractors.documents.opening import Limits, opened
from extractors.facts.errors import DamagedDocumentError, UsageError
from extractors.facts.evidence import Box

Colour = tuple[int, int, int]
Point = tuple[float, float]

RED: Colour = (214, 39, 40)
BLUE: Colour = (31, 119, 180)
GREEN: Colour = (44, 160, 44)
ORANGE: Colour = (255, 127, 14)
GREY: Colour = (127, 127, 127)
PADDING = 2.0
"""Points between a box and the frame drawn around it."""
MOST_PIXELS = 12_000_000
"""Of a picture: a page of 210 by 297 mm at 4 pixels a point has 8 million, and a stranger's page may be a mile wide."""
LONGEST_SIDE = 8_000
"""Pixels along one side of a picture."""
_CELL_PADDING = 0.6


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle to draw, and what to write at its corner."""

    box: Box
    colour: Colour = RED
    name: str = ""
    padding: float = PADDING


def draw(data: bytes, page: int, frames: Sequence[Frame] = (), *, scale: float = 2.0) -> bytes:
    """A PNG of one page with those frames that stand on it; see `painted`."""
    return png(painted(data, page, frames, scale=scale))


def painted(
    data: bytes, page: int, frames: Sequence[Frame] = (), *, scale: float = 2.0, part: Box | None = None
) -> Image.Image:
    """One page, or a part of it, with those frames that stand on it.

    Args:
        data: the PDF.
        page: 1-based page.
        frames: their boxes in points from the top left corner; those of other pages are left out.
        scale: pixels per point; less where the picture would be larger than `MOST_PIXELS` or `LONGEST_SIDE`.
        part: what of the page is wanted; the whole page where it lies beside it.

    Raises:
        UsageError: the document has no such page.
        DocumentError: the PDF, or the page, cannot be read.
    """
    with opened(data, Limits()) as pdf:
        if not 1 <= page <= len(pdf):
            raise UsageError(f"there is no page {page}", remedy=f"The document has pages 1 to {len(pdf)}")
        try:
            image, origin, scale = _render(pdf[page - 1], scale, part)
        except pdfium.PdfiumError as error:
            raise DamagedDocumentError(
                f"page {page} of the PDF cannot be drawn", remedy="Fetch it again"
            ) from error
    pen = ImageDraw.Draw(image)
    for frame in frames:
        if frame.box.page == page:
            _draw(pen, frame, origin, scale)
    return image


def png(image: Image.Image) -> bytes:
    """A picture as the bytes of a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _render(page: pdfium.PdfPage, scale: float, part: Box | None) -> tuple[Image.Image, Point, float]:
    """A page's part as a picture, the point at its top left corner, and its scale."""
    width, height = page.get_size()
    x0, top, x1, bottom = 0.0, 0.0, width, height
    if part and part.x0 < width and part.x1 > 0 and part.top < height and part.bottom > 0:
        x0, top = max(part.x0, x0), max(part.top, top)
        x1, bottom = min(part.x1, x1), min(part.bottom, bottom)
    wide, high = max(x1 - x0, 1.0), max(bottom - top, 1.0)
    scale = min(scale, math.sqrt(MOST_PIXELS / (wide * high)), LONGEST_SIDE / max(wide, high))
    # the renderer cuts off whole pixels, so the corner is where the first pixel that is left begins
    left, above = math.floor(x0 * scale), math.floor(top * scale)
    margins = (left / scale, max(height - bottom, 0.0), max(width - x1, 0.0), above / scale)
    image = page.render(scale=scale, crop=margins).to_pil().convert("RGB")
    return image, (left / scale, above / scale), scale


def _draw(pen: ImageDraw.ImageDraw, frame: Frame, origin: Point, scale: float) -> None:
    box, room, (x, y) = frame.box, frame.padding, origin
    sides = (box.x0 - room - x, box.top - room - y, box.x1 + room - x, box.bottom + room - y)
    corners = [value * scale for value in sides]
    pen.rectangle(corners, outline=frame.colour, width=max(round(scale * min(room / PADDING, 1.0)), 1))
    if frame.name:
        pen.text((corners[0], corners[1] - 11), frame.name, fill=frame.colour)


def outline(document: Document) -> tuple[Frame, ...]:
    """What the reader made of a document: columns grey, captions green, notes blue, tables red, their headers orange.

    Columns are numbered in the order in which they are read.
    """
    frames = [
        Frame(column, GREY, str(number), 4 * PADDING)
        for page in document.pages
        for number, column in enumerate(page.columns, 1)
    ]
    colours = {"caption": GREEN, "footnote": BLUE}
    for paragraph in document.paragraphs:
        if colour := colours.get(paragraph.kind):
            frames += [Frame(box, colour, paragraph.label) for box in paragraph.boxes]
    return (*frames, *(frame for table in document.tables for frame in _table(table)))


def _table(table: Table) -> Iterator[Frame]:
    for box in (table.box, *table.continued):
        yield Frame(box, RED, table.label, 1.5 * PADDING)
    for cell in (cell for row in table.rows for cell in row if cell):
        yield Frame(cell.box, ORANGE if cell.row < table.header_rows else RED, padding=_CELL_PADDING)
