"""What a statement about hardware or time is said of, in points: the paper's own training, or something else.

Something else is inference and speed tests, other people's systems, what would be needed, and thanks for donated
hardware. The outcome is a small sum of named points, all of which go along as features, so that a fitted model can
weigh them better than this module does. What each counts, and the words, are in `ontology/cues.toml`; which of it is said
is heard in `rules.hearing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from extractors.rules.cues import cues

ACCEPT_AT = 1.0
"""Points from which a statement is taken to be about the paper's own training."""


@dataclass(frozen=True, slots=True)
class Stance:
    """What a statement is said of, in points and in words."""

    features: Mapping[str, float]
    """What is said, by the names of cues and relations: 1 where it is, else 0."""

    @property
    def points(self) -> float:
        """How much speaks for the paper's own training."""
        weights = cues().weights
        return sum(weights[name].points * said for name, said in self.features.items())

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against it, in words."""
        weights = cues().weights
        return tuple(
            weights[name].reason for name, said in self.features.items() if said and weights[name].reason
        )

    @property
    def is_training(self) -> bool:
        """Whether it speaks of the paper's own training."""
        return self.points >= ACCEPT_AT

    def says(self, names: Sequence[str]) -> bool:
        """Whether one of some things is said."""
        return any(self.features.get(name) for name in names)

    def beside(self) -> Self:
        """The stance where hardware and a time stand in one sentence: that is how runs are reported."""
        return self._where(("time_and_hardware",), 1.0)

    def in_numbers(self) -> Self:
        """The stance towards so many devices that words about throughput beside them are about training."""
        return self.regardless(("inference_nearer",)) if self.features["training_word"] else self

    def regardless(self, names: Sequence[str]) -> Self:
        """The stance where some words say nothing: those of speed beside a rate, a data set's citation."""
        return self._where(names, 0.0)

    def of_another(self) -> Self:
        """The stance where the subject is a model that the paper cites: somebody else trained it."""
        return self._where(("foreign_subject",), 1.0)

    def where(self, said: Mapping[str, float]) -> Self:
        """The stance where some things are said, or are not."""
        return type(self)({**self.features, **said})

    def _where(self, names: Sequence[str], said: float) -> Self:
        return self.where(dict.fromkeys(names, said))
