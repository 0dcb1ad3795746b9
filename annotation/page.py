"""An item as lines of text that fit a small terminal, the value marked where the paper prints it.

Pure: no stream, no key, no database. Every text from a paper is made harmless before it is measured or shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from annotation.opinions import Opinion
from annotation.safe_text import safe, wrapped
from annotation.session import CHOICES, Item
from annotation.values import brief, reason_to_look, show
from db.cells import CellState
from extractors.facts.evidence import Evidence
from extractors.facts.ids import PaperId
from extractors.physics import FITTING

WIDTH = 80
HEIGHT = 22
"""Of an item: two lines of a small terminal's 24 are for the keys and what is typed."""
BOLD = ("\x1b[1m", "\x1b[0m")
BRACKETS = ("[[", "]]")
_INDENT = "  "
_GUARDS = (r"(?<!\w)(?<!\d[.,])", r"(?!\w|[.,]\d)")
"""What must not stand beside a value: 8 is neither in 18 nor in 8.5, and `a` is not in `days`."""
_BETWEEN = r"[\s^]*(?:(?<=[a-z])-\s+)?"
"""What may stand between two signs of a value that a line's end, a hyphen or a superscript parted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the session is."""

    done: int
    left: int


def render(item: Item, progress: Progress, *, bold: bool = False) -> list[str]:
    """An item as at most `HEIGHT` lines of `WIDTH` columns, what matters least last.

    Args:
        item: what to decide.
        progress: shown above it.
        bold: mark the value in bold, for a terminal, instead of in brackets.
    """
    return [line for part in _parts(item, progress, bold=bold) for line in part][:HEIGHT]


def link(paper: PaperId) -> str:
    """Where a browser finds the paper; empty for one known only by its bytes."""
    if paper.startswith("doi:"):
        return f"https://doi.org/{paper.removeprefix('doi:')}"
    return "" if paper.startswith("file:") else f"https://arxiv.org/abs/{paper}"


def marked(quote: str, printed: str, *, bold: bool = False, limit: int = 4) -> list[str]:
    """A quote as indented lines, the printed value marked in it, also where a line's end parts it."""
    text = " ".join(safe(quote).split())
    start, end = place_of(text, safe(printed))
    front, back = BOLD if bold else BRACKETS
    room = WIDTH - len(_INDENT) - (0 if bold else len(front + back))
    lines, at = [], 0
    for line in wrapped(text, room)[:limit]:
        at = text.index(line, at)
        a, b = max(start - at, 0), min(end - at, len(line))
        lines.append(f"{_INDENT}{line[:a]}{front}{line[a:b]}{back}{line[b:]}" if a < b else _INDENT + line)
        at += len(line)
    return lines


def place_of(text: str, printed: str) -> tuple[int, int]:
    """Where a value stands in a text: as printed if it does, else with what line ends leave; (0, 0) if nowhere."""
    signs = [re.escape(sign) for sign in printed if not sign.isspace() and sign != "^"]
    if not signs:
        return 0, 0
    for pattern in (re.escape(printed), _BETWEEN.join(signs)):
        found = re.search(f"{_GUARDS[0]}{pattern}{_GUARDS[1]}", text)
        if found:
            return found.span()
    return 0, 0


def _parts(item: Item, progress: Progress, *, bold: bool) -> Iterator[list[str]]:
    entity = item.key.entity
    yield [f" {progress.done} done, {progress.left} left".rjust(WIDTH, "-")]
    yield _wrapped(f"{item.title} ({item.published:%Y-%m-%d})" if item.published else item.title, limit=2)
    yield _wrapped(f"{entity.kind} {entity.slug}  {link(entity.paper) or entity.paper}", limit=2)
    yield [*_wrapped(item.field.meaning, limit=1), *_wrapped(item.field.guideline, _INDENT)]
    yield list(_choices(item))
    if item.evidence:
        printed = getattr(item.options[0].value, "printed", "") if item.options else ""
        yield [*_wrapped(_where(item.evidence), limit=1), *marked(item.evidence.quote, printed, bold=bold)]
    yield [line for opinion in item.opinions for line in _wrapped(_opinion(opinion))]
    doubts = item.options[0].reasons if item.options else ()
    yield [line for doubt in doubts[:2] for line in _wrapped(_reason(doubt))]
    beside = [f"{cell.key.field} {_said(cell)}" for cell in item.siblings if cell.value]
    yield _wrapped(f"beside it: {'; '.join(beside)}") if beside else []
    decided = [f"{cell.key.entity.slug} {cell.key.field} {_said(cell)}" for cell in item.decided]
    yield _wrapped(f"decided in this paper: {'; '.join(decided)}") if decided else []


def _choices(item: Item) -> Iterator[str]:
    probability = item.state.probability
    why = reason_to_look(item.claim.why)
    sure = f"probability {probability:.2f}, {why}" if probability is not None else why
    for number, option in enumerate(item.options[:CHOICES], start=1):
        yield from _wrapped(
            f"{number}  {show(option.value)}  ({sure if number == 1 else _where(option.evidence)})", limit=1
        )


def _opinion(opinion: Opinion) -> str:
    because = f", because {opinion.reason}" if opinion.reason else ""
    place = f" ({_where(opinion.evidence)})" if opinion.evidence else ""
    return f"{opinion.who} said: {opinion.said}{place}{because}"


def _reason(words: str) -> str:
    """A doubt with a question mark, what a check of physics bears out with an equals sign."""
    return f"= {words.removeprefix(FITTING)}" if words.startswith(FITTING) else f"? {words}"


def _where(place: Evidence) -> str:
    return f"p. {place.page}, {place.anchor}" if place.anchor else f"p. {place.page}"


def _said(cell: CellState) -> str:
    """A known value, and whether people decided it."""
    value = brief(cell.value, cell.key.field)
    return f"{value} ({cell.status})" if cell.reviewers else value


def _wrapped(text: str, indent: str = "", limit: int = 2) -> list[str]:
    """Harmless lines; what does not fit ends in an ellipsis."""
    return wrapped(text, WIDTH, indent=indent, most=limit) or [indent]
