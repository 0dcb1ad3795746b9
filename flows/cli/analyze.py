"""`burden analyze` and `burden reproduce`: fits from a release, and the published fits from the authors' tables."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotation.safe_text import safe
from extractors.facts.errors import UsageError
from extractors.facts.measures import Method, Rate, Search, TpuUnit
from flows.cli.codes import PARTIAL

if TYPE_CHECKING:
    from analysis.load import Release
    from analysis.reproduce import Comparison, Reproduction
    from analysis.study import Study

_COLUMNS = ("n", "intercept", "slope", "p_value", "r_squared")


def analyze(
    out: Annotated[Path, typer.Option(help="Folder to write fits, points, report and figures to.")],
    release: Annotated[Path | None, typer.Argument(help="Folder of a release.", show_default=False)] = None,
    table: Annotated[
        Path | None, typer.Option(help="Folder with the authors' tables, alone or joined to the release.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the fits as one JSON object.")] = False,
    rates: Annotated[Rate, typer.Option(help="Peak rate of a device.")] = "fp32",
    tpu: Annotated[TpuUnit, typer.Option(help="What a paper counts that says only TPU.")] = "board",
    utilisation: Annotated[float, typer.Option(help="Share of the peak that is reached.")] = 1.0,
    search: Annotated[Search, typer.Option(help="Whether architecture search counts.")] = "include",
    method: Annotated[Method, typer.Option(help="Measure of compute.")] = "hardware",
    convert: Annotated[
        bool, typer.Option("--convert", help="Predict missing burdens from network operations.")
    ] = False,
    draws: Annotated[
        int, typer.Option(min=1, help="Resamples of papers for intervals that are drawn.")
    ] = 1000,
    target: Annotated[
        list[str] | None,
        typer.Option(help="An error to tell the price of, as imagenet=0.05; as often as wanted."),
    ] = None,
    budget: Annotated[float, typer.Option(help="US dollars: when would a target cost no more?")] = 1e6,
    since: Annotated[
        Path | None, typer.Option(help="Folder of an earlier release or tables: what moved the slopes since.")
    ] = None,
    named: Annotated[
        list[str] | None, typer.Option("--name", help="A model to name in figures; as often as wanted.")
    ] = None,
) -> None:
    """Fit performance against compute for each benchmark of a release, of the authors' tables, or of both."""
    from analysis.conventions import Options
    from analysis.report.contents import Contents
    from analysis.report.files import write_report
    from analysis.report.findings import findings
    from analysis.report.tables import as_json as contents_json
    from analysis.targets import GIVEN, parse_target
    from analysis.whole import analyze as analyze_releases
    from extractors.facts.measures import AUTHORS_CONVERSION, Convention

    convention = Convention(rates, tpu, utilisation, search, method)
    options = Options(convention, AUTHORS_CONVERSION if convert else None)
    whole = analyze_releases(
        _sources(release, table),
        options,
        draws,
        targets=[parse_target(text) for text in target or ()],
        budget=budget,
        since=_earlier(since) if since else (),
    )
    projected, moved = whole.projections, whole.moved
    contents = Contents(whole, options, frozenset(named or ()))
    files = write_report(contents, out)
    if as_json:
        _print_json(contents_json(contents) | {"folder": str(out), "files": list(files)})
    else:
        _print_study(whole.study)
        _print_lines("Findings", findings(contents))
        asked = [item.sentence for item in projected.headlines if item.target.why == GIVEN]
        _print_lines("What your targets would take", [*asked, f"Costs by {projected.inputs}."] if asked else ())  # fmt: skip
        if moved:
            _print_lines(f"What moved since {' and '.join(moved.since)}", moved.sentences)
        typer.echo(f"\n{len(files)} files in {out}, {files[0]} first.")


def _sources(release: Path | None, table: Path | None) -> tuple[Release, ...]:
    """What is to be analysed, the release first: where both have a paper, its point counts."""
    from analysis.load import load_release
    from analysis.tabulated import release_of_tables

    if release is None and table is None:
        raise UsageError(
            "there is nothing to analyse",
            remedy="Give the folder of a release, or --table with a folder of the authors' tables, or both",
        )
    found = [load_release(release)] if release else []
    return (*found, *([release_of_tables(table)] if table else []))


def _earlier(folder: Path) -> tuple[Release, ...]:
    """An earlier release, or tables of the authors, whichever the folder has."""
    from analysis.load import PACKAGE

    tables = folder.is_dir() and not (folder / PACKAGE).is_file()
    return _sources(None, folder) if tables else _sources(folder, None)


def reproduce(
    table: Annotated[Path, typer.Option(help="Folder with the authors' tables.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
) -> None:
    """Compute the published fits from the authors' tables, theirs beside ours."""
    from analysis.reproduce import reproduce as reproduce_tables

    done = reproduce_tables(table)
    if as_json:
        _print_json(_reproduction_json(done))
    else:
        typer.echo("\n".join(_reproduction_lines(done)))
    if not done.complete:
        raise typer.Exit(PARTIAL)


def _print_json(found: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n")


def _print_study(done: Study) -> None:
    from rich.console import Console
    from rich.table import Table

    from analysis.regressions import Fit

    table = Table("benchmark", "form", "n", "slope", "95% interval", "p", "R²", box=None, pad_edge=False)
    empty = []
    for section in done.sections:
        if section.no_points or section.no_fit:
            empty.append(f"{section.benchmark}: {section.no_points or section.no_fit}")
            continue
        for item in section.fits:
            if isinstance(fit := item.result, Fit):
                low, high = fit.interval()
                bounds = f"{low:.4f} to {high:.4f}"
                table.add_row(section.benchmark, item.form.name, str(fit.n), f"{fit.slope:.4f}", bounds, f"{fit.p:.1e}", f"{fit.r2:.3f}")  # fmt: skip
    typer.echo(f"From {' and '.join(map(safe, done.sources))}. Convention: {done.convention}.\n")
    if table.row_count:
        Console(markup=False, emoji=False).print(table)
    _print_lines("Without a fit", empty)


def _print_lines(title: str, lines: Iterable[str]) -> None:
    """Sentences under a title, as wide as the terminal; each on a line of its own where something else reads them."""
    told = list(lines)
    if told:
        typer.echo(f"\n{title}\n" + "\n".join(_indented(safe(line)) for line in told))


def _indented(line: str) -> str:
    if not sys.stdout.isatty():
        return f"  {line}"
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def _reproduction_lines(done: Reproduction) -> Iterator[str]:
    signs = {"agrees": "✓", "differs": "≠", "not computed": "-", "nothing published": " "}
    for item in done.comparisons:
        name = safe(f"{item.benchmark}  {item.regression}").rstrip()
        why = item.problem or ", ".join(item.differences)
        yield f"{signs[item.verdict]} {name}{': ' * bool(why)}{why}"
        if item.theirs:
            yield f"    theirs  {_columns({column: safe(item.theirs[column]) for column in _COLUMNS})}"
        if item.ours:
            yield f"    ours    {_columns({column: _digits(item, column) for column in _COLUMNS})}"
    yield ""
    yield from _projection_lines(done)
    for found in done.recomputed:
        yield f"{found.measure}: {found.agreeing} of {found.rows} rows recompute from their parts, to within {found.worst:.1%}"
    if done.remarks:
        yield "Odd in the tables, reported and not repaired:"
        yield from (
            f"  {item.table} line {item.line}, {safe(item.model)}: {safe(item.sentence)}"
            for item in done.remarks
        )
    yield _verdict(done)


def _verdict(done: Reproduction) -> str:
    published = [item for item in done.comparisons if item.theirs]
    if not published:
        return f"{len(done.comparisons)} fits computed; there are no published ones beside the tables to compare."
    agreeing = sum(item.verdict == "agrees" for item in published)
    units, which = done.worst
    return (
        f"{agreeing} of {len(published)} published fits agree to every printed digit.\n"
        f"Worst difference: {units:.2f} of the last digit printed ({safe(which)}); rounding makes up to 0.50."
    )


def _projection_lines(done: Reproduction) -> Iterator[str]:
    """Projections as powers of ten: what they print, and ours with two digits, of which they print the floor."""
    if not done.projections:
        return
    yield "Projections, powers of ten: Gflop, pounds of CO2, US dollars"
    for item in done.projections:
        sign = " " if not item.theirs else "≠" if item.differing else "✓"
        ours = "  ".join(f"{power:7.2f}" for power in item.ours.values())
        theirs = "  ".join(f"{power:4d}" for power in item.theirs.values()) or "-"
        yield f"{sign} {item.benchmark:<15} error {item.error:<8g} {item.form:<12} ours {ours}   theirs {theirs}"
    names = {"log10_gflop": "computing", "log10_co2_lbs": "carbon dioxide", "log10_usd": "dollars"}
    published = [item for item in done.projections if item.theirs]
    for measure, name in names.items() if published else ():
        agreeing = sum(measure not in item.differing for item in published)
        yield f"{name}: {agreeing} of {len(published)} projections have the power of ten that is printed"
    yield ""


def _columns(cells: Mapping[str, str]) -> str:
    names = {"p_value": "p", "r_squared": "R²"}
    return "  ".join(
        f"{names.get(name, name)} {cell or '-':<{_WIDTHS[name]}}" for name, cell in cells.items()
    ).rstrip()


_WIDTHS = {"n": 3, "intercept": 8, "slope": 22, "p_value": 18, "r_squared": 6}


def _digits(item: Comparison, column: str) -> str:
    shape = {
        "n": ".0f",
        "p_value": "#.3g",
        "r_squared": ".3f" if "pseudo" not in item.theirs.get(column, "") else ".4f",
    }
    return ", ".join(format(number, shape.get(column, ".4f")) for number in item.ours[column])


def _reproduction_json(done: Reproduction) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "complete": done.complete,
        "fits": [
            {
                "benchmark": item.benchmark,
                "regression": item.regression,
                "verdict": item.verdict,
                "ours": {column: list(numbers) for column, numbers in item.ours.items()},
                "theirs": dict(item.theirs),
                "differences": list(item.differences),
                "problem": item.problem or None,
            }
            for item in done.comparisons
        ],
        "worst_difference": {"last_digits": done.worst[0], "where": done.worst[1]},
        "projections": [asdict(item) | {"differing": list(item.differing)} for item in done.projections],
        "recomputed": [asdict(item) for item in done.recomputed],
        "remarks": [asdict(item) for item in done.remarks],
    }
