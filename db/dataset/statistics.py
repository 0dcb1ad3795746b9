"""What a release holds, counted as its rows are written: for its front pages, and for the checks against earlier releases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from db.dataset.layouts.training import year
from db.dataset.part import Part
from db.dataset.schema import ENTITY_TABLES, EVIDENCE, PAPERS, TABLES, Row
from extractors.facts.ids import PaperId

UNDATED = "undated"
"""The year of papers of which neither their day nor an arXiv id tells it, such as some of a folder."""
NOT_REPORTED = "not reported"
"""What the evidence says of a cell whose paper says nothing of it."""


@dataclass(slots=True)
class Statistics:
    """Counts of rows and cells."""

    tables: Counter[str] = field(default_factory=lambda: Counter({table.name: 0 for table in TABLES}))
    """Rows."""
    statuses: Counter[str] = field(default_factory=Counter)
    """Published cells by how they came to be published."""
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Published cells by table and column, those that are said not to be reported included."""
    unreported: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Those that are said not to be reported."""
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Published cells that a person decided."""
    rows_of_year: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Rows by table and year of their paper."""
    filled: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Cells that are not empty, derived ones included, by table, column and year of their paper."""
    benchmarks: Counter[str] = field(default_factory=Counter)
    """Results by benchmark."""
    published: set[PaperId] = field(default_factory=set)
    """Papers that have rows."""

    def add(self, part: Part) -> None:
        """Count the next part."""
        for name, rows in part.tables.items():
            self.tables[name] += len(rows)
        papers = part.tables.get(PAPERS.name, ())
        if part.paper is None or not papers:
            return
        self.published.add(part.paper)
        known = _year(papers[0])
        self.rows_of_year[PAPERS.name, known] += 1
        for table in ENTITY_TABLES.values():
            rows = part.tables[table.name]
            self.rows_of_year[table.name, known] += len(rows)
            for row in rows:
                self.filled.update(
                    (table.name, name, known) for name, cell in row.items() if cell is not None
                )
        for row in part.tables[EVIDENCE.name]:
            self._count_cell(row)
        self.benchmarks.update(
            str(row["benchmark"]) for row in part.tables["results"] if row["benchmark"] is not None
        )

    def _count_cell(self, row: Row) -> None:
        self.statuses[str(row["status"])] += 1
        place = str(row["table_name"]), str(row["column_name"])
        self.cells[place] += 1
        if row["status"] != "automatic":
            self.seen[place] += 1
        if row["value"] == NOT_REPORTED:
            self.unreported[place] += 1

    def summary(self) -> dict[str, dict[str, int]]:
        """What the database remembers of a release: rows by table, cells by status, and cells by column."""
        return {
            "tables": dict(self.tables),
            "statuses": dict(sorted(self.statuses.items())),
            "cells": {f"{table}.{column}": found for (table, column), found in sorted(self.cells.items())},
        }


def _year(paper: Row) -> str:
    found = year(paper)
    return UNDATED if found is None else str(found)
