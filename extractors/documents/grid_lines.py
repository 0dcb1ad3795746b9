"""A table's words on lines, and the pieces of a line that stand together.

A line is what stands on one baseline; a chunk is a run of its words without a wide gap. Which chunk belongs to which
column is decided in `documents.grid_columns`, which lines are one row in `documents.grid_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.documents.characters import Bar
from extractors.documents.model import Word, compose

_CHUNK_GAP = 0.45
"""A gap wider than this share of the type size parts two cells."""
_PHRASE_GAP = 0.34
"""A gap wider than this share of the type size may part two headers that stand close."""
_SAME_LINE = 0.4
"""Baselines closer than this share of the type size are one line."""
_TALL = 1.8
"""A word taller than this many type sizes is turned: a header that runs up its column."""
_BELOW = 2.0
"""Points below the turned words at which the line beside them may stand."""
_TIE = re.compile(r"[\u00b1/\u2192\u00d7\u00b7\u22c5x~\u223c\u2248|]")
"""What ties the number behind it to the one before."""
_ADDED = re.compile(r"[\u00b1/\u2192\u00d7\u00b7\u22c5(]")
"""How a word begins that belongs to the number before it."""
_NUMBER = re.compile(
    r"[-+\u2212~<>≤≥≈]?\s*[\d.,]*\d[\d.,]*\s*(?:[%KMBGTkx×]|\u00b1.*|[*†‡§]*|[-/].*|hours?|days?|h|d|s|ms)?\s*[*†‡§]*|[-\u2010-\u2015\u2212/.]+|n/?a|[✓✗]",
    re.IGNORECASE,
)
_PLAIN_NUMBER = re.compile(r"[-+\u2212~]?[\d.,]*\d[\d.,]*[%KMBG]?|[-\u2010-\u2015\u2212]")
_BRACKET = re.compile(r"[\u239b-\u23b3\u23d0]+")
_EXTENSIBLE = re.compile(r"(?:\+|^)(?:cmex|mtex|txex|pxex|lmmathextension|esint)", re.IGNORECASE)
"""Fonts of the pieces that large brackets are put together from."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words that stand together on a line."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        """Left end."""
        return self.words[0].box.x0

    @property
    def x1(self) -> float:
        """Right end."""
        return max(word.box.x1 for word in self.words)

    @property
    def middle(self) -> float:
        """Middle between its ends."""
        return (self.x0 + self.x1) / 2

    @property
    def text(self) -> str:
        """The words as running text."""
        return compose(self.words)[0]


@dataclass(frozen=True, slots=True)
class Line:
    """Chunks on one baseline, from left to right."""

    chunks: tuple[Chunk, ...]
    baseline: float


def lines_of(words: Sequence[Word], bars: Sequence[Bar] = ()) -> list[Line]:
    """The words on lines, top down; pieces of drawn brackets left out, chunks parted at vertical lines."""
    kept = [word for word in words if not _is_bracket(word)]
    if not kept:
        return []
    size = median(word.size for word in kept)
    lines: list[list[Word]] = []
    for word in sorted((word for word in kept if not _is_turned(word)), key=_baseline):
        if lines and _baseline(word) - median(map(_baseline, lines[-1])) < _reach(word, size):
            lines[-1].append(word)
        else:
            lines.append([word])
    placed = [(line, median(map(_baseline, line))) for line in lines]
    found = sorted(_with_turned(placed, filter(_is_turned, kept)), key=lambda line: line[1])
    return [Line(_chunks(line, [b for b in bars if b.top < y < b.bottom + size]), y) for line, y in found]


def _is_turned(word: Word) -> bool:
    return word.box.bottom - word.box.top > _TALL * word.size


def _with_turned(
    placed: Sequence[tuple[list[Word], float]], turned: Iterable[Word]
) -> list[tuple[list[Word], float]]:
    """Lines with their baselines, and turned words put to the lowest line beside them, or to one of their own.

    Headers that run up their columns begin or end at one height, or neither; they are one line all the same.
    """
    bands: list[list[Word]] = []
    for word in sorted(turned, key=lambda word: word.box.top):
        if bands and word.box.top < max(other.box.bottom for other in bands[-1]):
            bands[-1].append(word)
        else:
            bands.append([word])
    found = list(placed)
    for band in bands:
        top, bottom = min(w.box.top for w in band), max(w.box.bottom for w in band)
        beside = [line for line, y in placed if top < y < bottom + _BELOW]
        if beside:
            beside[-1].extend(band)
        else:
            found.append((band, bottom))
    return found


def _is_bracket(word: Word) -> bool:
    return bool(_BRACKET.fullmatch(word.text) or _EXTENSIBLE.search(word.font))


def _baseline(word: Word) -> float:
    """Where the word's line stands; a superscript stands on the line it hangs over."""
    shift = {"super": 0.4, "note": 0.4, "sub": -0.2}.get(word.script, 0.0)
    return word.box.bottom + shift * word.size


def _reach(word: Word, size: float) -> float:
    return (_SAME_LINE if word.script == "normal" else 0.8) * size


def _chunks(line: list[Word], bars: Sequence[Bar]) -> tuple[Chunk, ...]:
    chunks: list[list[Word]] = []
    for word in sorted(line, key=lambda w: w.box.x0):
        end = max(w.box.x1 for w in chunks[-1]) if chunks else 0.0
        barred = any(end - 1 < bar.x < word.box.x0 + 1 for bar in bars)
        if chunks and word.box.x0 - end < _CHUNK_GAP * word.size and not barred:
            chunks[-1].append(word)
        else:
            chunks.append([word])
    return tuple(Chunk(tuple(chunk)) for chunk in chunks)


def is_value(text: str) -> bool:
    """Whether a cell's text is a number with what may stand beside it, a dash or a mark."""
    return bool(_NUMBER.fullmatch(text))


def is_number(text: str) -> bool:
    """Whether a word is a bare number, or a dash in place of one."""
    return bool(_PLAIN_NUMBER.fullmatch(text))


def span_of(words: Sequence[Word]) -> Span:
    """Left and right end of words in order."""
    return words[0].box.x0, max(word.box.x1 for word in words)


def phrases(chunk: Chunk) -> list[list[Word]]:
    """A header's words in groups at the gaps that are wider than between the words of a phrase."""
    groups: list[list[Word]] = []
    for word in chunk.words:
        if groups and word.box.x0 - groups[-1][-1].box.x1 < _PHRASE_GAP * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def units(chunk: Chunk) -> list[list[Word]]:
    """A body cell's words as phrases and numbers: numbers that follow each other stand in different columns.

    `12.4 \u00b1 0.3` and `38.5 (+0.4)` are one number each; `1000 x 600` too.
    """
    groups: list[list[Word]] = []
    for word in chunk.words:
        last = groups[-1] if groups else None
        apart = last is not None and word.box.x0 - last[-1].box.x1 >= _PHRASE_GAP * word.size
        tied = last is not None and bool(_TIE.fullmatch(last[-1].text))
        new_number = last is not None and is_number(word.text) and is_number(last[0].text) and not tied
        if last is None or new_number or (apart and not tied and not _ADDED.match(word.text)):
            groups.append([word])
        else:
            last.append(word)
    return groups
