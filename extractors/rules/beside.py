"""Where the words of a cue stand right beside a number: in front of it, with a vague word between, or behind it."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.rules.cue_search import Place
from extractors.rules.heard import Heard

_SIGNS = " ~∼≈<>≤"
"""What may stand between a word and the number that it belongs to."""


def in_front(heard: Heard, cue: str, place: Place) -> bool:
    """Whether words of a cue stand right in front of a place: `every 30`, `every ~30`, `after about 30`."""
    hedges = (start for start, end in heard.places("hedge") if touch(heard, end, place[0]))
    starts = {place[0], next(hedges, place[0])}
    return any(touch(heard, end, start) for start in starts for _, end in heard.places(cue))


def behind(heard: Heard, cue: str, place: Place) -> bool:
    """Whether words of a cue stand right behind a place."""
    return any(True for _ in all_behind(heard, cue, place))


def all_behind(heard: Heard, cue: str, place: Place) -> Iterator[Place]:
    """The words of a cue that begin where a place ends, `100-hour subset` and `20 s/step` too."""
    return (found for found in heard.places(cue) if touch(heard, place[1], found[0]))


def touch(heard: Heard, end: int, start: int) -> bool:
    """Whether nothing but signs stands between two offsets."""
    return end <= start and not heard.text[end:start].strip(f"{_SIGNS}-‐‑–")
