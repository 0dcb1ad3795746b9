"""Coverage over time: papers with a result, and how many of them report what their training took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import altair as alt

from analysis.drawing import look
from analysis.drawing.look import BLUE, INK, PAPER, Size
from analysis.drawing.words import width

Tidy = Mapping[str, str | float | int | None]
_HEIGHT: Final = {"wide": 220, "narrow": 170}
_KINDS: Final = ("with a result", "of them with a burden")


@look.quickly
def coverage(rows: Iterable[Tidy], head: str, below: str, size: Size) -> dict[str, Any] | None:
    """Bars by year with the share that reports above them, or None without a year.

    Args:
        rows: `group` (a year), `papers`, `reporting`, as of `analysis.selection.coverage`.
        head: the title.
        below: what is said in small letters.
        size: one column or two.
    """
    known = [
        (int(str(row["group"])), int(row["papers"] or 0), int(row["reporting"] or 0))
        for row in rows
        if row["by"] == "year"
    ]
    if not known:
        return None
    most, years = max(papers for _, papers, _ in known), [year for year, _, _ in known]
    left = look.room([f"{most:d}"], size)
    across = size.width - left - 14 - 2 * look.PAD
    step = across / (max(years) - min(years) + 1.6)
    bars = [
        {"year": year, "end": count, "papers": kind}
        for year, papers, reporting in known
        for kind, count in zip(_KINDS, (papers, reporting), strict=True)
    ]  # fmt: skip
    chart = alt.layer(
        *(
            _bars([bar for bar in bars if bar["papers"] == kind], years, most, step, size, left)
            for kind in _KINDS
        ),
        _shares(known, step, size, years, most, left),
        look.edge(across + 14),
        title=look.title(head, below, size),
        width=across,
        height=_HEIGHT[size.name],
    )
    return look.dressed(chart, size)


def _x(years: list[int], step: float) -> alt.X:
    every = max(1, round(34.0 / step + 0.49))
    shown = [year for year in range(min(years), max(years) + 1) if (max(years) - year) % every == 0]
    scale = alt.Scale(domain=[min(years) - 0.8, max(years) + 0.8], nice=False, zero=False)
    return alt.X(
        "year:Q",
        scale=scale,
        title="year of publication",
        axis=alt.Axis(values=shown, format="d", grid=False),
    )


def _y(most: int, size: Size, left: int) -> alt.Y:
    extent = left - size.text * 1.5
    axis = alt.Axis(tickMinStep=1, format="d", tickCount=5, minExtent=extent, maxExtent=extent)
    return alt.Y("end:Q", scale=alt.Scale(domain=[0, most * 1.12], nice=False), title="papers", axis=axis)


def _bars(
    rows: list[dict[str, Any]], years: list[int], most: int, step: float, size: Size, left: int
) -> alt.Chart:
    legend = alt.Legend(title=None, orient="bottom", symbolType="square", symbolSize=90)
    colours: dict[str, Any] = {"scale": alt.Scale(domain=list(_KINDS), range=[PAPER, BLUE]), "legend": legend}
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(size=min(26.0, 0.72 * step), stroke=INK, strokeWidth=0.8, opacity=1, aria=False)
        .encode(
            x=_x(years, step), y=_y(most, size, left), fill=alt.Fill("papers:N", **colours),
            tooltip=[alt.Tooltip("year:Q", format="d"), alt.Tooltip("papers:N"), alt.Tooltip("end:Q", title="how many")],
        )
    )  # fmt: skip
    return chart


def _shares(
    known: list[tuple[int, int, int]], step: float, size: Size, years: list[int], most: int, left: int
) -> alt.Chart:
    """Shares above the bars, where there is room for them."""
    text = size.text - 1.0
    fits = width("100%", text) <= step
    rows = [
        {"year": year, "end": papers, "share": f"{reporting / papers:.0%}"}
        for year, papers, reporting in known
        if papers and fits
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_text(dy=-text * 0.8, fontSize=text, color=INK, aria=False)
        .encode(x=_x(years, step), y=_y(most, size, left), text=alt.Text("share:N"))
    )
    return chart
