"""Rows of cells of running text that stand at the tops of their rows, without lines or gaps between these.

A row goes on for as long as the text of a cell does. It ends where a column that had ended begins again, or where the text
of the first column does not go on from the line above.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from extractors.documents.grids.spans import GOES_ON, OPEN
from extractors.documents.grids.wrapped import PITCH, PlacedLine, text_of

_BROKEN = 3
"""Lines that surely go on in the next from which a table is one of running text."""


def paragraphs(band: Sequence[PlacedLine], size: float) -> list[list[PlacedLine]]:
    """Lines by row where their cells are running text; nothing for others.

    Args:
        band: lines between two ruling lines.
        size: the type size.
    """
    tight = all(below.baseline - above.baseline < PITCH * size for above, below in itertools.pairwise(band))
    if len(band) <= _BROKEN or not tight or any(line.numbers for line in band) or 0 not in _texts(band[0]):
        return []
    rows: list[list[PlacedLine]] = [[band[0]]]
    broken = 0
    for above, line in itertools.pairwise(band):
        before, texts = _texts(above), _texts(line)
        broken += any(_breaks_off(before[column]) for column in texts.keys() & before.keys())
        if texts.keys() <= before.keys() and (
            0 not in texts or all(_goes_on(before[c], texts[c]) for c in texts)
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows if broken >= _BROKEN and len(rows) < len(band) else []


def _texts(line: PlacedLine) -> dict[int, str]:
    return {piece.first: text_of(piece.words) for piece in line.pieces}


def _goes_on(above: str, below: str) -> bool:
    return _breaks_off(above) or bool(OPEN.search(above) or GOES_ON.match(below))


def _breaks_off(text: str) -> bool:
    """Whether a line ends within a word or within a bracket."""
    return text.endswith(("-", "\u2010")) or text.count("(") > text.count(")")
