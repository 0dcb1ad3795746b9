"""Errors that a projection asks the price of: half of what is reached, those of the paper's first version, and a reader's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from extractors.facts.errors import UsageError

TARGETS_2020: Final[Mapping[str, tuple[float, ...]]] = {
    "imagenet": (0.115, 0.05, 0.01),
    "coco-detection": (0.467, 0.30, 0.10),
    "squad-1.1": (0.04621, 0.02, 0.01),
    "conll-2003": (0.065, 0.02, 0.01),
    "wmt2014-en-fr": (0.544, 0.30, 0.10),
}
"""Errors that the first version projects to, by its tables' names: the best of its time, and two below."""
HALF: Final = "half the smallest error"
PUBLISHED: Final = "projected in arXiv:2007.05558v1"
GIVEN: Final = "given by the reader"
_SAME_BENCHMARK: Final = {
    "imagenet": "imagenet-1k",
    "conll-2003": "conll-2003-ner",
    "wmt2014-en-fr": "wmt14-en-fr",
    "wmt2014-en-de": "wmt14-en-de",
}
"""Names in the authors' tables, and those of releases."""


@dataclass(frozen=True, slots=True)
class Target:
    """An error on a benchmark.

    Raises:
        UsageError: the error is not above 0 and below 1.
    """

    benchmark: str
    error: float
    why: str = GIVEN
    """Where it comes from."""

    def __post_init__(self) -> None:
        if not 0.0 < self.error < 1.0:
            raise UsageError(
                f"an error of {self.error:g} is no target",
                where=self.benchmark,
                remedy="Give one above 0 and below 1, or in percent: imagenet=0.05, imagenet=5%",
            )


def parse_target(text: str) -> Target:
    """A target as a reader types it: `imagenet=0.05`, or `imagenet=5%`.

    Raises:
        UsageError: it is not of that form, or no error is there.
    """
    benchmark, sign, number = (part.strip() for part in text.rpartition("="))
    try:
        error = float(number[:-1]) / 100.0 if number.endswith("%") else float(number)
    except ValueError as problem:
        raise _no_target(text) from problem
    if not (sign and benchmark):
        raise _no_target(text)
    return Target(benchmark, error)


def targets_of(benchmark: str, smallest: float, given: Iterable[Target]) -> tuple[Target, ...]:
    """What to ask of one benchmark: half of the smallest error there, the first version's targets, and those given.

    An error that the first version asks and the reader too is asked once, as the reader's.
    """
    own = [item for item in given if is_same(item.benchmark, benchmark)]
    known = (errors for name, errors in TARGETS_2020.items() if is_same(name, benchmark))
    published = [
        error
        for errors in known
        for error in errors
        if not any(math.isclose(error, item.error) for item in own)
    ]
    return (
        Target(benchmark, smallest / 2.0, HALF),
        *(Target(benchmark, error, PUBLISHED) for error in published),
        *(Target(benchmark, item.error, item.why) for item in own),
    )


def refuse_strays(given: Iterable[Target], benchmarks: Sequence[str]) -> None:
    """Stops at a target for what is not there.

    Raises:
        UsageError: a target names none of the benchmarks.
    """
    for item in given:
        if not any(is_same(item.benchmark, known) for known in benchmarks):
            raise UsageError(
                f"there are no points of {item.benchmark!r} to project from",
                remedy=f"Give a target for one of {', '.join(sorted(benchmarks)) or 'none: there are no points at all'}",
            )


def is_same(one: str, other: str) -> bool:
    """Whether two names are of one benchmark, one of them perhaps as the authors' tables have it."""
    return _SAME_BENCHMARK.get(one, one) == _SAME_BENCHMARK.get(other, other)


def _no_target(text: str) -> UsageError:
    return UsageError(
        f"{text!r} is no target", remedy="Give BENCHMARK=ERROR, as imagenet=0.05 or imagenet=5%"
    )
