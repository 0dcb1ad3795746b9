"""The one look of all figures: colours, letters, sizes of a journal's columns, and axes.

Colours are Okabe and Ito's, which most people with a colour vision deficiency tell apart; whatever a colour says is said by
a shape or a dash too, so that a print in grey loses nothing. Ink, grey and paper are fixed values that a page may replace
by its own (`analysis.report` does so on dark screens).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import altair as alt
from altair.utils.schemapi import debug_mode

from analysis.drawing.words import plain, width, wrapped

INK: Final = "#222222"
GREY: Final = "#666666"
GRID: Final = "#e6e6e6"
PAPER: Final = "#ffffff"
BLUE: Final = "#0072b2"
VERMILLION: Final = "#d55e00"
GREEN: Final = "#009e73"
PURPLE: Final = "#cc79a7"
ORANGE: Final = "#e69f00"
SKY: Final = "#56b4e9"
SERIES: Final = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
FONT: Final = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"

SizeName = Literal["wide", "narrow"]
quickly: Final = debug_mode(False)
"""For what draws: parts are not held against Vega-Lite's schema as each is made, since `dressed` holds the whole against it."""
PAD: Final = 5
_MOST_TICKS, _FEWEST_TICKS = 8, 3
_MANTISSAS: Final = (
    tuple(number / 20.0 for number in range(20, 200)),
    tuple(number / 10.0 for number in range(10, 100)),
    (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0),
    (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0),
    (1.0, 2.0, 3.0, 5.0),
    (1.0, 3.0),
    (1.0,),
)
"""Ticks of one power of ten, from dense to sparse."""


@dataclass(frozen=True, slots=True)
class Size:
    """Where a figure goes: pixels are of 1/96 inch, as everywhere else."""

    name: SizeName
    width: int
    """Of the whole figure."""
    height: int
    """Of a plot of points."""
    text: float
    """Size of letters of axes, legends and labels."""

    @property
    def is_wide(self) -> bool:
        """Whether it spans two columns."""
        return self.name == "wide"


WIDE: Final = Size("wide", 680, 360, 10.5)
"""Two columns of a journal, 180 mm."""
NARROW: Final = Size("narrow", 332, 250, 9.5)
"""One column, 88 mm; and a telephone."""
SIZES: Final = (WIDE, NARROW)


def dressed(chart: alt.LayerChart | alt.FacetChart, size: Size) -> dict[str, Any]:
    """A chart with the common look, as the specification that is rendered."""
    found: dict[str, Any] = chart.to_dict()
    found |= {"padding": PAD, "background": PAPER, "config": deepcopy(_config(size.text))}
    found["config"].setdefault("legend", {})["layout"] = {
        "bottom": {
            "anchor": "start",
            "direction": "horizontal" if size.is_wide else "vertical",
            "margin": 48 if size.is_wide else 4,
        }
    }
    return found


@cache
def _config(text: float) -> dict[str, Any]:
    """The common look of a chart whose letters are of this size; made apart, for each step of it copies the whole chart."""
    styled = (
        alt.Chart(alt.InlineData(values=[]))
        .mark_point()
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=INK, tickColor=INK, gridColor=GRID, titleColor=INK, labelColor=INK, labelFontSize=text,
            titleFontSize=text, titleFontWeight="normal", tickSize=4, labelPadding=3, labelFlush=False, labelLimit=400,
        )
        .configure_title(
            fontSize=text + 2.0, subtitleFontSize=text - 1.0, color=INK, subtitleColor=GREY, anchor="start",
            frame="bounds", offset=8, subtitlePadding=3,
        )
        .configure_legend(
            labelFontSize=text, titleFontSize=text, titleFontWeight="normal", labelColor=INK, titleColor=GREY, labelLimit=0,
            titleLimit=0, symbolStrokeWidth=1.2, rowPadding=2, columnPadding=14, padding=0, offset=8,
        )
    )  # fmt: skip
    found: dict[str, Any] = styled.to_dict()["config"]
    return found


def title(head: str, below: str, size: Size) -> alt.TitleParams:
    """A title, and below it in small letters by which convention."""
    room = size.width - 2 * PAD
    return alt.TitleParams(
        list(wrapped(plain(head), room / 1.15, size.text + 2.0)),
        subtitle=list(wrapped(plain(below), room, size.text - 1.0)),
    )


@dataclass(frozen=True, slots=True)
class PowerAxis:
    """A logarithmic axis along the bottom, whose labels are powers of ten with raised exponents.

    Fonts of renderers lack raised digits, so that the exponent is a text of its own.
    """

    field: str
    low: float
    high: float
    heading: str
    size: Size

    @property
    def values(self) -> list[float]:
        """Where ticks are: powers of ten, or parts of one where it spans hardly one."""
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        step = max(1, math.ceil((last - first) / (_MOST_TICKS if self.size.is_wide else _MOST_TICKS - 2)))
        shown = [10.0**at for at in range(first, last + 1, step)]
        return (
            shown
            if len(shown) >= _FEWEST_TICKS
            else ticks(self.low, self.high, 5 if self.size.is_wide else 4)
        )

    def x(self) -> alt.X:
        """The encoding; labels are drawn apart."""
        axis = alt.Axis(values=self.values, labels=False, titlePadding=self.size.text + 9.0)
        scale = alt.Scale(type="log", domain=[self.low, self.high], nice=False)
        return alt.X(f"{self.field}:Q", title=self.heading, axis=axis, scale=scale)

    def y(self, left: float) -> alt.Y:
        """The encoding as an upright axis that takes so many pixels."""
        extent = left - self.size.text * 1.5
        axis = alt.Axis(values=self.values, labels=False, minExtent=extent, maxExtent=extent)
        scale = alt.Scale(type="log", domain=[self.low, self.high], nice=False)
        return alt.Y(f"{self.field}:Q", title=self.heading, axis=axis, scale=scale)

    def labels(self, height: float) -> list[alt.Chart]:
        """The labels below a plot of this height."""
        across = self.size.text * 0.25
        return [
            layer.encode(x=self.x(), y=y_at(height + 7.0 + self.size.text / 2.0))
            for layer in raised(self._rows(), self.size.text, across)
        ]

    def side_labels(self, left: float) -> list[alt.Chart]:
        """The labels at the left of a plot, whose axis takes so many pixels."""
        across = -7.0 - 0.75 * width("00", self.size.text)
        return [
            layer.encode(x=x_at(0), y=self.y(left)) for layer in raised(self._rows(), self.size.text, across)
        ]

    def _rows(self) -> list[dict[str, float | str]]:
        return [{self.field: value, **_power_parts(value)} for value in self.values]


def x_at(pixel: float) -> alt.XValue:
    """A place across, whatever the data; `alt.value` would have Altair go through all of its schema."""
    return alt.XValue(pixel)  # type: ignore[no-untyped-call]


def y_at(pixel: float) -> alt.YValue:
    """A place from the top, whatever the data."""
    return alt.YValue(pixel)  # type: ignore[no-untyped-call]


def y2_at(pixel: float) -> alt.Y2Value:
    """Where something that begins at a place from the top ends."""
    return alt.Y2Value(pixel)  # type: ignore[no-untyped-call]


def edge(across: float) -> alt.Chart:
    """Nothing at this pixel, so that a figure reaches as far: letters that a reader's face has wider than ours find room."""
    chart: alt.Chart = alt.Chart(alt.InlineData(values=[{"edge": 0}])).mark_rule(opacity=0, aria=False)
    return chart.encode(x=x_at(across), y=y_at(0), y2=y2_at(1))


_NUMBERS: Final = 0.92
"""Digits of most faces are narrower than those that widths are counted by."""


def room(labels: Iterable[str], size: Size) -> int:
    """Pixels of an upright axis with these labels: its ticks, its labels and its title."""
    widest = max((width(label, size.text) for label in labels), default=0.0)
    return math.ceil(9.0 + _NUMBERS * widest + size.text * 1.5)


def ticks(low: float, high: float, most: int = _MOST_TICKS) -> list[float]:
    """Round numbers between two bounds, few enough to read on a log axis."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in _MANTISSAS:
        found = [
            number
            for exponent in decades
            for mantissa in mantissas
            if low <= (number := mantissa * 10.0**exponent) <= high
        ]
        if len(found) <= most:
            return found
    return []


def raised(
    rows: Sequence[Mapping[str, float | str]], text: float, across: float
) -> tuple[alt.Chart, alt.Chart]:
    """What stands on the line (`base`) and the exponent above it (`exponent`), as marks that want their places."""
    chart = alt.Chart(alt.InlineData(values=list(rows)))
    shared: dict[str, Any] = {"baseline": "middle", "color": INK, "aria": False}
    base = chart.mark_text(align="right", dx=across, fontSize=text, **shared)
    above = chart.mark_text(align="left", dx=across + 0.5, dy=-text * 0.38, fontSize=text * 0.75, **shared)
    return base.encode(text=alt.Text("base:N")), above.encode(text=alt.Text("exponent:N"))


def _power_parts(value: float) -> dict[str, float | str]:
    """A number as what stands on the line, and the exponent above it."""
    exponent = math.floor(math.log10(value) + 1e-9)
    factor = f"{value / 10.0**exponent:.3g}"
    return {
        "base": "10" if factor == "1" else f"{factor}×10",
        "exponent": str(exponent).replace("-", "−"),
    }
