"""The projections that the first version of arXiv:2007.05558 published, beside what its points give.

Both forms are fitted to the plotted points and read backwards. They print whole powers of ten, rounded down; ours
agree where `floor(log10)` is what they print, so a power that comes out a hair beside a whole one may differ.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from analysis.authors import GIGA, Table
from analysis.inverse import burden_to_reach
from analysis.prices import dollars, pounds_of_co2, published
from analysis.published import variable
from analysis.regressions import FORMS, Form, NoFit, least_squares
from analysis.targets import TARGETS_2020
from extractors.facts.errors import DatasetError

FILE_2020: Final = "projections.csv"
MEASURES: Final = ("log10_gflop", "log10_co2_lbs", "log10_usd")
_THEIR_NAMES: Final = {
    "ImageNet": "imagenet", "COCO": "coco-detection", "SQuAD1.1": "squad-1.1",
    "CoNLL2003": "conll-2003", "WMT14-EN-FR": "wmt2014-en-fr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Projected:
    """What reaching an error takes by one form, ours and theirs; powers of ten by the names of `MEASURES`."""

    benchmark: str
    error: float
    form: str
    ours: Mapping[str, float]
    theirs: Mapping[str, int]
    """Whole powers as printed, or nothing."""

    @property
    def differing(self) -> tuple[str, ...]:
        """Measures whose whole power is not the one printed."""
        return tuple(name for name, power in self.theirs.items() if math.floor(self.ours[name]) != power)


def project_2020(tables: Mapping[str, Table], folder: Path) -> tuple[Projected, ...]:
    """Every projection of the first version that its points carry.

    Raises:
        DatasetError: the file of published projections cannot be read.
    """
    theirs = _published(folder / FILE_2020)
    return tuple(
        projected
        for benchmark, errors in TARGETS_2020.items()
        for error in errors
        for form in FORMS
        if (projected := _project(tables[benchmark], benchmark, error, form, theirs))
    )


def _project(
    table: Table,
    benchmark: str,
    error: float,
    form: Form,
    theirs: Mapping[tuple[str, float, str], Mapping[str, int]],
) -> Projected | None:
    fit = least_squares(
        form.response(variable("error", table)), variable("log10(hardware burden in Gflop)", table)
    )
    if isinstance(fit, NoFit) or not fit.slope:
        return None
    power = burden_to_reach(form, fit.intercept, fit.slope, error)
    flop = power + float(np.log10(GIGA))
    price = published("2020")
    ours = (power, pounds_of_co2(flop, price), dollars(flop, price))
    return Projected(
        benchmark,
        error,
        form.name,
        dict(zip(MEASURES, ours, strict=True)),
        theirs.get((benchmark, error, form.name), {}),
    )


def _published(path: Path) -> Mapping[tuple[str, float, str], Mapping[str, int]]:
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
        return {
            (_THEIR_NAMES.get(row["benchmark"], row["benchmark"]), float(row["error"]), row["model"]): {
                measure: int(row[measure]) for measure in MEASURES
            }
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise DatasetError(
            f"the published projections cannot be read: {error}",
            where=path.name,
            remedy="Take the file as it came, or take it away",
        ) from error
