"""The dataset card: `index.html`, one page that shows what is in a release and how good it is.

It is one file that loads nothing and runs nothing: its style is in it, its drawings are SVG, and a policy forbids the rest. Titles and
reasons come from strangers, so that whatever is shown goes through `_text`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from db.dataset.edition import DESCRIPTION, LICENCE, LICENCE_URL, METHOD, Edition
from db.dataset.metadata import flow
from db.dataset.metadata.about import LIMITS, NAME, bibtex, citation
from db.dataset.metadata.coverage import Share, TableCoverage, coverage, spans
from db.dataset.metadata.flow import Drawing
from db.dataset.schema import SCREENING, TABLES
from extractors.facts.benchmarks import catalogue

CARD = "index.html"
_STATUSES = {
    "automatic": "read by a program, published unseen",
    "reviewed": "decided by a person",
    "double-reviewed": "decided by two, who agreed",
    "adjudicated": "settled by a third",
}


def card(edition: Edition) -> str:
    """The page."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_digest(_style())}'; base-uri 'none'; form-action 'none'"
    )
    head = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(NAME)} {_text(edition.version)}</title><style>{_style()}</style></head><body><main>"
    )
    return head + "\n".join(_body(edition)) + "\n</main></body></html>\n"


def _body(edition: Edition) -> Iterator[str]:
    yield f"<h1>{_text(NAME)} {_text(edition.version)}</h1>"
    yield f"<p>{_text(DESCRIPTION)}</p>"
    yield f'<p class="soft">State of {edition.as_of:%Y-%m-%d}. Licence <a href="{LICENCE_URL}" rel="license">{LICENCE}</a>.</p>'
    yield from _counts(edition)
    yield from _statuses(edition)
    yield from _coverage(edition)
    yield from _benchmarks(edition)
    yield from _prisma(edition)
    yield from _checks(edition)
    yield "<h2>Known limits</h2><ul>"
    yield from (f"<li>{_code(limit)}</li>" for limit in LIMITS)
    yield "</ul>"
    yield from _files(edition)
    yield f"<h2>How to cite</h2><p>{_text(citation(edition))}</p><p>The method is that of {_text(METHOD)}.</p>"
    yield f"<pre>{_text(bibtex(edition))}</pre>"


def _counts(edition: Edition) -> Iterator[str]:
    named = ("papers", "models", "training_runs", "results", "evidence")
    yield '<ul class="counts">'
    for name in named:
        label = "published cells, each with its evidence" if name == "evidence" else name.replace("_", " ")
        yield f"<li><b>{edition.statistics.tables[name]:,}</b>{_text(label)}</li>"
    yield "</ul>"


def _statuses(edition: Edition) -> Iterator[str]:
    whole = edition.statistics.statuses.total()
    yield "<h2>Who vouches for the cells</h2>"
    if whole == edition.statistics.statuses["automatic"]:
        yield "<p>Nobody has reviewed any of them yet.</p>"
    for status, meaning in _STATUSES.items():
        if status != "automatic" and not edition.statistics.statuses[status]:
            continue
        share = Share(edition.statistics.statuses[status], whole)
        yield from _bar(status, f"{share.part:,} ({share.text or '0%'})", share.percent)
        yield f'<p class="soft">{_text(meaning)}</p>'


def _bar(label: str, figure: str, percent: float) -> Iterator[str]:
    """A bar as SVG, whose width needs no style of its own."""
    yield (
        f'<div class="bar"><span>{_text(label)}</span><svg class="track" viewBox="0 0 100 4" height="12" preserveAspectRatio="none" aria-hidden="true">'
        f'<line x1="0" y1="2" x2="{percent:.2f}" y2="2" stroke="var(--fill)" stroke-width="4"/></svg><b>{_text(figure)}</b></div>'
    )


def _coverage(edition: Edition) -> Iterator[str]:
    years = spans(edition.statistics)
    yield "<h2>What is filled</h2>"
    yield (
        "<p>Of the rows of each table, how many have a value, in all and by year of the paper. What a paper does not say, what nobody read yet and what "
        "waits for a person is empty.</p>"
    )
    for table in coverage(edition.statistics, years):
        if table.rows:
            yield from _grid(table, [(span.title, span.papers) for span in years])


def _grid(table: TableCoverage, years: Sequence[tuple[str, int]]) -> Iterator[str]:
    yield _opened(f"{table.name.replace('_', ' ')}, {table.rows:,} rows") + "<tr><th>column</th>"
    yield '<th class="n">filled</th><th class="n">not reported</th><th class="n">seen by people</th>'
    yield "".join(f'<th class="n">{_text(title)}<br>{papers:,}</th>' for title, papers in years)
    yield "</tr></thead><tbody>"
    for field in table.fields:
        yield f'<tr><th scope="row" title="{_text(field.meaning)}"><code>{_text(field.name)}</code></th>'
        yield "".join(
            f'<td class="n">{_text(share.text)}</td>' for share in (field.filled, field.silent, field.seen)
        )
        yield "".join(map(_heat, field.by_span)) + "</tr>"
    yield "</tbody></table></div>"


def _opened(caption: str) -> str:
    """The beginning of a table up to its head's rows; it scrolls by itself where it is too wide, by keys too."""
    said = _text(caption)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{said}"><table><caption>{said}</caption><thead>'


def _heat(share: Share) -> str:
    """A cell that is the darker the more is filled, by one of eleven classes: a policy forbids styles of single elements."""
    return f'<td class="h h{round(share.percent / 10)}">{_text(share.text)}</td>'


def _benchmarks(edition: Edition) -> Iterator[str]:
    found = edition.statistics.benchmarks
    names = {benchmark.id: benchmark.name for benchmark in catalogue().benchmark}
    most = max(found.values(), default=1)
    yield "<h2>Results by benchmark</h2>"
    for id, results in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        yield from _bar(names.get(id, id), f"{results:,}", 100 * results / most)


def _prisma(edition: Edition) -> Iterator[str]:
    rows = edition.common.tables[SCREENING.name]
    found = flow.steps(rows)
    yield "<h2>How papers came here</h2><figure>"
    for kind, drawing in (("broad", flow.beside(found)), ("narrow", flow.below(found))):
        yield from _svg(kind, drawing, flow.in_words(found))
    yield "<figcaption>Papers by step, as PRISMA counts them; at the first step versions of papers.</figcaption></figure>"
    yield "<details><summary>The same as a table</summary>"
    yield (
        _opened("Papers by step and what became of them")
        + '<tr><th>step</th><th>outcome</th><th class="n">papers</th></tr></thead><tbody>'
    )
    for row in rows:
        yield f'<tr><td>{_text(row["step"])}</td><td>{_text(row["outcome"])}</td><td class="n">{_text(row["papers"])}</td></tr>'
    yield "</tbody></table></div></details>"


def _svg(kind: str, drawing: Drawing, words: str) -> Iterator[str]:
    tip = f"tip-{kind}"
    yield (
        f'<svg class="{kind}" role="img" aria-label="{_text(words)}" width="{drawing.width:g}" height="{drawing.height:g}"'
        f' viewBox="0 0 {drawing.width:g} {drawing.height:g}"><defs><marker id="{tip}" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto">'
        '<path d="M0 0 L7 4 L0 8"/></marker></defs>'
    )
    yield from (f'<path d="{arrow}" marker-end="url(#{tip})"/>' for arrow in drawing.arrows)
    for box in drawing.boxes:
        yield f'<rect class="{box.kind}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="4"/>'
        for line in box.lines:
            strong = ' class="strong"' if line.is_strong else ""
            yield f'<text x="{line.x:g}" y="{line.y:g}"{strong}>{_text(line.text)}</text>'
    yield "</svg>"


def _checks(edition: Edition) -> Iterator[str]:
    yield "<h2>Checks before publication</h2>"
    yield _opened("What was checked; what was observed is in checks.json") + (
        "<tr><th>check</th><th>holds</th><th>what it asks</th></tr></thead><tbody>"
    )
    for check in edition.checks:
        holds = "yes" if check.success else f"{check.observed} times not"
        yield f"<tr><td><code>{_text(check.name)}</code></td><td>{_text(holds)}</td><td>{_text(check.description)}</td></tr>"
    yield "</tbody></table></div>"


def _files(edition: Edition) -> Iterator[str]:
    yield "<h2>Files</h2>"
    yield '<p><a href="README.md">README.md</a> has examples for pandas, polars, DuckDB and Datasette, <a href="data-dictionary.md">data-dictionary.md</a> explains every column, <a href="CHANGELOG.md">CHANGELOG.md</a> tells what changed.</p>'
    yield _opened("Tables") + (
        '<tr><th>table</th><th class="n">rows</th><th>what a row is</th><th>files</th></tr></thead><tbody>'
    )
    for table in TABLES:
        links = " ".join(f'<a href="{table.name}.{kind}">{kind}</a>' for kind in ("parquet", "csv"))
        yield f'<tr><td><code>{table.name}</code></td><td class="n">{edition.statistics.tables[table.name]:,}</td><td>{_text(table.meaning)}</td><td>{links}</td></tr>'
    yield '</tbody></table></div><p>All tables in one: <a href="burden.sqlite">burden.sqlite</a>. For programs: <a href="datapackage.json">datapackage.json</a>, <a href="croissant.json">croissant.json</a>, <a href="datasette.json">datasette.json</a>; what was checked: <a href="checks.json">checks.json</a>; how to cite: <a href="CITATION.cff">CITATION.cff</a>; seals: <a href="SHA256SUMS">SHA256SUMS</a>.</p>'


def _text(said: object) -> str:
    """Anything as text of the page and of attributes."""
    return escape(str(said), quote=True)


def _code(text: str) -> str:
    """A text of our own, in which backquotes are around names."""
    parts: Iterable[tuple[int, str]] = enumerate(text.split("`"))
    return "".join(f"<code>{_text(part)}</code>" if number % 2 else _text(part) for number, part in parts)


@cache
def _style() -> str:
    style = files("db").joinpath("dataset", "metadata", "card.css").read_text("utf-8")
    heat = "".join(f"td.h{step} {{ --p: {10 * step}; }}\n" for step in range(11))
    return style + heat


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
