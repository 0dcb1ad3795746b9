"""Tables of a LaTeXML page as grids: cells with their spans, header rows told apart, bare rows and columns left out.

A header is what LaTeXML marks as one; where it marks none, what stands above the first line over the whole width, as
in the reader of PDFs. Which tables belong to which captions is decided in `documents.latexml.article`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bs4.element import Tag

from extractors.documents.latexml.text import classes_of
from extractors.documents.model import TableCell, Word, compose

Cells = Sequence[TableCell | None]
WordsOf = Callable[[Tag], tuple[Word, ...]]

_NUMBER = re.compile(r"[-+−~<>≤≥≈]?\s*\d[\d.,]*\s*(?:[%KMBGTkx×]|±.*)?|[-–—−]|n/?a", re.IGNORECASE)
_CELLS = {"ltx_td", "ltx_th"}
_WIDE = 0.8
"""Share of the columns that a line runs under to part a header from the rows below it."""
_LINES_ABOVE = {"ltx_border_t", "ltx_border_tt", "ltx_border_T"}
_LINES_BELOW = {"ltx_border_b", "ltx_border_bb", "ltx_border_B"}
_SIGN_LAST, _SIGN_FIRST = re.compile(r"\d\s?[±∓]$"), re.compile(r"[±∓]\s?\d")
_WHOLE, _DECIMALS = re.compile(r"[-+\u2212]?\d+\."), re.compile(r"\d+%?")
"""What ends and begins the halves of cells that are aligned at a sign, or at the decimal point."""
_PLACED = 0.3
"""Share of a tabular's cells that hold tables of their own where it only places these."""
_PROLONGED = 2
"""Rows by which a header may reach beyond what is marked."""
_DEEPEST_HEADER = 4
"""A header has this many rows, or a third of the table's, at most."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a table may be at most; what is beyond is left out and said."""

    rows: int = 1_000
    columns: int = 100


@dataclass(frozen=True, slots=True)
class HtmlGrid:
    """A table as a grid."""

    rows: tuple[tuple[TableCell | None, ...], ...]
    header_rows: int
    cut: bool
    """Whether rows or columns were left out."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of the page and the place it takes."""

    element: Tag
    row: int
    column: int
    row_span: int
    column_span: int
    words: tuple[Word, ...]


def grid_of(tabular: Tag, words: WordsOf, bounds: Bounds) -> HtmlGrid | None:
    """The grid of a tabular, or None where it has less than two rows or two columns.

    Args:
        tabular: the element of class `ltx_tabular`.
        words: reads the words of a cell.
        bounds: rows and columns beyond which cells are left out.
    """
    every = list(_rows(tabular))
    rows = every[: bounds.rows]
    placed, cut = _placed(rows, words, bounds.columns)
    lines = _lines(placed, len(rows))
    marked = _marked(rows)
    cells = _compact(_joined(placed))
    height = 1 + max((cell.row for cell in cells), default=-1)
    width = max((cell.column + cell.column_span for cell in cells), default=0)
    if height < 2 or width < 2:
        return None
    old = sorted({cell.row for cell in placed if cell.words})
    above = {line: sum(row < line for row in old) for line in (marked, *lines)}
    grid = _filled(cells, height, width)
    return HtmlGrid(
        grid,
        _header_rows(grid, above[marked], [above[line] for line in lines]),
        cut or len(every) > len(rows),
    )


def is_layout(tabular: Tag) -> bool:
    """Whether a tabular only places other tables, pictures with captions or paragraphs beside each other."""
    if tabular.find(class_="ltx_caption"):
        return True
    grids = [inner for inner in tabular.find_all(class_="ltx_tabular", limit=20) if _is_grid(inner)]
    if not grids:
        return False
    cells = [cell for row in islice(_rows(tabular), 50) for cell in _cells(row)]
    filled = [cell for cell in cells if cell.get_text(strip=True)]
    around = {id(parent) for inner in grids for parent in inner.parents}
    return sum(id(cell) in around for cell in filled) >= _PLACED * len(filled)


def _is_grid(tabular: Tag) -> bool:
    rows = list(_rows(tabular))
    return len(rows) > 1 and max(map(len, map(_cells, rows))) > 1


def _rows(tabular: Tag) -> Iterator[Tag]:
    """The rows of a tabular, not those of tables within its cells."""
    for child in tabular.children:
        if not isinstance(child, Tag) or child.name == "caption":
            continue
        if child.name == "tr" or "ltx_tr" in classes_of(child):
            yield child
        elif not classes_of(child) & _CELLS:
            yield from _rows(child)


def _cells(row: Tag) -> list[Tag]:
    return [
        child
        for child in row.children
        if isinstance(child, Tag) and (child.name in ("td", "th") or classes_of(child) & _CELLS)
    ]


def _placed(rows: Sequence[Tag], words: WordsOf, most: int) -> tuple[list[_Placed], bool]:
    """The cells at their places, as a browser places them, and whether some were beyond the last column."""
    placed: list[_Placed] = []
    busy: dict[int, int] = {}
    cut = False
    for index, row in enumerate(rows):
        column = 0
        for cell in _cells(row):
            while busy.get(column, 0) > index:
                column += 1
            if column >= most:
                cut = True
                break
            across = min(_span(cell, "colspan"), most - column)
            down = min(_span(cell, "rowspan"), len(rows) - index)
            placed.append(_Placed(cell, index, column, down, across, words(cell)))
            busy.update(dict.fromkeys(range(column, column + across), index + down))
            column += across
    return placed, cut


def _span(cell: Tag, name: str) -> int:
    """A span as written: `colspan`, or a class as `ltx_colspan_3` where the cell is no element of a table."""
    written = str(cell.get(name) or "")
    if not written:
        classes = (re.fullmatch(rf"ltx_{name}_(\d+)", one) for one in classes_of(cell))
        written = next((found[1] for found in classes if found), "1")
    return max(int(written), 1) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _joined(placed: Sequence[_Placed]) -> Sequence[_Placed]:
    """The cells with columns put together that are halves of one, aligned at a sign or at the decimal point."""
    single = {(cell.row, cell.column): cell for cell in placed if cell.words and cell.column_span == 1}
    halves = {
        cell.column for cell in single.values() if _goes_on(cell, single.get((cell.row, cell.column + 1)))
    }
    parted = {
        cell.column
        for cell in single.values()
        if (right := single.get((cell.row, cell.column + 1))) and not _goes_on(cell, right)
    }
    joined: dict[int, _Placed] = {}
    gone: set[int] = set()
    for (row, column), cell in single.items():
        right = single.get((row, column + 1))
        if column in halves - parted and right and id(cell) not in gone:
            words = (*cell.words, right.words[0]._replace(glued=True), *right.words[1:])
            joined[id(cell)] = replace(cell, words=words)
            gone.add(id(right))
    return [joined.get(id(cell), cell) for cell in placed if id(cell) not in gone]


def _goes_on(cell: _Placed, right: _Placed | None) -> bool:
    """Whether what a cell begins goes on in the next: `71.2±` and `0.3`, `71.2` and `±0.3`, `12.` and `5`."""
    if right is None:
        return False
    end, begin = (" ".join(word.text for word in words) for words in (cell.words[-2:], right.words[:2]))
    if _WHOLE.fullmatch(end):
        return bool(_DECIMALS.fullmatch(begin))
    return bool(
        (_SIGN_LAST.search(end) and begin[:1].isdecimal())
        or (end[-1:].isdecimal() and _SIGN_FIRST.match(begin))
    )


def _compact(placed: Sequence[_Placed]) -> list[_Placed]:
    """The cells that hold words, rows and columns without any left out."""
    filled = [cell for cell in placed if cell.words]
    rows = sorted({cell.row for cell in filled})
    columns = sorted({cell.column for cell in filled})
    return [
        replace(
            cell,
            row=bisect_left(rows, cell.row),
            column=bisect_left(columns, cell.column),
            row_span=_held(rows, cell.row, cell.row_span),
            column_span=_held(columns, cell.column, cell.column_span),
        )
        for cell in filled
    ]


def _held(filled: Sequence[int], first: int, span: int) -> int:
    """How many of the rows or columns that hold words a span covers."""
    return bisect_left(filled, first + span) - bisect_left(filled, first)


def _filled(cells: Sequence[_Placed], height: int, width: int) -> tuple[tuple[TableCell | None, ...], ...]:
    grid: list[list[TableCell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        bold = all(word.bold for word in cell.words)
        grid[cell.row][cell.column] = TableCell(
            compose(cell.words)[0], cell.words, cell.row, cell.column, cell.row_span, cell.column_span, bold
        )
    return tuple(map(tuple, grid))


def _marked(rows: Sequence[Tag]) -> int:
    """Rows at the top that LaTeXML marks as a header: in a `thead`, or of nothing but headers of columns."""
    for index, row in enumerate(rows):
        cells = _cells(row)
        heads = all("ltx_th_column" in classes_of(cell) or not cell.get_text(strip=True) for cell in cells)
        group = row.parent
        within = group is not None and (group.name == "thead" or "ltx_thead" in classes_of(group))
        if not within and not (cells and heads and row.get_text(strip=True)):
            return index
    return len(rows)


def _lines(placed: Sequence[_Placed], height: int) -> list[int]:
    """The rows that a line over nearly the whole width stands above, but for the first.

    Such a line begins at the left and crosses no cell; lines under groups of headers do not.
    """
    width = max((cell.column + cell.column_span for cell in placed), default=0)
    drawn = [0] * (height + 1)
    left = [False] * (height + 1)
    for cell in placed:
        classes = classes_of(cell.element)
        for names, row in ((_LINES_ABOVE, cell.row), (_LINES_BELOW, cell.row + cell.row_span)):
            if classes & names:
                drawn[row] += cell.column_span
                left[row] = left[row] or cell.column == 0
    crossed = {row for cell in placed if cell.words for row in range(cell.row + 1, cell.row + cell.row_span)}
    return [
        row for row in range(1, height) if left[row] and drawn[row] >= _WIDE * width and row not in crossed
    ]


def _header_rows(grid: Sequence[Cells], marked: int, lines: Sequence[int]) -> int:
    """Header rows: those marked, else those above the first line, else those above the first row of numbers.

    Where only a title over the columns is marked, or a row or two of texts stand between what is marked and the first
    line, the header ends at that line.
    """
    most = max(_DEEPEST_HEADER, len(grid) // 3)
    for above in (marked, *lines[:1]):
        rows = _prolonged(grid, above, lines, marked=above == marked)
        if 0 < rows < len(grid) and rows <= most:
            return rows
    return next((index for index, row in enumerate(grid[:5]) if _is_numeric(row)), 1)


def _prolonged(grid: Sequence[Cells], header: int, lines: Sequence[int], *, marked: bool) -> int:
    """How far a header reaches that ends at a line, or is marked: over rows of texts up to the next line.

    It goes on where it ends before a line, where it is only a title, or where its last row spans columns, whose names
    are still to come.
    """
    while header:
        line = next((line for line in lines if line > header), 0)
        above, rows = grid[:header], grid[header:line]
        title = all(sum(cell is not None for cell in row) == 1 for row in above)
        spans = any(cell and cell.column_span > 1 for cell in above[-1]) and all(map(_is_filled, rows))
        open_ = title or spans or (marked and header not in lines)
        if not open_ or not 0 < line - header <= _PROLONGED or any(map(_is_numeric, rows)):
            break
        header = line
    return header


def _is_filled(row: Cells) -> bool:
    """Whether a row is more than the title of a group."""
    return sum(cell is not None for cell in row) > 1


def _is_numeric(row: Cells) -> bool:
    texts = [cell.text for cell in row[1:] if cell]
    return bool(texts) and sum(bool(_NUMBER.fullmatch(text)) for text in texts) * 2 >= len(texts)
