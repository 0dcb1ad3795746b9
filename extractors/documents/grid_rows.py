"""Which lines of a table are one row, and which rows a cell stands in.

A row's cells may be wrapped over several lines, and a cell may stand between the lines of the rows that it spans. So
lines that can only be rows of their own are found first; those that follow a line as the rest of its cells are put to
it; and what stands between rows goes, by the middle of its stack, to the row or the rows that it is centred on. Ruling
lines as wide as the table part rows always.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from extractors.documents.characters import Rule
from extractors.documents.grid_columns import Piece
from extractors.documents.grid_lines import is_value
from extractors.documents.grid_wrapped import PlacedLine, text_of, unwrapped
from extractors.documents.model import Word

_CLOSE = 0.8
"""Lines closer than this share of the type size are not two rows."""
_BETWEEN = 0.6
"""Share of the pitch of rows below which what stands between two of them is no row."""
_TEXT = 0.98
"""The pitch of wrapped text at least, in type sizes."""
_EXACT = 0.15
"""Share of the type size by which what is centred between rows, or on one, misses their middle at most."""
_PITCH = 1.45
"""Line pitches of wrapped text at most, in type sizes."""
_HEADER_PITCH = 1.7
"""The same in headers, whose cells may stand half a line apart."""
_TIGHTER = 0.9
"""Share of the pitch of rows below which lines are wrapped text."""
_LOOSER = 1.08
"""Share of the pitch of rows above which lines are no wrapped text."""
_SPANNED = 10
"""What a line that must be a row of its own counts more."""
_AT = 0.3
"""Distance from a row, as a share of the type size, within which what is centred there belongs to it."""
_OPEN = re.compile(
    r"(?:[-\u2010\u2013,+&/(:=]|\b(?:with|and|of|for|the|in|on|w/|from|by|to))$", re.IGNORECASE
)
_GOES_ON = re.compile(r"[a-z(\[,+&)]")


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
class _Row:
    """Lines that are one row."""

    lines: list[PlacedLine]
    pieces: list[RowPiece] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return (self.lines[0].baseline + self.lines[-1].baseline) / 2

    def piece_at(self, first: int, last: int) -> RowPiece | None:
        return next((p for p in self.pieces if p.first <= last and first <= p.last), None)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of a table when its rows are put together."""

    rules: tuple[Rule, ...]
    wide: tuple[float, ...]
    """Where ruling lines part the whole table."""
    edges: tuple[tuple[float, float], ...]
    """The columns."""
    size: float
    pitch: float
    """Distance of rows that follow each other without a ruling line; 0 where it is not known."""
    ruled: bool
    """Whether ruling lines stand between most rows."""

    @property
    def close(self) -> float:
        """Lines closer than this are not two rows."""
        return max(_CLOSE * self.size, min(_BETWEEN * self.pitch, _TEXT * self.size))


def sight_of(
    lines: Sequence[PlacedLine],
    rules: Sequence[Rule],
    wide: Sequence[float],
    edges: Sequence[tuple[float, float]],
) -> Sight:
    """What the lines of a table's body say about its rows."""
    size = median(word.size for line in lines for piece in line.pieces for word in piece.words)
    bands = list(_bands(lines, wide))
    pitches = [
        b.baseline - a.baseline
        for band in bands
        for a, b in itertools.pairwise(band)
        if a.numbers & b.numbers and b.baseline - a.baseline > _CLOSE * size
    ]
    full = [sum(bool(line.numbers) or len(line.pieces) > 1 for line in band) for band in bands]
    conflict = any(a.numbers & b.numbers for band in bands for a, b in itertools.pairwise(band))
    parted = max(full) > 1 or (len(bands) > 3 and 2 * sum(len(band) == 1 for band in bands) > len(bands))
    ruled = len(bands) > 2 and parted and not conflict
    return Sight(tuple(rules), tuple(wide), tuple(edges), size, median(pitches) if pitches else 0.0, ruled)


def rows_of(lines: Sequence[PlacedLine], sight: Sight, *, header: bool) -> Rows:
    """The rows of a header's or a body's lines, each with its cells; a spanning cell stands in its first row."""
    return [
        sorted(row.pieces, key=lambda piece: piece.first)
        for band in _bands(lines, sight.wide)
        for row in _band_rows(band, sight, header=header)
    ]


def _bands(lines: Sequence[PlacedLine], wide: Sequence[float]) -> Iterator[list[PlacedLine]]:
    """The lines between two ruling lines."""
    band: list[PlacedLine] = []
    for line in lines:
        if band and any(band[-1].baseline - 2 < y < line.baseline - 2 for y in wide):
            yield band
            band = []
        band.append(line)
    if band:
        yield band


def _band_rows(band: Sequence[PlacedLine], sight: Sight, *, header: bool) -> list[_Row]:
    band = band if header else unwrapped(band, sight.size)
    main = _main_lines(_without_centred(band, sight), sight.close)
    rows: list[_Row] = []
    for number, line in enumerate(main):
        last = number == len(main) - 1
        if rows and _goes_on(rows[-1], line, sight, header=header, last=last):
            rows[-1].lines.append(line)
        else:
            rows.append(_Row([line]))
    for row in rows:
        for line in row.lines:
            for piece in line.pieces:
                _add(row, piece.words, piece.first, piece.last)
    chosen = {id(line) for line in main}
    _place_between(rows, [line for line in band if id(line) not in chosen], main, sight)
    _join_over_rules(rows, sight, header=header)
    if not header:
        _stretch_labels(rows)
    return rows


def _without_centred(band: Sequence[PlacedLine], sight: Sight) -> list[PlacedLine]:
    """The lines but those in the middle between two rows of numbers, both of which are blank where these stand."""
    kept = [True] * len(band)
    for index in range(1, len(band) - 1):
        above, line, below = band[index - 1 : index + 2]
        centred = abs(above.baseline + below.baseline - 2 * line.baseline) < 2 * _EXACT * sight.size
        near = below.baseline - above.baseline < _PITCH * sight.pitch
        if centred and near and above.numbers & below.numbers and kept[index - 1]:
            kept[index] = any(_beside(piece, other) for piece in line.pieces for other in (above, below))
    return list(itertools.compress(band, kept))


def _beside(piece: Piece, line: PlacedLine) -> bool:
    """Whether a line has something in a piece's columns."""
    return any(other.first <= piece.last and piece.first <= other.last for other in line.pieces)


def _main_lines(band: Sequence[PlacedLine], close: float) -> list[PlacedLine]:
    """The lines that are rows, or parts of one: those of most cells where lines stand too close to be two rows."""
    if all(b.baseline - a.baseline >= close for a, b in itertools.pairwise(band)):
        return list(band)
    weights = [sum(1.5 if is_value(text_of(p.words)) else 1.0 for p in line.pieces) for line in band]
    for index, line in enumerate(band):
        for other in band[index + 1 : index + 4]:
            if other.baseline - line.baseline >= close and _spans_over(line, other):
                weights[index] += _SPANNED
                weights[band.index(other)] += _SPANNED
    best: list[tuple[float, list[int]]] = []
    for index, line in enumerate(band):
        free = [b for b, other in zip(best, band, strict=False) if line.baseline - other.baseline >= close]
        total, chosen = max(free, key=lambda b: b[0], default=(0.0, []))
        best.append((total + weights[index], [*chosen, index]))
    return [band[index] for index in max(best, key=lambda b: b[0])[1]]


def _spans_over(line: PlacedLine, below: PlacedLine) -> bool:
    """Whether a piece stands over several of a line below."""
    return any(
        sum(piece.first <= other.first and other.last <= piece.last for other in below.pieces) > 1
        for piece in line.pieces
    )


def _add(row: _Row, words: Sequence[Word], first: int, last: int) -> None:
    known = row.piece_at(first, last)
    if known is None:
        row.pieces.append(RowPiece(list(words), first, last, 1))
    else:
        known.words.extend(words)
        known.first, known.last = min(known.first, first), max(known.last, last)


def _goes_on(row: _Row, line: PlacedLine, sight: Sight, *, header: bool, last: bool) -> bool:
    """Whether a line is the rest of a row's cells."""
    above = row.lines[-1]
    pitch = line.baseline - above.baseline
    if pitch > (_HEADER_PITCH if header else _PITCH) * sight.size or _ruled_between(above, line, sight):
        return False
    if any(known.numbers & line.numbers for known in row.lines):
        return False
    if header:
        return not any(_spans_over(known, line) or _spans_over(line, known) for known in row.lines)
    if sight.ruled:
        return True
    if sight.pitch and pitch > _LOOSER * sight.pitch:
        return False
    return _rest_of(row, line, pitch, sight, last=last)


def _ruled_between(above: PlacedLine, line: PlacedLine, sight: Sight) -> bool:
    """Whether a ruling line parts a cell from the one below it."""
    left = min(sight.edges[piece.first][0] for piece in line.pieces)
    right = max(sight.edges[piece.last][1] for piece in line.pieces)
    return any(
        above.baseline - 2 < r.y < line.baseline - 2 and min(r.x1, right) - max(r.x0, left) > 4
        for r in sight.rules
    )


def _rest_of(row: _Row, line: PlacedLine, pitch: float, sight: Sight, *, last: bool) -> bool:
    """Whether the body's line goes on with cells of the row above: as text does, or set tighter than rows are."""
    mine = {piece.first: text_of(piece.words) for piece in line.pieces}
    above = {piece.first: text_of(piece.words) for piece in row.lines[-1].pieces}
    common = mine.keys() & above.keys()
    if not common:
        return False
    tight = bool(sight.pitch) and pitch < _TIGHTER * sight.pitch
    reads = any(_OPEN.search(above[c]) or _GOES_ON.match(mine[c]) for c in common if not is_value(mine[c]))
    if mine.keys() == above.keys() == {0}:
        return tight
    if mine.keys() == {0}:
        return tight or reads or (last and not sight.pitch)
    if above.keys() == {0} and len(row.lines) == 1:
        if _is_title(row.lines[0], line):
            return False
        return tight or bool(_OPEN.search(above[0]) or mine[0][:1] in "([")
    if mine.keys() < {piece.first for known in row.lines for piece in known.pieces}:
        return tight or (0 not in mine and reads)
    return tight and 0 not in mine


def _is_title(above: PlacedLine, line: PlacedLine) -> bool:
    """Whether text alone above a row is the title of a group: before a colon, or in another font than the label."""
    words, label = above.pieces[0].words, line.pieces[0].words
    return words[-1].text.endswith(":") or {word.font for word in words}.isdisjoint(w.font for w in label)


def _place_between(
    rows: Sequence[_Row], between: Sequence[PlacedLine], main: Sequence[PlacedLine], sight: Sight
) -> None:
    """What stands between rows goes to the row, or the rows, on which it is centred."""
    for stack in _stacks(between, main, sight):
        first = min(piece.first for piece, _ in stack)
        last = max(piece.last for piece, _ in stack)
        words = [word for piece, _ in stack for word in piece.words]
        middle = (stack[0][1] + stack[-1][1]) / 2
        low, high = _centred_on(rows, middle, sight.size)
        if low != high and (rows[low].piece_at(first, last) or rows[high].piece_at(first, last)):
            low = high = min((low, high), key=lambda i: abs(rows[i].middle - middle))
        if low == high:
            _add(rows[low], words, first, last)
            continue
        while _both_blank(rows, low - 1, high + 1, first, last):
            low, high = low - 1, high + 1
        rows[low].pieces.append(RowPiece(words, first, last, high - low + 1))
        for covered in rows[low + 1 : high + 1]:
            covered.pieces.append(RowPiece([], first, last, 0))


def _stacks(
    between: Sequence[PlacedLine], main: Sequence[PlacedLine], sight: Sight
) -> list[list[tuple[Piece, float]]]:
    """The pieces between rows, those that follow each other down a column together."""
    stacks: list[list[tuple[Piece, float]]] = []
    for line in between:
        for piece in line.pieces:
            for stack in stacks:
                before, y = stack[-1]
                same = before.first <= piece.last and piece.first <= before.last
                blank = not any(
                    y < other.baseline < line.baseline and _beside(piece, other) for other in main
                )
                if same and blank and line.baseline - y <= _PITCH * sight.size:
                    stack.append((piece, line.baseline))
                    break
            else:
                stacks.append([(piece, line.baseline)])
    return stacks


def _centred_on(rows: Sequence[_Row], middle: float, size: float) -> tuple[int, int]:
    """The row at a height, or the two between which it lies."""
    nearest = min(range(len(rows)), key=lambda i: min(abs(line.baseline - middle) for line in rows[i].lines))
    row = rows[nearest]
    inside = row.lines[0].baseline - _AT * size < middle < row.lines[-1].baseline + _AT * size
    other = nearest + 1 if middle > row.middle else nearest - 1
    if inside or not 0 <= other < len(rows):
        return nearest, nearest
    return min(nearest, other), max(nearest, other)


def _both_blank(rows: Sequence[_Row], low: int, high: int, first: int, last: int) -> bool:
    return (
        low >= 0
        and high < len(rows)
        and not (rows[low].piece_at(first, last) or rows[high].piece_at(first, last))
    )


def _join_over_rules(rows: Sequence[_Row], sight: Sight, *, header: bool) -> None:
    """Cells of two lines that span two rows: a ruling line parts these, but not where the cell stands.

    In a header that is enough; in a body the text must go on, since lines between rows may begin behind the labels.
    """
    whole: dict[int, RowPiece] = {}
    for above, below in itertools.pairwise(rows):
        top, bottom = above.lines[-1].baseline - 2, below.lines[0].baseline - 2
        between = [rule for rule in sight.rules if top < rule.y < bottom] if sight.rules else []
        for piece in above.pieces if between else ():
            rest = below.piece_at(piece.first, piece.last)
            if rest is None or not rest.words or (rest.first, rest.last) != (piece.first, piece.last):
                continue
            left, right = sight.edges[piece.first][0], sight.edges[piece.last][1]
            parted = any(min(r.x1, right) - max(r.x0, left) > 4 for r in between)
            first = whole.get(id(piece), piece)
            if not parted and piece.first == piece.last and (header or _goes_over(first, rest)):
                _join(first, rest)
                whole[id(rest)] = first


def _goes_over(piece: RowPiece, rest: RowPiece) -> bool:
    """Whether a label's text goes on in the row below."""
    above, below = text_of(piece.words), text_of(rest.words)
    return bool(_OPEN.search(above) or _GOES_ON.match(below)) and not is_value(below)


def _join(piece: RowPiece, rest: RowPiece) -> None:
    piece.words.extend(rest.words)
    piece.down += rest.down
    rest.words, rest.down = [], 0


def _stretch_labels(rows: Sequence[_Row]) -> None:
    """Labels of several rows: at the first of them, or in their middle, the first column blank beside the others.

    A table has them all in the middle where one stands there, as the first does below blank cells, or between rows.
    """
    labels = [row.piece_at(0, 0) for row in rows]
    if len(rows) < 2 or not any(labels) or all(_is_mark(label) for label in labels if label):
        return
    at = [index for index, label in enumerate(labels) if label]
    if at[0] == len(rows) - 1 - at[-1] > 0 and len(at) == at[-1] - at[0] + 1 > 1:
        _join_lines(rows, at)
    elif labels[0] is None or any(label.down > 1 for label in labels if label):
        for index, label in enumerate(labels):
            if label is not None and label.words and label.last == 0:
                _centre(rows, index, label, alone=sum(known is not None for known in labels) == 1)
        return
    for index, label in enumerate(labels):
        if label is None or label.down != 1 or label.last > 0 or len(rows[index].pieces) < 2:
            continue
        while index + label.down < len(rows) and rows[index + label.down].piece_at(0, 0) is None:
            rows[index + label.down].pieces.append(RowPiece([], 0, 0, 0))
            label.down += 1


def _join_lines(rows: Sequence[_Row], at: Sequence[int]) -> None:
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


def _centre(rows: Sequence[_Row], index: int, label: RowPiece, *, alone: bool) -> None:
    """Let a label reach over the blank cells above and below it, all where it is the only one."""
    low, high = index, index + label.down - 1
    while _both_blank(rows, low - 1, high + 1, 0, 0):
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
