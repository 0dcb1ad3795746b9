"""Fits of performance on compute: least squares and quantile regression, and the two forms of the paper.

Numbers in, a frozen fit out; which numbers is decided in `analysis.points` and `analysis.published`. The estimators
are statsmodels' own. Data that cannot carry a line give a `NoFit` with the reason in words, because a table must say
why a benchmark has none. Standard errors are the classical ones, as in arXiv:2007.05558.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.regression.quantile_regression import QuantReg

FEWEST: Final = 3
"""A line through two points has no residual, hence no error."""

Numbers = NDArray[np.float64]
FormName = Literal["polynomial", "exponential"]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted line; `slope`, `se` and `p` belong to the first term."""

    n: int
    intercept: float
    slope: float
    se: float
    """Standard error of the slope."""
    p: float
    """Of the slope being zero, by Student's t."""
    r2: float
    """Share of the variance explained."""
    intercept_se: float
    model_p: float
    """Of all slopes being zero, by the F test."""
    further: tuple[float, ...] = ()
    """Slopes of the terms after the first."""

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the slope."""
        freedom = self.n - 2 - len(self.further)
        reach = float(stats.t.ppf(0.5 + level / 2.0, freedom)) * self.se
        return self.slope - reach, self.slope + reach


@dataclass(frozen=True, slots=True)
class QuantileLine:
    """The line below which a share `q` of the points lies."""

    n: int
    q: float
    intercept: float
    slope: float
    pseudo_r2: float
    """Koenker and Machado's."""


@dataclass(frozen=True, slots=True)
class NoFit:
    """Why there is no line."""

    n: int
    reason: str

    def rows(self) -> Iterator[dict[str, str | int]]:
        """One tidy row, as an estimate has them."""
        yield {"n": self.n, "no_fit": self.reason}

    def as_frame(self) -> pd.DataFrame:
        """The row as a data frame."""
        return pd.DataFrame(list(self.rows()))


@dataclass(frozen=True, slots=True)
class Form:
    """How performance is taken to grow with the logarithm of the burden."""

    name: FormName
    formula: str
    response: Callable[[Numbers], Numbers]
    """Error to what is regressed."""
    error: Callable[[Numbers], Numbers]
    """What is regressed back to error."""


FORMS: Final = (
    Form(
        "polynomial", "log10(1/error) ~ log10(burden)", lambda error: -np.log10(error), lambda y: 10.0 ** (-y)
    ),
    Form("exponential", "1/error ~ log10(burden)", lambda error: 1.0 / error, lambda y: 1.0 / y),
)


def least_squares(y: Sequence[float] | Numbers, *terms: Sequence[float] | Numbers) -> Fit | NoFit:
    """Ordinary least squares of `y` on the terms, over the rows where all are finite."""
    rows = _complete(y, *terms)
    if reason := _degenerate(rows):
        return NoFit(len(rows), reason)
    result = OLS(rows[:, 0], _design(rows)).fit()
    intercept, slope, *further = map(float, result.params)
    return Fit(
        n=len(rows),
        intercept=intercept,
        slope=slope,
        se=float(result.bse[1]),
        p=float(result.pvalues[1]),
        r2=float(result.rsquared),
        intercept_se=float(result.bse[0]),
        model_p=float(result.f_pvalue),
        further=tuple(further),
    )


def quantile_line(
    y: Sequence[float] | Numbers, term: Sequence[float] | Numbers, q: float
) -> QuantileLine | NoFit:
    """Quantile regression of `y` on one term, over the rows where both are finite."""
    rows = _complete(y, term)
    if reason := _degenerate(rows):
        return NoFit(len(rows), reason)
    result = QuantReg(rows[:, 0], _design(rows)).fit(q=q)
    intercept, slope = map(float, result.params)
    return QuantileLine(len(rows), q, intercept, slope, float(result.prsquared))


def _complete(*columns: Sequence[float] | Numbers) -> Numbers:
    rows = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    return rows[np.isfinite(rows).all(axis=1)]


def _design(rows: Numbers) -> Numbers:
    return np.column_stack([np.ones(len(rows)), rows[:, 1:]])


def _degenerate(rows: Numbers) -> str:
    """What keeps these rows from carrying a line, in words, or nothing."""
    wanted = max(FEWEST, rows.shape[1] + 1)
    if len(rows) < wanted:
        return f"{len(rows)} of at least {wanted} points"
    if np.linalg.matrix_rank(_design(rows)) < rows.shape[1]:
        return (
            "all points have the same burden" if rows.shape[1] == 2 else "the terms do not vary by themselves"
        )
    return "all points have the same error" if np.ptp(rows[:, 0]) == 0.0 else ""
