"""Tables as grids, by geometry over words and ruling lines.

The story: words on lines (`grids.lines`), header lines told from the body (`grids.headers`), columns from the gaps of the
body (`grids.columns`), rows from the lines (`grids.rows`, with wrapped cells in `grids.wrapped`, those of running text in
`grids.paragraphs`, labels of several rows in `grids.spans` and rows between ruled labels in `grids.stretches`), cells from
both. Which words belong to a table is decided in `documents.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.documents.characters import Bar, Rule
from extractors.documents.grids.columns import (
    Piece,
    barred_columns,
    columns_of,
    covered,
    joined_by_names,
    parted_by_names,
    placed,
)
from extractors.documents.grids.headers import header_lines, reaches, split, wide_rules
from extractors.documents.grids.lines import Chunk, Line, Span, is_value, lines_of
from extractors.documents.grids.rows import rows_of, sight_of
from extractors.documents.grids.spans import RowPiece, Rows
from extractors.documents.grids.wrapped import PlacedLine, text_of
from extractors.documents.model import TableCell, Word

_PROSE_WORDS = 8
"""Lines of running text have more plain words than this; few cells of a table do."""
_PROSE_CELLS = 5
"""Cells of text in a line at most."""

_ACROSS = 0.8
"""Share of a table's width that a line of text across its columns has at least."""
_BESIDE = 0.8
"""Baselines closer than this share of the type size are no two lines of one header."""
_CENTRED = 6.0
"""Points by which a title in the middle of a table may miss it."""

Cells = tuple[TableCell | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, rectangular, with the number of header rows."""

    rows: tuple[Cells, ...]
    header_rows: int


def grid_of(words: Sequence[Word], rules: Sequence[Rule], bars: Sequence[Bar] = ()) -> Grid | None:
    """The grid of a table's words, or None where they do not stand in at least two rows and columns."""
    lines = lines_of(words, bars)
    if len(lines) < 2:
        return None
    head = header_lines(lines, rules)
    columns = _columns(lines[:head], lines[head:] or lines, bars)
    if len(columns) < 2 or _is_prose(lines, bounded=_is_bounded(lines, rules)):
        return None
    header = [split(line, lines[index + 1 : head], columns) for index, line in enumerate(lines[:head])]
    above = [_header_line(header, index, columns, rules, bars) for index in range(head)]
    sides = any(line.turned for line in lines)
    below = [_body_line(line, columns, sides=sides) for line in lines[head:]]
    sight = sight_of(below or above, rules, wide_rules(lines, rules), columns)
    named = rows_of(above, sight, header=True)
    rows = [*named, *rows_of(below, sight, header=False)]
    return Grid(_cells(rows, len(columns)), len(named)) if len(rows) > 1 else None


def _columns(head: Sequence[Line], body: Sequence[Line], bars: Sequence[Bar]) -> list[Span]:
    return barred_columns(head, body, bars) or joined_by_names(
        parted_by_names(columns_of(body, bars), head, body), head, body
    )


def _is_prose(lines: Sequence[Line], *, bounded: bool) -> bool:
    """Whether what looks like rows is running text beside a figure; a table's cells may hold text, if it has few.

    Between its first and its last line a table may hold text in all its columns, but none across them.
    """
    wordy = _fills if bounded else _is_wordy
    x0, x1 = min(line.chunks[0].x0 for line in lines), max(line.chunks[-1].x1 for line in lines)
    return sum(wordy(line, x1 - x0) for line in lines) > len(lines) / 3


def _is_wordy(line: Line, _width: float) -> bool:
    counts = [_plain_words(chunk) for chunk in line.chunks]
    return max(counts) > _PROSE_WORDS or (sum(counts) > _PROSE_WORDS and len(counts) > _PROSE_CELLS)


def _fills(line: Line, width: float) -> bool:
    return any(
        _plain_words(chunk) > _PROSE_WORDS and chunk.x1 - chunk.x0 > _ACROSS * width for chunk in line.chunks
    )


def _plain_words(chunk: Chunk) -> int:
    return sum(word.text.isalpha() for word in chunk.words)


def _is_bounded(lines: Sequence[Line], rules: Sequence[Rule]) -> bool:
    """Whether lines as wide as the table stand above and below all of it, and between."""
    wide = wide_rules(lines, rules)
    within = sum(lines[0].baseline < y < lines[-1].baseline for y in wide)
    return len(wide) > 2 and wide[0] < lines[0].baseline and wide[-1] > lines[-1].baseline and within > 0


def _header_line(
    header: Sequence[Line], index: int, columns: Sequence[Span], rules: Sequence[Rule], bars: Sequence[Bar]
) -> PlacedLine:
    line = header[index]
    row = _with_beside(header, line)
    lower = [other for other in header[index + 1 :] if other.baseline - line.baseline > _beside(line)]
    below = next((other for other in lower if len(other.chunks) > len(line.chunks)), next(iter(lower), None))
    reach = dict(zip(row.chunks, reaches(row, below, columns, rules, bars), strict=True))
    headed = {c for chunk in (lower[0].chunks if lower else ()) for c in covered(chunk.x0, chunk.x1, columns)}
    pieces = placed(line, [reach[chunk] for chunk in line.chunks], columns, header=True, headed=headed)
    return PlacedLine(tuple(pieces), line.baseline)


def _with_beside(header: Sequence[Line], line: Line) -> Line:
    """A header line with what stands beside it half a line higher or lower, as headers of other heights do."""
    near = [other for other in header if abs(other.baseline - line.baseline) < _beside(line)]
    chunks = sorted((chunk for other in near for chunk in other.chunks), key=lambda chunk: chunk.x0)
    return Line(tuple(chunks), line.baseline)


def _beside(line: Line) -> float:
    return _BESIDE * line.chunks[0].words[0].size


def _body_line(line: Line, columns: Sequence[Span], *, sides: bool) -> PlacedLine:
    """A line of the body; beside labels that read up the rows, one that begins in their column spans it."""
    title = _group_title(line, columns)
    reach = [(chunk.x0, chunk.x1) for chunk in line.chunks]
    pieces = [title] if title else placed(line, reach, columns, header=False)
    if sides and pieces[0].first == 1 and line.chunks[0].x0 < columns[0][1] - 1:
        pieces[0] = replace(pieces[0], first=0)
    return PlacedLine(tuple(pieces), line.baseline)


def _group_title(line: Line, columns: Sequence[Span]) -> Piece | None:
    """The title of a group of rows: text alone on its line, over several columns or in the middle of the table."""
    if len(line.chunks) > 1 or any(is_value(word.text) for word in line.chunks[0].words):
        return None
    chunk, last = line.chunks[0], len(columns) - 1
    over = covered(chunk.x0, chunk.x1, columns)
    middle = (columns[0][0] + columns[-1][1]) / 2
    sticks_out = chunk.x0 < columns[over[0]][0] - 1 and chunk.x1 > columns[over[-1]][1] + 1
    if abs(chunk.middle - middle) < _CENTRED and over[0] > 0 and (sticks_out or len(over) > 1):
        return Piece(chunk.words, 0, last)
    reached = [index for index, column in enumerate(columns) if column[0] < chunk.x1 - 1]
    return Piece(chunk.words, 0, reached[-1]) if over[0] == 0 and len(reached) > 1 else None


def _cells(rows: Rows, width: int) -> tuple[Cells, ...]:
    return tuple(_row_cells(row, index, width) for index, row in enumerate(rows))


def _row_cells(row: Sequence[RowPiece], index: int, width: int) -> Cells:
    cells: list[TableCell | None] = [None] * width
    for piece in row:
        if piece.words:
            cells[piece.first] = _cell(piece, index)
    return tuple(cells)


def _cell(piece: RowPiece, row: int) -> TableCell:
    words = tuple(piece.words)
    if len(words) > 1:
        words = tuple(sorted(words, key=lambda word: (word.line, word.box.x0)))
    across = piece.last - piece.first + 1
    bold = all(word.bold for word in words)
    return TableCell(text_of(words), words, row, piece.first, max(piece.down, 1), across, bold)
