"""Printed phrases found whatever their case, hyphens and blanks: `CoNLL-2003` is also `conll 2003`.

Used for the long lists of names that live as data. What a phrase means is not here; the caller gives each
phrase the ids it stands for. Capitals alone (`COCO`, `IS`, `WIDER`) must be printed so, because in small
letters they are other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache

_GAP = r"[\s\-\u2010-\u2015\u2192_/'\u2019\u2032\[\]()]{0,3}"
_RUNS = re.compile(r"\d*\.\d+|\d+|[^\W\d_]+|[^\w\s\-\u2010-\u2015\u2192_/'\u2019\u2032\[\]().]")
_KEY = 3
"""Letters of a phrase by which it is looked up; what follows its first run of letters may be glued to it or not."""
_REMEMBERED = 256
"""Texts whose phrases are known, the latest: a table asks about its caption and its headers for each of its cells."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in a text."""

    ids: tuple[str, ...]
    """What it stands for; empty for a phrase that is only read over."""
    start: int
    end: int


@dataclass(frozen=True)
class _Start:
    """The phrases that begin alike."""

    patterns: tuple[str, ...]
    """Longest first, because the first that matches wins."""
    ids: tuple[tuple[str, ...], ...]
    """What each of them stands for."""

    @classmethod
    def of(cls, patterns: Sequence[str], ids: Mapping[str, tuple[str, ...]]) -> _Start:
        """Phrases in any order."""
        ordered = tuple(sorted(patterns, key=lambda pattern: (-len(pattern), pattern)))
        return cls(ordered, tuple(ids[pattern] for pattern in ordered))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One group for each of them. Compiled when a text first has such a beginning, for no paper has all of them."""
        body = "|".join(f"({pattern})" for pattern in self.patterns)
        return re.compile(rf"(?:{body})(?![^\W_])(?!\.\d)", re.IGNORECASE)


class Phrases:
    """A set of phrases compiled for searching; of phrases that begin at one place the longest is found."""

    def __init__(self, phrases: Mapping[str, tuple[str, ...]]) -> None:
        """Compile phrases.

        Args:
            phrases: the ids that each phrase stands for, by the phrase as printed.
        """
        merged: dict[str, tuple[str, ...]] = {}
        by_key: dict[str, dict[str, None]] = {}
        for phrase, ids in phrases.items():
            pattern = _pattern(phrase)
            merged[pattern] = tuple(dict.fromkeys((*merged.get(pattern, ()), *ids)))
            for key in _keys(phrase):
                by_key.setdefault(key, {})[pattern] = None
        self._starts = {
            key: _Start.of(
                [pattern for short in by_key if key.startswith(short) for pattern in by_key[short]], merged
            )
            for key in by_key
        }
        self._begin = _beginning({key[0] for key in by_key})
        self.find = lru_cache(_REMEMBERED)(self._find)

    @classmethod
    def of(cls, named: Iterable[tuple[str, Iterable[str]]]) -> Phrases:
        """Phrases from pairs of an id and its phrases; a phrase of several ids stands for all of them."""
        found: dict[str, tuple[str, ...]] = {}
        for id, phrases in named:
            for phrase in phrases:
                found[phrase] = (*found.get(phrase, ()), id)
        return cls(found)

    def _find(self, text: str) -> tuple[Hit, ...]:
        """The phrases in a text, from left to right, without overlaps."""
        found: list[Hit] = []
        starts, end = self._starts, 0
        for begin in self._begin.finditer(text):
            at = begin.start()
            key = text[at : at + _KEY].lower()
            # The phrases of a key have those of its beginnings with them.
            start = starts.get(key) or starts.get(key[:2]) or starts.get(key[:1])
            match = start.pattern.match(text, at) if start and at >= end else None
            if start and match and match.lastindex is not None:
                end = match.end()
                found.append(Hit(start.ids[match.lastindex - 1], at, end))
        return tuple(found)

    def ids(self, text: str) -> tuple[str, ...]:
        """What the phrases in a text stand for, each once, in order."""
        return tuple(dict.fromkeys(id for hit in self.find(text) for id in hit.ids))


def _keys(phrase: str) -> tuple[str, ...]:
    """How a phrase may begin: the first of its letters, a sign or a digit; `.5` also with a zero."""
    run = _RUNS.search(phrase)
    if run is None:
        return ()
    if run[0].isalpha():
        return (run[0][:_KEY].lower(),)
    return (".", "0") if "." in run[0] else (run[0][0],)


def _beginning(characters: AbstractSet[str]) -> re.Pattern[str]:
    """Where one of the phrases may begin that begin with some characters; decimals are one, whatever is in them."""
    either = "".join(
        re.escape(case) for one in sorted(characters) for case in {one, one.upper()} if len(case) == 1
    )
    return re.compile(rf"(?<![^\W_])(?:\d*\.\d+|[{either or 'x'}])")


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
