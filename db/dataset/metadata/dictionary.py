"""The data dictionary of a release, as Markdown made from the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.dataset.metadata.about import allowed, unit
from db.dataset.metadata.markdown import grid
from db.dataset.schema import CHANGES, TABLES, Column, Table

_TYPES = {"number": "float64", "integer": "int64", "date": "date", "datetime": "datetime, UTC"}


def dictionary() -> str:
    """The data dictionary: every column of every table."""
    lines = [
        "# Data dictionary",
        "",
        "Every table of a release, as Parquet and CSV. An empty cell means that nothing is published there: not",
        "reported, not read, or waiting for a person; the table `evidence` has a row for each cell that is published.",
        "Amounts of computation are in FLOP, rates in FLOP/s, times in seconds. Devices are what a paper counts without saying",
        "whether chips, cores, boards or nodes. `accelerator` of a run leads to `accelerators`, `benchmark` and `metric` of a result to",
        "`benchmarks`. This page is made from the schema.",
        "",
        *(line for table in (*TABLES, CHANGES) for line in _section(table)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _section(table: Table) -> Iterator[str]:
    yield from (f"## {table.name}", "", table.meaning, "")
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    if table.references:
        yield " ".join(f"`{item.column}` leads to `{item.table}`." for item in table.references)
    yield ""
    yield from grid(("column", "type", "unit", "meaning", "allowed", "example"), map(_cells, table.columns))
    yield ""


def _cells(column: Column) -> Sequence[str]:
    return (
        f"`{column.name}`",
        _TYPES.get(column.type, column.type),
        unit(column),
        column.meaning,
        allowed(column),
        f"`{column.example}`",
    )
