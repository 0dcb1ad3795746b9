"""Tables that break over pages: the part at the top of a page that goes on where the page before ended.

Papers set long tables in two ways: with the caption again and a word such as `continued`, or with nothing but the next
rows, sometimes below the header again. Either way the parts become one table; a repeated header counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.documents.extents import Region
from extractors.documents.model import Table, TableCell
from extractors.documents.structure import Block
from extractors.documents.tables import find_regions, make_table, side_of
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

_CONTINUED = re.compile(r"\bcont(?:inued|inuation|['’]?d\b|\.)", re.IGNORECASE)
_LOW = 0.6
"""Share of the page's height below which a table ends that goes on over the page."""
_BESIDE = 100.0
"""Points to the side of a narrow table at which the lines of its column may begin or end."""
_TOP = 30.0
"""Points between the top of a page's text and a table that goes on there at most."""
_NAMED = 42.0
"""Points below a table within which a caption is its own."""
_OVERLAP = 0.3
"""Share of the narrower column that columns of both parts have in common at least."""

Span = tuple[float, float]
Cells = tuple[TableCell | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What goes on of a table on the next page, joined to it, and the identities of the segments in it."""

    table: Table
    claimed: frozenset[int]


def unfinished(tables: Iterable[Table], blocks: Iterable[Block], page: RawPage) -> Table | None:
    """The table with which a page ends, which may go on over it.

    Args:
        tables: those of the page.
        blocks: its text.
        page: the page.
    """
    last = max(tables, key=lambda table: _foot(table).bottom, default=None)
    if last is None or _foot(last).bottom < _LOW * page.height:
        return None
    box = _foot(last)
    below = (block for block in blocks if block.kind != "footnote" and _is_below(block.segments[0], box))
    return None if any(below) else last


def _foot(table: Table) -> Box:
    return table.continued[-1] if table.continued else table.box


def _is_below(segment: Segment, box: Box) -> bool:
    beside = segment.x0 < box.x1 + _BESIDE and segment.x1 > box.x0 - _BESIDE
    return beside and segment.baseline > box.bottom + 1


def part_at_top(
    table: Table, page: RawPage, segments: Sequence[Segment], captions: Sequence[Box]
) -> Part | None:
    """The table with what goes on of it at the top of the next page, or None where nothing does.

    Args:
        table: with which the page before ended.
        page: the next page.
        segments: its text without captions and running headers.
        captions: boxes of its captions.
    """
    beside = [s for s in segments if s.x0 < table.box.x1 + _BESIDE and s.x1 > table.box.x0 - _BESIDE]
    if not beside or table.caption is None or _foot(table).page + 1 != page.number:
        return None
    top = min(word.box.top for segment in beside for word in segment.words)
    edge = min([top, *(rule.y for rule in page.rules if top - _TOP < rule.y < top)]) - 2
    if edge < 0 or any(box.top < top for box in captions):
        return None
    above = Box(page.number, table.box.x0, edge, table.box.x1, edge)
    for region in find_regions(above, captions, segments, page.rules, 1, page.bars):
        held = [segment for segment in segments if region.holds(segment)]
        over = any(s.baseline < region.top and not region.holds(s) for s in beside)
        named = any(0 < box.top - region.bottom < _NAMED and _meets(box, region) for box in captions)
        if over or named or region.top > top + _TOP or side_of(region, above) < 0 or not held:
            continue
        part = make_table(table.caption, above, region, held, page.bars)
        whole = part and joined(table, part)
        if whole:
            return Part(whole, frozenset(id(segment) for segment in held))
    return None


def _meets(box: Box, region: Region) -> bool:
    return box.x0 < region.x1 and box.x1 > region.x0


def join_repeated(tables: Iterable[Table]) -> tuple[Table, ...]:
    """Tables with those joined to the one before whose captions say that they continue it."""
    kept: list[Table] = []
    for table in tables:
        before = next((other for other in reversed(kept) if other.label == table.label), None)
        whole = joined(before, table) if before and _continues(table, before) else None
        if before is None or whole is None:
            kept.append(table)
        else:
            kept[kept.index(before)] = whole
    return tuple(kept)


def _continues(table: Table, before: Table) -> bool:
    if (
        not table.label
        or table.caption is None
        or before.caption is None
        or _foot(before).page + 1 != table.page
    ):
        return False
    return bool(_CONTINUED.search(table.caption.text)) or table.caption.text == before.caption.text


def joined(table: Table, part: Table) -> Table | None:
    """The table with a part's rows below its own, or None where the part's columns are not its."""
    homes = _homes(_columns(table), _columns(part))
    if homes is None:
        return None
    width = len(table.rows[0])
    body = part.rows[_repeated(table, part) :]
    start = len(table.rows)
    rows = tuple(_moved(row, index, homes, width) for index, row in enumerate(body, start))
    return replace(table, rows=(*table.rows, *rows), continued=(*table.continued, part.box, *part.continued))


def _columns(table: Table) -> list[Span]:
    """How far the cells of each column reach, those that span columns left out."""
    spans = []
    for column in range(len(table.rows[0])):
        boxes = [cell.box for row in table.rows if (cell := row[column]) and cell.column_span == 1]
        spans.append((min((b.x0 for b in boxes), default=0.0), max((b.x1 for b in boxes), default=0.0)))
    return spans


def _homes(columns: Sequence[Span], parts: Sequence[Span]) -> list[int] | None:
    """For each column of the part the table's column that it lies over, from left to right and none twice."""
    homes: list[int] = []
    for part in parts:
        shares = [_share(column, part) for column in columns]
        best = max(range(len(columns)), key=shares.__getitem__)
        if shares[best] < _OVERLAP or (homes and best <= homes[-1]):
            return None
        homes.append(best)
    return homes


def _share(a: Span, b: Span) -> float:
    return (min(a[1], b[1]) - max(a[0], b[0])) / max(min(a[1] - a[0], b[1] - b[0]), 0.1)


def _repeated(table: Table, part: Table) -> int:
    """How many rows at the top of the part are the table's header again."""
    count = 0
    for row, header in zip(part.rows, table.rows[: table.header_rows], strict=False):
        if _texts(row) != _texts(header):
            break
        count += 1
    return count if count == table.header_rows else 0


def _texts(row: Cells) -> list[str]:
    return [cell.text for cell in row if cell]


def _moved(row: Cells, index: int, homes: Sequence[int], width: int) -> Cells:
    moved: list[TableCell | None] = [None] * width
    for cell in row:
        if cell:
            last = homes[min(cell.column + cell.column_span, len(homes)) - 1]
            home = homes[cell.column]
            moved[home] = replace(cell, row=index, column=home, column_span=last - home + 1)
    return tuple(moved)
