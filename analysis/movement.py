"""What moved the slope from one release to the next: new papers, papers gone, changed cells, or the method.

    moved = movement([load_release(old)], [load_release(new)], options)
    moved.rows()         # tidy: a benchmark and kind of change; what cannot be told is a row with the reason
    moved.point_rows()   # tidy: the papers that moved it most, with what changed there
    moved.sentences

A change of four kinds may be made in 24 orders, and each order blames others: a paper that left counts for more before the
new ones came. So a kind gets its mean over all orders, its Shapley value; the four add up to the movement exactly, and a
kind that changed nothing gets nothing. Method is all that is not in papers: the convention, the conversion of gaps, the
estimator, and the definitions that a release brings along (peak rates of accelerators, primary metrics). Every slope
between the two is of eight points or more; where too few papers stayed for one, papers that came and papers that left are
one kind. Both releases are counted by the program of today, so that a change of the program moves nothing. A paper is new or gone on a benchmark if
only one release has a result of it there; a burden that was filled in or taken back is a changed cell.

Source: L. S. Shapley, A Value for n-Person Games, Contributions to the Theory of Games II, 1953.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from math import factorial
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy import stats

from analysis.conventions import Options
from analysis.load import Release
from analysis.points import Joined, LeftOut, Point, join
from analysis.regressions import FORMS, Fit, Form, FormName, NoFit, least_squares
from analysis.sample import FEWEST_POINTS
from extractors.facts.errors import UsageError

Kind = Literal["new papers", "papers gone", "changed cells", "method"]
KINDS: Final[tuple[Kind, ...]] = ("new papers", "papers gone", "changed cells", "method")
EXCHANGED: Final = "papers exchanged"
"""New papers and papers gone as one kind, where too few papers stayed for a slope between the two."""
_NOTHING: Final = 1e-12
"""Slopes this near differ by rounding only."""
MOST: Final = 10
"""Papers that are named of one benchmark."""
Slope = Literal["ols", "theil-sen"]
HOW: Final = "Shapley value over the kinds of change"
Row = dict[str, str | float | int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One paper that is not what it was, and what it alone would have done."""

    kind: Kind
    paper_id: str
    title: str
    link: str
    burden_before: float | None
    burden: float | None
    error_before: float | None
    error: float | None
    """None where it gave no point."""
    influence: float | None
    """What the slope by least squares moves if of all papers this one changes; these do not add up."""
    what: str
    """In words."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One benchmark."""

    benchmark: str
    n_before: int
    n: int
    before: float | None
    after: float | None
    """Slopes; None where there is no line."""
    se_before: float | None
    """Standard error of the slope before, by least squares."""
    shares: Mapping[str, float]
    """What each kind of change moved; empty where it cannot be told."""
    counts: Mapping[str, int]
    """Papers of each kind that give or gave a point; of the method, those that it counts otherwise."""
    most: tuple[Change, ...]
    """The papers that moved it most, first."""
    reason: str = ""
    """Why there is no movement, or why it cannot be told what it is due to."""

    @property
    def moved(self) -> float | None:
        """By how much."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def sentence(self) -> str:
        """What happened."""
        if self.moved is None or self.before is None:
            return f"{self.benchmark}: {self.reason}."
        size = f", {abs(self.moved) / self.se_before:.1f} of its standard error" if self.se_before else ""
        first = (
            f"{self.benchmark}: the slope went from {self.before:.4f} (n {self.n_before}) to {self.after:.4f} (n {self.n}), "
            f"by {self.moved:+.4f}{size}"
        )
        if self.reason:
            return f"{first}; {self.reason}."
        if not any(self.counts.values()) and abs(self.moved) < _NOTHING:
            return f"{self.benchmark}: nothing changed, the slope stays {self.before:.4f} (n {self.n})."
        parts = ", ".join(f"{kind} {share:+.4f} ({self.counts[kind]})" for kind, share in self.shares.items())
        named = "; ".join(
            f"{item.paper_id} ({item.what}) {item.influence:+.4f}"
            for item in self.most[:3]
            if item.influence is not None
        )
        return f"{first}: {parts}.{f' Alone: {named}.' if named else ''}"


@dataclass(frozen=True, slots=True)
class Movement:
    """All benchmarks of two releases."""

    since: tuple[str, ...]
    until: tuple[str, ...]
    """Names of what is compared."""
    form: FormName
    method_before: str
    method: str
    """Convention and estimator."""
    benchmarks: tuple[Moved, ...] = field(default=())

    def rows(self) -> Iterator[Row]:
        """One tidy row a benchmark and kind of change; one with the reason where it cannot be told."""
        for item in self.benchmarks:
            shared: Row = {
                "benchmark": item.benchmark, "form": self.form, "n_before": item.n_before, "n": item.n,
                "slope_before": item.before, "slope": item.after, "moved": item.moved, "se_before": item.se_before,
            }  # fmt: skip
            ends: Row = {
                "reason": item.reason, "how": HOW, "since": ", ".join(self.since), "until": ", ".join(self.until),
                "convention_before": self.method_before, "convention": self.method,
            }  # fmt: skip
            if not item.shares:
                yield {**shared, "kind": "all", "papers": None, "share": None, **ends}
            yield from (
                {**shared, "kind": kind, "papers": item.counts[kind], "share": share, **ends}
                for kind, share in item.shares.items()
            )

    def point_rows(self) -> Iterator[Row]:
        """One tidy row a benchmark and paper, those that moved the slope most first."""
        for item in self.benchmarks:
            yield from (
                {"benchmark": item.benchmark, **asdict(change), "convention": self.method} for change in item.most
            )  # fmt: skip

    def as_frame(self) -> pd.DataFrame:
        """The rows as a data frame."""
        return pd.DataFrame(list(self.rows()))

    @property
    def sentences(self) -> tuple[str, ...]:
        """One a benchmark that has results in either release."""
        return tuple(item.sentence for item in self.benchmarks)


def movement(
    old: Sequence[Release],
    new: Sequence[Release],
    options: Options,
    before: Options | None = None,
    *,
    form: FormName = "polynomial",
    estimator: Slope = "ols",
    estimator_before: Slope | None = None,
    most: int = MOST,
) -> Movement:
    """What moved the slope of each benchmark between two releases, or several joined.

    Args:
        old: what it was.
        new: what it is.
        options: by which the new one is counted.
        before: by which the old one was counted; as the new one where it is not given.
        form: of growth; slopes of two forms cannot be compared.
        estimator: least squares, or Theil-Sen.
        estimator_before: that of the old slope, where it was another.
        most: papers to name of a benchmark.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be.
        UsageError: the form or an estimator is none.
    """
    lines = _Lines(_form(form), _known(estimator_before or estimator), _known(estimator))
    earlier = before or options
    tables = _Tables.of(old, new, earlier, options)
    found = tuple(
        _moved(name, tables.of_benchmark(name), lines, most) for name in tables.names() if tables.has_results(name)
    )  # fmt: skip
    return Movement(
        tuple(item.name or item.version for item in old), tuple(item.name or item.version for item in new), form,
        f"{earlier.name}; {lines.before}", f"{options.name}; {lines.after}", found,
    )  # fmt: skip


_Papers = Mapping[str, Point | LeftOut]


@dataclass(frozen=True, slots=True)
class _Lines:
    """How slopes are fitted, before and after."""

    form: Form
    before: Slope
    after: Slope

    def slope(self, points: Sequence[Point], estimator: Slope) -> float | None:
        """The slope of any points that have one, however few: what lies between two releases may be small."""
        fit = self.fit(points)
        if fit is None:
            return None
        if estimator == "ols":
            return fit.slope
        x, y = self._columns(points)
        return float(stats.theilslopes(y, x).slope)

    def fit(self, points: Sequence[Point]) -> Fit | None:
        fit = least_squares(*reversed(self._columns(points)))
        return None if isinstance(fit, NoFit) else fit

    def _columns(self, points: Sequence[Point]) -> tuple[np.ndarray, np.ndarray]:
        x = np.log10(np.array([point.burden for point in points], dtype=np.float64))
        return x, self.form.response(np.array([point.error for point in points], dtype=np.float64))


@dataclass(frozen=True, slots=True)
class _Of:
    """One benchmark's papers, by whose cells they are and by whose method they are counted."""

    old_old: _Papers
    old_new: _Papers
    new_old: _Papers
    new_new: _Papers

    @property
    def gone(self) -> frozenset[str]:
        return frozenset(self.old_new) - frozenset(self.new_new)

    @property
    def come(self) -> frozenset[str]:
        return frozenset(self.new_new) - frozenset(self.old_new)

    @property
    def stayed(self) -> frozenset[str]:
        return frozenset(self.new_new) & frozenset(self.old_new)

    def points(self, made: frozenset[Kind]) -> list[Point]:
        """The points if of all changes only these had been made."""
        old, new = (self.old_new, self.new_new) if "method" in made else (self.old_old, self.new_old)
        cells = new if "changed cells" in made else old
        papers = [cells.get(paper) for paper in sorted(self.stayed)]
        if "papers gone" not in made:
            papers += [old.get(paper) for paper in sorted(self.gone)]
        if "new papers" in made:
            papers += [new.get(paper) for paper in sorted(self.come)]
        return [item for item in papers if isinstance(item, Point)]

    def changed(self) -> Iterator[tuple[Kind, str]]:
        """Papers that are not where they were, by the method of now; those without a point are nowhere."""
        come = {paper for paper in self.come if isinstance(self.new_new[paper], Point)}
        gone = {paper for paper in self.gone if isinstance(self.old_new[paper], Point)}
        yield from (("new papers", paper) for paper in sorted(come))
        yield from (("papers gone", paper) for paper in sorted(gone))
        yield from (
            ("changed cells", paper)
            for paper in sorted(self.stayed)
            if _place(self.old_new[paper]) != _place(self.new_new[paper])
        )

    def recounted(self) -> int:
        """Papers whose place the method alone changes."""
        return sum(_place(self.old_old.get(paper)) != _place(item) for paper, item in self.old_new.items())


@dataclass(frozen=True, slots=True)
class _Tables:
    """Both releases by both methods."""

    old_old: Mapping[str, Joined]
    old_new: Mapping[str, Joined]
    new_old: Mapping[str, Joined]
    new_new: Mapping[str, Joined]

    @classmethod
    def of(cls, old: Sequence[Release], new: Sequence[Release], before: Options, options: Options) -> _Tables:
        return cls(
            _joined(old, before),
            _joined(_defined_as(old, new), options),
            _joined(_defined_as(new, old), before),
            _joined(new, options),
        )

    def names(self) -> Sequence[str]:
        return list(dict.fromkeys([*self.new_new, *self.old_old]))

    def has_results(self, name: str) -> bool:
        return any(_papers(table.get(name)) for table in (self.old_old, self.new_new))

    def of_benchmark(self, name: str) -> _Of:
        return _Of(
            *(_papers(table.get(name)) for table in (self.old_old, self.old_new, self.new_old, self.new_new))
        )


def _joined(releases: Sequence[Release], options: Options) -> Mapping[str, Joined]:
    return {item.benchmark: item for item in join(releases, options)}


def _defined_as(releases: Sequence[Release], others: Sequence[Release]) -> Sequence[Release]:
    """Releases with the definitions of others: what accelerators can do, and what benchmarks are measured by.

    What only the release itself knows stays, or its runs would lose their rates.
    """
    rates = {row.accelerator: row for other in reversed(others) for row in other.accelerators}
    metrics = {
        row.benchmark: [item for item in other.benchmarks if item.benchmark == row.benchmark]
        for other in reversed(others)
        for row in other.benchmarks
    }
    return [
        replace(
            release,
            accelerators=tuple(({row.accelerator: row for row in release.accelerators} | rates).values()),
            benchmarks=tuple(
                item
                for name in dict.fromkeys([*(row.benchmark for row in release.benchmarks), *metrics])
                for item in metrics.get(name) or [row for row in release.benchmarks if row.benchmark == name]
            ),
        )
        for release in releases
    ]


def _papers(joined: Joined | None) -> _Papers:
    found: list[Point | LeftOut] = [*joined.points, *joined.left_out] if joined else []
    return {item.paper_id: item for item in found}


def _place(item: Point | LeftOut | None) -> tuple[float | None, float | None]:
    """Where a paper stands: burden and error, or nowhere."""
    return (item.burden, item.error) if isinstance(item, Point) else (None, None)


def _moved(name: str, papers: _Of, lines: _Lines, most: int) -> Moved:
    nothing: frozenset[Kind] = frozenset()
    everything: frozenset[Kind] = frozenset(KINDS)
    start, end = papers.points(nothing), papers.points(everything)
    changed = list(papers.changed())
    counts: dict[str, int] = {kind: sum(known == kind for known, _ in changed) for kind in KINDS}
    counts["method"] = papers.recounted()
    counts[EXCHANGED] = counts["new papers"] + counts["papers gone"]
    found = Moved(
        name, len(start), len(end), None, None, None, {}, counts, _most(papers, changed, lines, most)
    )
    for when, points in (("before", start), ("now", end)):
        if len(points) < FEWEST_POINTS:
            return replace(
                found, reason=f"{len(points)} points {when}, of at least {FEWEST_POINTS} for a slope"
            )
    first, last = lines.slope(start, lines.before), lines.slope(end, lines.after)
    if first is None or last is None:
        when = "before" if first is None else "now"
        return replace(
            found, reason=f"the points {when} all have one burden or one error, which gives no slope"
        )
    fit = lines.fit(start)
    found = replace(found, before=first, after=last, se_before=fit.se if fit else None)
    shares = _shares(papers, lines, {kind: frozenset({kind}) for kind in KINDS})
    if isinstance(shares, str):
        shares = _shares(papers, lines, _FEWER)
    return replace(found, reason=shares) if isinstance(shares, str) else replace(found, shares=shares)


_FEWER: Final[Mapping[str, frozenset[Kind]]] = {
    EXCHANGED: frozenset({"new papers", "papers gone"}),
    "changed cells": frozenset({"changed cells"}),
    "method": frozenset({"method"}),
}


def _shares(papers: _Of, lines: _Lines, parts: Mapping[str, frozenset[Kind]]) -> Mapping[str, float] | str:
    """The Shapley value of each part of the change, or why there is none."""
    slopes: dict[frozenset[str], float] = {}
    for size in range(len(parts) + 1):
        for names in map(frozenset[str], combinations(parts, size)):
            made: frozenset[Kind] = frozenset().union(*(parts[name] for name in names))
            points = papers.points(made)
            slope = lines.slope(points, lines.after if "method" in made else lines.before)
            if slope is None or len(points) < FEWEST_POINTS:
                return (
                    f"what moved it cannot be told apart: with {' and '.join(sorted(names))} alone there are "
                    f"{len(points)} points, which carry no slope"
                )
            slopes[names] = slope
    return {name: _mean_step(name, slopes, len(parts)) for name in parts}


def _mean_step(name: str, slopes: Mapping[frozenset[str], float], total: int) -> float:
    """The mean over all orders of what a change moves when it is made."""
    return sum(
        factorial(len(made)) * factorial(total - len(made) - 1) / factorial(total) * (slopes[made | {name}] - slope)
        for made, slope in slopes.items()
        if name not in made
    )  # fmt: skip


def _most(papers: _Of, changed: Sequence[tuple[Kind, str]], lines: _Lines, most: int) -> tuple[Change, ...]:
    """The papers that alone move the slope most, counted by the method of now."""
    base = {paper: item for paper, item in papers.old_new.items() if isinstance(item, Point)}
    start = lines.slope(list(base.values()), "ols")
    found = [_change(kind, paper, papers, base, start, lines) for kind, paper in changed]
    return tuple(sorted(found, key=lambda item: (-abs(item.influence or 0.0), item.paper_id)))[:most]


def _change(
    kind: Kind, paper: str, papers: _Of, base: Mapping[str, Point], start: float | None, lines: _Lines
) -> Change:
    old, new = papers.old_new.get(paper), papers.new_new.get(paper)
    rest = {known: item for known, item in base.items() if known != paper}
    alone = lines.slope([*rest.values(), *([new] if isinstance(new, Point) else [])], "ols")
    known = new or old
    return Change(
        kind, paper, known.title if known else "", known.link if known else "", *_sides(old, new),
        None if start is None or alone is None else alone - start, _words(kind, old, new),
    )  # fmt: skip


def _sides(
    old: Point | LeftOut | None, new: Point | LeftOut | None
) -> tuple[float | None, float | None, float | None, float | None]:
    (burden_before, error_before), (burden, error) = _place(old), _place(new)
    return burden_before, burden, error_before, error


def _words(kind: Kind, old: Point | LeftOut | None, new: Point | LeftOut | None) -> str:
    if kind == "new papers":
        return "new paper"
    if kind == "papers gone":
        return "paper gone"
    if isinstance(old, LeftOut) and isinstance(new, Point):
        return f"gives a burden now; before, {old.reason}"
    if isinstance(new, LeftOut):
        return f"gives no burden now: {new.reason}"
    pairs = zip(("burden", "error"), _place(old), _place(new), strict=True)
    return ", ".join(f"{name} {one:.3g}, now {other:.3g}" for name, one, other in pairs if one != other)


def _form(name: str) -> Form:
    found = next((item for item in FORMS if item.name == name), None)
    if found is None:
        raise UsageError(
            f"{name!r} is no form", remedy=f"Choose from {', '.join(item.name for item in FORMS)}"
        )
    return found


def _known(estimator: Slope) -> Slope:
    if estimator not in ("ols", "theil-sen"):
        raise UsageError(f"{estimator!r} gives no movement", remedy="Choose from ols, theil-sen")
    return estimator
