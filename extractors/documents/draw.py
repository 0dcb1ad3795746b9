"""A page as a picture with boxes on it, for the eyes of a reviewer."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2 as pdfium
from PIL import ImageDraw

from extractors.facts.errors import UsageError
from extractors.facts.evidence import Box

COLOUR = (214, 39, 40)
PADDING = 2.0
"""Points between a box and the frame drawn around it."""


def draw(data: bytes, page: int, boxes: Sequence[Box] = (), *, scale: float = 2.0) -> bytes:
    """A PNG of one page with frames around the boxes that stand on it.

    Args:
        data: the PDF.
        page: 1-based page.
        boxes: in points from the top left corner; those of other pages are left out.
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
    for box in boxes:
        if box.page == page:
            corners = (box.x0 - PADDING, box.top - PADDING, box.x1 + PADDING, box.bottom + PADDING)
            pen.rectangle([value * scale for value in corners], outline=COLOUR, width=max(round(scale), 1))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()
