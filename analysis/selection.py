"""Papers that report their burden differ from those that do not: how many report, and whether that moves the slope.

Coverage is a count by year and by size. The check weighs each reporting paper by the inverse of how probable it was to
report, by a logistic regression on its error and year, both of which are known of all; a slope that moves much under
these weights was made by who reports. What neither error nor year tells of reporting, the weights cannot mend; nor selection so strong that
some kinds of papers hardly ever report: no weight stands for who is not there.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.discrete.discrete_model import Logit
from statsmodels.regression.linear_model import WLS
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.regressions import FORMS, Fit, NoFit, least_squares
from analysis.sample import FEWEST_POINTS, Numbers

_UNKNOWN: Final = "not known"
LARGEST_WEIGHT: Final = 10.0
"""Times the mean; a paper that counts for more would decide the slope."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A paper with a result, and its burden where it reports one."""

    error: float
    """Above 0, at most 1."""
    burden: float | None
    """FLOP."""
    year: float | None
    """With fractions; None where it is not known."""
    parameters: float | None = None
    origin: str = ""
    """Where its numbers are from."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """The slope as it is, and with every reporting paper standing for those like it that do not report."""

    papers: int
    reporting: int
    slope: float
    weighted: float
    low: float
    high: float
    """Of the weighted slope, at 95%, by HC3 errors."""
    effective: float
    """How many equally weighted papers tell as much."""
    convention: str


def coverage(papers: Iterable[Reported]) -> Iterator[dict[str, str | float | int | None]]:
    """How many papers report a burden, by year, by the power of ten of the model's size, and by where the numbers are from."""
    known = list(papers)
    by_what = {
        "year": [_UNKNOWN if item.year is None else str(int(item.year)) for item in known],
        "size": [_size(item) for item in known],
        "origin": [item.origin for item in known],
    }
    for by, groups in by_what.items():
        for group in sorted(set(groups), key=lambda name: (name == _UNKNOWN, len(name), name)):
            inside = [item for item, name in zip(known, groups, strict=True) if name == group]
            reporting = sum(item.burden is not None for item in inside)
            yield {"by": by, "group": group, "papers": len(inside), "reporting": reporting, "share": reporting / len(inside)}  # fmt: skip


def weigh(papers: Sequence[Reported], *, convention: str = "") -> Weighted | NoFit:
    """The slope of the polynomial form, plain and weighted, or why it cannot be; papers without a year have no weight."""
    papers = [item for item in papers if item.year is not None]
    reports = np.array([item.burden is not None for item in papers], dtype=bool)
    if reports.sum() < FEWEST_POINTS:
        return NoFit(int(reports.sum()), f"{reports.sum()} papers report, of at least {FEWEST_POINTS}")
    response = FORMS[0].response(np.array([item.error for item in papers], dtype=np.float64))
    years = np.array([item.year for item in papers if item.year is not None], dtype=np.float64)
    probable = np.ones(len(papers)) if reports.all() else _probabilities(reports, response, years)
    if probable is None:
        return NoFit(len(papers), "error and year tell completely who reports, so nobody can be weighed")
    logs = np.log10([item.burden for item in papers if item.burden is not None])
    plain = least_squares(response[reports], logs)
    if not isinstance(plain, Fit):
        return plain
    weights = 1.0 / probable[reports]
    weights = np.minimum(weights / weights.mean(), LARGEST_WEIGHT)
    design = np.column_stack([np.ones(len(logs)), logs])
    result = WLS(response[reports], design, weights).fit(cov_type="HC3", use_t=True)
    reach = float(stats.t.ppf(0.975, len(logs) - 2)) * float(result.bse[1])
    slope = float(result.params[1])
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    return Weighted(len(papers), len(logs), plain.slope, slope, slope - reach, slope + reach, effective, convention)  # fmt: skip


def _probabilities(reports: NDArray[np.bool_], response: Numbers, years: Numbers) -> Numbers | None:
    """How probable each paper was to report, or None where that is no matter of chance."""
    terms = [(column - column.mean()) / column.std() for column in (response, years) if column.std() > 0.0]
    design = np.column_stack([np.ones(len(reports)), *terms])
    with warnings.catch_warnings():
        warnings.simplefilter("error", PerfectSeparationWarning)
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            found: Numbers = Logit(reports.astype(np.float64), design).fit(disp=False).predict()
        except (PerfectSeparationWarning, ConvergenceWarning, np.linalg.LinAlgError):
            return None
    return found


def _size(paper: Reported) -> str:
    if not paper.parameters:
        return _UNKNOWN
    return f"10^{int(np.floor(np.log10(paper.parameters)))} parameters"
