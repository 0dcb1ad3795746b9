"""Partial pooling: the slopes of all benchmarks together, each drawn towards their mean as far as its points are few.

A mixed model (statsmodels' own, by restricted maximum likelihood): every benchmark has an intercept of its own, for
errors of different benchmarks say nothing to each other, and a slope that scatters about that of all. A benchmark with
three points borrows from the others; one with a hundred hardly moves.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.regression.mixed_linear_model import MixedLM

from analysis.regressions import FORMS, NoFit
from analysis.sample import FEWEST_POINTS, Numbers, Points, Sample, sample_of

FEWEST_BENCHMARKS: Final = 3
"""The scatter of two slopes about their mean is anything."""
FEWEST_EACH: Final = 3
"""Points of a benchmark that may borrow; two make a line without scatter."""


@dataclass(frozen=True, slots=True)
class PooledSlope:
    """The slope of one benchmark, alone and among the others."""

    benchmark: str
    n: int
    alone: float
    """By least squares of its own points."""
    pooled: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pooling:
    """Slopes of the polynomial form over several benchmarks."""

    slope: float
    """Of the usual benchmark."""
    low: float
    high: float
    spread: float
    """Standard deviation of benchmarks' slopes about it."""
    level: float
    benchmarks: tuple[PooledSlope, ...]
    left_out: tuple[str, ...]
    """Benchmarks with too few points, in words."""
    convention: str

    def rows(self) -> Iterator[dict[str, str | float | int | None]]:
        """One tidy row a benchmark, after one for all."""
        common: dict[str, str | float | int | None] = {"level": self.level, "convention": self.convention}
        n = sum(item.n for item in self.benchmarks)
        yield {"benchmark": "all", "n": n, "alone": None, "pooled": self.slope, "low": self.low, "high": self.high, **common}  # fmt: skip
        yield from ({**asdict(item), **common} for item in self.benchmarks)

    def as_frame(self) -> pd.DataFrame:
        """The tidy rows as a data frame."""
        return pd.DataFrame(list(self.rows()))


def pool(points: Points | Sample, *, level: float = 0.95, convention: str = "") -> Pooling | NoFit:
    """Slopes of all benchmarks, partially pooled, or why they cannot be.

    Raises:
        DatasetError: a cell cannot be what it says.
    """
    sample = points if isinstance(points, Sample) else sample_of(points)
    names = np.array(sample.benchmarks, dtype=str)
    counts = {name: int((names == name).sum()) for name in dict.fromkeys(sample.benchmarks)}
    kept = [name for name, count in counts.items() if count >= FEWEST_EACH and _varies(sample, names == name)]
    few = tuple(f"{name}: {count} points" for name, count in counts.items() if name not in kept)
    chosen = sample.take(np.isin(names, kept))
    if len(kept) < FEWEST_BENCHMARKS:
        return NoFit(
            len(chosen),
            f"{len(kept)} benchmarks have {FEWEST_EACH} points or more, of at least {FEWEST_BENCHMARKS}",
        )
    if len(chosen) < FEWEST_POINTS:
        return NoFit(len(chosen), f"{len(chosen)} points, of at least {FEWEST_POINTS}")
    return _pooled(chosen, kept, few, level, convention)


def _varies(sample: Sample, rows: NDArray[np.bool_]) -> bool:
    return bool(np.ptp(sample.log_burden[rows]) > 0.0 and np.ptp(sample.error[rows]) > 0.0)


def _pooled(
    sample: Sample, names: list[str], few: tuple[str, ...], level: float, convention: str
) -> Pooling | NoFit:
    groups = np.array(sample.benchmarks, dtype=str)
    member = np.column_stack([groups == name for name in names]).astype(np.float64)
    centred = sample.log_burden - member @ (member.T @ sample.log_burden / member.sum(axis=0))
    response = FORMS[0].response(sample.error)
    plain = OLS(response, np.column_stack([centred, member])).fit()
    # the optimiser wants scatter and burdens of about one
    units = _Units(float(np.sqrt(plain.scale)), float(centred.std()))
    slopes = centred[:, None] / units.burden
    result = _mixed(response / units.scatter, np.column_stack([slopes, member]), groups, slopes)
    if result is None:
        return NoFit(len(sample), "the mixed model does not converge on these points")
    reach = float(stats.t.ppf(0.5 + level / 2.0, len(names) - 1))
    mean, error = float(result.fe_params[0]), float(result.bse_fe[0])
    return Pooling(
        mean * units.slope,
        (mean - reach * error) * units.slope,
        (mean + reach * error) * units.slope,
        float(np.sqrt(max(result.cov_re[0, 0], 0.0))) * units.slope,
        level,
        tuple(
            PooledSlope(
                name,
                int(member[:, at].sum()),
                _alone(response, centred, groups == name),
                *(number * units.slope for number in _shrunken(result, name, reach)),
            )
            for at, name in enumerate(names)
        ),
        few,
        convention,
    )


@dataclass(frozen=True, slots=True)
class _Units:
    scatter: float
    burden: float

    @property
    def slope(self) -> float:
        return self.scatter / self.burden


def _alone(response: Numbers, centred: Numbers, rows: NDArray[np.bool_]) -> float:
    design = np.column_stack([np.ones(int(rows.sum())), centred[rows]])
    return float(OLS(response[rows], design).fit().params[1])


def _mixed(response: Numbers, design: Numbers, groups: NDArray[np.str_], slopes: Numbers) -> Any:
    """The fitted mixed model, or None."""
    with warnings.catch_warnings():
        # a spread of nothing lies at the edge of what can be: slopes are then pooled whole, which the result shows
        warnings.simplefilter("ignore")
        for method in ("bfgs", "powell"):
            try:
                result = MixedLM(response, design, groups, exog_re=slopes).fit(reml=True, method=method)
            except np.linalg.LinAlgError:
                continue
            if result.converged and np.isfinite(result.llf) and np.isfinite(result.bse_fe[0]):
                return result
    return None


def _shrunken(result: Any, name: str, reach: float) -> tuple[float, float, float]:
    """The slope of one benchmark and its interval: the errors of its own deviation and of the mean together."""
    own = float(result.fe_params[0]) + float(np.asarray(result.random_effects[name])[0])
    deviation = float(np.asarray(result.random_effects_cov[name])[0, 0])
    half = reach * float(np.sqrt(max(deviation, 0.0) + float(result.bse_fe[0]) ** 2))
    return own, own - half, own + half
