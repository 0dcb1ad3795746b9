"""One benchmark on the page: figure, fits, estimators, forms, what was left out and why, and the points with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.drawing.slopes import estimator_words
from analysis.points import LeftOut, Point
from analysis.regressions import Fit
from analysis.report.charts import Chart, figure
from analysis.report.contents import Contents, Row, stem
from analysis.report.evidence import evidence
from analysis.report.markup import Column, details, paper_link, paragraph, said, table, text
from analysis.study import Section

_NOTHING = 0.005
"""Share of a slope's variance that prints as nothing."""
_OPEN = 25
"""Points up to which their table is not folded."""


def benchmark(contents: Contents, section: Section, charts: Mapping[str, Chart]) -> Iterator[str]:
    """The part of one benchmark that has points."""
    name = contents.names[section.benchmark]
    yield f'<section aria-labelledby="{text(stem(section))}"><h3 id="{text(stem(section))}">{text(name)}</h3>'
    if section.no_fit:
        listed = "The points are shown and listed." if stem(section) in charts else "It is listed."
        yield paragraph(f"No fit: {section.no_fit}. {listed}")
    if chart := charts.get(stem(section)):
        yield figure(chart, _label(section, name), _caption(section))
    if not section.no_fit:
        yield from _fits(section)
        yield from _estimates(contents, section)
        yield from _forms(contents, section)
    yield from _points(contents, section)
    yield from left_out(section)
    yield "</section>"


def left_out(section: Section) -> Iterator[str]:
    """Papers whose best result gives no point, by reason."""
    if not section.left_out:
        return
    count = len(section.left_out)
    yield f"<h4>{count:,} {'paper' if count == 1 else 'papers'} whose best result gives no point</h4><ul>"
    yield from (f"<li>{count:,}: {text(reason)}</li>" for reason, count in section.reasons.items())
    yield "</ul>"
    yield from details("The papers", without_points(section), "long")


def without_points(section: Section) -> Iterator[str]:
    """The same papers as a table."""
    columns = [Column("paper"), Column("title"), Column("year"), Column("error", True), Column("reason")]
    yield from table(
        f"Papers without a point on {section.benchmark}",
        columns,
        map(_without, section.left_out),
        "stacked points",
    )


def _label(section: Section, name: str) -> str:
    """The figure for those who cannot see it."""
    lines = [
        f"{item.form.name} fit with slope {item.result.slope:.3g}"
        for item in section.fits
        if isinstance(item.result, Fit)
    ]
    return f"Performance against compute on {name}: {len(section.points)} points; {', '.join(lines) or 'no fit'}. All points are in the table below."


def _caption(section: Section) -> str:
    named = "Named: models that no other with as little compute is better than, where there is room."
    if section.no_fit:
        return f"Performance against the compute of training, both on log scales. {named}"
    return f"Performance against the compute of training, both on log scales; lines by ordinary least squares, bands the 95% intervals of their means. {named}"


def _fits(section: Section) -> Iterator[str]:
    columns = [
        Column("form"),
        Column("response"),
        *(Column(name, True) for name in ("n", "intercept", "slope", "95% interval", "p", "R²")),
    ]
    rows = []
    for item in section.fits:
        if isinstance(fit := item.result, Fit):
            low, high = fit.interval()
            cells = (
                str(fit.n),
                f"{fit.intercept:.3f}",
                f"{fit.slope:.4f}",
                f"{low:.4f} to {high:.4f}",
                _p(fit.p),
                f"{fit.r2:.3f}",
            )
            rows.append(
                [text(item.form.name), f"<code>{text(item.form.formula)}</code>", *map(_number, cells)]
            )
    yield from table("Fits by ordinary least squares, with classical errors", columns, rows)


def _estimates(contents: Contents, section: Section) -> Iterator[str]:
    rows = [row for row in contents.robust.estimates if row["benchmark"] == section.benchmark]
    columns = [
        Column("estimator"),
        Column("slope", True),
        Column("95% interval", True),
        Column("interval by"),
    ]
    shown = [row for row in rows if row.get("term") == "log10(burden)"]
    if shown:
        yield from table(
            "The slope of the polynomial form by every estimator", columns, map(_estimate, shown), "tight"
        )
    yield "".join(
        paragraph(f"No line by {row['estimator']}: {row['no_fit']}.", "soft")
        for row in rows
        if row.get("no_fit")
    )


def _estimate(row: Row) -> list[str]:
    value, low, high = (float(row[key] or 0.0) for key in ("value", "low", "high"))
    return [
        text(estimator_words(row)), _number(f"{value:z.4f}"), _number(f"{low:z.4f} to {high:z.4f}"),
        text(row["errors"]),
    ]  # fmt: skip


def _forms(contents: Contents, section: Section) -> Iterator[str]:
    if section.benchmark in contents.robust.sentences:
        yield paragraph(contents.robust.sentences[section.benchmark])
    imputed = next((row for row in contents.imputed if row["benchmark"] == section.benchmark), None)
    if (
        imputed
        and imputed.get("slope") is not None
        and (imputed["imputed"] or float(imputed["missing_information"] or 0.0) >= _NOTHING)
    ):
        yield paragraph(_imputed(imputed))


def _imputed(row: Row) -> str:
    slope, low, high, share = (
        float(row[key] or 0.0) for key in ("slope", "low", "high", "missing_information")
    )
    return (
        f"With what print leaves open, how probable cells are and {row['imputed']} missing burdens imputed, the slope is "
        f"{_number(f'{slope:z.4f}')} ({_number(f'{low:z.4f} to {high:z.4f}')}); {share:.0%} of its variance is due to what is not known exactly."
    )


def _points(contents: Contents, section: Section) -> Iterator[str]:
    columns = [
        Column("paper"), Column("title"), Column("model"), Column("year"), Column("compute (FLOP)", True), Column("error", True),
        Column("burden"), *([Column("from")] if _origins(section.points) > 1 else []),
    ]  # fmt: skip
    rows = (
        [*_point(point, section.points), evidence(point, contents.cells(point))] for point in section.points
    )
    shown = table(
        f"Points on {contents.names[section.benchmark]}, by compute", columns, rows, "stacked points"
    )
    if len(section.points) <= _OPEN:
        yield from shown
    else:
        yield from details(f"The {len(section.points):,} points", shown, "long")


def _point(point: Point, points: Sequence[Point]) -> Iterator[str]:
    yield paper_link(point.paper_id, point.link)
    yield said(point.title)
    yield said(point.model)
    yield text(point.published[:4])
    yield f"{point.burden:.3g}".replace("e+", "e")
    yield f"{point.error:.2%}"
    yield text(point.basis)
    if _origins(points) > 1:
        yield said(point.origin)


def _origins(points: Sequence[Point]) -> int:
    return len({point.origin for point in points})


def _without(item: LeftOut) -> list[str]:
    return [
        paper_link(item.paper_id, item.link),
        said(item.title),
        text(item.published[:4]),
        f"{item.error:.2%}",
        text(item.reason),
    ]


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.0e}"


def _number(words: str) -> str:
    """A number with the sign of print."""
    return words.replace("-", "−")
