"""A study of a release: points, both fits of each benchmark, and in words what could not be fitted.

The story of `burden analyze` without its files and its screen: `analysis.report` and `analysis.drawing` write what
stands here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.conventions import Options
from analysis.load import Release
from analysis.points import Joined, LeftOut, Point, join
from analysis.regressions import FORMS, Fit, Form, NoFit, least_squares
from analysis.sample import sample_of


@dataclass(frozen=True, slots=True)
class Fitted:
    """One form of growth on one benchmark's points."""

    form: Form
    result: Fit | NoFit


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark."""

    benchmark: str
    points: tuple[Point, ...]
    left_out: tuple[LeftOut, ...]
    fits: tuple[Fitted, ...]
    no_points: str
    """Why there is no point, if there is none."""

    @property
    def reasons(self) -> Mapping[str, int]:
        """Why papers give no point, the commonest reason first."""
        counted = Counter(item.reason for item in self.left_out)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    @property
    def no_fit(self) -> str:
        """Why there is no line, or nothing where there is one."""
        return next((item.result.reason for item in self.fits if isinstance(item.result, NoFit)), "")


@dataclass(frozen=True, slots=True)
class Study:
    """All benchmarks of one release or of several joined, under one convention."""

    sources: tuple[str, ...]
    """Releases, or tables of the authors, that the points are from."""
    convention: str
    sections: tuple[Section, ...]


def study(releases: Sequence[Release], options: Options) -> Study:
    """Points and fits of every benchmark that one of the releases tracks.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be.
    """
    sections = tuple(section_of(joined) for joined in join(releases, options))
    return Study(tuple(release.name for release in releases), options.name, sections)


def section_of(joined: Joined) -> Section:
    """Both fits of one benchmark's points."""
    return Section(
        joined.benchmark,
        joined.points,
        joined.left_out,
        tuple(Fitted(form, _fit(form, joined.points)) for form in FORMS),
        "" if joined.points else joined.reason or _why_empty(joined),
    )


def _fit(form: Form, points: tuple[Point, ...]) -> Fit | NoFit:
    sample = sample_of(points)
    if reason := sample.no_line():
        return NoFit(len(sample), reason)
    return least_squares(form.response(sample.error), sample.log_burden)


def _why_empty(joined: Joined) -> str:
    return "no paper's best result has a burden" if joined.left_out else "no paper reports a result"
