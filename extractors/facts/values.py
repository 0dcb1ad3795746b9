"""What a cell can hold: a quantity, a name, or the finding that the paper does not report it.

Values keep what was printed beside what it means, because a reviewer judges the one by the other.
Which unit and range a field allows is in `facts.fields`; reading printed text is in `facts.parsing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from extractors.facts.errors import ParseError


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit of the field registry, with the interval that the print allows.

    `3-4 days` is value 302,400 s between 259,200 and 345,600; an exact print has all three equal.
    """

    value: float
    low: float
    high: float
    unit: str
    printed: str

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise ParseError(f"{self.printed!r} is not a finite quantity")
        if not self.low <= self.value <= self.high:
            raise ParseError(f"{self.printed!r} lies outside its own interval")

    @classmethod
    def exact(cls, value: float, unit: str, printed: str = "") -> Self:
        """A quantity without an interval; the print defaults to the number itself."""
        return cls(value, value, value, unit, printed or f"{value:g}")


@dataclass(frozen=True, slots=True)
class Name:
    """A thing by its id: an accelerator, a benchmark, a metric, a phase; or, in a link, an entity's slug."""

    id: str
    printed: str

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ParseError(f"{self.printed!r} has an empty id")


@dataclass(frozen=True, slots=True)
class NotReported:
    """The paper was read and does not say. A value like any other: it can be proposed, reviewed and scored."""


Value = Quantity | Name | NotReported
