"""Columns of a table, and where the pieces of its lines stand in them.

Columns are what is left between the gaps that run through the body's lines; a vertical line is a gap too.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from extractors.documents.characters import Bar
from extractors.documents.grids.lines import Chunk, Line, Span, is_mark, is_value, phrases, span_of, units
from extractors.documents.model import Word

_THIN = 1.2
"""Points that a gap between columns has at least."""
_SET = 2.5
"""Points by which a header may miss the middle or the end of its column."""
_SPLIT = 0.15
"""Share of the lines that have a cell below each of two headers, where these stand over two columns."""
_TOGETHER = 0.8
"""Type sizes between two words of one cell at most."""
_OVER = 0.4
"""Share of the wider of a piece and a column from which they stand over each other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line in the columns `first` to `last`."""

    words: tuple[Word, ...]
    first: int
    last: int


def columns_of(lines: Sequence[Line], bars: Sequence[Bar] = ()) -> list[Span]:
    """The spans of x that are never blank through the lines, but for a few cells that span columns."""
    parted = [_Parted.of(line) for line in lines if not line.turned]
    full = max(sum(map(len, line.units)) for line in parted)
    typical = _typical(parted)
    drawn = _drawn(bars, lines)
    known = [span for line in typical for chunk in line.units for span in chunk]
    spans = [span for span in known if not any(span[0] + 1 < x < span[1] - 1 for x in drawn)]
    covers = _covered_more_than(len(typical) // 12, spans)
    columns = [span for span in covers if _has_middle(span, spans)]
    if columns:
        rare = [span for span in _covered_more_than(0, spans) if not any(_meet(span, c) for c in columns)]
        columns = sorted([*columns, *rare, *_labels_between(parted, typical, [*columns, *rare])])
    columns = _borne(columns, typical)
    columns = _parted(columns, spans, drawn)
    columns = _with_sides(columns, lines)
    return columns if len(columns) <= 2 * full else columns[: 2 * full]


def _has_middle(column: Span, spans: Sequence[Span]) -> bool:
    """Whether something stands in a column, rather than only reaches into it from both sides."""
    return any(column[0] - _THIN < (x0 + x1) / 2 < column[1] + _THIN for x0, x1 in spans)


def _with_sides(columns: Sequence[Span], lines: Sequence[Line]) -> list[Span]:
    """The columns with one for labels that read up the rows: left of all else, or of the labels of these rows only."""
    sides = [line.chunks[0] for line in lines if line.turned]
    x0, x1 = min((s.x0 for s in sides), default=0.0), max((s.x1 for s in sides), default=0.0)
    behind = [line.chunks[0].x0 for line in lines if not line.turned and line.chunks[0].x0 > x1 - 1]
    if not sides or not behind or x1 > columns[0][1]:
        return list(columns)
    first = min(behind) if x1 > columns[0][0] + 1 else columns[0][0]
    if first >= columns[0][1]:
        return list(columns)
    return [(x0, min(x1, first)), (first, columns[0][1]), *columns[1:]]


@dataclass(frozen=True, slots=True)
class _Parted:
    """A line with the spans of its units, by chunk."""

    line: Line
    units: list[list[Span]]
    begin: list[list[bool]]
    """Which of them begin a cell: the first of a chunk, and each mark."""
    numbered: bool
    """Whether a unit begins with a value."""

    @classmethod
    def of(cls, line: Line) -> _Parted:
        """A line, parted."""
        found = [units(chunk) for chunk in line.chunks]
        numbered = any(is_value(unit[0].text) for chunk in found for unit in chunk)
        begin = [[unit is chunk[0] or is_mark(unit[0].text) for unit in chunk] for chunk in found]
        return cls(line, [list(map(span_of, chunk)) for chunk in found], begin, numbered)


def _typical(lines: Sequence[_Parted]) -> list[_Parted]:
    """The lines that show the columns: those with numbers, else those of several cells."""
    several = [line for line in lines if len(line.units) > 1]
    numbered = [line for line in several if line.numbered]
    return (numbered if 2 * len(numbered) >= len(several) else several) or list(lines)


def _labels_between(
    lines: Sequence[_Parted], typical: Sequence[_Parted], columns: Sequence[Span]
) -> list[Span]:
    """Columns of labels that stand between the lines of the rows they name, as those of several rows do.

    One label is enough left of all columns, where it can be nothing else.
    """
    shown = {id(line) for line in typical}
    spans = [(c.x0, c.x1) for line in lines if id(line) not in shown for c in line.line.chunks]
    apart = [span for span in spans if not any(_meet(span, column) for column in columns)]
    first = min(columns)[0] - _THIN
    return _covered_more_than(1, apart) or _covered_more_than(0, [span for span in apart if span[1] < first])


def _borne(columns: Sequence[Span], lines: Sequence[_Parted]) -> list[Span]:
    """The columns without those that only the end of one cell's text bears out; these belong to the column before."""
    known = [
        (span, begins)
        for line in lines
        for chunk, begin in zip(line.units, line.begin, strict=True)
        for span, begins in zip(chunk, begin, strict=True)
    ]
    kept: list[Span] = []
    for column in columns:
        left, right = column[0] - _THIN, column[1] + _THIN
        starts = [starts for (x0, x1), starts in known if x0 < right and x1 > left]
        if kept and len(starts) == 1 and not starts[0]:
            kept[-1] = (kept[-1][0], column[1])
        else:
            kept.append(column)
    return kept


def _meet(a: Span, b: Span) -> bool:
    return a[0] < b[1] + _THIN and b[0] < a[1] + _THIN


def _covered_more_than(allowed: int, spans: Sequence[Span]) -> list[Span]:
    """Where more than so many spans lie over each other."""
    edges = sorted(edge for x0, x1 in spans for edge in ((x0, 1), (max(x1, x0 + 0.1), -1)))
    columns: list[Span] = []
    depth, start = 0, None
    for x, step in edges:
        depth += step
        if start is None and depth > allowed:
            start = x
        elif start is not None and depth <= allowed:
            if columns and start - columns[-1][1] < _THIN:
                columns[-1] = (columns[-1][0], x)
            else:
                columns.append((start, x))
            start = None
    return columns


def _parted(columns: Sequence[Span], spans: Sequence[Span], drawn: Sequence[int]) -> list[Span]:
    """The columns, parted at vertical lines."""
    for x in drawn:
        columns = [part for column in columns for part in _parted_at(column, x, spans)]
    return list(columns)


def _drawn(bars: Sequence[Bar], lines: Sequence[Line]) -> list[int]:
    """Where vertical lines run through most of the table and through no words; they end at cells that span columns."""
    height = lines[-1].baseline - lines[0].baseline
    found = []
    for x in sorted({round(bar.x) for bar in bars}):
        own = [bar for bar in bars if abs(bar.x - x) < 1.5]
        if sum(bar.bottom - bar.top for bar in own) < 0.5 * height:
            continue
        beside = [line for line in lines if any(bar.top < line.baseline < bar.bottom for bar in own)]
        through = sum(chunk.x0 + 1 < x < chunk.x1 - 1 for line in beside for chunk in line.chunks)
        if through * 12 <= len(lines):
            found.append(x)
    return found


def parted_by_names(columns: Sequence[Span], head: Sequence[Line], body: Sequence[Line]) -> list[Span]:
    """The columns, parted where two headers stand over one and several lines have a cell below each.

    Cells that span both, as the rows that all models share do, hide the gap between them.
    """
    parted: list[Span] = []
    homes = [(_home(chunk, columns), chunk) for line in head[-1:] for chunk in line.chunks]
    for index, column in enumerate(columns):
        over = [chunk for home, chunk in homes if home == index]
        inside = [[c for c in line.chunks if _home(c, columns) == index] for line in body if len(over) == 2]
        cut = (over[0].x1 + over[1].x0) / 2 if inside else 0.0
        both = [found for found in inside if found and found[0].x1 < cut < found[-1].x0]
        if len(both) < max(2, _SPLIT * len(body)):
            parted.append(column)
            continue
        left = [chunk for found in both for chunk in found if chunk.x1 < cut]
        right = [chunk for found in both for chunk in found if chunk.x0 > cut]
        parted.extend((min(c.x0 for c in side), max(c.x1 for c in side)) for side in (left, right))
    return parted


def joined_by_names(columns: Sequence[Span], head: Sequence[Line], body: Sequence[Line]) -> list[Span]:
    """The columns, joined where one header stands over two whose words stand together in every line.

    So do numbers and their units, or the two words of all labels.
    """
    joined = [*columns[:1]]
    for column in columns[1:]:
        whole = joined[-1][0], column[1]
        if _named_as_one(joined[-1], column, head) and _stand_together(joined[-1], column, body):
            joined[-1] = whole
        else:
            joined.append(column)
    return joined


def _named_as_one(left: Span, right: Span, head: Sequence[Line]) -> bool:
    """Whether no header line has two headers over two columns, and one has one over both."""
    over = [[c for c in line.chunks if c.x0 < right[1] and c.x1 > left[0]] for line in head]
    return all(len(found) < 2 for found in over) and any(
        chunk.x0 < left[1] - 1 and chunk.x1 > right[0] + 1 for found in over for chunk in found
    )


def _stand_together(left: Span, right: Span, body: Sequence[Line]) -> bool:
    """Whether what stands in the second of two columns is no number, and follows closely on a word in the first."""
    found = 0
    for line in body:
        words = [w for c in line.chunks for w in c.words if w.box.x0 < right[1] and w.box.x1 > left[0]]
        before = [word for word in words if word.box.x0 < left[1] + _THIN]
        behind = [word for word in words if word.box.x0 > left[1] + _THIN]
        if line.turned and before:
            return False
        if not behind:
            continue
        if not before or is_value(behind[0].text):
            return False
        if behind[0].box.x0 - before[-1].box.x1 > _TOGETHER * behind[0].size:
            return False
        found += 1
    return found > 1


def _home(chunk: Chunk, columns: Sequence[Span]) -> int:
    return covered(chunk.x0, chunk.x1, columns)[0]


def barred_columns(head: Sequence[Line], body: Sequence[Line], bars: Sequence[Bar]) -> list[Span]:
    """The columns of a table with a vertical line between any two, however wide their cells; none for other tables.

    Args:
        head: the header lines; each header stands between two vertical lines.
        body: the lines below.
        bars: the vertical lines.
    """
    chunks = [chunk for line in body for chunk in line.chunks]
    drawn = _drawn(bars, body) if bars and body else []
    named = max(head, key=lambda line: len(line.chunks), default=None)
    if named is None or len(drawn) < 2:
        return []
    columns: list[Span] = []
    for left, right in itertools.pairwise([float("-inf"), *drawn, float("inf")]):
        inside = [(chunk.x0, chunk.x1) for chunk in chunks if left - 1 < chunk.x0 and chunk.x1 < right + 1]
        over = sum(left < chunk.middle < right for chunk in named.chunks)
        several = sum(sum(left < c.middle < right for c in line.chunks) > 1 for line in body)
        if over > 1 or (inside and several * 4 > len(body)):
            return []
        if inside and over:
            columns.append((min(x0 for x0, _ in inside), max(x1 for _, x1 in inside)))
        elif inside:
            return []
    return columns


def _parted_at(column: Span, x: float, spans: Sequence[Span]) -> list[Span]:
    if not column[0] + 1 < x < column[1] - 1:
        return [column]
    inside = [s for s in spans if s[0] < column[1] and s[1] > column[0]]
    left = [s[1] for s in inside if s[1] <= x + 1]
    right = [s[0] for s in inside if s[0] >= x - 1]
    return [(column[0], max(left)), (min(right), column[1])] if left and right else [column]


def placed(
    line: Line,
    reach: Sequence[Span],
    columns: Sequence[Span],
    *,
    header: bool,
    headed: Collection[int] = frozenset(),
) -> list[Piece]:
    """A line's chunks in their columns; chunks that fall into one column are one piece.

    Args:
        line: the line.
        reach: how far each chunk reaches, where it is not parted.
        columns: the table's columns.
        header: whether it is a header's line.
        headed: the columns that have headers of their own on a line below, over which one may span.
    """
    homes: dict[int, Piece] = {}
    for chunk, span in zip(line.chunks, reach, strict=True):
        for words, (x0, x1) in _by_column(chunk, columns, span, header=header, headed=headed):
            over = covered(x0, x1, columns) if header else _astride(x0, x1, columns)
            known = homes.get(over[0])
            before, last = (known.words, max(known.last, over[-1])) if known else ((), over[-1])
            homes[over[0]] = Piece((*before, *words), over[0], last)
    return list(homes.values())


def _astride(x0: float, x1: float, columns: Sequence[Span]) -> list[int]:
    """The columns of a body's cell: those that it lies over, or all that it touches where it stands in their middle."""
    touched = [at for at, (left, right) in enumerate(columns) if left < x1 - 1 and right > x0 + 1]
    if len(touched) > 1:
        middle = (columns[touched[0]][0] + columns[touched[-1]][1]) / 2
        if abs((x0 + x1) / 2 - middle) < _SET:
            return touched
    return covered(x0, x1, columns)


def _by_column(
    chunk: Chunk, columns: Sequence[Span], whole: Span, *, header: bool, headed: Collection[int]
) -> list[tuple[tuple[Word, ...], Span]]:
    """A chunk's words by column: cells that stand close are parted where a column's gap runs.

    Headers stand as close as words do, so that each part must stand over its column as headers do.
    """
    if len(chunk.words) == 1:
        return [(chunk.words, whole)]
    parts: dict[int, list[Word]] = {}
    for group in [[word] for word in chunk.words] if header else units(chunk):
        parts.setdefault(covered(*span_of(group), columns)[0], []).extend(group)
    found = [(tuple(part), span_of(part)) for part in parts.values()]
    if len(found) == 1 or (header and _is_one(chunk, parts, whole, columns, headed)):
        return [(chunk.words, whole)]
    return found


def _is_one(
    chunk: Chunk,
    parts: Mapping[int, Sequence[Word]],
    whole: Span,
    columns: Sequence[Span],
    headed: Collection[int],
) -> bool:
    """Whether a header's words are one header: it spans, or they do not stand over the columns they fall in."""
    if whole != (chunk.x0, chunk.x1) or (parts.keys() <= set(headed) and len(phrases(chunk)) == 1):
        return True
    return not all(stands_over(span_of(part), columns[column]) for column, part in parts.items())


def stands_over(header: Span, column: Span) -> bool:
    """Whether a header is set over a column: with its middle, or with an end where the column ends."""
    middles = abs((header[0] + header[1]) - (column[0] + column[1])) / 2
    return min(middles, abs(header[0] - column[0]), abs(header[1] - column[1])) < _SET


def covers(header: Span, column: Span) -> bool:
    """Whether a header stands over all of a column."""
    return header[0] < column[0] + _SET / 2 and header[1] > column[1] - _SET / 2


def covered(x0: float, x1: float, columns: Sequence[Span]) -> list[int]:
    """The columns a span lies over; the nearest where it lies over none."""
    first = last = -1
    for index, (left, right) in enumerate(columns):
        if left >= x1:
            break
        if right > x0 and min(x1, right) - max(x0, left) > _OVER * max(min(right - left, x1 - x0), 0.1):
            first, last = index if first < 0 else first, index
    if first >= 0:
        return list(range(first, last + 1))
    middle = (x0 + x1) / 2
    return [min(range(len(columns)), key=lambda i: abs((columns[i][0] + columns[i][1]) / 2 - middle))]
