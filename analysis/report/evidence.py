"""Where a point comes from: its cells with page, words, and who vouches for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.load import Evidence
from analysis.points import Point
from analysis.report.markup import details, link, page_address, said, text

_STATUSES: Final = {
    "automatic": "read by a program, seen by nobody",
    "reviewed": "decided by a person",
    "double-reviewed": "decided by two people",
    "adjudicated": "settled by a third person",
}


def evidence(point: Point, cells: Sequence[Evidence]) -> str:
    """The cells of a point, folded; nothing where there are none."""
    if not cells:
        return ""
    name = "Evidence: 1 place" if len(cells) == 1 else f"Evidence: {len(cells)} places"
    return "".join(details(name, _places(point, cells), "long"))


def _places(point: Point, cells: Sequence[Evidence]) -> Iterator[str]:
    yield '<dl class="places">'
    for cell in cells:
        printed = f" (printed {said(cell.printed)})" if cell.printed else ""
        yield f"<dt>{text(cell.column_name)}: {said(str(cell.value))}{printed}</dt>"
        yield f"<dd>{_place(point, cell)}{_quoted(cell)}<br><small>{text(_vouched(cell))}</small></dd>"
    yield "</dl>"


def _place(point: Point, cell: Evidence) -> str:
    if cell.page is None:
        return ""
    return link(page_address(point.link, cell.paper_version, cell.page), f"page {cell.page:d}")


def _quoted(cell: Evidence) -> str:
    if not cell.quote:
        return ""
    return f"{': ' if cell.page is not None else ''}<q>{said(cell.quote)}</q>"


def _vouched(cell: Evidence) -> str:
    words = _STATUSES.get(cell.status, cell.status)
    judged = cell.probability is not None and cell.status == "automatic"
    return f"{words}, right with probability {cell.probability:.2f}" if judged else words
