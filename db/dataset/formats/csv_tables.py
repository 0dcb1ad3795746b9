"""Every table as CSV: UTF-8, a header, nothing for a missing cell, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from db.dataset.formats.sink import places_of, with_texts
from db.dataset.part import Part
from db.dataset.schema import TABLES, Scalar

_FORMULA = frozenset("=+-@＝＋－＠")  # East Asian spreadsheets take the wide ones too
"""A spreadsheet takes a text that begins with one of these for a formula and runs it."""
_FIRST = _FORMULA | {"'"}

_AS_TEXT = places_of(("boolean", "date", "datetime"))


class CsvTables:
    """Writes `<table>.csv` of each table, and the hash of all rows."""

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        self._files = {
            table.name: self._open.enter_context((folder / f"{table.name}.csv").open("wb"))
            for table in TABLES
        }
        self._hashes = {table.name: hashlib.sha256() for table in TABLES}
        for table in TABLES:
            self._write(table.name, [[column.name for column in table.columns]])

    def add(self, part: Part) -> None:
        """Take the next part."""
        for name, rows in part.tables.items():
            if rows:
                self._write(name, with_texts(rows, _AS_TEXT[name]))

    def end(self) -> None:
        """Make the files complete."""
        for file in self._files.values():
            file.flush()

    def close(self) -> None:
        """Let go of the files."""
        self._open.close()

    @property
    def sha256(self) -> str:
        """A hash of all rows, whatever the version and date they are published under."""
        return hashlib.sha256(
            "".join(found.hexdigest() for found in self._hashes.values()).encode()
        ).hexdigest()

    def _write(self, name: str, rows: Iterable[Iterable[Scalar]]) -> None:
        content = csv_text(rows)
        self._files[name].write(content)
        self._hashes[name].update(content)


def csv_text(rows: Iterable[Iterable[Scalar]]) -> bytes:
    """Rows as lines of CSV; numbers are written as Python writes them, which loses nothing."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(
        [
            f"'{cell}" if isinstance(cell, str) and cell[:1] in _FIRST and _is_formula(cell) else cell
            for cell in row
        ]
        for row in rows
    )
    return out.getvalue().encode()


def without_apostrophe(text: str) -> str:
    """A text as it was before `csv_text` wrote it."""
    return text[1:] if text[:1] == "'" and _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Also of one that has an apostrophe already: it gets another, or nobody could tell whose the first is."""
    return text.lstrip("'")[:1] in _FORMULA
