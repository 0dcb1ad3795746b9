"""Printed phrases found whatever their case, hyphens and blanks: `CoNLL-2003` is also `conll 2003`.

Used for the long lists of names that live as data. What a phrase means is not here; the caller gives each
phrase the ids it stands for. Capitals alone (`COCO`, `IS`, `WIDER`) must be printed so, because in small
letters they are other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_GAP = r"[\s\-\u2010-\u2015\u2192_/'\u2019\[\]()]{0,3}"
_RUNS = re.compile(r"\d*\.\d+|\d+|[^\W\d_]+|[^\w\s\-\u2010-\u2015\u2192_/'\u2019\[\]().]")
_BEGIN = re.compile(rf"(?<![^\W_])(?:{_RUNS.pattern})")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in a text."""

    ids: tuple[str, ...]
    """What it stands for; empty for a phrase that is only read over."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Start:
    """The phrases that begin with one character."""

    pattern: re.Pattern[str]
    ids: tuple[tuple[str, ...], ...]
    """What each group of the pattern stands for."""

    @classmethod
    def of(cls, patterns: Sequence[str], ids: Mapping[str, tuple[str, ...]]) -> _Start:
        """Longest first, because the first that matches wins."""
        ordered = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
        body = "|".join(f"({pattern})" for pattern in ordered)
        compiled = re.compile(rf"(?:{body})(?![^\W_])(?!\.\d)", re.IGNORECASE)
        return cls(compiled, tuple(ids[pattern] for pattern in ordered))


class Phrases:
    """A set of phrases compiled for searching; of phrases that begin at one place the longest is found."""

    def __init__(self, phrases: Mapping[str, tuple[str, ...]]) -> None:
        """Compile phrases.

        Args:
            phrases: the ids that each phrase stands for, by the phrase as printed.
        """
        merged: dict[str, tuple[str, ...]] = {}
        by_start: dict[str, list[str]] = {}
        for phrase, ids in phrases.items():
            pattern = _pattern(phrase)
            if pattern not in merged:
                by_start.setdefault(_first(phrase), []).append(pattern)
            merged[pattern] = tuple(dict.fromkeys((*merged.get(pattern, ()), *ids)))
        self._starts = {start: _Start.of(patterns, merged) for start, patterns in by_start.items()}

    @classmethod
    def of(cls, named: Iterable[tuple[str, Iterable[str]]]) -> Phrases:
        """Phrases from pairs of an id and its phrases; a phrase of several ids stands for all of them."""
        found: dict[str, tuple[str, ...]] = {}
        for id, phrases in named:
            for phrase in phrases:
                found[phrase] = (*found.get(phrase, ()), id)
        return cls(found)

    def find(self, text: str) -> tuple[Hit, ...]:
        """The phrases in a text, from left to right, without overlaps."""
        found: list[Hit] = []
        end = 0
        for begin in _BEGIN.finditer(text):
            start = self._starts.get(_key(begin[0]))
            match = start.pattern.match(text, begin.start()) if start and begin.start() >= end else None
            if start and match and match.lastindex is not None:
                end = match.end()
                found.append(Hit(start.ids[match.lastindex - 1], begin.start(), end))
        return tuple(found)

    def ids(self, text: str) -> tuple[str, ...]:
        """What the phrases in a text stand for, each once, in order."""
        return tuple(dict.fromkeys(id for hit in self.find(text) for id in hit.ids))


def _first(phrase: str) -> str:
    begin = _BEGIN.search(phrase)
    return _key(begin[0]) if begin else ""


def _key(run: str) -> str:
    """The character by which phrases are looked up; runs of letters may be glued, so no more than the first."""
    return (run.removeprefix("0") or run)[0].lower()


def _pattern(phrase: str) -> str:
    """A regular expression for a phrase; `.5` and `0.5` are the same number."""
    runs = [_run(run[0], phrase[run.end() : run.end() + 1]) for run in _RUNS.finditer(phrase)]
    body = _GAP.join(runs)
    capitals = re.sub(r"\W", "", phrase)
    return f"(?-i:{body})" if capitals.isalpha() and capitals.isupper() else body


def _run(run: str, after: str) -> str:
    decimal = re.fullmatch(r"0?(\.\d+)", run)
    abbreviated = r"\.?" if after == "." else ""
    return (rf"0?{re.escape(decimal[1])}" if decimal else re.escape(run)) + abbreviated
