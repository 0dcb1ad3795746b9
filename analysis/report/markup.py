"""Pieces of the page. Whatever is not said to be markup is text, and goes through `text` or `said`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

_ON_ARXIV: Final = re.compile(r"https?://arxiv\.org/abs/([\w.-]+(?:/\d+)?)")
_SCHEMES: Final = frozenset({"http", "https"})
"""Of the addresses that a page may lead to."""
_ADDRESS: Final = re.compile(r"https?://(?:www\.)?([\w.-]+)")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Controls, what turns a line round, and halves of characters, which no file can have."""
_LONGEST: Final = 600
"""Letters of a text of a paper that a page shows."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    heading: str
    is_number: bool = False


def text(said: object) -> str:
    """Anything as text of the page and of attributes."""
    return escape(_UNSEEN.sub("", str(said)), quote=True)


def said(words: str) -> str:
    """What a paper says, cut at a limit and set apart, so that no direction of writing spills over into ours."""
    if not words:
        return ""
    shown = words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + "…"
    return f"<bdi>{text(shown)}</bdi>"


def link(address: str, words: str) -> str:
    """A link whose words are markup; the words alone where the address is none that a page may lead to."""
    return f'<a href="{text(address)}" rel="noopener noreferrer">{words}</a>' if _may_lead(address) else words


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of text."""
    return f"<p{_class(kind)}>{text(words)}</p>"


def items(lines: Iterable[str]) -> str:
    """A list of texts, or nothing."""
    found = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f"<ul>{found}</ul>" if found else ""


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], kind: str = "stacked"
) -> Iterator[str]:
    """A table whose cells are markup; it scrolls by itself where it is too wide, by keys too.

    Args:
        caption: its text.
        columns: what is in it.
        rows: cells of each row, and after them what stands below it, if anything.
        kind: classes; `stacked` puts cells below each other on a telephone.
    """
    name = text(caption)
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{name}"><table{_class(kind)}><caption>{name}</caption><thead><tr>'
    yield "".join(
        f'<th scope="col"{_class("n" if column.is_number else "")}>{text(column.heading)}</th>'
        for column in columns
    )
    yield "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(map(_cell, columns, row, range(len(columns)))) + "</tr>"
        yield from (
            f'<tr class="more"><td colspan="{len(columns)}">{more}</td></tr>'
            for more in row[len(columns) :]
            if more
        )
    yield "</tbody></table></div>"


def details(summary: str, inside: Iterable[str], kind: str = "") -> Iterator[str]:
    """What is shown when asked for, and on paper unless its kind is `long`."""
    yield f"<details{_class(kind)}><summary>{text(summary)}</summary>"
    yield from inside
    yield "</details>"


def paper_link(paper_id: str, address: str) -> str:
    """A paper's id, leading to the paper where there is an address; of an id that is an address the host is shown."""
    host = _ADDRESS.match(paper_id)
    return link(address, said(host[1] if host else paper_id))


def page_address(paper_address: str, version: int | None, page: int) -> str:
    """Where a page of a version of a paper on arXiv is, or nothing for another address."""
    found = _ON_ARXIV.fullmatch(paper_address)
    if not found:
        return ""
    return f"https://arxiv.org/pdf/{found[1]}{f'v{version:d}' if version else ''}#page={page:d}"


def _cell(column: Column, markup: str, at: int) -> str:
    name = f' data-name="{text(column.heading)}"'
    if at == 0:
        return f'<th scope="row"{name}>{markup}</th>'
    return f"<td{_class('n' if column.is_number else '')}{name}>{markup}</td>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _may_lead(address: str) -> bool:
    if _UNSEEN.search(address) or any(char.isspace() for char in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.username is None
