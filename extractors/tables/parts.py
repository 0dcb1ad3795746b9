"""The several numbers of one cell, each with the header that is its own: `top-1 / top-5`, `dev (clean/other)`, `without / with`.

What they are stands in the header, in the row (a column of evaluation sets), or once for the table in its caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.mentions import UNTRACKED, metric_hits, vocabulary
from extractors.phrases import Hit

Header = tuple[str, ...]

_BESIDE = re.compile(r"[\s/|,()%]*(?:and\s)?")
_STROKE = re.compile(r"\s?[/|]\s?")
_TWO_WAYS = re.compile(
    r"\b(?:without\s?/\s?with|with\s?/\s?without|w/o\s?/\s?w/?|no LM\s?/\s?(?:with )?LM)(?!\w)", re.IGNORECASE
)
"""The same measured in two ways of testing."""


def parts_of_header(header: Sequence[str], numbers: int, row: str, caption: str) -> tuple[Header, ...]:
    """The headers of the numbers in one cell.

    Args:
        header: the header's lines, top down.
        numbers: how many numbers the cell holds.
        row: what the row says of itself.
        caption: the table's caption.

    Returns:
        One header a number; empty where it cannot be told which is which.
    """
    if numbers == 1:
        return (tuple(header),)
    texts = (*reversed(header), caption)
    by_metric = (found for text in texts if (found := _by_metric(header, text, numbers)))
    by_split = (
        found for text in (*reversed(header), row, caption) if (found := _by_split(header, text, numbers))
    )
    ways = any(map(_TWO_WAYS.search, texts)) and numbers == 2
    return next(by_metric, ()) or next(by_split, ()) or ((tuple(header),) * 2 if ways else ())


def _by_metric(header: Sequence[str], text: str, numbers: int) -> tuple[Header, ...]:
    """Headers from a text that names as many metrics side by side."""
    for group in _runs(metric_hits(text), numbers):
        tracked = any(set(hit.ids) != {UNTRACKED} for hit in group)
        if tracked and all(_BESIDE.fullmatch(text, a.end, b.start) for a, b in pairwise(group)):
            return tuple(
                _with_metric(header, text, group[0].start, text[hit.start : hit.end]) for hit in group
            )
    return ()


def _with_metric(header: Sequence[str], text: str, start: int, metric: str) -> Header:
    """The header with one metric in the place of several; what stands before them stays: `SQuAD (EM/F1)`."""
    if text not in header:
        return (*header, metric)
    place = len(header) - 1 - header[::-1].index(text)
    before = text[:start].rstrip(" (")
    return (*header[:place], *((before,) if before else ()), metric, *header[place + 1 :])


def _by_split(header: Sequence[str], text: str, numbers: int) -> tuple[Header, ...]:
    """Headers from a text that names as many parts of a data set with strokes between: `dev-clean / dev-other`."""
    if "/" not in text and "|" not in text:
        return ()
    for names in vocabulary().splits.values():
        for group in _runs(names.find(text), numbers):
            if all(_STROKE.fullmatch(text, a.end, b.start) for a, b in pairwise(group)):
                return _each(header, text, group)
    return ()


def _each(header: Sequence[str], text: str, group: Sequence[Hit]) -> tuple[Header, ...]:
    """A header for each name; what stands before them, or before their bracket, holds for all of them: `dev (clean/other)`."""
    shared, bracket, first = text[: group[0].end].rpartition("(")
    over = ""
    if not bracket or text not in header:
        shared, first = "", text[group[0].start : group[0].end]
        over = text[: group[0].start].strip() if text in header else ""
    names = (first, *(text[hit.start : hit.end] for hit in group[1:]))
    lines = [line for line in header if line != text] + ([over] if over else [])
    return tuple((*lines, f"{shared.strip()} {name}".strip()) for name in names)


def _runs(hits: Sequence[Hit], length: int) -> Iterator[Sequence[Hit]]:
    return (hits[first : first + length] for first in range(len(hits) - length + 1))
