"""Header lines of a table: how many there are, and which columns each header stands over.

Papers set the header above the first inner line that is as wide as the table; a short line below a header (booktabs'
`cmidrule`) shows which columns it spans, and without one a spanning header is centred over its columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from extractors.documents.characters import Bar, Rule
from extractors.documents.grids.columns import covered, covers, stands_over
from extractors.documents.grids.lines import Chunk, Line, Span, is_number, is_value, phrases

_UNDER = 7.0
"""Points below a header within which a line is its own."""
_WIDE = 0.8
"""Share of the table's width from which a line parts all of it."""
_LEVEL = 1.0
"""Points within which lines are one, drawn in pieces."""
_ABOUT = 0.15
"""Share of a group's width by which its header may miss its middle, where names repeat below."""
_AS_FAR = 0.95
"""Share of the pitch of rows from which a line is no rest of the line above."""
_ASIDE = 0.06
"""Share of the columns' width by which a spanning header may miss their middle."""
_EVEN = 0.25
"""What a wider run of columns may be worse centred under its header, as a share of what is allowed."""
_BESIDE = 0.8
"""Share of the type size within which lines stand beside each other."""
_FIRST_ROWS = 5
"""Rows among which the first of numbers ends the header of a table without lines."""
_MOST_LINES = 6
_FEW = 2
"""Words up to which a header may by chance stand with each over a column."""


def wide_rules(lines: Sequence[Line], rules: Sequence[Rule]) -> list[float]:
    """Where lines as wide as the table stand, top down; one may be drawn in pieces, the first over the labels."""
    left = min(line.chunks[0].x0 for line in lines)
    right = max(chunk.x1 for line in lines for chunk in line.chunks)
    width = right - left
    found = []
    ordered = sorted(rules, key=lambda r: r.y)
    while ordered:
        y = ordered[0].y
        level = [r for r in ordered if r.y - y < _LEVEL]
        ordered = ordered[len(level) :]
        drawn = sum(max(min(r.x1, right) - max(r.x0, left), 0.0) for r in level)
        start = min(r.x0 for r in level)
        starts = start < left + 0.1 * width and not any(line.chunks[0].x1 < start for line in lines)
        if drawn > _WIDE * width and starts and (len(level) == 1 or not _spanned(lines, y)):
            found.append(level[-1].y)
    return found


def _spanned(lines: Sequence[Line], y: float) -> bool:
    """Whether the pieces of a line are those below spanning headers: more stands below them than above."""
    above = _above(lines, y)
    return 0 < above < len(lines) and len(lines[above].chunks) > len(lines[above - 1].chunks) + 1


def header_lines(lines: Sequence[Line], rules: Sequence[Rule]) -> int:
    """Lines above the first inner line as wide as the table; without one, lines before the first of numbers."""
    inner = [y for y in wide_rules(lines, rules) if lines[0].baseline - 2 < y < lines[-1].baseline - 2]
    if inner:
        above = _above(lines, inner[0])
        if _rows(lines[:above]) <= max(4, min(_MOST_LINES, len(lines) // 2)):
            return _with_second_band(lines, inner, above)
    for index, line in enumerate(lines[: 2 * _FIRST_ROWS]):
        if _rows(lines[: index + 1]) > _FIRST_ROWS:
            break
        if len(line.chunks) > 1 and _numeric_share(line.chunks[1:]) >= 0.5:
            if index == 0:
                return int(_names_numbers(lines))
            return index - _is_title(lines, index - 1) + _names_columns(lines, index)
    return 1


def _names_numbers(lines: Sequence[Line]) -> bool:
    """Whether a table's first line is headers though they are numbers: words over numbers, or whole numbers in order."""
    first, *below = lines
    words = [chunk for chunk in first.chunks[1:] if not is_value(chunk.text)]
    under = [[c for line in below for c in line.chunks if c.x0 < w.x1 and c.x1 > w.x0] for w in words]
    if sum(len(found) > 1 and all(is_value(c.text) for c in found) for found in under) > 1:
        return True
    sizes = [int(chunk.text) for chunk in first.chunks[1:] if chunk.text.isdecimal()]
    rising = len(sizes) == len(first.chunks) - 1 > 2 and all(a < b for a, b in itertools.pairwise(sizes))
    return rising and not any(c.text.isdecimal() for line in below for c in line.chunks[1:])


def _is_title(lines: Sequence[Line], index: int) -> bool:
    """Whether a line above numbers is the title of a group: alone below the headers, as far from them as rows are."""
    if index < 1 or len(lines[index].chunks) > 1 or len(lines[index - 1].chunks) == 1:
        return False
    above, line, below = lines[index - 1 : index + 2]
    apart = line.baseline - above.baseline > _AS_FAR * (below.baseline - line.baseline)
    return apart and line.chunks[0].x0 < above.chunks[1].x0


def _names_columns(lines: Sequence[Line], index: int) -> bool:
    """Whether a line of numbers is headers: under spanning ones, without a label where the lines below have theirs."""
    line, below = lines[index], lines[index + 1 : index + 4]
    return (
        index > 0
        and len(below) > 1
        and len(lines[index - 1].chunks) <= len(line.chunks)
        and all(is_number(word.text) for chunk in line.chunks for word in chunk.words)
        and all(len(other.chunks) == len(line.chunks) + 1 for other in below)
        and all(other.chunks[0].x1 < line.chunks[0].x0 for other in below)
    )


def _above(lines: Sequence[Line], y: float) -> int:
    return sum(line.baseline - 2 < y for line in lines)


def _rows(lines: Sequence[Line]) -> int:
    """How many of the lines stand below each other; headers of other heights stand half a line beside them."""
    count, last = 0, float("-inf")
    for line in lines:
        if line.baseline - last > _BESIDE * line.chunks[0].words[0].size:
            count, last = count + 1, line.baseline
    return count


def _with_second_band(lines: Sequence[Line], inner: Sequence[float], above: int) -> int:
    """The header goes on below its first line where spanning headers stand above, and headers before the next line."""
    further = [y for y in inner if _above(lines, y) > above]
    if not further:
        return above
    end = _above(lines, further[0])
    band, first = lines[above:end], lines[:above]
    several = max(len(line.chunks) for line in band) > max(len(line.chunks) for line in first)
    worded = _numeric_share([c for line in band for c in line.chunks]) == 0
    worded = worded or (len(band) == 1 and _names_numbers(lines[above:]))
    numbers = end < len(lines) and _numeric_share(lines[end].chunks[1:]) >= 0.5
    return end if len(band) <= 2 and several and worded and numbers else above


def _numeric_share(chunks: Sequence[Chunk]) -> float:
    return sum(is_value(chunk.text) for chunk in chunks) / len(chunks) if chunks else 0.0


def split(line: Line, lower: Sequence[Line], columns: Sequence[Span]) -> Line:
    """A header line with the headers parted that stand as close as words, each over a column of its own.

    Args:
        line: the headers.
        lower: the header lines below it; what stands over several headers of one is one.
        columns: the table's columns.
    """
    chunks: list[Chunk] = []
    for chunk in line.chunks:
        under = max((sum(chunk.x0 < c.middle < chunk.x1 for c in other.chunks) for other in lower), default=0)
        if under > 1:
            chunks.append(chunk)
            continue
        parts = [Chunk(tuple(words)) for words in phrases(chunk)]
        homes = [covered(part.x0, part.x1, columns)[0] for part in parts]
        own = 1 < len(parts) == len(set(homes)) and all(
            stands_over((part.x0, part.x1), columns[home]) for part, home in zip(parts, homes, strict=True)
        )
        chunks.extend(parts if own else [chunk] if under else _by_word(chunk, columns))
    return Line(tuple(chunks), line.baseline)


def _by_word(chunk: Chunk, columns: Sequence[Span]) -> list[Chunk]:
    """Headers that stand as close as the words of one, if each of several is set over its column, or over all of it."""
    homes = itertools.groupby(chunk.words, lambda word: covered(word.box.x0, word.box.x1, columns)[0])
    found = [(columns[home], Chunk(tuple(words))) for home, words in homes]
    own = len(found) > _FEW and all(
        stands_over((part.x0, part.x1), column) or covers((part.x0, part.x1), column)
        for column, part in found
    )
    return [part for _, part in found] if own else [chunk]


def reaches(
    line: Line,
    below: Line | None,
    columns: Sequence[Span],
    rules: Sequence[Rule],
    bars: Sequence[Bar] = (),
) -> list[Span]:
    """How far each header of a line reaches: its own line's width, else the columns that it is centred over.

    Args:
        line: the headers.
        below: the header line below it, if there is one.
        columns: the table's columns.
        rules: the table's lines.
        bars: its vertical lines.
    """
    known = {**_repeated(line, below), **_between_bars(line, columns, bars)}
    table = columns[-1][1] - columns[0][0]
    for chunk in line.chunks:
        own = [r for r in rules if 0 < r.y - line.baseline < _UNDER and r.x0 - 2 < chunk.middle < r.x1 + 2]
        under = min(own, key=lambda r: r.x1 - r.x0, default=None)
        if under and under.x1 - under.x0 < 0.75 * table and _alone_over(under, line):
            known[chunk] = min(under.x0, chunk.x0), max(under.x1, chunk.x1)
    named = _with_names(columns, below)
    taken = {chunk: covered(x0, x1, columns) for chunk, (x0, x1) in known.items()}
    for chunk in sorted(line.chunks, key=lambda chunk: chunk.x0 - chunk.x1):  # the widest surely span
        if chunk not in known:
            known[chunk] = _centred(line, line.chunks.index(chunk), below, named, taken)
            taken[chunk] = covered(*known[chunk], columns)
    return [known[chunk] for chunk in line.chunks]


def _between_bars(line: Line, columns: Sequence[Span], bars: Sequence[Bar]) -> dict[Chunk, Span]:
    """The columns under each header that stands alone in the middle between two vertical lines."""
    beside = sorted(bar.x for bar in bars if bar.top < line.baseline - 2 < bar.bottom)
    found: dict[Chunk, Span] = {}
    for left, right in itertools.pairwise([float("-inf"), *beside, float("inf")]):
        alone = [chunk for chunk in line.chunks if left < chunk.middle < right]
        under = [column for column in columns if left < (column[0] + column[1]) / 2 < right]
        if beside and len(alone) == 1 and len(under) > 1:
            span = min(under[0][0], alone[0].x0), max(under[-1][1], alone[0].x1)
            if _over(alone[0], span):
                found[alone[0]] = span
    return found


def _with_names(columns: Sequence[Span], below: Line | None) -> list[Span]:
    """The columns as wide as the headers below, where these are wider than all that stands under them."""
    named = list(columns)
    for chunk in below.chunks if below else ():
        over = covered(chunk.x0, chunk.x1, columns)
        if len(over) == 1:
            x0, x1 = named[over[0]]
            named[over[0]] = min(x0, chunk.x0), max(x1, chunk.x1)
    return named


def _repeated(line: Line, below: Line | None) -> dict[Chunk, Span]:
    """The columns under each header, where the same names stand below one header after the other."""
    named = below.chunks if below else ()
    names = [chunk.text for chunk in named]
    for size, first in itertools.product(range(2, len(names) // 2 + 1), range(len(names))):
        last = first + size
        if last > len(names):
            continue
        while names[last : last + size] == names[first : first + size]:
            last += size
        spans = [(named[at].x0, named[at + size - 1].x1) for at in range(first, last, size)]
        if len(spans) < 2 or len(set(names[first : first + size])) < size:
            continue
        over = [[chunk for chunk in line.chunks if _over(chunk, span)] for span in spans]
        if all(len(found) == 1 for found in over):
            return {
                header: (min(x0, header.x0), max(x1, header.x1))
                for (header,), (x0, x1) in zip(over, spans, strict=True)
            }
    return {}


def _over(header: Chunk, span: Span) -> bool:
    """Whether a header stands about over the middle of a span."""
    return abs(header.middle - (span[0] + span[1]) / 2) < _ABOUT * (span[1] - span[0])


def _alone_over(rule: Rule, line: Line) -> bool:
    """Whether just one header of the line stands over a ruling line."""
    return sum(rule.x0 - 2 < chunk.middle < rule.x1 + 2 for chunk in line.chunks) == 1


def _centred(
    line: Line,
    position: int,
    below: Line | None,
    columns: Sequence[Span],
    taken: Mapping[Chunk, Sequence[int]],
) -> Span:
    """The widest run of columns that a header is centred over, not beyond its neighbours nor what these take."""
    chunk = line.chunks[position]
    own = covered(chunk.x0, chunk.x1, columns)
    if below is None:
        return _halfway(line, position, columns)
    before, behind = line.chunks[:position], line.chunks[position + 1 :]
    left = max((_taken(other, columns, taken)[-1] + 1 for other in before), default=min(1, own[0]))
    right = min((_taken(other, columns, taken)[0] for other in behind), default=len(columns))
    filled = {index for c in below.chunks for index in covered(c.x0, c.x1, columns)}
    best = (own[0], own[-1])
    for first in range(left, own[0] + 1):
        for last in range(own[-1], right):
            wider = last - first > best[1] - best[0] and filled.issuperset(range(first, last + 1))
            if wider and _off(chunk, columns, first, last) < min(1.0, _off(chunk, columns, *best) + _EVEN):
                best = (first, last)
    if best[1] == best[0]:
        return chunk.x0, chunk.x1
    return min(columns[best[0]][0], chunk.x0), max(columns[best[1]][1], chunk.x1)


def _taken(chunk: Chunk, columns: Sequence[Span], taken: Mapping[Chunk, Sequence[int]]) -> Sequence[int]:
    return taken.get(chunk) or covered(chunk.x0, chunk.x1, columns)


def _off(chunk: Chunk, columns: Sequence[Span], first: int, last: int) -> float:
    """How far a header is from the middle of columns, as a share of how far it may be."""
    left, right = columns[first][0], columns[last][1]
    return abs((left + right) / 2 - chunk.middle) / max(_ASIDE * (right - left), 3.0)


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
