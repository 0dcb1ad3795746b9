"""The figures of a report: drawn in both sizes, as files beside the page, and within it with and without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.drawing.conversion import conversion
from analysis.drawing.costs import costs
from analysis.drawing.coverage import coverage
from analysis.drawing.look import SIZES, Size
from analysis.drawing.performance import performance
from analysis.drawing.picture import Picture, render
from analysis.drawing.slopes import conventions, slopes
from analysis.points import Point
from analysis.report.contents import Contents, Row, stem
from analysis.report.findings import reports
from analysis.report.markup import text
from analysis.study import Section

Draw = Callable[[Size], dict[str, Any] | None]
_DATA: Final = "points"
"""The data set that both sizes of a figure share."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure in both sizes."""

    name: str
    """Of its files."""
    pictures: tuple[Picture, ...]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Names and contents; the narrow ones say that they are."""
        for picture in self.pictures:
            ending = "" if picture.size == "wide" else "-narrow"
            yield f"{self.name}{ending}.svg", picture.svg.encode()
            yield f"{self.name}{ending}.png", picture.png()


def charts(contents: Contents) -> Mapping[str, Chart]:
    """All figures that there is something to see in, by their names: first those of benchmarks."""
    study, names = contents.study, contents.names
    drawn: dict[str, Draw] = {stem(section): _performance(contents, section) for section in study.sections}
    said, robust, pairs = study.convention, contents.robust, contents.pairs
    drawn["slopes"] = lambda size: slopes(robust.estimates, robust.pooled, names, said, size)
    drawn["sensitivity"] = lambda size: conventions(
        [item.row() for item in robust.conventions], names, said, size
    )
    rows = list(by_year(contents))
    drawn["coverage"] = lambda size: coverage(
        rows, "Papers with a result, and those that report a burden", f"Above the bars: the share that reports. Convention: {said}", size
    )  # fmt: skip
    drawn["conversion"] = lambda size: conversion(
        pairs, contents.analysis.conversion.fit, contents.used, said, size
    )
    drawn["projections"] = lambda size: costs(contents.headlines, _seen(contents), names, said, size)
    made = {name: _chart(name, draw) for name, draw in drawn.items()}
    return {name: chart for name, chart in made.items() if chart}


def by_year(contents: Contents) -> Iterator[Row]:
    """Papers and those that report a burden by year, each paper once however many benchmarks it is on."""
    papers: dict[str, tuple[str, bool]] = {}
    for section in contents.study.sections:
        for item in (*section.points, *section.left_out):
            reporting = isinstance(item, Point) and reports(item)
            if item.published[:4].isdigit():
                papers[item.paper_id] = (
                    item.published[:4],
                    reporting or papers.get(item.paper_id, ("", False))[1],
                )
    for year in sorted({year for year, _ in papers.values()}):
        inside = [reporting for at, reporting in papers.values() if at == year]
        yield {
            "by": "year",
            "group": year,
            "papers": len(inside),
            "reporting": sum(inside),
            "share": sum(inside) / len(inside),
        }


def figure(chart: Chart, label: str, caption: str) -> str:
    """A figure of the page: both sizes as drawings, of which one shows, and a place for the chart that answers."""
    drawings = "".join(
        f'<div class="{"broad" if picture.size == "wide" else "narrow"}" data-size="{picture.size}">{_inline(picture.svg, f"{chart.name}-{picture.size}")}</div>'
        for picture in chart.pictures
    )
    return (
        f'<figure data-chart="{text(chart.name)}"><div class="drawing" role="img" aria-label="{text(label)}">{drawings}</div>'
        f"<figcaption>{text(caption)}</figcaption></figure>"
    )


def specifications(made: Mapping[str, Chart]) -> str:
    """All charts as JSON for the script of the page; points stand there once for both sizes, and nothing ends a script."""
    found: dict[str, dict[str, Any]] = {}
    for name, chart in made.items():
        shared: list[Any] = []
        sizes: dict[str, Any] = {
            picture.size: _without_points(picture.spec, shared) for picture in chart.pictures
        }
        found[name] = {**sizes, _DATA: shared}
    plain = json.dumps(found, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _without_points(spec: Mapping[str, Any], shared: list[Any]) -> dict[str, Any]:
    """A specification whose data of points stand elsewhere."""
    layers = []
    for layer in spec.get("layer", ()):
        if layer.get("data", {}).get("name") == _DATA:
            shared[:] = layer["data"]["values"]
            layer = {**layer, "data": {"name": _DATA}}  # noqa: PLW2901 (the layer as it is shown)
        layers.append(layer)
    return {**spec, "layer": layers, "background": "transparent"}


def _performance(contents: Contents, section: Section) -> Draw:
    name = contents.names[section.benchmark]
    return lambda size: performance(section, name, contents.study.convention, size, contents.named)


def _seen(contents: Contents) -> Mapping[str, tuple[float, float]]:
    """Smallest and largest burden of each benchmark, in powers of ten."""
    found = {}
    for section in contents.study.sections:
        if section.points:
            powers = np.log10([point.burden for point in section.points])
            found[section.benchmark] = (float(powers.min()), float(powers.max()))
    return found


def _chart(name: str, draw: Draw) -> Chart | None:
    pictures = [render(spec, size.name) for size in SIZES if (spec := draw(size))]
    return Chart(name, tuple(pictures)) if pictures else None


def _inline(svg: str, name: str) -> str:
    """A drawing within the page: its ids are its own, and the page's colours take the place of paper and ink."""
    own = re.sub(
        r'(?<=id=")clip(?=\d)|(?<=url\(#)clip(?=\d)', f"{re.sub(r'[^a-zA-Z0-9-]', '-', name)}-clip", svg
    )
    return re.sub(r'<svg [^>]*?(?=width="\d)', '<svg aria-hidden="true" focusable="false" ', own, count=1)
