"""Everything that `burden analyze` says: the study, and each doubt about it, as one value.

What is shown where, and in which files, is `analysis.report`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.certainty import Cells, keys_of, known_evidence, uncertain
from analysis.conventions import Options
from analysis.load import Release, evidence_of
from analysis.movement import Movement, movement
from analysis.points import LeftOut, Point
from analysis.projections import BUDGET, Projections, project
from analysis.regressions import Fit, NoFit, least_squares
from analysis.robustness import DRAWS, SEED, Robustness, Row, robustness
from analysis.sample import FEWEST_POINTS, year_of
from analysis.selection import Reported, Weighted, coverage, weigh
from analysis.study import Section, Study, study
from analysis.targets import Target
from analysis.uncertainty import Imputed, impute


@dataclass(frozen=True, slots=True)
class FittedConversion:
    """Hardware burden by network operations, over all papers that report both: log10 on log10."""

    points: tuple[Point, ...]
    """One a paper and model."""
    fit: Fit | NoFit
    convention: str

    def rows(self) -> Iterator[Row]:
        """One tidy row."""
        row: Row = {"n": len(self.points), "convention": self.convention}
        if isinstance(self.fit, NoFit):
            yield row | {"no_fit": self.fit.reason}
            return
        low, high = self.fit.interval()
        yield row | {
            "intercept": self.fit.intercept, "slope": self.fit.slope, "se": self.fit.se, "low": low, "high": high,
            "r2": self.fit.r2,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reporting:
    """One benchmark: who reports a burden, and the slope with papers weighed by how probable that was."""

    benchmark: str
    undated: int
    """Papers without a year, which no weight can be given."""
    groups: tuple[Row, ...]
    """Papers and those that report, by year, by size and by where the numbers are from."""
    weighted: Weighted | NoFit

    def rows(self) -> Iterator[Row]:
        """The groups as tidy rows."""
        yield from ({"benchmark": self.benchmark, **row} for row in self.groups)

    def check(self, convention: str) -> Row:
        """The weighted slope as one tidy row."""
        found = self.weighted
        row: Row = {"benchmark": self.benchmark, "undated": self.undated, "convention": convention}
        if isinstance(found, NoFit):
            return row | {"reporting": found.n, "no_fit": found.reason}
        return row | {
            "papers": found.papers, "reporting": found.reporting, "slope": found.slope, "weighted": found.weighted,
            "low": found.low, "high": found.high, "effective": found.effective,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Analysis:
    """All of it, under one convention."""

    study: Study
    robust: Robustness
    conversion: FittedConversion
    imputed: Mapping[str, Imputed | NoFit]
    """Slopes with what is not known exactly, by benchmark."""
    reporting: tuple[Reporting, ...]
    projections: Projections
    moved: Movement | None = None
    """Since an earlier release, where one was given."""
    evidence: Cells = field(default_factory=dict)
    """Of the points, and of papers without one, by the key of the row that shows it."""

    def imputed_rows(self) -> Iterator[Row]:
        """One tidy row a benchmark."""
        for name, found in self.imputed.items():
            if isinstance(found, NoFit):
                yield {"benchmark": name, "n": found.n, "no_fit": found.reason, "convention": self.study.convention}  # fmt: skip
            else:
                yield from ({"benchmark": name, **row} for row in found.rows())


def analyze(
    releases: Sequence[Release],
    options: Options,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    targets: Sequence[Target | float] = (),
    budget: float = BUDGET,
    since: Sequence[Release] = (),
) -> Analysis:
    """Everything that the points of some releases say under one convention.

    Args:
        releases: what is analysed; where several have a paper, the first one's point counts.
        options: how burdens are counted.
        draws: of whatever is drawn.
        seed: of the draws.
        targets: errors to tell the price of, beside those that every benchmark has.
        budget: US dollars of which to tell when a target costs no more.
        since: an earlier release, to tell what moved the slopes.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be, or evidence cannot be read.
        UsageError: a target is of a benchmark without points, or the budget is none.
    """
    done = study(releases, options)
    entries = [item for section in done.sections for item in entries_of(section)]
    evidence = known_evidence([evidence_of(release, keys_of(entries)) for release in releases])
    tracked = [section for section in done.sections if entries_of(section)]
    return Analysis(
        done,
        robustness(done, releases, options, draws, seed),
        conversion_of(done),
        {section.benchmark: _imputed(section, evidence, options, draws, seed) for section in tracked},
        tuple(reporting_of(section, done.convention) for section in tracked),
        project(done, targets, convention=options.convention, budget=budget, draws=draws, seed=seed),
        movement(since, releases, options) if since else None,
        evidence,
    )


def entries_of(section: Section) -> Sequence[Point | LeftOut]:
    """All papers with a result, with a burden or without."""
    return (*section.points, *section.left_out)


def conversion_of(done: Study) -> FittedConversion:
    """The line from network operations to hardware burdens, over all benchmarks."""
    both = {
        (point.paper_id, point.model_id): point
        for section in done.sections
        for point in section.points
        if point.basis == "reported" and point.operations
    }
    points = tuple(both.values())
    if len(points) < FEWEST_POINTS:
        return FittedConversion(points, NoFit(len(points), f"{len(points)} papers report both, of at least {FEWEST_POINTS}"), done.convention)  # fmt: skip
    burdens = np.log10([point.burden for point in points])
    operations = np.log10([point.operations or np.nan for point in points])
    return FittedConversion(points, least_squares(burdens, operations), done.convention)


def reporting_of(section: Section, convention: str) -> Reporting:
    """Who reports on a benchmark, and what the slope is when those that do stand for those that do not."""
    papers = [
        Reported(
            item.error,
            item.burden if isinstance(item, Point) and item.basis == "reported" else None,
            year_of(item.published) if item.published else None,
            item.parameters,
            item.origin,
        )
        for item in entries_of(section)
    ]
    undated = sum(item.year is None for item in papers)
    weighted = weigh(papers, convention=convention)
    return Reporting(section.benchmark, undated, tuple(coverage(papers)), weighted)


def _imputed(section: Section, evidence: Cells, options: Options, draws: int, seed: int) -> Imputed | NoFit:
    method = options.convention.method
    points = [uncertain(item, evidence, method) for item in entries_of(section)]
    return impute(points, draws=max(draws, 2), seed=seed, convention=options.name)
