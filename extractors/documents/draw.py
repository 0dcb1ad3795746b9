"""Pages as pictures with frames on them, for the eyes of a person: what the machine saw, or where a value stands."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import ImageDraw

from extractors.documents.model import Document, Table
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Box

Colour = tuple[int, int, int]

RED: Colour = (214, 39, 40)
BLUE: Colour = (31, 119, 180)
GREEN: Colour = (44, 160, 44)
ORANGE: Colour = (255, 127, 14)
GREY: Colour = (127, 127, 127)
PADDING = 2.0
"""Points between a box and the frame drawn around it."""
_CELL_PADDING = 0.6


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle to draw, and what to write at its corner."""

    box: Box
    colour: Colour = RED
    name: str = ""
    padding: float = PADDING


def draw(data: bytes, page: int, frames: Sequence[Frame] = (), *, scale: float = 2.0) -> bytes:
    """A PNG of one page with those frames that stand on it.

    Args:
        data: the PDF.
        page: 1-based page.
        frames: their boxes in points from the top left corner; those of other pages are left out.
        scale: pixels per point.

    Raises:
        UsageError: the document has no such page.
    """
    pdf = pdfium.PdfDocument(data)
    try:
        if not 1 <= page <= len(pdf):
            raise UsageError(f"there is no page {page}", remedy=f"The document has pages 1 to {len(pdf)}")
        image = pdf[page - 1].render(scale=scale).to_pil().convert("RGB")
    finally:
        pdf.close()
    pen = ImageDraw.Draw(image)
    for frame in frames:
        if frame.box.page == page:
            _draw(pen, frame, scale)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _draw(pen: ImageDraw.ImageDraw, frame: Frame, scale: float) -> None:
    box, room = frame.box, frame.padding
    corners = [value * scale for value in (box.x0 - room, box.top - room, box.x1 + room, box.bottom + room)]
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
