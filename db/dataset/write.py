"""A dataset as files: Parquet, CSV, a description for programs, one for people, and checksums.

The same dataset, version and date give the same bytes: rows are sorted, nothing reads the clock, and Parquet is
written with fixed settings (its footer names the version of pyarrow). Files are written into a folder that nobody
reads yet; `db.dataset.release` shows it to the world in one step.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from db.dataset.checks import Check
from db.dataset.dictionary import LICENCE_URL, dictionary, readme
from db.dataset.rows import Dataset
from db.dataset.schema import TABLES, Column, ColumnType, Row, Scalar, Table

SEALS = "SHA256SUMS"
PACKAGE = "datapackage.json"

_ARROW: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet takes a text that begins with one of these for a formula and runs it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A dataset with what makes it a release."""

    version: str
    as_of: datetime
    dataset: Dataset
    checks: Sequence[Check]


def write_release(edition: Edition, folder: Path) -> str:
    """Write all files of a release into an empty folder, the checksums last.

    Returns:
        The sha256 of the checksums, which seals all of it.
    """
    tables = csv_files(edition.dataset)
    for name, content in tables.items():
        (folder / f"{name}.csv").write_bytes(content)
    for table in TABLES:
        _write_parquet(folder / f"{table.name}.parquet", table, edition.dataset.tables[table.name])
    texts = {
        PACKAGE: _json(_package(edition, tables)),
        "checks.json": _json([check.as_json() for check in edition.checks]),
        "data-dictionary.md": dictionary(),
        "README.md": readme(edition.version, edition.as_of, edition.dataset, edition.checks),
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    seals = "".join(f"{_sha256(path.read_bytes())}  {path.name}\n" for path in sorted(folder.iterdir()))
    (folder / SEALS).write_bytes(seals.encode())
    return _sha256(seals.encode())


def csv_files(dataset: Dataset) -> dict[str, bytes]:
    """Every table as CSV, by name."""
    return {table.name: _csv(table, dataset.tables[table.name]) for table in TABLES}


def content_sha256(dataset: Dataset) -> str:
    """A hash of all rows, whatever the version and date they are published under."""
    return _sha256("".join(map(_sha256, csv_files(dataset).values())).encode())


def schema_sha256() -> str:
    """A hash of what a reader must know to read the columns: names, types, units and closed lists."""
    known = {
        table.name: [[column.name, column.type, column.unit, column.allowed] for column in table.columns]
        for table in TABLES
    }
    return _sha256(_json(known).encode())


def _write_parquet(path: Path, table: Table, rows: Sequence[Row]) -> None:
    schema = pa.schema(
        [pa.field(column.name, _ARROW[column.type], not column.required) for column in table.columns]
    )
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, compression="zstd")


def _csv(table: Table, rows: Iterable[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    names = [column.name for column in table.columns]
    writer.writerow(names)
    writer.writerows([_text(row[name]) for name in names] for row in rows)
    return out.getvalue().encode()


def _text(cell: Scalar) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return str(cell)


# The description for programs (https://specs.frictionlessdata.io/tabular-data-package/)


def _package(edition: Edition, tables: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "profile": "tabular-data-package",
        "name": "burden",
        "title": "What deep learning costs: hardware, training time, parameters, operations and scores of papers",
        "version": edition.version,
        "created": _text(edition.as_of),
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE_URL}],
        "sources": [{"title": "arXiv", "path": "https://arxiv.org"}],
        "resources": [_resource(table, tables[table.name]) for table in TABLES],
    }


def _resource(table: Table, content: bytes) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.meaning,
        "path": f"{table.name}.csv",
        "parquet": f"{table.name}.parquet",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{_sha256(content)}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": item.column, "reference": {"resource": item.table, "fields": item.column}}
                for item in table.references
            ],
        },
    }


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {
        "required": column.required or None,
        "enum": list(column.allowed) or None,
        "minimum": column.low,
        "maximum": column.high,
        "maxLength": column.longest,
    }
    described: dict[str, object] = {
        "name": column.name,
        "type": column.type,
        "description": column.meaning,
        "unit": column.unit or None,
        "field": column.field or None,
        "example": column.example,
        "constraints": {name: bound for name, bound in constraints.items() if bound is not None},
    }
    if column.type == "datetime":
        described["format"] = "any"  # with and without fractions of a second
    return {name: part for name, part in described.items() if part is not None}


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
