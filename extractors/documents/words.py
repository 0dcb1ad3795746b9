"""Characters to words: split at blanks, gaps and changes of baseline, with superscripts and subscripts told apart.

Words keep the order of the content stream. A word belongs to a segment: a run of words on one baseline without a wide
gap, which is a line of text, or one cell of a table's row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from extractors.documents.characters import Bar, Character, Rule
from extractors.documents.model import Script, Word
from extractors.facts.evidence import Box

_ASCENT, _DESCENT = 0.72, 0.22
"""How far type reaches above and below its baseline, as shares of its size."""
_WORD_GAP = 0.22
"""A gap wider than this share of the size parts two words even without a blank."""
_SEGMENT_GAP = 1.3
"""A gap wider than this share of the size parts two segments of a line."""
_SMALL = 0.86
"""Type below this share of its line's size may be a superscript or subscript."""
_SHIFT = 0.08
"""Least shift of the baseline, as a share of the size, of a superscript or subscript."""
_LINE_SHIFT = 0.55
"""Shift of the baseline beyond which it is another line, as a share of the larger size."""
_LINE_END_HYPHEN = {"\x02": "-", "\ufffe": "-"}
"""What pdfium writes for a hyphen at the end of a line."""
_UPRIGHT = 0.1
"""Radians within which text counts as reading left to right."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words on one baseline."""

    words: tuple[Word, ...]
    baseline: float
    size: float

    @property
    def x0(self) -> float:
        """Left end."""
        return min(word.box.x0 for word in self.words)

    @property
    def x1(self) -> float:
        """Right end."""
        return max(word.box.x1 for word in self.words)

    @property
    def text(self) -> str:
        """The words, for patterns."""
        return " ".join(word.text for word in self.words)

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


@dataclass(slots=True)
class Run:
    """Characters that stand together, and whether a blank stands before them."""

    characters: list[Character]
    spaced: bool

    @property
    def first(self) -> Character:
        """Its first character."""
        return self.characters[0]

    @property
    def last(self) -> Character:
        """Its last character."""
        return self.characters[-1]


def upright(characters: Iterable[Character]) -> tuple[list[Character], list[Character]]:
    """Characters that read left to right, generated ones included, and those that are turned."""
    straight: list[Character] = []
    turned: list[Character] = []
    for character in characters:
        home = straight if character.generated or abs(character.angle) < _UPRIGHT else turned
        home.append(character)
    return straight, turned


def segments(characters: Iterable[Character], page: int) -> list[Segment]:
    """The segments of a page in stream order, their words numbered by line."""
    found: list[Segment] = []
    line: list[Run] = []
    for run in _runs(characters):
        if line and not _continues(line[-1], run, line):
            found.append(_segment(line, page, len(found)))
            line = []
        line.append(run)
    if line:
        found.append(_segment(line, page, len(found)))
    return found


def _runs(characters: Iterable[Character]) -> Iterator[Run]:
    """Characters that stand together: no blank, no gap, one baseline and one size."""
    run = Run([], spaced=True)
    for character in characters:
        blank = character.text.isspace() or character.generated
        if run.characters and (blank or not _together(run.last, character)):
            yield run
            run = Run([], spaced=blank)
        if blank:
            run.spaced = True
        else:
            run.characters.append(character)
    if run.characters:
        yield run


def _together(before: Character, character: Character) -> bool:
    size = max(before.size, character.size)
    ligature = character.x0 == before.x0 and character.x1 == before.x1
    return (
        (ligature or -0.5 * size < character.x0 - before.x1 < _WORD_GAP * size)
        and abs(character.baseline - before.baseline) < _SHIFT * size
        and abs(character.size - before.size) < (1 - _SMALL) * size
    )


def _continues(last: Run, run: Run, line: Sequence[Run]) -> bool:
    """Whether a run goes on in the segment: to the right, near, and no further up or down than a superscript."""
    size = max(piece.first.size for piece in line)
    gap = run.first.x0 - last.last.x1
    shift = abs(run.first.baseline - _main(line)[1])
    small = run.first.size < _SMALL * size or size < _SMALL * run.first.size
    room = _LINE_SHIFT * max(size, run.first.size) if small else 2.0
    return -0.6 * size < gap < _SEGMENT_GAP * size and shift < max(room, 0.25 * size)


def _main(line: Sequence[Run]) -> tuple[float, float]:
    """Size and baseline of the line's main type: that of most characters among the larger ones."""
    largest = max(piece.first.size for piece in line)
    main = [c for piece in line for c in piece.characters if c.size > _SMALL * largest]
    return median(c.size for c in main), median(c.baseline for c in main)


def _segment(line: Sequence[Run], page: int, number: int) -> Segment:
    size, baseline = _main(line)
    words = tuple(
        replace(_word(run.characters, page, number, size, baseline), glued=_glued(before, run))
        for before, run in zip([None, *line], line, strict=False)
    )
    return Segment(words, baseline, size)


def _glued(before: Run | None, run: Run) -> bool:
    """Whether a run stands against the one before it: no blank, and no gap that would stand for one."""
    if before is None or run.spaced:
        return False
    return run.first.x0 - before.last.x1 < _WORD_GAP * max(before.last.size, run.first.size)


def _word(run: Sequence[Character], page: int, line: int, size: float, baseline: float) -> Word:
    own = max(character.size for character in run)
    top, bottom = run[0].baseline - _ASCENT * own, run[0].baseline + _DESCENT * own
    box = Box(page, min(c.x0 for c in run), top, max(c.x1 for c in run), bottom)
    bold = sum(character.bold for character in run) * 2 > len(run)
    return Word(_text(run), box, own, run[0].font, bold, _script(run[0], size, baseline), line)


def _text(run: Sequence[Character]) -> str:
    """The characters as text: pdfium gives characters beyond the basic plane as two surrogates."""
    joined = "".join(_LINE_END_HYPHEN.get(character.text, character.text) for character in run)
    whole = joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def _script(first: Character, size: float, baseline: float) -> Script:
    shift = baseline - first.baseline
    if first.size >= _SMALL * size:
        return "normal"
    if shift > _SHIFT * size:
        return "super"
    return "sub" if shift < -_SHIFT * size / 2 else "normal"
