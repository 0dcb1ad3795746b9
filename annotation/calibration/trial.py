"""A trial of a way to fit: every paper judged by a model, and by borders, that were made without it.

This is nested cross-validation over papers: `fit` chooses, calibrates and proves by a cross-validation of its own inside
the papers it is given, and is judged by those it was not given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.calibration.fitting import FAMILIES, unseen
from annotation.calibration.measures import Figures, Told, figures_of, risks
from annotation.calibration.proofs import Judged, correlation, effective_size
from extractors.confidence import Model, probability_of
from extractors.facts.fields import FIELDS
from extractors.judgements import Judgement
from extractors.promise import Promise, lower_bound, threshold

FOLDS = 10
COVERAGES = tuple(step / 10 for step in range(1, 11))
_TINY = 1e-9
"""By which sums of shares may miss a round number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A judgement with the probability of a model that had not seen its paper, and whether it would be published unseen."""

    judgement: Judgement
    probability: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """What would be published unseen."""

    values: int
    precision: float
    """Share of them that is right; 0 of none."""
    bound: float
    """Its lower bound, one-sided at 90%, clustered by paper."""
    recall: float
    """Share of the right values that are among them."""


def try_out(judgements: Sequence[Judgement], promise: Promise, seed: int = 0) -> list[Outcome]:
    """Every judgement as a model without its paper has it."""
    found = []
    for held, model in unseen(judgements, FOLDS, seed):
        found += judged_by(model, held, promise)
    return found


def judged_by(model: Model, judgements: Sequence[Judgement], promise: Promise) -> list[Outcome]:
    """Every judgement as a model has it."""
    found = []
    for row in judgements:
        least, probability = threshold(row.path, model, promise), probability_of(row.path, row.inputs, model)
        found.append(Outcome(row, probability, least is not None and probability >= least))
    return found


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Skill, calibration and risk of outcomes."""
    return figures_of(told(outcomes))


def accepted(outcomes: Sequence[Outcome]) -> Accepted:
    """What would be published unseen of these."""
    kept = [o for o in outcomes if o.accepted]
    if not kept:
        return Accepted(0, 0.0, 0.0, 0.0)
    judged = _judged(kept)
    precision = float(np.average(judged.right, weights=judged.weight))
    bound = lower_bound(precision, effective_size(judged, correlation(_judged(outcomes))))
    right = sum(o.judgement.weight for o in outcomes if o.judgement.right)
    return Accepted(
        len(kept), precision, bound, sum(o.judgement.weight for o in kept if o.judgement.right) / right
    )


def risk_at(outcomes: Sequence[Outcome], coverage: float) -> float:
    """Share wrong among the surest part of the values."""
    share, risk = risks(told(outcomes))
    return float(risk[min(int(np.searchsorted(share, coverage - _TINY)), len(risk) - 1)])


def told(outcomes: Sequence[Outcome]) -> Told:
    """What was told of them and what came of it."""
    judged = _judged(outcomes)
    return Told(judged.probability, judged.right, judged.weight)


def groups(outcomes: Sequence[Outcome]) -> Mapping[str, list[Outcome]]:
    """Outcomes by family, then by field, in the order of the field registry; what was set aside is a family and in no field."""
    found: dict[str, list[Outcome]] = {}
    for family in FAMILIES:
        found[family] = [o for o in outcomes if o.judgement.family == family]
    for path in FIELDS:
        found[path] = [o for o in outcomes if o.judgement.path == path and o.judgement.family != "asides"]
    return {name: of for name, of in found.items() if of}


def _judged(outcomes: Sequence[Outcome]) -> Judged:
    rows = [o.judgement for o in outcomes]
    return Judged(
        [row.paper for row in rows],
        np.array([o.probability for o in outcomes]),
        np.array([row.right for row in rows], float),
        np.array([row.weight for row in rows]),
    )
