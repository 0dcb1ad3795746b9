"""Characters that stand together: no blank, no gap, one baseline and one size between two of them.

Here the arrays end: what a run is made of is told by comparing each character of a page with the next one, all at once,
and what comes after works on runs, of which a page has some hundreds. How runs make words and lines is in
`documents.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from extractors.documents.characters import Characters, Flags, Floats, Integers, blanks

WORD_GAP = 0.22
"""A gap wider than this share of the size parts two words even without a blank."""
SMALL = 0.86
"""Type below this share of its line's size may be a superscript or subscript."""
SHIFT = 0.08
"""Least shift of the baseline, as a share of the size, of a superscript or subscript."""
_BACK = 0.5
"""Sizes that a character may reach back over the one before it."""
_SMALLEST_CAPITAL, _CAPITAL_GAP = 0.6, 0.12
"""Size of small capitals at least, as a share of that of the capitals, and the gap between the two in sizes at most."""
_THIN = re.compile("(?<=\\d)[\u2009\u202f\u00a0](?=\\d{3}(?!\\d))")
"""A blank before the last or the next three digits of a number, as in `1 000 000`: it parts no words."""
_LINE_ENDS = np.array([10, 13], np.uint32)
_TWICE = 0.3
"""Points up to which two prints of a word are one."""
_WIDEST = 1e6
"""Points, more than any page is high."""
_TWINS = 256
"""Equal words, the latest ones, among which one printed again is looked for; a page of one letter has no end of them."""


class Run(NamedTuple):
    """Characters that stand together."""

    text: str
    start: int
    """Where it begins among the characters of its page, and where it ends."""
    end: int
    spaced: bool
    """Whether a blank stands before it."""
    x0: float
    """Left end of the first character, and right end of the last."""
    x1: float
    left: float
    """Left and right ends of all of it."""
    right: float
    baseline: float
    """Baseline and size of its first character."""
    size: float
    last_size: float
    largest: float
    """Largest size of its characters."""
    even: bool
    """Whether all of it has one size and one baseline."""
    bold: bool
    """Whether most of it is."""
    font: str


def runs_of(characters: Characters) -> Iterator[Run]:
    """The runs of a page in stream order, without those printed again in the same place.

    Text is printed twice to look bold, or by the layers of a drawing.
    """
    blank = _blanks(characters)
    if blank.all():
        return iter(())
    starts, ends = _bounds(blank, _parted(characters))
    runs = _runs(characters, starts, ends, _spaced(characters, blank, starts))
    return _printed_once(runs) if _some_meet(characters.x0[starts], characters.baseline[starts]) else runs


def joined(runs: Sequence[Run]) -> Run:
    """Runs as one."""
    first, last = runs[0], runs[-1]
    bold = sum(run.bold for run in runs) * 2 > len(runs)
    return first._replace(
        text="".join(run.text for run in runs),
        end=last.end,
        x1=last.x1,
        left=min(run.left for run in runs),
        right=max(run.right for run in runs),
        last_size=last.last_size,
        largest=max(run.largest for run in runs),
        even=False,
        bold=bold,
    )


def _blanks(characters: Characters) -> Flags:
    """Which characters are blanks that part words."""
    blank = blanks(characters.codes)
    blank[[found.start() for found in _THIN.finditer(characters.text)]] = False
    return blank


def _parted(characters: Characters) -> Flags:
    """Whether each character but the first does not stand together with the one before it."""
    size, baseline, x0, x1 = characters.size, characters.baseline, characters.x0, characters.x1
    before, after = size[:-1], size[1:]
    shift = np.abs(baseline[1:] - baseline[:-1])
    same = (before == after) & (shift == 0)
    larger = np.where(same, before, np.maximum(before, after))
    gap = x0[1:] - x1[:-1]
    level = shift < SHIFT * larger
    alike = same | (level & (np.abs(after - before) < (1 - SMALL) * before))
    for at in np.flatnonzero(level & ~alike).tolist():
        alike[at] = _small_capital(characters, at, gap.item(at))
    near = (-_BACK * larger < gap) & (gap < WORD_GAP * larger)
    # The letters of a ligature have one and the same box.
    stacked = (x0[1:] == x0[:-1]) & (x1[1:] == x1[:-1])
    together: Flags = alike & (near | stacked)
    return ~together


def _small_capital(characters: Characters, at: int, gap: float) -> bool:
    """Whether a character and the next are capitals and small capitals of one word, as in a heading."""
    small, large = sorted(characters.size[at : at + 2].tolist())
    one, other = characters.baseline[at : at + 2].tolist()
    return (
        small > _SMALLEST_CAPITAL * large
        and all(letter.isupper() for letter in characters.text[at : at + 2])
        and abs(gap) < _CAPITAL_GAP * large
        and abs(one - other) < 0.02 * large
    )


def _bounds(blank: Flags, parted: Flags) -> tuple[Integers, Integers]:
    """Where runs begin and end."""
    begins, goes_on = ~blank, ~blank
    begins[1:] &= blank[:-1] | parted
    goes_on[:-1] &= blank[1:] | parted
    return np.flatnonzero(begins), np.flatnonzero(goes_on) + 1


def _spaced(characters: Characters, blank: Flags, starts: Integers) -> list[bool]:
    """Whether a blank stands before each run.

    Line ends are also inferred where a superscript begins: there the gap tells whether a blank is meant.
    """
    blanks = np.cumsum(blank & ~np.isin(characters.codes, _LINE_ENDS))[starts]
    return [True, *(np.diff(blanks) > 0).tolist()][: len(starts)]


def _runs(characters: Characters, starts: Integers, ends: Integers, spaced: Iterable[bool]) -> Iterator[Run]:
    size, baseline, last = characters.size, characters.baseline, ends - 1
    bounds = np.column_stack((starts, ends)).ravel()
    bounds = bounds[:-1] if bounds[-1:] == len(characters) else bounds

    def over(column: Floats | Integers, how: np.ufunc) -> Floats:
        return how.reduceat(column, bounds)[::2]

    largest = over(size, np.maximum)
    even = (over(size, np.minimum) == largest) & (over(baseline, np.minimum) == over(baseline, np.maximum))
    bold = over(characters.bold.astype(int), np.add) * 2 > ends - starts
    columns = (starts, ends, characters.x0[starts], characters.x1[last])
    extents = (over(characters.x0, np.minimum), over(characters.x1, np.maximum))
    types = (baseline[starts], size[starts], size[last], largest, even, bold)
    begins, finishes, *places = (column.tolist() for column in (*columns, *extents, *types))
    text, names = characters.text, characters.fonts
    texts = [text[start:end] for start, end in zip(begins, finishes, strict=True)]
    fonts = [names[number] for number in characters.font[starts].tolist()]
    return map(Run, texts, begins, finishes, spaced, *places, fonts)


def _some_meet(x0: Floats, baseline: Floats) -> bool:
    """Whether any two of some places may be nearer than `_TWICE`: they then share a point of one of four grids."""
    points = (
        np.floor(x0 + right) * _WIDEST + np.floor(baseline + down) for right in (0, 0.5) for down in (0, 0.5)
    )
    return any(len(np.unique(shared)) < len(shared) for shared in points)


def _printed_once(runs: Iterable[Run]) -> Iterator[Run]:
    seen: dict[str, list[Run]] = {}
    for run in runs:
        twins = seen.setdefault(run.text, [])
        if not (twins and _again(run, twins[-_TWINS:])):
            twins.append(run)
            yield run


def _again(run: Run, twins: Iterable[Run]) -> bool:
    """Whether a run stands where one of its twins does."""
    x0, baseline = run.x0, run.baseline
    return bool(
        [twin for twin in twins if abs(twin.x0 - x0) < _TWICE and abs(twin.baseline - baseline) < _TWICE]
    )
