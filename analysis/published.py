"""The fits that arXiv:2007.05558 published, as data: which columns of which table, in which form.

A variable is computed from one table of the authors and from nothing else; a specification names its variables.
The published results themselves are not here: they are read from the file beside the tables, if it is there, and
`analysis.reproduce` compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.authors import Table
from analysis.regressions import Fit, NoFit, QuantileLine, least_squares, quantile_line
from extractors.facts.errors import DatasetError, MissingRowsError
from extractors.facts.measures import (
    AUTHORS_OLDER_CONVERSION,
    Conversion,
    error,
    operations_per_pass,
)

Numbers = NDArray[np.float64]
_FIRST_YEAR = 2012
_REFERENCE_MODEL = "AlexNet"
_SCORES: Final = ("(TOP 1 score)", "(BOX AP)", "(EM score)", "(F1 score)", "(BLEU)")
"""Columns of scores, the one that makes the error first: SQuAD has both an exact match and an F1."""


@dataclass(frozen=True, slots=True)
class Specification:
    """One published fit."""

    benchmark: str
    regression: str
    """What the authors' notebooks call it; also the key in the file of published fits."""
    y: str
    x: tuple[str, ...]
    quantile: float | None = None
    by_model: bool = False
    """The published p is that of the whole model."""

    def fit(self, table: Table) -> Fit | QuantileLine | NoFit:
        """The fit by the rows of a table that have all variables."""
        try:
            y, *terms = (variable(name, table) for name in (self.y, *self.x))
        except MissingRowsError as error:
            return NoFit(0, error.what)
        return (
            least_squares(y, *terms) if self.quantile is None else quantile_line(y, terms[0], self.quantile)
        )


def variable(name: str, table: Table) -> Numbers:
    """A variable by its name, as `1/error` or `log10(hardware burden)`; NaN where a row does not have it.

    Raises:
        DatasetError: a column is missing, or a cell is no number or has no logarithm.
    """
    if not (name.startswith("log10(") and name.endswith(")")):
        return _VARIABLES[name](table)
    found = variable(name.removeprefix("log10(").removesuffix(")"), table)
    for row in np.flatnonzero(found <= 0.0):
        raise DatasetError(
            f"{found[row]:g} has no logarithm, as {name} needs",
            where=f"{table.name} line {table.line(int(row))}",
            remedy="Correct the cell or leave it empty",
        )
    return np.log10(found)


def _score(table: Table) -> Numbers:
    column = next((column for column in _SCORES if column in table.columns), "")
    return table.numbers(column) if column else 100.0 * table.numbers("accuracy")


def _error(table: Table) -> Numbers:
    found = np.array([error(score, "complement") for score in _score(table)], dtype=np.float64)
    for row in np.flatnonzero((found <= 0.0) | (found > 1.0)):
        raise DatasetError(
            f"an error of {found[row]:g} cannot be",
            where=f"{table.name} line {table.line(int(row))}, column of scores",
            remedy="Correct the score or leave it empty",
        )
    return found


def _operations(table: Table) -> Numbers:
    columns = (table.numbers("flops"), table.numbers("multiadds"))
    known = (
        tuple(None if np.isnan(cell) else float(cell) for cell in row) for row in zip(*columns, strict=True)
    )
    return np.array([operations_per_pass(*row) for row in known], dtype=np.float64)


def _relative_operations(table: Table) -> Numbers:
    reference = table.where("name", _REFERENCE_MODEL).numbers("network_operations")
    if len(reference) != 1:
        raise MissingRowsError(
            f"{len(reference)} rows are named {_REFERENCE_MODEL}, where one is the reference",
            where=table.name,
        )
    operations: Numbers = table.numbers("network_operations") / reference[0]
    return operations


def _consolidated(table: Table, conversion: Conversion) -> Numbers:
    """Burdens as reported, and converted from network operations where they are not."""
    burden, operations = table.numbers("hardware_burden"), table.numbers("network_operations")
    gaps = np.isnan(burden) & ~np.isnan(operations)
    burden[gaps] = [conversion.burden(float(number)) for number in operations[gaps]]
    return burden


def _consolidated_by_own_fit(table: Table) -> Numbers:
    fit = least_squares(
        variable("log10(hardware burden)", table), variable("log10(network operations)", table)
    )
    if isinstance(fit, NoFit):
        raise MissingRowsError(f"burdens cannot be converted: {fit.reason}", where=table.name)
    return _consolidated(table, Conversion(fit.intercept, fit.slope))


_VARIABLES: Final[Mapping[str, Callable[[Table], Numbers]]] = {
    "error": _error,
    "1/error": lambda table: 1.0 / _error(table),
    "score/100": lambda table: _score(table) / 100.0,
    "operations per pass": _operations,
    "network operations": lambda table: table.numbers("network_operations"),
    "network operations/AlexNet": _relative_operations,
    "hardware burden": lambda table: table.numbers("hardware_burden"),
    "burden, gaps converted": _consolidated_by_own_fit,
    "burden, gaps converted as for COCO": lambda table: _consolidated(table, AUTHORS_OLDER_CONVERSION),
    "hardware burden in Gflop": lambda table: table.numbers("hardware_burden_gflop"),
    "years since 2012": lambda table: table.numbers("year") - _FIRST_YEAR,
}

_LOG_BURDEN: Final = ("log10(hardware burden)",)
_LOG_ALL: Final = ("log10(burden, gaps converted)",)
_LOG_ALL_COCO: Final = ("log10(burden, gaps converted as for COCO)",)
_LOG_OPERATIONS: Final = ("log10(network operations)",)
_LOG_RELATIVE: Final = "log10(network operations/AlexNet)"
_COCO_ALL: Final = "log10(hardware_burden consolidated; conversion 2.7580+0.8935x)"

FITS_2022: Final = (
    Specification("imagenet", "log10(error) ~ log10(ops_per_forward_pass)", "log10(error)", ("log10(operations per pass)",)),
    Specification("imagenet", "log10(error) ~ log10(network_operations)", "log10(error)", _LOG_OPERATIONS),
    Specification("imagenet", "log10(error) ~ log10(hardware_burden)", "log10(error)", _LOG_BURDEN),
    Specification("imagenet", "error ~ log10(network_operations/AlexNet)", "error", (_LOG_RELATIVE,)),
    Specification("imagenet", "log10(error) ~ log10(network_operations/AlexNet) + (year-2012)", "log10(error)", (_LOG_RELATIVE, "years since 2012"), by_model=True),
    Specification("imagenet", "quantile 0.1: log10(error) ~ log10(network_operations/AlexNet)", "log10(error)", (_LOG_RELATIVE,), quantile=0.1),
    Specification("imagenet", "conversion: log10(hardware_burden) ~ log10(network_operations)", "log10(hardware burden)", _LOG_OPERATIONS),
    Specification("imagenet", "polynomial: log10(1/error) ~ log10(hardware_burden consolidated)", "log10(1/error)", _LOG_ALL),
    Specification("imagenet", "exponential: 1/error ~ log10(hardware_burden consolidated)", "1/error", _LOG_ALL),
    Specification("coco-detection", "log10(box AP) ~ log10(ops_per_forward_pass)", "log10(score/100)", ("log10(operations per pass)",)),
    Specification("coco-detection", "polynomial: log10(1/error) ~ log10(hardware_burden reported)", "log10(1/error)", _LOG_BURDEN),
    Specification("coco-detection", "polynomial: log10(1/error) ~ log10(network_operations)", "log10(1/error)", _LOG_OPERATIONS),
    Specification("coco-detection", f"polynomial: log10(1/error) ~ {_COCO_ALL}", "log10(1/error)", _LOG_ALL_COCO),
    Specification("coco-detection", f"exponential: 1/error ~ {_COCO_ALL}", "1/error", _LOG_ALL_COCO),
    Specification("squad-1.1", "polynomial (EM): log10(1/error) ~ log10(hardware_burden)", "log10(1/error)", _LOG_BURDEN),
    Specification("squad-1.1", "exponential (EM): 1/error ~ log10(hardware_burden)", "1/error", _LOG_BURDEN),
    Specification("conll-2003", "polynomial (F1)", "log10(1/error)", _LOG_BURDEN),
    Specification("conll-2003", "exponential (F1)", "1/error", _LOG_BURDEN),
    Specification("wmt2014-en-fr", "polynomial (BLEU/100)", "log10(1/error)", _LOG_BURDEN),
    Specification("wmt2014-en-fr", "exponential (BLEU/100)", "1/error", _LOG_BURDEN),
    Specification("wmt2014-en-de", "polynomial (BLEU/100)", "log10(1/error)", _LOG_BURDEN),
    Specification("wmt2014-en-de", "exponential (BLEU/100)", "1/error", _LOG_BURDEN),
)  # fmt: skip
"""The 22 fits of the second version."""

FITS_2020: Final = tuple(
    Specification(benchmark, "", "log10(error)", ("log10(hardware burden in Gflop)",))
    for benchmark in (
        "imagenet",
        "coco-detection",
        "squad-1.1",
        "conll-2003",
        "wmt2014-en-fr",
        "wmt2014-en-de",
    )
)
"""One fit a benchmark, of the points of the first version."""
