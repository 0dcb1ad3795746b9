"""What a release says of how sure a point is: the ranges that print allows, and how probable its cells are.

A burden is a product, so the ranges of its factors add on a log scale; of several runs the vaguest stands for all. A time
without a range is as exact as its last printed digit, and one that is only bounded from above ("less than 4 hours") is
taken to lie within a power of ten below. Counts are exact. A cell that people decided is right; the others are right as
often as the confidence model judges, and a burden if all its cells are. Points without evidence, as those of the
authors' tables, are taken as exact: nobody wrote down how sure they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from analysis.load import Evidence
from analysis.points import LeftOut, Point
from analysis.uncertainty import UncertainPoint, sd_of_range
from extractors.facts.measures import Method

Cells = Mapping[str, tuple[Evidence, ...]]
"""Evidence by the key of the row that shows it."""

_TIMES: Final = frozenset({"wall_time_s", "device_time_s"})
_PARTS: Final[Mapping[Method, frozenset[str]]] = {
    "hardware": frozenset({"accelerator", "count", *_TIMES}),
    "operations": frozenset({"flops", "multiply_adds", "epochs", "steps", "batch_size", "training_set_size"}),
    "6nd": frozenset({"parameters", "epochs", "steps", "batch_size", "training_set_size"}),
}
"""Columns whose cells make a burden by each method."""
_BOUNDED: Final = 10.0
_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_JUDGED: Final = "automatic"
"""The status of cells that nobody has looked at."""


def keys_of(entries: Iterable[Point | LeftOut]) -> frozenset[str]:
    """The rows that points lead to."""
    return frozenset(
        key for item in entries for key in (item.result_id, item.model_id or "", *item.runs) if key
    )


def cells_of(entry: Point | LeftOut, evidence: Cells, method: Method) -> Iterator[Evidence]:
    """The cells that a point is made of: its score first, then what its burden is made of."""
    yield from (cell for cell in evidence.get(entry.result_id, ()) if cell.column_name == "score")
    yield from _burden_cells(entry, evidence, method)


def uncertain(entry: Point | LeftOut, evidence: Cells, method: Method) -> UncertainPoint:
    """A point, or a paper without one, with what is known of its burden and its error."""
    burden = entry.burden if isinstance(entry, Point) and entry.basis == "reported" else None
    rows = [entry.model_id or "", *entry.runs]
    cells = list(_burden_cells(entry, evidence, method))
    of_runs = [_sd(cell for cell in cells if cell.row_id == row) for row in rows]
    score = next((cell for cell in evidence.get(entry.result_id, ()) if cell.column_name == "score"), None)
    return UncertainPoint(
        error=entry.error,
        burden=burden,
        operations=entry.operations,
        log_burden_sd=max(of_runs, default=0.0) if burden else 0.0,
        error_sd=_spread(score) / 100.0 if score else 0.0,
        probability=math.prod(_probability(cell) for cell in cells),
        name=entry.paper_id,
    )


def _burden_cells(entry: Point | LeftOut, evidence: Cells, method: Method) -> Iterator[Evidence]:
    for row in (entry.model_id or "", *entry.runs):
        cells = [cell for cell in evidence.get(row, ()) if cell.column_name in _PARTS[method]]
        whole = any(cell.column_name == "device_time_s" for cell in cells)
        # device-seconds are taken before the product of devices and seconds
        yield from (cell for cell in cells if not (whole and cell.column_name in ("count", "wall_time_s")))


def _sd(cells: Iterable[Evidence]) -> float:
    """Of log10 of a product of these."""
    return math.hypot(*(_sd_of(cell) for cell in cells))


def _sd_of(cell: Evidence) -> float:
    low, high = cell.low, cell.high
    if low is None or high is None or not 0.0 <= low <= high or high <= 0.0:
        return 0.0
    if low == high and cell.column_name in _TIMES:
        half = _half_a_digit(cell.printed or "")
        low, high = low * (1.0 - half), high * (1.0 + half)
    return sd_of_range(low or high / _BOUNDED, high)


def _half_a_digit(printed: str) -> float:
    """Half of the last digit of the first number in a print, as a share of it."""
    found = _NUMBER.search(printed)
    number = float(found[0].replace(",", "")) if found else 0.0
    return min(0.5 * 10.0 ** -len(found[1] or "") / number, 0.5) if found and number else 0.0


def _spread(cell: Evidence) -> float:
    if cell.low is None or cell.high is None:
        return 0.0
    return max(cell.high - cell.low, 0.0) / math.sqrt(12.0)


def _probability(cell: Evidence) -> float:
    judged = cell.status == _JUDGED and cell.probability is not None
    return float(cell.probability or 0.0) if judged else 1.0


def known_evidence(found: Sequence[Cells]) -> Cells:
    """The evidence of several releases; of one row that two have, that of the first."""
    return {key: cells for part in reversed(found) for key, cells in part.items()}
