"""A table's words on lines, and the pieces of a line that stand together.

A line is what stands on one baseline; a chunk is a run of its words without a wide gap. Which chunk belongs to which
column is decided in `documents.grids.columns`, which lines are one row in `documents.grids.rows`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from extractors.documents.characters import Bar
from extractors.documents.model import Word, compose

_CHUNK_GAP = 0.45
"""A gap wider than this share of the type size parts two cells."""
_PHRASE_GAP = 0.34
"""A gap wider than this share of the type size may part two headers that stand close."""
_GAIN_GAP = 1.0
"""The same between a number and its gain in brackets, and before the number of a source."""
_SAME_LINE = 0.4
"""Baselines closer than this share of the type size are one line."""
_TALL = 1.8
"""A word taller than this many type sizes is turned: a header that runs up its column."""
_BELOW = 2.0
"""Points below the turned words at which the line beside them may stand."""
_TIE = re.compile(r"^[\u00b1/\u2192\u00d7\u00b7\u22c5x~\u223c\u2248|]$|,$")
"""What ties the number behind it to the one before: a sign, or the comma of a list."""
_ADDED = re.compile(r"[\u00b1/\u2192\u00d7\u00b7\u22c5(]|\[\d")
"""How a word begins that belongs to the number before it, or the label whose source it names."""
_NUMBER = re.compile(
    r"[-+\u2212~<>≤≥≈]?\s*[\d.,]*\d[\d.,]*(?:\s*[x×]\s*\d+)*"
    r"(?:(?:\s*[\u00d7\u00b7\u22c5x]\s*10)?\^?[-\u2212]?\d+|e[-+\u2212]?\d+)?"
    r"\s*(?:[%KMBGTkx×]|\u00b1.*|[-/](?!\s*(?!n/?a\b)[^\W\d_]).*|hours?|days?|h|d|s|ms)?\s*[*†‡§¹²³]*"
    r"(?:\s*\([-+\u2212\u00b1\u2191\u2193]?\s*\d[\d.,]*\s*[%x×]?\))?"
    r"|[-\u2010-\u2015\u2212/.]+|n/?a|[✓✔✗✘]",
    re.IGNORECASE,
)
_GAIN = re.compile(r"\([-+\u2212\u00b1\u2191\u2193][\d.,%x\u00d7]*\)?")
"""How a gain begins: a sign in brackets."""
_SOURCE = re.compile(r"\[\d+(?:[\],\u2013-].*)?")
"""How the number of a source begins."""
_PLAIN_NUMBER = re.compile(
    r"[-+\u2212~]?[\d.,]*\d[\d.,]*(?:[-\u2013][\d.,]*\d[\d.,]*)?[%KMBG]?|[-\u2010-\u2015\u2212✓✔✗✘]"
)
_MARKS = frozenset("✓✔✗✘")
_BRACKET = re.compile(r"[\u239b-\u23b3\u23d0]+")
_EXTENSIBLE = re.compile(r"(?:\+|^)(?:cmex|mtex|txex|pxex|lmmathextension|esint)", re.IGNORECASE)
"""Fonts of the pieces that large brackets are put together from."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Words that stand together on a line; itself only, however alike another is."""

    words: tuple[Word, ...]
    x0: float = field(init=False)
    """Left end."""
    x1: float = field(init=False)
    """Right end."""

    def __post_init__(self) -> None:
        x0, x1 = span_of(self.words)
        object.__setattr__(self, "x0", x0)
        object.__setattr__(self, "x1", x1)

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
    turned: bool = False
    """Whether it is a label that reads up the rows it stands beside; its baseline is that of one in their middle."""


def lines_of(words: Sequence[Word], bars: Sequence[Bar] = ()) -> list[Line]:
    """The words on lines, top down; pieces of drawn brackets left out, chunks parted at vertical lines."""
    kept = [word for word in words if not _is_bracket(word)]
    if not kept:
        return []
    size = median(word.size for word in kept)
    placed = _on_baselines([word for word in kept if not _is_turned(word)], size)
    sides, found = _with_turned(placed, filter(_is_turned, kept))
    lines = [Line(_chunks(line, [b for b in bars if b.top < y < b.bottom + size]), y) for line, y in found]
    return sorted([*lines, *sides], key=lambda line: line.baseline)


def _on_baselines(words: Iterable[Word], size: float) -> list[tuple[list[Word], float]]:
    """Words by line, with the middle of their baselines."""
    lines: list[list[Word]] = []
    heights: list[list[float]] = []
    for height, word in sorted(((_baseline(word), word) for word in words), key=lambda found: found[0]):
        # baselines come in order, so that the one in the middle is their median
        if lines and height - _middle(heights[-1]) < _reach(word, size):
            lines[-1].append(word)
            heights[-1].append(height)
        else:
            lines.append([word])
            heights.append([height])
    return [(line, _middle(known)) for line, known in zip(lines, heights, strict=True)]


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _is_turned(word: Word) -> bool:
    return word.box.bottom - word.box.top > _TALL * word.size


def _with_turned(
    placed: Sequence[tuple[list[Word], float]], turned: Iterable[Word]
) -> tuple[list[Line], list[tuple[list[Word], float]]]:
    """Labels that read up several rows, and lines with their baselines and the turned words of each.

    Headers that run up their columns begin or end at one height, or neither; they are put to the lowest line beside
    them, or are one of their own.
    """
    bands: list[list[Word]] = []
    for word in sorted(turned, key=lambda word: word.box.top):
        if bands and word.box.top < max(other.box.bottom for other in bands[-1]):
            bands[-1].append(word)
        else:
            bands.append([word])
    sides: list[Line] = []
    found = list(placed)
    for band in bands:
        top, bottom = min(w.box.top for w in band), max(w.box.bottom for w in band)
        beside = [line for line, y in placed if top < y < bottom + _BELOW]
        if len(beside) > 1 and _left_of(band, beside):
            below = median(_baseline(w) - (w.box.top + w.box.bottom) / 2 for line in beside for w in line)
            sides.append(Line((Chunk(tuple(band)),), (top + bottom) / 2 + below, turned=True))
        elif beside:
            beside[-1].extend(band)
        else:
            found.append((band, bottom))
    return sides, found


def _left_of(band: Sequence[Word], beside: Sequence[Sequence[Word]]) -> bool:
    """Whether turned words stand left of the lines beside them: the label of several rows."""
    end = max(word.box.x1 for word in band)
    return all(word.box.x0 > end - 1 for line in beside for word in line)


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
    end = 0.0
    for word in sorted(line, key=lambda w: w.box.x0):
        box = word.box
        barred = any(end - 1 < bar.x < box.x0 + 1 for bar in bars)
        if chunks and box.x0 - end < _gap(chunks[-1][-1], word) * word.size and not barred:
            chunks[-1].append(word)
            end = max(end, box.x1)
        else:
            chunks.append([word])
            end = box.x1
    return tuple(Chunk(tuple(chunk)) for chunk in chunks)


def _gap(before: Word, word: Word) -> float:
    """The gap up to which a word stands with the one before it, in type sizes."""
    added = _SOURCE.fullmatch(word.text) or (_GAIN.fullmatch(word.text) and is_number(before.text))
    return _GAIN_GAP if added else _CHUNK_GAP


def is_value(text: str) -> bool:
    """Whether a cell's text is a number with what may stand beside it, a dash or a mark."""
    return bool(_NUMBER.fullmatch(text))


def is_number(text: str) -> bool:
    """Whether a word is a bare number, or a dash in place of one."""
    return bool(_PLAIN_NUMBER.fullmatch(text))


def is_mark(text: str) -> bool:
    """Whether a word says yes or no by a sign."""
    return text in _MARKS


def span_of(words: Sequence[Word]) -> Span:
    """Left and right end of words in order."""
    x0, x1 = words[0].box.x0, words[0].box.x1
    for word in words[1:]:
        x1 = max(x1, word.box.x1)
    return x0, x1


def phrases(chunk: Chunk) -> list[list[Word]]:
    """A header's words in groups at the gaps that are wider than between the words of a phrase."""
    groups: list[list[Word]] = []
    for word in chunk.words:
        if groups and word.box.x0 - groups[-1][-1].box.x1 < _PHRASE_GAP * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _is_number_cell(words: Sequence[Word]) -> bool:
    """Whether words are a number, with no text behind it that a further number may end."""
    return is_number(words[0].text) and not words[-1].text.isalpha()


def units(chunk: Chunk) -> list[list[Word]]:
    """A body cell's words as phrases and numbers: numbers that follow each other stand in different columns.

    `12.4 \u00b1 0.3` and `38.5 (+0.4)` are one number each; `1000 x 600` and `3.6 x 10^18` too.
    """
    groups: list[list[Word]] = []
    for word in chunk.words:
        last = groups[-1] if groups else None
        if last is not None and word.glued:
            last.append(word)
            continue
        apart = last is not None and word.box.x0 - last[-1].box.x1 >= _PHRASE_GAP * word.size
        tied = last is not None and bool(_TIE.search(last[-1].text))
        new_number = last is not None and is_number(word.text) and _is_number_cell(last) and not tied
        if last is None or new_number or (apart and not tied and not _ADDED.match(word.text)):
            groups.append([word])
        else:
            last.append(word)
    return groups
