"""The PRISMA flow of a release as a drawing: which box stands where, and which lines of text it has. The template draws it.

There are two, of the same boxes: one with what ended beside each step, for screens and paper, and a narrow one for phones with it below.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from db.dataset.schema import Row

Kind = Literal["step", "out", "waits"]

_TITLES = {
    "identified": "Identified: versions of papers that sources listed",
    "screened": "Screened by title and abstract",
    "sought": "Sought, to be read",
    "retrieved": "Retrieved: the file is here",
    "read": "Read",
    "with facts": "With facts: at least one value was found",
    "released": "In this release",
}
_SHOWN = 6
"""Reasons of a step that are drawn; the table below the drawing has all."""
_LINE, _PAD, _GAP = 19, 11, 26
"""Height of a line, room around the text, and room between boxes, in px."""
_CHARACTER = 7.3
"""Width of a character at 13 px, on the wide side."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the flow, as the table `screening` has it."""

    name: str
    entered: int
    ended: tuple[tuple[str, int], ...]
    """What went no further, by reason, the most frequent first."""
    waiting: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a drawing."""

    x: float
    y: float
    text: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a drawing with its text."""

    kind: Kind
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes and what leads from one to the next."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]
    """Paths, as SVG writes them."""


def steps(screening: Iterable[Row]) -> tuple[Step, ...]:
    """The steps that something came to."""
    found = (
        _step(name, {str(row["outcome"]): _count(row) for row in rows})
        for name, rows in groupby(screening, lambda row: str(row["step"]).partition(" ")[2])
    )
    return tuple(step for step in found if step.entered)


def in_words(found: Sequence[Step]) -> str:
    """The drawing for those who do not see it."""
    said = [f"{step.name} {step.entered:,}" for step in found]
    return f"Papers by step: {', '.join(said)}. The table below says what ended at each step and why."


def beside(found: Sequence[Step]) -> Drawing:
    """With what ended to the right of each step."""
    wide, away, column = 300.0, 360.0, 340.0
    boxes, arrows, top = list[Box](), list[str](), 1.0
    for number, step in enumerate(found):
        main = _box("step", 1, top, wide, _main(step))
        side = _box(_side_kind(step), away, top, column, _side(step)) if _side(step) else None
        height = max(main.height, side.height if side else 0)
        boxes.append(main)
        if side is not None:
            boxes.append(side)
            arrows.append(f"M{main.x + wide:g} {top + 20:g} H{away - 2:g}")
        if number < len(found) - 1:
            arrows.append(f"M{1 + wide / 2:g} {top + main.height:g} V{top + height + _GAP - 2:g}")
        top += height + _GAP
    return Drawing(away + column + 1, top - _GAP + 1, tuple(boxes), tuple(arrows))


def below(found: Sequence[Step]) -> Drawing:
    """With what ended below each step, for narrow screens."""
    wide, indent, spine = 318.0, 34.0, 16.0
    boxes, arrows, top = list[Box](), list[str](), 1.0
    for number, step in enumerate(found):
        main = _box("step", 1, top, wide, _main(step))
        boxes.append(main)
        start = bottom = top + main.height
        if _side(step):
            side = _box(_side_kind(step), indent, bottom + 10, wide - indent + 1, _side(step))
            boxes.append(side)
            arrows.append(f"M{spine:g} {side.y + 18:g} H{indent - 2:g}")
            bottom = side.y + side.height
        if number < len(found) - 1:
            arrows.append(f"M{spine:g} {start:g} V{bottom + _GAP - 8:g}")
        elif _side(step):
            arrows.append(f"M{spine:g} {start:g} V{start + 28:g}")
        top = bottom + _GAP - 6
    return Drawing(wide + 2, top - _GAP + 7, tuple(boxes), tuple(arrows))


def _step(name: str, outcomes: dict[str, int]) -> Step:
    return Step(name, outcomes.get("all", 0), _reasons(outcomes, "out: "), _reasons(outcomes, "waiting "))


def _reasons(outcomes: dict[str, int], prefix: str) -> tuple[tuple[str, int], ...]:
    found = [
        (outcome.removeprefix(prefix), papers)
        for outcome, papers in outcomes.items()
        if outcome.startswith(prefix)
    ]
    return tuple(sorted(found, key=lambda item: (-item[1], item[0])))


def _count(row: Row) -> int:
    papers = row["papers"]
    return papers if isinstance(papers, int) else 0


Text = tuple[str, bool]
"""A text, and whether it is printed strongly."""


def _main(step: Step) -> list[Text]:
    return [(_TITLES.get(step.name, step.name), False), (f"n = {step.entered:,}", True)]


def _side_kind(step: Step) -> Kind:
    return "out" if step.ended else "waits"


def _side(step: Step) -> list[Text]:
    return [*_listed("Went no further", step.ended), *_listed("Waiting", step.waiting)]


def _listed(title: str, reasons: Sequence[tuple[str, int]]) -> Iterator[Text]:
    if reasons:
        yield f"{title}: n = {sum(papers for _, papers in reasons):,}", True
    for reason, papers in reasons[:_SHOWN]:
        yield f"{papers:,} {reason}", False
    if rest := reasons[_SHOWN:]:
        yield f"{sum(papers for _, papers in rest):,} for {len(rest):,} other reasons", False


def _box(kind: Kind, x: float, top: float, width: float, texts: Iterable[Text]) -> Box:
    lines = [
        (part, is_strong)
        for text, is_strong in texts
        for part in _wrapped(text, width - 2 * _PAD, is_strong=is_strong)
    ]
    placed = tuple(
        Line(x + _PAD, top + _PAD + 14 + number * _LINE, part, is_strong)
        for number, (part, is_strong) in enumerate(lines)
    )
    return Box(kind, x, top, width, 2 * _PAD + len(lines) * _LINE, placed)


def _wrapped(text: str, width: float, *, is_strong: bool) -> list[str]:
    wide = any(unicodedata.east_asian_width(char) in "WF" for char in text)
    character = _CHARACTER * (1.08 if is_strong else 1) * (2 if wide else 1)
    return textwrap.wrap(text, int(width / character)) or [""]
