"""Characters to words: split at blanks, gaps and changes of baseline, with superscripts and subscripts told apart.

Words keep the order of the content stream. A word belongs to a segment: a run of words on one baseline without a wide
gap, which is a line of text, or one cell of a table's row.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import sub
from statistics import median

from extractors.documents.characters import Bar, Character, Rule
from extractors.documents.mending import mended
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
_LINE_END_HYPHEN = {2: "-", 0xFFFE: "-"}
"""What pdfium writes for a hyphen at the end of a line."""
_SMALLEST_CAPITAL, _CAPITAL_GAP = 0.6, 0.12
"""Size of small capitals at least, as a share of that of the capitals, and the gap between the two in sizes at most."""
_TWICE = 0.3
"""Points up to which two prints of a word are one."""
_TWINS = 256
"""Equal words, the latest ones, among which one printed again is looked for; a page of one letter has no end of them."""
_LETTERS = 5
"""Single capitals in a row from which they may be one word set with wide letter spaces."""
_LETTER_GAP = 0.6
"""Letter spaces in sizes at most."""
_LINE_ENDS = "\r\n"
_THIN = "\u2009\u202f\u00a0"
"""Blanks that do not part a number's digits."""
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
        object.__setattr__(self, "x0", min(word.box.x0 for word in self.words))
        object.__setattr__(self, "x1", max(word.box.x1 for word in self.words))
        object.__setattr__(self, "text", " ".join(word.text for word in self.words))

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


def upright(characters: Sequence[Character]) -> tuple[Sequence[Character], list[Character]]:
    """Characters that read left to right, generated ones included, and those that are turned."""
    if all(-_UPRIGHT < angle < _UPRIGHT for angle in {character.angle for character in characters}):
        return characters, []
    straight: list[Character] = []
    turned: list[Character] = []
    for character in characters:
        home = straight if character.generated or abs(character.angle) < _UPRIGHT else turned
        home.append(character)
    return straight, turned


class _Run:
    """Characters that stand together, and whether a blank stands before them; their properties column by column."""

    __slots__ = (
        "baselines",
        "bolds",
        "characters",
        "even",
        "first",
        "last",
        "sizes",
        "spaced",
        "texts",
        "x0s",
        "x1s",
    )

    def __init__(self, characters: Sequence[Character], *, spaced: bool) -> None:
        self.characters, self.spaced = characters, spaced
        self.first, self.last = characters[0], characters[-1]
        columns = zip(*characters, strict=True)
        self.texts, self.x0s, self.x1s, self.baselines, self.sizes, _, self.bolds, _, _ = columns
        total = len(characters)
        self.even = self.sizes.count(self.first.size) == self.baselines.count(self.first.baseline) == total
        """Whether all of it has one size and one baseline."""

    @property
    def whole(self) -> bool:
        """Whether nothing parts it: neither a gap nor a change of type."""
        size = self.first.size
        gaps = list(map(sub, self.x0s[1:], self.x1s))
        return self.even and (not gaps or (-0.5 * size < min(gaps) and max(gaps) < _WORD_GAP * size))


class _Line:
    """The runs of one segment, with the size and the baseline of its main type.

    That is the type of most characters among the larger ones.
    """

    def __init__(self, run: _Run) -> None:
        self.runs = [run]
        self._weigh()

    def _weigh(self) -> None:
        self.largest = max(run.first.size for run in self.runs)
        everything = [c for run in self.runs for c in run.characters]
        # Files may set type of no size, or of one that is no number; it is as large as any.
        main = [c for c in everything if c.size > _SMALL * self.largest] or everything
        self.size, self.baseline = median(c.size for c in main), median(c.baseline for c in main)

    def add(self, run: _Run) -> None:
        """Take a run in; what equals the medians, or is small, does not move them."""
        self.runs.append(run)
        first = run.first
        alike = first.size == self.size and first.baseline == self.baseline
        if not run.even or not (alike or first.size <= _SMALL * self.largest):
            self._weigh()

    def continues(self, run: _Run) -> bool:
        """Whether a run goes on in it: to the right, near, and no further up or down than a superscript."""
        first, size = run.first, self.largest
        gap = first.x0 - self.runs[-1].last.x1
        shift = abs(first.baseline - self.baseline)
        small = first.size < _SMALL * size or size < _SMALL * first.size
        room = _LINE_SHIFT * max(size, first.size) if small else 2.0
        return -0.6 * size < gap < _SEGMENT_GAP * size and shift < max(room, 0.25 * size)

    def segment(self, page: int, number: int) -> Segment:
        """Its words, with their boxes on the page."""
        runs = self.runs if len(self.runs) < _LETTERS else _closed_up(self.runs)
        words = tuple(
            self._word(run, page, number, glued=_glued(before, run))
            for before, run in zip([None, *runs], runs, strict=False)
        )
        return Segment(words, self.baseline, self.size)

    def _word(self, run: _Run, page: int, line: int, *, glued: bool) -> Word:
        first, own = run.first, max(run.sizes)
        top, bottom = first.baseline - _ASCENT * own, first.baseline + _DESCENT * own
        box = Box(page, min(run.x0s), top, max(run.x1s), bottom)
        bold = sum(run.bolds) * 2 > len(run.bolds)
        script = _script(first, self.size, self.baseline)
        return Word(_text(run.texts), box, own, first.font, bold, script, line, glued)


def segments(characters: Iterable[Character], page: int) -> list[Segment]:
    """The segments of a page in stream order, their words numbered by line."""
    found: list[Segment] = []
    line: _Line | None = None
    for run in _printed_once(_runs(mended(characters))):
        if line is None:
            line = _Line(run)
        elif line.continues(run):
            line.add(run)
        else:
            found.append(line.segment(page, len(found)))
            line = _Line(run)
    if line is not None:
        found.append(line.segment(page, len(found)))
    return found


def _runs(characters: Sequence[Character]) -> Iterator[_Run]:
    """Characters that stand together: no blank, no gap, one baseline and one size."""
    start, spaced = 0, True
    blanks = [
        at
        for at, character in enumerate(characters)
        if character.text.isspace() and not (character.text in _THIN and _between_digits(characters, at))
    ]
    for end in (*blanks, len(characters)):
        if end > start:
            run = _Run(characters[start:end], spaced=spaced)
            if run.whole:
                yield run
            else:
                yield from _parts(run)
            spaced = False
        # Line ends are also inferred where a superscript begins: there the gap tells whether a blank is meant.
        spaced = spaced or (end < len(characters) and characters[end].text not in _LINE_ENDS)
        start = end + 1


def _between_digits(characters: Sequence[Character], at: int) -> bool:
    """Whether a thin blank stands before the last or the next three digits of a number, as in `1 000 000`."""
    behind = "".join(character.text for character in characters[at + 1 : at + 5])
    three = behind[:3].isdecimal() and len(behind) > 2 and not behind[3:].isdecimal()
    return three and at > 0 and characters[at - 1].text.isdecimal()


def _parts(run: _Run) -> Iterator[_Run]:
    """A run cut where its characters do not stand together."""
    spaced, start = run.spaced, 0
    for end in range(1, len(run.characters)):
        if not _together(run.characters[end - 1], run.characters[end]):
            yield _Run(run.characters[start:end], spaced=spaced)
            spaced, start = False, end
    yield _Run(run.characters[start:], spaced=spaced)


def _together(before: Character, character: Character) -> bool:
    size, gap = before.size, character.x0 - before.x1
    if character.size != size or character.baseline != before.baseline:
        size = max(size, character.size)
        if abs(character.baseline - before.baseline) >= _SHIFT * size or not (
            abs(character.size - before.size) < (1 - _SMALL) * size or _small_capital(before, character, gap)
        ):
            return False
    return -0.5 * size < gap < _WORD_GAP * size or (character.x0 == before.x0 and character.x1 == before.x1)


def _small_capital(before: Character, character: Character, gap: float) -> bool:
    """Whether two letters of different sizes are capitals and small capitals of one word, as in a heading."""
    small, large = sorted((before.size, character.size))
    return (
        small > _SMALLEST_CAPITAL * large
        and before.text.isupper()
        and character.text.isupper()
        and abs(gap) < _CAPITAL_GAP * large
        and abs(before.baseline - character.baseline) < 0.02 * large
    )


def _printed_once(runs: Iterable[_Run]) -> Iterator[_Run]:
    """The runs without those that are printed again in the same place, to look bold or by layers of a drawing."""
    seen: dict[str, deque[Character]] = {}
    for run in runs:
        first = run.first
        twins = seen.setdefault("".join(run.texts), deque(maxlen=_TWINS))
        if not twins or not any(
            abs(twin.x0 - first.x0) < _TWICE and abs(twin.baseline - first.baseline) < _TWICE
            for twin in twins
        ):
            twins.append(first)
            yield run


def _closed_up(runs: Sequence[_Run]) -> list[_Run]:
    """Runs with words put together whose letters are set apart: single capitals at equal distances."""
    found: list[_Run] = []
    letters: list[_Run] = []
    for run in runs:
        if letters and not _spaced_out(letters, run):
            found += _one_word(letters)
            letters = []
        if len(run.characters) == 1 and run.first.text.isupper():
            letters.append(run)
        else:
            found.append(run)
    return [*found, *_one_word(letters)]


def _spaced_out(letters: Sequence[_Run], run: _Run) -> bool:
    """Whether a run is a letter as far from the last as these are from each other."""
    if len(run.characters) > 1 or not run.first.text.isupper() or run.first.size != letters[0].first.size:
        return False
    gap = run.first.x0 - letters[-1].last.x1
    if len(letters) == 1:
        return gap < _LETTER_GAP * run.first.size
    return abs(gap - (letters[1].first.x0 - letters[0].last.x1)) < 0.15 * run.first.size


def _one_word(letters: Sequence[_Run]) -> list[_Run]:
    if len(letters) < _LETTERS:
        return list(letters)
    return [_Run([character for run in letters for character in run.characters], spaced=letters[0].spaced)]


def _glued(before: _Run | None, run: _Run) -> bool:
    """Whether a run stands against the one before it: no blank, and no gap that would stand for one."""
    if before is None or run.spaced:
        return False
    return run.first.x0 - before.last.x1 < _WORD_GAP * max(before.last.size, run.first.size)


def _text(letters: Sequence[str]) -> str:
    """Letters as text: pdfium gives those beyond the basic plane as two surrogates."""
    joined = "".join(letters)
    if joined.isascii() and "\x02" not in joined:
        return joined
    joined = joined.translate(_LINE_END_HYPHEN)
    whole = joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def _script(first: Character, size: float, baseline: float) -> Script:
    shift = baseline - first.baseline
    if first.size >= _SMALL * size:
        return "normal"
    if shift > _SHIFT * size:
        return "super"
    return "sub" if shift < -_SHIFT * size / 2 else "normal"
