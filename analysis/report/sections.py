"""What all benchmarks say together: slopes, coverage, conversion, imputation, conventions, projections, movement, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from analysis.regressions import Fit
from analysis.report.charts import Chart, by_year, figure
from analysis.report.contents import Contents, Row
from analysis.report.markup import Column, details, items, paper_link, paragraph, table, text

Shown = Callable[[Contents, Mapping[str, Chart]], Iterator[str]]


def _slopes(contents: Contents, charts: Mapping[str, Chart]) -> Iterator[str]:
    if not any(row.get("term") for row in contents.robust.estimates):
        return
    yield paragraph(contents.robust.pooling)
    if "slopes" in charts:
        yield figure(
            charts["slopes"], "Slopes of all benchmarks by all estimators, with 95% intervals. The numbers are in the tables of the benchmarks.",
            "Slopes of the polynomial form with 95% intervals; each estimator doubts something else. A pooled slope borrows from the other benchmarks the more, the fewer points its own has.",
        )  # fmt: skip
    if contents.robust.pooled:
        columns = [
            Column("benchmark"),
            *(Column(name, True) for name in ("n", "alone", "pooled", "95% interval")),
        ]
        yield from table(
            "Slopes alone and partially pooled",
            columns,
            (_pooled(row, contents) for row in contents.robust.pooled),
        )


def _pooled(row: Row, contents: Contents) -> list[str]:
    name = str(row["benchmark"])
    alone = "" if row["alone"] is None else _number(float(row["alone"]))
    low, high = (_number(float(row[end] or 0.0)) for end in ("low", "high"))
    return [
        text(contents.names.get(name, "all benchmarks")),
        str(row["n"]),
        alone,
        _number(float(row["pooled"] or 0.0)),
        f"{low} to {high}",
    ]


def _coverage(contents: Contents, charts: Mapping[str, Chart]) -> Iterator[str]:
    rows = list(by_year(contents))
    if not rows:
        return
    yield paragraph(
        "Papers that report what training took differ from those that do not. Here are both by year; a paper counts once, however many benchmarks it is on. Converted burdens count as not reported."
    )
    if "coverage" in charts:
        yield figure(
            charts["coverage"],
            "Papers with a result and those that report a burden, by year; the table has the numbers.",
            "Papers with a result on a tracked benchmark by year of publication, and how many of them report a burden.",
        )
    columns = [Column("year"), *(Column(name, True) for name in ("papers", "report a burden", "share"))]
    cells = (
        [text(row["group"]), f"{row['papers']}", f"{row['reporting']}", f"{float(row['share'] or 0.0):.0%}"]
        for row in rows
    )
    yield from details("The numbers", table("Papers by year", columns, cells))
    yield from _checks(contents)


def _checks(contents: Contents) -> Iterator[str]:
    rows = [row for row in contents.checks if row.get("weighted") is not None]
    if not rows:
        return
    columns = [
        Column("benchmark"),
        *(Column(name, True) for name in ("papers", "reporting", "slope", "weighted slope", "95% interval")),
    ]
    cells = (
        [text(contents.names[str(row["benchmark"])]), f"{row['papers']}", f"{row['reporting']}", _number(float(row["slope"] or 0)),
         _number(float(row["weighted"] or 0)), f"{_number(float(row['low'] or 0))} to {_number(float(row['high'] or 0))}"]
        for row in rows
    )  # fmt: skip
    yield paragraph(
        "As a check, each reporting paper is weighed by the inverse of how probable it was to report, given its error and year. A slope that moves much was made by who reports."
    )
    yield from table("Slopes as they are, and weighed", columns, cells)


def _conversion(contents: Contents, charts: Mapping[str, Chart]) -> Iterator[str]:
    found, pairs = contents.analysis.conversion, contents.pairs
    if not pairs:
        return
    if isinstance(found.fit, Fit):
        low, high = found.fit.interval()
        yield paragraph(
            f"Over {found.fit.n} models that report both, log10 of the hardware burden is {found.fit.intercept:.3f} + {found.fit.slope:.3f} log10 of network operations (95% interval of the slope {low:.3f} to {high:.3f}, R² {found.fit.r2:.2f})."
        )
    else:
        yield paragraph(f"There is no line from network operations to burdens: {found.fit.reason}.")
    if "conversion" in charts:
        yield figure(
            charts["conversion"],
            f"Hardware burden against network operations of {len(pairs)} models.",
            "Models whose papers report both measures; the line is by ordinary least squares, the band the 95% interval of its mean.",
        )


def _imputation(contents: Contents, _: Mapping[str, Chart]) -> Iterator[str]:
    if all(row.get("slope") is None for row in contents.imputed):
        return
    yield paragraph(
        "Each burden is drawn anew from what its print allows and from how probable its cells are; a missing one follows from network operations. Every completed table is fitted, and the fits are combined by Rubin's rules."
    )
    columns = [
        Column("benchmark"),
        *(
            Column(name, True)
            for name in ("n", "imputed", "slope", "95% interval", "taken as exact", "of variance not known")
        ),
    ]
    yield from table(
        "Slopes with what is not known exactly",
        columns,
        (_imputed(row, contents) for row in contents.imputed),
    )


def _imputed(row: Row, contents: Contents) -> list[str]:
    name = text(contents.names.get(str(row["benchmark"]), str(row["benchmark"])))
    if row.get("slope") is None:
        return [name, str(row.get("n") or 0), "", text(f"no line: {row.get('no_fit')}"), "", "", ""]
    exact = "" if row["ignoring"] is None else _number(float(row["ignoring"]))
    low, high = (_number(float(row[end] or 0.0)) for end in ("low", "high"))
    return [
        name,
        str(row["n"]),
        str(row["imputed"]),
        _number(float(row["slope"] or 0.0)),
        f"{low} to {high}",
        exact,
        f"{float(row['missing_information'] or 0.0):.0%}",
    ]


def _sensitivity(contents: Contents, charts: Mapping[str, Chart]) -> Iterator[str]:
    found = contents.robust.conventions
    if all(item.slope is None for item in found):
        return
    yield paragraph(
        "People who count compute disagree; each choice is changed by itself here. A factor on all burdens alike, as a utilisation, moves projections and no slope."
    )
    if "sensitivity" in charts:
        yield figure(
            charts["sensitivity"],
            "Slopes of all benchmarks under other conventions; the table has the numbers.",
            "The slope of the polynomial form when one choice of the convention is another, with 95% intervals by HC3 errors.",
        )
    columns = [
        Column("benchmark"),
        Column("changed"),
        *(Column(name, True) for name in ("n", "slope", "R²", "half the smallest error at")),
        Column(""),
    ]
    rows = (
        [text(contents.names[item.benchmark]), text(item.changed or "nothing"), str(item.n), *cells]
        for item in found
        for cells in [
            ["", "", "", text(f"no fit: {item.no_fit}")]
            if item.slope is None or item.r2 is None
            else [_number(item.slope), f"{item.r2:.3f}", "never" if item.log10_flop is None else f"10^{item.log10_flop:.1f} FLOP", "far outside the data" if item.far else ""]
        ]
    )  # fmt: skip
    yield from details("The numbers", table("Slope and projection under each convention", columns, rows))


def _projections(contents: Contents, charts: Mapping[str, Chart]) -> Iterator[str]:
    if not contents.projections.items:
        return
    if all(row.get("log10_flop") is None for row in contents.headlines):
        yield paragraph("Nothing is projected: no benchmark has a fit.")
        return
    yield paragraph(
        f"What the lines say that targets would take. Intervals are of the lines, not of prices, and not of whether the lines go on. Costs: {contents.projections.inputs}"
    )
    if "projections" in charts:
        yield figure(
            charts["projections"],
            "Compute, dollars, energy and carbon dioxide at targets; the sentences below have the numbers.",
            "Compute at each target by least squares with HC3 errors; the scales below read the same marks as dollars, energy and carbon dioxide. Hollow marks on dashed lines lie far outside the data.",
        )
    yield from details("In words", [items(contents.projections.sentences)])
    columns = [
        Column("benchmark"),
        Column("error", True),
        Column("form"),
        *(
            Column(name, True)
            for name in ("FLOP, 10^", "95% interval", "US dollars, 10^", "kWh, 10^", "kg CO2, 10^")
        ),
        Column(""),
    ]
    yield from details(
        "The numbers",
        table(
            "Projections by least squares with HC3 errors",
            columns,
            (_projected(row, contents) for row in contents.headlines),
        ),
    )


def _projected(row: Row, contents: Contents) -> list[str]:
    name = str(row["benchmark"])
    head = [text(contents.names.get(name, name)), f"{float(row['target'] or 0.0):.3%}", text(row["form"])]
    if row.get("log10_flop") is None:
        return [*head, "", "", "", "", "", text(f"no projection: {row.get('no_projection')}")]
    low, high = (_power(row.get(f"log10_flop_{end}")) or "no end" for end in ("low", "high"))
    return [
        *head,
        _power(row["log10_flop"]),
        f"{low} to {high}",
        *(_power(row.get(f"log10_{unit}")) for unit in ("usd", "kwh", "kg_co2")),
        text(row["extrapolation"]),
    ]


def _movement(contents: Contents, _: Mapping[str, Chart]) -> Iterator[str]:
    found = contents.movement
    if not found:
        return
    since, until = (" and ".join(names) for names in (found.since, found.until))
    yield paragraph(
        f"What moved the slopes from {since} to {until}; each kind of change has its mean share over all orders in which the changes could have come."
    )
    yield items(found.sentences)
    columns = [
        Column("benchmark"),
        Column("paper"),
        Column("change"),
        Column("moves the slope alone by", True),
    ]
    rows = [
        [text(contents.names.get(item.benchmark, item.benchmark)), paper_link(change.paper_id, change.link), text(change.what), "" if change.influence is None else _number(change.influence)]
        for item in found.benchmarks
        for change in item.most
    ]  # fmt: skip
    if rows:
        yield from details(
            "The papers that moved them most", table("Papers that moved slopes", columns, rows)
        )


def _limits(_: Contents, __: Mapping[str, Chart]) -> Iterator[str]:
    yield items((
        "Papers that report compute are not all papers; what decides who reports moves the slopes, and weights mend only what error and year tell of it.",
        "Points of a benchmark share methods, data and authors; intervals that treat papers as independent are too narrow where they do.",
        "A line over the past is no law. Hardware, data and methods changed along with compute, and the year term shows how little the two can be told apart.",
        "A burden is peak rate times devices times time; true operations are fewer, by a share that papers rarely tell.",
        "Values that no person has reviewed were read by a program, published where it was sure enough; the points say which.",
    ))  # fmt: skip


def _computed(_: Contents, __: Mapping[str, Chart]) -> Iterator[str]:
    yield items((
        "Method of arXiv:2007.05558: both forms by ordinary least squares with classical errors; then estimators that doubt each of its assumptions.",
        "HC3 errors hold where scatter is not the same everywhere; clustered ones where points of a paper resemble each other; Theil–Sen where some points are wrong; quantile and frontier speak of the best models.",
        "Fewer than eight points are shown and get no line. Intervals that are drawn come from one seed, so that the same release gives the same bytes.",
        "A projection is called far outside the data from two powers of ten beyond the burdens that were seen.",
    ))  # fmt: skip


def _number(number: float) -> str:
    return f"{number:z.4f}".replace("-", "−")


def _power(number: object) -> str:
    return f"{number:.1f}".replace("-", "−") if isinstance(number, int | float) else ""


SECTIONS: Final[Mapping[str, Shown]] = {
    "slopes": _slopes,
    "coverage": _coverage,
    "conversion": _conversion,
    "imputation": _imputation,
    "sensitivity": _sensitivity,
    "projections": _projections,
    "movement": _movement,
    "limits": _limits,
    "computed": _computed,
}
"""In the order of the page."""
TITLES: Final[Mapping[str, str]] = {
    "slopes": "How sure the slopes are",
    "coverage": "Who reports",
    "conversion": "From network operations to burdens",
    "imputation": "What is not known exactly",
    "sensitivity": "How much hangs on the convention",
    "projections": "What the next step would take",
    "movement": "Since the release before",
    "limits": "Limits",
    "computed": "How it was computed",
}
