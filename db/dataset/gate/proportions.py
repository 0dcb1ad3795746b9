"""Whether the values of one model or run are of a size with each other, as a careful editor looks who sees a row and not its paper.

Each is right by itself; what gives a slip away is what stands beside it. The bands are wide on purpose: they hold every value that people
labelled in the corpus and every row of the tables of arXiv:2007.05558 (`docs/releases.md` has the figures). They are told, for a paper may be unlike all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from db.cells import CellState
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.measures import FLOP_PER_MULTIPLY_ADD
from extractors.facts.values import Quantity

Cells = Mapping[CellKey, CellState]

OPERATIONS = (0.5, 5e4)
"""FLOP of a pass for each parameter: one in two in a mixture of 2,048 experts, tens of thousands in a detector of large pictures."""
FROM_ITS_PAPER = 100.0
"""Times by which that may be another than what any other model of its paper has; experts beside dense models are 28 apart."""
FEWEST_MODELS = 3
"""Of which a paper tells both, so that one can be unlike the others."""
SHARE = (0.1, 2000.0)
"""Examples of a batch for each device: less than one where a model is spread over devices, or some of them only act."""


def disproportions(cells: Cells) -> Iterator[str]:
    """What is out of proportion in one paper, in words; values that people decided all of are not doubted."""
    numbers: dict[EntityId, dict[str, CellKey]] = {}
    for key, state in cells.items():
        if isinstance(state.value, Quantity):
            numbers.setdefault(key.entity, {})[key.field] = key
    ratios = {id: ratio for id, keys in numbers.items() if (ratio := _operations(keys, cells)) is not None}
    for id, ratio in sorted(ratios.items()):
        keys = numbers[id]
        if _is_unseen([keys[name] for name in _COSTS if name in keys], cells):
            yield from _against_all(id, ratio)
            yield from _against_others(id, ratio, ratios)
    for id, keys in sorted(numbers.items()):
        if id.kind == "run" and "batch_size" in keys:
            yield from _batch(keys, cells)


_COSTS = ("parameters", "flops", "multiply_adds")


def _operations(keys: Mapping[str, CellKey], cells: Cells) -> float | None:
    """FLOP of a pass for each parameter of a model."""
    parameters = _of(keys.get("parameters"), cells)
    flops = _of(keys.get("flops"), cells) or FLOP_PER_MULTIPLY_ADD * _of(keys.get("multiply_adds"), cells)
    return flops / parameters if flops and parameters else None


def _against_all(id: EntityId, ratio: float) -> Iterator[str]:
    if not OPERATIONS[0] <= ratio <= OPERATIONS[1]:
        yield f"{id}: {ratio:.3g} FLOP of a pass for each parameter"


def _against_others(id: EntityId, ratio: float, ratios: Mapping[EntityId, float]) -> Iterator[str]:
    others = [other for key, other in ratios.items() if key != id]
    if len(others) + 1 < FEWEST_MODELS:
        return
    nearest = min(others, key=lambda other: max(ratio / other, other / ratio))
    if not 1 / FROM_ITS_PAPER <= ratio / nearest <= FROM_ITS_PAPER:
        yield f"{id}: {ratio:.3g} FLOP of a pass for each parameter, and of its paper's other models none nearer than {nearest:.3g}"


def _batch(keys: Mapping[str, CellKey], cells: Cells) -> Iterator[str]:
    """A batch against the devices that share it, and against the set that it is drawn from."""
    key, devices, whole = keys["batch_size"], keys.get("count"), keys.get("training_set_size")
    batch, unit, count = _of(key, cells), _unit(key, cells), _of(devices, cells)
    if (
        devices
        and count
        and unit == "examples"
        and _unit(devices, cells) != "nodes"
        and _is_unseen([key, devices], cells)
    ):
        share = batch / count
        if not SHARE[0] <= share <= SHARE[1]:
            yield f"{key}: {batch:g}, {share:.3g} for each of {count:g} devices"
    if (
        whole
        and unit == _unit(whole, cells)
        and batch > _of(whole, cells)
        and _is_unseen([key, whole], cells)
    ):
        yield f"{key}: {batch:g}, more than the training set of {_of(whole, cells):g}"


def _is_unseen(keys: list[CellKey], cells: Cells) -> bool:
    """Whether nobody looked at one of the values at least."""
    return any(cells[key].status == "automatic" for key in keys)


def _of(key: CellKey | None, cells: Cells) -> float:
    """A number; 0 where there is none."""
    value = cells[key].value if key is not None else None
    return value.value if isinstance(value, Quantity) else 0.0


def _unit(key: CellKey, cells: Cells) -> str:
    value = cells[key].value
    return value.unit if isinstance(value, Quantity) else ""
