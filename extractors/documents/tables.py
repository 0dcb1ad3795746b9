"""Which words of a page belong to which table: from each caption to the ruling lines or rows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.documents.characters import Bar, Rule
from extractors.documents.extents import NUMBER, Region, baselines_of, grown, inside, is_row, text_between
from extractors.documents.grids.grid import grid_of
from extractors.documents.model import Paragraph, Table, union_of
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

_NEAR = 42.0
"""Points between a caption and its table's first line at most."""
_OTHER_SIDE = 25.0
"""Points that a table on the side where this paper's tables do not stand counts as further away."""
_EQUAL = 8.0
"""Points by which the ends of lines of one table may differ."""
_LOOSE_PITCH = 2.6
"""Line pitches between two rows of a table without lines at most."""
_ASIDE = 40.0
"""Points between a table and a caption to its side at most."""
_BESIDE = 12.0
"""Points that a table reaches beyond its caption's sides; the gap between two columns of text is wider."""
_TIGHT_WORDS = 8
"""Words up to which a line with a number may be a row whose cells stand close."""
_PLAIN_WORDS = 4
"""Plain words that a cell of a table without lines has at most, where others of its row are as long."""
_CELL_GAP = 60.0
"""Points between two columns of a table at most."""
_LABEL_PITCH = 1.4
"""Type sizes between the lines of a label at most."""
_SHORT = 4
"""Words of a cell at the side of a table beyond its caption at most; lines of text have more."""
_MOST_ROWS = 0.6
"""Share of the rows that have a cell in such a column."""
_FEW_ROWS = 3
"""Rows from which what stands beside a caption is a table, lines or not."""
_WIDE_ROW = 4
"""Cells from which two rows alone are a table."""


def find_regions(
    caption: Box,
    others: Sequence[Box],
    segments: Sequence[Segment],
    rules: Sequence[Rule],
    side: int = 0,
    bars: Sequence[Bar] = (),
) -> list[Region]:
    """Where the table that a caption names may stand, likeliest first; none where nothing beside it looks like one.

    Args:
        caption: the caption's box.
        others: boxes of the page's other captions, which a table does not cross.
        segments: the page's segments that belong to no caption.
        rules: the page's ruling lines.
        side: where this paper's tables stand: 1 below their captions, -1 above, 0 where it is not known.
        bars: the page's vertical lines.
    """
    rows = {direction: _rows_beside(caption, others, segments, direction) for direction in (1, -1)}
    found = [
        region
        for direction, beside in rows.items()
        if (region := _ruled(caption, others, segments, rules, direction, beside))
        or (region := _crossed(caption, others, rules, bars, direction))
    ]
    whole = [grown(region, [caption, *others], segments, rules, bars) for region in found]
    ruled = [region for region in whole if _filled(region, segments)]
    loose = [region for beside in rows.values() if (region := _unruled(beside, segments))]
    partial = [r for r in ruled if _is_part(r, rows[side_of(r, caption)])]
    ruled = [region for region in ruled if region not in partial]
    loose = [
        replace(r, rules=inside(r, rules)) if any(_meet(r, p) for p in partial) else r for r in loose
    ] or partial

    def strange(region: Region) -> bool:
        return bool(side) and side_of(region, caption) != side

    ruled.sort(key=lambda region: _distance(region, caption) + _OTHER_SIDE * strange(region))
    loose.sort(key=lambda region: (strange(region), region.top - region.bottom))
    return [*ruled, *loose]


def regions_aside(
    caption: Box,
    others: Sequence[Box],
    segments: Sequence[Segment],
    rules: Sequence[Rule],
    bars: Sequence[Bar] = (),
) -> list[Region]:
    """The same to the left and right of a caption, for those that have no table above or below.

    They reach from line to line, past the middle of the caption.
    """
    middle = (caption.top + caption.bottom) / 2
    found: list[Region] = []
    for first in rules:
        gap = max(first.x0 - caption.x1, caption.x0 - first.x1)
        known = any(region.x0 < first.x1 and region.x1 > first.x0 for region in found)
        if not 0 < gap < _ASIDE or first.y > middle or known:
            continue
        level = [r for r in rules if _same_width(r, first) and first.y <= r.y < _limit(first, others, 1)]
        last = next((r for r, after in pairwise(level) if text_between(r, after, segments)), level[-1])
        if last.y > middle:
            region = Region(first.x0, first.y, first.x1, last.y, ())
            found.append(grown(region, [caption, *others], segments, rules, bars))
    return [region for region in found if _filled(region, segments)]


def side_of(region: Region, caption: Box) -> int:
    """1 for a table below its caption, -1 for one above."""
    return 1 if region.top + region.bottom > caption.top + caption.bottom else -1


def make_table(
    caption: Paragraph, box: Box, region: Region, segments: Sequence[Segment], bars: Sequence[Bar] = ()
) -> Table | None:
    """The table in a region, or None where its words make no grid.

    Args:
        caption: the table's.
        box: the caption's, for its page.
        region: where the table stands.
        segments: those in the region.
        bars: the page's vertical lines.
    """
    words = [word for segment in segments for word in segment.words]
    grid = grid_of(words, region.rules, [bar for bar in bars if region.crosses(bar)])
    if grid is None:
        return None
    around = union_of([word.box for word in words])
    return Table(box.page, around, caption.label, caption, grid.header_rows, grid.rows)


def _is_part(region: Region, rows: Sequence[Sequence[Segment]]) -> bool:
    """Whether a region's one line runs over some columns only of the rows that stand beside the caption."""
    if len({round(rule.y) for rule in region.rules}) > 1 or len(rows) < _FEW_ROWS:
        return False
    out = [any(_beyond(segment, region) for segment in row) for row in rows]
    return sum(out) > _MOST_ROWS * len(rows)


def _beyond(segment: Segment, region: Region) -> bool:
    """Whether a cell stands beside a region."""
    outside = segment.x1 < region.x0 + _EQUAL or segment.x0 > region.x1 - _EQUAL
    return outside and not _is_prose(segment)


def _meet(region: Region, other: Region) -> bool:
    return region.top < other.bottom and region.bottom > other.top


def _distance(region: Region, caption: Box) -> float:
    return max(region.top - caption.bottom, caption.top - region.bottom)


def _filled(region: Region, segments: Sequence[Segment]) -> bool:
    held = [segment for segment in segments if region.holds(segment)]
    return len(held) >= 4 and len(baselines_of(sorted(held, key=lambda s: s.baseline))) >= 2


def _ruled(
    caption: Box,
    others: Sequence[Box],
    segments: Sequence[Segment],
    rules: Sequence[Rule],
    direction: int,
    loose: Sequence[Sequence[Segment]],
) -> Region | None:
    """From the nearest line below (or above) the caption through all lines of the same width."""
    edge = caption.bottom if direction > 0 else caption.top
    reach = max((abs(row[0].baseline - edge) for row in loose), default=0.0) + _NEAR
    ahead = [r for r in rules if (r.y - edge) * direction > -3 and r.x0 < caption.x1 and r.x1 > caption.x0]
    ahead.sort(key=lambda r: (round(direction * r.y), r.x0 - r.x1))
    if not ahead or abs(ahead[0].y - edge) > reach:
        return None
    nearest = max((r for r in ahead if abs(r.y - ahead[0].y) < 2), key=lambda r: r.x1 - r.x0)
    limit = _limit(nearest, others, direction)
    first = _whole(nearest, [r for r in ahead if direction * (r.y - limit) < 0], segments)
    group = [r for r in ahead if _same_width(r, first) and direction * (r.y - limit) < 0]
    if not group:
        return None
    last = next((r for r, after in pairwise(group) if text_between(r, after, segments)), group[-1])
    start = nearest.y
    if loose and direction * (start - loose[0][0].baseline) > 0:
        start = loose[0][0].baseline
    top, bottom = min(start, first.y, last.y), max(start, first.y, last.y)
    region = Region(min(first.x0, last.x0), top, max(first.x1, last.x1), bottom, ())
    return replace(region, rules=inside(region, rules))


def _whole(first: Rule, ahead: Sequence[Rule], segments: Sequence[Segment]) -> Rule:
    """The first line over all of a table, where the nearest runs below a header over some columns only."""
    further = [r for r in ahead if abs(r.y - first.y) > 2]
    if not further or abs(further[0].y - first.y) > _NEAR:
        return first
    level = [r for r in further if abs(r.y - further[0].y) < 2]
    wide = max(level, key=lambda r: r.x1 - r.x0)
    holds = wide.x0 < first.x0 + 2 and wide.x1 > first.x1 - 2 and not _same_width(wide, first)
    return wide if holds and not text_between(wide, first, segments) else first


def _crossed(
    caption: Box, others: Sequence[Box], rules: Sequence[Rule], bars: Sequence[Bar], direction: int
) -> Region | None:
    """As high as the vertical lines that end near the caption, and as wide as the lines that cross them."""
    edge = caption.bottom if direction > 0 else caption.top
    near = [b for b in bars if -3 < direction * ((b.top if direction > 0 else b.bottom) - edge) < _NEAR]
    for bar in near:
        over = [r for r in rules if r.x0 < bar.x < r.x1 and bar.top - 2 < r.y < bar.bottom + 2]
        wide = max(over, key=lambda r: r.x1 - r.x0, default=None)
        if wide is None or wide.x0 > caption.x1 or wide.x1 < caption.x0:
            continue
        far = bar.bottom if direction > 0 else bar.top
        if direction * far < direction * _limit(replace(wide, y=edge), others, direction):
            return Region(wide.x0, bar.top, wide.x1, bar.bottom, tuple(over))
    return None


def _same_width(rule: Rule, first: Rule) -> bool:
    return abs(rule.x0 - first.x0) < _EQUAL and abs(rule.x1 - first.x1) < _EQUAL


def _limit(first: Rule, others: Sequence[Box], direction: int) -> float:
    """Where the next caption in the way stands."""
    ahead = [
        box.top if direction > 0 else box.bottom
        for box in others
        if direction * ((box.top + box.bottom) / 2 - first.y) > 0 and box.x0 < first.x1 and box.x1 > first.x0
    ]
    return direction * min((direction * y for y in ahead), default=float("inf"))


def _unruled(rows: Sequence[list[Segment]], segments: Sequence[Segment]) -> Region | None:
    """Rows of several segments, one after the other, beside a caption without lines."""
    kept = list(rows)
    while kept and len(kept[-1]) == 1 and not is_row(kept[-1]):
        kept.pop()
    few = len(kept) == 2 and min(map(len, kept)) >= _WIDE_ROW
    if sum(len(row) > 1 for row in kept) < _FEW_ROWS and not few:
        return None
    found = [s for row in kept for s in row]
    lines = [s.baseline for s in found]
    region = Region(min(s.x0 for s in found), min(lines) - 1, max(s.x1 for s in found), max(lines), ())
    return _widened(region, len(kept), segments)


def _widened(region: Region, rows: int, segments: Sequence[Segment]) -> Region:
    """The region with the columns that stand further to the side than its caption: short, and in most rows."""
    inside = [s for s in segments if region.top - 2 < s.baseline < region.bottom + 3]
    x0, x1 = region.x0, region.x1
    grown = True
    while grown:
        right = [s for s in inside if 0 < s.x0 - x1 < _CELL_GAP]
        left = [s for s in inside if 0 < x0 - s.x1 < _CELL_GAP]
        grown = False
        for side in (right, left):
            short = all(len(s.words) <= _SHORT for s in side)
            if short and len({round(s.baseline) for s in side}) >= _MOST_ROWS * rows:
                x0, x1 = min(x0, *(s.x0 for s in side)), max(x1, *(s.x1 for s in side))
                grown = True
    return replace(region, x0=x0, x1=x1)


def _rows_beside(
    caption: Box, others: Sequence[Box], segments: Sequence[Segment], direction: int
) -> list[list[Segment]]:
    """What looks like rows from the caption on, nearest first."""
    edge = caption.bottom if direction > 0 else caption.top
    limit = _limit(Rule(caption.x0, caption.x1, edge + direction), others, direction)
    ahead = [
        s
        for s in segments
        if direction * (s.baseline - edge) > 0
        and direction * (s.baseline - limit) < 0
        and s.x0 < caption.x1 + _BESIDE
        and s.x1 > caption.x0 - _BESIDE
    ]
    kept: list[list[Segment]] = []
    at = edge
    lines = baselines_of(sorted(ahead, key=lambda s: direction * s.baseline))
    for row, further in zip(lines, [*lines[1:], None], strict=False):
        size = max(s.size for s in row)
        near = abs(row[0].baseline - at) <= (_LOOSE_PITCH if kept else 4.0) * size
        heads = not kept and further and (_ends_label(row, further) or _heads(row, further))
        if not near or not (_row_like(row, kept) or heads):
            break
        kept.append(row)
        at = row[0].baseline
    return kept


def _is_prose(segment: Segment) -> bool:
    """Whether a segment looks like a line of running text."""
    return sum(word.text.isalpha() for word in segment.words) > _PLAIN_WORDS


def _ends_label(row: Sequence[Segment], further: Sequence[Segment]) -> bool:
    """Whether a short line beside a caption ends the label of the row behind it."""
    near = abs(row[0].baseline - further[0].baseline) < _LABEL_PITCH * row[0].size
    return near and len(row) == 1 and len(row[0].words) <= _SHORT and len(further) > 1 and is_row(further)


def _heads(row: Sequence[Segment], further: Sequence[Segment]) -> bool:
    """Whether a line beside a caption is a header whose words stand close: below it are numbers alone."""
    header = row[0]
    if len(row) > 1 or abs(header.baseline - further[0].baseline) > _LABEL_PITCH * header.size:
        return False
    words = [word for segment in further for word in segment.words]
    below = [word.text for word in words if word.box.x1 > header.x0 and word.box.x0 < header.x1]
    return 2 <= len(below) <= len(header.words) <= _TIGHT_WORDS and all(text[0].isdecimal() for text in below)


def _row_like(row: Sequence[Segment], kept: Sequence[Sequence[Segment]]) -> bool:
    """Whether segments on one baseline look like a row: several, or a short one among such."""
    if len(row) > 1:
        return is_row(row) or (
            all(len(segment.words) <= 12 for segment in row) and not all(map(_is_prose, row))
        )
    words = [word.text for word in row[0].words]
    if is_row(row) or (len(words) <= _TIGHT_WORDS and any(map(NUMBER.fullmatch, words))):
        return True
    return bool(kept) and len(words) <= 6
