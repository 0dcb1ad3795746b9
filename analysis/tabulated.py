"""The authors' tables as a release: what they typed by hand goes through the same join, conventions and fits as what was read.

A row is a paper with one model, one result, and a run for each phase and kind of processor. A processor has the rate
that stands in its row, so that under the authors' convention a burden is the one they published; its matrix units are
looked up by its name. What cannot be is refused with file, line and column. The points of 2020 give burdens and not
what these are made of: a device of one Gflop/s stands for each, and of the conventions only utilisation moves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from analysis.authors import GIGA, PHASES, POINTS_FILE, PROCESSORS, Table, read_tables
from analysis.load import Accelerator, Benchmark, Model, Paper, Release, Result, Run
from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import DatasetError, ParseError
from extractors.facts.fields import Phase
from extractors.facts.ids import ArxivId
from extractors.facts.measures import error
from extractors.facts.ontology import accelerator

BENCHMARKS: Final[Mapping[str, str]] = {
    "imagenet": "imagenet-1k",
    "coco-detection": "coco-detection",
    "squad-1.1": "squad-1.1",
    "conll-2003": "conll-2003-ner",
    "wmt2014-en-fr": "wmt14-en-fr",
    "wmt2014-en-de": "wmt14-en-de",
}
"""What the catalogue calls the benchmarks of the tables."""
SCORES: Final = ("(TOP 1 score)", "(BOX AP)", "(EM score)", "(F1 score)", "(BLEU)")
"""Columns of scores in percent; of several in a table the first makes the error."""
_CHIPS_OF_A_TPU: Final = 4
"""The tables rate a Cloud TPU as a board."""
_CORES_OF_A_CHIP: Final = 2


def release_of_tables(folder: Path) -> Release:
    """The tables of 2022, or the points of 2020, in a folder.

    Raises:
        UsageError: there are none.
        DatasetError: a table cannot be read, lacks a column, or has a cell that cannot be.
    """
    tables = read_tables(folder)
    rows = [
        (_Plotted if table.name == POINTS_FILE else _Row)(table, row, _benchmark(name))
        for name, table in tables.items()
        for row in range(len(table.rows))
    ]
    scored = [row for row in rows if row.error is not None]
    trained = [(row, run, processor) for row in scored for run, processor in row.runs()]
    return Release(
        version=folder.resolve().name,
        papers=tuple({row.paper_id: row.paper() for row in scored}.values()),
        models=tuple(row.model() for row in scored),
        runs=tuple(run for _, run, _ in trained),
        results=tuple(row.result() for row in scored),
        accelerators=tuple({item.accelerator: item for *_, item in trained if item}.values()),
        benchmarks=tuple(_benchmark(name) for name in tables),
        name=folder.resolve().name,
    )


def _benchmark(name: str) -> Benchmark:
    found = catalogue().benchmarks()[BENCHMARKS[name]]
    return Benchmark(found.id, found.primary, found.domain, primary=True)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table of 2022, and what it says."""

    table: Table
    row: int
    benchmark: Benchmark

    @property
    def place(self) -> str:
        """What the row is called where a release has ids."""
        return f"{self.table.name} line {self.table.line(self.row)}"

    @property
    def paper_id(self) -> str:
        """The arXiv id, or else the address, that rows of other tables have too."""
        try:
            return ArxivId.parse(self.text("paper_link")).id
        except ParseError:
            return self.text("paper_link") or self.place

    @property
    def error(self) -> float | None:
        """Between 0 and 1, or None where no score stands."""
        column = next((name for name in SCORES if name in self.table.columns), SCORES[0])
        return self._error(column, hundred=100.0)

    def paper(self) -> Paper:
        """The paper, with its address where it is one."""
        link = self.text("paper_link")
        address = link if link.startswith(("https://", "http://")) else None
        return Paper(self.paper_id, self.text("title") or None, None, address, self._year())

    def model(self) -> Model:
        """The model, with its size and what a forward pass costs."""
        return Model(
            f"{self.place}, model", self.paper_id, self.text("name") or None, "headline",
            self.above_zero("parameters"), self.above_zero("flops"), self.above_zero("multiadds"),
        )  # fmt: skip

    def result(self) -> Result:
        """The score that makes the error."""
        return Result(
            self.place, self.paper_id, f"{self.place}, model", self.benchmark.benchmark, self.benchmark.metric,
            None, self.error,
        )  # fmt: skip

    def runs(self) -> Iterator[tuple[Run, Accelerator | None]]:
        """What the network was shown in each phase, and a run for each kind of processor, with the processor."""
        for phase in PHASES:
            epochs, examples = self.above_zero(f"{phase}_epochs"), self.above_zero(f"{phase}_set_size")
            if epochs and examples:  # theirs are summed over the phases that have both
                shown = self._run(phase, "examples")
                yield replace(shown, epochs=epochs, training_set_size=examples, training_set_unit="examples"), None  # fmt: skip
            yield from self._worked(phase)

    def _worked(self, phase: Phase) -> Iterator[tuple[Run, Accelerator]]:
        """What processors did in a phase; one that is only named beside another whose number is told is left out."""
        time = self.above_zero(f"{phase}_time_total_sec")
        named = {kind: self._processor(f"{phase}_{kind}", kind) for kind in PROCESSORS}
        counts = {kind: self.above_zero(f"{phase}_{kind}_amount") for kind in PROCESSORS}
        counted = any(counts.values())
        for kind, device in named.items():
            if device and (counts[kind] or not counted):
                run = replace(self._run(phase, kind), count=counts[kind], wall_time_s=time)
                yield replace(run, accelerator=device.accelerator), device

    def _run(self, phase: Phase, what: str) -> Run:
        nothing = (None,) * 3
        return Run(
            f"{self.place}, {phase}, {what}", self.paper_id, f"{self.place}, model", phase,
            *nothing, None, None, "device-s", *nothing, *nothing, None,
        )  # fmt: skip

    def _processor(self, place: str, kind: str) -> Accelerator | None:
        """The processor of a kind at the rate that stands in the row."""
        name, gflops = self.text(f"{place}_model"), self.above_zero(f"{place}_ptp_gflops")
        if not name and gflops is None:
            return None
        rate = None if gflops is None else gflops * GIGA
        called = f"{name or kind.upper()} at {gflops:g} Gflop/s" if gflops else name
        if kind == "tpu":
            chip = None if rate is None else rate / _CHIPS_OF_A_TPU
            return Accelerator(called, "TPU", None, chip, _CHIPS_OF_A_TPU, _CORES_OF_A_CHIP)
        return Accelerator(called, kind.upper(), rate, _matrix_rate(name), 1, 1)

    def text(self, column: str) -> str:
        """A cell without blanks at its ends.

        Raises:
            DatasetError: the table has no such column.
        """
        return self.table.text(self.row, column).strip()

    def above_zero(self, column: str) -> float | None:
        """A number; zero, as an empty cell, says nothing.

        Raises:
            DatasetError: the table has no such column, or it is no number, or one below zero.
        """
        number = self.table.number(self.row, column)
        if number is not None and number < 0.0:
            raise self._impossible(f"{number:g}", column)
        return number or None

    def _year(self) -> int | None:
        year = self.above_zero("year")
        return None if year is None else int(year)

    def _error(self, column: str, hundred: float) -> float | None:
        score = self.table.number(self.row, column)
        if score is None:
            return None
        found = error(score * 100.0 / hundred, "complement")
        if found is None or not 0.0 < found <= 1.0:
            raise self._impossible(f"a score of {score:g}", column)
        return found

    def _impossible(self, what: str, column: str) -> DatasetError:
        where = f"{self.place}, column {column}"
        return DatasetError(f"{what} cannot be", where=where, remedy="Correct the cell or leave it empty")


class _Plotted(_Row):
    """One of the points of 2020: a model, its year, its accuracy and its burden."""

    __slots__ = ()

    @property
    def paper_id(self) -> str:
        """The table names models and no papers."""
        return self.place

    @property
    def error(self) -> float | None:
        """Between 0 and 1, or None where no score stands."""
        return self._error("accuracy", hundred=1.0)

    def paper(self) -> Paper:
        """A paper of which only the year is known."""
        return Paper(self.paper_id, None, None, None, self._year())

    def model(self) -> Model:
        """The model's name."""
        name = self.text("model") or None
        return Model(f"{self.place}, model", self.paper_id, name, "headline", None, None, None)

    def runs(self) -> Iterator[tuple[Run, Accelerator | None]]:
        """One that gives the burden as it stands."""
        if gflop := self.above_zero("hardware_burden_gflop"):
            device = Accelerator("a device of 1 Gflop/s", "GPU", GIGA, None, 1, 1)
            run = replace(self._run("training", "burden"), accelerator=device.accelerator)
            yield replace(run, device_time_s=gflop), device


def _matrix_rate(name: str) -> float | None:
    """The peak of a processor's matrix units, by its name without what is said of its slot and its memory."""
    words: Sequence[str] = name.split()
    while words:
        if known := accelerator(" ".join(words)):
            return known.tensor_flop_per_second
        words = words[:-1]
    return None
