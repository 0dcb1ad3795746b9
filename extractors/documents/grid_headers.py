"""Header lines of a table: how many there are, and which columns each header stands over.

Papers set the header above the first inner line that is as wide as the table; a short line below a header (booktabs'
`cmidrule`) shows which columns it spans, and without one a spanning header is centred over its columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.documents.characters import Rule
from extractors.documents.grid_columns import covered
from extractors.documents.grid_lines import Chunk, Line, Span, is_value

_UNDER = 7.0
"""Points below a header within which a line is its own."""
_WIDE = 0.8
"""Share of the table's width from which a line parts all of it."""
_MOST_LINES = 6


def wide_rules(lines: Sequence[Line], rules: Sequence[Rule]) -> list[float]:
    """Where lines as wide as the table stand, top down."""
    left = min(line.chunks[0].x0 for line in lines)
    right = max(chunk.x1 for line in lines for chunk in line.chunks)
    width = right - left
    return sorted(
        r.y for r in rules if min(r.x1, right) - max(r.x0, left) > _WIDE * width and r.x0 < left + 0.1 * width
    )


def header_lines(lines: Sequence[Line], rules: Sequence[Rule]) -> int:
    """Lines above the first inner line as wide as the table; without one, lines before the first of numbers."""
    inner = [y for y in wide_rules(lines, rules) if lines[0].baseline - 2 < y < lines[-1].baseline - 2]
    if inner:
        above = _above(lines, inner[0])
        if above <= max(4, min(_MOST_LINES, len(lines) // 2)):
            return _with_second_band(lines, inner, above)
    for index, line in enumerate(lines[:5]):
        if len(line.chunks) > 1 and _numeric_share(line.chunks[1:]) >= 0.5:
            return index
    return 1


def _above(lines: Sequence[Line], y: float) -> int:
    return sum(line.baseline - 2 < y for line in lines)


def _with_second_band(lines: Sequence[Line], inner: Sequence[float], above: int) -> int:
    """The header goes on below its first line where spanning headers stand above, and headers before the next line."""
    further = [y for y in inner if _above(lines, y) > above]
    if not further:
        return above
    end = _above(lines, further[0])
    band, first = lines[above:end], lines[:above]
    several = max(len(line.chunks) for line in band) > max(len(line.chunks) for line in first)
    worded = _numeric_share([c for line in band for c in line.chunks]) == 0
    numbers = end < len(lines) and _numeric_share(lines[end].chunks[1:]) >= 0.5
    return end if len(band) <= 2 and several and worded and numbers else above


def _numeric_share(chunks: Sequence[Chunk]) -> float:
    return sum(is_value(chunk.text) for chunk in chunks) / len(chunks) if chunks else 0.0


def reaches(line: Line, below: Line | None, columns: Sequence[Span], rules: Sequence[Rule]) -> list[Span]:
    """How far each header of a line reaches: its own line's width, else the columns that it is centred over.

    Args:
        line: the headers.
        below: the header line below it, if there is one.
        columns: the table's columns.
        rules: the table's lines.
    """
    found = []
    for position, chunk in enumerate(line.chunks):
        own = [r for r in rules if 0 < r.y - line.baseline < _UNDER and r.x0 - 2 < chunk.middle < r.x1 + 2]
        under = min(own, key=lambda r: r.x1 - r.x0, default=None)
        table = columns[-1][1] - columns[0][0]
        if under and under.x1 - under.x0 < 0.75 * table and _alone_over(under, line):
            found.append((min(under.x0, chunk.x0), max(under.x1, chunk.x1)))
        else:
            found.append(_centred(line, position, below, columns))
    return found


def _alone_over(rule: Rule, line: Line) -> bool:
    """Whether just one header of the line stands over a ruling line."""
    return sum(rule.x0 - 2 < chunk.middle < rule.x1 + 2 for chunk in line.chunks) == 1


def _centred(line: Line, position: int, below: Line | None, columns: Sequence[Span]) -> Span:
    """The widest run of columns that a header is centred over, not beyond its neighbours."""
    chunk = line.chunks[position]
    own = covered(chunk.x0, chunk.x1, columns)
    if below is None:
        return _halfway(line, position, columns)
    left = (
        covered(line.chunks[position - 1].x0, line.chunks[position - 1].x1, columns)[-1] + 1
        if position
        else min(1, own[0])
    )
    behind = line.chunks[position + 1 :]
    right = covered(behind[0].x0, behind[0].x1, columns)[0] if behind else len(columns)
    filled = {index for c in below.chunks for index in covered(c.x0, c.x1, columns)}
    best = (own[0], own[-1])
    for first in range(left, own[0] + 1):
        for last in range(own[-1], right):
            wider = last - first > best[1] - best[0] and filled.issuperset(range(first, last + 1))
            if wider and _is_centred(chunk, columns, first, last):
                best = (first, last)
    if best[1] == best[0]:
        return chunk.x0, chunk.x1
    return min(columns[best[0]][0], chunk.x0), max(columns[best[1]][1], chunk.x1)


def _is_centred(chunk: Chunk, columns: Sequence[Span], first: int, last: int) -> bool:
    left, right = columns[first][0], columns[last][1]
    return abs((left + right) / 2 - chunk.middle) < max(0.06 * (right - left), 3.0)


def _halfway(line: Line, position: int, columns: Sequence[Span]) -> Span:
    """A header over bare columns reaches as far to the left as to the right, to the neighbours at most."""
    chunk = line.chunks[position]
    over = any(left - 1 <= chunk.middle <= right + 1 for left, right in columns)
    if over or len(line.chunks) * 2 > len(columns) + 1:
        return chunk.x0, chunk.x1
    before = line.chunks[position - 1].x1 if position else columns[0][1]
    behind = line.chunks[position + 1].x0 if position + 1 < len(line.chunks) else columns[-1][1]
    half = min(chunk.middle - before, behind - chunk.middle)
    return (chunk.middle - half, chunk.middle + half) if half > 0 else (chunk.x0, chunk.x1)
