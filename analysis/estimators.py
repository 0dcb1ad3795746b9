"""Lines through points, with intervals that can be relied on: `fit = regress(points, errors="hc3")`.

Each estimator answers another doubt. Least squares with classical errors is the paper's own; HC3 holds where the
scatter is not the same everywhere, clustering where points of one paper resemble each other. Theil-Sen is not moved by
a fourth of the points being wrong. Quantile regression and the frontier speak of the best models instead of the usual
one. All are statsmodels' and SciPy's; the bootstraps draw whole papers, by a seed that is given. Fewer than eight points
give the reason instead of a line.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.regression.quantile_regression import QuantReg

from analysis.regressions import FORMS, Form, FormName, NoFit
from analysis.sample import FEWEST_POINTS, Column, Numbers, Points, Sample, sample_of
from extractors.facts.errors import UsageError

Estimator = Literal["ols", "theil-sen", "quantile", "frontier"]
Errors = Literal["classical", "hc3", "clustered"]
MOST_FOR_THEIL_SEN: Final = 2_000
"""Points; it compares all pairs of them, and keeps the slopes of all pairs in memory."""
FIRST_YEAR: Final = 2012.0
_FEWEST_BOOTSTRAPPED: Final = 0.9
"""Share of the resamples that must carry a line, or the interval is of the lucky ones."""
_STEPS: Final = 100
"""Of the solver in one resample: what it still moves then is far below what resamples differ by."""


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient."""

    name: str
    value: float
    low: float | None
    high: float | None
    se: float | None = None
    """Standard error, where the estimator has one."""
    p: float | None = None
    """Of the coefficient being zero."""


@dataclass(frozen=True, slots=True)
class Covariance:
    """How intercept and slope of least squares vary, and together."""

    intercept: float
    both: float
    slope: float
    """Variances, and the covariance between them."""
    quantile: float
    """Student's t, of the level of the intervals."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted line, and how it was made."""

    estimator: Estimator
    errors: str
    """How the interval came about."""
    form: FormName
    formula: str
    n: int
    papers: int
    level: float
    terms: tuple[Term, ...]
    """The intercept, the slope on log10(burden), and what else is in the line."""
    r2: float | None
    convention: str
    """How burdens were counted, where it was said."""
    covariance: Covariance | None = None
    """Of least squares: what `analysis.inverse` reads a line backwards with."""
    lines: Numbers | None = field(default=None, compare=False, repr=False)
    """Coefficients of the lines through the resamples, a row a draw, where the interval is made of them."""

    @property
    def intercept(self) -> Term:
        """Where log10(burden) is 0 (and the year 2012)."""
        return self.terms[0]

    @property
    def slope(self) -> Term:
        """For each tenfold burden."""
        return self.terms[1]

    def rows(self) -> Iterator[dict[str, str | float | int | None]]:
        """One tidy row a coefficient, each of which names the convention."""
        shared: dict[str, str | float | int | None] = {
            "estimator": self.estimator, "errors": self.errors, "form": self.form, "formula": self.formula,
            "n": self.n, "papers": self.papers, "level": self.level, "r2": self.r2, "convention": self.convention,
        }  # fmt: skip
        yield from ({"term": term.name, **_numbers(term), **shared} for term in self.terms)

    def as_frame(self) -> pd.DataFrame:
        """The tidy rows as a data frame."""
        return pd.DataFrame(list(self.rows()))


def regress(
    points: Points | Sample,
    *,
    form: FormName = "polynomial",
    estimator: Estimator = "ols",
    errors: Errors = "classical",
    year: bool = False,
    q: float = 0.9,
    level: float = 0.95,
    draws: int = 400,
    seed: int = 0,
    convention: str = "",
    columns: dict[Column, str] | None = None,
) -> Estimate | NoFit:
    """Fits performance against burden.

    Args:
        points: of a release (`analysis.points`), rows, or a data frame; see `analysis.sample.sample_of`.
        form: `polynomial` is log10(1/error) ~ log10(burden), `exponential` is 1/error ~ log10(burden).
        estimator: `ols`, `theil-sen`, `quantile` (of performance: 0.9 is the line that one point in ten is better
            than), or `frontier`: least squares over the points that no other point with as little burden equals.
        errors: of least squares: `classical`, `hc3`, or `clustered` by paper.
        year: adds a term for years since 2012, over the points whose day is known; least squares and quantile only.
        q: the quantile.
        level: of the intervals.
        draws: resamples of papers, for the intervals of quantile and frontier.
        seed: of the resamples; the same seed gives the same interval.
        convention: how burdens were counted, for the result to name.
        columns: what the columns are called, where points are rows.

    Raises:
        DatasetError: a column is missing or a cell cannot be what it says.
        UsageError: an argument that is none of the choices.
    """
    _check(form, estimator, errors, level, q, draws)
    sample = points if isinstance(points, Sample) else sample_of(points, columns)
    if year:
        if estimator not in ("ols", "quantile"):
            raise UsageError(f"{estimator} has no year term", remedy="Fit it by ols or quantile")
        sample = sample.take(np.isfinite(sample.year))
    if reason := _no_line(sample, estimator, year):
        return NoFit(len(sample), reason)
    chosen = next(item for item in FORMS if item.name == form)
    task = _Task(chosen, year, level, q, draws, seed, errors, convention)
    return _ESTIMATORS[estimator](sample, task)


def on_frontier(sample: Sample) -> NDArray[np.intp]:
    """Row numbers of the frontier: points whose error is below that of every other point with as little burden or less."""
    order = np.lexsort((sample.error, sample.burden))
    best = np.minimum.accumulate(np.concatenate([[np.inf], sample.error[order][:-1]]))
    found: NDArray[np.intp] = np.sort(order[sample.error[order] < best])
    return found


@dataclass(frozen=True, slots=True)
class _Task:
    form: Form
    year: bool
    level: float
    q: float
    draws: int
    seed: int
    errors: Errors
    convention: str

    @property
    def formula(self) -> str:
        return self.form.formula + (" + (year - 2012)" if self.year else "")

    def response(self, sample: Sample) -> Numbers:
        return self.form.response(sample.error)

    def design(self, sample: Sample) -> Numbers:
        further = [sample.year - FIRST_YEAR] if self.year else []
        return np.column_stack([np.ones(len(sample)), sample.log_burden, *further])

    def estimate(
        self, sample: Sample, estimator: Estimator, errors: str, terms: list[Term], r2: float | None
    ) -> Estimate:
        return Estimate(
            estimator, errors, self.form.name, self.formula, len(sample), len(set(sample.papers)), self.level,
            tuple(terms), r2, self.convention,
        )  # fmt: skip


def _least_squares(sample: Sample, task: _Task) -> Estimate | NoFit:
    model, papers = OLS(task.response(sample), task.design(sample)), len(set(sample.papers))
    if task.errors == "clustered":
        if papers < FEWEST_POINTS:
            return NoFit(len(sample), f"{papers} papers to cluster by, of at least {FEWEST_POINTS}")
        result = model.fit(cov_type="cluster", cov_kwds={"groups": sample.paper_codes}, use_t=True)
    else:
        result = model.fit(cov_type="nonrobust" if task.errors == "classical" else "HC3", use_t=True)
    bounds = result.conf_int(1.0 - task.level)
    terms = [
        Term(name, float(value), float(low), float(high), float(se), float(p))
        for name, value, (low, high), se, p in zip(_names(task), result.params, bounds, result.bse, result.pvalues, strict=True)
    ]  # fmt: skip
    words = {"classical": "classical", "hc3": "HC3", "clustered": "clustered by paper"}[task.errors]
    estimate = task.estimate(sample, "ols", words, terms, float(result.rsquared))
    known = result.cov_params()
    freedom = papers - 1 if task.errors == "clustered" else result.df_resid
    return replace(
        estimate,
        covariance=Covariance(
            float(known[0, 0]), float(known[0, 1]), float(known[1, 1]),
            float(stats.t.ppf(0.5 + task.level / 2.0, freedom)),
        ),
    )  # fmt: skip


def _theil_sen(sample: Sample, task: _Task) -> Estimate | NoFit:
    found = stats.theilslopes(task.response(sample), sample.log_burden, alpha=task.level)
    terms = [
        Term("intercept", float(found.intercept), None, None),
        Term("log10(burden)", float(found.slope), float(found.low_slope), float(found.high_slope)),
    ]
    return task.estimate(sample, "theil-sen", "Sen's interval of all pairs", terms, None)


def _quantile(sample: Sample, task: _Task) -> Estimate | NoFit:
    result = _quantile_fit(sample, task)
    words = f"quantile {task.q:g}; bootstrap of {task.draws} draws of papers"
    found = _bootstrapped(sample, task, lambda drawn: np.asarray(_quantile_fit(drawn, task, _STEPS).params))
    if isinstance(found, NoFit):
        return found
    terms = _terms(task, np.asarray(result.params), found)
    return replace(task.estimate(sample, "quantile", words, terms, float(result.prsquared)), lines=found)


def _quantile_fit(sample: Sample, task: _Task, steps: int = 1_000) -> Any:
    with warnings.catch_warnings():
        # its own standard errors are not used, and what a draw does to them says nothing
        warnings.simplefilter("ignore")
        return QuantReg(task.response(sample), task.design(sample)).fit(q=task.q, max_iter=steps)


def _frontier(sample: Sample, task: _Task) -> Estimate | NoFit:
    edge = sample.take(on_frontier(sample))
    if len(edge) < FEWEST_POINTS:
        return NoFit(
            len(sample),
            f"{len(edge)} of {len(sample)} points are on the frontier, of at least {FEWEST_POINTS}",
        )
    result = OLS(task.response(edge), task.design(edge)).fit()

    def refitted(drawn: Sample) -> Numbers:
        again = drawn.take(on_frontier(drawn))
        if len(again) < 2 or np.ptp(again.log_burden) == 0.0:
            return np.array([np.nan, np.nan])
        return np.asarray(OLS(task.response(again), task.design(again)).fit().params)

    found = _bootstrapped(sample, task, refitted)
    if isinstance(found, NoFit):
        return found
    words = f"{len(edge)} points on the frontier; bootstrap of {task.draws} draws of papers"
    terms = _terms(task, np.asarray(result.params), found)
    return replace(task.estimate(sample, "frontier", words, terms, float(result.rsquared)), lines=found)


def _bootstrapped(sample: Sample, task: _Task, fit: Callable[[Sample], Numbers]) -> Numbers | NoFit:
    """Coefficients of the lines through draws of whole papers, a row a draw that carries one."""
    codes = sample.paper_codes
    members = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    random = np.random.default_rng(task.seed)
    found = []
    for _ in range(task.draws):
        chosen = random.integers(len(members), size=len(members))
        drawn = sample.take(np.concatenate([members[code] for code in chosen]))
        if np.linalg.matrix_rank(task.design(drawn)) == task.design(drawn).shape[1]:
            found.append(fit(drawn))
    kept = np.array([row for row in found if np.isfinite(row).all()])
    if len(kept) < _FEWEST_BOOTSTRAPPED * task.draws:
        return NoFit(len(sample), f"{task.draws - len(kept)} of {task.draws} draws of papers carry no line")
    return kept


def _terms(task: _Task, values: Numbers, lines: Numbers) -> list[Term]:
    """Each coefficient, with percentiles over the draws."""
    outside = (1.0 - task.level) / 2.0
    bounds: Numbers = np.quantile(lines, [outside, 1.0 - outside], axis=0)
    return [
        Term(name, float(value), float(low), float(high))
        for name, value, low, high in zip(_names(task), values, *bounds, strict=True)
    ]


_ESTIMATORS: Final[dict[Estimator, Callable[[Sample, _Task], Estimate | NoFit]]] = {
    "ols": _least_squares,
    "theil-sen": _theil_sen,
    "quantile": _quantile,
    "frontier": _frontier,
}


def _names(task: _Task) -> list[str]:
    return ["intercept", "log10(burden)", *(["year - 2012"] if task.year else [])]


def _numbers(term: Term) -> dict[str, float | None]:
    return {name: value for name, value in asdict(term).items() if name != "name"}


def _no_line(sample: Sample, estimator: Estimator, year: bool) -> str:
    if reason := sample.no_line():
        return reason
    if estimator == "theil-sen" and len(sample) > MOST_FOR_THEIL_SEN:
        return f"{len(sample)} points, of at most {MOST_FOR_THEIL_SEN} whose pairs Theil-Sen compares"
    terms = np.column_stack([np.ones(len(sample)), sample.log_burden, sample.year])
    return "burden and year do not vary by themselves" if year and np.linalg.matrix_rank(terms) < 3 else ""


def _check(form: str, estimator: str, errors: str, level: float, q: float, draws: int) -> None:
    choices = (("form", form, FormName), ("estimator", estimator, Estimator), ("errors", errors, Errors))
    for what, choice, known in choices:
        if choice not in get_args(known):
            raise UsageError(
                f"{choice!r} is no choice of {what}", remedy=f"Choose from {', '.join(get_args(known))}"
            )
    for what, share in (("level", level), ("quantile", q)):
        if not 0.0 < share < 1.0:
            raise UsageError(f"a {what} of {share:g} cannot be", remedy="Give one above 0 and below 1")
    if draws < 1:
        raise UsageError(f"{draws} draws cannot be", remedy="Give 1 or more")
