"""Cells of several lines that stand about the middle of their rows.

Where rows have a number, it shows their height: the lines of a wrapped cell beside it are as many above as below. So
the lines down a column can be shared out among the rows, even where these are no further apart than the lines are.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractors.documents.characters import Rule
from extractors.documents.grids.columns import Piece
from extractors.documents.grids.lines import Span, is_value
from extractors.documents.model import Word, compose

_EXACT = 0.15
"""Share of the type size by which the middle of a cell's lines may miss its row."""
_NEAR = 0.98
"""The pitch of wrapped text at least, in type sizes."""
_DRAWN = 4
"""Points from which a ruling line runs over a column."""
_MOST_LINES = 12
"""Lines of one cell at most."""
PITCH = 1.45
"""Line pitches of wrapped text at most, in type sizes."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its words in their columns."""

    pieces: tuple[Piece, ...]
    baseline: float
    numbers: frozenset[int] = field(init=False)
    """The columns in which it has a bare value, but for the first."""

    def __post_init__(self) -> None:
        valued = (p.first for p in self.pieces if p.first > 0 and is_value(text_of(p.words)))
        object.__setattr__(self, "numbers", frozenset(valued))


def text_of(words: Sequence[Word]) -> str:
    """Words as running text."""
    if len(words) == 1 and words[0].script == "normal" and words[0].text.isascii():
        return words[0].text
    return compose(words)[0]


def unwrapped(
    band: Sequence[PlacedLine], size: float, edges: Sequence[Span] = (), rules: Sequence[Rule] = ()
) -> list[PlacedLine]:
    """Lines, where those of wrapped cells that stand about a row with numbers are put to it.

    Args:
        band: lines between two ruling lines.
        size: the type size.
        edges: the columns.
        rules: ruling lines, which part cells.
    """
    keyed = _keyed(band, size)
    if not 0 < len(keyed) < len(band):
        return list(band)
    words: dict[int, dict[int, list[Word]]] = {}
    moved: set[tuple[int, int]] = set()
    for column in {piece.first for line in band for piece in line.pieces}:
        over = [r for r in rules if min(r.x1, edges[column][1]) - max(r.x0, edges[column][0]) > _DRAWN]
        found = _shared_out(band, keyed, column, size)
        if any(_is_parted([band[at].baseline for at in lines], over) for lines in found.values()):
            continue
        for key, lines in found.items():
            words.setdefault(key, {})[column] = [w for line in lines for w in _at(band[line], column).words]
            moved.update((line, column) for line in lines)
    return [line for at, old in enumerate(band) if (line := _with(old, at, words.get(at, {}), moved)).pieces]


def _with(
    line: PlacedLine, at: int, words: Mapping[int, Sequence[Word]], moved: set[tuple[int, int]]
) -> PlacedLine:
    """A line with the words of its wrapped cells, and without those that went to another."""
    kept = [piece for piece in line.pieces if (at, piece.first) not in moved]
    own = [Piece(tuple(known), column, column) for column, known in words.items()]
    return PlacedLine(tuple(sorted([*kept, *own], key=lambda piece: piece.first)), line.baseline)


def _at(line: PlacedLine, column: int) -> Piece:
    return next(piece for piece in line.pieces if piece.first == column)


def _keyed(band: Sequence[PlacedLine], size: float) -> list[int]:
    """The lines that show where rows are: those with numbers, and those with a label and more, further from these."""
    numbered = [at for at, line in enumerate(band) if line.numbers]
    heights = [band[at].baseline for at in numbered]
    labelled = [
        at
        for at, line in enumerate(band)
        if len(line.pieces) > 1
        and line.pieces[0].first == 0
        and all(abs(line.baseline - height) > _NEAR * size for height in heights)
    ]
    return sorted([*numbered, *labelled]) if numbered else []


def _shared_out(
    band: Sequence[PlacedLine], keyed: Sequence[int], column: int, size: float
) -> dict[int, list[int]]:
    """The lines of a column by the row about which they stand; nothing where some stand about none."""
    lines = [at for at, line in enumerate(band) if any(p.first == column for p in line.pieces)]
    alone = all(_at(band[at], column).last == column for at in lines)
    if not alone or not set(lines) - set(keyed):
        return {}
    found: list[dict[int, list[int]] | None] = [{}, *[None] * len(lines)]  # by how many lines are shared out
    for key in keyed:
        after: list[dict[int, list[int]] | None] = [None] * len(found)
        for start, before in enumerate(found):
            if before is None:
                continue
            if start == len(lines) or lines[start] > key:
                after[start] = before
            for end in range(start + 1, min(start + _MOST_LINES, len(lines)) + 1):
                group = lines[start:end]
                own = [at for at in group if at in keyed]
                if own in ([], [key]) and _is_cell(
                    [band[at].baseline for at in group], band[key].baseline, size
                ):
                    after[end] = {**before, key: group}
        found = after
    groups = list((found[-1] or {}).values())
    strict = all(
        len(group) % 2 for group in groups
    )  # the middle line stands on the row, as a row of its own does
    apart = _is_apart([[band[at].baseline for at in group] for group in groups], size if strict else -size)
    return found[-1] or {} if apart else {}


def _is_apart(cells: Sequence[Sequence[float]], size: float) -> bool:
    """Whether cells down a column are further from each other than the lines of one are; as far, for a size below 0."""
    within = max((b - a for cell in cells for a, b in itertools.pairwise(cell)), default=0.0)
    between = min((b[0] - a[-1] for a, b in itertools.pairwise(cells)), default=float("inf"))
    return between > within + _EXACT * size


def _is_parted(baselines: Sequence[float], rules: Sequence[Rule]) -> bool:
    """Whether a ruling line runs between lines of one cell."""
    return any(baselines[0] - 2 < rule.y < baselines[-1] - 2 for rule in rules)


def _is_cell(baselines: Sequence[float], row: float, size: float) -> bool:
    """Whether lines follow each other as text does, about a row's middle."""
    close = all(b - a < PITCH * size for a, b in itertools.pairwise(baselines))
    return close and abs((baselines[0] + baselines[-1]) / 2 - row) < _EXACT * size
