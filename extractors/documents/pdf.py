"""A PDF's bytes to a `Document`. Pure; strangers wrote the bytes, so everything has a limit."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from extractors.documents import plumbed
from extractors.documents.captions import table_side
from extractors.documents.characters import Bar, Character, PageView, Rule, characters, drawn_lines
from extractors.documents.layout import body_size, lay_out, running
from extractors.documents.model import Document, Page
from extractors.documents.stamp import stamp_in
from extractors.documents.structure import paragraphs, title_of
from extractors.documents.turned import QUARTERS, labels, laid_back, sideways
from extractors.documents.words import RawPage, segments, upright
from extractors.facts.errors import (
    DamagedDocumentError,
    DocumentError,
    EncryptedDocumentError,
    NotADocumentError,
    OversizedDocumentError,
    ParseError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a paper may be at most; more is refused, not read in part."""

    size: int = 50_000_000
    """Bytes."""
    pages: int = 300
    characters: int = 60_000
    """Characters of a page; what is beyond is left out and said."""


def read_pdf(data: bytes, limits: Limits | None = None) -> Document:
    """The document in a PDF.

    Raises:
        NotADocumentError: not a PDF.
        EncryptedDocumentError: needs a password.
        DamagedDocumentError: truncated, malformed, or without pages.
        OversizedDocumentError: beyond the limits.
    """
    bounds = limits or Limits()
    _check(data, bounds)
    pdf = _opened(data)
    try:
        if len(pdf) > bounds.pages:
            raise OversizedDocumentError(f"{len(pdf)} pages are more than the {bounds.pages} allowed")
        if len(pdf) == 0:
            raise DamagedDocumentError("the PDF has no pages")
        return _document(pdf, data, bounds)
    finally:
        pdf.close()


def _check(data: bytes, limits: Limits) -> None:
    if b"%PDF-" not in data[:1024]:
        raise NotADocumentError(
            "not a PDF: it does not begin like one", remedy="Check where the file came from"
        )
    if len(data) > limits.size:
        raise OversizedDocumentError(f"{len(data):,} bytes are more than the {limits.size:,} allowed")


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # Without pages pdfium has no error of its own, and gives that of the file it read before.
        if b"/Encrypt" in data and re.search("password|security", str(error), re.IGNORECASE):
            raise EncryptedDocumentError(
                "the PDF is encrypted", remedy="Supply it without a password"
            ) from error
        raise DamagedDocumentError("the PDF is damaged or cut off", remedy="Fetch it again") from error


def _document(pdf: pdfium.PdfDocument, data: bytes, limits: Limits) -> Document:
    raw, problems, turned = _raw_pages(pdf, data, limits)
    if not raw:
        raise DamagedDocumentError("none of the PDF's pages can be read", remedy="Fetch it again")
    body, repeated = body_size(raw), running(raw)
    side = table_side(raw, body)
    pages = [laid_back(lay_out(page, body, repeated, side), page) for page in raw]
    blocks = [block for page in pages for block in page.blocks]
    return Document(
        hashlib.sha256(data).hexdigest(),
        tuple(Page(page.number, page.width, page.height) for page in raw if not page.turned),
        title_of(blocks),
        paragraphs(blocks),
        tuple(table for page in pages for table in page.tables),
        stamp_in(turned),
        tuple(problems),
    )


def _raw_pages(
    pdf: pdfium.PdfDocument, data: bytes, limits: Limits
) -> tuple[list[RawPage], list[str], list[Character]]:
    """The pages that can be read, what went wrong with the others, and the turned text of the first."""
    raw: list[RawPage] = []
    problems: list[str] = []
    stamp: list[Character] = []
    for number in range(1, len(pdf) + 1):
        try:
            page, found = _raw_page(pdf, data, number, limits)
        except (DocumentError, ParseError) as error:
            problems.append(f"page {number}: cannot be read ({error.what})")
            continue
        aside = [turned for degrees in QUARTERS if (turned := sideways(page, found, degrees))]
        raw += [page, *aside]
        if number == 1:
            stamp = upright(found)[1]
        if not page.segments and not aside:
            problems.append(f"page {number}: no text layer")
        if len(found) >= limits.characters:
            problems.append(f"page {number}: only the first {limits.characters:,} characters were read")
    return raw, problems, stamp


def _raw_page(
    pdf: pdfium.PdfDocument, data: bytes, number: int, limits: Limits
) -> tuple[RawPage, list[Character]]:
    """One page as it stands upright, and its characters.

    It is read by the first reader, or by the second where the first cannot make sense of it.
    """
    try:
        width, height, found, rules, bars = _by_pdfium(pdf, number, limits)
    except pdfium.PdfiumError:
        width, height = 612.0, 792.0
        found, rules, bars = plumbed.read_page(data, number, limits.characters)
    if plumbed.unreadable_share(found) > plumbed.UNREADABLE_SHARE:
        found, rules, bars = _clearer(data, number, limits, found, rules, bars)
    straight = tuple(segments(upright(found)[0], number))
    page = RawPage(number, width, height, straight, tuple(rules), tuple(bars))
    return replace(page, labels=labels(page, found)), found


def _by_pdfium(
    pdf: pdfium.PdfDocument, number: int, limits: Limits
) -> tuple[float, float, list[Character], list[Rule], list[Bar]]:
    page = pdf[number - 1]
    try:
        view = PageView(page)
        return view.width, view.height, list(characters(page, limits.characters)), *drawn_lines(page)
    finally:
        page.close()


def _clearer(
    data: bytes, number: int, limits: Limits, found: list[Character], rules: list[Rule], bars: list[Bar]
) -> tuple[list[Character], list[Rule], list[Bar]]:
    """The second reader's characters if more of them mean something, else the first's."""
    try:
        again = plumbed.read_page(data, number, limits.characters)
    except DocumentError:
        return found, rules, bars
    better = plumbed.unreadable_share(again[0]) < plumbed.unreadable_share(found)
    return again if better else (found, rules, bars)
