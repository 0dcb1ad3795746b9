"""Every table as Parquet, with the types of the schema; its footer names the version of pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from db.dataset.part import Part
from db.dataset.schema import TABLES, ColumnType, Scalar, Table

ROWS_AT_ONCE = 50_000
"""Rows of a row group: always as many, so that the same rows give the same bytes however they came."""

_ARROW: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}


class ParquetTables:
    """Writes `<table>.parquet` of each table."""

    def __init__(self, folder: Path) -> None:
        self._files = [_ParquetFile(folder / f"{table.name}.parquet", table) for table in TABLES]

    def add(self, part: Part) -> None:
        """Take the next part."""
        for file in self._files:
            file.add([tuple(row.values()) for row in part.tables.get(file.table.name, ())])

    def end(self) -> None:
        """Write what is left."""
        for file in self._files:
            file.end()

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()


class _ParquetFile:
    def __init__(self, path: Path, table: Table) -> None:
        self.table = table
        self._schema = pa.schema(
            [pa.field(column.name, _ARROW[column.type], not column.required) for column in table.columns]
        )
        self._sink = pa.OSFile(str(path), "wb")  # a writer that fails to close would keep the file open
        self._file = pq.ParquetWriter(self._sink, self._schema, compression="zstd")
        self._waiting: list[tuple[Scalar, ...]] = []

    def add(self, rows: Sequence[tuple[Scalar, ...]]) -> None:
        self._waiting += rows
        while len(self._waiting) >= ROWS_AT_ONCE:
            self._write(self._waiting[:ROWS_AT_ONCE])
            del self._waiting[:ROWS_AT_ONCE]

    def end(self) -> None:
        if self._waiting:
            self._write(self._waiting)
            self._waiting = []
        self._file.close()

    def close(self) -> None:
        with self._sink, suppress(OSError):  # where a file is not complete, nobody wants its last bytes
            self._file.close()

    def _write(self, rows: Sequence[tuple[Scalar, ...]]) -> None:
        columns = [
            pa.array(column, type=field.type)
            for column, field in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        self._file.write_table(
            pa.Table.from_arrays(columns, schema=self._schema), row_group_size=ROWS_AT_ONCE
        )
