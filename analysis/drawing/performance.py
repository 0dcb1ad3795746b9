"""Performance against burden for one benchmark: points, both fits with the intervals of their lines, and names.

Named are the points of the frontier and those whose names are asked for. Shape tells the origin of a point, filling how its
burden came about: full where it is reported, empty where it was converted.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import numpy as np
from scipy import stats

from analysis.drawing import look
from analysis.drawing.labels import Anchor, Placed, Plot, end_of, place
from analysis.drawing.look import BLUE, GREEN, INK, PAPER, PURPLE, VERMILLION, PowerAxis, Size
from analysis.drawing.words import cut, plain, scientific, short
from analysis.estimators import on_frontier
from analysis.points import Point
from analysis.regressions import Fit, Numbers
from analysis.sample import sample_of
from analysis.study import Fitted, Section

FEWEST_DRAWN: Final = 2
"""Points; a single one is a row of a table."""
_STEPS: Final = 60
_MARGIN: Final = 0.3
"""Empty space at either end of the burden axis, in powers of ten."""
_LEAST: Final = (1.4, 0.06)
"""Powers of ten that an axis of burdens and one of errors span at least, or their ticks would be odd numbers."""
_HEADROOM: Final = (0.06, 0.14)
"""Empty space below and above the points, as shares of their span: names of the frontier stand above."""
_ORIGINS: Final = (("circle", INK), ("square", GREEN), ("triangle-up", PURPLE), ("diamond", VERMILLION))
_FILLS: Final = {"reported": None, "converted": PAPER}
"""How a point is filled by where its burden comes from; None is the colour of its outline."""
_FORM_LOOK: Final = {"polynomial": (BLUE, [1, 0]), "exponential": (VERMILLION, [5, 3])}
_NAME_ROOM: Final = {"wide": 150.0, "narrow": 90.0}
_SIZES: Final = ((200, 34.0), (2_000, 16.0))
"""Area of a point by how many there are at most."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What of the data a plot spans."""

    x: tuple[float, float]
    """Powers of ten of FLOP."""
    y: tuple[float, float]
    """Powers of ten of 1/error."""
    width: float
    height: float
    left: float
    right: float
    """Pixels of the axes at either side."""
    values: tuple[float, ...]
    """Ticks of 1/error."""
    power: PowerAxis

    def pixels(self, burden: Numbers, error: Numbers) -> Numbers:
        """Rows of x and y from the upper left of the plot."""
        across = (np.log10(burden) - self.x[0]) / (self.x[1] - self.x[0]) * self.width
        down = (self.y[1] + np.log10(error)) / (self.y[1] - self.y[0]) * self.height
        return np.column_stack([across, down])

    def burden(self, across: float) -> float:
        """FLOP at a pixel."""
        return float(10.0 ** (self.x[0] + across / self.width * (self.x[1] - self.x[0])))

    def performance(self, down: float) -> float:
        """1/error at a pixel."""
        return float(10.0 ** (self.y[1] - down / self.height * (self.y[1] - self.y[0])))


@look.quickly
def performance(
    section: Section, name: str, convention: str, size: Size, named: Collection[str] = ()
) -> dict[str, Any] | None:
    """The specification of the figure of a benchmark, or None where there is nothing to compare.

    Args:
        section: the benchmark.
        name: its title.
        convention: how burdens were counted.
        size: one column or two.
        named: models to name beside those of the frontier.
    """
    if len(section.points) < FEWEST_DRAWN:
        return None
    scale = _scale(section.points, size)
    lines = [_Line.of(fitted, section.points) for fitted in section.fits if isinstance(fitted.result, Fit)]
    placed = place(_anchors(section.points, scale, size, named), _plot(section.points, lines, scale, size))
    layers = [
        *(_bands(lines, scale)),
        *(_strokes(lines, scale)),
        *_leaders(placed, scale),
        _marks(section.points, scale, size),
        _errors(scale),
        *scale.power.labels(scale.height),
        *_names(placed, scale, size),
    ]
    below = f"{f'No fit: {section.no_fit}. ' if section.no_fit else ''}Convention: {convention}"
    title = look.title(f"{name}: {len(section.points):,} points", below, size)
    chart = alt.layer(*layers, title=title, width=scale.width, height=scale.height)
    return look.dressed(chart.resolve_axis(y="independent"), size)


@dataclass(frozen=True, slots=True)
class _Line:
    form: str
    legend: str
    burden: Numbers
    middle: Numbers
    """1/error."""
    low: Numbers
    high: Numbers

    @classmethod
    def of(cls, fitted: Fitted, points: Sequence[Point]) -> _Line:
        """A fitted line with the 95% interval of its mean, where both can be an error."""
        fit = fitted.result
        assert isinstance(fit, Fit)  # noqa: S101 (the caller has looked)
        known = np.log10([point.burden for point in points])
        across = np.linspace(known.min(), known.max(), _STEPS)
        middle = fit.intercept + fit.slope * across
        reach = mean_error(fit, known, across) * float(stats.t.ppf(0.975, fit.n - 2))
        performance = [
            _performance(fitted, response) for response in (middle, middle - reach, middle + reach)
        ]
        shown = np.isfinite(performance[0])
        legend = f"{fitted.form.name}: slope {fit.slope:.3g} ± {fit.se:.1g}, R² {fit.r2:.2f}"
        return cls(fitted.form.name, legend, 10.0 ** across[shown], *(line[shown] for line in performance))


def mean_error(fit: Fit, known: Numbers, across: Numbers) -> Numbers:
    """Standard error of a line's mean at places, from that of its slope and the terms it was fitted to."""
    spread = float(((known - known.mean()) ** 2).sum())
    found: Numbers = fit.se * np.sqrt(spread / fit.n + (across - known.mean()) ** 2)
    return found


def _performance(fitted: Fitted, response: Numbers) -> Numbers:
    """1/error of what a line says, NaN where it is no error."""
    if fitted.form.name == "exponential":
        response = np.where(response > 0.0, response, np.nan)
    found: Numbers = 1.0 / fitted.form.error(response)
    return found


def _scale(points: Sequence[Point], size: Size) -> Scale:
    powers = [math.log10(point.burden) for point in points]
    heights = [-math.log10(point.error) for point in points]
    span = max(heights) - min(heights)
    if span < _LEAST[1]:
        heights = [
            *heights,
            (max(heights) + min(heights) - _LEAST[1]) / 2.0,
            (max(heights) + min(heights) + _LEAST[1]) / 2.0,
        ]
        span = _LEAST[1]
    if max(powers) - min(powers) < _LEAST[0]:
        middle = (max(powers) + min(powers)) / 2.0
        powers = [middle - _LEAST[0] / 2.0, middle + _LEAST[0] / 2.0]
    below, above = _HEADROOM
    x, y = (
        (min(powers) - _MARGIN, max(powers) + _MARGIN),
        (min(heights) - below * span, max(heights) + above * span),
    )
    values = look.ticks(10.0 ** y[0], 10.0 ** y[1], 7)
    left, right = (
        look.room(map("{:g}".format, values), size),
        look.room([f"{1 / value:.3%}"[:4] + "%" for value in values], size),
    )
    across = size.width - left - right - 2 * look.PAD
    axis = PowerAxis("burden", 10.0 ** x[0], 10.0 ** x[1], "compute of training (FLOP)", size)
    return Scale(x, y, across, size.height, left, right, tuple(values), axis)


def _y(scale: Scale, axis: alt.Axis | None = None, heading: str = "") -> alt.Y:
    domain = [10.0**end for end in scale.y]
    return alt.Y(
        "performance:Q", title=heading, axis=axis, scale=alt.Scale(type="log", domain=domain, nice=False)
    )


def _marks(points: Sequence[Point], scale: Scale, size: Size) -> alt.Chart:
    ordered = sorted(points, key=lambda point: (point.origin, list(_FILLS).index(point.basis)))
    kinds = {_kind(point, points): _mark(point, points) for point in ordered}
    shapes, fills, strokes = zip(*kinds.values(), strict=True)
    domain = list(kinds)
    legend = (
        alt.Legend(title="burden", orient="bottom", symbolSize=50, columns=1 if len(kinds) < 3 else 2)
        if len(kinds) > 1
        else None
    )
    axis = alt.Axis(values=list(scale.values), format="~r", grid=True, **_extent(scale.left, size))
    area = next((area for most, area in _SIZES if len(points) <= most), _SIZES[-1][1])
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("points"), name="points")
        .mark_point(filled=True, size=area, opacity=1.0, strokeWidth=1.0, aria=False)
        .encode(
            x=scale.power.x(),
            y=_y(scale, axis, "performance, 1 / error"),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=domain, range=list(shapes)), legend=legend),
            fill=alt.Fill("kind:N", scale=alt.Scale(domain=domain, range=list(fills)), legend=legend),
            stroke=alt.Stroke("kind:N", scale=alt.Scale(domain=domain, range=list(strokes)), legend=legend),
            tooltip=[alt.Tooltip(f"{field}:N", title=field) for field in ("paper", "model", "year", "compute", "error")],
        )
    )  # fmt: skip
    return chart.properties(
        data=alt.InlineData(values=[_row(point, points) for point in points], name="points")
    )


def _row(point: Point, points: Sequence[Point]) -> dict[str, str | float]:
    return {
        "burden": point.burden,
        "performance": 1.0 / point.error,
        "kind": _kind(point, points),
        "paper": cut(plain(point.title or point.paper_id), 420.0, 10.0),
        "model": cut(plain(point.model), 300.0, 10.0) or "not named",
        "year": point.published[:4] or "not known",
        "compute": f"{scientific(point.burden)} FLOP, {point.basis}",
        "error": f"{point.error:.2%}",
    }


def _origins(points: Sequence[Point]) -> list[str]:
    return sorted({point.origin for point in points})


def _kind(point: Point, points: Sequence[Point]) -> str:
    """What a point is, as the legend has it."""
    origin = cut(plain(point.origin), 110.0, 10.0)
    return f"{point.basis}, {origin}" if len(_origins(points)) > 1 else point.basis


def _mark(point: Point, points: Sequence[Point]) -> tuple[str, str, str]:
    """Shape, filling and outline."""
    at = _origins(points).index(point.origin)
    shape, colour = _ORIGINS[at % len(_ORIGINS)]
    return shape, _FILLS.get(point.basis, PAPER) or colour, colour


def _extent(room: float, size: Size) -> dict[str, Any]:
    """Of an axis, so that the plot is as wide whatever the labels are."""
    extent = room - size.text * 1.5
    return {"minExtent": extent, "maxExtent": extent}


def _errors(scale: Scale) -> alt.Chart:
    """The same axis as errors, at the right."""
    axis = alt.Axis(
        orient="right", values=list(scale.values), labelExpr="format(1 / datum.value, '.3~p')", grid=False,
        **_extent(scale.right, scale.power.size),
    )  # fmt: skip
    row = {"burden": 10.0 ** scale.x[0], "performance": 10.0 ** scale.y[0]}
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=[row]))
        .mark_point(opacity=0, aria=False)
        .encode(x=scale.power.x(), y=_y(scale, axis, "error"))
    )
    return chart


def _bands(lines: Sequence[_Line], scale: Scale) -> Iterator[alt.Chart]:
    for line in lines:
        rows = [
            {"burden": x, "performance": low, "upper": high}
            for x, low, high in zip(line.burden.tolist(), line.low.tolist(), line.high.tolist(), strict=True)
            if math.isfinite(low) and math.isfinite(high)
        ]
        colour, _ = _FORM_LOOK[line.form]
        yield (
            alt.Chart(alt.InlineData(values=rows))
            .mark_area(color=colour, opacity=0.16, clip=True, aria=False)
            .encode(x=scale.power.x(), y=_y(scale), y2=alt.Y2("upper:Q"))
        )


def _strokes(lines: Sequence[_Line], scale: Scale) -> Iterator[alt.Chart]:
    if not lines:
        return
    rows = [
        {"burden": x, "performance": y, "fit": line.legend}
        for line in lines
        for x, y in zip(line.burden.tolist(), line.middle.tolist(), strict=True)
    ]
    domain = [line.legend for line in lines]
    colours, dashes = zip(*(_FORM_LOOK[line.form] for line in lines), strict=True)
    legend = alt.Legend(title="fit, with the 95% interval of its line", orient="bottom", columns=1, symbolType="stroke", symbolSize=225, symbolStrokeWidth=1.8)  # fmt: skip
    yield (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(strokeWidth=1.8, clip=True, aria=False)
        .encode(
            x=scale.power.x(),
            y=_y(scale),
            color=alt.Color("fit:N", scale=alt.Scale(domain=domain, range=list(colours)), legend=legend),
            strokeDash=alt.StrokeDash("fit:N", scale=alt.Scale(domain=domain, range=list(dashes)), legend=legend),
        )
    )  # fmt: skip


def _anchors(points: Sequence[Point], scale: Scale, size: Size, named: Collection[str]) -> Iterator[Anchor]:
    """Points to name, the best first, for where room is short it is they that readers look for."""
    edge = set(on_frontier(sample_of(points)).tolist())
    asked = {plain(name).casefold() for name in named}
    wanted = [
        (point, at)
        for at, point in enumerate(points)
        if plain(point.model) and (at in edge or plain(point.model).casefold() in asked)
    ]
    for point, _ in sorted(wanted, key=lambda item: (item[0].error, item[1])):
        ((x, y),) = scale.pixels(np.array([point.burden]), np.array([point.error]))
        yield Anchor(float(x), float(y), short(plain(point.model), _NAME_ROOM[size.name], size.text - 1.0))


def _plot(points: Sequence[Point], lines: Sequence[_Line], scale: Scale, size: Size) -> Plot:
    known = scale.pixels(
        np.array([point.burden for point in points]), np.array([point.error for point in points])
    )
    drawn = [scale.pixels(line.burden, 1.0 / line.middle) for line in lines]
    along = np.vstack(drawn) if drawn else np.empty((0, 2))
    return Plot(scale.width, scale.height, known, along, radius=4.0, size=size.text - 1.0)


def _leaders(placed: Sequence[Placed], scale: Scale) -> Iterator[alt.Chart]:
    rows = []
    for item in placed:
        if item.has_leader:
            x, y = end_of(item)
            rows.append(
                {
                    "burden": scale.burden(item.anchor.x), "performance": scale.performance(item.anchor.y),
                    "burden2": scale.burden(x), "performance2": scale.performance(y),
                }
            )  # fmt: skip
    if rows:
        yield (
            alt.Chart(alt.InlineData(values=rows))
            .mark_rule(color=look.GREY, strokeWidth=0.6, aria=False)
            .encode(x=scale.power.x(), y=_y(scale), x2=alt.X2("burden2:Q"), y2=alt.Y2("performance2:Q"))
        )


def _names(placed: Sequence[Placed], scale: Scale, size: Size) -> Iterator[alt.Chart]:
    for align in ("left", "center", "right"):
        rows = [
            {"burden": scale.burden(item.x), "performance": scale.performance(item.y), "name": item.anchor.text}
            for item in placed
            if item.align == align
        ]  # fmt: skip
        if rows:
            yield (
                alt.Chart(alt.InlineData(values=rows))
                .mark_text(align=align, baseline="middle", fontSize=size.text - 1.0, color=INK, aria=False)
                .encode(x=scale.power.x(), y=_y(scale), text=alt.Text("name:N"))
            )
