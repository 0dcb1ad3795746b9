"""Costs as table cells print them: `25.6M`, `4.1`, `31 (15.5 FMA)`, `58.3 → 59.9`, `25.6M / 4.1G`.

The scale stands in the cell, or is the header's. A number whose scale nothing tells is left out: better no value than
one wrong by a million.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.documents.labels import is_absent
from extractors.facts.errors import ParseError
from extractors.facts.fields import FIELDS
from extractors.facts.parsing import NUMBER_IN, parse_number
from extractors.facts.values import Quantity
from extractors.tables.cost_headers import ADDS, FLOPS, Cost

_ABSOLUTE = 10_000.0
"""Numbers from here on are taken as they stand, without a scale."""
_WHOLE = 1e6
"""The same where the header gives a scale: `15,300` million are many, a million of millions are too many."""
_CELL = re.compile(
    rf"[~≈∼<]?\s*(?P<number>{NUMBER_IN})\s*(?P<unit>(?:FLOPs?|MACs?|M(?:ult)?[\s-]?Adds?|params?|parameters?)?)\s*[*†‡]*"
    rf"(?:\s*\((?:(?P<adds>{NUMBER_IN})\s*(?:FMA|MAC|M-?Add)s?|[^()]*[×x%↑↓+−-][^()]*)\))?",
    re.IGNORECASE,
)
"""A number, and perhaps behind it the same cost in multiply-adds, `31 (15.5 FMA)`, or a change, `25.6M (+0.3M)`."""
_GLUED = re.compile(r"(?<=\d[kMGBT])(?=FLOP|MAC|M-?Add)|(?<=\d\s[kMGBT])(?=FLOP|MAC|M-?Add)")
"""Where a magnitude and a unit meet: `4.1 GFLOPs`."""
_CHANGED = re.compile(r".*?(?:→|⇒|->|=>)\s*(?P<after>[^→⇒>]+)")
"""What was changed to what: the second is the paper's own, as in `58.3 → 59.9`."""
_SMALL = re.compile(r"(?<=\d)(?P<space>\s?)(?P<letter>[kmbg])$")
"""A magnitude in a small letter, which says nothing else behind a cost."""
_WORD = re.compile(r"[A-Z][a-z]+")
_SCALED = re.compile(r"[A-Za-z]|10\s?\^|\de\d")
_BETWEEN = re.compile(r"\s*[/|]\s*")
_SCALES = (1e3, 1e6, 1e9)
_ROUNDING = 0.006
_TELLING = 2
"""Digits that a number needs for its like in the text to be no accident."""


def values_of(text: str, costs: Sequence[Cost]) -> Iterator[tuple[Cost, str, Quantity]]:
    """The costs that a cell prints under a header, each with its field; several stand apart by a stroke."""
    parts = _BETWEEN.split(text.strip()) if len(costs) > 1 else [text]
    named = [cost for cost in costs if cost.path]
    if len(parts) == 1 and len(named) == 1:
        costs = named
    if len(parts) == len(costs):
        for cost, part in zip(costs, parts, strict=True):
            yield from ((cost, path, value) for path, value in _values(part, text, cost))


def _values(part: str, text: str, cost: Cost) -> Iterator[tuple[str, Quantity]]:
    part = _GLUED.sub(" ", part)
    changed = _CHANGED.fullmatch(part.strip())
    match = _CELL.fullmatch(changed["after"].strip() if changed else part.strip())
    if is_absent(part) or not match or not cost.path:
        return
    printed = [(cost.path, match["number"])]
    if match["adds"] and cost.path == FLOPS:
        printed.append((ADDS, match["adds"]))
    for path, number in printed:
        value = _value(number, text, cost, path)
        if value is not None:
            yield path, value


def _value(printed: str, text: str, cost: Cost, path: str) -> Quantity | None:
    number = _number(printed)
    if number is None:
        return None
    if not _SCALED.search(printed) and number < (_WHOLE if cost.scale else _ABSOLUTE):
        if cost.scale is None:
            return None
        number *= cost.scale
    field = FIELDS[path]
    quantity = Quantity.exact(float(f"{number:.10g}"), field.units[0], text.strip())
    return quantity if field.admits(quantity) else None


def _number(printed: str) -> float | None:
    small = _WORD.sub(lambda found: found[0].lower(), printed.strip())
    try:
        return parse_number(_SMALL.sub(lambda found: found["space"] + found["letter"].upper(), small))
    except ParseError:
        return None


def scale_by_text(texts: Sequence[str], known: Sequence[float]) -> float | None:
    """The scale of bare numbers in a column, where the text gives one of them in full: `25.6` is its 25.6M.

    Args:
        texts: the cells of the column.
        known: what the text gives for the same field.
    """
    bare = [text.strip() for text in texts if re.fullmatch(r"\d{1,4}(?:\.\d+)?", text.strip())]
    for text in bare:
        if len(text.replace(".", "").strip("0")) < _TELLING:
            continue
        for scale in _SCALES:
            if any(abs(float(text) * scale - value) <= _ROUNDING * value for value in known):
                return scale
    return None
