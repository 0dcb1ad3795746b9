"""Opening a PDF that a stranger wrote: what is refused and why, how much of it is read, and what of it never is.

What one page is made of is read elsewhere (`documents.characters`); how long reading may take and how much memory it may
use is for whoever runs it to say (`flows.workers`), because nothing here can stop the C library once it works.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.facts.errors import (
    DamagedDocumentError,
    EncryptedDocumentError,
    NotADocumentError,
    OversizedDocumentError,
    UsageError,
)

_HEAD = 1024
"""Bytes within which a PDF says that it is one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a paper is read. What is beyond is left out and said; only what no paper is at all is refused."""

    size: int = 80_000_000
    """Bytes; a larger file is refused."""
    pages: int = 300
    """Pages that are read, from the first; theses and books go on."""
    most_pages: int = 10_000
    """A file of more pages is no paper, and is refused."""
    characters: int = 30_000
    """Characters of a page. The fullest pages of papers have some 18,000, most of them labels in figures."""
    total: int = 1_500_000
    """Characters of all pages; those after the page that reaches it are left out."""
    shapes: int = 50_000
    """Drawn shapes of a page among which ruling lines are looked for. Papers have up to some 5,000."""


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[pdfium.PdfDocument]:
    """The PDF, open: encrypted without need of a password or not at all, and with at least one page.

    Raises:
        NotADocumentError: not a PDF.
        EncryptedDocumentError: needs a password, or a way of decrypting that is not known.
        DamagedDocumentError: truncated, malformed, or without pages.
        OversizedDocumentError: too many bytes or pages.
    """
    _check(data, limits)
    pdf = _open(data)
    try:
        _check_pages(len(pdf), limits)
        yield pdf
    finally:
        pdf.close()


def page_alone(data: bytes, number: int, limits: Limits | None = None) -> bytes:
    """One page of a PDF as a PDF of its own, which is read in a fraction of the time.

    Raises:
        UsageError: the document has no such page.
        DocumentError: as `opened`, or the page cannot be taken out.
    """
    buffer = io.BytesIO()
    with opened(data, limits or Limits()) as pdf:
        if not 1 <= number <= len(pdf):
            raise UsageError(f"there is no page {number}", remedy=f"The document has pages 1 to {len(pdf)}")
        alone = pdfium.PdfDocument.new()
        try:
            alone.import_pages(pdf, [number - 1])
            alone.save(buffer)
        except pdfium.PdfiumError as error:
            raise DamagedDocumentError(
                f"page {number} of the PDF cannot be taken out", remedy="Fetch it again"
            ) from error
        finally:
            alone.close()
    return buffer.getvalue()


def _check(data: bytes, limits: Limits) -> None:
    if b"%PDF-" not in data[:_HEAD]:
        raise NotADocumentError(
            "not a PDF: it does not begin like one", remedy="Check where the file came from"
        )
    if len(data) > limits.size:
        raise OversizedDocumentError(f"{len(data):,} bytes are more than the {limits.size:,} allowed")


def _check_pages(pages: int, limits: Limits) -> None:
    if pages > limits.most_pages:
        raise OversizedDocumentError(f"{pages:,} pages are more than the {limits.most_pages:,} of any paper")
    if pages == 0:
        raise DamagedDocumentError("the PDF has no pages")


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # Without pages pdfium has no error of its own, and gives that of the file it read before.
        if b"/Encrypt" in data and re.search("password|security", str(error), re.IGNORECASE):
            raise EncryptedDocumentError(
                "the PDF is encrypted and asks for a password", remedy="Supply it without one"
            ) from error
        raise DamagedDocumentError(
            "the PDF is damaged, cut off or without pages", remedy="Fetch it again"
        ) from error


def left_out(pdf: pdfium.PdfDocument, limits: Limits) -> Iterator[str]:
    """What of an open PDF is not read, one sentence's beginning each: pages beyond the limit, and attached files."""
    if len(pdf) > limits.pages:
        yield f"only the first {limits.pages} of its {len(pdf):,} pages were read"
    attached = pdfium_c.FPDFDoc_GetAttachmentCount(pdf)
    if attached > 0:
        yield f"files attached to it were not read: {attached}"
