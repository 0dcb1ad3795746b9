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

from annotation.calibration.measures import Told, bins_of, risks

Floats = NDArray[np.float64]

_BLUE, _GREY = "#0072B2", "#888888"
_SIZE = 260
_SCALE = 2.0
_POINTS = 200
"""Of the risk curve; more cannot be seen."""


def draw(title: str, told: Told, border: float | None) -> bytes:
    """The picture of a field, as PNG.

    Args:
        title: what stands above it.
        told: probabilities by models that had not seen the papers, and what came of them.
        border: the probability from which values are published unseen; None where nothing is proven.
    """
    chart = alt.hconcat(_reliability(told, border), _risk(told)).properties(
        title=alt.TitleParams(title, anchor="start"), background="white", padding=16
    )
    styled = chart.configure(font="Liberation Sans, Arial, sans-serif").configure_view(stroke=None)
    return vl_convert.vegalite_to_png(json.dumps(styled.to_dict(), sort_keys=True), scale=_SCALE)


def _bin(told: Told, inside: NDArray[np.bool_]) -> dict[str, float]:
    """Share right of the values in a bin, with its 95% interval at Kish's effective size."""
    weight, right = told.weight[inside], told.right[inside]
    n = float(weight.sum() ** 2 / np.sum(weight**2))
    share = float(np.average(right, weights=weight))
    k = share * n
    low = float(beta.ppf(0.025, k, n - k + 1)) if k > 0 else 0.0
    high = float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0
    said = float(np.average(told.probability[inside], weights=weight))
    return {"said": said, "right": share, "low": low, "high": high, "values": len(right)}


def _reliability(told: Told, border: float | None) -> alt.LayerChart:
    """Share right by probability, in ten bins with their intervals, against the diagonal of a perfect model."""
    bins = bins_of(told.probability)
    rows = [_bin(told, bins == index) for index in np.unique(bins)]
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


def _risk(told: Told) -> alt.Chart:
    """Error rate among the surest values, by how many of all these are."""
    coverage, risk = risks(told)
    picked = np.unique(np.linspace(0, len(risk) - 1, min(_POINTS, len(risk))).astype(int))
    rows = [{"coverage": float(coverage[i]), "risk": float(risk[i])} for i in picked]
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
