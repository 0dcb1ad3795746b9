"""What two releases say differently as one page of HTML: it loads nothing, runs nothing, and takes strangers' words as words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, islice

from db.dataset.changes import ChangeKind
from db.dataset.diff.compare import Difference, Differences, Side
from db.dataset.rows import plain

SHOWN = 10_000
"""Cells that a page shows: browsers take many more only slowly. All of them are in the JSON."""
KINDS: tuple[ChangeKind, ...] = ("added", "changed", "removed")
_STYLE = """
:root{--ink:#1b1b1b;--soft:#555;--line:#ddd;--paper:#fff;--came:#176117;--went:#a11;--other:#7a4b00;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--line:#3a424b;--paper:#0f1419;--came:#6cc56c;--went:#ff9a92;--other:#e3b15f}}
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:auto;padding:1rem;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .3rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.cells{table-layout:fixed}.cells th:first-child{width:30%}.cells th:last-child{width:38%}
.sums{width:auto}.sums td:not(:first-child),.sums th:not(:first-child){text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}
@media(max-width:45rem){.cells thead{display:none}.cells,.cells tbody,.cells tr,.cells td{display:block}
.cells tr{border-bottom:1px solid var(--line);padding:.4rem 0}.cells td{border:0;padding:0}
.cells td[data-name]::before{content:attr(data-name) ": ";color:var(--soft)}}
.added{color:var(--came)}.removed{color:var(--went)}.changed{color:var(--other)}small{color:var(--soft)}
@media print{tr,h2{break-inside:avoid}h2{break-after:avoid}}
"""


def page(found: Differences) -> Iterator[str]:
    """The parts of the page."""
    title = f"Release {_text(found.old.version)} to {_text(found.new.version)}"
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n"
    )
    yield f"<p>State of {_text(found.old.as_of)} against that of {_text(found.new.as_of)}.</p>\n"
    yield "".join(f"<p>{_text(line)}</p>\n" for line in summary(found))
    yield _table(("field", *KINDS), _fields(found))
    shown = islice(found, SHOWN)
    for paper, cells in groupby(shown, lambda one: one.paper):
        yield f"<h2>{_text(paper)}</h2>\n"
        yield _table(("cell", "before", "after", "why"), map(_row, cells), "cells")
    left = found.counts.total() - SHOWN
    if left > 0:
        yield f"<p>{left:,} cells more are not shown here; the JSON has all.</p>\n"
    yield "</body></html>\n"


def summary(found: Differences) -> Iterator[str]:
    """The sums, as sentences."""
    counted = ", ".join(f"{found.counts[kind]:,} {kind}" for kind in KINDS)
    yield f"Cells: {counted}; {found.same:,} say the same."
    came, went, stayed = (found.papers[fate] for fate in ("came", "went", "stayed"))
    yield f"Papers: {came:,} came, {went:,} went, {stayed:,} are in both."
    for word, names in zip(("new", "gone"), found.columns, strict=True):
        if names:
            yield f"Columns that are {word}: {', '.join(names)}."


def shown(side: Side | None) -> str:
    """A cell's value with its unit, and what the print allows where that is more than one number."""
    if side is None:
        return "nothing"
    words = readable(side.value, side.unit)
    if side.low is None or side.high is None or side.low == side.high:
        return words
    return f"{words} ({side.low:,.15g} to {side.high:,.15g})"


def readable(value: str, unit: str) -> str:
    """A value as people read it: numbers without a point that says nothing, thousands apart."""
    if not unit:
        return value
    try:
        return f"{float(value):,.15g} {unit}"
    except ValueError:
        return f"{value} {unit}"


def _fields(found: Differences) -> Iterator[Sequence[str]]:
    for path in sorted({path for path, _ in found.fields}):
        yield _text(path), *(f"{found.fields[path, kind]:,}" for kind in KINDS)


def _row(one: Difference) -> Sequence[str]:
    side = one.after or one.before
    place = f"<br><small>page {side.page}: {_text(side.quote)}</small>" if side and side.page else ""
    name = one.cell.removeprefix(f"{one.paper}/")
    return (
        f'<span class="{one.kind}">{one.kind}</span> {_text(name)}',
        _text(shown(one.before)),
        _text(shown(one.after)),
        f"{_text(one.reason)}{place}",
    )


def _table(header: Sequence[str], rows: Iterator[Sequence[str]], kind: str = "sums") -> str:
    """A table of cells that are HTML already; on a narrow screen those of one of cells stand below each other, with their names."""
    names = ("", *(f' data-name="{name}"' for name in header[1:]))
    body = "".join(
        f"<tr>{''.join(f'<td{name}>{cell}</td>' for name, cell in zip(names, row, strict=True))}</tr>\n"
        for row in rows
    )
    if not body:
        return ""
    heads = "".join(f"<th>{name}</th>" for name in header)
    return f'<table class="{kind}"><thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table>\n'


def _text(text: str) -> str:
    return escape(plain(text))
