"""The dataset card: `index.html`, one page that shows what is in a release and how good it is.

It is one file that loads nothing and runs nothing: its style is in it, its drawings are SVG, and a policy forbids the rest. Titles and
reasons come from strangers, so that whatever is shown goes through `markup.text`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from db.dataset.edition import DESCRIPTION, LICENCE, LICENCE_URL, METHOD, Edition
from db.dataset.metadata import flow
from db.dataset.metadata.about import CREATOR, LIMITS, METHOD_ARXIV, NAME, bibtex, citation
from db.dataset.metadata.coverage import Share, TableCoverage, coverage, spans
from db.dataset.metadata.flow import Drawing
from db.dataset.metadata.markup import CLOSED, bar, code, head, heading, links, listed, opened, row, text
from db.dataset.metadata.outcomes import outcomes
from db.dataset.metadata.review import section
from db.dataset.schema import PAPERS, SCREENING, TABLES
from db.dataset.statistics import UNDATED
from extractors.facts.benchmarks import catalogue

CARD = "index.html"
_STATUSES = {
    "automatic": "read by a program, published unseen",
    "reviewed": "decided by a person",
    "double-reviewed": "decided by two, who agreed",
    "adjudicated": "settled by a third",
}
_COUNTED = (
    ("papers", "paper", "papers"),
    ("models", "model", "models"),
    ("training_runs", "training run", "training runs"),
    ("results", "result", "results"),
    ("evidence", "published cell, with its evidence", "published cells, each with its evidence"),
)
_SECTIONS = (
    ("vouched", "Who vouches for the cells"),
    ("review", "What review found"),
    ("filled", "What is filled"),
    ("benchmarks", "Results by benchmark"),
    ("papers", "How papers came here"),
    ("checks", "Checks before publication"),
    ("limits", "Known limits"),
    ("files", "Files"),
    ("cite", "How to cite"),
)
_BESIDE = (
    (("README.md",), "has examples for pandas, polars, DuckDB and Datasette"),
    (("data-dictionary.md",), "explains every column"),
    (("CHANGELOG.md", "changes.csv"), "tell what changed and why"),
    (("checks.json", "review.json"), "have what was checked and what review found"),
    (("datapackage.json", "croissant.json", "datasette.json"), "describe all of it to programs"),
    (("CITATION.cff", ".zenodo.json"), "say how to cite it, to citation managers and archives"),
    (("SHA256SUMS",), "seals all files"),
)


def card(edition: Edition) -> str:
    """The page."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(_style())}'; base-uri 'none'; form-action 'none'"
    )
    top = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(NAME)} {text(edition.version)}</title><style>{_style()}</style></head><body><main>"
    )
    return top + "\n".join(_body(edition)) + "\n</main></body></html>\n"


def _body(edition: Edition) -> Iterator[str]:
    yield f"<header><h1>{text(NAME)} {text(edition.version)}</h1>"
    yield f"<p>{text(DESCRIPTION)}</p>"
    yield from _facts(edition)
    yield "</header>"
    yield from _counts(edition)
    yield (
        '<nav aria-label="Contents"><ul>'
        + "".join(f'<li><a href="#{id}">{text(title)}</a></li>' for id, title in _SECTIONS)
        + "</ul></nav>"
    )
    yield from _statuses(edition)
    yield from section(edition.quality)
    yield from _coverage(edition)
    yield from _benchmarks(edition)
    yield from _prisma(edition)
    yield from outcomes(edition.checks)
    yield f"{heading('limits', 'Known limits')}<ul>"
    yield from (f"<li>{code(limit)}</li>" for limit in LIMITS)
    yield "</ul>"
    yield from _files(edition)
    yield f"{heading('cite', 'How to cite')}<p>{text(citation(edition))}</p><p>The method is that of {text(METHOD)}.</p>"
    yield f"<pre>{text(bibtex(edition))}</pre>"


def _facts(edition: Edition) -> Iterator[str]:
    """What somebody wants to know who is to cite or to host it."""
    years = sorted(
        year for table, year in edition.statistics.rows_of_year if table == PAPERS.name and year != UNDATED
    )
    facts = [
        ("Version", text(edition.version)),
        ("State of", f"{edition.as_of:%Y-%m-%d}"),
        ("Licence", f'<a href="{LICENCE_URL}" rel="license">{LICENCE}</a>'),
        ("Made by", text(CREATOR)),
    ]
    if years:
        facts.append(("Papers of", years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}"))
    yield '<dl class="facts">'
    yield from (f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in facts)
    yield "</dl>"


def _counts(edition: Edition) -> Iterator[str]:
    yield '<ul class="counts">'
    for name, one, many in _COUNTED:
        found = edition.statistics.tables[name]
        yield f"<li><b>{found:,}</b> {one if found == 1 else many}</li>"
    yield "</ul>"


def _statuses(edition: Edition) -> Iterator[str]:
    whole = edition.statistics.statuses.total()
    yield heading("vouched", "Who vouches for the cells")
    if whole == edition.statistics.statuses["automatic"]:
        yield "<p>Nobody has reviewed any of them yet.</p>"
    for status, meaning in _STATUSES.items():
        if status != "automatic" and not edition.statistics.statuses[status]:
            continue
        share = Share(edition.statistics.statuses[status], whole)
        yield from bar(f"{status}: {meaning}", f"{share.part:,} ({share.text or '0%'})", share.percent)


def _coverage(edition: Edition) -> Iterator[str]:
    years = spans(edition.statistics)
    yield heading("filled", "What is filled")
    yield (
        "<p>Of the rows of each table, how many have a value, in all and by year of the paper. What a paper does not say, what nobody read yet and what "
        'waits for a person is empty. What columns mean is in <a href="data-dictionary.md">data-dictionary.md</a>.</p>'
    )
    for table in coverage(edition.statistics, years):
        if table.rows:
            yield from _grid(table, [(span.title, span.papers) for span in years])


def _grid(table: TableCoverage, years: Sequence[tuple[str, int]]) -> Iterator[str]:
    """A table with a column for each year, where there are several."""
    by_year = years if len(years) > 1 else ()
    yield opened(f"{table.name.replace('_', ' ')}, {table.rows:,} {'row' if table.rows == 1 else 'rows'}")
    yield '<tr><th scope="col">column</th><th scope="col" class="n">filled</th>'
    yield '<th scope="col" class="n">not reported</th><th scope="col" class="n">seen by people</th>'
    yield "".join(
        f'<th scope="col" class="n">{text(title)}<br><small>{papers:,} {"paper" if papers == 1 else "papers"}</small></th>'
        for title, papers in by_year
    )
    yield "</tr></thead><tbody>"
    for field in table.fields:
        if not field.is_bare:
            yield f'<tr><th scope="row" title="{text(field.meaning)}"><code>{text(field.name)}</code></th>'
            yield "".join(
                f'<td class="n">{text(share.text)}</td>' for share in (field.filled, field.silent, field.seen)
            )
            yield "".join(map(_heat, field.by_span if by_year else ())) + "</tr>"
    yield CLOSED
    if bare := [field.name for field in table.fields if field.is_bare]:
        yield f'<p class="soft">No row has anything yet in {listed(bare)}.</p>'


def _heat(share: Share) -> str:
    """A cell that is the darker the more is filled, by one of eleven classes: a policy forbids styles of single elements."""
    return f'<td class="h h{round(share.percent / 10)}">{text(share.text)}</td>'


def _benchmarks(edition: Edition) -> Iterator[str]:
    found = edition.statistics.benchmarks
    names = {benchmark.id: benchmark.name for benchmark in catalogue().benchmark}
    most = max(found.values(), default=1)
    yield heading("benchmarks", "Results by benchmark")
    if not found:
        yield "<p>No result is published yet.</p>"
    for id, results in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        yield from bar(names.get(id, id), f"{results:,}", 100 * results / most)


def _prisma(edition: Edition) -> Iterator[str]:
    rows = edition.common.tables[SCREENING.name]
    found = flow.steps(rows)
    yield f"{heading('papers', 'How papers came here')}<figure>"
    for kind, drawing in (("broad", flow.beside(found)), ("narrow", flow.below(found))):
        yield from _svg(kind, drawing, flow.in_words(found))
    yield "<figcaption>Papers by step, as PRISMA counts them; at the first step versions of papers.</figcaption></figure>"
    yield "<details><summary>The same as a table</summary>"
    yield opened("Papers by step and what became of them")
    yield head(("step", False), ("outcome", False), ("papers", True))
    for one in rows:
        yield row((text(one["step"]), False), (text(one["outcome"]), False), (text(one["papers"]), True))
    yield f"{CLOSED}</details>"


def _svg(kind: str, drawing: Drawing, words: str) -> Iterator[str]:
    tip = f"tip-{kind}"
    yield (
        f'<svg class="{kind}" role="img" aria-label="{text(words)}" width="{drawing.width:g}" height="{drawing.height:g}"'
        f' viewBox="0 0 {drawing.width:g} {drawing.height:g}"><defs><marker id="{tip}" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto">'
        '<path d="M0 0 L7 4 L0 8"/></marker></defs>'
    )
    yield from (f'<path d="{arrow}" marker-end="url(#{tip})"/>' for arrow in drawing.arrows)
    for box in drawing.boxes:
        yield f'<rect class="{box.kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="4"/>'
        for line in box.lines:
            strong = ' class="strong"' if line.is_strong else ""
            yield f'<text x="{line.x:g}" y="{line.y:g}"{strong}>{text(line.text)}</text>'
    yield "</svg>"


def _files(edition: Edition) -> Iterator[str]:
    yield heading("files", "Files")
    yield "<p>" + "; ".join(f"{links(names)} {words}" for names, words in _BESIDE) + ".</p>"
    yield opened("Tables", "stacked")
    yield head(("table", False), ("rows", True), ("what a row is", False), ("files", False))
    for table in TABLES:
        found = links((f"{table.name}.parquet", f"{table.name}.csv"))
        rows = f"{edition.statistics.tables[table.name]:,}"
        yield row(
            (f"<code>{table.name}</code>", False), (rows, True), (code(table.meaning), False), (found, False)
        )
    yield f"{CLOSED}<p>All tables in one: {links(('burden.sqlite',))}. In the columns of Epoch AI: {links(('epoch.csv',))}. In those of arXiv:{METHOD_ARXIV}:</p>"
    yield f"<ul>{''.join(f'<li>{links((name,))}</li>' for name in sorted(edition.files) if '/' in name)}</ul>"


@cache
def _style() -> str:
    style = files("db").joinpath("dataset", "metadata", "card.css").read_text("utf-8")
    heat = "".join(f"td.h{step} {{ --p: {10 * step}; }}\n" for step in range(11))
    return style + heat


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
