"""A dataset as files: its rows in every format as they come, then what describes them, then the checksums.

The same dataset, version and date give the same bytes: rows are sorted, and nothing reads the clock. Files are written into a
folder that nobody reads yet; `db.dataset.release` shows it to the world in one step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from db.dataset.edition import Edition, Stored
from db.dataset.formats.csv_tables import CsvTables
from db.dataset.formats.layouts import LayoutTables
from db.dataset.formats.parquet_tables import ParquetTables
from db.dataset.formats.sink import Sink
from db.dataset.formats.sqlite_tables import SqliteTables
from db.dataset.metadata.card import CARD, card
from db.dataset.metadata.citation import citation_file, deposit
from db.dataset.metadata.croissant import croissant
from db.dataset.metadata.datasette import datasette
from db.dataset.metadata.dictionary import dictionary
from db.dataset.metadata.package import package
from db.dataset.metadata.readme import readme
from db.dataset.metadata.review import REVIEW
from db.dataset.rows import Part
from db.dataset.schema import TABLES
from db.dataset.seals import SEALS

PACKAGE = "datapackage.json"


class RowFiles:
    """All files that hold rows; closed at the end of a `with`."""

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        self._csv = CsvTables(folder)
        self._sinks: tuple[Sink, ...] = (
            self._csv,
            ParquetTables(folder),
            SqliteTables(folder),
            LayoutTables(folder),
        )
        for sink in self._sinks:
            self._open.enter_context(closing(sink))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, part: Part) -> None:
        """Write the next part."""
        for sink in self._sinks:
            sink.add(part)

    @property
    def content_sha256(self) -> str:
        """A hash of all rows, whatever the version and date they are published under."""
        return self._csv.sha256


def stored(folder: Path) -> dict[str, Stored]:
    """The files in a folder, by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): Stored.of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def describe(edition: Edition, folder: Path) -> str:
    """Write what describes a release beside the files with its rows, the checksums last.

    Returns:
        The sha256 of the checksums, which seals all of it.
    """
    described: Mapping[str, str] = {
        PACKAGE: as_json(package(edition)),
        "checks.json": as_json([check.as_json() for check in edition.checks]),
        REVIEW: as_json(edition.quality.as_json()),
        "data-dictionary.md": dictionary(),
        "README.md": readme(edition),
        "croissant.json": as_json(croissant(edition)),
        "datasette.json": as_json(datasette(edition)),
        "CITATION.cff": citation_file(edition),
        CARD: card(edition),
        ".zenodo.json": as_json(deposit(edition)),
    }
    sums = {name: stored.sha256 for name, stored in edition.files.items()}
    for name, content in described.items():
        (folder / name).write_bytes(content.encode())
        sums[name] = _sha256(content)
    seals = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (folder / SEALS).write_bytes(seals.encode())
    return _sha256(seals)


def schema_sha256() -> str:
    """A hash of what a reader must know to read the columns: names, types, units and closed lists."""
    known = {
        table.name: [[column.name, column.type, column.unit, column.allowed] for column in table.columns]
        for table in TABLES
    }
    return _sha256(as_json(known))


def as_json(data: object) -> str:
    """JSON as the files of a release have it."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
