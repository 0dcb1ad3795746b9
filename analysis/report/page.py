"""The report as one page: it asks nobody for anything, runs only its own script, and says everything without it too."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import vl_convert

from analysis.report.benchmark import benchmark, without_points
from analysis.report.charts import Chart, specifications
from analysis.report.contents import Contents
from analysis.report.findings import counts, findings
from analysis.report.markup import Column, details, items, paragraph, table, text
from analysis.report.sections import SECTIONS, TITLES

PAGE: Final = "report.html"
_SCRIPTS: Final = "vegaEmbed"


def page(contents: Contents, charts: Mapping[str, Chart], names: tuple[str, ...]) -> Iterator[str]:
    """The parts of the page.

    Args:
        contents: what to show.
        charts: the figures.
        names: of the files beside it.
    """
    scripts = [_bundle(), _read("page.js")] if charts else []
    allowed = " ".join(map(_hash, scripts)) or "'none'"
    policy = f"default-src 'none'; script-src {allowed}; style-src {_hash(_read('page.css'))}; base-uri 'none'; form-action 'none'"
    title = f"Performance against compute, {contents.title}"
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{text(title)}</title><style>{_read('page.css')}</style></head><body><main>"
    )
    yield f"<h1>{text(title)}</h1>"
    yield from _analysed(contents)
    yield from _contents_list(contents, names)
    yield '<h2 id="findings">Findings</h2><div class="findings">' + items(findings(contents)) + "</div>"
    yield from _benchmarks(contents, charts)
    for id, section in SECTIONS.items():
        if shown := "".join(section(contents, charts)):
            yield f'<h2 id="{id}">{text(TITLES[id])}</h2>{shown}'
    yield from _files(names)
    yield "</main>"
    if charts:
        yield f'<script type="application/json" id="charts">{specifications(charts)}</script>'
    yield from (f"<script>{script}</script>" for script in scripts)
    yield "</body></html>\n"


def _analysed(contents: Contents) -> Iterator[str]:
    yield '<dl class="facts">'
    yield f"<div><dt>Convention</dt><dd>{text(contents.study.convention)}</dd></div>"
    yield f"<div><dt>Analysed</dt><dd>{text(contents.title)}</dd></div></dl>"
    yield '<ul class="counts">'
    yield from (f"<li><b>{number:,}</b>{text(name)}</li>" for name, number in counts(contents).items())
    yield "</ul>"
    yield paragraph(
        "One point is a paper's best model on a benchmark: not an ensemble, not a baseline of others. Performance is 1/error; compute is that of training, counted by the convention above.",
        "soft",
    )


def _contents_list(contents: Contents, names: tuple[str, ...]) -> Iterator[str]:
    shown = [id for id, section in SECTIONS.items() if any(section(contents, {}))]
    entries = [("findings", "Findings"), ("benchmarks", "Benchmarks"), *((id, TITLES[id]) for id in shown)]
    if names:
        entries.append(("files", "Files"))
    yield (
        '<nav aria-label="Contents"><ul>'
        + "".join(f'<li><a href="#{id}">{text(title)}</a></li>' for id, title in entries)
        + "</ul></nav>"
    )


def _benchmarks(contents: Contents, charts: Mapping[str, Chart]) -> Iterator[str]:
    yield '<h2 id="benchmarks">Benchmarks</h2>'
    sections = contents.study.sections
    for section in sections:
        if section.points:
            yield from benchmark(contents, section, charts)
    without = [section for section in sections if not section.points]
    if not without:
        return
    yield "<h3>Benchmarks without a point</h3>"
    rows = [
        [text(contents.names[section.benchmark]), text(section.no_points), f"{len(section.left_out):,}"]
        for section in without
    ]
    yield from table(
        "Why there is none",
        [Column("benchmark"), Column("reason"), Column("papers with a result", True)],
        rows,
    )
    if any(section.left_out for section in without):
        shown = (part for section in without if section.left_out for part in without_points(section))
        yield from details("Their papers, and why each gives none", shown, "long")


def _files(names: tuple[str, ...]) -> Iterator[str]:
    if not names:
        return
    kinds = {
        "csv": "Tables",
        "json": "For programs",
        "tex": "For LaTeX (booktabs)",
        "svg": "Figures as SVG",
        "png": "Figures as PNG, 300 dots an inch",
    }
    yield '<h2 id="files">Files</h2><ul>'
    for kind, words in kinds.items():
        links = ", ".join(
            f'<a href="{text(name)}">{text(name)}</a>' for name in names if name.endswith(f".{kind}")
        )
        if links:
            yield f"<li>{words}: {links}</li>"
    yield "</ul>"


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


@cache
def _read(name: str) -> str:
    return files("analysis").joinpath("report", name).read_text("utf-8")


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that defines `vegaEmbed`."""
    code: str = vl_convert.javascript_bundle(f"window.{_SCRIPTS}={_SCRIPTS};")
    if "</script" in code.lower() or "<!--" in code:
        raise AssertionError("the bundle of Vega would end its own script")
    return code
