"""Slopes with the uncertainty of what they are made of: print that allows a range, cells that may be wrong, missing burdens.

A regression on burdens that are not exact understates its slope, and adding noise to them would understate it twice. So
the true burdens are imputed, many times over: each draw takes what the print allows, how burdens spread, and what the
error says under the line as it stands; a burden that nobody reported comes from network operations by a line through the
papers that report both, with that line's own uncertainty and scatter. A cell that is right with probability p is taken as
missing in a share 1 - p of the draws. statsmodels fits each completed table and combines the fits by Rubin's rules;
degrees of freedom are those of Barnard and Rubin (Biometrika 86, 1999). The same seed gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.imputation.bayes_mi import MI
from statsmodels.regression.linear_model import OLS

from analysis.regressions import FORMS, Fit, Form, FormName, NoFit, least_squares
from analysis.sample import FEWEST_POINTS, Numbers
from extractors.facts.errors import DatasetError, UsageError

FEWEST_PAIRS: Final = 5
"""Papers with burden and operations below which a line between the two says nothing."""
_BURN_IN: Final = 30
_SKIPPED: Final = 2
"""Steps between two draws that are used."""
_FEWEST_DRAWS: Final = 2


@dataclass(frozen=True, slots=True)
class UncertainPoint:
    """A paper's result with what is known of its burden.

    Raises:
        DatasetError: a number that cannot be.
    """

    error: float
    """Above 0, at most 1."""
    burden: float | None
    """FLOP; None where it is not reported."""
    operations: float | None = None
    """Network operations in FLOP, where they are known."""
    log_burden_sd: float = 0.0
    """Standard deviation of log10(burden) that the print allows."""
    error_sd: float = 0.0
    probability: float = 1.0
    """That the burden is right."""
    name: str = ""

    def __post_init__(self) -> None:
        sound = {
            "error": 0.0 < self.error <= 1.0,
            "burden": self.burden is None or 0.0 < self.burden < np.inf,
            "operations": self.operations is None or 0.0 < self.operations < np.inf,
            "log_burden_sd": 0.0 <= self.log_burden_sd < np.inf,
            "error_sd": 0.0 <= self.error_sd < np.inf,
            "probability": 0.0 <= self.probability <= 1.0,
        }
        for column, well in sound.items():
            if not well:
                raise DatasetError(
                    f"a value of {getattr(self, column):g} cannot be",
                    where=f"row {self.name or 'without a name'}, column {column}",
                    remedy="Correct it, or leave the point out",
                )


@dataclass(frozen=True, slots=True)
class Imputed:
    """A slope over all draws."""

    form: FormName
    n: int
    """Points, those with imputed burdens included."""
    imputed: int
    """Of them without a reported burden."""
    draws: int
    level: float
    intercept: float
    slope: float
    se: float
    low: float
    high: float
    missing_information: float
    """Share of the slope's variance that is due to what is not known exactly."""
    ignoring: float | None
    """The slope of the reported burdens taken as exact, where there are enough."""
    convention: str

    def rows(self) -> Iterator[dict[str, str | float | int | None]]:
        """One tidy row."""
        yield {name: getattr(self, name) for name in self.__slots__}

    def as_frame(self) -> pd.DataFrame:
        """The tidy rows as a data frame."""
        return pd.DataFrame(list(self.rows()))


def sd_of_range(low: float, high: float) -> float:
    """Standard deviation of log10 of a number of which print says that it lies between two.

    Raises:
        DatasetError: the two are not above 0, or in the wrong order.
    """
    if not 0.0 < low <= high < np.inf:
        raise DatasetError(
            f"a range from {low:g} to {high:g} cannot be", remedy="Give numbers above 0, the lower first"
        )
    return float(np.log10(high / low) / np.sqrt(12.0))


def impute(
    points: Iterable[UncertainPoint],
    *,
    form: FormName = "polynomial",
    draws: int = 1_000,
    seed: int = 0,
    level: float = 0.95,
    convention: str = "",
) -> Imputed | NoFit:
    """The slope of performance on log10(burden), and its interval over draws of what is not known.

    Raises:
        UsageError: fewer than two draws, or a level that is none.
    """
    if draws < _FEWEST_DRAWS:
        raise UsageError(f"{draws} draws cannot be combined", remedy="Give 2 or more")
    if not 0.0 < level < 1.0:
        raise UsageError(f"a level of {level:g} cannot be", remedy="Give one above 0 and below 1")
    known = _Known.of(list(points), next(item for item in FORMS if item.name == form))
    if reason := known.no_line():
        return NoFit(len(known.y), reason)
    chain = _Chain(known, np.random.default_rng(seed))
    combined = MI(
        chain, OLS, _endog_and_exog, xfunc=_whole_rows, burn=_BURN_IN, nrep=draws, skip=_SKIPPED
    ).fit()
    share = float(combined.fmi[1])
    slope, se = float(combined.params[1]), float(combined.bse[1])
    reach = se * float(stats.t.ppf(0.5 + level / 2.0, _freedom(draws, share, len(known.y))))
    alone = least_squares(known.y, known.x)
    return Imputed(
        form, len(known.y), int(np.isnan(known.x).sum()), draws, level, float(combined.params[0]), slope, se,
        slope - reach, slope + reach, share, alone.slope if isinstance(alone, Fit) else None, convention,
    )  # fmt: skip


def _freedom(draws: int, share: float, n: int) -> float:
    """Degrees of freedom of a combined slope, by Barnard and Rubin."""
    complete = n - 2.0
    observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - share)
    between = np.inf if share == 0.0 else (draws - 1.0) / share**2
    return float(1.0 / (1.0 / between + 1.0 / observed))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known, as columns; NaN where nothing is."""

    x: Numbers
    x_sd: Numbers
    y: Numbers
    y_sd: Numbers
    operations: Numbers
    probability: Numbers

    @classmethod
    def of(cls, points: Sequence[UncertainPoint], form: Form) -> _Known:
        """Points as columns; without a burden only those that can be converted."""
        pairs = sum(point.burden is not None and point.operations is not None for point in points)
        convertible = pairs >= FEWEST_PAIRS
        kept = [point for point in points if point.burden is not None or (convertible and point.operations)]
        error = np.array([point.error for point in kept], dtype=np.float64)
        stretch = error**-2.0 if form.name == "exponential" else 1.0 / (error * np.log(10.0))
        operations = _logs([point.operations if convertible else None for point in kept])
        return cls(
            _logs([point.burden for point in kept]),
            np.array([point.log_burden_sd for point in kept], dtype=np.float64),
            form.response(error),
            stretch * np.array([point.error_sd for point in kept], dtype=np.float64),
            operations,
            np.array([point.probability for point in kept], dtype=np.float64),
        )

    def no_line(self) -> str:
        reported = self.x[np.isfinite(self.x)]
        if len(self.y) < FEWEST_POINTS:
            return (
                f"{len(self.y)} points, of at least {FEWEST_POINTS}: a line would be decided by one of them"
            )
        if len(reported) < FEWEST_PAIRS:
            return f"{len(reported)} reported burdens, of at least {FEWEST_PAIRS}"
        if np.ptp(reported) < 1e-9:
            return "all points have the same burden (column burden)"
        return "all points have the same error (column error)" if np.ptp(self.y) < 1e-9 else ""


class _Chain:
    """A Gibbs sampler of the true burdens and responses; `data` is the completed table of now, as `MI` wants it."""

    def __init__(self, known: _Known, random: np.random.Generator) -> None:
        self._known, self._random = known, random
        self._x = np.where(np.isnan(known.x), np.nanmean(known.x), known.x)
        self._y = known.y.copy()
        self.data = np.column_stack([self._x, self._y])

    def update(self) -> None:
        """One step: the lines as the completed table has them, then the table as the lines have it."""
        known, random = self._known, self._random
        right = np.isfinite(known.x) & (random.uniform(size=len(known.y)) < known.probability)
        used = right | np.isfinite(known.operations)
        if used.sum() < FEWEST_PAIRS:
            return  # too few cells are right in this draw to carry a line; the last one stands
        (intercept, slope), scatter = self._line(self._y[used], self._x[used])
        prior, precision = self._prior(right, used)
        told = precision + (slope / scatter) ** 2
        mean = (precision * prior + slope * (self._y - intercept) / scatter**2) / told
        drawn = mean + random.normal(size=len(mean)) / np.sqrt(told)
        exact = right & (known.x_sd == 0.0)
        self._x = np.where(exact, known.x, np.where(used, drawn, self._x))
        self._draw_responses(intercept + slope * self._x, scatter)
        self.data = np.column_stack([np.where(used, self._x, np.nan), self._y])

    def _prior(self, right: NDArray[np.bool_], used: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
        """What is known of each burden before its error is looked at: means and precisions."""
        known, random = self._known, self._random
        inside = self._x[used]
        variance = float(inside.var(ddof=1)) * (len(inside) - 1.0) / random.chisquare(len(inside) - 1.0)
        middle = inside.mean() + random.normal() * np.sqrt(variance / len(inside))
        prior, precision = np.full(len(known.y), middle), np.full(len(known.y), 1.0 / variance)
        told = np.isfinite(known.operations)
        pairs = right & told
        if pairs.sum() >= FEWEST_PAIRS and np.ptp(known.operations[pairs]) > 0.0:
            # of reported burdens too: imputed without their operations they would weaken the line to these
            (constant, factor), off = self._line(self._x[pairs], known.operations[pairs])
            prior = np.where(told, constant + factor * np.nan_to_num(known.operations), prior)
            precision = np.where(told, off**-2.0, precision)
        printed = np.where(right, np.maximum(known.x_sd, 1e-6) ** -2.0, 0.0)
        together = printed + precision
        return (printed * np.nan_to_num(known.x) + precision * prior) / together, together

    def _draw_responses(self, line: Numbers, scatter: float) -> None:
        known = self._known
        vague = known.y_sd > 0.0
        if vague.any():
            printed = 1.0 / np.maximum(known.y_sd, 1e-12) ** 2
            precision = printed + scatter**-2.0
            mean = (printed * known.y + line / scatter**2) / precision
            drawn = mean + self._random.normal(size=len(mean)) / np.sqrt(precision)
            self._y = np.where(vague, drawn, known.y)

    def _line(self, y: Numbers, x: Numbers) -> tuple[Numbers, float]:
        """A line and its scatter, drawn from what the table says of them."""
        result = OLS(y, np.column_stack([np.ones(len(x)), x])).fit()
        scatter = float(np.sqrt(max(result.ssr, 1e-18) / self._random.chisquare(result.df_resid)))
        root = np.linalg.cholesky(result.normalized_cov_params)
        drawn: Numbers = result.params + scatter * (root @ self._random.normal(size=2))
        return drawn, scatter


def _endog_and_exog(data: Numbers) -> list[Numbers]:
    return [data[:, 1], np.column_stack([np.ones(len(data)), data[:, 0]])]


def _whole_rows(data: Numbers) -> Numbers:
    return data[np.isfinite(data).all(axis=1)]


def _logs(numbers: Sequence[float | None]) -> Numbers:
    return np.array([np.nan if number is None else np.log10(number) for number in numbers], dtype=np.float64)
