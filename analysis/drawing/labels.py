"""Places for names beside points: none covers a point, another name, or runs out of the plot.

Each label takes the cheapest of a fixed list of places around its point, in the order in which labels are given; where
none is free the label is left out, for a reader can bear a point without its name and cannot bear two names on one spot.
A name away from its point is joined to it by a thin line. No chance is in it: the same points give the same places.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.drawing.words import width

Align = Literal["left", "center", "right"]
Numbers = NDArray[np.float64]
_DISTANCES: Final = (7.0, 13.0, 20.0, 28.0, 38.0, 50.0)
_NEAR: Final = 9.0
"""Pixels up to which a name needs no line to its point."""
_ANGLES: Final = tuple(
    math.radians(angle) for angle in (150, 120, 180, 90, 210, 60, 30, 0, 330, 300, 270, 240)
)
"""Places in the order of liking: above and to the left is where a frontier of falling error leaves room."""
_LINE_COST: Final = 10.0
_TURN_COST: Final = 0.6
_LEADER_STEPS: Final = 9


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point that wants its name, in pixels of the plot from its upper left."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A name in its place."""

    anchor: Anchor
    x: float
    """Where the text is held, by its left, middle or right as `align` says."""
    y: float
    """The middle of its height."""
    align: Align
    has_leader: bool
    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What is there before any name."""

    width: float
    height: float
    points: Numbers
    """Rows of x and y."""
    lines: Numbers
    """Rows of x and y along lines, which a name may cross but had better not."""
    radius: float = 4.0
    size: float = 9.0
    """Of the letters."""


def place(anchors: Iterable[Anchor], plot: Plot) -> tuple[Placed, ...]:
    """The names that have a place, in the order given."""
    placed: list[Placed] = []
    taken = np.empty((0, 2))
    for anchor in anchors:
        free = [found for found in _places(anchor, plot) if _is_free(found, plot, placed, taken)]
        if free:
            best = min(free, key=lambda found: _cost(found, plot))
            placed.append(best)
            taken = np.vstack([taken, _leader(best)])
    return tuple(placed)


def _places(anchor: Anchor, plot: Plot) -> Iterator[Placed]:
    wide, tall = width(anchor.text, plot.size), plot.size * 1.25
    for distance in _DISTANCES:
        for angle in _ANGLES:
            x = anchor.x + distance * math.cos(angle)
            y = anchor.y - distance * math.sin(angle)
            steep = abs(math.cos(angle)) < 0.3
            align: Align = "center" if steep else "left" if math.cos(angle) > 0 else "right"
            if steep:
                y -= math.copysign(tall / 2.0, math.sin(angle))
            left = x - {"left": 0.0, "center": wide / 2.0, "right": wide}[align]
            box = (left, y - tall / 2.0, left + wide, y + tall / 2.0)
            yield Placed(anchor, x, y, align, distance > _NEAR, box)


def _is_free(found: Placed, plot: Plot, placed: Sequence[Placed], taken: Numbers) -> bool:
    left, top, right, bottom = found.box
    if left < 1.0 or top < 1.0 or right > plot.width - 1.0 or bottom > plot.height - 1.0:
        return False
    if any(_overlap(found.box, other.box) for other in placed):
        return False
    if _inside(plot.points, found.box, plot.radius) or _inside(taken, found.box, 1.0):
        return False
    leader = _leader(found)
    return not any(_inside(leader, other.box, 1.0) for other in placed)


def _cost(found: Placed, plot: Plot) -> float:
    anchor = found.anchor
    away = math.hypot(found.x - anchor.x, found.y - anchor.y)
    crossing = _inside(plot.lines, found.box, 1.0)
    through = _crossed(found, plot)
    turn = next(at for at, angle in enumerate(_ANGLES) if _faces(found, angle))
    return away + _LINE_COST * (min(crossing, 4) + 4.0 * through) + _TURN_COST * turn


def _faces(found: Placed, angle: float) -> bool:
    """Whether a name lies in this direction of its point, up to half a step."""
    across, up = found.x - found.anchor.x, found.anchor.y - found.y
    return math.cos(angle) * across + math.sin(angle) * up >= math.cos(math.radians(16)) * math.hypot(
        across, up
    )


def _crossed(found: Placed, plot: Plot) -> int:
    """Points that the line to the name runs over, its own left out."""
    leader = _leader(found)
    if not len(leader) or not len(plot.points):
        return 0
    own = np.hypot(plot.points[:, 0] - found.anchor.x, plot.points[:, 1] - found.anchor.y) < plot.radius
    others = plot.points[~own]
    gaps = np.hypot(others[:, None, 0] - leader[None, :, 0], others[:, None, 1] - leader[None, :, 1])
    return int((gaps < plot.radius).any(axis=1).sum())


def _leader(found: Placed) -> Numbers:
    """Points along the line from a point to its name."""
    if not found.has_leader:
        return np.empty((0, 2))
    share = np.linspace(0.15, 1.0, _LEADER_STEPS)[:, None]
    start = np.array([[found.anchor.x, found.anchor.y]])
    along: Numbers = start + share * (np.array([end_of(found)]) - start)
    return along


def end_of(found: Placed) -> tuple[float, float]:
    """Where the line to a name ends."""
    left, top, right, bottom = found.box
    x = {"left": left - 1.0, "center": found.x, "right": right + 1.0}[found.align]
    y = found.y if found.align != "center" else (bottom if found.y < found.anchor.y else top)
    return x, y


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(points: Numbers, box: tuple[float, float, float, float], margin: float) -> int:
    """How many points lie in a box, or nearer to it than the margin."""
    left, top, right, bottom = box
    x, y = points[:, 0], points[:, 1]
    return int(
        ((x > left - margin) & (x < right + margin) & (y > top - margin) & (y < bottom + margin)).sum()
    )
