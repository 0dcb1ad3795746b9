"""Figures of probabilities that were given to values which were judged: skill, calibration, risk by coverage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 10
_DRAWS = 1000
_SEED = 20200710


@dataclass(frozen=True, slots=True)
class Figures:
    """How good probabilities are."""

    judged: int
    base_rate: float
    """Share that is right."""
    brier: float
    """Mean squared difference of probability and outcome."""
    skill: float
    """1 - Brier score over that of the base rate; 0 knows nothing, 1 everything, below 0 less than nothing."""
    calibration_error: float
    """Mean distance of probability and share right, in ten bins of equal width."""
    calibration_band: float
    """The calibration error that 95% of perfectly calibrated probabilities stay within at this number, simulated."""
    risk_area: float
    """Area under the risk-coverage curve: the mean error rate over all shares of the surest values."""

    @property
    def is_calibrated(self) -> bool:
        """Whether the calibration error is one that a perfectly calibrated model shows."""
        return self.calibration_error <= self.calibration_band


@dataclass(frozen=True, slots=True)
class Told:
    """Probabilities that were given and what came of them; arrays of one length, one value at least."""

    probability: Floats
    right: Floats
    """1 or 0."""
    weight: Floats
    """How many values each stands for."""

    @classmethod
    def evenly(cls, probability: Floats, right: Floats) -> Self:
        """Of values that stand for themselves alone."""
        return cls(probability, right, np.ones(len(right)))


def figures_of(told: Told) -> Figures:
    """The figures of probabilities and outcomes."""
    base = float(np.average(told.right, weights=told.weight))
    brier = float(np.average((told.probability - told.right) ** 2, weights=told.weight))
    chance = base * (1 - base)
    return Figures(
        judged=len(told.right),
        base_rate=base,
        brier=brier,
        skill=1 - brier / chance if chance else 0.0,
        calibration_error=calibration_error(told),
        calibration_band=_band(told),
        risk_area=_area(told),
    )


def bins_of(probability: Floats) -> NDArray[np.intp]:
    """The bin of each probability, of `BINS` of equal width."""
    return np.minimum((probability * BINS).astype(np.intp), BINS - 1)


def calibration_error(told: Told) -> float:
    """Mean distance of probability and share right, in bins of equal width."""
    gaps = np.bincount(bins_of(told.probability), told.weight * (told.probability - told.right), BINS)
    return float(np.abs(gaps).sum() / told.weight.sum())


def risks(told: Told) -> tuple[Floats, Floats]:
    """Coverage and risk: what share of all values the k surest are, and what share of those is wrong, for all k.

    Of values that are equally sure all orders count alike.
    """
    _, level = np.unique(-told.probability, return_inverse=True)
    wrong = np.bincount(level, told.weight * (1 - told.right)) / np.bincount(level, told.weight)
    order = np.argsort(level, kind="stable")
    covered = np.cumsum(told.weight[order])
    return covered / covered[-1], np.cumsum(told.weight[order] * wrong[level[order]]) / covered


def _area(told: Told) -> float:
    coverage, risk = risks(told)
    return float(np.sum(risk * np.diff(coverage, prepend=0.0)))


def _band(told: Told) -> float:
    random = np.random.default_rng(_SEED)
    n = len(told.right)
    drawn = (replace(told, right=(random.random(n) < told.probability).astype(float)) for _ in range(_DRAWS))
    return float(np.quantile([calibration_error(one) for one in drawn], 0.95))
