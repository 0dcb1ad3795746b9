"""Figures: performance against burden for one benchmark, with both fits, as PNG and SVG.

Drawn by Vega-Altair and rendered by vl-convert, without a browser or a network; the same study gives the same
bytes. Colours are Okabe and Ito's, which most people with a colour vision deficiency tell apart; lines also differ
by their dashes, so that a print in grey says the same.
"""

from __future__ import annotations

import json
import math
import re
import textwrap
from dataclasses import dataclass
from typing import Final

import altair as alt
import numpy as np
import vl_convert

from analysis.points import Point
from analysis.regressions import FEWEST, FORMS, Fit
from analysis.study import Fitted, Section

_INK, _GREY = "#222222", "#666666"
_COLOURS: Final = ["#0072B2", "#D55E00"]
_DASHES: Final = [[1, 0], [6, 4]]
_POINT_COLOUR: Final = "#444444"
_STEPS = 80
_CLIP: Final = re.compile(r'(?<=id="clip)\d+(?=")|(?<=url\(#clip)\d+(?=\))')
_WIDTH, _HEIGHT = 560, 360
_LINE = 95
"""Characters of a subtitle that fit above the plot."""
_SCALE: Final = 2.0
"""Pixels of the PNG a point of the layout."""
_MARGIN = 0.3
"""Empty space at either end of the burden axis, in powers of ten."""
_HEADROOM = 1.08
"""Factor of empty space at either end of the performance axis."""
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
_FEWEST_TICKS, _MOST_TICKS = 3, 8


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure."""

    svg: str
    png: bytes


def draw(section: Section, convention: str) -> Figure | None:
    """The figure of a benchmark, or None where there are too few points to see anything."""
    if len(section.points) < FEWEST:
        return None
    spec = json.dumps(_chart(section, convention).to_dict(), sort_keys=True)
    svg = _renumbered(vl_convert.vegalite_to_svg(spec))
    return Figure(svg, vl_convert.vegalite_to_png(spec, scale=_SCALE))


def _renumbered(svg: str) -> str:
    """The picture with its clips counted from one, because the renderer counts through all it has drawn."""
    numbers = {clip: str(index) for index, clip in enumerate(dict.fromkeys(_CLIP.findall(svg)), start=1)}
    return _CLIP.sub(lambda found: numbers[found[0]], svg)


def _chart(section: Section, convention: str) -> alt.LayerChart:
    lines = [line for fitted in section.fits if (line := _line(fitted, section.points))]
    title = alt.TitleParams(
        _title(section),
        subtitle=[*_subtitle(section), *textwrap.wrap(convention, _LINE)],
        anchor="start",
        subtitleColor=_GREY,
        offset=12,
    )
    layers = alt.layer(*lines, _points(section.points), title=title)
    chart: alt.LayerChart = (
        layers.properties(width=_WIDTH, height=_HEIGHT, padding=16, background="white")
        .configure(font="Liberation Sans, Arial, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=_INK, tickColor=_INK, gridColor="#e6e6e6", titleColor=_INK, labelColor=_INK
        )
        .configure_title(fontSize=16, subtitleFontSize=11, color=_INK)
    )
    return chart


def _title(section: Section) -> str:
    return f"{section.benchmark}: {len(section.points)} papers"


def _subtitle(section: Section) -> list[str]:
    if section.no_fit:
        return [f"No fit: {section.no_fit}."]
    return [
        f"{item.form.name}: {item.form.formula}, slope {item.result.slope:.3g} ± {item.result.se:.2g}, R² {item.result.r2:.2f}"
        for item in section.fits
        if isinstance(item.result, Fit)
    ]


def _points(points: tuple[Point, ...]) -> alt.Chart:
    rows = [
        {"burden": point.burden, "performance": 1.0 / point.error, "basis": f"{point.basis} burden"}
        for point in points
    ]
    some_converted = any(point.basis == "converted" for point in points)
    shape = alt.Shape(
        "basis:N",
        scale=alt.Scale(domain=["reported burden", "converted burden"], range=["circle", "diamond"]),
        legend=alt.Legend(title=None, orient="bottom") if some_converted else None,
    )
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=55, opacity=0.85, color=_POINT_COLOUR, stroke="white", strokeWidth=0.6)
        .encode(x=_x_axis(points), y=_y_axis(points), shape=shape)
    )
    return chart


def _line(fitted: Fitted, points: tuple[Point, ...]) -> alt.Chart | None:
    fit = fitted.result
    if not isinstance(fit, Fit):
        return None
    burdens = np.log10([point.burden for point in points])
    across = np.linspace(burdens.min(), burdens.max(), _STEPS)
    response = fit.intercept + fit.slope * across
    drawable = response > 0.0 if fitted.form.name == "exponential" else np.isfinite(response)
    performance = 1.0 / fitted.form.error(response[drawable])
    rows = [
        {"burden": float(10.0**x), "performance": float(y), "fit": f"{fitted.form.name} fit"}
        for x, y in zip(across[drawable], performance, strict=True)
    ]
    names = [f"{form.name} fit" for form in FORMS]
    legend = alt.Legend(title=None, orient="bottom", symbolType="stroke", symbolSize=225)
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=2, clip=True)
        .encode(
            x=_x_axis(points),
            y=_y_axis(points),
            color=alt.Color("fit:N", scale=alt.Scale(domain=names, range=_COLOURS), legend=legend),
            strokeDash=alt.StrokeDash("fit:N", scale=alt.Scale(domain=names, range=_DASHES), legend=legend),
        )
    )
    return chart


def _x_axis(points: tuple[Point, ...]) -> alt.X:
    powers = [math.log10(point.burden) for point in points]
    low, high = min(powers) - _MARGIN, max(powers) + _MARGIN
    step = max(1, math.ceil((high - low) / _MOST_TICKS))
    powers_shown = range(math.ceil(low), math.floor(high) + 1, step)
    wide = len(powers_shown) >= _FEWEST_TICKS
    axis = alt.Axis(
        values=[10.0**power for power in powers_shown] if wide else _ticks(10.0**low, 10.0**high),
        labelExpr="replace(format(datum.value, '~e'), '+', '')",
    )
    scale = alt.Scale(type="log", domain=[10.0**low, 10.0**high], nice=False)
    return alt.X("burden:Q", title="compute of training (FLOP)", scale=scale, axis=axis)


def _y_axis(points: tuple[Point, ...]) -> alt.Y:
    performances = [1.0 / point.error for point in points]
    low, high = min(performances) / _HEADROOM, max(performances) * _HEADROOM
    ticks = _ticks(low, high)
    axis = alt.Axis(
        values=ticks, labelExpr="format(datum.value, '~r') + ' (' + format(1 / datum.value, '.3~p') + ')'"
    )
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return alt.Y("performance:Q", title="1 / error (error)", scale=scale, axis=axis)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers between two bounds, few enough to read on a log axis."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in _MANTISSAS:
        found = [
            number
            for power in decades
            for mantissa in mantissas
            if low <= (number := mantissa * 10.0**power) <= high
        ]
        if len(found) <= _MOST_TICKS:
            return found
    return []
