"""A line read backwards: the burden at which an error is reached, and how sure that is.

What is asked is where the line reaches the error, that is, the usual paper (`regulation` in the words of the literature),
not where one lucky paper may. Of least squares the answer is a ratio of two numbers that are not known exactly, and its
interval is Fieller's: all burdens at which the line's own confidence interval holds the error. It is exact where errors
are normal, and honest where the delta method is not: if the slope may be zero it has no upper end, since then no burden
may be enough, and that is said in words. HC3 and clustered errors put their covariance in the place of the classical one.
Quantile and frontier lines give percentiles of the burdens of their resampled lines, where a line that falls never gets
there. Theil-Sen, which is not resampled, gives what is farthest by a slope in Sen's interval and a height in that of the
median, which is more than its level says.

Sources: E. C. Fieller, Some Problems in Interval Estimation, Journal of the Royal Statistical Society B 16, 1954;
F. A. Graybill, Theory and Application of the Linear Model, 1976, section 8.5; B. M. Greenwell and C. M. Schubert Kabban,
investr: An R Package for Inverse Estimation, The R Journal 6(1), 2014.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from analysis.estimators import Covariance, Estimate
from analysis.regressions import FORMS, Form
from analysis.sample import Numbers, Sample
from extractors.facts.errors import UsageError

FAR: Final = 2.0
"""Powers of ten beyond the burdens that were seen from which on a projection is called far outside the data."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a line reaches an error, in powers of ten of the burden."""

    power: float
    low: float | None
    high: float | None
    """None where the interval has no end."""
    beyond: float
    """Powers of ten from the nearest burden that was seen to there; 0 between the smallest and the largest."""
    how: str
    """How the interval was made, and in words where it has no end."""

    @property
    def far(self) -> bool:
        """Whether it leaves the data by more than two powers of ten."""
        return self.beyond > FAR


def burden_to_reach(form: Form, intercept: float, slope: float, error: float) -> float:
    """log10 of the burden at which a line of this form has this error, in the unit that the line was fitted in.

    Raises:
        UsageError: the error is not above 0 and below 1, or the line is level.
    """
    if not 0.0 < error < 1.0:
        raise UsageError(f"an error of {error:g} is no target", remedy="Give one above 0 and below 1")
    if not slope:
        raise UsageError("a level line reaches no other error", remedy="Project from a line with a slope")
    return (_response(form, error) - intercept) / slope


def reach(estimate: Estimate, error: float, sample: Sample) -> Reach | str:
    """Where a line reaches an error, or in words why it never does.

    Args:
        estimate: a line without a year term.
        error: above 0 and below 1.
        sample: the points that the line was fitted to.

    Raises:
        UsageError: the error is no target, or the line has a year term: it reaches an error at another burden each year.
    """
    if len(estimate.terms) > 2:
        raise UsageError(
            "a line with a year term reaches an error at no one burden", remedy="Fit it without year"
        )
    form = next(item for item in FORMS if item.name == estimate.form)
    intercept, slope = estimate.intercept.value, estimate.slope.value
    if slope <= 0.0:
        return "the line does not rise: by it, no burden makes errors smaller"
    power = burden_to_reach(form, intercept, slope, error)
    low, high = _ends(estimate, _response(form, error), sample, form)
    seen = sample.log_burden
    beyond = max(power - float(seen.max()), float(seen.min()) - power, 0.0)
    return Reach(power, low, high, beyond, _how(estimate, low, high))


def fieller(
    intercept: float, slope: float, covariance: Covariance, response: float
) -> tuple[float | None, float | None]:
    """Ends of the set of x at which a line's confidence interval holds a response; None where there is no end.

    Where the set falls apart into two rays, because the slope may have either sign, that of the estimate is given.
    """
    off, t2 = intercept - response, covariance.quantile**2
    square = slope**2 - t2 * covariance.slope
    middle = slope * off - t2 * covariance.both
    rest = off**2 - t2 * covariance.intercept
    inside = middle**2 - square * rest
    if square == 0.0 or (square < 0.0 and inside <= 0.0):
        return None, None
    ends = sorted((-middle + sign * math.sqrt(max(inside, 0.0))) / square for sign in (-1.0, 1.0))
    if square > 0.0:
        return ends[0], ends[1]
    return (ends[1], None) if -off / slope >= ends[1] else (None, ends[0])


def _ends(
    estimate: Estimate, response: float, sample: Sample, form: Form
) -> tuple[float | None, float | None]:
    if estimate.covariance is not None:
        return fieller(estimate.intercept.value, estimate.slope.value, estimate.covariance, response)
    if estimate.lines is not None:
        return _of_lines(estimate.lines, response, estimate.level, float(np.median(sample.log_burden)))
    return _of_slopes(estimate, response, sample, form)


def _of_lines(
    lines: Numbers, response: float, level: float, middle: float
) -> tuple[float | None, float | None]:
    """Percentiles of where the lines reach a response; one that does not rise gets there at no end of the world."""
    intercepts, slopes = lines[:, 0], lines[:, 1]
    ahead = np.median(intercepts + slopes * middle) <= response
    never = np.inf if ahead else -np.inf
    rising = slopes > 0.0
    powers = np.where(rising, (response - intercepts) / np.where(rising, slopes, 1.0), never)
    outside = (1.0 - level) / 2.0
    low = float(np.quantile(powers, outside, method="lower"))
    high = float(np.quantile(powers, 1.0 - outside, method="higher"))
    return low if math.isfinite(low) else None, high if math.isfinite(high) else None


def _of_slopes(
    estimate: Estimate, response: float, sample: Sample, form: Form
) -> tuple[float | None, float | None]:
    """The farthest that a line gets whose slope is in Sen's interval, and whose height in the middle in that of the median."""
    middle = float(np.median(sample.log_burden))
    level_with = form.response(sample.error) - estimate.slope.value * (sample.log_burden - middle)
    heights = np.asarray(stats.quantile_test(level_with, p=0.5).confidence_interval(estimate.level))
    first, last = response - float(heights[1]), response - float(heights[0])
    flat, steep = estimate.slope.low or 0.0, estimate.slope.high or 0.0
    low, high = (
        middle + step / slope if slope > 0.0 else None
        for step, slope in (
            (first, steep if first >= 0.0 else flat),
            (last, flat if last >= 0.0 else steep),
        )
    )
    return low, high


def _how(estimate: Estimate, low: float | None, high: float | None) -> str:
    if estimate.covariance is not None:
        how = f"Fieller's, {estimate.errors} errors"
    elif estimate.lines is not None:
        how = f"percentiles of {len(estimate.lines)} draws of papers"
    else:
        how = "ends of Sen's interval of the slope and of the median's"
    if low is None and high is None:
        return f"{how}; no end on either side: the points do not tell the slope from zero"
    if high is None:
        return f"{how}; no upper end: the slope may be zero, and then no burden is enough"
    return f"{how}; no lower end: the slope may be zero" if low is None else how


def _response(form: Form, error: float) -> float:
    return float(form.response(np.array([error]))[0])
