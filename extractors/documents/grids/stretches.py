"""Rows of tables in which ruling lines part nearly all labels, but do not all reach over the columns beside these.

There a row is what stands between two lines of the first column, however many lines of text it has, and a cell of another
column spans the rows that no line parts in its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from statistics import median

from extractors.documents.characters import Rule
from extractors.documents.grids.lines import Span, is_value
from extractors.documents.grids.spans import Row, RowPiece
from extractors.documents.grids.wrapped import PITCH, PlacedLine, text_of

_DRAWN = 4
"""Points from which a ruling line runs over a column."""
_LEVEL = 2.0
"""Points within which pieces of a ruling line stand at one height."""
_FEWEST = 3
"""Lines that part labels at least."""


def label_parts(lines: Sequence[PlacedLine], rules: Sequence[Rule], columns: Sequence[Span]) -> list[float]:
    """Where ruling lines part the labels of a body, top down.

    Nothing where these are few, where all reach over all columns, and where some run beside the labels only.
    """
    levels = _levels([r for r in rules if lines[0].baseline - 2 < r.y < lines[-1].baseline - 2])
    whole = all(_covers(level, column) for level in levels for column in columns)
    if len(levels) < _FEWEST or whole or not all(_covers(level, columns[0]) for level in levels):
        return []
    return [level[-1].y for level in levels]


def parted_labels(lines: Sequence[PlacedLine], parts: Sequence[float]) -> float:
    """The share of lines of the first column that a ruling line parts from the next."""
    above = [_above(line, parts) for line in lines if line.pieces[0].first == 0]
    return sum(a < b for a, b in itertools.pairwise(above)) / max(len(above) - 1, 1)


def stretches(lines: Sequence[PlacedLine], parts: Sequence[float]) -> list[list[PlacedLine]]:
    """Lines by what ruling lines they stand between."""
    ordered = sorted(lines, key=lambda line: _above(line, parts))
    return [list(found) for _, found in itertools.groupby(ordered, key=lambda line: _above(line, parts))]


def _above(line: PlacedLine, parts: Sequence[float]) -> int:
    """How many ruling lines stand above a line's first cell; a taller one beside it may stand a little lower."""
    return sum(y < _height(line) for y in parts)


def _height(line: PlacedLine) -> float:
    return median(word.box.bottom for word in line.pieces[0].words) - 2


def join_unparted(rows: Sequence[Row], rules: Sequence[Rule], columns: Sequence[Span]) -> None:
    """Make one cell of what stands in rows that no ruling line parts in its column."""
    for column, edges in enumerate(columns[1:], start=1):
        over = [rule for rule in rules if _covers([rule], edges)]
        for run in _unparted(rows, over):
            _join_run(run, column)


def _unparted(rows: Sequence[Row], over: Sequence[Rule]) -> Iterator[list[Row]]:
    """Rows between which none of some ruling lines stands, several each."""
    run = [rows[0]]
    for above, row in itertools.pairwise(rows):
        if any(_height(above.lines[-1]) <= rule.y < _height(row.lines[0]) for rule in over):
            yield run
            run = []
        run.append(row)
    yield run


def _join_run(run: Sequence[Row], column: int) -> None:
    """Let a cell span rows, if these have no more than one in its column, or text that goes on from line to line."""
    known = [piece for row in run if (piece := row.piece_at(column, column))]
    if len(run) == 1 or not known or any(piece.first != piece.last for piece in known):
        return
    heights = [line.baseline for row in run for line in row.lines if _stands_in(line, column)]
    size = known[0].words[0].size
    tight = all(b - a < PITCH * size for a, b in itertools.pairwise(heights))
    if len(known) > 1 and (not tight or any(is_value(text_of(piece.words)) for piece in known)):
        return
    words = [word for piece in known for word in piece.words]
    for row in run:
        row.pieces = [piece for piece in row.pieces if piece.first != column]
        row.pieces.append(RowPiece([], column, column, 0))
    run[0].pieces[-1] = RowPiece(words, column, column, len(run))


def _stands_in(line: PlacedLine, column: int) -> bool:
    return any(piece.first == column for piece in line.pieces)


def _levels(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Ruling lines by height, top down."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.y):
        if levels and rule.y - levels[-1][0].y < _LEVEL:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    return levels


def _covers(level: Sequence[Rule], column: Span) -> bool:
    """Whether lines at one height run over a column."""
    return any(
        min(r.x1, column[1]) - max(r.x0, column[0]) > min(_DRAWN, (column[1] - column[0]) / 2) for r in level
    )
