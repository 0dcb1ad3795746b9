"""Whether a number is what is printed of it, read a second time and in the plainest way.

`24h` is 86,400 s, `25.6M` is 25,600,000 and `8` devices are 8. The rules that read papers know much more (tables whose heads tell the unit,
devices of each of several nodes), and there a unit slips; so this shares nothing with them but the words for units, magnitudes and numbers.
Where no unit stands beside a number every unit of its field will do, and what has no number in its print is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import combinations

from db.cells import CellState
from db.dataset.checks import Check
from db.dataset.gate.tally import Tally
from extractors.facts.ids import CellKey
from extractors.facts.ontology import units
from extractors.facts.values import Quantity

MOST = 0.005
"""Share of the numbers that may be otherwise: of prints that this had not seen, it took two in a thousand for wrong that were right."""
FEWEST = 5
"""Numbers that make a share."""
_CLOSE = 1e-3
"""Rounding, relative: what is printed is multiplied and not estimated."""
_POWERS_OF_TEN = tuple(10.0**power for power in range(19))
_TIMES = frozenset(("wall_time", "device_time", "epoch_time", "step_time"))
_LARGE = frozenset(("parameters", "flops", "multiply_adds"))
_OF_SEVERAL = frozenset(("batch_size", "count"))
"""What may be a product with another number of the quote: for each node, on each device."""
_PLAIN = frozenset(("steps", "epochs", "score")) | _OF_SEVERAL
_POWER = r"\s?[·⋅×x*]\s?10\s?\^?\s?(?P<ten>[-−]?\d+)|[eE](?P<e>[-−+]?\d+)"
_MOST_POWER = 30
_LONGEST = 200
"""Characters of a print that are read: no number takes more, and work grows with the square of how many stand there."""
_SHOWN = 60
"""Characters of it that are told."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a print."""

    value: float
    """With its power of ten, and the magnitude beside it."""
    is_scaled: bool
    """Whether it has one of these."""
    after: str
    """What is printed behind it."""


@dataclass(slots=True)
class Prints:
    """Finds numbers that are otherwise than printed; few are told, many refuse a release, for then something reads a unit wrong."""

    numbers: int = 0
    """That nobody looked at."""
    _wrong: Tally = field(
        default_factory=lambda: Tally(
            "printed", "Every number that nobody looked at is what is printed of it.", required=False
        )
    )

    def add(self, cells: Mapping[CellKey, CellState]) -> None:
        """Look at the next part."""
        for key, state in cells.items():
            if isinstance(state.value, Quantity) and state.status == "automatic":
                self.numbers += 1
                quote = state.evidence.quote if state.evidence is not None else ""
                if not is_as_printed(key.field, state.value, quote):
                    self._wrong.note(
                        f"{key}: {state.value.value:g} {state.value.unit}, printed {state.value.printed[:_SHOWN]!r}"
                    )

    def outcomes(self) -> tuple[Check, Check]:
        """What is told, and what refuses."""
        told, share = self._wrong.check(), self._wrong.found / max(self.numbers, 1)
        many = replace(
            told,
            name="units",
            description="Nearly all numbers that nobody looked at are what is printed of them.",
            required=True,
            success=share <= MOST or self._wrong.found < FEWEST,
            observed=round(share, 6),
            bound=MOST,
            acceptable=True,
        )
        return told, many


def is_as_printed(field: str, value: Quantity, quote: str) -> bool:
    """Whether a value can be what is printed.

    Args:
        field: of the registry, without its kind; those of money, energy and the like are not judged.
        value: in a unit of the registry, with its print.
        quote: the words around it.
    """
    numbers = _numbers(value.printed[:_LONGEST])
    if not numbers or field not in _TIMES | _LARGE | _PLAIN:
        return True
    if field in _TIMES:
        return _is_time(field, value.value, numbers)
    possible = [one.value * factor for one in numbers for factor in _factors(field, one)]
    possible += [(low + high) / 2 for low, high in combinations(possible, 2)] if len(numbers) == 2 else []
    if _is_among(value.value, possible):
        return True
    return field in _OF_SEVERAL and _is_among(value.value, _products(numbers, _numbers(quote[:_LONGEST])))


def _products(numbers: Sequence[_Number], around: Sequence[_Number]) -> Iterable[float]:
    """Each number of a print times each other of the quote, or of the print where that is none of the quote's words."""
    for number in numbers:
        others = [other.value for other in around] or [other.value for other in numbers]
        if number.value in others:
            others.remove(number.value)  # itself
        yield from (number.value * other for other in others)


def _is_time(field: str, seconds: float, numbers: Sequence[_Number]) -> bool:
    """Between the least that is printed and all of it together, as in `3-5 days` or `1 day and 3 hours`, in the unit that is printed or else in any.

    Or as much for each of a number that is printed too: `70 minutes per epoch x 12 epochs`, `100 epochs take 40 minutes`.
    """
    units_of = [_unit(one.after) for one in numbers]
    told = [unit for unit in units_of if unit is not None]
    for factor in told or _times(field):
        each = [one.value * (unit or factor) for one, unit in zip(numbers, units_of, strict=True)]
        if min(each) * (1 - _CLOSE) <= seconds <= sum(each) * (1 + _CLOSE):
            return True
    pairs = (
        (one.value * unit, other.value)
        for one, unit in zip(numbers, units_of, strict=True)
        for other in numbers
        if unit is not None and other is not one and other.value
    )
    return any(_is_among(seconds, (time * many, time / many)) for time, many in pairs)


@cache
def _times(field: str) -> tuple[float, ...]:
    """What a time without a unit may be multiplied by; of devices together there may be thousands of hours."""
    several = (1.0, 1e3, 1e6) if field == "device_time" else (1.0,)
    return tuple(unit.factor * many for unit in units().times for many in several)


def _unit(text: str) -> float | None:
    """The seconds of the first unit of time."""
    found = (units().time(word) for word in _WORD.findall(text))
    return next((unit.factor for unit in found if unit is not None), None)


def _factors(field: str, number: _Number) -> tuple[float, ...]:
    """What a number may be multiplied by, for the head of its table says so."""
    if field == "score":
        return (1.0, 100.0) if number.value <= 1 else (1.0,)
    if number.is_scaled:
        return (1.0, 1.024) if field == "batch_size" else (1.0,)
    if field in _LARGE:
        return _POWERS_OF_TEN
    return (1.0, 1e3, 1e6) if field == "steps" else (1.0,)


def _is_among(value: float, possible: Iterable[float]) -> bool:
    return any(abs(value - one) <= _CLOSE * abs(one) for one in possible)


@lru_cache(maxsize=10_000)
def _numbers(text: str) -> tuple[_Number, ...]:
    """The numbers in a text; most prints are those of many papers: `8`, `90`."""
    return tuple(map(_number_of, _number().finditer(text)))


def _number_of(found: re.Match[str]) -> _Number:
    magnitude = units().magnitude(found["magnitude"].strip(" \u00a0-")) if found["magnitude"] else None
    power = found["ten"] or found["e"]
    value = _value(found["digits"], found["word"]) * (magnitude or 1.0)
    if power:
        value *= 10.0 ** max(-_MOST_POWER, min(_MOST_POWER, int(power.replace("−", "-"))))
    return _Number(value, magnitude is not None or power is not None, found.string[found.end() :])


def _value(digits: str | None, word: str) -> float:
    return float(re.sub(r"[,\s]", "", digits)) if digits else units().number_words[word.lower()]


@cache
def _number() -> re.Pattern[str]:
    words, magnitudes = (
        "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        for names in (units().number_words, (name for unit in units().magnitudes for name in unit.names))
    )
    return re.compile(
        rf"(?:(?P<digits>\d{{1,3}}(?:,\s?\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:{_POWER})?"
        rf"|(?<![\w-])(?P<word>(?i:{words}))(?![\w]))(?P<magnitude>[\s\u00a0-]?(?:{magnitudes})(?![^\W_]))?"
    )
