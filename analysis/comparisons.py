"""Projected amounts beside sizes that a reader knows: `about 12 times the world's electricity of 2023`.

The sizes are data with their sources, `analysis/comparisons.toml`. Of those of a quantity the largest is taken that is not
larger than the amount, so that nobody has to picture a million households where a country would do.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as checked_dataclass

Quantity = Literal["flop", "usd", "kwh", "kg_co2"]
_ALIKE: Final = 0.1
"""Powers of ten within which two sizes are called the same."""
_WORDS: Final = 6.0
"""Powers of ten from which on a factor is printed as one."""


@checked_dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Comparison:
    """A size that is known."""

    quantity: Quantity
    value: float
    """FLOP, US dollars, kWh or kg."""
    what: str
    date: str
    source: str


@cache
def comparisons() -> tuple[Comparison, ...]:
    """The packaged sizes, the smallest first."""
    text = files("analysis").joinpath("comparisons.toml").read_text("utf-8")
    found = TypeAdapter(dict[str, tuple[Comparison, ...]]).validate_python(tomllib.loads(text))
    return tuple(sorted(found["comparison"], key=lambda item: (item.quantity, item.value)))


def nearest(quantity: Quantity, log_amount: float) -> Comparison:
    """The largest known size that is not larger than an amount, or the smallest where all are."""
    known = [item for item in comparisons() if item.quantity == quantity]
    below = [item for item in known if math.log10(item.value) <= log_amount + _ALIKE]
    return below[-1] if below else known[0]


def compared(quantity: Quantity, log_amount: float) -> str:
    """An amount, given as a power of ten, in terms of a size that is known."""
    item = nearest(quantity, log_amount)
    apart = log_amount - math.log10(item.value)
    if abs(apart) <= _ALIKE:
        return f"about {item.what}"
    return (
        f"about {_factor(apart)} times {item.what}" if apart > 0 else f"about {_share(apart)} of {item.what}"
    )


def _factor(power: float) -> str:
    return f"10^{power:.0f}" if power >= _WORDS else f"{_rounded(power):,.12g}"


def _share(power: float) -> str:
    return f"10^{power:.0f}" if power <= -_WORDS else f"1/{_rounded(-power):,.12g}"


def _rounded(power: float) -> float:
    """Ten to a power, to two digits."""
    return float(f"{10.0**power:.1e}")
