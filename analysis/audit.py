"""What looks wrong in the authors' tables: reported beside the fits, never repaired.

Rules say how such a table should be (a processor has one rate, a time is a time, sums add up), and know no row by
its name. The measures recomputed here from a row's own parts also show that ours are the authors'.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analysis.authors import PHASES, PROCESSORS, Table, works_of
from extractors.facts.measures import (
    Exposure,
    Work,
    hardware_burden,
    network_operations,
    operations_per_pass,
)

ROUNDING: Final = 0.05
"""The tables print two or three digits; beyond this, two numbers are not the same."""
_NO_TIME = 1e10
"""A bare number as large as this is no time in any unit."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd in a table."""

    table: str
    line: int
    """Of the file, the header being the first."""
    model: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How often a measure computed from a row's parts agrees with the one that stands in the row."""

    measure: str
    rows: int
    agreeing: int
    worst: float
    """Largest relative difference among those that agree."""


def recompute(tables: Mapping[str, Table]) -> tuple[Recomputed, ...]:
    """Both measures over all tables, where a row has the parts and the whole."""
    ratios: dict[str, list[float]] = {"hardware burden": [], "network operations": []}
    for table in tables.values():
        for row in range(len(table.rows)):
            for measure, found in _off(table, row):
                ratios[measure].append(found)
    return tuple(_summary(measure, found) for measure, found in ratios.items())


def remarks(tables: Mapping[str, Table]) -> tuple[Remark, ...]:
    """Everything odd, table by table in the order of lines."""
    rates = _rates(tables)
    return tuple(
        Remark(table.name, table.line(row), table.text(row, "name").strip(), sentence)
        for table in tables.values()
        for row in range(len(table.rows))
        for sentence in _about(table, row, rates)
    )


def _about(table: Table, row: int, rates: Mapping[str, Counter[float]]) -> Iterator[str]:
    name = table.text(row, "name")
    if name != name.strip():
        yield "the name has blanks at an end"
    for measure, off in _off(table, row):
        if off > ROUNDING:
            yield f"the cell of {measure} is {off:.0%} off what the row's other cells give"
    for phase in PHASES:
        yield from _about_time(table, row, phase)
        for kind in PROCESSORS:
            yield from _about_rate(table, row, f"{phase}_{kind}", rates)


def _about_time(table: Table, row: int, phase: str) -> Iterator[str]:
    printed = table.text(row, f"{phase}_time_total").strip()
    try:
        number = float(printed)
    except ValueError:
        return
    if number >= _NO_TIME:
        yield f"{printed} stands for the {phase} time and is none"


def _about_rate(table: Table, row: int, place: str, rates: Mapping[str, Counter[float]]) -> Iterator[str]:
    model, rate = table.text(row, f"{place}_model").strip(), table.number(row, f"{place}_ptp_gflops")
    if rate is None or not model:
        return
    usual = max(rates[model].items(), key=lambda item: (item[1], item[0]))[0]
    if abs(rate / usual - 1.0) > ROUNDING:
        yield f"{model} has {rate:g} Gflop/s here, {usual:g} in most rows"


def _rates(tables: Mapping[str, Table]) -> Mapping[str, Counter[float]]:
    """How often each processor has which rate."""
    found: defaultdict[str, Counter[float]] = defaultdict(Counter)
    for table in tables.values():
        for row in range(len(table.rows)):
            for place in (f"{phase}_{kind}" for phase in PHASES for kind in PROCESSORS):
                if rate := table.number(row, f"{place}_ptp_gflops"):
                    found[table.text(row, f"{place}_model").strip()][rate] += 1
    return found


def _off(table: Table, row: int) -> Iterator[tuple[str, float]]:
    """Relative difference of each measure from its parts, where the row has both."""
    works = [Work(rate, wall_time=time, count=count) for time, count, rate in works_of(table, row)]
    yield from _difference("hardware burden", hardware_burden(works), table.number(row, "hardware_burden"))
    per_pass = operations_per_pass(table.number(row, "flops"), table.number(row, "multiadds"))
    shown = [
        Exposure(epochs=epochs, examples=examples)
        for phase in PHASES
        if (epochs := table.number(row, f"{phase}_epochs"))
        and (examples := table.number(row, f"{phase}_set_size"))
    ]
    ours = network_operations(per_pass, shown)
    yield from _difference("network operations", ours, table.number(row, "network_operations"))


def _difference(measure: str, ours: float | None, theirs: float | None) -> Iterator[tuple[str, float]]:
    if ours is not None and theirs:
        yield measure, abs(ours / theirs - 1.0)


def _summary(measure: str, found: list[float]) -> Recomputed:
    agreeing = [off for off in found if off <= ROUNDING]
    return Recomputed(measure, len(found), len(agreeing), max(agreeing, default=0.0))
