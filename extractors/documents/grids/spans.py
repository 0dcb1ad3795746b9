"""Rows while they are put together, and the cells that span several of them.

Which lines are one row is decided in `documents.grids.rows`. Here labels reach over the rows that they name: to blank
cells below them, or on both sides where labels stand in the middle of their rows; and cells of two lines are joined
where a ruling line parts all but them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from extractors.documents.characters import Rule
from extractors.documents.grids.lines import is_value
from extractors.documents.grids.wrapped import PlacedLine, text_of
from extractors.documents.model import Word

OPEN = re.compile(r"(?:[-\u2010\u2013,+&/(:=]|\b(?:with|and|of|for|the|in|on|w/|from|by|to))$", re.IGNORECASE)
"""How a text ends that goes on."""
GOES_ON = re.compile(r"[a-z(\[,+&)]")
"""How a text begins that goes on from above."""

_BROKEN = re.compile(r"\s[+&/]$|\w[-\u2010,]$")
"""How a label ends that goes on beside the next row."""
_LABELS = 2
"""Columns at the left whose labels may span rows."""
_OFF = 0.12
"""Share of the type size from which a label stands higher or lower than its row."""


@dataclass(slots=True)
class RowPiece:
    """The words of one cell, while rows are put together."""

    words: list[Word]
    first: int
    last: int
    down: int
    """Rows that it spans."""


Rows = list[list[RowPiece]]


@dataclass(slots=True)
class Row:
    """Lines that are one row."""

    lines: list[PlacedLine]
    pieces: list[RowPiece] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Baseline half way between its first and its last line."""
        return (self.lines[0].baseline + self.lines[-1].baseline) / 2

    def piece_at(self, first: int, last: int) -> RowPiece | None:
        """What stands in some columns of it."""
        return next((p for p in self.pieces if p.first <= last and first <= p.last), None)


def both_blank(rows: Sequence[Row], low: int, high: int, first: int, last: int) -> bool:
    """Whether two rows exist, and have nothing in some columns."""
    return (
        low >= 0
        and high < len(rows)
        and not (rows[low].piece_at(first, last) or rows[high].piece_at(first, last))
    )


def join_over_rules(
    rows: Sequence[Row], edges: Sequence[tuple[float, float]], rules: Sequence[Rule], *, header: bool
) -> None:
    """Cells of two lines that span two rows: a ruling line parts these, but not where the cell stands.

    In a header that is enough; in a body the text must go on, since lines between rows may begin behind the labels.
    """
    whole: dict[int, RowPiece] = {}
    for above, below in itertools.pairwise(rows):
        top, bottom = above.lines[-1].baseline - 2, below.lines[0].baseline - 2
        between = [rule for rule in rules if top < rule.y < bottom]
        for piece in above.pieces if between else ():
            rest = below.piece_at(piece.first, piece.last)
            if rest is None or not rest.words or (rest.first, rest.last) != (piece.first, piece.last):
                continue
            left, right = edges[piece.first][0], edges[piece.last][1]
            parted = any(min(r.x1, right) - max(r.x0, left) > 4 for r in between)
            first = whole.get(id(piece), piece)
            if not parted and piece.first == piece.last and (header or _goes_over(first, rest)):
                _join(first, rest)
                whole[id(rest)] = first


def _goes_over(piece: RowPiece, rest: RowPiece) -> bool:
    """Whether a label's text goes on in the row below."""
    above, below = text_of(piece.words), text_of(rest.words)
    return bool(OPEN.search(above) or GOES_ON.match(below)) and not is_value(below)


def _join(piece: RowPiece, rest: RowPiece) -> None:
    piece.words.extend(rest.words)
    piece.down += rest.down
    rest.words, rest.down = [], 0


def stretch_labels(rows: Sequence[Row]) -> None:
    """Labels of several rows: at the first of them, or in their middle, the first column blank beside the others.

    A table has them all in the middle where one stands there, as the first does below blank cells, or between rows.
    """
    centred = any(label.down > 1 for row in rows if (label := row.piece_at(0, 0)))
    _join_labels(rows)
    labels = [row.piece_at(0, 0) for row in rows]
    if len(rows) < 2 or not any(labels) or all(_is_mark(label) for label in labels if label):
        return
    at = [index for index, label in enumerate(labels) if label]
    if at[0] == len(rows) - 1 - at[-1] > 0 and len(at) == at[-1] - at[0] + 1 > 1:
        _join_lines(rows, at)
    elif labels[0] is None or centred:
        for index, label in enumerate(labels):
            if label is not None and label.words and label.last == 0:
                _centre(rows, index, label, alone=sum(known is not None for known in labels) == 1)
        return
    for index, label in enumerate(labels):
        if label is None or label.down < 1 or label.last > 0 or len(rows[index].pieces) < 2:
            continue
        while index + label.down < len(rows) and rows[index + label.down].piece_at(0, 0) is None:
            rows[index + label.down].pieces.append(RowPiece([], 0, 0, 0))
            label.down += 1


def _join_labels(rows: Sequence[Row]) -> None:
    """Make one label of lines that stand beside a row each, where their text goes on or they keep a pitch of their own."""
    labels = [row.piece_at(0, 0) if len(row.pieces) > 1 else None for row in rows]
    lines = [
        label if label and label.words and label.last == 0 and label.down == 1 else None for label in labels
    ]
    for start, end in _runs(lines):
        some = end - start < len(rows)
        apart = some and _drift(rows, start, end) > _OFF * rows[start].lines[0].pieces[0].words[0].size
        alone = some and start == 0 and not any(labels[end:])
        linked = False
        for index in reversed(range(start, end - 1)):
            label, rest = lines[index : index + 2]
            if label is None or rest is None:
                continue
            begins = bool(GOES_ON.match(text_of(rest.words))) and (linked or alone)
            linked = apart or begins or _breaks_off(text_of(label.words))
            if linked:
                _join(label, rest)


def stretch_second(rows: Sequence[Row]) -> None:
    """Labels of the second column in the middle of their rows, where they then leave none of these blank."""
    known = [row.piece_at(1, 1) for row in rows]
    own = {index: piece for index, piece in enumerate(known) if piece and piece.words}
    middle = any(piece.down > 1 for row in rows for piece in row.pieces if piece.first < _LABELS)
    if not middle or all(known):
        return
    if any(not piece.first == piece.last == 1 or is_value(text_of(piece.words)) for piece in own.values()):
        return
    tiles, start = [], 0
    for index, piece in own.items():
        tiles.append((start, 2 * index + piece.down - start))
        if start > index:
            return
        start = tiles[-1][1]
    if start != len(rows):
        return
    for row in rows:
        row.pieces = [piece for piece in row.pieces if piece.first != 1]
    for (low, high), piece in zip(tiles, own.values(), strict=True):
        rows[low].pieces.append(piece)
        piece.down = high - low
        for row in rows[low + 1 : high]:
            row.pieces.append(RowPiece([], 1, 1, 0))


def join_in_groups(rows: Sequence[Row]) -> None:
    """Make one cell of the lines beside a label of several rows, in a column that has one cell beside most such labels."""
    spans = [
        (index, index + label.down)
        for index, row in enumerate(rows)
        if (label := row.piece_at(0, 0)) is not None and label.down > 1
    ]
    for column in sorted({piece.first for row in rows for piece in row.pieces if piece.first > 0}):
        groups = [
            [piece for row in rows[start:end] if (piece := row.piece_at(column, column)) and piece.words]
            for start, end in spans
        ]
        if 2 * sum(len(found) == 1 for found in groups) < max(len(groups), 2):
            continue
        for (start, end), found in zip(spans, groups, strict=True):
            words = [text_of(piece.words) for piece in found]
            if (
                len(found) == end - start
                and any(map(GOES_ON.match, words[1:]))
                and not any(map(is_value, words))
            ):
                for rest in found[1:]:
                    _join(found[0], rest)


def _runs(lines: Sequence[RowPiece | None]) -> Iterator[tuple[int, int]]:
    """From where to where each row has a label."""
    at = 0
    for labelled, group in itertools.groupby(line is not None for line in lines):
        end = at + len(list(group))
        if labelled and end - at > 1:
            yield at, end
        at = end


def _breaks_off(text: str) -> bool:
    """Whether a label ends within a bracket, or at a sign that something follows."""
    return text.count("(") > text.count(")") or bool(_BROKEN.search(text))


def _drift(rows: Sequence[Row], start: int, end: int) -> float:
    """How many points lines of labels come away from their rows from the first to the last; none where one is of several."""
    drift = []
    for row in (rows[start], rows[end - 1]):
        label = row.piece_at(0, 0)
        beside = [_bottom(piece.words) for piece in row.pieces if piece is not label and piece.words]
        if label is None or not beside or _bottom(label.words) - _bottom(label.words, max) < -1:
            return 0.0
        drift.append(_bottom(label.words) - median(beside))
    return abs(drift[1] - drift[0])


def _bottom(words: Sequence[Word], of: Callable[[Iterable[float]], float] = min) -> float:
    """Where the lowest, or the highest, line of words ends."""
    return of(word.box.bottom for word in words if word.script == "normal" or len(words) == 1)


def _join_lines(rows: Sequence[Row], at: Sequence[int]) -> None:
    """Make one label of those in the middle of rows: its lines stand beside some of the rows that it spans."""
    first = rows[at[0]].piece_at(0, 0)
    for index in at[1:]:
        rest = rows[index].piece_at(0, 0)
        if first and rest:
            _join(first, rest)
    if first:
        _centre(rows, at[0], first, alone=False)


def _is_mark(label: RowPiece) -> bool:
    """Whether a cell of the first column has no more than a mark, so that blank ones mean something too."""
    return len(label.words) == 1 and len(label.words[0].text) == 1 and not label.words[0].text.isdigit()


def _centre(rows: Sequence[Row], index: int, label: RowPiece, *, alone: bool) -> None:
    """Let a label reach over the blank cells above and below it, all where it is the only one."""
    low, high = index, index + label.down - 1
    while both_blank(rows, low - 1, high + 1, 0, 0):
        low, high = low - 1, high + 1
    if alone and label.down == 1:
        low, high = 0, len(rows) - 1
    if high - low + 1 == label.down:
        return
    for row in rows[low : high + 1]:
        row.pieces = [piece for piece in row.pieces if piece.first > 0]
    label.down = high - low + 1
    rows[low].pieces.append(label)
    for covered in rows[low + 1 : high + 1]:
        covered.pieces.append(RowPiece([], 0, 0, 0))
