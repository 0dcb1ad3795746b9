"""What one sentence says of the paper's own training, as values: findings with their stance, kept or dismissed.

What is kept is decided in `rules.keeping`, sentences are asked in `rules.telling`, joining them is in `rules.joining`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.language import Sentence
from extractors.rules.findings import Finding
from extractors.rules.stance import ACCEPT_AT, Stance

UNSAID = "nothing says that a training took so long"
"""Why a time is dismissed that stands beside a training and has nothing to do with it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with what it is said of."""

    finding: Finding
    stance: Stance


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A finding that is taken to be said of something else, or to say nothing of a training."""

    told: Told
    otherwise: str
    """Why, where the stance is not what decided."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in words."""
        stance = self.told.stance
        if stance.is_training:
            return (self.otherwise,)
        return stance.reasons or (
            f"{stance.points:g} points for the paper's own training, less than {ACCEPT_AT:g}",
        )

    @property
    def is_of_another(self) -> bool:
        """Whether something says whose it is or what it is for, rather than that too little speaks for a training."""
        return self.otherwise != UNSAID if self.told.stance.is_training else bool(self.told.stance.reasons)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says about the paper's own training."""

    sentence: Sentence
    before: Sequence[Sentence]
    hardware: tuple[Told, ...] = ()
    times: tuple[Told, ...] = ()
    schedules: tuple[Told, ...] = ()
    resources: tuple[Told, ...] = ()
    dismissed: tuple[Dismissed, ...] = ()
    """What its rules found beside that, kept for explanations."""
