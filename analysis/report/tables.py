"""The tables of a report: tidy rows under fixed columns, as CSV that no spreadsheet takes for formulas, and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from analysis.regressions import Fit
from analysis.report.contents import Contents, Row
from analysis.study import Fitted, Section, Study

Cell = str | float | int | None
LEVEL: Final = 0.95
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "fits": (
        "benchmark", "form", "formula", "n", "intercept", "intercept_se", "slope", "se", "slope_low", "slope_high", "p", "r2",
        "no_fit", "convention",
    ),
    "points": (
        "benchmark", "paper_id", "title", "model", "published", "burden_flop", "error", "basis", "origin", "link", "result_id",
        "convention",
    ),
    "left_out": ("benchmark", "paper_id", "title", "published", "error", "origin", "reason", "convention"),
    "estimates": (
        "benchmark", "estimator", "errors", "form", "formula", "n", "papers", "term", "value", "low", "high", "level", "se", "p",
        "r2", "no_fit", "convention",
    ),
    "forms": ("benchmark", "form", "n", "papers", "left_out_rmse", "aic", "bic", "no_fit", "convention"),
    "pooled": ("benchmark", "n", "alone", "pooled", "low", "high", "level", "convention"),
    "sensitivity": (
        "benchmark", "changed", "n", "slope", "low", "high", "r2", "target", "log10_flop", "beyond", "extrapolation", "no_fit",
        "convention",
    ),
    "coverage": ("benchmark", "by", "group", "papers", "reporting", "share", "convention"),
    "reporting": (
        "benchmark", "papers", "undated", "reporting", "slope", "weighted", "low", "high", "effective", "no_fit", "convention",
    ),
    "imputed": (
        "benchmark", "form", "n", "imputed", "draws", "level", "intercept", "slope", "se", "low", "high", "missing_information",
        "ignoring", "no_fit", "convention",
    ),
    "conversion": ("n", "intercept", "slope", "se", "low", "high", "r2", "no_fit", "convention"),
    "projections": (
        "benchmark", "target", "target_is", "form", "estimator", "errors", "n", "reached", "level",
        *(f"log10_{unit}{end}" for unit in ("flop", "usd", "kwh", "kg_co2") for end in ("", "_low", "_high")),
        "interval", "beyond", "extrapolation", "flop_is", "usd_is", "kwh_is", "kg_co2_is", "budget_usd", "affordable_year",
        "affordable_year_low", "affordable_year_high", "no_projection", "inputs", "convention",
    ),
    "movement": (
        "benchmark", "form", "n_before", "n", "slope_before", "slope", "moved", "se_before", "kind", "papers", "share", "reason",
        "how", "since", "until", "convention_before", "convention",
    ),
    "moved_by": (
        "benchmark", "kind", "paper_id", "title", "link", "burden_before", "burden", "error_before", "error", "influence", "what",
        "convention",
    ),
}  # fmt: skip
"""Columns of each table, by its name."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def tables(contents: Contents) -> dict[str, list[Row]]:
    """Rows of every table that there is something for, by its name; those of the study always."""
    study, robust = contents.study, contents.robust
    found: dict[str, list[Row]] = {
        "fits": list(_fit_rows(study)),
        "points": list(_point_rows(study)),
        "left_out": list(_left_out_rows(study)),
    }
    found |= {
        "estimates": list(robust.estimates),
        "forms": list(robust.forms),
        "pooled": list(robust.pooled),
        "sensitivity": [item.row() for item in robust.conventions],
    }
    further: dict[str, list[Row]] = {
        "coverage": [{**row, "convention": study.convention} for row in contents.coverage],
        "reporting": contents.checks,
        "imputed": contents.imputed,
        "conversion": list(contents.analysis.conversion.rows()),
        "projections": list(contents.projections.rows()),
    }
    if contents.movement:
        further |= {
            "movement": list(contents.movement.rows()),
            "moved_by": list(contents.movement.point_rows()),
        }
    return found | {name: rows for name, rows in further.items() if rows}


def as_csv(name: str, rows: Iterable[Row]) -> bytes:
    """A table as CSV; text that a spreadsheet would take for a formula begins with an apostrophe."""
    text, columns = io.StringIO(), COLUMNS[name]
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({column: _harmless(row.get(column)) for column in columns} for row in rows)
    return text.getvalue().encode()


def as_json(contents: Contents) -> dict[str, object]:
    """Everything but points and papers without one, for programs; numbers in full."""
    study, robust = contents.study, contents.robust
    found: dict[str, object] = {
        "sources": list(study.sources),
        "convention": study.convention,
        "benchmarks": [_section_json(section) for section in study.sections],
    }
    rows = tables(contents)
    found |= {"projections": []}
    found |= {name: rows[name] for name in rows if name not in ("fits", "points", "left_out")}
    found |= {"form_sentences": dict(robust.sentences), "pooling": robust.pooling}
    found["projection_sentences"] = list(contents.projections.sentences)
    moved = contents.movement
    found |= {
        "movement": list(moved.rows()) if moved else None,
        "moved_by": list(moved.point_rows()) if moved else None,
        "movement_sentences": list(moved.sentences) if moved else None,
    }
    return found


def json_file(contents: Contents) -> bytes:
    """The same as a file."""
    return (json.dumps(as_json(contents), indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _fit_rows(study: Study) -> Iterator[Row]:
    """One row a benchmark and form, those without a fit included."""
    for section in study.sections:
        for fitted in section.fits:
            yield {"benchmark": section.benchmark, **fit_cells(fitted), "convention": study.convention}


def fit_cells(fitted: Fitted) -> dict[str, Cell]:
    """A fit as cells."""
    fit = fitted.result
    cells: dict[str, Cell] = {"form": fitted.form.name, "formula": fitted.form.formula, "n": fit.n}
    if not isinstance(fit, Fit):
        return cells | {"no_fit": fit.reason}
    low, high = fit.interval(LEVEL)
    return cells | {
        "intercept": fit.intercept, "intercept_se": fit.intercept_se, "slope": fit.slope, "se": fit.se, "slope_low": low,
        "slope_high": high, "p": fit.p, "r2": fit.r2,
    }  # fmt: skip


def _section_json(section: Section) -> dict[str, object]:
    return {
        "benchmark": section.benchmark,
        "points": len(section.points),
        "no_points": section.no_points or None,
        "left_out": dict(section.reasons),
        "fits": [fit_cells(fitted) for fitted in section.fits],
    }


def _point_rows(study: Study) -> Iterator[Row]:
    for section in study.sections:
        for point in section.points:
            yield {
                "benchmark": point.benchmark, "paper_id": point.paper_id, "title": point.title, "model": point.model,
                "published": point.published, "burden_flop": point.burden, "error": point.error, "basis": point.basis,
                "origin": point.origin, "link": point.link, "result_id": point.result_id, "convention": study.convention,
            }  # fmt: skip


def _left_out_rows(study: Study) -> Iterator[Row]:
    for section in study.sections:
        for item in section.left_out:
            yield {
                "benchmark": item.benchmark, "paper_id": item.paper_id, "title": item.title, "published": item.published,
                "error": item.error, "origin": item.origin, "reason": item.reason, "convention": study.convention,
            }  # fmt: skip


def _harmless(cell: Cell) -> Cell:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
