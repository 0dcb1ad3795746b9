"""What a burden costs in dollars, energy and CO2: stated inputs with their sources, and the arithmetic of them.

Prices change faster than lines do, so they are data (`analysis/prices.toml`) and every cost names the ones it was made
of. A burden is device time by a rate, whichever rate the convention takes; the same device time costs the same, so the
rate that divides here must be the rate that multiplied there: `Prices.under(convention)`. What a FLOP of single precision
costs is not what a FLOP of a tensor core costs.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.measures import AUTHORS, Convention

_STRICT: Final = ConfigDict(extra="forbid")
_SECONDS: Final = 3600.0
_JOULES_PER_KWH: Final = 3.6e6
KG_PER_POUND: Final = 0.45359237


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Stated:
    """A number that somebody else measured."""

    value: float
    unit: str
    date: str
    """What it is of: a year, a month or a day, as ISO prints it."""
    source: str
    low: float | None = None
    high: float | None = None
    """The range that the source gives, where it gives one."""


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Trend:
    """How fast computing gets cheaper."""

    value: float
    """Years in which the FLOP/s that a dollar buys double."""
    low: float
    high: float
    unit: str
    date: str
    seen_from: int
    seen_to: int
    """Years of the devices that the trend was measured on."""
    source: str


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Device:
    """What computes, in every cost."""

    name: str
    fp32_flop_s: float
    tensor_flop_s: float
    watts: float
    date: str
    source: str


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Price:
    """What a FLOP costs by the authors of arXiv:2007.05558, to reproduce their tables."""

    name: str
    flop_per_usd: float
    flop_per_pound_co2: float
    date: str
    source: str


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Prices:
    """All stated inputs of a cost."""

    device: Device
    rent: Stated
    trend: Trend
    reached: Stated
    overhead: Stated
    grid: Stated
    published: tuple[Price, ...] = ()

    def __post_init__(self) -> None:
        numbers = (
            self.device.fp32_flop_s, self.device.tensor_flop_s, self.device.watts, self.rent.value, self.trend.value,
            self.trend.low, self.trend.high, self.reached.value, self.overhead.value, self.grid.value,
        )  # fmt: skip
        if not all(0.0 < number < math.inf for number in numbers):
            raise ValueError("a price, rate, power or trend is not above 0")

    def under(self, convention: Convention = AUTHORS) -> Costs:
        """What burdens cost that were counted by this convention.

        Where the rates are those that each paper states, the device is taken at single precision, as the authors do.
        """
        device = self.device
        tensor = convention.rate == "tensor"
        peak = device.tensor_flop_s if tensor else device.fp32_flop_s
        done = convention.method != "hardware"
        share = self.reached.value if done else convention.utilisation
        words = (
            f"{device.name} at {peak / 1e12:g} TFLOP/s ({'tensor' if tensor else 'fp32'} peak"
            f"{f', of which {share:g} is reached' if share < 1.0 else ''}), {self.rent.value:g} US dollars an hour "
            f"({self.rent.date}), {device.watts:g} W; {self.overhead.value:g} kWh drawn for each that computers use "
            f"({self.overhead.date}); {self.grid.value:g} kg of CO2 a kWh ({self.grid.date}); prices halve in "
            f"{self.trend.value:g} years ({self.trend.low:g} to {self.trend.high:g})"
        )
        kwh = device.watts * self.overhead.value / _JOULES_PER_KWH
        return Costs(
            math.log10(peak * share * _SECONDS / self.rent.value),
            math.log10(peak * share / kwh),
            math.log10(peak * share / (kwh * self.grid.value)),
            _year(self.rent.date), self.trend, words,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of burdens of one convention; amounts in and out are powers of ten, since some have more digits than a float."""

    flop_per_usd: float
    """log10, at the date of the rent."""
    flop_per_kwh: float
    flop_per_kg_co2: float
    """log10."""
    year: float
    """Of the rent."""
    trend: Trend
    words: str
    """All inputs, for rows to name."""

    def usd(self, log_flop: float) -> float:
        """log10 of US dollars."""
        return log_flop - self.flop_per_usd

    def kwh(self, log_flop: float) -> float:
        """log10 of kilowatt-hours, the data centre's overhead included."""
        return log_flop - self.flop_per_kwh

    def kg_co2(self, log_flop: float) -> float:
        """log10 of kilograms of CO2."""
        return log_flop - self.flop_per_kg_co2

    def affordable(self, log_usd: float, budget: float, doubling: float | None = None) -> float:
        """The year in which a cost has fallen to a budget, if prices go on halving; that of the rent if it is below already.

        Args:
            log_usd: log10 of the cost in dollars of the rent's date.
            budget: US dollars, of the same date: the trend is of prices adjusted for inflation.
            doubling: years of the trend, where it is another than the packaged one.

        Raises:
            UsageError: the budget is not above 0.
        """
        if not 0.0 < budget < math.inf:
            raise UsageError(f"a budget of {budget:g} dollars buys nothing", remedy="Give one above 0")
        halvings = max(0.0, (log_usd - math.log10(budget)) / math.log10(2.0))
        return self.year + halvings * (doubling or self.trend.value)


@cache
def stated() -> Prices:
    """The packaged inputs."""
    return parse(files("analysis").joinpath("prices.toml").read_text("utf-8"), "analysis/prices.toml")


def load(path: Path) -> Prices:
    """The inputs in a file of a reader's own, in the layout of the packaged one.

    Raises:
        DatasetError: the file cannot be read, or is not in that layout.
    """
    try:
        return parse(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            "the prices cannot be read", where=str(path), remedy="Give a file as analysis/prices.toml"
        ) from error


def parse(text: str, where: str) -> Prices:
    """The inputs that a TOML text states.

    Raises:
        DatasetError: it is not TOML, or a key is unknown, missing or has a value that cannot be.
    """
    try:
        return TypeAdapter(Prices).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DatasetError(f"not TOML: {error}", where=where) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise DatasetError(f"{place}: {first['msg'].lower()}".removeprefix(": "), where=where) from error


def published(name: str) -> Price:
    """What the authors took a FLOP to cost, in `2020` or `2022`.

    Raises:
        UsageError: there is no such pair.
    """
    known = {price.name: price for price in stated().published}
    if name not in known:
        raise UsageError(f"there are no prices of {name!r}", remedy=f"Choose from {', '.join(known)}")
    return known[name]


def dollars(log_flop: float, price: Price) -> float:
    """log10 of US dollars, by the authors' price."""
    return log_flop - math.log10(price.flop_per_usd)


def pounds_of_co2(log_flop: float, price: Price) -> float:
    """log10 of pounds of carbon dioxide, by the authors' price."""
    return log_flop - math.log10(price.flop_per_pound_co2)


def _year(date: str) -> float:
    year, _, rest = date.partition("-")
    return float(year) + (int(rest[:2]) - 0.5) / 12.0 if rest else float(year) + 0.5
