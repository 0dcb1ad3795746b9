"""Rows of estimates with their intervals, grouped under headings: a forest plot, for slopes, conventions and projections.

An interval that has no end, or runs out of the plot, ends in an arrow. A row without an estimate says why in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt
import numpy as np

from analysis.drawing import look
from analysis.drawing.labels import Align
from analysis.drawing.look import BLUE, GREY, GRID, INK, PAPER, Size
from analysis.drawing.words import cut, plain, width

Style = Literal["plain", "pooled", "far"]
"""Of a row: an estimate, one that borrows from others, one far outside what was seen."""
_HEIGHT: Final = {"wide": 15, "narrow": 14}
_GAP: Final = 0.35
"""Rows of empty space between groups."""
_LABELS: Final = {"wide": 190, "narrow": 128}
_SHAPES: Final[dict[Style, tuple[str, str, str]]] = {
    "plain": ("circle", INK, INK),
    "pooled": ("diamond", BLUE, BLUE),
    "far": ("circle", PAPER, INK),
}
"""Shape, filling and outline."""


@dataclass(frozen=True, slots=True)
class Row:
    """One estimate."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    """None where the interval has no end there."""
    text: str = ""
    """The numbers in words, at the right."""
    note: str = ""
    """Why there is no estimate, or what must be said of it beside its mark."""
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    heading: str
    rows: tuple[Row, ...]
    seen: tuple[float, float] | None = None
    """What the data span, as a band."""
    reference: float | None = None
    """A value to compare all rows with, as a line."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One scale below the rows."""

    heading: str
    shift: float = 0.0
    """What to add to a value to read it on this scale: a scale of powers of ten of another unit."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for all rows."""

    title: str
    below: str
    axes: tuple[Axis, ...]
    size: Size
    is_powers: bool = False
    """Whether values are powers of ten."""
    zero: bool = False
    """Whether zero is marked."""
    band: tuple[float, float, float] | None = None
    """Low, middle and high of what all groups share."""
    most: float | None = None
    """The largest value to show; what lies beyond gets an arrow."""
    kinds: tuple[tuple[Style, str], ...] = ()
    """Styles to explain below, with their words."""


@look.quickly
def forest(groups: Sequence[Group], frame: Frame) -> dict[str, Any] | None:
    """The specification of the figure, or None where no row has an estimate."""
    values = [row.value for group in groups for row in group.rows if row.value is not None]
    if not values:
        return None
    plot = _Plot.of(groups, frame)
    title = look.title(frame.title, frame.below, frame.size)
    return look.dressed(
        alt.layer(*plot.layers(), title=title, width=plot.width, height=plot.height), frame.size
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A row in its place."""

    row: Row
    y: float


@dataclass(frozen=True, slots=True)
class _Plot:
    frame: Frame
    groups: Sequence[Group]
    lines: tuple[_Line, ...]
    tops: tuple[tuple[Group, float, float], ...]
    """Each group with the middle of its heading and the bottom of its last row."""
    low: float
    high: float
    width: int
    height: float

    @classmethod
    def of(cls, groups: Sequence[Group], frame: Frame) -> _Plot:
        step, y = _HEIGHT[frame.size.name], 0.0
        lines, tops = [], []
        for group in groups:
            top = y + step / 2.0
            y += step if group.heading else 0.0
            for row in group.rows:
                lines.append(_Line(row, y + step / 2.0))
                y += step
            tops.append((group, top, y))
            y += _GAP * step
        low, high = _domain(groups, frame)
        texts = [row.text for group in groups for row in group.rows] if frame.size.is_wide else []
        room = math.ceil(max((width(text, frame.size.text) for text in texts), default=0.0))
        across = frame.size.width - _LABELS[frame.size.name] - (room + 10 if room else 12) - 2 * look.PAD
        return cls(frame, groups, tuple(lines), tuple(tops), low, high, across, y - _GAP * step)

    def layers(self) -> Iterator[alt.Chart]:
        """From the back to the front."""
        yield from self._scales()
        yield from self._bands()
        yield from self._references()
        yield from self._intervals()
        yield from self._marks()
        yield from self._words()
        yield look.edge(self.frame.size.width - _LABELS[self.frame.size.name] - 2 * look.PAD)

    def _x(self, field: str = "x") -> alt.X:
        scale = alt.Scale(domain=[self.low, self.high], nice=False, zero=False)
        return alt.X(f"{field}:Q", scale=scale, axis=None)

    def _y(self, field: str = "y") -> alt.Y:
        return alt.Y(
            f"{field}:Q", scale=alt.Scale(domain=[self.height, 0.0], nice=False, zero=False), axis=None
        )

    def _chart(self, rows: Iterable[dict[str, Any]]) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=list(rows)))

    def _scales(self) -> Iterator[alt.Chart]:
        """Each scale with its ticks, drawn by hand since several stand below each other."""
        text = self.frame.size.text
        down = self.height + (6.0 if len(self.frame.axes) == 1 else 14.0)
        for at, axis in enumerate(self.frame.axes):
            shown = [(tick, tick - axis.shift) for tick in self._ticks(axis)]
            places = [{"x": place} for _, place in shown]
            if at == 0:
                grid = self._chart(places).mark_rule(color=GRID, aria=False)
                yield grid.encode(x=self._x(), y=look.y_at(0), y2=look.y2_at(down))
            ends = self._chart([{"x": self.low, "x2": self.high}]).mark_rule(color=INK, aria=False)
            yield ends.encode(x=self._x(), x2=alt.X2("x2:Q"), y=look.y_at(down))
            yield (
                self._chart(places)
                .mark_rule(color=INK, aria=False)
                .encode(x=self._x(), y=look.y_at(down), y2=look.y2_at(down + 4))
            )
            yield from self._tick_labels(shown, down + 7.0 + text / 2.0)
            name = self._chart([{"name": axis.heading}])
            beside = len(self.frame.axes) > 1
            if beside:
                yield name.mark_text(
                    align="right", baseline="middle", fontSize=text, color=INK, aria=False
                ).encode(x=look.x_at(-8), y=look.y_at(down), text=alt.Text("name:N"))
                down += 2.0 * text + 8.0
            else:
                yield name.mark_text(align="center", baseline="middle", fontSize=text, color=INK, aria=False).encode(
                    x=look.x_at(self.width / 2.0), y=look.y_at(down + 14.0 + 1.5 * text), text=alt.Text("name:N")
                )  # fmt: skip
                down += 24.0 + 1.5 * text
        yield from self._legend(down + 8.0)

    def _legend(self, down: float) -> Iterator[alt.Chart]:
        """What the marks mean, in one line below."""
        text, across = self.frame.size.text, 6.0 - (0 if self.frame.size.is_wide else _LABELS["narrow"])
        for style, words in self.frame.kinds:
            shape, fill, stroke = _SHAPES[style]
            one = self._chart([{"name": words}])
            yield one.mark_point(shape=shape, fill=fill, stroke=stroke, size=38, strokeWidth=1.2, opacity=1, aria=False).encode(
                x=look.x_at(across), y=look.y_at(down)
            )  # fmt: skip
            yield one.mark_text(align="left", baseline="middle", fontSize=text, color=INK, aria=False).encode(
                x=look.x_at(across + 9.0), y=look.y_at(down), text=alt.Text("name:N")
            )
            step = width(words, text) + 34.0
            across, down = (across + step, down) if self.frame.size.is_wide else (across, down + text * 1.6)

    def _tick_labels(self, shown: Sequence[tuple[float, float]], down: float) -> Iterator[alt.Chart]:
        text = self.frame.size.text
        if not self.frame.is_powers:
            plainly = [{"x": place, "name": f"{tick:g}".replace("-", "−")} for tick, place in shown]
            marks = self._chart(plainly).mark_text(baseline="middle", fontSize=text, color=INK, aria=False)
            yield marks.encode(x=self._x(), y=look.y_at(down), text=alt.Text("name:N"))
            return
        rows: list[dict[str, float | str]] = [
            {"x": place, "base": "10", "exponent": f"{tick:.0f}".replace("-", "−")} for tick, place in shown
        ]
        yield from (
            layer.encode(x=self._x(), y=look.y_at(down)) for layer in look.raised(rows, text, text * 0.25)
        )

    def _ticks(self, axis: Axis) -> list[float]:
        most = self.width / (46.0 if self.frame.is_powers else 56.0)
        low, high = self.low + axis.shift, self.high + axis.shift
        step = _round_step((high - low) / max(most, 2.0), self.frame.is_powers)
        return [
            round(at * step, 10)
            for at in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
        ]

    def _bands(self) -> Iterator[alt.Chart]:
        """What all groups share, and what each group's data span."""
        if self.frame.band:
            low, middle, high = self.frame.band
            ends = self._chart([{"x": max(low, self.low), "x2": min(high, self.high)}])
            yield ends.mark_rect(color=BLUE, opacity=0.12, aria=False).encode(
                x=self._x(), x2=alt.X2("x2:Q"), y=look.y_at(0), y2=look.y2_at(self.height)
            )
            yield (
                self._chart([{"x": middle}])
                .mark_rule(color=BLUE, strokeDash=[4, 3], aria=False)
                .encode(x=self._x(), y=look.y_at(0), y2=look.y2_at(self.height))
            )
        step = _HEIGHT[self.frame.size.name]
        spans = [
            {"x": max(group.seen[0], self.low), "x2": min(group.seen[1], self.high), "y": top + 0.5 * step, "y2": bottom}
            for group, top, bottom in self.tops
            if group.seen
        ]  # fmt: skip
        if spans:
            yield (
                self._chart(spans)
                .mark_rect(color=GREY, opacity=0.14, aria=False)
                .encode(x=self._x(), x2=alt.X2("x2:Q"), y=self._y(), y2=alt.Y2("y2:Q"))
            )

    def _references(self) -> Iterator[alt.Chart]:
        step = _HEIGHT[self.frame.size.name]
        lines = [
            {"x": group.reference, "y": top + step / 2.0 - 1.0, "y2": bottom}
            for group, top, bottom in self.tops
            if group.reference is not None and self.low <= group.reference <= self.high
        ]
        if lines:
            yield (
                self._chart(lines)
                .mark_rule(color=BLUE, strokeDash=[4, 3], aria=False)
                .encode(x=self._x(), y=self._y(), y2=alt.Y2("y2:Q"))
            )
        if self.frame.zero and self.low <= 0.0 <= self.high:
            zeros = [{"x": 0.0, "y": top + step / 2.0, "y2": bottom} for _, top, bottom in self.tops]
            yield (
                self._chart(zeros)
                .mark_rule(color=GREY, aria=False)
                .encode(x=self._x(), y=self._y(), y2=alt.Y2("y2:Q"))
            )

    def _intervals(self) -> Iterator[alt.Chart]:
        for far, dash in ((False, [1, 0]), (True, [3, 2])):
            rows = [
                {"x": low, "x2": high, "y": line.y}
                for line in self.lines
                if line.row.value is not None and (line.row.style == "far") == far
                for low, high in [self._shown(line.row)]
                if high > low
            ]
            if rows:
                yield (
                    self._chart(rows)
                    .mark_rule(color=INK, strokeWidth=1.3, strokeDash=dash, aria=False)
                    .encode(x=self._x(), x2=alt.X2("x2:Q"), y=self._y())
                )
        for angle, ends in ((90, self._over()), (270, self._under())):
            rows = [{"x": self.high if angle == 90 else self.low, "y": line.y} for line in ends]
            if rows:
                yield self._chart(rows).mark_point(
                    shape="triangle", angle=angle, size=34, filled=True, color=INK, opacity=1, aria=False
                ).encode(x=self._x(), y=self._y())  # fmt: skip

    def _shown(self, row: Row) -> tuple[float, float]:
        """The part of an interval that is within the plot."""
        low = self.low if row.low is None else row.low
        high = self.high if row.high is None else row.high
        inside: tuple[float, float] = tuple(np.clip([low, high], self.low, self.high).tolist())
        return inside

    def _over(self) -> list[_Line]:
        return [line for line in self.lines if line.row.value is not None and (line.row.high is None or line.row.high > self.high)]  # fmt: skip

    def _under(self) -> list[_Line]:
        return [line for line in self.lines if line.row.value is not None and (line.row.low is None or line.row.low < self.low)]  # fmt: skip

    def _marks(self) -> Iterator[alt.Chart]:
        for style, (shape, fill, stroke) in _SHAPES.items():
            rows = [
                {"x": line.row.value, "y": line.y, "estimate": plain(line.row.label), "value": line.row.text}
                for line in self.lines
                if line.row.style == style and line.row.value is not None and self.low <= line.row.value <= self.high
            ]  # fmt: skip
            if rows:
                yield self._chart(rows).mark_point(
                    shape=shape, fill=fill, stroke=stroke, size=38, strokeWidth=1.2, opacity=1, aria=False
                ).encode(x=self._x(), y=self._y(), tooltip=[alt.Tooltip("estimate:N"), alt.Tooltip("value:N")])  # fmt: skip

    def _words(self) -> Iterator[alt.Chart]:
        """Labels at the left, numbers at the right, reasons within."""
        text, room = self.frame.size.text, _LABELS[self.frame.size.name]
        heads = [{"y": top, "name": cut(plain(group.heading), (self.width + room) / 1.15, text)} for group, top, _ in self.tops if group.heading]  # fmt: skip
        if heads:
            yield self._text(heads, -room + 2.0, "left", fontWeight="bold")
        labels = [{"y": line.y, "name": cut(plain(line.row.label), room - 14.0, text)} for line in self.lines]
        yield self._text(labels, -8.0, "right")
        if self.frame.size.is_wide:
            numbers = [{"y": line.y, "name": line.row.text} for line in self.lines if line.row.text]
            if numbers:
                yield self._text(numbers, self.width + 10.0, "left")
        notes = [
            {"y": line.y, "name": cut(plain(line.row.note), self.width - 8.0, text - 1.0)}
            for line in self.lines
            if line.row.note and line.row.value is None
        ]
        if notes:
            yield self._behind(notes)
            yield self._text(notes, 4.0, "left", color=GREY, fontSize=text - 1.0)

    def _behind(self, notes: Iterable[dict[str, Any]]) -> alt.Chart:
        """Paper behind words within the plot, so that no line runs through them."""
        text, share = self.frame.size.text, (self.high - self.low) / self.width
        rows = [
            {"x": self.low + 2.0 * share, "x2": self.low + share * (6.0 + width(note["name"], text - 1.0)), "y": note["y"] - 0.55 * text, "y2": note["y"] + 0.55 * text}
            for note in notes
        ]  # fmt: skip
        chart: alt.Chart = (
            self._chart(rows)
            .mark_rect(color=PAPER, opacity=1, aria=False)
            .encode(x=self._x(), x2=alt.X2("x2:Q"), y=self._y(), y2=alt.Y2("y2:Q"))
        )
        return chart

    def _text(self, rows: list[dict[str, Any]], across: float, align: Align, **options: Any) -> alt.Chart:
        said = {"fontSize": self.frame.size.text, "color": INK, **options}
        chart: alt.Chart = (
            self._chart(rows)
            .mark_text(align=align, baseline="middle", aria=False, limit=0, **said)
            .encode(x=look.x_at(across), y=self._y(), text=alt.Text("name:N"))
        )
        return chart


def _domain(groups: Sequence[Group], frame: Frame) -> tuple[float, float]:
    """What the plot spans: all estimates, and their intervals but for the few that are far wider than the others."""
    rows = [row for group in groups for row in group.rows if row.value is not None]
    values = [row.value for row in rows if row.value is not None]
    lows = [row.low for row in rows if row.low is not None] or values
    highs = [row.high for row in rows if row.high is not None] or values
    shared = [end for group in groups if group.seen for end in group.seen] + ([0.0] if frame.zero else [])
    low = min([*values, *shared, float(np.quantile(lows, 0.08))])
    high = max([*values, *shared, float(np.quantile(highs, 0.92))])
    if frame.most is not None:
        high = min(high, frame.most)
    span = max(high - low, 1e-6)
    return low - 0.03 * span, high + 0.03 * span


def _round_step(least: float, is_whole: bool) -> float:
    """The smallest round step of a scale that is not below this."""
    power = 10.0 ** math.floor(math.log10(least))
    step = next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= least)
    return max(1.0, step) if is_whole else step
