"""The authors' own tables: their wide layout of 2022, which releases have too, and the points they plotted in 2020.

Reading only: one row a model, under one header and three rows of further headings, with blanks for what the paper
does not report. Numbers stay as they are in the file, errors included; `analysis.audit` says what looks wrong.
Which columns make which fit is in `analysis.published`.

Source: the tables that accompany arXiv:2007.05558.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from extractors.facts.errors import DatasetError, UsageError

HEADINGS: Final = 3
"""Rows below the header that repeat it in words."""
PHASES: Final = ("training", "pretraining", "finetuning")
PROCESSORS: Final = ("gpu", "tpu", "cpu")
GIGA: Final = 1e9

WIDE_FILES: Final[Mapping[str, str]] = {
    "imagenet": "image-classification-on-imagenet.csv",
    "coco-detection": "object-detection-on-coco.csv",
    "squad-1.1": "question-answering-on-squad-1-1.csv",
    "conll-2003": "named-entity-recognition-on-conll-2003.csv",
    "wmt2014-en-fr": "machine-translation-on-wmt2014-en-fr.csv",
    "wmt2014-en-de": "machine-translation-on-wmt2014-en-de.csv",
}
"""The table of each benchmark in the 2022 layout."""
POINTS_FILE: Final = "points.csv"
"""All benchmarks in one table in the 2020 layout."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of theirs, as text."""

    name: str
    """Its file name."""
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    lines: tuple[int, ...]
    """Of the file, that the rows stand in."""

    def line(self, row: int) -> int:
        """The line of the file that a row stands in, the header being the first."""
        return self.lines[row]

    def text(self, row: int, column: str) -> str:
        """A cell as it stands, blanks at its ends included.

        Raises:
            DatasetError: the table has no such column.
        """
        self._require(column)
        return self.rows[row][column] or ""

    def number(self, row: int, column: str) -> float | None:
        """A cell as a number, or None where it is empty.

        Raises:
            DatasetError: there is no such column, or something else than a finite number stands there.
        """
        printed = self.text(row, column).strip()
        try:
            number = float(printed) if printed else None
        except ValueError:
            number = float("nan")
        if number is not None and not np.isfinite(number):
            raise DatasetError(
                f"{printed!r} is no number",
                where=f"{self.name} line {self.line(row)}, column {column}",
                remedy="Put a number there or leave it empty",
            )
        return number

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column as numbers, NaN where it is empty."""
        found = [self.number(row, column) for row in range(len(self.rows))]
        return np.array([np.nan if number is None else number for number in found], dtype=np.float64)

    def where(self, column: str, text: str) -> Table:
        """The table with only the rows that say this in a column."""
        self._require(column)
        kept = [row for row, cells in enumerate(self.rows) if (cells[column] or "").strip() == text]
        rows, lines = tuple(self.rows[row] for row in kept), tuple(self.lines[row] for row in kept)
        return Table(self.name, self.columns, rows, lines)

    def _require(self, column: str) -> None:
        if column not in self.columns:
            raise DatasetError(
                f"the table has no column {column!r}",
                where=self.name,
                remedy="Take the tables as the authors published them",
            )


def read_tables(folder: Path) -> Mapping[str, Table]:
    """The tables in a folder by their names for benchmarks: those of 2022, or the points of 2020.

    Raises:
        UsageError: there are none.
        DatasetError: a file cannot be read as such a table.
    """
    if (folder / POINTS_FILE).is_file():
        points = read_points(folder / POINTS_FILE)
        return {name: found for name in WIDE_FILES if (found := points.where("benchmark", name)).rows}
    tables = {
        name: read_wide(folder / file) for name, file in WIDE_FILES.items() if (folder / file).is_file()
    }
    if not tables:
        raise UsageError(
            "there are no tables of the authors" if folder.is_dir() else "there is no such folder",
            where=str(folder),
            remedy=f"Give the folder that has {WIDE_FILES['imagenet']} and its kin, or {POINTS_FILE}",
        )
    return tables


def read_wide(path: Path) -> Table:
    """A table of 2022: the header, three rows of headings, then one row a model, which a release may have none of.

    Raises:
        DatasetError: the file cannot be read as such a table.
    """
    return _read(path, skip=HEADINGS)


def read_points(path: Path) -> Table:
    """The points of 2020, all benchmarks in one table.

    Raises:
        DatasetError: the file cannot be read as such a table.
    """
    return _read(path, skip=0)


def works_of(table: Table, row: int) -> Iterator[tuple[float, float, float]]:
    """Seconds, devices and FLOP/s of each phase and kind of processor that a row of 2022 has in full."""
    for phase in PHASES:
        time = table.number(row, f"{phase}_time_total_sec")
        for kind in PROCESSORS:
            count = table.number(row, f"{phase}_{kind}_amount")
            rate = table.number(row, f"{phase}_{kind}_ptp_gflops")
            if time and count and rate:
                yield time, count, rate * GIGA


def _read(path: Path, skip: int) -> Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = tuple(reader.fieldnames or ())
            counted = [(row, reader.line_num) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"the table cannot be read: {error}", where=path.name) from error
    rows, lines = tuple(row for row, _ in counted), tuple(line for _, line in counted)
    if len(rows) < max(skip, 1):
        raise DatasetError("the table has no rows", where=path.name)
    return Table(path.name, columns, rows[skip:], lines[skip:])
