"""The layout of the authors of arXiv:2007.05558: one table a benchmark, one row a model, one group of columns a phase.

Their heads are data (`computational_limits.toml`), letter by letter. What follows from other cells is theirs too: the burden is that
of `extractors.facts.measures` under their convention, and a time that a paper prints in device-hours stands there as they write it,
as the time of that many devices at once, or of one.
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import ClassVar, Final

from pydantic import ConfigDict, TypeAdapter

from db.dataset.layouts.training import (
    Trained,
    link,
    year,
)
from db.dataset.measured import exact_cells, numeric, pass_of, phase_of, processor_of, work_of
from db.dataset.schema import Row, Scalar
from extractors.facts.benchmarks import catalogue
from extractors.facts.measures import (
    AUTHORS,
    AUTHORS_CONVERSION,
    AUTHORS_OLDER_CONVERSION,
    FORWARD_AND_BACKWARD,
    hardware_burden,
    network_operations,
)
from extractors.facts.trainings import STAGES, Stage

HEADINGS: Final = 3
"""Rows of headings below the names of columns."""
_PROCESSORS: Final = ("GPU", "TPU", "CPU")
_GIGA, _DAY = 1e9, 86_400.0
_LOG_OPERATIONS, _LOG_BURDEN = ("log10net", "lo10net"), ("log10hw",)


@dataclass(frozen=True, slots=True)
class Layout:
    """The table of one benchmark."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    benchmark: str
    """Its id here."""
    file: str
    """Their name of the file."""
    splits: tuple[str, ...]
    """The parts of the benchmark that they take scores of."""
    settings: tuple[str, ...]
    """How models may be tested."""
    columns: tuple[tuple[str, str, str, str], ...]
    """Each by its name and the headings below."""
    scores: Mapping[str, str]
    """Metrics by the columns that show them."""
    older_conversion: bool = False
    """Whether missing burdens are converted with the pair that they replaced in other tables."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of columns."""
        return tuple(column[0] for column in self.columns)

    @property
    def head(self) -> tuple[tuple[str, ...], ...]:
        """The first rows of the file: the names and the headings."""
        return tuple(zip(*self.columns, strict=True))

    def row(self, trained: Trained) -> list[Scalar] | None:
        """A model's row, None where it has no score that belongs here."""
        scores = _scores(self, trained.results)
        if not scores.by_metric:
            return None
        cells = _described(trained) | _costs(self, trained, scores.where)
        cells |= {column: scores.by_metric.get(metric) for column, metric in self.scores.items()}
        return exact_cells(cells.get(name) for name in self.names)


@cache
def layouts() -> tuple[Layout, ...]:
    """The packaged layouts."""
    text = files("db.dataset.layouts").joinpath("computational_limits.toml").read_text("utf-8")
    found = tomllib.loads(text)
    tables = [table | {"columns": found["common"] + table["columns"]} for table in found["table"]]
    return TypeAdapter(tuple[Layout, ...]).validate_python(tables)


# Scores


@dataclass(frozen=True, slots=True)
class _Scores:
    by_metric: Mapping[str, float] = field(default_factory=dict)
    where: str = ""
    """Which part and how tested."""


def _scores(layout: Layout, results: Iterable[Row]) -> _Scores:
    """A model's scores, all of one way of testing: of the one with the best score in the first column that any has."""
    found: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    usual = catalogue().benchmarks()[layout.benchmark].usual_split
    for row in results:
        split, setting = str(row["split"] or usual), str(row["setting"] or "unspecified")
        if (
            row["benchmark"] != layout.benchmark
            or split not in layout.splits
            or setting not in layout.settings
        ):
            continue
        if (score := _score(layout, row)) is not None:
            scores = found[split, setting]
            scores[score[0]] = max(score[1], scores.get(score[0], -math.inf))
    if not found:
        return _Scores()
    order = tuple(layout.scores.values())
    best = max(sorted(found), key=lambda place: [found[place].get(metric, -math.inf) for metric in order])
    return _Scores(found[best], ", ".join(word for word in best if word != "unspecified"))


def _score(layout: Layout, row: Row) -> tuple[str, float] | None:
    """Metric and score of a result, an error turned into what it leaves; None where no column shows it or it cannot be."""
    metric, score = catalogue().metrics().get(str(row["metric"])), numeric(row["score"])
    benchmark = catalogue().benchmarks()[layout.benchmark]
    if metric is None or score is None or not benchmark.plausible(metric.id, score):
        return None
    if metric.id in layout.scores.values():
        return metric.id, score
    if metric.counterpart in layout.scores.values() and metric.counterpart is not None:
        return metric.counterpart, round(100.0 - score, 9)
    return None


# What a model is and cost


def _described(trained: Trained) -> dict[str, Scalar]:
    return {
        "name": trained.name,
        "year": year(trained.paper),
        "parameters": trained.model["parameters"],
        "title": trained.paper["title"],
        "paper_link": link(trained.paper) or None,
        "flops": trained.model["flops"],
        "multiadds": trained.model["multiply_adds"],
        "fp_bp_ratio": int(FORWARD_AND_BACKWARD),
    }


def _costs(layout: Layout, trained: Trained, where: str) -> dict[str, Scalar]:
    chosen, others = trained.chosen
    searched = [run for run in trained.costs if phase_of(run) == "search"]
    cells: dict[str, Scalar] = {}
    exposures = trained.exposures
    for phase, exposure in exposures.items():
        cells |= {f"{phase}_epochs": exposure.epochs, f"{phase}_set_size": exposure.examples}
    for group, runs in chosen.items():
        cells |= _group(trained, group, runs)
    for run in trained.runs:
        if run["training_set"] and phase_of(run) != "search":
            place = f"{STAGES[phase_of(run)]}_dataset"
            cells.setdefault(place, trained.printed(run, "training_set") or run["training_set"])
    counted = [run for runs in chosen.values() for run in runs] + searched
    burden = hardware_burden([work_of(run, AUTHORS) for run in counted], AUTHORS)
    operations = None
    if all(group in exposures for group in chosen):
        operations = network_operations(pass_of(trained.model), exposures.values())
    cells |= {"network_operations": operations, "hardware_burden": burden}
    cells |= _logarithms(layout, operations, burden)
    return cells | {"comments": "; ".join(_remarks(trained, where, searched, others, counted))}


def _logarithms(layout: Layout, operations: float | None, burden: float | None) -> dict[str, Scalar]:
    conversion = AUTHORS_OLDER_CONVERSION if layout.older_conversion else AUTHORS_CONVERSION
    converted = conversion.burden(operations) if operations else None
    cells: dict[str, Scalar] = dict.fromkeys(_LOG_OPERATIONS, math.log10(operations) if operations else None)
    cells |= dict.fromkeys(_LOG_BURDEN, math.log10(burden) if burden else None)
    return cells | {"computing_power": burden or converted}


def _group(trained: Trained, group: Stage, runs: Sequence[Row]) -> dict[str, Scalar]:
    """The columns of a phase: one time, and of each kind of processor which, how many, and the rate of what was counted."""
    cells: dict[str, Scalar] = {}
    for run in runs:
        done, kind = work_of(run, AUTHORS), processor_of(run).kind
        time, amount, rate = done.wall_time, done.count, done.rate
        printed = "wall_time_s"
        if done.device_time is not None:
            stated = processor_of(run).counted_rate("devices", AUTHORS)
            devices = done.device_time * (rate / stated if rate and stated else 1.0)
            printed, rate, amount = "device_time_s", stated or rate, numeric(run["count"]) or 1.0
            time = devices / amount
            if run["device_time_unit"] == "core-s":
                cells[f"{group}_time_tpu_core_days"] = done.device_time / _DAY
        if time is not None:
            cells.setdefault(f"{group}_time_total", trained.printed(run, printed) or f"{time / _DAY:g} days")
            cells.setdefault(f"{group}_time_total_sec", time)
        if kind in _PROCESSORS:
            place = f"{group}_{kind.lower()}"
            cells[f"{place}_model"] = run["accelerator"]
            cells[f"{place}_amount"] = None if run["count_unit"] == "nodes" else amount
            cells[f"{place}_ptp_gflops"] = round(rate / _GIGA, 6) if rate else None
    return cells


def _remarks(
    trained: Trained, where: str, searched: Iterable[Row], others: Sequence[Row], counted: Iterable[Row]
) -> Iterator[str]:
    """What the columns have no room for; the model's id leads to its rows and their evidence."""
    yield trained.id
    if where:
        yield f"scores: {where}"
    for run in searched:
        yield f"architecture search counted in hardware_burden: {run['run_id']}"
    if others:
        yield f"not counted, further runs of a phase: {', '.join(sorted(str(run['run_id']) for run in others))}"
    for run in counted:
        if run["model_id"] is None:
            yield f"said of all models of the paper, or of none by name: {run['run_id']}"
        if run["count_unit"] == "nodes":
            yield f"{run['count']:g} nodes of unknown size: {run['run_id']}"
        elif run["device_time_s"] is not None and run["count"] is None:
            yield f"device time, so one device stands for all: {run['run_id']}"
