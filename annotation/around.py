"""Finding in a document what stands around a quote: `passage(document, evidence)`. Nothing here opens a file."""

from __future__ import annotations

from collections.abc import Sequence

from annotation.passage import InTable, InText, Passage, Span
from extractors.documents.locate import Places, folded
from extractors.documents.model import Document, Paragraph, Table, TableCell, Word
from extractors.facts.evidence import Box, Evidence

_AROUND, _ROWS, _HEADERS, _CELL = 1200, 30, 6, 120
"""Most of a paper that is handed on: characters before and behind a quote, rows around a row, header rows, and characters of a cell."""
_ROOM = 2.0
"""Points by which a word may stand out of the box that it belongs to."""


def passage(document: Document, place: Evidence) -> Passage | None:
    """What stands around the quote of a piece of evidence; None where it is not found.

    Args:
        document: the file the evidence is from, read.
        place: the evidence; without a box, its quote is searched for.
    """
    found = _by_box(document, place, place.box) if place.box is not None else None
    return found or _by_quote(document, place)


def _by_box(document: Document, place: Evidence, box: Box) -> Passage | None:
    for table in document.tables:
        cell = _cell_at(table, box)
        if cell is not None:
            return _in_table(table, cell.row, cell.column)
    for paragraph in document.paragraphs:
        inside = [at for at, word in enumerate(paragraph.words) if _holds(box, word.box)]
        if inside and _says(paragraph.words, place.quote):
            return _in_text(paragraph, place.quote, inside)
    return None


def _by_quote(document: Document, place: Evidence) -> Passage | None:
    found = Places(document).find(place.quote)
    if found is None:
        return None
    if found.row:
        for table in document.tables:
            if any(found.row[0] is cell for row in table.rows for cell in row):
                return _in_table(table, found.row[0].row, None)
    ids = {id(word) for word in found.words}
    for paragraph in document.paragraphs:
        if any(id(word) in ids for word in paragraph.words):
            return _in_text(paragraph, place.quote, [])
    return None


def _cell_at(table: Table, box: Box) -> TableCell | None:
    """The cell whose words lie within a box, nearest to filling it."""
    cells = (cell for row in table.rows for cell in row if cell and cell.words)
    return next((cell for cell in cells if all(_holds(box, word.box) for word in cell.words)), None)


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.page == inner.page
        and outer.x0 - _ROOM <= inner.x0
        and inner.x1 <= outer.x1 + _ROOM
        and outer.top - _ROOM <= inner.top
        and inner.bottom <= outer.bottom + _ROOM
    )


def _says(words: Sequence[Word], quote: str) -> bool:
    return folded(quote) in folded(" ".join(word.quoted for word in words))


def _in_table(table: Table, row: int, column: int | None) -> InTable:
    rows = tuple(tuple(cell.text[:_CELL] if cell else "" for cell in cells) for cells in table.rows)
    first = max(row - _ROWS, table.header_rows)
    kept = (
        (*rows[: min(table.header_rows, _HEADERS)], *rows[first : row + _ROWS])
        if row >= first
        else (rows[row],)
    )
    heads = min(table.header_rows, _HEADERS) if row >= first else 0
    caption = table.caption.text if table.caption else table.label
    return InTable(caption[:_AROUND], kept, heads, heads + row - first if row >= first else 0, column)


def _in_text(paragraph: Paragraph, quote: str, inside: Sequence[int]) -> InText:
    value = _span(paragraph, inside[0], inside[-1] + 1) if inside else (0, 0)
    said = _run_of(paragraph.words, quote.split(), inside[0] if inside else None)
    quoted = _span(paragraph, *said) if said else value
    start = max(quoted[0] - _AROUND, 0)
    text = paragraph.text[start : quoted[1] + _AROUND]
    return InText(text, _moved(quoted, start), _moved(value, start))


def _moved(span: Span, by: int) -> Span:
    return (span[0] - by, span[1] - by) if span[0] < span[1] else (0, 0)


def _run_of(words: Sequence[Word], quoted: Sequence[str], around: int | None) -> Span | None:
    """The words that a quote consists of, those around a given one where it occurs more than once."""
    texts = [part for word in words for part in word.quoted.split()]
    owner = [at for at, word in enumerate(words) for _ in word.quoted.split()]
    length = len(quoted)
    starts = [
        at for at in range(len(texts) - length + 1) if length and list(quoted) == texts[at : at + length]
    ]
    runs = [(owner[at], owner[at + length - 1] + 1) for at in starts]
    wanted = [run for run in runs if around is None or run[0] <= around < run[1]]
    return next(iter(wanted or runs), None)


def _span(paragraph: Paragraph, first: int, last: int) -> Span:
    """Where words `first:last` stand in the text."""
    end = paragraph.starts[last] if last < len(paragraph.words) else len(paragraph.text)
    start = paragraph.starts[first]
    return start, start + len(paragraph.text[start:end].rstrip())
