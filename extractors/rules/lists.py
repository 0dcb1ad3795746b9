"""Lists in sentences: numbers that share a unit, and the names that they belong to, one by one.

`7B, 13B and 70B parameters`; `The parameters of S, M and L are 0.2B, 0.4B and 0.9B, respectively`. What the numbers
count is for the rules to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_REACH = 80
"""Characters within which a list of numbers begins that share a unit."""
_NUMBER = r"\d[\d.]*(?:\s?(?:[KMGBT]\b|[mb]illion\b|trillion\b))?"
_ITEM = re.compile(
    rf"(?<![\w.,$^-])(?P<number>{_NUMBER})\s?(?:,\s?(?:(?:and|or)\s)?|/\s?|(?:and|or|to)\s)(?:an?\s)?$"
)
_NEXT = re.compile(rf"\s?(?:,\s?(?:and\s|or\s)?|(?:and|or)\s)(?P<number>{_NUMBER})(?![\w%])")
_FOR = re.compile(
    rf"\s(?:for|in|of)\s(?:(?:the|our)\s)?[\w.+-]+(?:\s[\w.+-]+)?,?\s(?:and\s)?(?P<number>{_NUMBER})(?=\s(?:for|in|of)\s)"
)
"""The next number of `57 million for S and 215 million for M`."""
_UNIT = re.compile(r"\s?(?:[KMBT]|[mb]illion|trillion)$")
_SPELT = re.compile(r"\s(?:[mb]|tr)illion$")
_SMALL = re.compile(r"\d{1,3}(?:\.\d+)?")
_OPEN_RANGE = re.compile(r"(?<![\w.])\d[\d.]*\s[-\u2013]\s$")

_NAME = re.compile(
    r"(?<![\w.-])(?!(?:The|Our|Both|In|For|Models?)\b)(?:[A-Z][\w+-]*(?:\.\d\w*)?(?:[ -](?:[A-Z][\w+-]*|v?\d[\w.]*|base|large|small|tiny)(?=[\s,]))?|tiny|small|base|medium|big|large|huge)(?![\w-])"
)
_BETWEEN = re.compile(r"\s?(?:,|,?\s(?:and|&)|\s?/)\s?(?:the\s|our\s)?")


def numbers_before(text: str, start: int, last: str) -> list[tuple[int, str]]:
    """The numbers of a list that share the unit behind the last: where each begins, and its print.

    In `7B, 13B and 70B parameters` three, in `1, 3 and 7 billion parameters` three billions; of `16 - 20B` none, for it
    is no model's number.
    """
    front = text[max(start - _REACH, 0) : start]
    if _OPEN_RANGE.search(front):
        return []
    found = [(start, last)]
    shared = _SPELT.search(last)
    while item := _ITEM.search(front):
        printed = item["number"]
        if _SMALL.fullmatch(printed) and shared:
            printed += shared[0]
        front = front[: item.start()]
        found.insert(0, (start - _REACH + len(front) if start > _REACH else len(front), printed))
    return found


def numbers_behind(text: str, start: int, first: str) -> list[tuple[int, str]]:
    """The numbers of a list that begins behind the word for what they count: `parameters of 0.2B, 0.4B and 0.9B`, `5M for S and 9M for L`."""
    found, end = [(start, first)], start + len(first)
    while item := _NEXT.match(text, end) or _FOR.match(text, end):
        found.append((item.start("number"), item["number"]))
        end = item.end()
    unit = _UNIT.search(found[-1][1])
    shared = unit[0] if unit else ""
    return [(place, printed + shared if _SMALL.fullmatch(printed) else printed) for place, printed in found]


def names_respectively(text: str, places: Sequence[int]) -> list[re.Match[str]]:
    """The names that numbers of a list belong to in order, if the sentence says so; else none.

    Args:
        text: the sentence.
        places: where each number begins.
    """
    if len(places) < 2 or "respectively" not in text:
        return []
    rows = [row for row in _rows_of_names(text) if len(row) == len(places)]
    return min(rows, key=lambda row: abs(row[0].start() - places[0]), default=[])


def _rows_of_names(text: str) -> list[list[re.Match[str]]]:
    """Names that nothing but commas and `and` stand between."""
    names = list(_NAME.finditer(text))
    rows = [[name] for name in names[:1]]
    for before, name in pairwise(names):
        if _BETWEEN.fullmatch(text, before.end(), name.start()):
            rows[-1].append(name)
        else:
            rows.append([name])
    return rows
