"""What a comparison reads of a release's folder, paper by paper: published cells, withdrawn papers, the list of changes.

The folder may be of another time or hand: columns that it has not are empty, and what is no release is refused with a sentence.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.lib import ArrowException

from db.dataset.changelog import CHANGES_FILE
from db.dataset.formats.csv_tables import without_apostrophe
from db.dataset.write import PACKAGE
from extractors.facts.errors import DatasetError, ParseError, UsageError
from extractors.facts.ids import CellKey

EVIDENCE, WITHDRAWN = "evidence.parquet", "withdrawn.parquet"
_AT_ONCE = 20_000
"""Rows of a file that are in memory together."""
_TYPES = {
    "low": pa.float64(),
    "high": pa.float64(),
    "probability": pa.float64(),
    "paper_version": pa.int64(),
    "page": pa.int64(),
    "decided_at": pa.timestamp("us", tz="UTC"),
}
"""Of columns that are no text."""


class Said(NamedTuple):
    """A published cell as the evidence of a release has it."""

    cell: str
    paper_id: str
    table_name: str | None
    column_name: str | None
    value: str | None
    low: float | None
    high: float | None
    unit: str | None
    paper_version: int | None
    page: int | None
    quote: str | None
    rule: str | None
    extractor: str | None
    probability: float | None
    status: str | None
    reviewers: str | None
    decided_at: datetime | None

    @property
    def told(self) -> tuple[object, ...]:
        """What a reader computes with, as the changes of a release count it; print, place and probability do not."""
        return self[2:8]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a release's own list of changes."""

    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A release as it lies somewhere."""

    path: Path
    version: str
    as_of: str
    """As it describes itself."""
    columns: Mapping[str, tuple[str, ...]]
    """Of each table."""

    @classmethod
    def at(cls, path: Path) -> Folder:
        """The release in a folder.

        Raises:
            UsageError: there is no such folder.
            DatasetError: it holds no release.
        """
        if not path.is_dir():
            raise UsageError(f"there is no folder {path}", remedy="Name a release's folder, or its version")
        try:
            package = json.loads((path / PACKAGE).read_bytes())
            columns = {
                str(table["name"]): tuple(str(field["name"]) for field in table["schema"]["fields"])
                for table in package["resources"]
            }
            return cls(path, str(package["version"]), str(package["created"]), columns)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise DatasetError(
                "the folder holds no release that describes itself",
                where=str(path / PACKAGE),
                remedy="Name another, by its version or its folder",
            ) from error

    def papers(self) -> Iterator[tuple[str, list[Said]]]:
        """The published cells of each paper, in the order of papers and cells.

        Raises:
            DatasetError: the file cannot be read, or is in another order.
        """
        last = ""
        for paper, cells in groupby(self._evidence(), lambda said: said.paper_id):
            if paper <= last:
                raise DatasetError(
                    f"papers are not in the order of their ids at {paper}", where=str(self.path / EVIDENCE)
                )
            last = paper
            yield paper, list(cells)

    def withdrawn(self) -> dict[str, str]:
        """Why papers were taken back where they came from, by paper; none where the release does not tell."""
        if not (self.path / WITHDRAWN).is_file():
            return {}
        with _reading(self.path / WITHDRAWN):
            rows = pq.read_table(self.path / WITHDRAWN, columns=["paper_id", "reason"]).to_pylist()
        return {str(row["paper_id"]): str(row["reason"]) for row in rows}

    def listed(self) -> Iterator[tuple[str, dict[str, Listed]]]:
        """What the release itself lists as changed, paper by paper in their order; nothing where it has no list."""
        path = self.path / CHANGES_FILE
        if not path.is_file():
            return
        with _reading(path), path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            for paper, some in groupby(rows, lambda row: CellKey.parse(row["cell"]).entity.paper):
                yield (
                    paper,
                    {
                        row["cell"]: Listed(
                            *(without_apostrophe(row[name] or "") for name in ("before", "after", "reason"))
                        )
                        for row in some
                    },
                )

    def cell(self, cell: str) -> dict[str, object] | None:
        """All that the evidence says of one cell; None if the release does not publish it."""
        with _reading(self.path / EVIDENCE):
            rows = pq.read_table(self.path / EVIDENCE, filters=[("cell", "=", cell)]).to_pylist()
        return rows[0] if rows else None

    def _evidence(self) -> Iterator[Said]:
        path = self.path / EVIDENCE
        with _reading(path), pq.ParquetFile(path) as file:
            there = set(file.schema_arrow.names)
            missing = {"cell", "paper_id", "value"} - there
            if missing:
                raise DatasetError(f"columns are missing: {', '.join(sorted(missing))}", where=str(path))
            wanted = [name for name in Said._fields if name in there]
            schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in wanted])
            for batch in file.iter_batches(_AT_ONCE, columns=wanted):
                table = pa.Table.from_batches([batch]).select(wanted).cast(schema)
                if table["cell"].null_count or table["paper_id"].null_count:
                    raise DatasetError("a row of evidence names no cell", where=str(path))
                columns = table.to_pydict()
                empty = [None] * table.num_rows
                yield from map(
                    Said._make, zip(*(columns.get(name, empty) for name in Said._fields), strict=True)
                )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ArrowException, csv.Error, UnicodeDecodeError, ParseError, KeyError) as error:
        raise DatasetError(
            "a file of the release cannot be read", where=str(path), remedy="Fetch the release again"
        ) from error
