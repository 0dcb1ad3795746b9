"""Panels: several tables side by side under one caption, whose lines stand at the same heights.

Where those at the right have no labels of their own, all are one table that was cut for the page's sake; where each names
its rows, each is a table with the same caption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.documents.characters import Rule
from extractors.documents.extents import Region
from extractors.documents.model import Table
from extractors.facts.evidence import Box

_LEVEL = 2.0
"""Points by which lines of one height may differ."""
_EQUAL = 8.0
"""Points by which the ends of lines of one panel may differ."""
_APART = 60.0
"""Points between panels that follow each other at most."""
_NEAR = 60.0
"""Points above and below a panel within which a caption that stands there alone is its own."""


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
