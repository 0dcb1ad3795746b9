"""The columns of running text on a page, and blocks in the order in which the columns are read.

Most files have their text in the order of reading already. So the order of the stream is kept where it agrees with the
columns, and only where it contradicts them do columns decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, dropwhile, pairwise

from extractors.documents.structure import Block
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

_LONG = 5
"""Words from which a segment counts as a line of running text."""
_BIN = 3.0
"""Points by which the coverage of a page's width is counted."""
_NARROW = 0.62
"""Share of the text's width up to which a line may stand in one of several columns."""
_GAP_SHARE = 0.08
"""Coverage of a gap between columns, as a share of that of the columns."""
_FEWEST = 4
"""Lines that make a column, and full lines that make a stretch across the columns."""
_FEWEST_BESIDE = 2
"""Lines that make a column where none of the page's lines is wider than one, as on a page that ends early."""
_SIZES = (0.72, 1.12)
"""Sizes between which a line is one of running text, references and notes included, as shares of the text's size."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one page in reading order; above and below a stretch across them they count anew."""

    boxes: tuple[Box, ...]

    def place(self, x0: float, x1: float, y: float) -> int:
        """Which column something of that extent stands in, or next to."""
        if len(self.boxes) < 2:
            return 0

        def distance(index: int) -> tuple[float, float]:
            box = self.boxes[index]
            shared = min(x1, box.x1) - max(x0, box.x0)
            beside = 0.0 if shared > 0.3 * min(x1 - x0, box.x1 - box.x0) else 1.0
            return beside, max(box.top - y, y - box.bottom, 0.0)

        return min(range(len(self.boxes)), key=distance)

    def part(self, x0: float, x1: float, y: float) -> bool:
        """Whether the gap from `x0` to `x1` is one between columns at that height."""
        beside = [box for box in self.boxes if box.top - 1 < y < box.bottom + 1]
        return any(box.x1 < x0 + 2 for box in beside) and any(abs(box.x0 - x1) < 2 for box in beside)


def find_columns(text: Sequence[Segment], captions: Iterable[Segment], body: float, width: float) -> Columns:
    """The columns of a page.

    Args:
        text: the page's segments that belong to no table and no caption.
        captions: the lines of captions, which stand in columns too.
        body: size of the paper's text.
        width: the page's.
    """
    lines = [s for s in text if _is_line(s, body)]
    if not lines:
        return Columns(())
    gaps = _gaps(lines, [s for s in captions if len(s.words) >= _LONG], width)
    if not gaps:
        return Columns((_around(lines),))
    boxes: list[Box] = []
    for stretch in _stretches(sorted(lines, key=lambda s: s.baseline), gaps):
        if _crosses(stretch[0], gaps):
            boxes.append(_around(stretch))
            continue
        for left, right in pairwise((-float("inf"), *gaps, float("inf"))):
            if held := [s for s in stretch if left < (s.x0 + s.x1) / 2 < right]:
                boxes.append(_around(held))
    return Columns(tuple(boxes))


def _is_line(segment: Segment, body: float) -> bool:
    return len(segment.words) >= _LONG and _SIZES[0] * body < segment.size < _SIZES[1] * body


def _around(lines: Sequence[Segment]) -> Box:
    top = min(line.baseline - line.size for line in lines)
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    return Box(lines[0].words[0].box.page, left, top, right, max(line.baseline for line in lines))


def _gaps(text: Sequence[Segment], captions: Sequence[Segment], width: float) -> list[float]:
    """The middles of the gaps between columns; none on a page of one column."""
    lines = [*text, *captions]
    left, right = min(s.x0 for s in lines), max(s.x1 for s in lines)
    narrow = [s for s in lines if s.x1 - s.x0 < _NARROW * (right - left)]
    placed = _beside_middle(narrow, captions, (left + right, width))
    if len(placed) < 2 * _FEWEST:
        return []
    bins = _coverage(placed, left, right)
    usual = _empty(bins, max(_GAP_SHARE * max(bins), 0.5), left)
    if _balanced(placed, usual, _FEWEST):
        return usual
    clear = _empty(bins, 0.5, left) if len(narrow) == len(lines) else []
    return clear if _balanced(placed, clear, _FEWEST_BESIDE) else []


def _beside_middle(
    lines: Sequence[Segment], captions: Sequence[Segment], spans: Sequence[float]
) -> list[Segment]:
    """Lines without authors and captions that are centred on the text or the page and so stand across its columns.

    Args:
        lines: the narrow lines of a page.
        captions: those of captions.
        spans: the sums of the left and right ends of what they may be centred on.
    """
    ids = {id(line) for line in captions}

    def centred(line: Segment) -> bool:
        return any(abs(line.x0 + line.x1 - span) < 2 * _BIN for span in spans)

    below_authors = dropwhile(centred, sorted(lines, key=lambda line: line.baseline))
    return [line for line in below_authors if not (id(line) in ids and centred(line))]


def _empty(bins: Sequence[int], limit: float, left: float) -> list[float]:
    """The middles of the runs of bins that at most so many lines cover, edges aside."""
    runs = _runs([count <= limit for count in bins])
    return [
        left + (first + last + 1) / 2 * _BIN for first, last in runs if first > 0 and last < len(bins) - 1
    ]


def _coverage(lines: Sequence[Segment], left: float, right: float) -> list[int]:
    """How many lines cover each bin of the width, from where they begin and where they end."""
    steps = [0] * (int((right - left) / _BIN) + 2)
    for line in lines:
        steps[int((line.x0 - left) / _BIN)] += 1
        steps[int((line.x1 - left) / _BIN) + 1] -= 1
    return list(accumulate(steps[:-1]))


def _runs(empty: Sequence[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, free in enumerate(empty):
        if free and found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        elif free:
            found.append((index, index))
    return found


def _balanced(lines: Sequence[Segment], middles: Sequence[float], fewest: int) -> bool:
    """Whether each part between gaps has lines enough to be a column."""
    parts = pairwise((-float("inf"), *middles, float("inf")))
    return 1 <= len(middles) <= 3 and all(
        sum(left < (s.x0 + s.x1) / 2 < right for s in lines) >= fewest for left, right in parts
    )


def _crosses(line: Segment, gaps: Sequence[float]) -> bool:
    return any(line.x0 < gap - 2 * _BIN and line.x1 > gap + 2 * _BIN for gap in gaps)


def _stretches(lines: Sequence[Segment], gaps: Sequence[float]) -> list[list[Segment]]:
    """Lines from top to bottom, parted where several in a row stand across the gaps and where they end."""
    found: list[list[Segment]] = []
    for line in lines:
        if found and _crosses(line, gaps) == _crosses(found[-1][-1], gaps):
            found[-1].append(line)
        else:
            found.append([line])
    kept: list[list[Segment]] = []
    for stretch in found:
        across = _crosses(stretch[0], gaps)
        if across and len(stretch) < _FEWEST - 1:
            continue
        if kept and across == _crosses(kept[-1][0], gaps):
            kept[-1] += stretch
        else:
            kept.append(list(stretch))
    return kept


def line_by_line(segments: Sequence[Segment], columns: Columns) -> bool:
    """Whether the stream goes from column to column with each line, as some programs write."""
    if len(columns.boxes) < 2:
        return False
    lines = [s for s in segments if len(s.words) >= _LONG]
    places = [columns.place(s.x0, s.x1, s.baseline) for s in lines]
    changes = sum(before != after for before, after in pairwise(places))
    return changes > max(2 * len(columns.boxes) + 4, 0.35 * len(lines))


def down_columns(segments: Sequence[Segment], columns: Columns) -> list[Segment]:
    """Segments by column, line by line from the top."""
    return sorted(
        segments,
        key=lambda s: (columns.place(s.x0, s.x1, s.baseline), round(s.baseline / (0.4 * s.size)), s.x0),
    )


def in_order(blocks: Sequence[Block], columns: Columns) -> list[Block]:
    """Blocks of running text as they are read: as they come, or by columns where their order contradicts those."""
    keys = [_key(block, columns) for block in blocks]
    prose = [key for key, block in zip(keys, blocks, strict=True) if len(block.segments) > 1]
    if all(before <= after for before, after in pairwise(prose)):
        return list(blocks)
    return down(blocks, columns)


def down(blocks: Sequence[Block], columns: Columns) -> list[Block]:
    """Blocks by column, from the top."""
    return sorted(blocks, key=lambda block: _key(block, columns))


def _key(block: Block, columns: Columns) -> tuple[float, float]:
    left, right = min([s.x0 for s in block.segments]), max([s.x1 for s in block.segments])
    top, boxes = block.segments[0].baseline, columns.boxes
    across = sum(min(right, box.x1) - max(left, box.x0) > 3 * _BIN for box in boxes) > 1
    heads = block.page == 1 and top < min((box.top for box in boxes), default=0.0) - 2 * block.size
    if (across and len(boxes) > 1) or heads:
        return sum(box.bottom < top for box in boxes) - 0.5, top
    return columns.place(left, right, top), top
