"""Pieces of the card's HTML. Whatever is shown goes through `text`: titles, names and reasons come from strangers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape


def text(said: object) -> str:
    """Anything as text of the page and of attributes."""
    return escape(str(said), quote=True)


def code(said: str) -> str:
    """A text of our own, in which backquotes are around names."""
    parts: Iterable[tuple[int, str]] = enumerate(said.split("`"))
    return "".join(f"<code>{text(part)}</code>" if number % 2 else text(part) for number, part in parts)


def heading(id: str, title: str) -> str:
    """A heading that the list of contents leads to."""
    return f'<h2 id="{id}">{text(title)}</h2>'


def opened(caption: str, kind: str = "") -> str:
    """The beginning of a table up to its head's rows; it scrolls by itself where it is too wide, by keys too.

    Args:
        caption: what it shows.
        kind: `stacked` if the cells of a row stand below each other on a phone.
    """
    said = text(caption)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{said}"><table class="{kind}" role="table">'
        f"<caption>{said}</caption><thead>"
    )


CLOSED = "</tbody></table></div>"
"""The end of a table."""


def bar(label: str, figure: str, percent: float) -> Iterator[str]:
    """A bar as SVG, whose width needs no style of its own."""
    yield (
        f'<div class="bar"><span>{text(label)}</span><svg class="track" viewBox="0 0 100 4" height="12" preserveAspectRatio="none" aria-hidden="true">'
        f'<line x1="0" y1="2" x2="{percent:.2f}" y2="2" stroke="var(--fill)" stroke-width="4"/></svg><b>{text(figure)}</b></div>'
    )


def head(*cells: tuple[str, bool]) -> str:
    """The row of a table's head: names, and whether numbers stand below."""
    return (
        "<tr>"
        + "".join(f'<th scope="col"{_of(number)}>{text(name)}</th>' for name, number in cells)
        + "</tr></thead><tbody>"
    )


def row(*cells: tuple[str, bool]) -> str:
    """A row of a table: cells that are HTML already, and whether they are numbers; the first says what the row is."""
    (first, _), *others = cells
    return (
        f'<tr><th scope="row">{first}</th>'
        + "".join(f"<td{_of(number)}>{cell}</td>" for cell, number in others)
        + "</tr>"
    )


def _of(number: bool) -> str:
    return ' class="n"' if number else ""


def listed(words: Sequence[str]) -> str:
    """Names in a sentence, as code."""
    return ", ".join(f"<code>{text(word)}</code>" for word in words)


def links(names: Sequence[str]) -> str:
    """Links to files of the release."""
    return ", ".join(f'<a href="{text(name)}">{text(name)}</a>' for name in names)
