"""Whether a new confidence model is better than the present one: what decides if it may be installed.

Both are asked about the same judged values, on equal terms: of papers that neither was fitted to (the new one answers by
its trial) if there are enough, else of papers that both were fitted to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.calibration.fitting import by_family
from annotation.calibration.trial import Outcome, judged_by
from extractors.confidence import Model
from extractors.facts.fields import Family
from extractors.promise import Promise

ENOUGH = 100
"""Judged values of papers new to the present model from which these alone decide; fewer do if they outnumber the others."""
_WORSE, _CLEARLY = 1.0, 2.0
"""Standard errors by which a model is worse over all values, and by which it is clearly worse for a family: less is chance."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both models over the same values; lower is better."""

    values: int
    new: float
    """Mean squared difference of probability and outcome (Brier score)."""
    present: float
    error: float
    """Standard error of their difference, clustered by paper."""

    @property
    def gain(self) -> float:
        """How much better the new one is."""
        return self.present - self.new


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both models over all values and by family."""

    whole: Compared
    families: dict[Family, Compared]
    unseen: bool
    """Whether the values are of papers that neither was fitted to; otherwise both were."""

    @property
    def objections(self) -> tuple[str, ...]:
        """Why the new model must not be installed, in words; empty if it may."""
        return tuple(self._objections())

    def _objections(self) -> Iterator[str]:
        if self.whole.gain < -_WORSE * self.whole.error:
            yield f"its Brier score over all values is {self.whole.new:.4f}, the present model's {self.whole.present:.4f}"
        for family, found in self.families.items():
            if found.gain < -_CLEARLY * found.error:
                yield f"it is clearly worse for {family}: {found.new:.4f} against {found.present:.4f}"


def compare(trial: Sequence[Outcome], new: Model, present: Model) -> Comparison:
    """The new model with the present one.

    Args:
        trial: all judged values as models have them that were fitted without their papers.
        new: the model fitted to all of them.
        present: the model that judges now.
    """
    seen = set(present.seen)
    fresh = [outcome for outcome in trial if outcome.judgement.paper not in seen]
    known = [outcome.judgement for outcome in trial if outcome.judgement.paper in seen]
    unseen = len(fresh) >= min(ENOUGH, len(known))
    after = fresh if unseen else judged_by(new, known, Promise())
    before = judged_by(present, [outcome.judgement for outcome in after], Promise())
    pairs = {id(pair[0].judgement): pair for pair in zip(after, before, strict=True)}
    families = {
        family: _compared([pairs[id(row)] for row in rows])
        for family, rows in by_family([outcome.judgement for outcome in after]).items()
    }
    return Comparison(_compared(list(pairs.values())), families, unseen)


def _compared(pairs: Sequence[tuple[Outcome, Outcome]]) -> Compared:
    rows = [after.judgement for after, _ in pairs]
    weight = np.array([row.weight for row in rows])
    new, present = (_losses([pair[index] for pair in pairs]) for index in (0, 1))
    papers = np.unique(np.array([row.paper for row in rows]), return_inverse=True)[1]
    spread = np.bincount(papers, weight * (new - present - np.average(new - present, weights=weight)))
    return Compared(
        len(rows),
        float(np.average(new, weights=weight)),
        float(np.average(present, weights=weight)),
        float(np.sqrt(np.sum(spread**2)) / weight.sum()),
    )


def _losses(outcomes: Sequence[Outcome]) -> NDArray[np.float64]:
    return np.array([(o.probability - o.judgement.right) ** 2 for o in outcomes])
