"""Evidence that a person types: a page and a quote, found in the document so that the box is real.

A quote counts where it stands letter for letter, whatever its blanks, dashes and quotation marks; what is stored are the
words as printed. A quote that is not there is refused with the words that are most like it, so that nobody has to
guess. In HTML, which has no pages, the id of an element can stand for the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotation.session import RULE
from extractors.documents.locate import Found, Places
from extractors.documents.model import NOWHERE, Document, Word
from extractors.facts.errors import UsageError
from extractors.facts.evidence import QUOTE_LIMIT, Evidence
from extractors.facts.values import NotReported, Value

_TELLING = 14
"""Shorter quotes, in characters, are taken only where they stand once."""
_ALIKE = 0.6
"""Words less like a quote are not suggested for it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a person says that a value stands."""

    quote: str
    """Words as printed; cells of a row joined by ` | `."""
    page: int | None = None
    """Of the file, counted from 1; needed for a PDF."""
    anchor: str = ""
    """For HTML: the id of the element that the words stand in, where known."""

    def __str__(self) -> str:
        place = f"page {self.page}" if self.page else f"#{self.anchor}" if self.anchor else "the page"
        return f"{place}: “{self.quote}”"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where typed words stand, or why they do not and what does."""

    evidence: tuple[Evidence, ...] = ()
    """For each of the values; empty where the words do not stand there."""
    refused: str = ""
    """Why not, for the person."""
    quote: str = ""
    """Words that are most like those typed; empty where none are, or where these stand on another page."""
    page: int | None = None
    """The other page that these words, or those most like them, stand on."""


def place(document: Document, citation: Citation, values: Sequence[Value]) -> Placed:
    """The evidence for values that stand in one quote, or what could be meant instead."""
    try:
        return Placed(tuple(cite(document, citation, value) for value in values))
    except UsageError as error:
        refused = f"{error.what}. {error.remedy}"
        pages = [page for page in elsewhere(document, citation) if page != citation.page]
        if pages:
            return Placed((), refused, page=pages[0])
        if like := suggestion(document, citation):
            return Placed((), refused, like)
        like, page = _like_in_all(document, citation)
        return Placed((), refused, like, page)


def _like_in_all(document: Document, citation: Citation) -> tuple[str, int | None]:
    """The words of any page that are most like a quote, and their page; none where nothing is like it."""
    share, found = Places(document).nearest(citation.quote) or (0.0, None)
    if found is None or share < _ALIKE:
        return "", None
    return _said(found), found.page if is_paged(document) else None


def cite(document: Document, citation: Citation, value: Value) -> Evidence:
    """The evidence for a value: page, box and words as printed.

    Args:
        document: the file that is cited.
        citation: what the person typed.
        value: the value; of the words found, those that print it are boxed, where they can be told.

    Raises:
        UsageError: the quote is empty or too long, or does not stand there; the remedy says what does.
    """
    words = citation.quote.strip()
    if not words:
        raise UsageError("a value needs the words that it stands in", remedy="Quote them as printed")
    if len(words) > QUOTE_LIMIT:
        raise UsageError(
            f"a quote has at most {QUOTE_LIMIT} characters, not {len(words)}", remedy="Quote less"
        )
    if not is_paged(document):
        return _in_html(document, citation, words)
    _check_page(document, citation)
    found = _only(Places(document, lambda word: word.box.page == citation.page), document, citation, words)
    box, quote = found.narrowed("" if isinstance(value, NotReported) else value.printed)
    return Evidence(document.sha256, found.page, box, _part(document, found), quote, RULE)


def suggestion(document: Document, citation: Citation) -> str | None:
    """The words of the cited page, or of all of the file, that are most like a quote that is not there; None if none are."""
    known = Places(document, lambda word: citation.page is None or word.box.page == citation.page)
    share, found = known.nearest(citation.quote) or (0.0, None)
    return _said(found) if found and share >= _ALIKE else None


def elsewhere(document: Document, citation: Citation) -> tuple[int, ...]:
    """The pages on which a quote stands instead, in order; none of HTML."""
    if not is_paged(document) or not citation.quote.strip():
        return ()
    return tuple(sorted({found.page for found in Places(document).exactly(citation.quote.strip())}))


def is_paged(document: Document) -> bool:
    """Whether the document has pages with boxes, as a PDF, and not the flow of HTML."""
    return any(paragraph.words[0].box != NOWHERE for paragraph in document.paragraphs if paragraph.words)


def _check_page(document: Document, citation: Citation) -> None:
    last = len(document.pages)
    if citation.page is None:
        raise UsageError("the page of the quote is missing", where=str(citation), remedy="Add --page")
    if not 1 <= citation.page <= last:
        raise UsageError(f"there is no page {citation.page}", remedy=f"The file has pages 1 to {last}")


def _in_html(document: Document, citation: Citation, words: str) -> Evidence:
    """Evidence from HTML names the element; its pages mean nothing."""

    def is_there(word: Word) -> bool:
        return word.anchor == citation.anchor or word.anchor.startswith(f"{citation.anchor}.")

    found = _only(Places(document, is_there if citation.anchor else None), document, citation, words)
    anchor = found.words[0].anchor or citation.anchor or _part(document, found)
    return Evidence(document.sha256, 1, None, anchor, _said(found), RULE)


def _only(places: Places, document: Document, citation: Citation, words: str) -> Found:
    """Where the quote stands, if one place is meant."""
    found = places.exactly(words)
    if len(found) > 1 and len(words) < _TELLING:
        remedy = "Quote a few more of the words around it"
        raise UsageError(f"these words stand there {len(found)} times", where=str(citation), remedy=remedy)
    if found:
        return found[0]
    if pages := elsewhere(document, citation):
        remedy = f"They stand on page {', '.join(map(str, pages[:5]))}"
    elif like := suggestion(document, citation):
        remedy = f"Perhaps it is “{like}”"
    else:
        remedy = "Copy them from the page"
    raise UsageError("these words do not stand there", where=str(citation), remedy=remedy)


def _said(found: Found) -> str:
    if found.row:
        return found.narrowed("")[1]
    return " ".join(word.quoted for word in found.words)[:QUOTE_LIMIT].strip()


def _part(document: Document, found: Found) -> str:
    """The section, caption or table that words stand in."""
    first = found.words[0]
    for table in document.tables:
        if any(first in cell.words for row in table.rows for cell in row if cell):
            return table.label or "table without caption"
    holding = (paragraph for paragraph in document.paragraphs if first in paragraph.words)
    paragraph = next(holding, None)
    return (paragraph.label or paragraph.section) if paragraph else ""
