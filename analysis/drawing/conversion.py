"""The conversion of network operations to hardware burdens: papers that report both, their line, and the interval of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import numpy as np
from scipy import stats

from analysis.drawing import look
from analysis.drawing.look import BLUE, INK, ORANGE, PowerAxis, Size
from analysis.drawing.performance import mean_error
from analysis.drawing.words import plain, scientific, width
from analysis.regressions import Fit, NoFit

_STEPS: Final = 40
_MARGIN: Final = 0.4
_HEIGHT: Final = {"wide": 320, "narrow": 240}


@dataclass(frozen=True, slots=True)
class Pair:
    """A model with both measures, in FLOP."""

    model: str
    operations: float
    burden: float


@look.quickly
def conversion(
    pairs: Sequence[Pair],
    fit: Fit | NoFit,
    used: tuple[float, float] | None,
    convention: str,
    size: Size,
) -> dict[str, Any] | None:
    """The figure, or None without any pair.

    Args:
        pairs: what reports both.
        fit: of log10(hardware burden) on log10(network operations).
        used: intercept and slope of the line by which gaps were filled, where it is another.
        convention: how burdens were counted.
        size: one column or two.
    """
    if not pairs:
        return None
    x, y = (np.log10([getattr(pair, name) for pair in pairs]) for name in ("operations", "burden"))
    across = PowerAxis(
        "operations",
        10.0 ** (x.min() - _MARGIN),
        10.0 ** (x.max() + _MARGIN),
        "network operations (FLOP)",
        size,
    )
    up = PowerAxis(
        "burden", 10.0 ** (y.min() - _MARGIN), 10.0 ** (y.max() + _MARGIN), "hardware burden (FLOP)", size
    )
    left = math.ceil(width("1000", size.text)) + round(size.text * 1.5) + 12
    wide, tall = size.width - left - 14 - 2 * look.PAD, _HEIGHT[size.name]
    rows = [
        {
            "operations": pair.operations, "burden": pair.burden, "model": plain(pair.model) or "not named",
            "network operations": f"{scientific(pair.operations)} FLOP", "hardware burden": f"{scientific(pair.burden)} FLOP",
        }
        for pair in pairs
    ]  # fmt: skip
    points = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, color=INK, size=34, opacity=1, aria=False)
        .encode(
            x=across.x(),
            y=up.y(left),
            tooltip=[
                alt.Tooltip("model:N"),
                alt.Tooltip("network operations:N"),
                alt.Tooltip("hardware burden:N"),
            ],
        )
    )
    lines = _lines(fit, used, x, across, up, left)
    below = f"No line: {fit.reason}. " if isinstance(fit, NoFit) else "Band: 95% interval of the line. "
    chart = alt.layer(
        *lines, points, *across.labels(tall), *up.side_labels(left), look.edge(wide + 14), title=look.title(f"Burden from network operations: {len(pairs)} models", f"{below}Convention: {convention}", size),
        width=wide, height=tall,
    )  # fmt: skip
    return look.dressed(chart, size)


def _lines(
    fit: Fit | NoFit,
    used: tuple[float, float] | None,
    x: np.ndarray[Any, Any],
    across: PowerAxis,
    up: PowerAxis,
    left: int,
) -> list[alt.Chart]:
    along = np.linspace(x.min(), x.max(), _STEPS)
    found: list[alt.Chart] = []
    strokes: list[dict[str, Any]] = []
    looks: dict[str, tuple[str, list[int]]] = {}
    if isinstance(fit, Fit):
        middle = fit.intercept + fit.slope * along
        reach = mean_error(fit, x, along) * float(stats.t.ppf(0.975, fit.n - 2))
        band = [
            {"operations": 10.0**at, "burden": 10.0 ** (mid - half), "upper": 10.0 ** (mid + half)}
            for at, mid, half in zip(along.tolist(), middle.tolist(), reach.tolist(), strict=True)
        ]
        found.append(
            alt.Chart(alt.InlineData(values=band))
            .mark_area(color=BLUE, opacity=0.16, clip=True, aria=False)
            .encode(x=across.x(), y=up.y(left), y2=alt.Y2("upper:Q"))
        )
        words = f"these models: {fit.intercept:.2f} + {fit.slope:.3f}x, R² {fit.r2:.2f}"
        looks[words] = (BLUE, [1, 0])
        strokes += _stroke(words, along, middle)
    if used:
        words = f"used for gaps: {used[0]:.2f} + {used[1]:.3f}x"
        looks[words] = (ORANGE, [5, 3])
        strokes += _stroke(words, along, used[0] + used[1] * along)
    if strokes:
        colours, dashes = zip(*looks.values(), strict=True)
        legend = alt.Legend(title="log10 burden, with x = log10 operations", orient="bottom", columns=1, symbolType="stroke", symbolSize=225, symbolStrokeWidth=1.8)  # fmt: skip
        found.append(
            alt.Chart(alt.InlineData(values=strokes))
            .mark_line(strokeWidth=1.8, clip=True, aria=False)
            .encode(
                x=across.x(), y=up.y(left),
                color=alt.Color("line:N", scale=alt.Scale(domain=list(looks), range=list(colours)), legend=legend),
                strokeDash=alt.StrokeDash("line:N", scale=alt.Scale(domain=list(looks), range=list(dashes)), legend=legend),
            )
        )  # fmt: skip
    return found


def _stroke(words: str, along: np.ndarray[Any, Any], middle: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    return [
        {"operations": 10.0**at, "burden": 10.0**mid, "line": words}
        for at, mid in zip(along.tolist(), middle.tolist(), strict=True)
    ]
