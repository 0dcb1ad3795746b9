"""Whether the fast reader sees what pdfplumber sees: the same characters in the same places, and the same words.

A character is the same if its text is, and if the middle of its box and its baseline are within a point: the readers
measure a box's height from different metrics of the font, so its vertical middle says less than the baseline. A word is
the same if its text is, its ends are within two points, and it stands on the same line. What one of the two cannot say,
or says otherwise by design, is an exception; each has a name in `EXCEPTIONS` and is counted.
"""

from __future__ import annotations

import io
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import pdfplumber
import pypdfium2 as pdfium

from benchmarks.corpus import Corpus
from extractors.documents.characters import Characters
from extractors.documents.model import Word
from extractors.documents.pdfium import characters
from extractors.documents.words import segments, upright

EXCEPTIONS = {
    "turned": "does not read from left to right",
    "no code": "a glyph for which the font names no character: (cid:15) to pdfplumber, a control code to pdfium",
    "no ink": "a character without width or ink, as a zero-width space",
    "printed twice": "the same glyph again in the same place, which pdfium gives once",
    "script": "ours are apart, since one is a superscript, a subscript, or of another size",
    "run together": "a stack of lines, each within three points of the next, which pdfplumber reads as one line",
    "accent": "an accent set as a glyph of its own, which ours has on its letter",
}
EVERY = 2
"""Every so many papers one is looked at."""
_POINT = 1.0
_ENDS = 2.0
_LINE = 6.0
_TYPED = {"\x02": "-", "\ufffe": "-", "\u00ad": "-", "\u2010": "-"}
"""Hyphens alike: pdfium marks the one at the end of a line."""
_STACK = 3.0
"""pdfplumber's `y_tolerance`: letters of one line have their tops so far apart at most, each from the next."""
_ACCENTS = "\u00b4`\u00a8\u02c6\u02dc\u00b8\u02c7\u02d8\u02da"
_LIMIT = 60_000


Item = dict[str, Any]
"""A character as pdfplumber gives it."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much of what pdfplumber sees is seen by the fast reader, exceptions apart."""

    characters: Counter[str] = field(default_factory=Counter)
    """How many are the `same`, are `missing`, or are one of the exceptions."""
    words: Counter[str] = field(default_factory=Counter)
    odd: tuple[str, ...] = ()
    """The words that differ without an exception, to look at."""

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.characters + other.characters, self.words + other.words, (*self.odd, *other.odd)
        )

    @property
    def character_share(self) -> float:
        """Share of the same among the characters that are no exceptions."""
        return _share(self.characters)

    @property
    def word_share(self) -> float:
        """The same of words."""
        return _share(self.words)


def _share(counts: Counter[str]) -> float:
    return counts["same"] / max(counts["same"] + counts["missing"], 1)


@dataclass(frozen=True, slots=True)
class _Print:
    """A piece of text and where it stands: the ends of its box, and its baseline or its bottom."""

    text: str
    x0: float
    x1: float
    y: float
    upright: bool = True

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def sample(corpus: Corpus, every: int = EVERY) -> list[tuple[Path, int]]:
    """One page, a third into the paper, of every so many papers in the order of their hashes."""
    listed = sorted(corpus.manifest(), key=lambda entry: str(entry["sha256"]))
    return [
        (corpus.folder / "pdf" / str(entry["file"]), int(str(entry["pages"])) // 3 + 1)
        for entry in listed[::every]
    ]


def everything(corpus: Corpus) -> list[tuple[Path, int]]:
    """Every page of every paper."""
    return [
        (corpus.folder / "pdf" / str(entry["file"]), number)
        for entry in corpus.manifest()
        for number in range(1, int(str(entry["pages"])) + 1)
    ]


def agreement(path: Path, number: int) -> Agreement:
    """How the two readers agree on one page (1-based) of a PDF."""
    data = path.read_bytes()
    found = _by_pdfium(data, number)
    letters, words, stacks = _by_pdfplumber(data, number)
    straight = upright(found)[0]
    ours = [word for segment in segments(straight, number) for word in segment.words]
    odd: list[str] = []
    of_words: Counter[str] = Counter()
    for word in words:
        outcome = _word_outcome(word, ours)
        if outcome == "missing" and any(
            top <= word.y - 0.1 and word.y <= bottom + 0.1 for top, bottom in stacks
        ):
            outcome = "run together"
        of_words[outcome] += 1
        if outcome == "missing":
            odd.append(f"{word.text} at {word.x0:.0f}, {word.y:.0f}")
    return Agreement(Counter(_outcomes(letters, found)), of_words, tuple(f"{path.name} {x}" for x in odd))


def _by_pdfium(data: bytes, number: int) -> Characters:
    pdf = pdfium.PdfDocument(data)
    try:
        page = pdf[number - 1]
        found = characters(page, _LIMIT)
        page.close()
    finally:
        pdf.close()
    return found


def _by_pdfplumber(data: bytes, number: int) -> tuple[list[_Print], list[_Print], list[tuple[float, float]]]:
    """Characters and words of a page, and from where to where it has lines that pdfplumber takes for one."""
    with pdfplumber.open(io.BytesIO(data), pages=[number]) as pdf:
        page = pdf.pages[0]
        height = float(page.height)
        # It moves pages whose box does not begin at the corner, but not the matrices of their characters.
        left, top = float(page.bbox[0]), float(page.bbox[1])
        letters = [
            _Print(
                char["text"],
                char["x0"] - left,
                char["x1"] - left,
                height - char["matrix"][5],
                _reads_right(char),
            )
            for char in page.chars
            if char["text"].strip()
        ]
        straight = page.filter(_reads_right)
        words = [
            _Print(word["text"], word["x0"] - left, word["x1"] - left, word["bottom"] - top)
            for word in straight.extract_words(x_tolerance_ratio=0.15)
        ]
        stacks = [(first - top, last - top) for first, last in _stacks(straight.chars)]
        return letters, words, stacks


def _reads_right(item: Item) -> bool:
    """Whether a character reads from left to right; everything else does."""
    return "matrix" not in item or abs(item["matrix"][1]) < abs(item["matrix"][0])


def _stacks(chars: Sequence[Item]) -> list[tuple[float, float]]:
    """Tops and bottoms of what pdfplumber takes for one line though it is higher than two of its letters."""
    found: list[list[Item]] = []
    for char in sorted(chars, key=lambda c: c["top"]):
        if found and char["top"] - found[-1][-1]["top"] <= _STACK:
            found[-1].append(char)
        else:
            found.append([char])
    ends = [
        (line[0]["top"], max(c["bottom"] for c in line), median(c["size"] for c in line)) for line in found
    ]
    return [(top, bottom) for top, bottom, size in ends if bottom - top > 2 * size]


def _without_code(text: str) -> bool:
    """Whether pdfplumber knows of a glyph only its number in its font, or of a word's glyphs: `(cid:7)`, or the bytes."""
    return "(cid:" in text or "\0" in text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", "".join(_TYPED.get(letter, letter) for letter in text))


def _outcomes(theirs: Sequence[_Print], found: Characters) -> Iterator[str]:
    """What became of each of pdfplumber's characters; a ligature counts for each of its letters."""
    free: dict[tuple[int, int], list[_Print]] = defaultdict(list)
    for c in found:
        if not c.generated and not c.text.isspace():
            pieces = [_Print(letter, c.x0, c.x1, c.baseline) for letter in _plain(c.text)]
            free[int(pieces[0].middle), int(c.baseline)] += pieces
    seen: set[tuple[str, int, int]] = set()
    for one in theirs:
        if not one.upright:
            yield "turned"
        elif _without_code(one.text):
            yield "no code"
        elif unicodedata.category(one.text[0]) == "Cf":
            yield "no ink"
        else:
            for letter in filter(str.strip, _plain(one.text)):
                here = letter, round(one.middle), round(one.y)
                yield "same" if _taken(letter, one, free) else "printed twice" if here in seen else "missing"
                seen.add(here)


def _taken(letter: str, one: _Print, free: dict[tuple[int, int], list[_Print]]) -> bool:
    """Whether there is a character of ours for one of theirs; the nearest is used up."""
    columns, rows = (range(int(at) - 1, int(at) + 2) for at in (one.middle, one.y))
    near = [
        (abs(mine.middle - one.middle), place, mine)
        for place in product(columns, rows)
        for mine in free.get(place, ())
        if mine.text == letter and abs(mine.middle - one.middle) <= _POINT and abs(mine.y - one.y) <= _POINT
    ]
    if not near:
        return False
    _, place, mine = min(near, key=lambda found: found[0])
    free[place].remove(mine)
    return True


def _word_outcome(word: _Print, ours: Sequence[Word]) -> str:
    """What became of one of pdfplumber's words."""
    text = _plain(word.text)
    line = [w for w in ours if abs(w.box.bottom - word.y) < _LINE]
    if any(
        _plain(w.text) == text and abs(w.box.x0 - word.x0) < _ENDS and abs(w.box.x1 - word.x1) < _ENDS
        for w in line
    ):
        return "same"
    if _without_code(word.text):
        return "no code"
    if any(unicodedata.category(letter) == "Cf" for letter in text):
        return "no ink"
    over = [w for w in line if w.box.x0 < word.x1 + _ENDS and w.box.x1 > word.x0 - _ENDS]
    if any(w.script != "normal" or w.glued for w in over) or len({round(w.size, 1) for w in over}) > 1:
        return "script"
    return "accent" if any(letter in _ACCENTS for letter in text) else "missing"


def report(pages: Sequence[tuple[Path, int]]) -> None:
    """Print how the readers agree on some pages."""
    total = Agreement()
    for path, number in pages:
        total += agreement(path, number)
    for name, share, counts in (
        ("characters", total.character_share, total.characters),
        ("words", total.word_share, total.words),
    ):
        listed = ", ".join(f"{reason} {count:,}" for reason, count in counts.most_common())
        print(f"{name}: {share:.2%} the same ({listed})")
