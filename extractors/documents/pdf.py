"""A PDF's bytes to a `Document`. Pure; strangers wrote the bytes, so everything has a limit (`documents.opening`)."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.documents import plumbed
from extractors.documents.characters import Bar, Characters, Rule
from extractors.documents.continued import join_repeated
from extractors.documents.layout import LaidOut, lay_out, setting_of
from extractors.documents.model import Document, Page, Table
from extractors.documents.opening import Limits, left_out, opened
from extractors.documents.pdfium import PageView, characters, drawn_lines
from extractors.documents.stamp import stamp_in
from extractors.documents.structure import paragraphs, title_of
from extractors.documents.turned import labels, laid_back, sideways, turned_lines
from extractors.documents.words import RawPage, segments, upright
from extractors.facts.errors import DamagedDocumentError, DocumentError, ParseError


def read_pdf(data: bytes, limits: Limits | None = None) -> Document:
    """The document in a PDF; its problems say what of the PDF it lacks.

    Raises:
        NotADocumentError: not a PDF.
        EncryptedDocumentError: needs a password.
        DamagedDocumentError: truncated, malformed, or without pages.
        OversizedDocumentError: so large that it is no paper.
    """
    bounds = limits or Limits()
    with opened(data, bounds) as pdf, _no_cycles():
        return _document(pdf, data, bounds)


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Keeps Python from looking for cycles among the words that pile up, which costs a tenth of the time and finds none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _document(pdf: pdfium.PdfDocument, data: bytes, limits: Limits) -> Document:
    raw, problems, turned = _raw_pages(pdf, data, limits)
    if not raw:
        raise DamagedDocumentError("none of the PDF's pages can be read", remedy="Fetch it again")
    pages = [laid_back(laid, page) for page, laid in zip(raw, _laid_out(raw), strict=True)]
    blocks = [block for page in pages for block in page.blocks]
    return Document(
        hashlib.sha256(data).hexdigest(),
        tuple(
            Page(page.number, page.width, page.height, laid.columns)
            for page, laid in zip(raw, pages, strict=True)
            if not page.turned
        ),
        title_of(blocks),
        paragraphs(blocks),
        join_repeated(table for page in pages for table in page.tables),
        stamp_in(turned),
        tuple(problems),
    )


def _laid_out(raw: Sequence[RawPage]) -> list[LaidOut]:
    """The pages laid out, with tables that go on over pages whole on the page where they begin."""
    setting = setting_of(raw)
    laid: list[LaidOut] = []
    begun: dict[int, tuple[int, Table]] = {}
    for index, page in enumerate(raw):
        home, before = begun.pop(page.turned, (index, None))
        found = lay_out(page, setting, before)
        laid.append(found)
        if found.grown:
            tables = (found.grown if table is before else table for table in laid[home].tables)
            laid[home] = replace(laid[home], tables=tuple(tables))
        if found.ending:
            begun[page.turned] = (home if found.ending is found.grown else index, found.ending)
    return laid


def _raw_pages(
    pdf: pdfium.PdfDocument, data: bytes, limits: Limits
) -> tuple[list[RawPage], list[str], Characters]:
    """The pages that can be read, what went wrong with the others, and the turned text of the first."""
    raw: list[RawPage] = []
    problems = [*left_out(pdf, limits)]
    stamp = Characters.of([])
    last, total = min(len(pdf), limits.pages), 0
    for number in range(1, last + 1):
        if total >= limits.total:
            problems.append(f"pages {number} to {last} were not read: those before have {total:,} characters")
            break
        try:
            views, found, shapes = _raw_page(pdf, data, number, limits)
        except (DocumentError, ParseError) as error:
            problems.append(f"page {number}: cannot be read ({error.what})")
            continue
        raw += views
        total += len(found)
        if number == 1:
            stamp = upright(found)[1]
        problems += _lacking(views, len(found), shapes, limits)
    if raw and not any(page.segments for page in raw):
        problems.insert(
            0, "no page has a text layer: the paper is a scan or a picture, and nothing of it could be read"
        )
    return raw, problems, stamp


def _lacking(views: list[RawPage], characters: int, shapes: int, limits: Limits) -> Iterator[str]:
    """What of a page is not there to be read.

    Args:
        views: the page upright, then turned.
        characters: how many were read.
        shapes: how many are drawn on it.
        limits: how many of each are read.
    """
    page, place = views[0], f"page {views[0].number}"
    if not any(view.segments for view in views):
        yield f"{place}: no text layer"
    if characters >= limits.characters:
        yield f"{place}: only the first {limits.characters:,} characters were read"
    if shapes > limits.shapes:
        yield f"{place}: only the first {limits.shapes:,} of {shapes:,} drawn shapes were looked at"
    seen = sum(-1 < s.baseline < page.height + 1 and s.x1 > 0 and s.x0 < page.width for s in page.segments)
    if 2 * seen < len(page.segments):
        yield f"{place}: most of its text stands outside of the page"


def _raw_page(
    pdf: pdfium.PdfDocument, data: bytes, number: int, limits: Limits
) -> tuple[list[RawPage], Characters, int]:
    """One page as it stands upright and as it is turned, its characters, and how many shapes are drawn on it.

    It is read by the first reader, or by the second where the first cannot make sense of it.
    """
    try:
        width, height, shapes, found, rules, bars = _by_pdfium(pdf, number, limits)
    except pdfium.PdfiumError:
        width, height, shapes = 612.0, 792.0, 0
        found, rules, bars = plumbed.read_page(data, number, limits.characters)
    # The second reader takes long, and memory, for a page that has no end.
    if len(found) < limits.characters and plumbed.unreadable_share(found) > plumbed.UNREADABLE_SHARE:
        found, rules, bars = _clearer(data, number, limits, found, rules, bars)
    straight = tuple(segments(upright(found)[0], number))
    page = RawPage(number, width, height, straight, tuple(rules), tuple(bars))
    turned = turned_lines(found, number)
    printed = int(np.count_nonzero(~found.generated))
    aside = (sideways(page, lines, degrees, printed) for degrees, lines in turned.items())
    return [replace(page, labels=labels(page, turned)), *filter(None, aside)], found, shapes


def _by_pdfium(
    pdf: pdfium.PdfDocument, number: int, limits: Limits
) -> tuple[float, float, int, Characters, list[Rule], list[Bar]]:
    page = pdf[number - 1]
    try:
        view = PageView(page)
        found = characters(page, limits.characters)
        shapes = pdfium_c.FPDFPage_CountObjects(page)
        return view.width, view.height, shapes, found, *drawn_lines(page, limits.shapes)
    finally:
        page.close()


def _clearer(
    data: bytes, number: int, limits: Limits, found: Characters, rules: list[Rule], bars: list[Bar]
) -> tuple[Characters, list[Rule], list[Bar]]:
    """The second reader's characters if more of them mean something, else the first's."""
    try:
        again = plumbed.read_page(data, number, limits.characters)
    except DocumentError:
        return found, rules, bars
    better = plumbed.unreadable_share(again[0]) < plumbed.unreadable_share(found)
    return again if better else (found, rules, bars)
