"""What a report is made of: an analysis, how it counted, and what a reader asked to see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.certainty import cells_of
from analysis.conventions import Options
from analysis.drawing.conversion import Pair
from analysis.load import Evidence
from analysis.movement import Movement
from analysis.points import Point
from analysis.projections import Projections
from analysis.robustness import Robustness
from analysis.study import Section, Study
from analysis.whole import Analysis
from extractors.facts.benchmarks import catalogue

Row = Mapping[str, str | float | int | None]
_OURS: Final = frozenset(
    {"slopes", "coverage", "conversion", "sensitivity", "projections", "report", "fits", "points", "left_out"}
)
"""Names of files that are not of a benchmark."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a report shows."""

    analysis: Analysis
    options: Options
    named: frozenset[str] = frozenset()
    """Models to name in figures beside those of the frontier."""

    @property
    def study(self) -> Study:
        """Points and fits."""
        return self.analysis.study

    @property
    def robust(self) -> Robustness:
        """What else the points say."""
        return self.analysis.robust

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Models with both measures."""
        points = self.analysis.conversion.points
        return tuple(
            Pair(point.model, point.operations, point.burden) for point in points if point.operations
        )

    @property
    def used(self) -> tuple[float, float] | None:
        """Intercept and slope by which gaps were filled, if they were."""
        found = self.options.conversion
        return (found.intercept, found.slope) if found else None

    @property
    def coverage(self) -> list[Row]:
        """Papers with a result and those that report a burden, by benchmark and group."""
        return [row for found in self.analysis.reporting for row in found.rows()]

    @property
    def checks(self) -> list[Row]:
        """Slopes with papers weighed by how probable it was that they report."""
        return [found.check(self.study.convention) for found in self.analysis.reporting]

    @property
    def imputed(self) -> list[Row]:
        """Slopes with what is not known exactly."""
        return list(self.analysis.imputed_rows())

    @property
    def projections(self) -> Projections:
        """What the next step would take."""
        return self.analysis.projections

    @property
    def movement(self) -> Movement | None:
        """What moved the slopes since another release."""
        return self.analysis.moved

    @property
    def headlines(self) -> list[Row]:
        """The projections that figures and page show; the tables have the others."""
        return [item.row() for item in self.projections.headlines]

    @property
    def title(self) -> str:
        """What was analysed, in few words."""
        return " and ".join(name for name in self.study.sources if name) or "points"

    def cells(self, point: Point) -> tuple[Evidence, ...]:
        """What a point was made of: its score, then what its burden was made of."""
        found = cells_of(point, self.analysis.evidence, self.options.convention.method)
        return tuple({cell.cell: cell for cell in found}.values())

    @property
    def names(self) -> Mapping[str, str]:
        """Benchmarks' names for people."""
        known = {item.id: item.name for item in catalogue().benchmark}
        return {
            section.benchmark: known.get(section.benchmark, section.benchmark)
            for section in self.study.sections
        }


def stem(section: Section) -> str:
    """The benchmark's id as a file name."""
    name = re.sub(r"[^\w.-]+", "-", section.benchmark).lstrip(".") or "benchmark"
    return f"benchmark-{name}" if name in _OURS else name
