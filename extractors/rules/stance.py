"""What a statement about hardware or time is said of, in points: the paper's own training, or something else.

Something else is inference and speed tests, other people's systems, what would be needed, and thanks for donated
hardware. The outcome is a small sum of named points, all of which go along as features, so that a fitted model can
weigh them better than this module does. Which words say what is heard in `rules.hearing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

ACCEPT_AT = 1.0
"""Points from which a statement is taken to be about the paper's own training."""
POINTS = {
    "training_word": 2.0, "trained_on": 0.0, "all_work": 1.0, "work_word": 0.5, "inference_word": -0.5, "inference_nearer": -2.0, "chore_nearer": -3.0, "own_sentence": 0.5, "used": 0.5, "labelled": 0.5,
    "cited": -4.5, "other_work": -4.5, "described": -3.0, "hypothetical": -2.0, "supposed": -2.0, "donated": -5.0, "training_before": 0.5,
    "training_section": 0.5, "other_section": -0.5, "trains_little": -2.0,
}  # fmt: skip
REASONS = {
    "inference_nearer": "words about inference or speed stand nearer than words about training",
    "chore_nearer": "words about preparing data or programs stand nearer than words about training",
    "cited": "a citation stands beside it",
    "other_work": "the sentence compares with other work",
    "described": "the sentence describes the device or what fits on it",
    "hypothetical": "the sentence supposes rather than reports",
    "donated": "the sentence thanks for hardware",
    "trains_little": "the paper hardly speaks of training models",
}


@dataclass(frozen=True, slots=True)
class Stance:
    """What a statement is said of, in points and in words."""

    points: float
    features: Mapping[str, float]
    reasons: tuple[str, ...]

    @property
    def is_training(self) -> bool:
        """Whether it speaks of the paper's own training."""
        return self.points >= ACCEPT_AT

    def beside(self) -> Self:
        """The stance where hardware and a time stand in one sentence: that is how runs are reported."""
        return replace(self, points=self.points + 1.0, features={**self.features, "time_and_hardware": 1.0})

    def in_numbers(self) -> Self:
        """The stance towards so many devices that words about throughput beside them are about training."""
        if not (self.features["inference_nearer"] and self.features["training_word"]):
            return self
        return self.regardless(("inference_nearer",))

    def regardless(self, names: Sequence[str]) -> Self:
        """The stance where some words say nothing: those of speed beside a rate, a data set's citation."""
        spared = sum(POINTS[name] * self.features[name] for name in names)
        features = {**self.features, **dict.fromkeys(names, 0.0)}
        unsaid = {REASONS[name] for name in names if name in REASONS}
        reasons = tuple(reason for reason in self.reasons if reason not in unsaid)
        return replace(self, points=self.points - spared, features=features, reasons=reasons)

    def of_another(self) -> Self:
        """The stance where the subject is a model that the paper cites: somebody else trained it."""
        features, reason = (
            {**self.features, "foreign_subject": 1.0},
            "the sentence speaks of a model that the paper cites",
        )
        return replace(self, points=self.points - 3.0, features=features, reasons=(*self.reasons, reason))
