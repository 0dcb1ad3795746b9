"""A paper on the screen: its head, its lines around the cursor, what is known of the line under it, and the keys. Pure.

Everything essential fits 80 columns by 24 lines; where there are 110 columns or more, what is known of a line stands beside the
lines instead of below them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from annotation.page import link
from annotation.screen.paint import (
    FAINT,
    STRONG,
    bar,
    beside,
    clipped,
    filled,
    rule,
    text,
    wrapped,
)
from annotation.screen.paper.asking import Asking
from annotation.screen.paper.keys import BRIEF, FULL
from annotation.screen.paper.rows import (
    Row,
    brief,
    evidence_of,
    gist,
    history_of,
    main_cell,
    mark,
    named_cell,
    place_of,
    standing,
    value_of,
)
from annotation.values import show
from annotation.whole import WholeCell, WholePaper
from extractors.physics import FITTING

SIDE_FROM = 110
"""Columns from which what is known of a line stands beside the lines."""
_SIDE = 56
_BELOW = 5
"""Lines for what is known of a line where it stands below, of 24; more on higher screens."""
_FIELD = 17
_STANDING = 20
_PLACE = 6
_CURSOR = ">"
"""Before the line under the cursor, which is in reverse too."""


@dataclass(frozen=True, slots=True)
class View:
    """What the screen shows."""

    who: str
    paper: WholePaper | None
    """None before it was read."""
    rows: tuple[Row, ...]
    at: int
    """The row under the cursor."""
    file: str
    """What is known of the file, as `12 pages`."""
    with_rejected: bool
    asking: Asking | None
    message: str


def frame(view: View, width: int, height: int) -> list[Content]:
    """The screen as exactly so many lines, or fewer where a page over it is shorter."""
    top = _bar(view, width)
    if view.asking is not None and view.asking.covers:
        return [top, *view.asking.lines(width, height - 1)]
    head = _head(view, width, height)
    below = view.asking.lines(width, height * 2 // 3) if view.asking else _foot(view.message, width)
    room = max(height - 1 - len(head) - len(below), 0)
    return [top, *head, *_middle(view, width, room), *below]


def _bar(view: View, width: int) -> Content:
    paper = view.paper
    if paper is None:
        return bar(f" {view.who}", "One moment ", width)
    cells = [cell for entity in paper.entities for cell in entity.cells]
    facts = [cell for cell in cells if cell.field.use == "fact"]
    waiting = sum(cell.waits is not None for cell in facts)
    rejected = sum(cell.is_rejected for cell in facts)
    counts = f"{len(facts) - rejected} values, {waiting} wait, {rejected} rejected "
    return bar(
        f" {view.who}  {paper.id}v{paper.version}", f"{view.file}{', ' if view.file else ''}{counts}", width
    )


def _head(view: View, width: int, height: int) -> list[Content]:
    paper = view.paper
    if paper is None:
        return []
    day = f" ({paper.published:%Y-%m-%d})" if paper.published else ""
    title = text((paper.title or "without a title", STRONG), day)
    lines = wrapped(title, width, 1 if height < 30 else 2)
    where = link(paper.id)
    return [*lines, clipped(text(f"{where}{'  ' if where else ''}", read_by(paper)), width), _across(width)]


def _across(width: int) -> Content:
    return text(("─" * width, FAINT))


def read_by(paper: WholePaper) -> str:
    """Whether a paper was read completely, and by whom."""
    rest = rest_cell(paper)
    if rest is None or rest.state.decided_at is None:
        asked = ", which is asked for" if rest is not None and rest.waits else ""
        return f"not read completely yet{asked}"
    return f"read completely by {', '.join(rest.state.reviewers)}, {rest.state.decided_at:%Y-%m-%d}"


def rest_cell(paper: WholePaper) -> WholeCell | None:
    """What is said of the paper as a whole; None where nothing is."""
    whole = next((entity for entity in paper.entities if entity.id.kind == "paper"), None)
    return whole.cell("rest") if whole else None


def _middle(view: View, width: int, room: int) -> list[Content]:
    """The lines, and what is known of the one under the cursor."""
    row = view.rows[view.at] if view.rows else None
    if width >= SIDE_FROM:
        side = min(_SIDE, width // 3)
        main = width - side - 3
        detail = list(_detail(row, side)) if row else []
        return beside(_list(view, main, room), detail[:room], main, room)
    if view.asking is not None or row is None:
        return _list(view, width, room)
    below = max(_BELOW, room // 3)
    detail = list(_detail(row, width))[:below]
    detail += [Content("")] * (below - len(detail))
    return [*_list(view, width, room - below), *detail]


def _list(view: View, width: int, room: int) -> list[Content]:
    if not view.rows:
        words = (
            "One moment"
            if view.paper is None
            else "Nothing is known of it. a adds what it reports; x shows what was rejected"
        )
        lines = wrapped(text((words, STRONG)), width, 3, indent=2)
        return (lines + [Content("")] * room)[:room]
    start = min(max(view.at - room // 2, 0), max(len(view.rows) - room, 0))
    shown = enumerate(view.rows[start : start + room], start=start)
    lines = [_row(row, width, chosen=number == view.at) for number, row in shown]
    return lines + [Content("")] * (room - len(lines))


def _row(row: Row, width: int, *, chosen: bool) -> Content:
    inner = width - len(_CURSOR)
    line = _cell_row(row, row.cell, inner) if row.cell else _entity_row(row, inner)
    return (
        filled(text(_CURSOR) + line, width).stylize("reverse") if chosen else text(" " * len(_CURSOR)) + line
    )


def _entity_row(row: Row, width: int) -> Content:
    entity, indent = row.entity, "  " * row.depth
    fold = "  " if row.is_gone else "▸ " if row.is_folded else "▾ "
    main = named_cell(entity) if entity.id.kind == "result" and row.is_folded and not row.is_gone else None
    name = text(indent, fold, f"{entity.id.kind} ", (entity.id.slug, STRONG))
    if main is None:
        added = history_of(entity)
        return clipped(name + text(f"  {gist(row)}", (f"  {added}" if added else "", FAINT)), width)
    tail = _tail(main, width)
    room = width - tail.cell_length
    slug = text(indent, fold, "result ", f"{gist(row)}  ", (entity.id.slug, FAINT))
    return filled(slug, room - 1) + Content(" ") + tail


def _tail(cell: WholeCell, width: int) -> Content:
    """Mark, standing and page of a value, at the end of its line."""
    stand = _STANDING if width < SIDE_FROM - _SIDE + 30 else _STANDING + 8
    place = place_of(cell)
    return text(f"{mark(cell)} ") + filled(text(standing(cell)), stand) + _right(place, _PLACE)


def _right(words: str, width: int) -> Content:
    short = clipped(text(words), width)
    return Content(" " * max(width - short.cell_length, 0)) + short


def _cell_row(row: Row, cell: WholeCell, width: int) -> Content:
    indent = "  " * row.depth + "  "
    tail = _tail(cell, width)
    field = f"{cell.key.field.replace('_', ' '):<{_FIELD}}"
    room = width - tail.cell_length - 1
    head = text(indent, (f"{field} ", FAINT if cell.field.use == "identity" else ""))
    return filled(head + text(brief(cell)), room) + Content(" ") + tail


def _detail(row: Row, width: int) -> Iterator[Content]:
    """What is known of a line: where it stands, what is doubted, who said what."""
    cell = row.cell or (main_cell(row.entity) if not row.is_gone else None)
    if cell is None:
        yield rule(f"{row.entity.id.kind} {row.entity.id.slug}", width)
        yield from wrapped(text(gist(row)), width)
        return
    place = evidence_of(cell)
    yield rule(
        f"{cell.field.path}{f', page {place.page}' if place else ''}{f', {place.anchor}' if place and place.anchor else ''}",
        width,
    )
    if place is not None:
        yield from wrapped(text("“", place.quote, "”"), width, 3)
    if width < SIDE_FROM - _SIDE:  # room at the side
        yield from wrapped(text((value_of(cell), STRONG), f"  {standing(cell)}"), width)
    for note in cell.notes:
        yield from wrapped(text(note), width, 2)
    reasons = cell.options[0].reasons if cell.options else ()
    for reason in reasons:
        sign = "= " if reason.startswith(FITTING) else "? "
        yield from wrapped(text((sign, STRONG), reason.removeprefix(FITTING)), width, 2)
    for number, option in enumerate(cell.options[1:], start=2):
        yield from wrapped(text((f"or {number}: ", FAINT), show(option.value)), width, 1)
    yield from wrapped(text((cell.field.guideline, FAINT)), width)


def _foot(message: str, width: int) -> list[Content]:
    """The message, in one line or two, and the keys."""
    lines = wrapped(text((message, STRONG)), width, 2) or [Content("")]
    return [*lines, clipped(Content(BRIEF if width < cell_len(FULL) else FULL), width)]
