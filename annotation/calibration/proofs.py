"""What is proven of the values at or above a probability: a lower bound of their precision, by paper.

Values of one paper err together, and audited values stand for several, so that n values tell less than n independent
ones. The bound is the exact (Clopper-Pearson) one at the effective sample size, as Korn and Graubard (Survey Methodology
24, 1998) have it for proportions from clustered samples; the correlation within papers is estimated from all values of
the pool (analysis of variance), because a set without an error says nothing about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from extractors.confidence import Proof
from extractors.promise import CONFIDENCE, lower_bound

Floats = NDArray[np.float64]

STEP = 0.01
GRID = tuple(round(0.30 + index * STEP, 2) for index in range(70))
"""Thresholds that are tried."""
FEWEST = 20
"""Values below which a set proves nothing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Values with the probabilities that a model gave which had not seen their papers; parallel sequences."""

    papers: Sequence[str]
    probability: Floats
    right: Floats
    """1 or 0."""
    weight: Floats
    """How many values each stands for."""

    def at_least(self, threshold: float) -> Judged:
        """Those at or above a probability."""
        kept = self.probability >= threshold
        papers = [paper for paper, keep in zip(self.papers, kept, strict=True) if keep]
        return Judged(papers, self.probability[kept], self.right[kept], self.weight[kept])


def proofs_of(judged: Judged) -> tuple[Proof, ...]:
    """The proofs that judged values give, by rising threshold; none lies below all of them, where nothing was seen."""
    together = correlation(judged)
    found = []
    lowest = float(judged.probability.min(initial=1.0))
    for threshold in (share for share in GRID if share + STEP > lowest):
        kept = judged.at_least(threshold)
        if len(kept.papers) < FEWEST:
            break
        precision = float(np.average(kept.right, weights=kept.weight))
        effective = effective_size(kept, together)
        bound = lower_bound(precision, effective)
        found.append(
            Proof(
                threshold,
                len(kept.papers),
                len(set(kept.papers)),
                round(precision, 4),
                round(bound, 4),
                round(effective, 1),
            )
        )
    return tuple(found)


def effective_size(judged: Judged, together: float) -> float:
    """How many independent values tell as much.

    Kish's size of the weights over the design effect of the papers, less for having few papers to learn that effect from.
    """
    kish = float(judged.weight.sum() ** 2 / np.sum(judged.weight**2))
    sizes = _sizes(judged.papers)
    design = 1 + (float(np.sum(sizes**2) / sizes.sum()) - 1) * together
    return kish / design * _for_few_papers(len(sizes), len(judged.papers))


def _for_few_papers(papers: int, values: int) -> float:
    """Korn and Graubard's factor: Student's quantiles at the degrees of freedom of the values over those of the papers, squared."""
    if papers < 2:
        return 0.0
    return float(stdtrit(values - 1, CONFIDENCE) / stdtrit(papers - 1, CONFIDENCE)) ** 2


def correlation(judged: Judged) -> float:
    """How much the errors of one paper are alike: the intraclass correlation by analysis of variance, 0 to 1."""
    papers = np.unique(np.array(judged.papers), return_inverse=True)[1]
    sizes, n = np.bincount(papers).astype(float), len(papers)
    groups = len(sizes)
    if not 1 < groups < n:
        return 0.0
    means = np.bincount(papers, judged.right) / sizes
    between = float(np.sum(sizes * (means - judged.right.mean()) ** 2)) / (groups - 1)
    within = float(np.sum((judged.right - means[papers]) ** 2)) / (n - groups)
    typical = (n - float(np.sum(sizes**2)) / n) / (groups - 1)
    spread = between + (typical - 1) * within
    return min(1.0, max(0.0, (between - within) / spread)) if spread > 0 else 0.0


def _sizes(papers: Sequence[str]) -> Floats:
    return np.unique(np.array(papers), return_counts=True)[1].astype(float)
