"""Calibration from judged values to a new model that may be installed, or to the reasons why not: the story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotation.calibration.comparing import Comparison, compare
from annotation.calibration.fitting import fit
from annotation.calibration.trial import Outcome, figures, groups, try_out
from extractors.confidence import Model
from extractors.judgements import Judgement
from extractors.promise import Promise


@dataclass(frozen=True, slots=True)
class Calibration:
    """A new model, and all that is known of it."""

    model: Model
    trial: tuple[Outcome, ...]
    """Every judged value as a model has it that had not seen its paper."""
    promise: Promise
    comparison: Comparison
    """With the present model."""

    @property
    def refused(self) -> tuple[str, ...]:
        """Why it must not be installed; empty if it may."""
        return self.comparison.objections


def calibrate(judgements: Sequence[Judgement], present: Model, promise: Promise, version: str) -> Calibration:
    """Fit a model to judged values, try the way it was fitted, and compare it with the present one.

    Raises:
        UsageError: there are too few judged values, or scikit-learn is missing.
    """
    trial = tuple(try_out(judgements, promise))
    model = replace(fit(judgements, version), report=_report(trial))
    return Calibration(model, trial, promise, compare(trial, model, present))


def _report(trial: Sequence[Outcome]) -> dict[str, float | str]:
    """The figures that a model carries with it: of families, and of fields by their paths."""
    found: dict[str, float | str] = {"method": "nested cross-validation over papers"}
    for name, outcomes in groups(trial).items():
        measured = figures(outcomes)
        found[f"{name}.judged"] = float(measured.judged)
        found[f"{name}.skill"] = round(measured.skill, 4)
        found[f"{name}.calibration_error"] = round(measured.calibration_error, 4)
    return found
