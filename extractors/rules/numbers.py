"""Numbers in front of an accelerator: one (`8 V100s`), a product, a range, or a list of several runs' counts."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from extractors.facts.values import Quantity
from extractors.rules.accelerators import Named
from extractors.rules.count_patterns import COLLECTIVES, TIMES
from extractors.rules.devices import Devices, whole

_TO = frozenset({"to", "-", "–", "~"})
_JOINS = frozenset({"and", "/"})
_BEHIND = frozenset({"on", "with", "using", "across", "over", "use", "used"})
"""Words behind which a number counts devices."""


def is_plain(token: Token) -> bool:
    """Whether a token is a number by itself, not the end of a name: `8`, but not the 50 of `ResNet-50`."""
    return bool(token.like_num) and (token.i == 0 or token.nbor(-1).text != "-")


def collected(tokens: Doc, start: int, unit: str) -> Quantity | None:
    """The count that begins at a token and ends in a word for several: `a pair`, `two dozen`, `half a dozen`."""
    half = tokens[start].lower_ == "half"
    number, word = number_at(tokens, start + half, unit), tokens[start + half + 1]
    if number is None:
        return None
    value = number.value * COLLECTIVES[word.lower_] / (2 if half else 1)
    return Quantity.exact(value, unit, tokens[start : word.i + 1].text)


def number_at(tokens: Doc, index: int, unit: str) -> Quantity | None:
    """The count that a token prints; None if it is none."""
    return whole(tokens[index].text, unit)


def numbered(tokens: Doc, named: Named, index: int, unit: str) -> list[Devices]:
    """An accelerator with the number that ends at an index in front of it; several where counts are listed."""
    first, join = _first_number(tokens, index), tokens[index - 1].lower_
    times = number_at(tokens, index - 2, unit) if _is_product(tokens, index) else None
    count = number_at(tokens, index, unit)
    if times and count:
        printed = tokens[index - 2 : index + 1].text
        return [
            Devices(named, Quantity.exact(times.value * count.value, unit, printed), index - 2, named.end)
        ]
    if first < index and _is_range(tokens, first, join):
        printed = tokens[first : index + 1].text
        return [Devices(named, whole(re.sub(r"\band\b", "to", printed), unit), first, named.end)]
    if first < index and join in _JOINS and _is_list(tokens, first, join):
        listed = [at for at in range(first, index + 1) if tokens[at].like_num]
        return [Devices(named, number_at(tokens, at, unit), at, named.end) for at in listed]
    return [Devices(named, count, index, named.end)]


def _is_product(tokens: Doc, index: int) -> bool:
    """`2 × 8 V100 GPUs`."""
    return index > 1 and tokens[index - 1].lower_ in TIMES and is_plain(tokens[index - 2])


def _first_number(tokens: Doc, index: int) -> int:
    """Where the list or range of numbers begins that ends at an index: `4 to 8`, `4, 8 and 16`, `4/8/16`."""
    first = index
    joins = _TO | _JOINS
    while first > 1 and (join := tokens[first - 1].lower_) in joins and is_plain(tokens[first - 2]):
        first, joins = first - 2, frozenset("/" if join == "/" else ",")
    return first


def _is_range(tokens: Doc, first: int, join: str) -> bool:
    """`4 to 8`, `between 8 and 16`; what grows `from 64 to 400` ends with the count."""
    front = tokens[max(0, first - 1)].lower_
    return front == "between" or (front != "from" and join in _TO)


def _is_list(tokens: Doc, first: int, join: str) -> bool:
    """Whether numbers joined by `and` or a stroke are all counts: behind a preposition, or said to be in order."""
    if any(token.lower_ == "respectively" for token in tokens):
        return True
    return first > 0 and tokens[first - 1].lower_ in _BEHIND and tokens[first + 1].lower_ == join
