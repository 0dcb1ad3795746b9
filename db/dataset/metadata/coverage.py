"""How much of the dataset is filled, by field and by year, as the card shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.dataset.schema import ENTITY_TABLES, PAPERS, Column, Table
from db.dataset.statistics import UNDATED, Statistics

_YEARS = 8
"""Years that have a column of their own; earlier ones share one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A year, or the years before the first that has a column."""

    title: str
    years: tuple[str, ...]
    papers: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something there is."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        """0 where there is nothing."""
        return 100 * self.part / self.whole if self.whole else 0.0

    @property
    def text(self) -> str:
        """As a person reads it; empty where there is nothing."""
        if not self.whole:
            return ""
        if 0 < self.percent < 1:
            return "<1%"
        return "99%" if 99 < self.percent < 100 else f"{self.percent:.0f}%"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """One column of a table."""

    name: str
    meaning: str
    filled: Share
    silent: Share
    """Rows whose paper is said not to report it."""
    seen: Share
    """Published cells that a person decided; of derived columns there is none."""
    by_span: tuple[Share, ...]

    @property
    def is_bare(self) -> bool:
        """Whether no row says anything of it."""
        return not self.filled.part and not self.silent.part


@dataclass(frozen=True, slots=True)
class TableCoverage:
    """One table."""

    name: str
    rows: int
    fields: tuple[FieldCoverage, ...]


def spans(statistics: Statistics) -> tuple[Span, ...]:
    """The years of the dataset, in order; papers without a day come last."""
    papers = {
        year: found
        for (table, year), found in statistics.rows_of_year.items()
        if table == PAPERS.name and year != UNDATED
    }
    years = sorted(papers)
    early, late = years[:-_YEARS], years[-_YEARS:]
    found = [Span(f"to {early[-1]}", tuple(early), sum(papers[year] for year in early))] if early else []
    found += [Span(year, (year,), papers[year]) for year in late]
    if undated := statistics.rows_of_year[PAPERS.name, UNDATED]:
        found.append(Span(UNDATED, (UNDATED,), undated))
    return tuple(found)


def coverage(statistics: Statistics, years: Sequence[Span]) -> tuple[TableCoverage, ...]:
    """Each table whose rows are entities."""
    return tuple(
        TableCoverage(
            table.name,
            statistics.tables[table.name],
            tuple(_field(statistics, table, column, years) for column in _shown(table)),
        )
        for table in ENTITY_TABLES.values()
    )


def _shown(table: Table) -> Iterable[Column]:
    """Facts and what is derived from them; not keys, nor the units and conventions beside others."""
    beside = {column.unit for column in table.columns}
    return (
        column
        for column in table.columns
        if column.field or (column.type == "number" and column.name not in beside)
    )


def _field(statistics: Statistics, table: Table, column: Column, years: Sequence[Span]) -> FieldCoverage:
    place, rows = (table.name, column.name), statistics.tables[table.name]
    by_span = tuple(
        Share(
            sum(statistics.filled[table.name, column.name, year] for year in span.years),
            sum(statistics.rows_of_year[table.name, year] for year in span.years),
        )
        for span in years
    )
    filled = sum(share.part for share in by_span)
    return FieldCoverage(
        column.name,
        column.meaning,
        Share(filled, rows),
        Share(statistics.unreported[place], rows),
        Share(statistics.seen[place], statistics.cells[place]),
        by_span,
    )
