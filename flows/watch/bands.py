"""The statistics of alarms: how improbable it is to find so little, or so much, after what recent nights found.

A band is made of counts, not of their averages, because nights are short of papers: a field that two papers in a hundred
report is absent from many nights, and no normal band tells that from a rule which stopped. Nights also differ by more
than chance (a conference's papers, a theme), so plain binomial bands would cry wolf. Two models cover both:

- how many of n papers have a fact: beta-binomial, whose spread is what nights differ by and what is uncertain of the rate;
- how many facts n papers have: negative binomial with the mean and the variance that papers and nights showed.

Sources: Skellam, JRSS B 10 (1948) 257, for the beta-binomial; Tarone, Biometrics 46 (1990) 515, for counting only tests
that can reach a bound. Numbers in, probabilities out; what is judged by them is in `flows.watch.judge`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from scipy.special import betainc, betaln, gammaincc, gammaln

PRIOR_NIGHTS = 20
"""How many nights' worth of belief the usual spread is given against the nights seen."""
PRIOR_LOGIT = 0.03
"""Usual variance, between nights, of the log odds that a paper has something."""
PRIOR_AMOUNT = 0.02
"""Usual squared coefficient of variation, between nights, of the facts in a paper."""
_WINSOR = 9.0
"""Squared residuals count at most this much, so that an old failure does not widen the band for good."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of papers, as reference nights showed it."""

    share: float
    spread: float
    """Correlation between papers of the same night: 0 where nights differ by chance alone."""
    papers: int
    """In all reference nights."""
    nights: int


@dataclass(frozen=True, slots=True)
class Amount:
    """Facts per paper, as reference nights showed it."""

    mean: float
    variance: float
    """Between papers."""
    spread: float
    """Squared coefficient of variation between nights."""
    papers: int
    nights: int


def rate_of(hits: Sequence[int], papers: Sequence[int]) -> Rate:
    """The share that nights show.

    Args:
        hits: papers with a fact, night by night.
        papers: papers read in the same nights, each at least one.
    """
    y, n = np.asarray(hits, float), np.asarray(papers, float)
    share = (y.sum() + 0.5) / (n.sum() + 1.0)
    chance = n * share * (1 - share)
    residuals = np.minimum((y - n * share) ** 2 / chance, _WINSOR)
    weight = (n - 1).sum()
    seen = max(float((residuals - 1).sum() / weight), 0.0) if weight > 0 else 0.0
    nights = len(y)
    usual = PRIOR_LOGIT * share * (1 - share)
    spread = (seen * nights + usual * PRIOR_NIGHTS) / (nights + PRIOR_NIGHTS)
    return Rate(float(share), spread, int(n.sum()), nights)


def amount_of(facts: Sequence[int], squares: Sequence[int], papers: Sequence[int]) -> Amount:
    """Facts per paper that nights show; each night has at least one paper."""
    f, q, n = (np.asarray(each, float) for each in (facts, squares, papers))
    mean = (f.sum() + 0.5) / (n.sum() + 1.0)
    variance = max(float(q.sum() / n.sum() - mean**2), float(mean))
    residuals = np.minimum((f - n * mean) ** 2 / (n * variance), _WINSOR)
    weight = (n * mean**2 / variance).sum()
    seen = max(float((residuals - 1).sum() / weight), 0.0)
    nights = len(f)
    spread = (seen * nights + PRIOR_AMOUNT * PRIOR_NIGHTS) / (nights + PRIOR_NIGHTS)
    return Amount(float(mean), variance, spread, int(n.sum()), nights)


def _beta(rate: Rate, nights: int) -> tuple[float, float]:
    """The beta distribution of a share over some nights: what nights differ by, averaged, and what is uncertain of it."""
    whole = 1 / min(_between(rate.spread, nights, rate.nights) + 1 / rate.papers, 0.5) - 1
    return rate.share * whole, (1 - rate.share) * whole


def _between(spread: float, nights: int, reference: int) -> float:
    """What remains of the spread between nights when some are taken together and compared with others.

    Nights next to each other are alike, for themes last, so more nights help less than if each were drawn anew: the spread
    falls with the root of their number.
    """
    return spread / math.sqrt(nights) + spread / math.sqrt(reference)


def few_papers(hits: int, papers: int, nights: int, rate: Rate) -> float:
    """Probability of so few papers with a fact, or fewer, among those of some nights."""
    a, b = _beta(rate, nights)
    return min(float(np.exp(_log_masses(np.arange(hits + 1), papers, a, b)).sum()), 1.0)


def many_papers(hits: int, papers: int, nights: int, rate: Rate) -> float:
    """Probability of so many, or more."""
    a, b = _beta(rate, nights)
    return min(float(np.exp(_log_masses(np.arange(hits, papers + 1), papers, a, b)).sum()), 1.0)


def _log_masses(hits: np.ndarray, papers: int, a: float, b: float) -> np.ndarray:
    choices = gammaln(papers + 1) - gammaln(hits + 1) - gammaln(papers - hits + 1)
    masses: np.ndarray = choices + betaln(hits + a, papers - hits + b) - betaln(a, b)
    return masses


def few_facts(facts: int, papers: int, nights: int, amount: Amount) -> float:
    """Probability of so few facts, or fewer, in the papers of some nights."""
    mean = amount.mean * papers
    between = _between(amount.spread, nights, amount.nights)
    variance = papers * amount.variance * (1 + papers / amount.papers) + mean**2 * between
    if variance <= mean * (1 + 1e-9):
        return float(gammaincc(facts + 1, mean))
    shape, chance = mean**2 / (variance - mean), mean / variance
    return float(betainc(shape, facts + 1, chance))


def bound_for(attainable: Sequence[float], level: float) -> float:
    """The bound for each of many tests, so that all together err as rarely as the level says.

    A test that could not fall below the bound whatever was counted cannot err, and is not counted: so many rare rules
    do not blunt the tests of the common ones.

    Args:
        attainable: the least probability that each test could give.
        level: probability of any error.
    """
    ordered = sorted(attainable)
    for counted in range(1, len(ordered) + 1):
        bound = level / counted
        if counted == len(ordered) or ordered[counted] > bound:
            return bound
    return level


def spread_below(values: Sequence[float]) -> float:
    """Standard deviation of what lies below zero, by its median; 0 where nothing does.

    Rushes bring far more than usual and say nothing of how far a sound night falls.
    """
    falls = [-value for value in values if value < 0]
    return 1.4826 * median(falls) if falls else 0.0


def below(distance: float) -> float:
    """Probability that a normal value is so many standard deviations below its mean, or more."""
    return 0.5 * math.erfc(distance / math.sqrt(2))
