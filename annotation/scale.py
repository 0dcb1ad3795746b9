"""What a score is a number of: the unit of its metric, and between which numbers such scores usually lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.cells import CellState
from extractors.facts.benchmarks import ScoreUnit, catalogue
from extractors.facts.values import Name, Value


@dataclass(frozen=True, slots=True)
class Scale:
    """A metric, on the benchmark that it measures where that is known."""

    name: str
    unit: ScoreUnit
    low: float
    """Lower ones are hardly ever printed; the range of the catalogue, over all benchmarks where it is not known which."""
    high: float

    def __str__(self) -> str:
        """What is usual, in words."""
        return f"{self.name} is usually {self.low:g} to {self.high:g} {self.unit}"


def scale_of(values: Mapping[str, Value | None]) -> Scale | None:
    """The scale of a result's score.

    Args:
        values: of the result, by field.

    Returns:
        The scale; None where the metric is not known.
    """
    metric = catalogue().metrics().get(_id(values.get("metric")))
    if metric is None:
        return None
    benchmark = catalogue().benchmarks().get(_id(values.get("benchmark")))
    if benchmark is not None and metric.id in benchmark.ranges:
        return Scale(f"{metric.name} on {benchmark.name}", metric.unit, *benchmark.ranges[metric.id])
    ranges = [one.ranges[metric.id] for one in catalogue().benchmark if metric.id in one.ranges]
    if not ranges:
        return None
    return Scale(metric.name, metric.unit, min(low for low, _ in ranges), max(high for _, high in ranges))


def scale_beside(cells: Iterable[CellState]) -> Scale | None:
    """The scale of a score by the other cells of its result; None where the metric is not known."""
    return scale_of({cell.key.field: cell.value for cell in cells})


def _id(value: Value | None) -> str:
    return value.id if isinstance(value, Name) else ""
