"""Words for people: numbers as a sentence has them."""

from __future__ import annotations

_SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def in_words(count: int) -> str:
    """A count as it is written in a sentence: words up to twelve, digits beyond."""
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def either(prints: list[str]) -> str:
    """Several prints to choose between: `76.8 or 76.9`, `30, 90 or 300`; of one, itself."""
    *first, last = prints
    return f"{', '.join(first)} or {last}" if first else last
