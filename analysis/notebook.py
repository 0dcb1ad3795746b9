"""What notebooks ask first: points as a table, papers without one, the cells behind a paper, what moved since a release.

Tables are pandas data frames; that of points goes straight into `regress`, `project`, `compare_forms` and `pool`. Nothing is
computed here that another module does not compute; releases may be given one by one, or several to be joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from analysis.certainty import cells_of, keys_of
from analysis.conventions import Options
from analysis.load import Release, evidence_of
from analysis.movement import Movement, movement
from analysis.points import Joined, LeftOut, Point, join
from analysis.targets import is_same
from extractors.facts.errors import UsageError

Releases = Release | Sequence[Release]

_COLUMNS: Final = (
    "benchmark", "paper", "title", "model", "published", "burden", "error", "basis", "parameters", "operations", "origin",
    "link", "convention",
)  # fmt: skip
_CELL_COLUMNS: Final = (
    "benchmark", "cell", "value", "printed", "page", "quote", "rule", "status", "probability"
)  # fmt: skip


def points_of(
    releases: Releases, benchmark: str | None = None, options: Options | None = None
) -> pd.DataFrame:
    """Points of performance against burden: a row a paper and benchmark, the smallest burden first.

    Args:
        releases: one release, or several joined, each paper once.
        benchmark: by its id, or as the authors' tables call it; all of them where none is given.
        options: how burdens are counted; as the authors do by default.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be.
        UsageError: no release knows the benchmark.
    """
    chosen = options or Options()
    rows = [_row(point, chosen) for joined in _chosen(releases, benchmark, chosen) for point in joined.points]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def left_out_of(
    releases: Releases, benchmark: str | None = None, options: Options | None = None
) -> pd.DataFrame:
    """Papers whose best result gives no point, with the reason: a row a paper and benchmark.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be.
        UsageError: no release knows the benchmark.
    """
    rows = [
        {"benchmark": item.benchmark, "paper": item.paper_id, "title": item.title, "error": item.error, "reason": item.reason}
        for joined in _chosen(releases, benchmark, options or Options())
        for item in joined.left_out
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["benchmark", "paper", "title", "error", "reason"])


def cells_behind(releases: Releases, paper: str, options: Options | None = None) -> pd.DataFrame:
    """The cells that a paper's points are made of, each with its page, its words, and how sure it is.

    Of the authors' tables there are none: nobody wrote down where their numbers stand.

    Raises:
        DatasetError: the evidence is missing or damaged.
        UsageError: the paper has no result on any benchmark.
    """
    chosen = options or Options()
    entries: list[Point | LeftOut] = []
    for joined in _chosen(releases, None, chosen):
        entries += [item for item in joined.points if item.paper_id == paper]
        entries += [item for item in joined.left_out if item.paper_id == paper]
    if not entries:
        raise UsageError(f"{paper!r} has no result here", remedy="Give the id of a paper of points_of(...)")
    rows: list[dict[str, Any]] = []
    for release in _several(releases):
        evidence = evidence_of(release, keys_of(entries))
        rows += [
            {"benchmark": item.benchmark, **{name: getattr(cell, name) for name in _CELL_COLUMNS[1:]}}
            for item in entries
            for cell in cells_of(item, evidence, chosen.convention.method)
        ]
    return pd.DataFrame(rows, columns=list(_CELL_COLUMNS))


def moved_between(
    old: Releases, new: Releases, options: Options | None = None, before: Options | None = None
) -> Movement:
    """What moved the slopes from one release to another: see `analysis.movement`.

    Raises:
        DatasetError: a row has an error rate, time or count that cannot be.
    """
    return movement(_several(old), _several(new), options or Options(), before)


def _several(releases: Releases) -> Sequence[Release]:
    return [releases] if isinstance(releases, Release) else releases


def _chosen(releases: Releases, benchmark: str | None, options: Options) -> Sequence[Joined]:
    found = join(_several(releases), options)
    if benchmark is None:
        return found
    wanted = [joined for joined in found if is_same(joined.benchmark, benchmark)]
    if not wanted:
        raise UsageError(
            f"no release here knows {benchmark!r}",
            remedy=f"Give one of {', '.join(joined.benchmark for joined in found) or 'none'}",
        )
    return wanted


def _row(point: Point, options: Options) -> dict[str, Any]:
    named = {"paper": point.paper_id, "convention": options.name}
    return {name: named[name] if name in named else getattr(point, name) for name in _COLUMNS}
