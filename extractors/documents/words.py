"""Characters to words: split at blanks, gaps and changes of baseline, with superscripts and subscripts told apart.

Words keep the order of the content stream. A word belongs to a segment: a run of words on one baseline without a wide
gap, which is a line of text, or one cell of a table's row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from extractors.documents.characters import Bar, Characters, Rule
from extractors.documents.mending import mended
from extractors.documents.model import Script, Word
from extractors.documents.runs import SHIFT, SMALL, WORD_GAP, Run, joined, runs_of
from extractors.facts.evidence import Box

_ASCENT, _DESCENT = 0.72, 0.22
"""How far type reaches above and below its baseline, as shares of its size."""
_SEGMENT_GAP = 1.3
"""A gap wider than this share of the size parts two segments of a line."""
_LINE_SHIFT = 0.55
"""Shift of the baseline beyond which it is another line, as a share of the larger size."""
_LINE_END_HYPHEN = {2: "-", 0xFFFE: "-"}
"""What pdfium writes for a hyphen at the end of a line."""
_LETTERS = 5
"""Single capitals in a row from which they may be one word set with wide letter spaces."""
_LETTER_GAP = 0.6
"""Letter spaces in sizes at most."""
_UPRIGHT = 0.1
"""Radians within which text counts as reading left to right."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words on one baseline."""

    words: tuple[Word, ...]
    baseline: float
    size: float
    x0: float = field(init=False, compare=False)
    """Left end."""
    x1: float = field(init=False, compare=False)
    """Right end."""
    text: str = field(init=False, compare=False)
    """The words, for patterns."""

    def __post_init__(self) -> None:
        # The layout asks for these over and over.
        object.__setattr__(self, "x0", min([word.box.x0 for word in self.words]))
        object.__setattr__(self, "x1", max([word.box.x1 for word in self.words]))
        object.__setattr__(self, "text", " ".join([word.text for word in self.words]))

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(word.bold for word in self.words)


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it was read: its segments in stream order, and its ruling lines."""

    number: int
    width: float
    height: float
    segments: tuple[Segment, ...]
    rules: tuple[Rule, ...]
    bars: tuple[Bar, ...] = ()
    turned: int = 0
    """Degrees by which the page was turned clockwise to read this: its text that stands upright has 0."""
    labels: tuple[Segment, ...] = ()
    """Turned text of an upright page, each line a word of its own: headers may run up their columns."""


def upright(characters: Characters) -> tuple[Characters, Characters]:
    """Characters that read left to right, generated ones included, and those that are turned."""
    straight = np.abs(characters.angle) < _UPRIGHT
    if straight.all():
        return characters, characters.where(~straight)
    return characters.where(straight | characters.generated), characters.where(
        ~straight & ~characters.generated
    )


class _Line:
    """The runs of one segment, with the size and the baseline of its main type.

    That is the type of most characters among the larger ones.
    """

    def __init__(self, run: Run, characters: Characters) -> None:
        self._characters, self.runs = characters, [run]
        self.largest, self.size, self.baseline = run.size, run.size, run.baseline
        if not run.even:
            self._weigh()

    def _weigh(self) -> None:
        self.largest = max(run.size for run in self.runs)
        at = [index for run in self.runs for index in range(run.start, run.end)]
        sizes, baselines = self._characters.size[at], self._characters.baseline[at]
        main = sizes > SMALL * self.largest
        # Files may set type of no size, or of one that is no number; it is as large as any.
        if not main.any():
            main[:] = True
        self.size, self.baseline = median(sizes[main].tolist()), median(baselines[main].tolist())

    def add(self, run: Run) -> None:
        """Take a run in; what equals the medians, or is small, does not move them."""
        self.runs.append(run)
        alike = run.size == self.size and run.baseline == self.baseline
        if not run.even or not (alike or run.size <= SMALL * self.largest):
            self._weigh()

    def continues(self, run: Run) -> bool:
        """Whether a run goes on in it: to the right, near, and no further up or down than a superscript."""
        size = self.largest
        if not -0.6 * size < run.x0 - self.runs[-1].x1 < _SEGMENT_GAP * size:
            return False
        if run.baseline == self.baseline:
            return True
        small = run.size < SMALL * size or size < SMALL * run.size
        room = _LINE_SHIFT * max(size, run.size) if small else 2.0
        return abs(run.baseline - self.baseline) < max(room, 0.25 * size)

    def segment(self, page: int, number: int) -> Segment:
        """Its words, with their boxes on the page."""
        runs = self.runs
        if sum([len(run.text) == 1 for run in runs]) >= _LETTERS:
            runs = _closed_up(runs)
        words = [
            self._word(run, page, number, glued=_glued(before, run))
            for before, run in zip([None, *runs], runs, strict=False)
        ]
        return Segment(tuple(words), self.baseline, self.size)

    def _word(self, run: Run, page: int, line: int, *, glued: bool) -> Word:
        top, bottom = run.baseline - _ASCENT * run.largest, run.baseline + _DESCENT * run.largest
        box = Box(page, run.left, top, run.right, bottom)
        script = _script(run, self.size, self.baseline)
        return Word(_text(run.text), box, run.largest, run.font, run.bold, script, line, glued)


def segments(characters: Characters, page: int) -> list[Segment]:
    """The segments of a page in stream order, their words numbered by line."""
    meant = mended(characters)
    lines: list[_Line] = []
    for run in runs_of(meant):
        if lines and lines[-1].continues(run):
            lines[-1].add(run)
        else:
            lines.append(_Line(run, meant))
    return [line.segment(page, number) for number, line in enumerate(lines)]


def _closed_up(runs: Sequence[Run]) -> list[Run]:
    """Runs with words put together whose letters are set apart: single capitals at equal distances."""
    found: list[Run] = []
    letters: list[Run] = []
    for run in runs:
        if letters and not _spaced_out(letters, run):
            found += _one_word(letters)
            letters = []
        if len(run.text) == 1 and run.text.isupper():
            letters.append(run)
        else:
            found.append(run)
    return [*found, *_one_word(letters)]


def _spaced_out(letters: Sequence[Run], run: Run) -> bool:
    """Whether a run is a letter as far from the last as these are from each other."""
    if len(run.text) > 1 or not run.text.isupper() or run.size != letters[0].size:
        return False
    gap = run.x0 - letters[-1].x1
    if len(letters) == 1:
        return gap < _LETTER_GAP * run.size
    return abs(gap - (letters[1].x0 - letters[0].x1)) < 0.15 * run.size


def _one_word(letters: Sequence[Run]) -> list[Run]:
    return list(letters) if len(letters) < _LETTERS else [joined(letters)]


def _glued(before: Run | None, run: Run) -> bool:
    """Whether a run stands against the one before it: no blank, and no gap that would stand for one."""
    if before is None or run.spaced:
        return False
    return run.x0 - before.x1 < WORD_GAP * max(before.last_size, run.size)


def _text(printed: str) -> str:
    """Letters as text: pdfium gives those beyond the basic plane as two surrogates."""
    if printed.isascii() and "\x02" not in printed:
        return printed
    whole = printed.translate(_LINE_END_HYPHEN).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def _script(run: Run, size: float, baseline: float) -> Script:
    if run.size >= SMALL * size:
        return "normal"
    shift = baseline - run.baseline
    if shift > SHIFT * size:
        return "super"
    return "sub" if shift < -SHIFT * size / 2 else "normal"
