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
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:auto;padding:1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:2rem 0 .3rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid #ddd;min-width:6rem}
td:first-child{overflow-wrap:anywhere;min-width:11rem}
@media(max-width:45rem){.cells thead{display:none}.cells,.cells tbody,.cells tr,.cells td{display:block}
.cells tr{border-bottom:1px solid #ddd;padding:.4rem 0}.cells td{border:0;padding:0}
.cells td[data-name]::before{content:attr(data-name) ": ";color:#555}}
.sums th,.sums td{min-width:0}
.added{color:#176117}.removed{color:#a11}.changed{color:#7a4b00}small{color:#555}
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
    words = f"{side.value} {side.unit}".strip()
    if side.low is None or side.high is None or side.low == side.high:
        return words
    return f"{words} ({side.low:g} to {side.high:g})"


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
