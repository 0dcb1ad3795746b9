"""A study as files: fits and points as CSV, everything as JSON, a report in Markdown, and the figures.

Every file names the convention it was made by. The same study gives the same bytes. Text from papers is made
harmless: it can neither break a table nor become a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from analysis.figures import Figure, draw
from analysis.regressions import Fit
from analysis.robustness import Robustness
from analysis.sensitivity import Sensitivity
from analysis.study import Fitted, Section, Study
from extractors.facts.errors import UsageError

FIT_COLUMNS: Final = (
    "benchmark", "form", "formula", "n", "intercept", "intercept_se", "slope", "se", "slope_low", "slope_high",
    "p", "r2", "no_fit", "convention",
)  # fmt: skip
POINT_COLUMNS: Final = (
    "benchmark", "paper_id", "title", "model", "published", "burden_flop", "error", "basis", "result_id",
    "origin", "link", "convention",
)  # fmt: skip
ESTIMATE_COLUMNS: Final = (
    "benchmark", "estimator", "errors", "form", "formula", "n", "papers", "term", "value", "low", "high", "level",
    "se", "p", "r2", "no_fit", "convention",
)  # fmt: skip
SENSITIVITY_COLUMNS: Final = (
    "benchmark", "changed", "n", "slope", "low", "high", "r2", "target", "log10_flop", "beyond", "extrapolation",
    "no_fit", "convention",
)  # fmt: skip
FORM_COLUMNS: Final = (
    "benchmark",
    "form",
    "n",
    "papers",
    "left_out_rmse",
    "aic",
    "bic",
    "no_fit",
    "convention",
)
POOLED_COLUMNS: Final = ("benchmark", "n", "alone", "pooled", "low", "high", "level", "convention")
LEFT_OUT_COLUMNS: Final = ("benchmark", "paper_id", "error", "reason", "origin", "convention")
_LEVEL: Final = 0.95
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | float | int | None


def write_report(study: Study, folder: Path, robust: Robustness | None = None) -> tuple[str, ...]:
    """Writes all files of a study, and of what else its points say, and returns their names, the report first.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    drawn = [(_stem(section), draw(section, study.convention)) for section in study.sections]
    figures = {name: figure for name, figure in drawn if figure}
    text = markdown(study, figures) + ("\n" + "\n".join(_robust_lines(robust)) if robust else "")
    tables = {**_tables(study, robust), **(_robust_tables(robust) if robust else {})}
    files = {"report.md": text.encode(), **tables, **_figure_files(figures)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written: {error.strerror}",
            where=str(folder),
            remedy="Give a folder that can be written to",
        ) from error
    return tuple(files)


def as_json(study: Study, robust: Robustness | None = None) -> dict[str, object]:
    """Everything of a study but its points, for programs; numbers in full."""
    found: dict[str, object] = {
        "sources": list(study.sources),
        "convention": study.convention,
        "benchmarks": [_section_json(section) for section in study.sections],
    }
    if robust is None:
        return found
    return found | {
        "estimates": list(robust.estimates),
        "forms": list(robust.forms),
        "form_sentences": dict(robust.sentences),
        "pooled": list(robust.pooled),
        "pooling": robust.pooling,
        "sensitivity": [item.row() for item in robust.conventions],
    }


def fit_rows(study: Study) -> Iterator[dict[str, Cell]]:
    """One row a benchmark and form, those without a fit included."""
    for section in study.sections:
        for fitted in section.fits:
            yield {"benchmark": section.benchmark, **_fit_cells(fitted), "convention": study.convention}


def markdown(study: Study, figures: Iterable[str] = ()) -> str:
    """The report for people."""
    lines = [
        f"# Performance against compute, {' and '.join(study.sources)}",
        "",
        f"Convention: {study.convention}. Ordinary least squares with classical standard errors; one point a paper, its best model.",
        "",
        *_fit_table(study),
        "",
    ]
    for section in study.sections:
        lines += _section_lines(section, _stem(section) in set(figures))
    return "\n".join(lines).rstrip() + "\n"


def _robust_tables(robust: Robustness) -> Mapping[str, bytes]:
    return {
        "estimates.csv": _csv(ESTIMATE_COLUMNS, robust.estimates),
        "forms.csv": _csv(FORM_COLUMNS, robust.forms),
        "pooled.csv": _csv(POOLED_COLUMNS, robust.pooled),
        "sensitivity.csv": _csv(SENSITIVITY_COLUMNS, (item.row() for item in robust.conventions)),
    }


def _robust_lines(robust: Robustness) -> Iterator[str]:
    """What else the points say: estimators, forms, pooling and conventions."""
    slopes = [row for row in robust.estimates if row.get("term") == "log10(burden)"]
    yield from ("## How sure the slopes are", "")
    if slopes:
        yield from ("| benchmark | estimator | interval by | n | slope | 95% interval |", "| --- | --- | --- | ---: | ---: | --- |")  # fmt: skip
        for row in slopes:
            what = f"{row['estimator']}{' with year' if 'year' in str(row['formula']) else ''}"
            bounds = f"{row['low']:.4f} to {row['high']:.4f}"
            cells = [
                str(row["benchmark"]),
                what,
                str(row["errors"]),
                str(row["n"]),
                f"{row['value']:.4f}",
                bounds,
            ]
            yield f"| {' | '.join(map(_escaped, cells))} |"
        yield ""
    yield from (f"- {_escaped(name)}: {_escaped(sentence)}" for name, sentence in robust.sentences.items())
    yield from (f"- {_escaped(robust.pooling)}", "")
    yield from ("## How much hangs on the convention", "")
    yield from ("| benchmark | changed | n | slope | R² | half the smallest error at | |", "| --- | --- | ---: | ---: | ---: | --- | --- |")  # fmt: skip
    for item in robust.conventions:
        cells = [item.benchmark, item.changed or "nothing", str(item.n), *_under(item)]
        yield f"| {' | '.join(map(_escaped, cells))} |"
    yield ""


def _under(item: Sensitivity) -> list[str]:
    if item.slope is None or item.r2 is None:
        return ["", "", "", f"no fit: {item.no_fit}"]
    power = "never" if item.log10_flop is None else f"10^{item.log10_flop:.1f} FLOP"
    return [f"{item.slope:.4f}", f"{item.r2:.3f}", power, "far outside the data" if item.far else ""]


def _tables(study: Study, robust: Robustness | None) -> Mapping[str, bytes]:
    fits = json.dumps(as_json(study, robust), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return {
        "fits.csv": _csv(FIT_COLUMNS, fit_rows(study)),
        "fits.json": fits.encode(),
        "points.csv": _csv(POINT_COLUMNS, _point_rows(study)),
        "left_out.csv": _csv(LEFT_OUT_COLUMNS, _left_out_rows(study)),
    }


def _figure_files(figures: Mapping[str, Figure]) -> Mapping[str, bytes]:
    images = {f"{name}.png": figure.png for name, figure in figures.items()}
    return images | {f"{name}.svg": figure.svg.encode() for name, figure in figures.items()}


def _section_json(section: Section) -> dict[str, object]:
    return {
        "benchmark": section.benchmark,
        "points": len(section.points),
        "no_points": section.no_points or None,
        "left_out": dict(section.reasons),
        "fits": [_fit_cells(fitted) for fitted in section.fits],
    }


def _fit_cells(fitted: Fitted) -> dict[str, Cell]:
    fit = fitted.result
    cells: dict[str, Cell] = {"form": fitted.form.name, "formula": fitted.form.formula, "n": fit.n}
    if not isinstance(fit, Fit):
        return cells | {"no_fit": fit.reason}
    low, high = fit.interval(_LEVEL)
    return cells | {
        "intercept": fit.intercept,
        "intercept_se": fit.intercept_se,
        "slope": fit.slope,
        "se": fit.se,
        "slope_low": low,
        "slope_high": high,
        "p": fit.p,
        "r2": fit.r2,
    }


def _point_rows(study: Study) -> Iterator[dict[str, Cell]]:
    for section in study.sections:
        for point in section.points:
            yield {
                "benchmark": point.benchmark,
                "paper_id": point.paper_id,
                "title": point.title,
                "model": point.model,
                "published": point.published,
                "burden_flop": point.burden,
                "error": point.error,
                "basis": point.basis,
                "result_id": point.result_id,
                "origin": point.origin,
                "link": point.link,
                "convention": study.convention,
            }


def _left_out_rows(study: Study) -> Iterator[dict[str, Cell]]:
    for section in study.sections:
        for item in section.left_out:
            yield {
                "benchmark": item.benchmark,
                "paper_id": item.paper_id,
                "error": item.error,
                "reason": item.reason,
                "origin": item.origin,
                "convention": study.convention,
            }


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _harmless(cell) for column, cell in row.items()} for row in rows)
    return text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _fit_table(study: Study) -> Iterator[str]:
    yield "| benchmark | form | n | intercept | slope | se | 95% interval | p | R² |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |"
    for section in study.sections:
        for fitted in section.fits:
            cells = [section.benchmark, fitted.form.name, str(fitted.result.n), *_printed(fitted)]
            yield f"| {' | '.join(map(_escaped, cells))} |"


def _printed(fitted: Fitted) -> list[str]:
    fit = fitted.result
    if not isinstance(fit, Fit):
        return ["", "", "", f"no fit: {fit.reason}", "", ""]
    low, high = fit.interval(_LEVEL)
    interval = f"{low:.4f} to {high:.4f}"
    return [
        f"{fit.intercept:.4f}",
        f"{fit.slope:.4f}",
        f"{fit.se:.4f}",
        interval,
        f"{fit.p:.2e}",
        f"{fit.r2:.3f}",
    ]


def _section_lines(section: Section, has_figure: bool) -> Iterator[str]:
    yield from (f"## {_escaped(section.benchmark)}", "")
    if has_figure:
        yield from (f"![Performance against burden]({_stem(section)}.png)", "")
    if section.no_points:
        yield from (f"No points: {section.no_points}.", "")
    elif section.no_fit:
        yield from (f"No fit: {section.no_fit}.", "")
    if section.reasons:
        yield from ("Papers whose best result gives no point:", "")
        yield from (f"- {count}: {_escaped(reason)}" for reason, count in section.reasons.items())
        yield ""
    if section.points:
        yield from (
            "| paper | model | published | burden (FLOP) | error | basis |",
            "| --- | --- | --- | ---: | ---: | --- |",
        )
        for point in section.points:
            cells = [
                point.paper_id,
                point.model,
                point.published,
                f"{point.burden:.3g}",
                f"{point.error:.4f}",
                point.basis,
            ]
            yield f"| {' | '.join(map(_escaped, cells))} |"
        yield ""


def _escaped(text: str) -> str:
    """Text that stays within its cell and is not read as markup."""
    plain = re.sub(r"\s+", " ", text).replace("<", "&lt;")
    return re.sub(r"([|\\`*\[\]])", r"\\\1", plain)


def _stem(section: Section) -> str:
    """The benchmark's id as a file name."""
    return re.sub(r"[^\w.-]+", "-", section.benchmark).lstrip(".") or "benchmark"
