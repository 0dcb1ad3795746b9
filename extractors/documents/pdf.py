"""A PDF's bytes to a `Document`. Pure; strangers wrote the bytes, so everything has a limit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from extractors.documents import plumbed
from extractors.documents.captions import table_side
from extractors.documents.characters import Bar, Character, PageView, Rule, characters, drawn_lines
from extractors.documents.layout import body_size, lay_out, running
from extractors.documents.model import Document, Page, Stamp
from extractors.documents.structure import paragraphs, title_of
from extractors.documents.words import RawPage, segments, upright
from extractors.facts.errors import (
    DamagedDocumentError,
    DocumentError,
    EncryptedDocumentError,
    NotADocumentError,
    OversizedDocumentError,
    ParseError,
)
from extractors.facts.ids import ArxivId

_STAMP = re.compile(
    r"arXiv:(?:(?P<id>(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})v\d+)|submit/(?P<submission>\d+))"
    r"\s*\[(?P<category>[\w.-]+)\]\s*(?P<date>\d{1,2}\s*\w{3}\s*\d{4})"
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
    pages = [lay_out(page, body, repeated, side) for page in raw]
    blocks = [block for page in pages for block in page.blocks]
    return Document(
        hashlib.sha256(data).hexdigest(),
        tuple(Page(page.number, page.width, page.height) for page in raw),
        title_of(blocks),
        paragraphs(blocks),
        tuple(table for page in pages for table in page.tables),
        _stamp(turned),
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
            page, turned, cut = _raw_page(pdf, data, number, limits)
        except (DocumentError, ParseError) as error:
            problems.append(f"page {number}: cannot be read ({error.what})")
            continue
        raw.append(page)
        if number == 1:
            stamp = turned
        if not page.segments:
            problems.append(f"page {number}: no text layer")
        if cut:
            problems.append(f"page {number}: only the first {limits.characters:,} characters were read")
    return raw, problems, stamp


def _raw_page(
    pdf: pdfium.PdfDocument, data: bytes, number: int, limits: Limits
) -> tuple[RawPage, list[Character], bool]:
    """One page, its turned text, and whether it was cut off at the limit.

    It is read by the first reader, or by the second where the first cannot make sense of it.
    """
    try:
        width, height, found, rules, bars = _by_pdfium(pdf, number, limits)
    except pdfium.PdfiumError:
        width, height = 612.0, 792.0
        found, rules, bars = plumbed.read_page(data, number, limits.characters)
    if plumbed.unreadable_share(found) > plumbed.UNREADABLE_SHARE:
        found, rules, bars = _clearer(data, number, limits, found, rules, bars)
    straight, turned = upright(found)
    page = RawPage(number, width, height, tuple(segments(straight, number)), tuple(rules), tuple(bars))
    return page, turned, len(found) >= limits.characters


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


def _stamp(turned: Sequence[Character]) -> Stamp | None:
    """The stamp in the turned text of the first page."""
    found = _STAMP.search("".join(character.text for character in turned))
    if not found:
        return None
    id_ = ArxivId.parse(found["id"]) if found["id"] else None
    return Stamp(id_, found["submission"] or "", found["category"], found["date"])
