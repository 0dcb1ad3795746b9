"""Families of tables for `test_round_trip`: each fixes one style or one kind of content, all else is drawn by lot.

A family's tables are typeset together on pages of one paper, since typesetting is what costs.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypedDict

from tests.extractors.documents.table_contents import Content, Head, Labels, Values, make
from tests.extractors.documents.table_styles import Captions, Layout, Rules, Sample, Side, Style, fits

TABLES = 8
"""Tables of one family; even, so that they make pairs."""


class Look(TypedDict, total=False):
    """What a family fixes of `Style`."""

    rules: Rules
    side: Side
    captions: Captions
    layout: Layout
    align: str
    gap: float
    size: float
    pad: float
    font: str
    float_: bool
    level: str
    turned: int
    shaded: bool
    broken: bool
    close: bool


class Says(TypedDict, total=False):
    """What a family fixes of `Content`."""

    head: Head
    labels: Labels
    values: Values
    rows: int
    columns: int
    best: bool


@dataclass(frozen=True, slots=True)
class Family:
    """What all tables of a family have in common."""

    look: Look = field(default_factory=Look)
    says: Says = field(default_factory=Says)
    count: int = TABLES

    def tables(self, name: str) -> list[tuple[Sample, Style]]:
        """Tables of the family, always the same for a name; the page is drawn once for all."""
        chance = Random(zlib.crc32(name.encode()))
        side: Side = chance.choice(("above", "below"))
        found: list[tuple[Sample, Style]] = []
        while len(found) < self.count:
            style = replace(_style(chance, side), **self.look)
            sample = make(replace(_content(chance), **self.says), chance)
            if fits(sample, style):
                found.append((sample, style))
        return found


def _style(chance: Random, side: Side) -> Style:
    return Style(
        side=side,
        gap=chance.uniform(8, 18),
        size=chance.choice((8, 9, 9, 10)),
        pad=chance.uniform(1.6, 3),
        align=chance.choice(("center", "center", "right", "left")),
    )


def _content(chance: Random) -> Content:
    return Content(rows=chance.randrange(3, 9), columns=chance.randrange(3, 7), best=chance.random() < 0.4)


_LOOSE = 3.4
"""Points above and below rows that a person tells from the lines of one cell."""
_RULES: tuple[Rules, ...] = (
    "booktabs",
    "none",
    "full",
    "inner",
    "vertical",
    "spine",
    "head",
    "rows",
    "ended",
    "begun",
)
_SIDES: tuple[Side, ...] = ("above", "below")
_LAYOUTS: tuple[Layout, ...] = ("two", "right", "wide", "pair", "stack")
_CAPTIONS: tuple[Captions, ...] = ("Table 1. ", "*Table 1:* ", "*Table 1.* ", "TABLE I")
_SQUEEZED: tuple[Rules, ...] = ("booktabs", "spine", "begun")
_BOTH: tuple[Rules, ...] = ("booktabs", "none")
_HEADS: tuple[Head, ...] = (
    "two",
    "two bare",
    "two tall",
    "corner",
    "units",
    "wrapped",
    "bold",
    "arrows",
    "numbers",
)
_LABELS: tuple[Labels, ...] = (
    "wrapped",
    "groups",
    "centred groups",
    "multirow",
    "multirow top",
    "long",
    "numbers",
)
_VALUES: tuple[Values, ...] = (
    *("deviations", "tight deviations", "lowered deviations", "percents", "missing", "empty", "powers"),
    *("marks", "gains", "words", "checks", "mixed"),
)

FAMILIES: Mapping[str, Family] = {
    **{
        f"{rules}, caption {side}": Family({"rules": rules, "side": side})
        for rules in _RULES
        for side in _SIDES
    },
    **{
        f"{layout}, {rules}, caption {side}": Family({"layout": layout, "rules": rules, "side": side})
        for layout in _LAYOUTS
        for rules in _BOTH
        for side in _SIDES
    },
    **{
        f"captions {captions.strip()}": Family({"captions": captions, "side": "above"})
        for captions in _CAPTIONS
    },
    **{
        f"squeezed, {rules}, caption {side}": Family({"close": True, "rules": rules, "side": side})
        for rules in _SQUEEZED
        for side in _SIDES
    },
    "squeezed, begun, two columns": Family(
        {"close": True, "rules": "begun", "layout": "two", "side": "above"}
    ),
    "captions TABLE I, two columns": Family({"captions": "TABLE I", "layout": "two", "side": "above"}),
    "captions *Table 1.*, below": Family({"captions": "*Table 1.* ", "side": "below"}),
    "two columns only": Family({}, {"columns": 2}),
    "shaded": Family({"shaded": True}),
    "shaded, no rules": Family({"shaded": True, "rules": "none"}),
    "labels numbers, no rules": Family({"rules": "none"}, {"labels": "numbers"}),
    "labels numbers, head numbers": Family({}, {"labels": "numbers", "head": "numbers"}),
    "float at the head of the page": Family({"float_": True}),
    "float at the head of a column": Family({"layout": "two", "float_": True, "side": "below"}),
    **{f"head {head}": Family({}, {"head": head, "columns": 5}) for head in _HEADS},
    "head two bare, no rules": Family({"rules": "none"}, {"head": "two bare", "columns": 5}),
    "head two bare, full": Family({"rules": "full"}, {"head": "two bare", "columns": 5}),
    "head two tall, full": Family({"rules": "full"}, {"head": "two tall", "columns": 5}),
    "head two, vertical": Family({"rules": "vertical"}, {"head": "two", "columns": 5}),
    "head two, inner": Family({"rules": "inner", "side": "above"}, {"head": "two", "columns": 5}),
    "head two, spine": Family({"rules": "spine", "side": "above"}, {"head": "two", "columns": 5}),
    "head two tall, head": Family({"rules": "head", "side": "below"}, {"head": "two tall", "columns": 5}),
    "head two bare, ended": Family({"rules": "ended", "side": "below"}, {"head": "two bare", "columns": 5}),
    "head units, two columns": Family({"layout": "two", "size": 7}, {"head": "units"}),
    "head wrapped, full": Family({"rules": "full"}, {"head": "wrapped"}),
    "head wrapped, no rules": Family({"rules": "none"}, {"head": "wrapped"}),
    "head corner, no rules": Family({"rules": "none"}, {"head": "corner"}),
    **{f"labels {labels}": Family({"pad": _LOOSE}, {"labels": labels}) for labels in _LABELS},
    "labels wrapped at the top": Family({"level": "top"}, {"labels": "wrapped"}),
    "labels wrapped, no rules": Family({"rules": "none", "pad": _LOOSE}, {"labels": "wrapped"}),
    "labels wrapped, as tight as text": Family({"pad": 1.6, "size": 9}, {"labels": "wrapped"}),
    "labels multirow, tight": Family({"pad": 1.2}, {"labels": "multirow"}),
    "labels multirow, loose": Family({"pad": 6}, {"labels": "multirow"}),
    "labels multirow, no rules": Family({"rules": "none"}, {"labels": "multirow"}),
    "labels multirow turned": Family({"pad": 4}, {"labels": "multirow turned"}),
    "labels multirow turned, full": Family({"pad": 4, "rules": "full"}, {"labels": "multirow turned"}),
    "labels wrapped, full": Family({"rules": "full"}, {"labels": "wrapped"}),
    "labels groups, no rules": Family({"rules": "none"}, {"labels": "groups"}),
    "labels groups, spine": Family({"rules": "spine", "pad": _LOOSE}, {"labels": "groups"}),
    "labels groups, begun": Family({"rules": "begun", "pad": _LOOSE}, {"labels": "groups"}),
    "labels wrapped, begun": Family({"rules": "begun", "side": "below"}, {"labels": "wrapped"}),
    "labels multirow, begun": Family({"rules": "begun", "pad": _LOOSE}, {"labels": "multirow"}),
    "labels multirow, full": Family({"rules": "full"}, {"labels": "multirow"}),
    **{f"values {values}": Family({}, {"values": values}) for values in _VALUES},
    "values gains apart": Family({}, {"values": "gains apart"}),
    "values gains apart, no rules": Family({"rules": "none"}, {"values": "gains apart"}),
    "values sentences": Family({"pad": _LOOSE}, {"values": "sentences"}),
    "values decimal": Family({"align": "right"}, {"values": "decimal"}),
    "values decimal, no rules": Family({"align": "right", "rules": "none"}, {"values": "decimal"}),
    "values mixed, no rules": Family({"rules": "none"}, {"values": "mixed"}),
    "values mixed, two columns": Family({"layout": "two"}, {"values": "mixed"}),
    "values words, no rules": Family({"rules": "none"}, {"values": "words"}),
    "values sentences at the top": Family({"level": "top"}, {"values": "sentences"}),
    "values sentences, full": Family({"rules": "full"}, {"values": "sentences"}),
    "values tall, full": Family({"rules": "full"}, {"values": "tall", "rows": 6}),
    "values tall, full, labels wrapped": Family(
        {"rules": "full"}, {"values": "tall", "rows": 6, "labels": "wrapped"}
    ),
    "values empty, no rules": Family({"rules": "none"}, {"values": "empty"}),
    "set right": Family({"align": "right"}),
    "set left": Family({"align": "left"}),
    "set left, no rules": Family({"align": "left", "rules": "none"}),
    "gaps of 4 pt": Family({"gap": 4}),
    "gaps of 4 pt, no rules": Family({"gap": 4, "rules": "none"}),
    "gaps of 4 pt, head two": Family({"gap": 4}, {"head": "two", "columns": 7}),
    "gaps of 40 pt": Family({"gap": 40}, {"columns": 4}),
    "gaps of 40 pt, no rules": Family({"gap": 40, "rules": "none"}, {"columns": 4}),
    "gaps of 40 pt, head two": Family({"gap": 40}, {"columns": 5, "head": "two"}),
    **{f"type of {size} pt": Family({"size": size}) for size in (7, 8, 9, 10)},
    "40 rows": Family({}, {"rows": 40}),
    "40 rows, no rules": Family({"rules": "none"}, {"rows": 40}),
    "40 rows in groups": Family({}, {"rows": 38, "labels": "groups"}),
    "turned": Family({"turned": 90}),
    "turned clockwise": Family({"turned": -90}),
    "turned, no rules": Family({"turned": 90, "rules": "none"}),
    "turned, head two": Family({"turned": 90}, {"head": "two", "columns": 5}),
    "over two pages": Family({"broken": True, "side": "above"}, {"rows": 60}, 3),
    "over two pages, head two": Family(
        {"broken": True, "side": "above"}, {"rows": 60, "head": "two", "columns": 5}, 3
    ),
    "over two pages, full": Family({"broken": True, "side": "above", "rules": "full"}, {"rows": 60}, 3),
    "over two pages, no rules": Family({"broken": True, "side": "above", "rules": "none"}, {"rows": 60}, 3),
    "other font": Family({"font": "Libertinus Serif"}, {"values": "mixed"}),
}
