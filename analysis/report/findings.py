"""The findings of a report as sentences, the weightiest first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from analysis.points import Point
from analysis.report.contents import Contents, Row
from analysis.study import Section

_HALF = math.log10(2.0)
_ABSURD = 20.0
"""Powers of ten from which on a factor says only that nobody will ever pay it."""


def findings(contents: Contents) -> Iterator[str]:
    """What a reader takes home."""
    sections, names = contents.study.sections, contents.names
    slopes = _slopes(contents)
    fitted = [section for section in sections if section.benchmark in slopes]
    if not fitted:
        yield _nothing_fitted(sections)
    for section in fitted:
        yield _slope(names[section.benchmark], slopes[section.benchmark], len(section.points))
    if contents.robust.pooled:
        yield contents.robust.pooling
    yield from _reporting(sections)
    yield from _conventions(contents)
    yield from _projections(contents)
    if contents.movement:
        yield from (item.sentence for item in contents.movement.benchmarks if item.moved)


def counts(contents: Contents) -> Mapping[str, int]:
    """How many of what were analysed."""
    sections = contents.study.sections
    points = [point for section in sections for point in section.points]
    return {
        "benchmarks with points": sum(bool(section.points) for section in sections),
        "benchmarks with a fit": sum(bool(section.points) and not section.no_fit for section in sections),
        "points": len(points),
        "papers with a point": len({point.paper_id for point in points}),
        "papers without one": len(_without(sections)),
    }


def reports(point: Point) -> bool:
    """Whether the paper itself says what its training took."""
    return point.basis == "reported"


def _slopes(contents: Contents) -> Mapping[str, Row]:
    """Least squares with HC3 errors by benchmark."""
    rows = contents.robust.estimates
    return {
        str(row["benchmark"]): row
        for row in rows
        if row.get("term") == "log10(burden)" and row.get("estimator") == "ols" and row.get("errors") == "HC3"
        and "year" not in str(row.get("formula") or "")
    }  # fmt: skip


def _nothing_fitted(sections: tuple[Section, ...]) -> str:
    points = sum(len(section.points) for section in sections)
    if not points:
        return "No paper gives a point: none has both a result on a tracked benchmark and a training burden."
    most = max(len(section.points) for section in sections)
    return f"No benchmark has the eight points that a line takes; the most that one has is {most}, so that points are shown and no benchmark is fitted by itself."


def _slope(name: str, row: Row, n: int) -> str:
    slope, low, high = (float(row[key] or 0.0) for key in ("value", "low", "high"))
    said = f"slope {slope:.3f}, 95% interval {low:.3f} to {high:.3f} by HC3 errors, {n} points".replace(
        "-", "−"
    )
    if low <= 0.0:
        return f"{name}: whether errors fall with compute cannot be told ({said})."
    most, least, usual = (_times(_HALF / item) for item in (low, high, slope))
    return f"{name}: ten times the compute goes with an error {1 - 10**-slope:.0%} smaller ({said}); half the error goes with {usual} the compute ({least} to {most})."


def _times(power: float) -> str:
    """A factor that a reader grasps."""
    if power > _ABSURD:
        return f"more than 10^{_ABSURD:.0f} times"
    number = float(f"{10**power:.2g}")
    return (
        f"{number:,.2g} times"
        if number < 100
        else f"{number:,.0f} times"
        if power < 9
        else f"10^{power:.0f} times"
    )


def _reporting(sections: tuple[Section, ...]) -> Iterator[str]:
    reporting = {point.paper_id for section in sections for point in section.points if reports(point)}
    every = (
        reporting | _without(sections) | {point.paper_id for section in sections for point in section.points}
    )
    if every:
        yield f"Of {len(every):,} papers with a result, {len(reporting):,} ({len(reporting) / len(every):.0%}) report enough to compute what their training took."


def _without(sections: tuple[Section, ...]) -> set[str]:
    pointed = {point.paper_id for section in sections for point in section.points}
    return {item.paper_id for section in sections for item in section.left_out} - pointed


def _conventions(contents: Contents) -> Iterator[str]:
    """Where a choice of convention moves the slope out of its interval."""
    items = contents.robust.conventions
    bases = {item.benchmark: item for item in items if not item.changed and item.slope is not None}
    moved = []
    for name, base in bases.items():
        slopes = [item.slope for item in items if item.benchmark == name and item.slope is not None]
        if (
            base.low is not None
            and base.high is not None
            and (min(slopes) < base.low or max(slopes) > base.high)
        ):
            moved.append(
                f"{contents.names[name]} ({min(slopes):.3f} to {max(slopes):.3f})".replace("-0.", "−0.")
            )
    if moved:
        yield f"How compute is counted moves the slope beyond its own interval on {len(moved)} of {len(bases)} benchmarks: {'; '.join(moved)}."
    elif bases:
        yield "However compute is counted, the slope stays within its own interval on every benchmark with a fit."


def _projections(contents: Contents) -> Iterator[str]:
    every = [row for row in contents.headlines if row.get("log10_flop") is not None]
    far = [row for row in every if row.get("extrapolation") == "far outside the data"]
    if every:
        yield f"{len(far)} of {len(every)} projections lie more than two powers of ten outside the burdens that were seen; they say what the lines say, not what will be."
