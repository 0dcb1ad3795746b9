"""What the rest of a paper says about a benchmark score: what else was scored there, how well, and in which tables."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.mentions import vocabulary
from extractors.surroundings.outline import (
    TEXT,
    Outline,
    Said,
    Subject,
    Surroundings,
    amount,
    grouped,
    share,
)
from extractors.wording import in_words

_RESULTS = 10
"""Scores of one benchmark that a table has as results; where it has more, it compares ways to get there."""
_TESTS = 2
"""Scores that a model gets in one test, as when it was also trained for longer; where there are more, they are trials."""


@dataclass(frozen=True, slots=True)
class _Contest:
    """All results of one benchmark in one metric."""

    results: Sequence[Subject]
    sign: float
    """-1 where lower scores are better."""
    merits: Sequence[float]
    """The scores times their sign, the best last."""
    is_primary: bool
    """Whether the benchmark is best known by this metric."""

    def merit(self, one: Subject) -> float:
        """A score, so that more is better."""
        return self.sign * one.number("score")

    def lead(self, merit: float) -> float:
        """How far the best is ahead, in points, on a logarithmic scale."""
        return math.log1p(self.merits[-1] - merit)


def around_scores(outline: Outline) -> Surroundings:
    """What is said about every score."""
    trained = {run.name("model") for run in outline.runs} - {""}
    tables = grouped(outline.results, _place)
    leading = {place: share([_is_best(one) for one in found]) for place, found in tables.items()}
    told: Surroundings = {}
    for contest in _contests(outline):
        in_paper = _in_paper(contest)
        for place, here in grouped(contest.results, _place).items():
            in_table = {**_in_table(here, contest), "best_of_table": leading[place]}
            beside = tuple(_doubts_of_table(here, contest))
            for one in here:
                is_trained = {"trained": float(one.name("model") in trained)}
                features = {**in_paper, **in_table, **_rank(one, contest), **is_trained}
                told[one.cells["score"].cell] = Said(features, (*beside, *_doubts(one, contest)))
    return told


def _contests(outline: Outline) -> Iterator[_Contest]:
    known = vocabulary()
    for (benchmark, metric), found in grouped(outline.results, _contest_of).items():
        sign = -1.0 if metric in known.metrics and known.metrics[metric].direction == "lower" else 1.0
        primary = benchmark in known.benchmarks and known.benchmarks[benchmark].primary == metric
        yield _Contest(found, sign, sorted(sign * one.number("score") for one in found), primary)


def _in_paper(contest: _Contest) -> dict[str, float]:
    """How much the paper has of a benchmark: the more it scores there, the more of it are trials on the way."""
    return {
        "benchmark_scores": amount(len(contest.results)),
        "benchmark_places": amount(len({_place(one) for one in contest.results})),
        "benchmark_studied": share([one.feature("score", "ablation") > 0 for one in contest.results]),
        "primary_metric": float(contest.is_primary),
    }


def _in_table(here: Sequence[Subject], contest: _Contest) -> dict[str, float]:
    """How one table, or the text, stands among those that score a benchmark: results, or trials on the way to them."""
    tables = [(_page(one), _place(one)) for one in contest.results if _place(one) != TEXT]
    return {
        "scores_here": amount(len(here)),
        "first_table": float(bool(tables) and min(tables)[1] == _place(here[0])),
        "table_behind": contest.lead(max(map(contest.merit, here))),
    }


def _rank(one: Subject, contest: _Contest) -> dict[str, float]:
    """How one score stands among those of its benchmark."""
    merit = contest.merit(one)
    return {
        "best": float(_is_best(one)),
        "behind": contest.lead(merit),
        "beaten": 1 - bisect_right(contest.merits, merit) / len(contest.merits),
        "repeated": amount(contest.merits.count(merit) - 1),
    }


def _doubts_of_table(here: Sequence[Subject], contest: _Contest) -> Iterator[str]:
    """What speaks against all scores of a table: that the paper's results stand in another."""
    best = [one for one in contest.results if _is_best(one) and _place(one) != TEXT]
    if best and not any(map(_is_best, here)):
        first = min(best, key=lambda one: (-contest.merit(one), _page(one), one.printed("score")))
        yield f"the best score, {first.printed('score')}, stands in {_place(first)}"
    if _place(here[0]) != TEXT and len(here) > _RESULTS:
        yield f"{in_words(len(here) - 1)} other scores of this benchmark in this table"


def _doubts(one: Subject, contest: _Contest) -> Iterator[str]:
    """What speaks against one score: that nobody knows whose it is, or that its model has many."""
    if not one.name("model"):
        yield "nothing names the model"
        return
    alike = {contest.merit(other) for other in contest.results if _test_of(other) == _test_of(one)}
    if len(alike) > _TESTS:
        yield f"{in_words(len(alike) - 1)} other scores of the same model"


def _contest_of(one: Subject) -> tuple[str, str]:
    return one.name("benchmark"), one.name("metric")


def _test_of(one: Subject) -> tuple[str, ...]:
    """What a model has one score in, if it was tested once."""
    return one.name("model"), one.name("split"), one.name("setting")


def _page(one: Subject) -> int:
    return one.cells["score"].evidence.page


def _place(one: Subject) -> str:
    return one.place("score")


def _is_best(one: Subject) -> bool:
    return one.name("standing") == "best"
