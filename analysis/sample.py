"""Points as columns: what every estimator is given, checked row by row.

A sample comes from the points of a release, from rows of any table, or from a data frame. A number that cannot be is
an error that names its row and column, because a fit of it would look like a fit; too few points, or points that do
not vary, are no error but the reason why there is no fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.points import Point
from extractors.facts.errors import DatasetError

FEWEST_POINTS: Final = 8
"""A slope of fewer points is decided by one of them: they are shown, and no line is drawn."""

_SAME: Final = 1e-9
"""Of powers of ten, and of shares: numbers this near differ by rounding only."""

Numbers = NDArray[np.float64]
Column = Literal["burden", "error", "paper", "benchmark", "published"]
Points = Iterable[Point] | Iterable[Mapping[str, object]] | pd.DataFrame


@dataclass(frozen=True, slots=True)
class Sample:
    """Points as columns of one length."""

    burden: Numbers
    """FLOP, above 0."""
    error: Numbers
    """Above 0, at most 1."""
    papers: tuple[str, ...]
    benchmarks: tuple[str, ...]
    year: Numbers
    """With fractions; NaN where it is not known."""

    def __len__(self) -> int:
        return len(self.burden)

    @property
    def log_burden(self) -> Numbers:
        """Powers of ten of a FLOP."""
        logs: Numbers = np.log10(self.burden)
        return logs

    @property
    def paper_codes(self) -> NDArray[np.intp]:
        """Papers as numbers from 0, in the order of their names."""
        return np.unique(np.array(self.papers, dtype=object).astype(str), return_inverse=True)[1]

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Sample:
        """The sample of these rows."""
        chosen = np.arange(len(self))[rows]
        return replace(
            self,
            burden=self.burden[chosen],
            error=self.error[chosen],
            papers=tuple(self.papers[row] for row in chosen),
            benchmarks=tuple(self.benchmarks[row] for row in chosen),
            year=self.year[chosen],
        )

    def no_line(self, fewest: int = FEWEST_POINTS) -> str:
        """Why these points carry no line, in words, or nothing."""
        if len(self) < fewest:
            return f"{_counted(len(self), 'point')}, of at least {fewest}: a line would be decided by one of them"
        if np.ptp(self.log_burden) < _SAME:
            return f"all points have the same burden (column burden, rows 1 to {len(self)})"
        if np.ptp(self.error) < _SAME:
            return f"all points have the same error (column error, rows 1 to {len(self)})"
        return ""


def sample_of(points: Points, columns: Mapping[Column, str] | None = None) -> Sample:
    """Points as columns.

    Args:
        points: points of a release, or rows with at least the columns `burden` (FLOP) and `error`; `paper` (what
            errors are clustered by; without it each row is its own), `benchmark` and `published` (an ISO date or a
            year) where they are known.
        columns: what these columns are called, where it is something else.

    Raises:
        DatasetError: a column is missing, or a cell cannot be what it says; row and column are named.
    """
    named = dict(columns or {})
    rows = _rows(points)
    burden, error = named.get("burden", "burden"), named.get("error", "error")
    paper, benchmark = named.get("paper", "paper"), named.get("benchmark", "benchmark")
    published = named.get("published", "published")
    return Sample(
        burden=np.array([_burden(row, at, burden) for at, row in enumerate(rows, 1)], dtype=np.float64),
        error=np.array([_error(row, at, error) for at, row in enumerate(rows, 1)], dtype=np.float64),
        papers=tuple(_text(row.get(paper)) or f"row {at}" for at, row in enumerate(rows, 1)),
        benchmarks=tuple(_text(row.get(benchmark)) for row in rows),
        year=np.array([_year(row, at, published) for at, row in enumerate(rows, 1)], dtype=np.float64),
    )


def _rows(points: Points) -> Sequence[Mapping[str, object]]:
    if isinstance(points, pd.DataFrame):
        return [{str(name): cell for name, cell in row.items()} for row in points.to_dict("records")]
    return [_of_point(item) if isinstance(item, Point) else item for item in points]


def _of_point(point: Point) -> Mapping[str, object]:
    return {
        "burden": point.burden,
        "error": point.error,
        "paper": point.paper_id,
        "benchmark": point.benchmark,
        "published": point.published,
    }


def _burden(row: Mapping[str, object], at: int, column: str) -> float:
    number = _number(row, at, column)
    if not number > 0.0:
        raise _impossible(f"a burden of {number:g}", at, column, "Give FLOP above 0, or leave the row out")
    return number


def _error(row: Mapping[str, object], at: int, column: str) -> float:
    number = _number(row, at, column)
    if not 0.0 < number <= 1.0:
        raise _impossible(
            f"an error of {number:g}", at, column, "Give a share above 0, at most 1, or leave the row out"
        )
    return number


def _number(row: Mapping[str, object], at: int, column: str) -> float:
    if column not in row:
        raise DatasetError(
            f"the points have no column {column!r}",
            where=f"row {at}",
            remedy="Name the column that has it by columns={...}",
        )
    cell = row[column]
    try:
        number = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError) as problem:
        raise _impossible(f"{cell!r}", at, column, "Put a number there, or leave the row out") from problem
    if not math.isfinite(number):
        raise _impossible(f"{number:g}", at, column, "Put a number there, or leave the row out")
    return number


def _year(row: Mapping[str, object], at: int, column: str) -> float:
    cell = row.get(column)
    if not (text := _text(cell)):
        return math.nan
    try:
        return year_of(text)
    except ValueError as problem:
        raise _impossible(f"{cell!r} as a date", at, column, "Give a year, or year-month-day") from problem


def year_of(text: str) -> float:
    """An ISO date, or a year, as a year with fractions.

    Raises:
        ValueError: it is neither.
    """
    year, *rest = text[:10].split("-")
    month, day = (*map(int, rest), 1, 1)[:2] if rest else (1, 1)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(text)
    return float(year) + (month - 1) / 12.0 + (day - 1) / 366.0


def _text(cell: object) -> str:
    return (
        "" if cell is None or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)) else str(cell)
    )


def _impossible(what: str, at: int, column: str, remedy: str) -> DatasetError:
    return DatasetError(f"{what} cannot be", where=f"row {at}, column {column}", remedy=remedy)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
