"""Pages to read: typeset from small sources, or written by hand where a typesetter would refuse to make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import pypdfium2 as pdfium
import pytest

from extractors.documents.characters import Characters, Rule
from extractors.documents.model import Document
from extractors.documents.pdf import read_pdf
from extractors.documents.pdfium import characters, drawn_lines
from extractors.documents.words import Segment, segments, upright

Typeset = Callable[[str], bytes]
ReadSource = Callable[[str], Document]
ReadCharacters = Callable[[bytes], tuple[Characters, list[Rule]]]
ReadSegments = Callable[[bytes], list[Segment]]
HandMade = Callable[..., bytes]

STYLE = """
#set page(width: 612pt, height: 792pt, margin: 72pt)
#set text(font: "Libertinus Serif", size: 10pt, lang: "en")
#set par(justify: true)
#set super(typographic: false)
#set sub(typographic: false)
#set figure(gap: 8pt)
#show figure.where(kind: table): set figure.caption(position: top)
#let booktabs(columns, head, ..cells) = table(
  columns: columns, stroke: none, align: (x, _) => if x == 0 { left } else { center },
  table.hline(), ..head, table.hline(stroke: 0.5pt), ..cells, table.hline(),
)
"""


@cache
def _typeset(source: str) -> bytes:
    import typst

    return typst.compile((STYLE + source).encode(), format="pdf", ignore_system_fonts=True)


@cache
def _read(source: str) -> Document:
    return read_pdf(_typeset(source))


def _characters(data: bytes) -> tuple[Characters, list[Rule]]:
    pdf = pdfium.PdfDocument(data)
    try:
        page = pdf[0]
        found = characters(page, 60_000), drawn_lines(page, 50_000)[0]
        page.close()
    finally:
        pdf.close()
    return found


def _segments(data: bytes) -> list[Segment]:
    return segments(upright(_characters(data)[0])[0], 1)


def _hand_made(
    contents: Sequence[str], *, page: str = "", trailer: str = "", font: str = "", further: Sequence[str] = ()
) -> bytes:
    """A PDF of pages with the given content streams, in Helvetica at `/F1`.

    Args:
        contents: one content stream a page; an empty one makes a blank page.
        page: further entries of each page's dictionary, as `/Rotate 90`.
        trailer: further entries of the trailer, as `/Encrypt 9 0 R`.
        font: further entries of the font's dictionary.
        further: objects from number 10 on.
    """
    first = 10 + len(further)
    numbers = [first + 2 * index for index in range(len(contents))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>",
        3: f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica {font or '/Encoding /WinAnsiEncoding'} >>",
        **dict(enumerate(further, start=10)),
    }
    for number, content in zip(numbers, contents, strict=True):
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {number + 1} 0 R {page} >>"
        )
        objects[number + 1] = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    data, offsets = "%PDF-1.4\n", {}
    for number, written in sorted(objects.items()):
        offsets[number] = len(data)
        data += f"{number} 0 obj\n{written}\nendobj\n"
    size, start = max(objects) + 1, len(data)
    entries = [
        f"{offsets[n]:010} 00000 n \n" if n in offsets else "0000000000 65535 f \n" for n in range(size)
    ]
    data += f"xref\n0 {size}\n{''.join(entries)}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n"
    return (data + f"startxref\n{start}\n%%EOF\n").encode("latin-1")


@pytest.fixture(scope="session")
def typeset() -> Typeset:
    """Typeset a source, after the tests' common style, once each."""
    return _typeset


@pytest.fixture(scope="session")
def read() -> ReadSource:
    """Typeset a source and read the PDF, once each."""
    return _read


@pytest.fixture(scope="session")
def read_characters() -> ReadCharacters:
    """Characters and ruling lines of a PDF's first page."""
    return _characters


@pytest.fixture(scope="session")
def read_segments() -> ReadSegments:
    """Segments of a PDF's first page."""
    return _segments


@pytest.fixture(scope="session")
def hand_made() -> HandMade:
    """Write a PDF by hand."""
    return _hand_made
