"""All tables as one SQLite file, with keys and what refers to what, ready for Datasette.

The same rows give the same bytes with the same SQLite: pages of a fixed size, rows in their order, and one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from db.dataset.formats.sink import places_of, with_texts
from db.dataset.part import Part
from db.dataset.schema import ENTITY_TABLES, EVIDENCE, TABLES, ColumnType, Table

DATABASE = "burden.sqlite"
_PAGE = 4096
_TYPES: dict[ColumnType, str] = {
    "string": "TEXT",
    "number": "REAL",
    "integer": "INTEGER",
    "boolean": "INTEGER",
    "date": "TEXT",
    "datetime": "TEXT",
}

_AS_TEXT = places_of(("date", "datetime"))


class SqliteTables:
    """Writes `burden.sqlite`."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / DATABASE, isolation_level=None)
        for setting in (f"page_size = {_PAGE}", "journal_mode = OFF", "synchronous = OFF"):
            self._database.execute(
                f"PRAGMA {setting}"
            )  # nobody else reads the file, and a broken one is thrown away
        self._database.execute("BEGIN")
        for table in TABLES:
            self._database.execute(_definition(table))
        self._insert = {table.name: _insert(table) for table in TABLES}

    def add(self, part: Part) -> None:
        """Take the next part."""
        for name, rows in part.tables.items():
            if rows:
                self._database.executemany(self._insert[name], with_texts(rows, _AS_TEXT[name]))

    def end(self) -> None:
        """Make the indexes and the file complete."""
        for index in _indexes():
            self._database.execute(index)
        self._database.execute("COMMIT")
        self._database.execute("VACUUM")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _definition(table: Table) -> str:
    columns = [
        f"{_quoted(column.name)} {_TYPES[column.type]}{' NOT NULL' if column.required else ''}"
        for column in table.columns
    ]
    if table is EVIDENCE:
        columns += map(_leading, ENTITY_TABLES.values())
    columns.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})")
    columns += [
        f"FOREIGN KEY ({_quoted(item.column)}) REFERENCES {_quoted(item.table)} ({_quoted(item.column)})"
        for item in table.references
    ]
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join(columns)})"


def _leading(table: Table) -> str:
    """A column of the evidence that says its row again where that is of this table, so that the row leads to its evidence; it takes no room."""
    key = _quoted(table.key[0])
    return (
        f"{key} TEXT GENERATED ALWAYS AS (CASE table_name WHEN '{table.name}' THEN row_id END) VIRTUAL"
        f" REFERENCES {_quoted(table.name)} ({key})"
    )


def _insert(table: Table) -> str:
    return f"INSERT INTO {_quoted(table.name)} VALUES ({', '.join('?' for _ in table.columns)})"  # noqa: S608  # names of our own schema


def _indexes() -> Iterator[str]:
    """One for each column that leads to another table, and from a row to the evidence of its cells."""
    for table in TABLES:
        for item in table.references:
            name = _quoted(f"{table.name}_{item.column}")
            yield f"CREATE INDEX {name} ON {_quoted(table.name)} ({_quoted(item.column)})"
    yield "CREATE INDEX evidence_row_id ON evidence (row_id)"
    for table in ENTITY_TABLES.values():
        (key,) = table.key
        yield f"CREATE INDEX evidence_{key} ON evidence ({key}) WHERE {key} IS NOT NULL"


def _quoted(name: str) -> str:
    return f'"{name}"'
