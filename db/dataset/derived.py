"""The derived columns of a release: what follows from the cells of a row by the measures, under the authors' convention and under others.

People who count compute disagree about peak rates and about what one TPU is; so a burden has a column for each of these choices, and nobody
has to take ours. A utilisation is a factor on all of them, and whether a search counts is told by the phase of its run.
"""

from __future__ import annotations

from collections.abc import Mapping

from db.dataset.measured import exposure_of, numeric, pass_of, work_of
from db.dataset.schema import Row
from extractors.facts.benchmarks import catalogue
from extractors.facts.ids import EntityKind
from extractors.facts.measures import (
    AUTHORS,
    Convention,
    error,
    hardware_burden,
    network_operations,
    transformer_operations,
)

_BURDENS: Mapping[str, Convention] = {
    "hardware_burden_flop": AUTHORS,
    "burden_tensor_flop": Convention(rate="tensor"),
    "burden_stated_flop": Convention(rate="stated"),
    "burden_chip_flop": Convention(tpu="chip"),
}


def derived(kind: EntityKind, row: Row, model: Row | None) -> Row:
    """The derived cells of a row.

    Args:
        kind: of its entity.
        row: with its facts.
        model: the row of the model that it belongs to, if that is known.
    """
    if kind == "result":
        return {"error": _error(row)}
    return _of_run(row, model) if kind == "run" else {}


def _of_run(row: Row, model: Row | None) -> Row:
    found: Row = {
        column: hardware_burden([work_of(row, convention)], convention)
        for column, convention in _BURDENS.items()
    }
    found["convention"] = AUTHORS.name if found["hardware_burden_flop"] is not None else None
    if model is not None:
        found["network_operations_flop"] = network_operations(pass_of(model), [exposure_of(row)])
        tokens = exposure_of(row, "tokens").shown()
        found["operations_6nd_flop"] = transformer_operations(numeric(model["parameters"]), tokens)
    return found


def _error(row: Row) -> float | None:
    metric = catalogue().metrics().get(str(row["metric"]))
    benchmark = catalogue().benchmarks().get(str(row["benchmark"]))
    score = numeric(row["score"])
    if metric is None or benchmark is None or score is None or not benchmark.plausible(metric.id, score):
        return None
    return error(score, metric.error)
