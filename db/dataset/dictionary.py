"""The data dictionary and the README of a release, as Markdown made from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from db.dataset.checks import Check
from db.dataset.rows import Dataset
from db.dataset.schema import EVIDENCE, SCREENING, TABLES, Column, Row, Table

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

_TYPES = {"number": "float64", "integer": "int64", "date": "date", "datetime": "datetime, UTC"}


def dictionary() -> str:
    """The data dictionary: every column of every table."""
    lines = [
        "# Data dictionary",
        "",
        "Every table of a release, as Parquet and CSV. An empty cell means that nothing is published there: not",
        "reported, not read, or waiting for a person; the table `evidence` has a row for each cell that is published.",
        "Amounts of computation are in FLOP, rates in FLOP/s, times in seconds. This page is made from the schema.",
        "",
        *(line for table in TABLES for line in _section(table)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _section(table: Table) -> Iterator[str]:
    yield from (f"## {table.name}", "", table.meaning, "")
    yield f"Key: {', '.join(f'`{name}`' for name in table.key)}."
    if table.references:
        yield " ".join(f"`{item.column}` leads to `{item.table}`." for item in table.references)
    yield ""
    yield from _grid(("column", "type", "unit", "meaning", "allowed", "example"), map(_cells, table.columns))
    yield ""


def _cells(column: Column) -> Sequence[str]:
    return (
        f"`{column.name}`",
        _TYPES.get(column.type, column.type),
        f"see `{column.unit}`" if column.unit.endswith("unit") else column.unit,
        column.meaning,
        _allowed(column),
        f"`{column.example}`",
    )


def _allowed(column: Column) -> str:
    parts = ["never empty"] if column.required else []
    if column.allowed:
        parts.append(", ".join(column.allowed))
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"{column.low:g}"
        high = "" if column.high is None else f"{column.high:g}"
        parts.append(f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less")
    if column.longest is not None:
        parts.append(f"at most {column.longest} characters")
    return "; ".join(parts)


def readme(version: str, as_of: datetime, dataset: Dataset, checks: Iterable[Check]) -> str:
    """The page that a release begins with."""
    rows = [(f"`{table.name}`", str(len(dataset.tables[table.name])), table.meaning) for table in TABLES]
    statuses = counted(row["status"] for row in dataset.tables[EVIDENCE.name])
    lines = [
        f"# burden dataset {version}",
        "",
        "Hardware, training time, parameters, operations and benchmark scores of deep-learning papers, each cell with",
        f"its evidence. State of {as_of:%Y-%m-%d}. Licence: [{LICENCE}]({LICENCE_URL}).",
        "",
        *_grid(("table", "rows", "what a row is"), rows),
        "",
        f"Published cells: {', '.join(f'{count} {status}' for status, count in statuses.items()) or 'none'}.",
        "",
        "## Reading it",
        "",
        "Each table is there as Parquet and as CSV (UTF-8, header, empty for missing). `data-dictionary.md` explains",
        "every column, `datapackage.json` says the same to programs, `SHA256SUMS` seals all files.",
        "",
        "    import pandas as pd",
        '    runs = pd.read_parquet("training_runs.parquet")',
        '    evidence = pd.read_parquet("evidence.parquet").query("table_name == \'training_runs\'")',
        "",
        "`evidence` tells of every published cell the page, the box, the words, the rule, how probable it is, and who",
        "confirmed it. `burden analyze` fits performance against compute from this folder.",
        "In CSV a text that a spreadsheet would take for a formula (it begins with = + - or @) has an apostrophe in",
        "front; Parquet has it as it is.",
        "",
        "## How papers came here",
        "",
        "Of the versions that sources listed, by step, as PRISMA counts them; the table `screening` has the same.",
        "",
        *_grid(("step", "outcome", "papers"), map(_flow_cells, dataset.tables[SCREENING.name])),
        "",
        "## Checks",
        "",
        *_grid(("check", "holds", "what it asks"), map(_outcome, checks)),
        "",
        "## How to cite",
        "",
        f"The burden authors ({as_of:%Y}). burden dataset, version {version}. {LICENCE}.",
        "The method is that of Thompson, Greenewald, Lee and Manso, The Computational Limits of Deep Learning,",
        "arXiv:2007.05558.",
    ]
    return "\n".join(lines) + "\n"


def counted(words: Iterable[object]) -> dict[str, int]:
    """How often each word comes, in order of the words."""
    found: dict[str, int] = {}
    for word in sorted(map(str, words)):
        found[word] = found.get(word, 0) + 1
    return found


def _flow_cells(row: Row) -> Sequence[str]:
    return str(row["step"]), str(row["outcome"]), str(row["papers"])


def _outcome(check: Check) -> Sequence[str]:
    return check.name, "yes" if check.success else f"no, {check.observed} times", check.description


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (header, ["---"] * len(header), *rows):
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
