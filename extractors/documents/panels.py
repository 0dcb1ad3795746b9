"""Panels: several tables under one caption, side by side or one below the other.

Where those beside the first have their lines at the same heights and no labels of their own, all are one table that was
cut for the page's sake; where each names its rows, each is a table with the same caption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.documents.characters import Rule
from extractors.documents.extents import Region, grown, text_between
from extractors.documents.model import Table
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

_LEVEL = 2.0
"""Points by which lines of one height may differ."""
_EQUAL = 8.0
"""Points by which the ends of lines of one panel may differ."""
_APART = 60.0
"""Points between panels that follow each other at most."""
_NEAR = 60.0
"""Points above and below a panel within which a caption that stands there alone is its own."""


_OUTSIDE = 20.0
"""Points by which a panel may stand beside its caption."""
_OPEN = 8
"""Groups of lines that may go on at one height."""
_TALL = 250.0
"""Points between two lines of one panel at most."""
_ROW = 6.0
"""Points between two lines with a row between at least."""
_LINES = 3
_STACKED = 40.0
"""Points between panels one below the other at most."""


def panels_beside(region: Region, caption: Box, others: Sequence[Box], rules: Sequence[Rule]) -> list[Region]:
    """The regions beside a table's that have lines at the same heights and belong to its caption, from left to right.

    Args:
        region: the table's.
        caption: the box of its caption, which reaches below (above) each of the panels.
        others: boxes of the page's other captions.
        rules: the page's ruling lines.
    """
    own = [r for r in region.rules if _alike(r, Rule(region.x0, region.x1, r.y))]
    level = [r for r in rules if any(abs(r.y - mine.y) < _LEVEL for mine in own)]
    apart = [r for r in level if r.x0 > region.x1 or r.x1 < region.x0]
    found: list[Region] = []
    for first in sorted(apart, key=lambda r: (r.x0, r.y)):
        lines = [r for r in apart if _alike(r, first)]
        if len({round(r.y / _LEVEL) for r in lines}) < max(len({round(r.y / _LEVEL) for r in own}), 2):
            continue
        panel = replace(region, x0=first.x0, x1=first.x1, rules=_within(first, region, rules))
        known = any(panel.x0 < other.x1 and panel.x1 > other.x0 for other in found)
        if not known and _is_of(panel, caption, others):
            found.append(panel)
    return _in_reach(region, found)


def panels_apart(
    regions: Sequence[Region],
    caption: Box,
    others: Sequence[Box],
    segments: Sequence[Segment],
    page: RawPage,
    taken: Sequence[Region] = (),
) -> list[Region]:
    """The regions near a table's that have lines of their own and stand nearest to its caption, top down.

    Args:
        regions: the table's, and those of the panels that are known.
        caption: the box of its caption.
        others: boxes of the page's other captions.
        segments: the page's segments that belong to no caption and no table.
        page: for its lines.
        taken: the regions of other captions' tables.
    """
    above = regions[0].bottom < caption.bottom
    left, right = caption.x0 - _OUTSIDE, caption.x1 + _OUTSIDE
    near = [r for r in page.rules if r.x0 < right and r.x1 > left]
    free = [r for r in near if not any(_holds(region, r) for region in (*regions, *taken))]
    found = [panel for group in _groups(free, segments) if (panel := _of_lines(group))]
    boxes = [caption, *others]
    reached, kept = list(regions), []
    for panel in sorted(found, key=lambda panel: -panel.bottom if above else panel.top):
        side = panel.bottom < caption.top + 3 if above else panel.top > caption.bottom - 3
        if (
            side
            and any(_close(panel, other, boxes) for other in reached)
            and not _has_own(panel, others, above=above)
        ):
            kept.append(grown(panel, boxes, segments, page.rules, page.bars))
            reached.append(panel)
    return sorted(kept, key=lambda panel: (panel.top, panel.x0))


def _holds(region: Region, rule: Rule) -> bool:
    return region.top - 3 < rule.y < region.bottom + 3 and rule.x0 < region.x1 and rule.x1 > region.x0


def _groups(rules: Sequence[Rule], segments: Sequence[Segment]) -> list[list[Rule]]:
    """Ruling lines of one width that follow each other without text between, from the top down."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.y):
        mine = next((g for g in reversed(groups[-_OPEN:]) if _alike(g[-1], rule)), None)
        if mine and rule.y - mine[-1].y < _TALL and not text_between(mine[-1], rule, segments):
            mine.append(rule)
        else:
            groups.append([rule])
    return groups


def _of_lines(group: Sequence[Rule]) -> Region | None:
    """The region of lines of one width, if they are as many as a table has: above and below its head, and below it."""
    levels = 1 + sum(after.y - before.y > _ROW for before, after in pairwise(group))
    if levels < _LINES:
        return None
    return Region(group[0].x0, group[0].y, group[0].x1, group[-1].y, ())


def _close(panel: Region, other: Region, captions: Sequence[Box]) -> bool:
    """Whether a panel stands right beside, above or below another, with no caption between."""
    aside = max(panel.x0 - other.x1, other.x0 - panel.x1)
    apart = max(panel.top - other.bottom, other.top - panel.bottom)
    if aside > 0:
        return aside < _APART and apart < 0
    low, high = min(panel.bottom, other.bottom), max(panel.top, other.top)
    between = (box for box in captions if low - 3 < (box.top + box.bottom) / 2 < high + 3)
    return 0 <= apart < _STACKED and not any(_along(panel, box) for box in between)


def _has_own(panel: Region, captions: Sequence[Box], *, above: bool) -> bool:
    """Whether another caption stands where this paper has that of a panel."""
    gaps = (
        box.top - panel.bottom if above else panel.top - box.bottom for box in captions if _along(panel, box)
    )
    return any(-5 < gap < _NEAR for gap in gaps)


def _alike(rule: Rule, other: Rule) -> bool:
    return abs(rule.x0 - other.x0) < _EQUAL and abs(rule.x1 - other.x1) < _EQUAL


def _within(first: Rule, region: Region, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    inside = (r for r in rules if region.top - 1 <= r.y <= region.bottom + 1)
    return tuple(r for r in inside if r.x1 > first.x0 and r.x0 < first.x1)


def _is_of(panel: Region, caption: Box, others: Sequence[Box]) -> bool:
    """Whether a caption reaches along a panel and no other does."""
    near = (box for box in others if panel.top - _NEAR < box.bottom and box.top < panel.bottom + _NEAR)
    return _along(panel, caption) and not any(_along(panel, box) for box in near)


def _along(panel: Region, box: Box) -> bool:
    return box.x0 < panel.x1 and box.x1 > panel.x0


def _in_reach(region: Region, panels: Sequence[Region]) -> list[Region]:
    """Those that follow the region or each other without a wide gap, as columns of text have none either."""
    reached = [region]
    for panel in sorted(panels, key=lambda panel: abs(panel.x0 - region.x0)):
        if any(max(panel.x0 - other.x1, other.x0 - panel.x1) < _APART for other in reached):
            reached.append(panel)
    return sorted(reached[1:], key=lambda panel: panel.x0)


def around(regions: Sequence[Region]) -> Region:
    """The region of panels that are one table."""
    rules = sorted({rule for region in regions for rule in region.rules}, key=lambda rule: (rule.y, rule.x0))
    x0, x1 = min(region.x0 for region in regions), max(region.x1 for region in regions)
    return replace(regions[0], x0=x0, x1=x1, rules=tuple(rules))


def has_labels(table: Table, first: Table) -> bool:
    """Whether a panel names its rows itself: by words, or below the header that the first panel has over its names."""
    heads = [panel.header(0) for panel in (table, first)]
    return 0 not in table.number_columns() or (heads[0] == heads[1] and bool(heads[0]))
