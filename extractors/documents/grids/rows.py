"""Which lines of a table are one row, and which rows a cell stands in.

A row's cells may be wrapped over several lines, and a cell may stand between the lines of the rows that it spans. So
lines that can only be rows of their own are found first; those that follow a line as the rest of its cells are put to
it; and what stands between rows goes, by the middle of its stack, to the row or the rows that it is centred on. Ruling
lines as wide as the table part rows always; narrower ones where they part nearly all labels (`grids.stretches`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.documents.characters import Rule
from extractors.documents.grids.columns import Piece
from extractors.documents.grids.lines import is_value
from extractors.documents.grids.paragraphs import paragraphs
from extractors.documents.grids.spans import (
    GOES_ON,
    OPEN,
    Row,
    RowPiece,
    Rows,
    both_blank,
    join_in_groups,
    join_over_rules,
    stretch_labels,
    stretch_second,
)
from extractors.documents.grids.stretches import join_unparted, label_parts, parted_labels, stretches
from extractors.documents.grids.wrapped import PlacedLine, text_of, unwrapped
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
_LOOSE_PITCH = 1.7
"""The same in headers, whose cells may stand half a line apart, and where ruling lines show the rows."""
_TIGHTER = 0.9
"""Share of the pitch of rows below which lines are wrapped text."""
_LOOSER = 1.08
"""Share of the pitch of rows above which lines are no wrapped text."""
_SPANNED = 10
"""What a line that must be a row of its own counts more."""
_NEARLY_ALL = 0.75
"""Share of labels with a ruling line below from which what stands between two of these is one row, whatever it holds."""
_MOST = 0.5
"""The same where what stands there does not look like several rows."""
_AT = 0.3
"""Distance from a row, as a share of the type size, within which what is centred there belongs to it."""

_MANY = 4
"""Cells of a line that do not all go on in the next one: some are too short to be wrapped."""


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
    parts: tuple[float, ...]
    """Where ruling lines part the rows, of which some do not reach over all columns; empty where those do not show them."""

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
    parted = max(full) > 1 or (len(bands) > 3 and 2 * sum(len(band) == 1 for band in bands) > len(bands))
    ruled = len(bands) > 2 and parted and not _have_rows(bands)
    pitch = median(pitches) if pitches else 0.0
    parts = tuple(_parts(lines, rules, edges))
    return Sight(tuple(rules), tuple(wide), tuple(edges), size, pitch, ruled, parts)


def _parts(
    lines: Sequence[PlacedLine], rules: Sequence[Rule], edges: Sequence[tuple[float, float]]
) -> list[float]:
    """Where ruling lines that do not all reach over the table part its rows; nothing where they part groups of these."""
    parts = label_parts(lines, rules, edges)
    share = parted_labels(lines, parts)
    shown = share > _NEARLY_ALL or (share > _MOST and not _have_rows(stretches(lines, parts)))
    return parts if shown else []


def _have_rows(bands: Sequence[Sequence[PlacedLine]]) -> bool:
    """Whether lines between ruling lines are rows: numbers stand below each other, or most are lists."""
    several = [band for band in bands if len(band) > 1]
    below = any(a.numbers & b.numbers for band in several for a, b in itertools.pairwise(band))
    return below or 2 * sum(map(_is_list, several)) > len(several)


def _is_list(band: Sequence[PlacedLine]) -> bool:
    """Whether lines are rows of text: all with a label and the same cells, of which none goes on in the next line.

    Of many cells some would be too short to be wrapped; only brackets below them are their rest.
    """
    columns = {tuple(piece.first for piece in line.pieces) for line in band}
    first = next(iter(columns))
    if len(columns) > 1 or not first[0] == 0 < len(first) - 1:
        return False
    pairs = [
        (text_of(a.words), text_of(b.words))
        for above, below in itertools.pairwise(band)
        for a, b in zip(above.pieces, below.pieces, strict=True)
    ]
    if len(first) >= _MANY:
        return not any(below[0] in "([" for _, below in pairs)
    return not any(OPEN.search(above) or GOES_ON.match(below) for above, below in pairs)


def rows_of(lines: Sequence[PlacedLine], sight: Sight, *, header: bool) -> Rows:
    """The rows of a header's or a body's lines, each with its cells; a spanning cell stands in its first row."""
    if sight.parts and not header:
        rows = _parted_rows(lines, sight)
    else:
        bands = _bands(lines, sight.wide)
        rows = [row for band in bands for row in _band_rows(band, sight, header=header)]
    return [sorted(row.pieces, key=lambda piece: piece.first) for row in rows]


def _parted_rows(lines: Sequence[PlacedLine], sight: Sight) -> list[Row]:
    """The rows between the ruling lines that part the labels."""
    rows = [Row(found) for found in stretches(lines, sight.parts)]
    _fill(rows)
    join_unparted(rows, sight.rules, sight.edges)
    return rows


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


def _band_rows(band: Sequence[PlacedLine], sight: Sight, *, header: bool) -> list[Row]:
    band = band if header else unwrapped(band, sight.size, sight.edges, sight.rules)
    written = [] if header or sight.ruled else paragraphs(band, sight.size)
    main = band if written else _main_lines(band if header else _without_centred(band, sight), sight.close)
    rows = [Row(lines) for lines in written] or _joined_lines(main, sight, header=header)
    _fill(rows)
    chosen = {id(line) for line in main}
    _place_between(rows, [line for line in band if id(line) not in chosen], main, sight)
    join_over_rules(rows, sight.edges, sight.rules, header=header)
    if not header:
        stretch_labels(rows)
        stretch_second(rows)
        join_in_groups(rows)
    return rows


def _joined_lines(main: Sequence[PlacedLine], sight: Sight, *, header: bool) -> list[Row]:
    """Rows of the lines that are rows, or parts of one."""
    rows: list[Row] = []
    for number, line in enumerate(main):
        last = number == len(main) - 1
        if rows and _goes_on(rows[-1], line, sight, header=header, last=last):
            rows[-1].lines.append(line)
        else:
            rows.append(Row([line]))
    return rows


def _without_centred(band: Sequence[PlacedLine], sight: Sight) -> list[PlacedLine]:
    """The lines but those in the middle between two that are alike, both of which are blank where these stand."""
    kept = [True] * len(band)
    for index in range(1, len(band) - 1):
        above, line, below = band[index - 1 : index + 2]
        centred = abs(above.baseline + below.baseline - 2 * line.baseline) < 2 * _EXACT * sight.size
        near = below.baseline - above.baseline < _PITCH * (sight.pitch or sight.size)
        if centred and near and _are_alike(above, below) and kept[index - 1]:
            kept[index] = any(_beside(piece, other) for piece in line.pieces for other in (above, below))
    return list(itertools.compress(band, kept))


def _are_alike(line: PlacedLine, other: PlacedLine) -> bool:
    """Whether lines have numbers in one column, or cells in just the same ones."""
    columns = ([piece.first for piece in found.pieces] for found in (line, other))
    return bool(line.numbers & other.numbers) or next(columns) == next(columns)


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


def _fill(rows: Sequence[Row]) -> None:
    """Put the words of their lines into rows."""
    for row in rows:
        for line in row.lines:
            for piece in line.pieces:
                _add(row, piece.words, piece.first, piece.last)


def _add(row: Row, words: Sequence[Word], first: int, last: int) -> None:
    known = row.piece_at(first, last)
    if known is None:
        row.pieces.append(RowPiece(list(words), first, last, 1))
    else:
        known.words.extend(words)
        known.first, known.last = min(known.first, first), max(known.last, last)


def _goes_on(row: Row, line: PlacedLine, sight: Sight, *, header: bool, last: bool) -> bool:
    """Whether a line is the rest of a row's cells."""
    above = row.lines[-1]
    pitch = line.baseline - above.baseline
    loose = header or sight.ruled
    if pitch > (_LOOSE_PITCH if loose else _PITCH) * sight.size or _ruled_between(above, line, sight):
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


def _rest_of(row: Row, line: PlacedLine, pitch: float, sight: Sight, *, last: bool) -> bool:
    """Whether the body's line goes on with cells of the row above: as text does, or set tighter than rows are."""
    mine = {piece.first: text_of(piece.words) for piece in line.pieces}
    above = {piece.first: text_of(piece.words) for piece in row.lines[-1].pieces}
    common = mine.keys() & above.keys()
    if not common:
        return False
    if {0} != common == mine.keys() and all(mine[c][0] == "(" != above[c][0] for c in common):
        return True
    tight = bool(sight.pitch) and pitch < _TIGHTER * sight.pitch
    reads = any(OPEN.search(above[c]) or GOES_ON.match(mine[c]) for c in common if not is_value(mine[c]))
    if mine.keys() == above.keys() == {0}:
        return tight
    if mine.keys() == {0}:
        return tight or reads or (last and not sight.pitch)
    if above.keys() == {0} and len(row.lines) == 1:
        if _is_title(row.lines[0], line):
            return False
        return tight or bool(OPEN.search(above[0]) or mine[0][:1] in "([")
    if mine.keys() < {piece.first for known in row.lines for piece in known.pieces}:
        return tight or (0 not in mine and reads)
    return tight and 0 not in mine


def _is_title(above: PlacedLine, line: PlacedLine) -> bool:
    """Whether text alone above a row is the title of a group: before a colon, or in another font than the label."""
    words, label = above.pieces[0].words, line.pieces[0].words
    return words[-1].text.endswith(":") or {word.font for word in words}.isdisjoint(w.font for w in label)


def _place_between(
    rows: Sequence[Row], between: Sequence[PlacedLine], main: Sequence[PlacedLine], sight: Sight
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
        while both_blank(rows, low - 1, high + 1, first, last):
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


def _centred_on(rows: Sequence[Row], middle: float, size: float) -> tuple[int, int]:
    """The row at a height, or the two between which it lies."""
    nearest = min(range(len(rows)), key=lambda i: min(abs(line.baseline - middle) for line in rows[i].lines))
    row = rows[nearest]
    inside = row.lines[0].baseline - _AT * size < middle < row.lines[-1].baseline + _AT * size
    other = nearest + 1 if middle > row.middle else nearest - 1
    if inside or not 0 <= other < len(rows):
        return nearest, nearest
    return min(nearest, other), max(nearest, other)
