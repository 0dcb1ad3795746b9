"""Pictures of a trial: reliability (does 0.8 mean 80%?) beside risk by coverage, one for each field.

Drawn by Vega-Altair and rendered by vl-convert, without a browser or a network; the same trial gives the same bytes.
"""

from __future__ import annotations

import json

import altair as alt
import numpy as np
import vl_convert
from numpy.typing import NDArray
from scipy.stats import beta

from annotation.calibration.measures import BINS, risks

Floats = NDArray[np.float64]

_BLUE, _GREY = "#0072B2", "#888888"
_SIZE = 260
_SCALE = 2.0
_POINTS = 200
"""Of the risk curve; more cannot be seen."""


def draw(title: str, probability: Floats, right: Floats, border: float | None) -> bytes:
    """The picture of a field, as PNG.

    Args:
        title: what stands above it.
        probability: of each value, by a model that had not seen its paper.
        right: 1 or 0.
        border: the probability from which values are published unseen; None where nothing is proven.
    """
    chart = alt.hconcat(_reliability(probability, right, border), _risk(probability, right)).properties(
        title=alt.TitleParams(title, anchor="start"), background="white", padding=16
    )
    styled = chart.configure(font="Liberation Sans, Arial, sans-serif").configure_view(stroke=None)
    return vl_convert.vegalite_to_png(json.dumps(styled.to_dict(), sort_keys=True), scale=_SCALE)


def _reliability(probability: Floats, right: Floats, border: float | None) -> alt.LayerChart:
    """Share right by probability, in ten bins with their 95% intervals, against the diagonal of a perfect model."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    rows = []
    for index in range(BINS):
        inside = bins == index
        n, k = int(inside.sum()), float(right[inside].sum())
        if n:
            low = float(beta.ppf(0.025, k, n - k + 1)) if k else 0.0
            high = float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0
            said = float(probability[inside].mean())
            rows.append({"said": said, "right": k / n, "low": low, "high": high, "values": n})
    x = alt.X("said:Q", title="probability", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("right:Q", title="share right", scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(alt.InlineData(values=rows))
    ends = alt.InlineData(values=[{"said": 0, "right": 0}, {"said": 1, "right": 1}])
    layers = [
        alt.Chart(ends).mark_line(color=_GREY, strokeDash=[4, 4]).encode(x=x, y=y),
        base.mark_rule(color=_BLUE).encode(x=x, y=alt.Y("low:Q", title="share right"), y2="high:Q"),
        base.mark_circle(color=_BLUE, opacity=1).encode(
            x=x, y=y, size=alt.Size("values:Q", legend=None, scale=alt.Scale(range=[30, 300]))
        ),
    ]
    if border is not None:
        at = alt.Chart(alt.InlineData(values=[{"said": border}]))
        layers.append(at.mark_rule(color=_GREY).encode(x=x))
    chart: alt.LayerChart = alt.layer(*layers).properties(width=_SIZE, height=_SIZE)  # type: ignore[assignment]  # its types do not say that layers of charts make no facets
    return chart


def _risk(probability: Floats, right: Floats) -> alt.Chart:
    """Error rate among the surest values, by how many of all these are."""
    curve = risks(probability, right)
    picked = np.unique(np.linspace(0, len(curve) - 1, min(_POINTS, len(curve))).astype(int))
    rows = [{"coverage": (i + 1) / len(curve), "risk": float(curve[i])} for i in picked]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(color=_BLUE)
        .encode(
            x=alt.X("coverage:Q", title="share of values, surest first", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("risk:Q", title="share wrong"),
        )
        .properties(width=_SIZE, height=_SIZE)
    )
    return chart
