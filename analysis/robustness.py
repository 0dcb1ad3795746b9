"""What else the points of a study say: every estimator, both forms against each other, pooled slopes, other conventions.

The story of the second half of `burden analyze`. Each row names its benchmark and its convention; what could not be
fitted is a row too, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from analysis.conventions import Options
from analysis.estimators import Estimate, regress
from analysis.forms import FormComparison, compare_forms
from analysis.load import Release
from analysis.pooling import Pooling, pool
from analysis.regressions import NoFit
from analysis.sample import Sample, sample_of
from analysis.sensitivity import Sensitivity, sensitivity
from analysis.study import Study

DRAWS: Final = 1_000
"""Resamples of papers, where an interval is made by drawing."""
SEED: Final = 20_200_710
"""Of all draws, so that the same release gives the same report: the day of arXiv:2007.05558."""

_WAYS: Final[tuple[Mapping[str, Any], ...]] = (
    {"estimator": "ols", "errors": "classical"},
    {"estimator": "ols", "errors": "hc3"},
    {"estimator": "ols", "errors": "clustered"},
    {"estimator": "ols", "errors": "hc3", "year": True},
    {"estimator": "theil-sen"},
    {"estimator": "quantile", "q": 0.9},
    {"estimator": "frontier"},
)

Row = dict[str, str | float | int | None]


@dataclass(frozen=True, slots=True)
class Robustness:
    """Tidy rows by what they tell, and the sentences that sum them up."""

    estimates: tuple[Row, ...]
    """A row for each coefficient of each estimator, and for each that gives no line."""
    forms: tuple[Row, ...]
    pooled: tuple[Row, ...]
    conventions: tuple[Sensitivity, ...]
    sentences: Mapping[str, str]
    """Which form the points speak for, by benchmark."""
    pooling: str
    """What pooling found, or why there is none."""


def robustness(
    study: Study, releases: Sequence[Release], options: Options, draws: int = DRAWS, seed: int = SEED
) -> Robustness:
    """Everything beyond the paper's own fits, for the benchmarks of a study that have points.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be under one of the conventions.
    """
    samples = {section.benchmark: sample_of(section.points) for section in study.sections if section.points}
    estimates = tuple(
        row
        for name, sample in samples.items()
        for row in _estimates(name, sample, study.convention, draws, seed)
    )
    compared = {name: compare_forms(sample, convention=study.convention) for name, sample in samples.items()}
    pooling = pool(
        [point for section in study.sections for point in section.points], convention=study.convention
    )
    return Robustness(
        estimates,
        tuple(row for name, found in compared.items() for row in _form_rows(name, found, study.convention)),
        tuple(pooling.rows()) if isinstance(pooling, Pooling) else (),
        tuple(item for item in sensitivity(releases, options) if item.benchmark in samples),
        {name: found.sentence if isinstance(found, FormComparison) else _no_fit(found) for name, found in compared.items()},
        _pooling_words(pooling),
    )  # fmt: skip


def _estimates(name: str, sample: Sample, convention: str, draws: int, seed: int) -> Iterator[Row]:
    if reason := sample.no_line():
        yield _without(name, "all", reason, len(sample), convention)
        return
    for way in _WAYS:
        found = regress(sample, draws=draws, seed=seed, convention=convention, **way)
        if isinstance(found, Estimate):
            yield from ({"benchmark": name, **row} for row in found.rows())
        else:
            words = ", ".join(str(word) for word in way.values() if word is not True)
            yield _without(name, words, found.reason, found.n, convention)


def _without(name: str, estimator: str, reason: str, n: int, convention: str) -> Row:
    return {"benchmark": name, "estimator": estimator, "no_fit": reason, "n": n, "convention": convention}


def _form_rows(name: str, found: FormComparison | NoFit, convention: str) -> Iterator[Row]:
    if isinstance(found, NoFit):
        yield {"benchmark": name, "no_fit": found.reason, "n": found.n, "convention": convention}
    else:
        yield from ({"benchmark": name, **row} for row in found.rows())


def _no_fit(found: NoFit) -> str:
    return f"The forms are not compared: {found.reason}."


def _pooling_words(found: Pooling | NoFit) -> str:
    if isinstance(found, NoFit):
        return f"Slopes are not pooled: {found.reason}."
    return (
        f"Over {len(found.benchmarks)} benchmarks the usual slope is {found.slope:.4f} "
        f"({found.low:.4f} to {found.high:.4f}); slopes scatter about it by {found.spread:.4f}."
    )
