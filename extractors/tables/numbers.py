"""Scores as table cells print them: `76.3`, `76.3±0.2`, `23.9/7.1`, `93.2%`, `28.4*`, and what is no score.

A cell with a unit, a magnitude, a difference or words is no score: better no value than a wrong one. Which metric a
number belongs to is not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = r"[*†‡§¶#⋆★∗•△▲◦⋄∧^]"
_NUMBER = r"(?P<value>\d{1,4}(?:,\d{3})*(?:\.\d+)?|\.\d+)"
_SPREAD = (
    r"(?:(?:±|\+/-|\+-|∓)\s*(?P<spread>\d*\.?\d+)\s*%?|\(\s*(?:±|\+/-)\s*(?P<bracketed>\d*\.?\d+)\s*%?\s*\))"
)
_DIFFERENCE = r"[-+\u2212\u2013]\s*\d*\.?\d+\s*%?"
_CHANGE = (
    rf"(?:[(\[]\s*[↑↓▲▼△]?\s*{_DIFFERENCE}\s*[)\]]|(?<=\s){_DIFFERENCE}|\(?\s*[↑↓▲▼△]\s*\d*\.?\d+\s*%?\s*\)?)"
)
_AGAIN = r"\(\s*\d+\.\d+\s*(?:(?:±|\+/-)\s*\d*\.?\d+)?\s*\)"
"""The mean of several runs behind the best of them."""
_NOTE = r"(?:\^\s*[\w*†‡§,]{1,3}|\(?[a-e]\)|\[\d{1,3}\]|\((?:ours|ens(?:emble)?|single)\.?\)|[↑↓▲▼])"
_PIECE = re.compile(
    rf"{_MARKS}*\s*[~≈∼]?\s*{_NUMBER}\s*(?P<percent>%)?\s*(?:{_SPREAD})?\s*(?:{_CHANGE}|{_AGAIN})?\s*{_NOTE}?\s*{_MARKS}*"
)
_BETWEEN = re.compile(r"\s*[/|]\s*")
_IMPROVED = re.compile(r"[^\u2192]*\d\s*%?\s*(?:\u2192|->)\s*(?=[\d.])")
"""What stood there before: `29.4 \u2192 33.1` gives the plain model's score and then the changed one's."""
_BLANKS = re.compile(r"\d+\.\d+(?:\s+\d+\.\d+)+")
"""Numbers side by side in one cell, as where a header names two metrics over one column."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One number of a cell, with the spread the paper gives."""

    value: float
    spread: float
    text: str


def scores_in(text: str) -> tuple[Printed, ...]:
    """The numbers of a cell that holds nothing but scores, in order; none if it holds anything else.

    Several numbers stand apart by a stroke, as in `23.9/7.1`; an absent one among them leaves the cell unread. Of two
    with an arrow between them the second counts.
    """
    bare = _IMPROVED.sub("", text.strip(), count=1)
    parts = bare.split() if _BLANKS.fullmatch(bare) else _BETWEEN.split(bare)
    found = [_PIECE.fullmatch(part.strip()) for part in parts]
    return tuple(_printed(match) for match in found if match) if all(found) else ()


def _printed(match: re.Match[str]) -> Printed:
    spread = match["spread"] or match["bracketed"] or "0"
    return Printed(float(match["value"].replace(",", "")), float(spread), match[0].strip())
