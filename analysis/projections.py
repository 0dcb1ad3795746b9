"""What the next step would take: compute, dollars, energy and CO2 to an error, by every form and estimator, with intervals.

    found = project(study, [parse_target("imagenet=0.05")])
    found.rows()        # tidy, one a benchmark, target, form and estimator; also what gives no projection, with the reason
    found.sentences     # one a benchmark and target, for people
    found.as_frame()

Amounts are powers of ten, since some projections have more digits than a float. Each row says how far it is from the
points that its line was made of, names the inputs of its costs (`analysis.prices`) and its convention. How intervals are
made is in `analysis.inverse`; they are of the line, not of prices, and not of whether the line goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.comparisons import Quantity, compared
from analysis.estimators import Estimate, regress
from analysis.inverse import Reach, reach
from analysis.prices import Costs, Prices, stated
from analysis.regressions import FORMS, FormName, NoFit
from analysis.sample import Points, Sample, sample_of
from analysis.study import Study
from analysis.targets import Target, refuse_strays, targets_of
from extractors.facts.errors import UsageError
from extractors.facts.measures import AUTHORS, Convention

DRAWS: Final = 1_000
SEED: Final = 20_200_710
"""As of the slopes: `analysis.robustness`."""
BUDGET: Final = 1e6
"""US dollars, where a reader names no other."""
_NO_YEAR: Final = 2200
"""From which on a year means only that a trend was drawn out too far."""
UNNAMED: Final = "all points"
"""The benchmark of points that name none."""
Row = dict[str, str | float | int | None]

_WAYS: Final[tuple[Mapping[str, Any], ...]] = (
    {"estimator": "ols", "errors": "classical"},
    {"estimator": "ols", "errors": "hc3"},
    {"estimator": "ols", "errors": "clustered"},
    {"estimator": "theil-sen"},
    {"estimator": "quantile", "q": 0.9},
    {"estimator": "frontier"},
)
_HEADLINE: Final = ("ols", "HC3")
"""Estimator and errors of the sentences: least squares, whose interval holds where scatter is not the same everywhere."""


@dataclass(frozen=True, slots=True)
class Projection:
    """One target on one benchmark by one line."""

    target: Target
    form: FormName
    estimator: str
    errors: str
    n: int
    reached: int
    """Of the points those that are at the target already."""
    level: float
    found: Reach | str
    """Where the line reaches the target, or why there is no such place."""
    costs: Costs
    budget: float
    """US dollars."""
    convention: str

    def row(self) -> Row:
        """One tidy row; `log10_...` are powers of ten, None where an interval has no end or there is no projection."""
        row: Row = {
            "benchmark": self.target.benchmark, "target": self.target.error, "target_is": self.target.why,
            "form": self.form, "estimator": self.estimator, "errors": self.errors, "n": self.n, "reached": self.reached,
            "level": self.level,
        }  # fmt: skip
        if isinstance(self.found, str):
            return row | {
                "no_projection": self.found,
                "inputs": self.costs.words,
                "convention": self.convention,
            }
        return {
            **row, **self._amounts(self.found), "interval": self.found.how, "beyond": self.found.beyond,
            "extrapolation": self.extrapolation, **self._compared(self.found), **self._affordable(self.found),
            "no_projection": "", "inputs": self.costs.words, "convention": self.convention,
        }  # fmt: skip

    @property
    def extrapolation(self) -> str:
        """Whether it leaves the burdens that were seen by more than two powers of ten, in words; nothing without a projection."""
        if isinstance(self.found, str):
            return ""
        return "far outside the data" if self.found.far else "near the data"

    @property
    def sentence(self) -> str:
        """The projection for people."""
        reached = f"; {self.reached} of {self.n} points are there" if self.reached else ""
        what = f"{self.target.benchmark}, error {self.target.error:.3g} ({self.target.why}{reached}), {self.form} form:"
        if isinstance(self.found, str):
            return f"{what} no projection: {self.found}."
        found, units = self.found, {"usd": "US dollars", "kwh": "kWh", "kg_co2": "kg of CO2"}
        beyond = f", {found.beyond:.1f} powers of ten beyond the points" if found.beyond else ""
        costs = "; ".join(
            f"10^{power:.1f} {units[name]}, {compared(name, power)}"
            for name, power in self._costs(found.power).items()
            if name in units
        )
        return (
            f"{what} 10^{found.power:.1f} FLOP ({_between(found)}), {self.extrapolation}{beyond}. "
            f"That is {costs}. {self.affordable}"
        )

    @property
    def affordable(self) -> str:
        """When it would cost no more than the budget, in words."""
        if isinstance(self.found, str):
            return ""
        year = self.costs.affordable(self.costs.usd(self.found.power), self.budget)
        low, high = self._affordable_range(self.found)
        what, trend = f"It costs {self.budget:,.0f} US dollars or less", self.costs.trend
        seen = f"if prices keep halving every {trend.value:g} years, as they did from {trend.seen_from} to {trend.seen_to}"
        if year == self.costs.year:
            if high == year:
                return f"{what} already."
            late = "never" if high is None else f"from {_year_words(high)} on only"
            return f"{what} already, by the far end of the interval {late}, {seen}."
        when = f"from about {year:.0f} on" if year < _NO_YEAR else f"not before {_NO_YEAR}"
        between = (
            f"{_year_words(low)} to {_year_words(high)}"
            if high is not None
            else f"{_year_words(low)} or later, if ever"
        )
        return f"{what} {when} ({between}), {seen}."

    def _amounts(self, found: Reach) -> Row:
        ends = {"": found.power, "_low": found.low, "_high": found.high}
        each = {end: {} if power is None else self._costs(power) for end, power in ends.items()}
        return {f"log10_{name}{end}": each[end].get(name) for name in each[""] for end in ends}

    def _costs(self, power: float) -> dict[Quantity, float]:
        """A burden and what it costs, all as powers of ten."""
        costs = self.costs
        return {
            "flop": power,
            "usd": costs.usd(power),
            "kwh": costs.kwh(power),
            "kg_co2": costs.kg_co2(power),
        }

    def _compared(self, found: Reach) -> Row:
        return {f"{name}_is": compared(name, power) for name, power in self._costs(found.power).items()}

    def _affordable(self, found: Reach) -> Row:
        """Years; the range takes both ends of the burden and of the trend."""
        low, high = self._affordable_range(found)
        return {
            "budget_usd": self.budget,
            "affordable_year": self.costs.affordable(self.costs.usd(found.power), self.budget),
            "affordable_year_low": low, "affordable_year_high": high,
        }  # fmt: skip

    def _affordable_range(self, found: Reach) -> tuple[float | None, float | None]:
        trend, ends = self.costs.trend, (found.low, found.high)
        low, high = (
            None if end is None else self.costs.affordable(self.costs.usd(end), self.budget, doubling)
            for end, doubling in zip(ends, (trend.low, trend.high), strict=True)
        )
        return low, high


@dataclass(frozen=True, slots=True)
class Projections:
    """All projections of a study."""

    items: tuple[Projection, ...]
    prices: Prices
    inputs: str
    """What costs were made of, in words."""
    convention: str

    def rows(self) -> Iterator[Row]:
        """One tidy row a benchmark, target, form and estimator; with the reason where there is no projection."""
        yield from (item.row() for item in self.items)

    def as_frame(self) -> pd.DataFrame:
        """The tidy rows as a data frame."""
        return pd.DataFrame(list(self.rows()))

    @property
    def headlines(self) -> tuple[Projection, ...]:
        """Both forms by least squares with HC3 errors: what sentences and plots show."""
        return tuple(item for item in self.items if (item.estimator, item.errors) in (_HEADLINE, ("all", "")))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The headlines for people."""
        return tuple(item.sentence for item in self.headlines)


def project(
    points: Study | Points,
    targets: Sequence[Target | float] = (),
    prices: Prices | None = None,
    *,
    convention: Convention = AUTHORS,
    budget: float = BUDGET,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Projections:
    """Compute, dollars, energy and CO2 to each target of each benchmark.

    Args:
        points: a study, or points as `analysis.sample.sample_of` takes them; those without a benchmark are of one,
            `all points`.
        targets: a reader's own, beside half of the smallest error and those of arXiv:2007.05558v1; a bare error is
            one of every benchmark.
        prices: what a FLOP costs; the packaged inputs by default.
        convention: by which the burdens were counted, since it says what a FLOP of them costs.
        budget: US dollars of which to tell when a projection costs no more.
        level: of the intervals.
        draws: resamples of papers, for lines whose interval is drawn.
        seed: of the resamples.

    Raises:
        DatasetError: a cell cannot be what it says.
        UsageError: a target is of a benchmark without points, the budget is none, or the study counts otherwise.
    """
    samples, counted = _samples(points, convention)
    given = [
        item
        for target in targets
        for item in ([target] if isinstance(target, Target) else [Target(name, target) for name in samples])
    ]
    refuse_strays(given, list(samples))
    known = prices or stated()
    costs = known.under(convention)
    costs.affordable(0.0, budget)  # refuses a budget that is none before anything is fitted
    task = _Task(costs, budget, level, draws, seed, counted)
    items = [
        item
        for benchmark, sample in samples.items()
        for item in _of_benchmark(benchmark, sample, given, task)
    ]
    return Projections(tuple(items), known, costs.words, counted)


_Fitted = tuple[str, Estimate | NoFit]
"""An estimator, or all of them, and what it found."""


@dataclass(frozen=True, slots=True)
class _Task:
    costs: Costs
    budget: float
    level: float
    draws: int
    seed: int
    convention: str

    def item(self, target: Target, form: FormName, fitted: _Fitted, sample: Sample) -> Projection:
        estimator, fit = fitted
        found = fit.reason if isinstance(fit, NoFit) else reach(fit, target.error, sample)
        errors, reached = (
            "" if isinstance(fit, NoFit) else fit.errors,
            int((sample.error <= target.error).sum()),
        )
        return Projection(
            target, form, estimator, errors, len(sample), reached, self.level, found, self.costs, self.budget, self.convention
        )  # fmt: skip


def _samples(points: Study | Points, convention: Convention) -> tuple[Mapping[str, Sample], str]:
    """Points by benchmark, in the order they come in, and the name of how burdens were counted."""
    if isinstance(points, Study):
        if not points.convention.startswith(convention.name):
            raise UsageError(
                f"burdens were counted by {points.convention!r}, and costs would be by {convention.name!r}",
                remedy="Give the convention of the study",
            )
        found = {
            section.benchmark: sample_of(section.points) for section in points.sections if section.points
        }
        return found, points.convention
    sample = sample_of(points)
    names = np.array([name or UNNAMED for name in sample.benchmarks], dtype=object)
    return {name: sample.take(names == name) for name in dict.fromkeys(names)}, convention.name


def _of_benchmark(
    benchmark: str, sample: Sample, given: Iterable[Target], task: _Task
) -> Iterator[Projection]:
    targets = targets_of(benchmark, float(sample.error.min()), given)
    for form in FORMS:
        for fit in _fits(sample, form.name, task):
            yield from (task.item(target, form.name, fit, sample) for target in targets)


def _fits(sample: Sample, form: FormName, task: _Task) -> Iterator[_Fitted]:
    """A line by each estimator, or once the reason why there is none."""
    if reason := sample.no_line():
        yield "all", NoFit(len(sample), reason)
        return
    for way in _WAYS:
        fit = regress(
            sample, form=form, level=task.level, draws=task.draws, seed=task.seed, convention=task.convention, **way
        )  # fmt: skip
        yield str(way["estimator"]), fit


def _between(found: Reach) -> str:
    """The interval in words."""
    if found.low is None and found.high is None:
        return "the interval has no end on either side"
    if found.low is None:
        return f"10^{found.high:.1f} or less"
    return (
        f"10^{found.low:.1f} or more, without an upper end"
        if found.high is None
        else f"10^{found.low:.1f} to 10^{found.high:.1f}"
    )


def _year_words(year: float | None) -> str:
    """A year, as far as years mean anything."""
    if year is None:
        return "any year"
    return f"{year:.0f}" if year < _NO_YEAR else f"after {_NO_YEAR}"
