"""The published fits computed again from the authors' tables, theirs beside ours.

Ours come from the tables alone. Theirs are read from a file beside the tables, as printed; without it ours stand by
themselves. Agreement means: ours, rounded to the digits that they print, is what they print.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite
from pathlib import Path
from typing import Final, Literal

from analysis.audit import Recomputed, Remark, recompute, remarks
from analysis.authors import POINTS_FILE, Table, read_points, read_tables
from analysis.published import FITS_2020, FITS_2022, Specification
from analysis.regressions import Fit, NoFit, QuantileLine
from analysis.reproduce_projections import Projected, project_2020
from extractors.facts.errors import DatasetError

Verdict = Literal["agrees", "differs", "not computed", "nothing published"]
PUBLISHED_2022: Final = "published_regressions.csv"
PUBLISHED_2020: Final = "regressions.csv"

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ROUNDING: Final = 0.5
"""Units of the last digit within which a number rounds to what is printed."""
_COLUMNS: Final = ("n", "intercept", "slope", "p_value", "r_squared")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fit, ours and theirs."""

    benchmark: str
    regression: str
    ours: Mapping[str, tuple[float, ...]]
    """Numbers by the published column they belong in."""
    theirs: Mapping[str, str]
    """What they print, or nothing."""
    differences: tuple[str, ...]
    """Columns where they differ."""
    problem: str = ""
    """Why there is none of ours."""

    @property
    def verdict(self) -> Verdict:
        """Whether ours is theirs."""
        if self.problem:
            return "not computed"
        if not self.theirs:
            return "nothing published"
        return "differs" if self.differences else "agrees"


@dataclass(frozen=True, slots=True)
class Reproduction:
    """All fits of a folder of tables, and what is odd in them."""

    comparisons: tuple[Comparison, ...]
    recomputed: tuple[Recomputed, ...] = ()
    remarks: tuple[Remark, ...] = ()
    projections: tuple[Projected, ...] = ()
    """Those of the first version."""

    @property
    def complete(self) -> bool:
        """Whether every published fit was computed and agrees; of projections the table itself tells."""
        return all(item.verdict in ("agrees", "nothing published") for item in self.comparisons)

    @property
    def worst(self) -> tuple[float, str]:
        """The largest difference from a printed number, in units of its last digit, and which it is.

        Half a unit is what rounding makes; whatever is above it differs.
        """
        found = (
            (_units(number, print_), f"{item.benchmark}  {item.regression}".rstrip() + f", {column}")
            for item in self.comparisons
            for column, numbers in item.ours.items()
            for number, print_ in zip(numbers, _printed(item.theirs.get(column, "")), strict=False)
        )
        return max(found, default=(0.0, ""))


def reproduce(folder: Path) -> Reproduction:
    """The published fits of a folder with the authors' tables, of either version, or with a release's in their layout.

    Raises:
        UsageError: the folder is not there, or holds neither version's tables.
        DatasetError: a table cannot be read, or a cell cannot be what it says.
    """
    if (folder / POINTS_FILE).is_file():
        return _reproduce_points(folder)
    tables = read_tables(folder)
    theirs = _published(folder / PUBLISHED_2022)
    return Reproduction(tuple(_compared(FITS_2022, tables, theirs)), recompute(tables), remarks(tables))


def _reproduce_points(folder: Path) -> Reproduction:
    table = read_points(folder / POINTS_FILE)
    tables = {item.benchmark: table.where("benchmark", item.benchmark) for item in FITS_2020}
    comparisons = tuple(_compared(FITS_2020, tables, _published(folder / PUBLISHED_2020)))
    return Reproduction(comparisons, projections=project_2020(tables, folder))


def _compared(
    specifications: Iterable[Specification],
    tables: Mapping[str, Table],
    theirs: Mapping[tuple[str, str], Mapping[str, str]],
) -> Iterator[Comparison]:
    known = {(item.benchmark, item.regression): item for item in specifications}
    for key in dict.fromkeys((*known, *theirs)):
        yield _compare(key, known.get(key), tables.get(key[0]), theirs.get(key, {}))


def _compare(
    key: tuple[str, str], item: Specification | None, table: Table | None, theirs: Mapping[str, str]
) -> Comparison:
    if item is None or table is None:
        missing = "this kind of fit is not known yet" if item is None else "the folder lacks its table"
        return Comparison(*key, {}, theirs, (), missing)
    fit = item.fit(table)
    if isinstance(fit, NoFit):
        return Comparison(*key, {}, theirs, (), fit.reason)
    ours = _numbers(fit, item)
    differing = (column for column, found in ours.items() if not _same(found, theirs.get(column, "")))
    return Comparison(*key, ours, theirs, tuple(differing) if theirs else ())


def _numbers(fit: Fit | QuantileLine, item: Specification) -> Mapping[str, tuple[float, ...]]:
    line = {"n": (float(fit.n),), "intercept": (fit.intercept,)}
    if isinstance(fit, QuantileLine):
        return line | {"slope": (fit.slope,), "p_value": (), "r_squared": (fit.pseudo_r2,)}
    chance = fit.model_p if item.by_model else fit.p
    return line | {"slope": (fit.slope, *fit.further), "p_value": (chance,), "r_squared": (fit.r2,)}


def _same(ours: tuple[float, ...], printed: str) -> bool:
    """Whether ours rounds to each number printed; what they do not print cannot differ."""
    theirs = _printed(printed)
    if not theirs:
        return True
    return len(theirs) == len(ours) and all(
        _units(*pair) <= _ROUNDING for pair in zip(ours, theirs, strict=True)
    )


def _printed(text: str) -> list[Decimal]:
    return [Decimal(number) for number in _NUMBER.findall(_without_labels(text))]


def _units(ours: float, theirs: Decimal) -> float:
    """The difference in units of the last digit that they print."""
    last_digit = Decimal((0, (1,), int(theirs.as_tuple().exponent)))
    return float(abs(Decimal(ours) - theirs) / last_digit) if isfinite(ours) else inf


def _without_labels(printed: str) -> str:
    """The print without words that belong to names of terms, as `year` or `pseudo`."""
    return re.sub(r"[A-Za-z_]{2,}[\w^]*", " ", printed)


def _published(path: Path) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Published fits by benchmark and name, as printed; nothing where there is no such file."""
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"the published fits cannot be read: {error}", where=path.name) from error
    return {
        (row.get("benchmark") or "", row.get("regression") or ""): {
            column: row.get(column) or "" for column in _COLUMNS
        }
        for row in rows
    }
