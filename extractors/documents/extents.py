"""How far a table reaches beyond the lines that run over all of it, and what looks like a row of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.documents.characters import Bar, Rule
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

_ROW_PITCH = 2.1
"""Line pitches between a table's outer line and a further row at most."""
_HEAD_ROOM = 1.0
"""Type sizes between a ruling line and the baseline of a header right above it at most; what stands higher stands apart."""
_ROW_WORDS = 4.0
"""Words per cell up to which a row beyond the lines is taken for one of the table's."""
_NUMBER_SHARE = 0.4
_HEADER_PITCH = 1.6
"""Type sizes between a header and the table's first line below it at most."""
_ALONE = 1.9
"""Type sizes between a line and the one above it from which it stands alone."""
_SAME_LINE = 0.4
"""Baselines closer than this share of the type size are one line."""
NUMBER = re.compile(r"[-+\u2212]?[\d.,]*\d[\d.,]*%?|[-\u2013]")
"""A word that is a number, or a dash in place of one."""
_PANEL = re.compile(r"\([a-h]\) ?\w")
"""How the title of a panel begins."""
_BLANK = 0.6
"""Type sizes that are blank between two columns at least; words of a text stand closer."""
_TITLE = 18.0
"""Points between a panel and its title at most."""
_ENDS = 8.0
"""Points by which the ends of lines of one table may differ."""
_COLUMN = 60.0
"""Points by which lines over one more column are longer at most."""
_BETWEEN = 2
"""Lines between two rows at most that are none themselves: titles of groups, labels of several rows, ends of labels."""
_SPANNING = 3
"""Words of a header that spans columns at most, where no line runs below it."""
_HALF = 0.9
"""Type sizes between two lines of which one stands half a row higher: they are of one header."""
_LONG = 8
"""Plain words of a line of running text at least, and few cells' most."""
_WIDE = 0.8
"""Share of a ruling line's width that a line of text beside it has at least."""
_TITLE_ROW = 16.0
"""Points that the title of a group is high at most."""


Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Region:
    """Where a table stands, and the lines in it."""

    x0: float
    top: float
    x1: float
    bottom: float
    rules: tuple[Rule, ...]
    titled: bool = False
    """Whether its panels have titles, `(a) ...`, which are no rows."""

    def holds(self, segment: Segment) -> bool:
        """Whether a segment stands in it."""
        middle = (segment.x0 + segment.x1) / 2
        within = self.top - 2 < segment.baseline < self.bottom + 3 and self.x0 - 8 < middle < self.x1 + 8
        return within and not (self.titled and _PANEL.match(segment.text))

    def crosses(self, bar: Bar) -> bool:
        """Whether a vertical line runs through it."""
        return self.x0 - 4 < bar.x < self.x1 + 4 and bar.bottom > self.top and bar.top < self.bottom


def grown(
    region: Region,
    captions: Sequence[Box],
    segments: Sequence[Segment],
    rules: Sequence[Rule] = (),
    bars: Sequence[Bar] = (),
) -> Region:
    """The region between a table's lines with what stands above and below these: rows, and what vertical lines run along.

    Args:
        region: from the first to the last of the lines that run over all of the table.
        captions: boxes of the page's captions, which no table crosses.
        segments: the page's segments that belong to no caption.
        rules: the page's ruling lines.
        bars: the page's vertical lines.
    """
    extended = _extended(region, captions, segments, rules)
    whole = _untitled(_barred(extended, captions, segments, bars), segments)
    wider = [rule for rule in inside(whole, rules) if _sticks_out(rule, whole)]
    if len({round(rule.y) for rule in wider}) > 1:
        whole = replace(whole, x0=min(r.x0 for r in wider), x1=max(r.x1 for r in wider))
    return replace(whole, rules=inside(whole, rules))


def _sticks_out(rule: Rule, region: Region) -> bool:
    """Whether a line begins (ends) where a region does and goes on beyond its other end, as over one more column."""
    left, right = abs(rule.x0 - region.x0) < _ENDS, abs(rule.x1 - region.x1) < _ENDS
    further = max(region.x0 - rule.x0, rule.x1 - region.x1)
    return left != right and _ENDS < further < _COLUMN


def inside(region: Region, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The ruling lines in a region."""
    return tuple(
        r
        for r in rules
        if region.top - 1 <= r.y <= region.bottom + 1 and r.x1 > region.x0 and r.x0 < region.x1
    )


def _untitled(region: Region, segments: Sequence[Segment]) -> Region:
    """The region without the titles of panels, `(a) ...`, the last of which stands below all of its lines."""
    last = max((rule.y for rule in region.rules), default=region.top)
    room = replace(region, bottom=region.bottom + _TITLE)
    below = [s for s in segments if room.holds(s) and s.baseline > last]
    rows = baselines_of(sorted(below, key=lambda s: s.baseline))
    at = next((index for index, row in enumerate(rows) if _is_title(row)), None)
    if at is None:
        return region
    end = rows[at - 1][0].baseline + 1 if at else last
    return replace(region, bottom=min(region.bottom, end), titled=True)


def _is_title(row: Sequence[Segment]) -> bool:
    """Whether a line is of titles of panels."""
    return all(_PANEL.match(segment.text) for segment in row)


def _barred(
    region: Region, captions: Sequence[Box], segments: Sequence[Segment], bars: Sequence[Bar]
) -> Region:
    """The region as high as the vertical lines through it, where these run along no text and no caption."""
    through = [bar for bar in _unbroken(bars) if region.crosses(bar) and _half_along(bar, region)]
    beside = [s for s in segments if s.x0 < region.x1 and s.x1 > region.x0]
    top, bottom = region.top, region.bottom
    for edge in (
        min((bar.top for bar in through), default=top),
        max((bar.bottom for bar in through), default=bottom),
    ):
        low, high = (edge, top) if edge < top else (bottom, edge)
        text = any(low < s.baseline < high + s.size and is_text(s) for s in beside)
        if text or any(low < (box.top + box.bottom) / 2 < high for box in captions if _over(box, region)):
            continue
        top, bottom = min(top, edge), max(bottom, edge)
    return replace(region, top=top, bottom=bottom)


def _unbroken(bars: Sequence[Bar]) -> list[Bar]:
    """Vertical lines, those whole that the title of a group breaks off for its row."""
    whole: list[Bar] = []
    for bar in sorted(bars, key=lambda bar: (round(bar.x), bar.top)):
        above = whole[-1] if whole else None
        if above and abs(above.x - bar.x) < 1 and bar.top - above.bottom < _TITLE_ROW:
            whole[-1] = replace(above, bottom=max(above.bottom, bar.bottom))
        else:
            whole.append(bar)
    return whole


def _half_along(bar: Bar, region: Region) -> bool:
    """Whether a vertical line runs along half of a region at least."""
    return 2 * (min(bar.bottom, region.bottom) - max(bar.top, region.top)) >= region.bottom - region.top


def _over(box: Box, region: Region) -> bool:
    return box.x0 < region.x1 and box.x1 > region.x0


def is_text(segment: Segment) -> bool:
    """Whether a segment is a long line of plain words, as running text has; short forms and scripts (`AP_s`) are none."""
    words = (word for word in segment.words if word.script == "normal" and not word.text.isupper())
    return sum(word.text.isalpha() for word in words) >= _LONG


def text_between(first: Rule, second: Rule, segments: Sequence[Segment]) -> bool:
    """Whether two lines of running text stand between two ruling lines, each over most of their width."""
    low, high = sorted((first.y, second.y))
    width = _WIDE * (first.x1 - first.x0)
    lines = [s for s in segments if low < s.baseline < high and s.x1 - s.x0 > width and is_text(s)]
    return sum(first.x0 - 8 < s.x0 and s.x1 < first.x1 + 8 for s in lines) > 1


def _extended(
    region: Region, captions: Sequence[Box], segments: Sequence[Segment], rules: Sequence[Rule]
) -> Region:
    """The region with the rows above its first and below its last line: some tables have inner lines only."""
    held = [s for s in segments if region.holds(s)]
    found = _Around(
        region,
        captions,
        segments,
        [r for r in rules if r.x0 > region.x0 - 8 and r.x1 < region.x1 + 8],
        frozenset(word.font for s in held for word in s.words),
        _blanks(region, held),
    )
    return replace(region, top=min(region.top, found.edge(-1) - 1), bottom=max(region.bottom, found.edge(1)))


@dataclass(frozen=True, slots=True)
class _Around:
    """A region and what stands around it, to find the rows beyond its lines."""

    region: Region
    captions: Sequence[Box]
    segments: Sequence[Segment]
    rules: Sequence[Rule]
    """Ruling lines above, in and below it that reach no further to the sides."""
    fonts: Collection[str]
    """Those in it."""
    blanks: Sequence[Span]
    """What is blank between its columns."""

    def edge(self, direction: int) -> float:
        """The baseline of the last row above (-1) or below (1) the region, or its own end where there is none."""
        edge, blanks = self.region.bottom if direction > 0 else self.region.top, self.blanks
        at, between = edge, 0
        for row in self._ahead(edge, direction):
            baseline, size = row[0].baseline, max(segment.size for segment in row)
            apart = abs(baseline - at) > self._room(at, direction) * size
            if apart or self._crosses(at, baseline) or _is_title(row):
                break
            left = _left_blank(row, blanks)
            if self._belongs(row, at, direction, in_columns=_in_columns(row, blanks, left)):
                blanks, edge, at, between = left, baseline, baseline, 0
                continue
            half = abs(baseline - at) < _HALF * size
            between += 1
            if between > _BETWEEN or any(map(is_text, row)) or not (half or direction > 0):
                break
            at = at if half else baseline
        return edge

    def _ahead(self, edge: float, direction: int) -> list[list[Segment]]:
        """What stands above or below an edge, line by line from it on."""
        x0, x1, least = self.region.x0 - 8, self.region.x1 + 8, 3 if direction > 0 else -2
        beside = [s for s in self.segments if x0 < (s.x0 + s.x1) / 2 < x1]
        ahead = [s for s in beside if direction * (s.baseline - edge) > least]
        return baselines_of(sorted(ahead, key=lambda s: direction * s.baseline))

    def _room(self, edge: float, direction: int) -> float:
        """Type sizes to a further row at most: a header stands right above a ruling line."""
        ruled = direction < 0 and any(abs(rule.y - edge) < 1 for rule in self.region.rules)
        return _HEAD_ROOM if ruled else _ROW_PITCH

    def _crosses(self, edge: float, baseline: float) -> bool:
        low, high = sorted((edge, baseline))
        return any(low - 2 < (box.top + box.bottom) / 2 < high + 2 for box in self.captions)

    def _belongs(self, row: Sequence[Segment], edge: float, direction: int, *, in_columns: bool) -> bool:
        """Whether a line is a row: its cells stand in the table's columns, or it looks like one and has type of the table's."""
        if in_columns and direction > 0:
            return True
        if not _of_fonts(row, self.fonts):
            return False
        if in_columns or is_row(row):
            return True
        return direction < 0 and (
            _is_spanning(row)
            or self._underlined(row, edge)
            or _is_alone(row, self.region, self.segments, edge)
        )

    def _underlined(self, row: Sequence[Segment], edge: float) -> bool:
        """Whether a ruling line runs between a line and the head below it, as below headers that span columns."""
        x0, x1 = min(segment.x0 for segment in row), max(segment.x1 for segment in row)
        return any(row[0].baseline < r.y < edge - 1 and r.x0 < x1 and r.x1 > x0 for r in self.rules)


def _blanks(region: Region, held: Sequence[Segment]) -> list[Span]:
    """What is blank between the columns of a region, through all of its rows below the head."""
    inner = sorted(rule.y for rule in region.rules if rule.y > region.top + 3)
    body = [s for s in held if inner and s.baseline > inner[0]] or held
    size = max((s.size for s in body), default=0.0)
    edges = sorted((word.box.x0, word.box.x1) for s in body for word in s.words)
    found: list[Span] = []
    end = edges[0][1] if edges else 0.0
    for x0, x1 in edges:
        if x0 - end > _BLANK * size:
            found.append((end, x0))
        end = max(end, x1)
    return found


def _left_blank(row: Sequence[Segment], blanks: Sequence[Span]) -> list[Span]:
    """What words on one baseline leave of each blank between columns; none of one that they fill."""
    spans = sorted((word.box.x0, word.box.x1) for segment in row for word in segment.words)
    least = _BLANK * max(segment.size for segment in row)
    found = []
    for start, end in blanks:
        inside = [(start, start), *((x0, x1) for x0, x1 in spans if x1 > start and x0 < end), (end, end)]
        gap, at = max((after[0] - before[1], before[1]) for before, after in pairwise(inside))
        if gap > least:
            found.append((at, at + gap))
    return found


def _in_columns(row: Sequence[Segment], blanks: Sequence[Span], left: Sequence[Span]) -> bool:
    """Whether words on one baseline leave all of the blanks and stand on both sides of one."""
    x0, x1 = min(segment.x0 for segment in row), max(segment.x1 for segment in row)
    beside = any(x0 < start + 1 and x1 > end - 1 for start, end in left)
    return beside and len(left) == len(blanks) and not any(map(is_text, row))


def _of_fonts(row: Sequence[Segment], fonts: Collection[str]) -> bool:
    """Whether a row has type of the table's; a plot's labels beside it have their own."""
    return not fonts or any(word.font in fonts for segment in row for word in segment.words)


def _is_spanning(row: Sequence[Segment]) -> bool:
    """Whether a line is of short pieces apart from each other, as headers that span columns are."""
    return len(row) > 1 and all(len(segment.words) <= _SPANNING for segment in row)


def _is_alone(row: Sequence[Segment], region: Region, segments: Sequence[Segment], edge: float) -> bool:
    """Whether a line by itself stands close above a table's first line, as headers above it do, and no end of a text."""
    baseline, size = row[0].baseline, max(segment.size for segment in row)
    around = [s for s in segments if s.x0 < region.x1 + 8 and s.x1 > region.x0 - 8]
    mine = [s for s in around if abs(s.baseline - baseline) < _SAME_LINE * size]
    within = all(s.x0 > region.x0 - 8 and s.x1 < region.x1 + 8 for s in mine)
    above = [s.baseline for s in around if s.baseline < baseline - _SAME_LINE * size]
    near = edge - baseline < _HEADER_PITCH * size
    return near and within and baseline - max(above, default=float("-inf")) > _ALONE * size


def is_row(row: Sequence[Segment]) -> bool:
    """Whether segments on one baseline are surely a table's row: many and short, or mostly numbers."""
    words = [word.text for segment in row for word in segment.words]
    numbers = sum(bool(NUMBER.fullmatch(word)) for word in words)
    if numbers >= max(3, _NUMBER_SHARE * len(words)):
        return True
    return len(words) <= _ROW_WORDS * len(row) and (len(row) >= 3 or (len(row) == 2 and numbers >= 1))


def baselines_of(ordered: Sequence[Segment]) -> list[list[Segment]]:
    """Segments in order of their baselines, those of each line together."""
    rows: list[list[Segment]] = []
    for segment in ordered:
        if rows and abs(segment.baseline - rows[-1][0].baseline) < _SAME_LINE * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return rows
