"""Which of several runs is a model's training: the rule that the layouts of a release and the analysis share.

A paper that tells several runs of one model in one phase tells alternatives, as other hardware, sizes or data sets, and not
parts: of the 84 labelled papers six models have such runs, whose sum is 1.4 to 3.9 times the costliest. So phases add up, and
of one phase the costliest run stands, because the best model is seldom the cheapest; a CPU stands beside what it fed. Of
several runs that a paper says of all its models nobody knows which is this model's, unless they cost the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from extractors.facts.fields import Phase
from extractors.facts.measures import Exposure, Work, product

Stage = Literal["training", "pretraining", "finetuning", "search"]
STAGES: Final[Mapping[Phase, Stage]] = {
    "unspecified": "training",
    "training": "training",
    "pretraining": "pretraining",
    "finetuning": "finetuning",
    "search": "search",
}
"""Phases that add up; what a paper calls nothing is its training."""
SAME: Final = 1.05
"""Two costs within this factor are one, rounded twice."""

T = TypeVar("T")
_Cell = TypeVar("_Cell")


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """A run, by what decides whether it stands."""

    run: T
    id: str
    phase: Phase
    feeds: bool
    """Whether it tells of a CPU, which may have worked beside other processors."""
    work: Work
    """What was done, by the authors' convention, so that another one changes no choice."""
    said: int
    """How many of its cells about hardware and time are told."""
    of_all: bool
    """Whether the paper says it of all its models."""

    @property
    def weight(self) -> tuple[float, int, float, str]:
        """By which runs of one phase are ordered: what it cost, how much it says, how large its machine is."""
        return self.work.burden() or 0.0, self.said, product(self.work.rate, self.work.count) or 0.0, self.id


def by_stage(runs: Iterable[Told[T]]) -> Mapping[tuple[Stage, bool], Sequence[Told[T]]]:
    """Runs by phase, those of CPUs by themselves, the one that stands first.

    Raises:
        DatasetError: a time or count is negative.
    """
    found: defaultdict[tuple[Stage, bool], list[Told[T]]] = defaultdict(list)
    for told in sorted(runs, key=lambda item: item.weight, reverse=True):
        found[STAGES[told.phase], told.feeds].append(told)
    return dict(sorted(found.items()))


def is_one(runs: Sequence[Told[T]]) -> bool:
    """Whether the first of some runs of a phase is a model's training: its own, the only one, or one that costs as the others do."""
    if len(runs) == 1 or not runs[0].of_all:
        return True
    whole = [burden for told in runs if (burden := told.work.burden())]
    return bool(whole) and max(whole) <= SAME * min(whole)


def shown(told: Sequence[Exposure], of_all: bool) -> Exposure:
    """What runs of a phase showed: what the only one says that says all of it, else the numbers that none contradicts.

    What a paper says of all its models counts only if none contradicts it: one trained on two sets tells two numbers of steps.
    """
    if not of_all and len({item.shown() for item in told} - {None}) == 1:
        return next(item for item in told if item.shown() is not None)
    return Exposure(
        epochs=only(item.epochs for item in told),
        examples=only(item.examples for item in told),
        steps=only(item.steps for item in told),
        batch_size=only(item.batch_size for item in told),
    )


def only(cells: Iterable[_Cell]) -> _Cell | None:
    """The cell that all say that say any."""
    found = {cell for cell in cells if cell is not None}
    return found.pop() if len(found) == 1 else None
