"""Figures of probabilities that were given to values which were judged: skill, calibration, risk by coverage."""

from __future__ import annotations

from dataclasses import dataclass

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


def figures_of(probability: Floats, right: Floats) -> Figures:
    """The figures of probabilities and outcomes (1 or 0), of one value at least."""
    base = float(right.mean())
    brier = float(np.mean((probability - right) ** 2))
    chance = base * (1 - base)
    return Figures(
        judged=len(right),
        base_rate=base,
        brier=brier,
        skill=1 - brier / chance if chance else 0.0,
        calibration_error=calibration_error(probability, right),
        calibration_band=_band(probability),
        risk_area=float(risks(probability, right).mean()),
    )


def calibration_error(probability: Floats, right: Floats) -> float:
    """Mean distance of probability and share right, in bins of equal width."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(bins, probability - right, BINS)).sum() / len(right))


def risks(probability: Floats, right: Floats) -> Floats:
    """Share of wrong ones among the k surest values, for k from 1 to all; of equals all orders count alike."""
    levels, group, sizes = np.unique(-probability, return_inverse=True, return_counts=True)
    wrong = np.bincount(group, 1 - right, len(levels)) / sizes
    errors: Floats = np.cumsum(np.repeat(wrong, sizes)) / np.arange(1, len(right) + 1)
    return errors


def _band(probability: Floats) -> float:
    random = np.random.default_rng(_SEED)
    drawn = [
        calibration_error(probability, (random.random(len(probability)) < probability).astype(float))
        for _ in range(_DRAWS)
    ]
    return float(np.quantile(drawn, 0.95))
