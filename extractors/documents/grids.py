"""Tables as grids, by geometry over words and ruling lines; papers rule tables horizontally, if at all.

Rows are baselines, columns are the gaps that run through the body's rows, header rows stand above the first inner
line. A header's line below it (booktabs' `cmidrule`) tells which columns it spans. Which words belong to a table is
decided in `documents.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extractors.documents.characters import Rule
from extractors.documents.model import TableCell, Word, compose

_CHUNK_GAP = 0.45
"""A gap wider than this share of the type size parts two cells."""
_PHRASE_GAP = 0.34
"""A gap wider than this share of the type size may part two headers that stand close."""
_SAME_ROW = 0.45
"""Baselines closer than this share of the type size are one row."""
_PROSE_WORDS = 8
"""Lines of running text have more plain words than this; few rows of a table do."""
_THIN = 1.2
"""Points that a gap between columns has at least."""
_UNDER = 7.0
"""Points below a header within which a line is its own."""
_TIE = re.compile(r"[\u00b1/\u2192\u00d7\u00b7\u22c5x~\u223c\u2248|]")
"""What ties the number behind it to the one before."""
_ADDED = re.compile(r"[\u00b1/\u2192\u00d7\u00b7\u22c5(]")
"""How a word begins that belongs to the number before it."""
_NUMBER = re.compile(
    r"[-+\u2212~<>≤≥≈]?\s*[\d.,]*\d[\d.,]*\s*(?:[%KMBGTkx×]|\u00b1.*|[*†‡§]*|[-/].*|hours?|days?|h|d|s|ms)?\s*[*†‡§]*|[-\u2010-\u2015\u2212/.]+|n/?a|[✓✗]",
    re.I,
)

Cells = tuple[TableCell | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, rectangular, with the number of header rows."""

    rows: tuple[Cells, ...]
    header_rows: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Words that stand together in a row: the content of one cell."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        return self.words[0].box.x0

    @property
    def x1(self) -> float:
        return max(word.box.x1 for word in self.words)

    @property
    def text(self) -> str:
        return compose(self.words)[0]


@dataclass(frozen=True, slots=True)
class _Row:
    chunks: tuple[_Chunk, ...]
    baseline: float


Span = tuple[float, float]


def grid_of(words: Sequence[Word], rules: Sequence[Rule]) -> Grid | None:
    """The grid of a table's words, or None where they do not stand in at least two rows and columns."""
    if not words:
        return None
    rows = _rows(words)
    head = _header_rows(rows, rules)
    columns = _columns(rows[head:] or rows)
    if len(columns) < 2 or len(rows) < 2 or _is_prose(rows):
        return None
    placed = [_placed(row, index, columns, rules, header=index < head) for index, row in enumerate(rows)]
    return Grid(tuple(placed), head)


def _is_prose(rows: Sequence[_Row]) -> bool:
    """Whether what looks like rows is running text beside a figure."""
    wordy = [
        sum(word.text.isalpha() for chunk in row.chunks for word in chunk.words) > _PROSE_WORDS
        for row in rows
    ]
    return sum(wordy) > len(rows) / 3


def _rows(words: Sequence[Word]) -> list[_Row]:
    size = median(word.size for word in words)
    lines: list[list[Word]] = []
    for word in sorted(words, key=_baseline):
        if lines and _baseline(word) - median(map(_baseline, lines[-1])) < _reach(word, size):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_Row(_chunks(line), median(map(_baseline, line))) for line in lines]


def _baseline(word: Word) -> float:
    """Where the word's line stands; a superscript stands on the line it hangs over."""
    shift = {"super": 0.4, "sub": -0.2, "normal": 0.0}[word.script]
    return word.box.bottom + shift * word.size


def _reach(word: Word, size: float) -> float:
    return (_SAME_ROW if word.script == "normal" else 0.8) * size


def _chunks(line: list[Word]) -> tuple[_Chunk, ...]:
    chunks: list[list[Word]] = []
    for word in sorted(line, key=lambda w: w.box.x0):
        if chunks and word.box.x0 - max(w.box.x1 for w in chunks[-1]) < _CHUNK_GAP * word.size:
            chunks[-1].append(word)
        else:
            chunks.append([word])
    return tuple(_Chunk(tuple(chunk)) for chunk in chunks)


def _header_rows(rows: Sequence[_Row], rules: Sequence[Rule]) -> int:
    """Rows above the first inner line as wide as the table; without one, rows before the first of numbers."""
    left, right = min(r.chunks[0].x0 for r in rows), max(c.x1 for r in rows for c in r.chunks)
    width = right - left
    wide = sorted(r.y for r in rules if r.x1 - r.x0 > 0.8 * width and r.x0 < left + 0.1 * width)
    inner = [y for y in wide if rows[0].baseline - 2 < y < rows[-1].baseline - 2]
    if inner:
        above = sum(row.baseline - 2 < inner[0] for row in rows)
        if above <= max(4, len(rows) // 3):
            return above
    for index, row in enumerate(rows[:5]):
        if len(row.chunks) > 1 and _numeric_share(row) >= 0.5:
            return index
    return 1


def _numeric_share(row: _Row) -> float:
    texts = [chunk.text for chunk in row.chunks[1:]]
    return sum(bool(_NUMBER.fullmatch(text)) for text in texts) / len(texts)


def _columns(rows: Sequence[_Row]) -> list[Span]:
    """The spans of x that are never blank through the rows, but for a few cells that span columns."""
    full = max(sum(len(_units(chunk)) for chunk in row.chunks) for row in rows)
    numbered = [
        row for row in rows if any(_NUMBER.fullmatch(u[0].text) for c in row.chunks for u in _units(c))
    ]
    several = [row for row in rows if len(row.chunks) > 1]
    typical = (numbered if 2 * len(numbered) >= len(several) else several) or list(rows)
    allowed = len(typical) // 12
    spans = [_span(unit) for row in typical for chunk in row.chunks for unit in _units(chunk)]
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
    return columns if len(columns) <= 2 * full else columns[: 2 * full]


def _placed(row: _Row, index: int, columns: Sequence[Span], rules: Sequence[Rule], *, header: bool) -> Cells:
    """A row's chunks in their columns; chunks that fall into one column are one cell."""
    reach = _reaches(row, columns, rules) if header else [(c.x0, c.x1) for c in row.chunks]
    homes: dict[int, tuple[int, list[Word]]] = {}
    for chunk, span in zip(row.chunks, reach, strict=True):
        pieces = _split(_parted(chunk) if header else _units(chunk), columns, span)
        for words, (x0, x1) in pieces:
            covered = _covered(x0, x1, columns)
            first = covered[0]
            known = homes.get(first)
            homes[first] = (
                max(len(covered), known[0] if known else 1),
                [*(known[1] if known else []), *words],
            )
    cells: list[TableCell | None] = [None] * len(columns)
    for column, (span_of, held) in homes.items():
        cells[column] = _cell(held, index, column, span_of)
    return tuple(cells)


def _split(
    groups: Sequence[Sequence[Word]], columns: Sequence[Span], whole: Span
) -> list[tuple[tuple[Word, ...], Span]]:
    """A chunk's words by column: cells that stand close are parted where a column's gap runs.

    Args:
        groups: the words, those that must not be parted together.
        columns: the table's columns.
        whole: how far the chunk reaches if it is not parted.
    """
    parts: dict[int, list[Word]] = {}
    for group in groups:
        x0, x1 = _span(group)
        parts.setdefault(_covered(x0, x1, columns)[0], []).extend(group)
    if len(parts) == 1:
        return [(tuple(word for group in groups for word in group), whole)]
    return [(tuple(part), (part[0].box.x0, part[-1].box.x1)) for part in parts.values()]


def _span(words: Sequence[Word]) -> Span:
    return words[0].box.x0, max(word.box.x1 for word in words)


def _parted(chunk: _Chunk) -> list[list[Word]]:
    """A header's words in groups at the gaps that are wider than between the words of a phrase."""
    groups: list[list[Word]] = []
    for word in chunk.words:
        if groups and word.box.x0 - groups[-1][-1].box.x1 < _PHRASE_GAP * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _units(chunk: _Chunk) -> list[list[Word]]:
    """A body cell's words as phrases and numbers: numbers that follow each other stand in different columns.

    `12.4 \u00b1 0.3` and `38.5 (+0.4)` are one number each; `1000 x 600` too.
    """
    units: list[list[Word]] = []
    for word in chunk.words:
        last = units[-1] if units else None
        apart = last is not None and word.box.x0 - last[-1].box.x1 >= _PHRASE_GAP * word.size
        tied = last is not None and bool(_TIE.fullmatch(last[-1].text))
        new_number = last is not None and _is_number(word.text) and _is_number(last[0].text) and not tied
        if last is None or new_number or (apart and not tied and not _ADDED.match(word.text)):
            units.append([word])
        else:
            last.append(word)
    return units


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+\u2212~]?[\d.,]*\d[\d.,]*[%KMBG]?|[-\u2010-\u2015\u2212]", text))


def _covered(x0: float, x1: float, columns: Sequence[Span]) -> list[int]:
    """The columns a span lies over; the nearest where it lies over none."""
    shares = [
        (min(x1, right) - max(x0, left)) / max(min(right - left, x1 - x0), 0.1) for left, right in columns
    ]
    over = [index for index, share in enumerate(shares) if share > 0.4]
    if over:
        return list(range(over[0], over[-1] + 1))
    middle = (x0 + x1) / 2
    return [min(range(len(columns)), key=lambda i: abs((columns[i][0] + columns[i][1]) / 2 - middle))]


def _reaches(row: _Row, columns: Sequence[Span], rules: Sequence[Rule]) -> list[Span]:
    """How far each header reaches: its own line's width; else halfway to its neighbours where columns are bare."""
    reaches = []
    for position, chunk in enumerate(row.chunks):
        own = [
            r
            for r in rules
            if 0 < r.y - row.baseline < _UNDER and r.x0 - 2 < (chunk.x0 + chunk.x1) / 2 < r.x1 + 2
        ]
        under = min(own, key=lambda r: r.x1 - r.x0, default=None)
        table = columns[-1][1] - columns[0][0]
        if under and under.x1 - under.x0 < 0.75 * table and _alone_over(under, row):
            reaches.append((min(under.x0, chunk.x0), max(under.x1, chunk.x1)))
        else:
            reaches.append(_halfway(row, position, columns))
    return reaches


def _alone_over(rule: Rule, row: _Row) -> bool:
    """Whether just one header of the row stands over a line."""
    return sum(rule.x0 - 2 < (chunk.x0 + chunk.x1) / 2 < rule.x1 + 2 for chunk in row.chunks) == 1


def _halfway(row: _Row, position: int, columns: Sequence[Span]) -> Span:
    """A header over bare columns reaches as far to the left as to the right, to the neighbours at most."""
    chunk = row.chunks[position]
    middle = (chunk.x0 + chunk.x1) / 2
    if (
        any(left - 1 <= middle <= right + 1 for left, right in columns)
        or len(row.chunks) * 2 > len(columns) + 1
    ):
        return chunk.x0, chunk.x1
    before = row.chunks[position - 1].x1 if position else columns[0][1]
    behind = row.chunks[position + 1].x0 if position + 1 < len(row.chunks) else columns[-1][1]
    half = min(middle - before, behind - middle)
    return (middle - half, middle + half) if half > 0 else (chunk.x0, chunk.x1)


def _cell(words: Sequence[Word], row: int, column: int, span: int) -> TableCell:
    ordered = tuple(sorted(words, key=lambda word: (word.line, word.box.x0)))
    text = compose(ordered)[0]
    return TableCell(text, ordered, row, column, 1, span, all(word.bold for word in words))
