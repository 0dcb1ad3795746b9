"""Which parts of a page a person needs to judge a value there: its paragraph, or its row with the table's header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.documents.model import Document, Page, Table, Word
from extractors.facts.evidence import Box

TALLEST = 300.0
"""Points of a page shown in one piece, about a third of it; of what is taller, the surroundings of the box are shown."""
MARGIN = 6.0
"""Points around what is shown."""
_AROUND = 90.0
"""Points shown above and below a box of which not all surroundings fit; some seven lines."""
_CAPTION = 40.0
"""Points between a table and a caption that is shown with it."""
_SLACK = 2.0
"""Points by which a box may leave the paragraph that it belongs to."""


@dataclass(frozen=True, slots=True)
class View:
    """What of a page is shown."""

    strips: tuple[Box, ...]
    """Parts of the page, to stand below each other as they read."""
    turned: int = 0
    """Degrees (0, 90 or 270) by which the text stands turned counter-clockwise on the page."""


def view(document: Document, box: Box) -> View:
    """What is shown of the page of a box, all in points of that page.

    Args:
        document: one in which that page was read.
        box: where the value stands.
    """
    page = next((page for page in document.pages if page.number == box.page), None)
    if page is None:
        return View((_grown(box, _AROUND),))
    table = _smallest([t for t in document.tables if t.box.page == box.page and _holds(t.box, box)])
    if table is not None:
        return View(tuple(_on(page, _grown(strip)) for strip in _of_table(table, box)), table.turned)
    found = [(part, p) for p in document.paragraphs for part in p.boxes if _holds(part, box)]
    if found:
        part, paragraph = min(found, key=lambda pair: _area(pair[0]))
        turned = _turned(paragraph.words)
        return View((_on(page, _grown(_near(_wide(page, part, turned), box, turned))),), turned)
    return View((_on(page, _grown(_near(_column(page, box), box))),))


# Tables


def _of_table(table: Table, box: Box) -> Iterator[Box]:
    """The whole table where it is small; else its header, and the rows around the box."""
    whole = _captioned(table, table.box.union(box))
    head = _head(table)
    if table.turned or head is None or whole.bottom - whole.top <= TALLEST:
        yield whole
        return
    rows = _near(table.box.union(box), box)
    head = Box(whole.page, whole.x0, min(whole.top, head.top), whole.x1, head.bottom)
    rows = Box(rows.page, whole.x0, rows.top, whole.x1, rows.bottom)
    if rows.top <= head.bottom + 2 * MARGIN:
        yield head.union(rows)
    else:
        yield from (head, rows)


def _captioned(table: Table, box: Box) -> Box:
    """The box with the table's caption where that stands close to it and both are not too tall."""
    for part in table.caption.boxes if table.caption else ():
        near = part.page == box.page and part.top < box.bottom + _CAPTION and part.bottom > box.top - _CAPTION
        both = box.union(part) if near else box
        if near and (table.turned or both.bottom - both.top <= TALLEST or part.bottom <= box.top):
            box = both
    return box


def _head(table: Table) -> Box | None:
    cells = [cell.box for row in table.rows[: table.header_rows] for cell in row if cell]
    cells = [cell for cell in cells if cell.page == table.box.page]
    return Box.around(cells) if cells else None


# Running text


def _wide(page: Page, part: Box, turned: int) -> Box:
    """A paragraph's part over the whole width of the column that it stands in."""
    return part if turned else part.union(_clipped(_column(page, part), part))


def _column(page: Page, box: Box) -> Box:
    """The column that a box stands in, as wide as both, or the page's width."""
    for column in page.columns:
        if column.x0 - _SLACK <= (box.x0 + box.x1) / 2 <= column.x1 + _SLACK and _beside(column, box):
            return column.union(box)
    return Box(box.page, 0.0, 0.0, max(page.width, box.x1), max(page.height, box.bottom)).union(box)


def _clipped(column: Box, part: Box) -> Box:
    """As wide as a column, as high as a part of it."""
    return Box(part.page, column.x0, part.top, column.x1, part.bottom)


def _turned(words: Sequence[Word]) -> int:
    """By how much words stand turned on the page: tall boxes tell that they do, the way they go on tells how."""
    long = [word.box for word in words if len(word.text) > 2]
    if not long or 2 * sum(box.bottom - box.top > box.x1 - box.x0 for box in long) <= len(long):
        return 0
    ups = sum(
        1 if after.box.top < before.box.top else -1
        for before, after in pairwise(words)
        if before.line == after.line
    )
    return 90 if ups >= 0 else 270


# Boxes


def _near(whole: Box, box: Box, turned: int = 0) -> Box:
    """The whole where it is small, else what of it stands around the box."""
    if turned or whole.bottom - whole.top <= TALLEST:
        return whole
    top, bottom = max(whole.top, box.top - _AROUND), min(whole.bottom, box.bottom + _AROUND)
    return Box(whole.page, whole.x0, top, whole.x1, max(bottom, top))


def _grown(box: Box, by: float = MARGIN) -> Box:
    return Box(box.page, box.x0 - by, box.top - by, box.x1 + by, box.bottom + by)


def _on(page: Page, box: Box) -> Box:
    """What of a box lies on the page; the box itself where nothing does."""
    x0, top = max(box.x0, 0.0), max(box.top, 0.0)
    x1, bottom = min(box.x1, page.width), min(box.bottom, page.height)
    return Box(box.page, x0, top, x1, bottom) if x0 < x1 and top < bottom else box


def _holds(part: Box, box: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    inside = part.x0 - _SLACK <= x <= part.x1 + _SLACK and part.top - _SLACK <= y <= part.bottom + _SLACK
    return part.page == box.page and inside


def _beside(column: Box, box: Box) -> bool:
    return column.top - _SLACK <= (box.top + box.bottom) / 2 <= column.bottom + _SLACK


def _smallest(tables: Sequence[Table]) -> Table | None:
    return min(tables, key=lambda table: _area(table.box), default=None)


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
