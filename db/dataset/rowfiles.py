"""The rows of a release in every format, written as they come."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from db.dataset.formats.csv_tables import CsvTables
from db.dataset.formats.layouts import LayoutTables
from db.dataset.formats.parquet_tables import ParquetTables
from db.dataset.formats.sink import Sink
from db.dataset.formats.sqlite_tables import SqliteTables
from db.dataset.part import Part
from db.dataset.seals import Stored


@dataclass(frozen=True, slots=True)
class Written:
    """All files that hold rows, complete."""

    content_sha256: str
    """A hash of all rows, whatever the version and date they are published under."""
    files: Mapping[str, Stored]
    """By their paths in the folder."""


class Writer(Protocol):
    """Takes the rows of a release; used in a `with`, at whose end nothing of it is open."""

    def __enter__(self) -> Self:
        """Open the files."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Let go of the files, complete or not."""

    def add(self, part: Part) -> None:
        """Write the next part; what no single paper says comes last."""

    def end(self) -> None:
        """No more parts come: what is left to do may begin, while others go on with theirs."""

    def written(self) -> Written:
        """The files, once they are complete; asked for after the end."""


class RowFiles:
    """Writes in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._csv = opened.enter_context(closing(CsvTables(self._folder)))
            others = (
                opened.enter_context(closing(kind(self._folder)))
                for kind in (ParquetTables, SqliteTables, LayoutTables)
            )
            self._sinks: tuple[Sink, ...] = (self._csv, *others)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._open.close()

    def add(self, part: Part) -> None:
        """Write the next part; what no single paper says comes last."""
        for sink in self._sinks:
            sink.add(part)

    def end(self) -> None:
        """No more parts come: the files are made complete."""
        for sink in self._sinks:
            sink.end()

    def written(self) -> Written:
        """The files, once they are complete."""
        return Written(self._csv.sha256, stored(self._folder))


def stored(folder: Path) -> dict[str, Stored]:
    """The files in a folder, by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): Stored.of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
