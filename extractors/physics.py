"""Whether what a paper says of a run can be true together: physics as a check, pure and without any threshold of a paper.

Three comparisons, each where the paper gives both sides: the operations that were done against what the devices can do
in the time (the implied utilisation), printed compute against 6 x parameters x tokens, and steps against epochs x
training set / batch. The outcome goes onto the proposals concerned as features and in words; it never changes a value.
Every amount of computation is made by `facts.measures`. How much a check weighs is for the confidence model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations

from extractors.facts.ids import CellKey, EntityId
from extractors.facts.measures import (
    Convention,
    Exposure,
    Rate,
    TpuUnit,
    counted_in,
    hardware_burden,
    network_operations,
    operations_per_pass,
    transformer_operations,
    work,
)
from extractors.facts.ontology import accelerator
from extractors.facts.records import Proposal
from extractors.facts.values import Name, Quantity

FITS, FAILS = "physics_fits", "physics_fails"
"""Features: how many checks a value passed, and how many it did not."""
FITTING = "fits: "
"""How the words of a check that was passed begin; other words are doubts."""

_UTILISATION = (0.01, 1.0)
"""Share of the peak that training can reach: no program beats its devices, and none that is reported is this slow."""
_ROUGH = 3.0
"""Factor within which 6 x parameters x tokens holds: attention, recomputation and rounded numbers are not in it."""
_CLOSE = 1.25
"""Factor within which steps follow from epochs: sets and batches are printed in round numbers."""
_COSTS = ("parameters", "flops", "multiply_adds")
_RATES: tuple[Rate, ...] = ("fp32", "tensor")
_TPU_UNITS: tuple[TpuUnit, ...] = ("board", "chip")


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison, and the cells it compares."""

    fits: bool
    words: str
    cells: frozenset[CellKey]
    excess: float = 0.0
    """Of operations against devices, the least share of the peak that they can have needed; more than 1 cannot be."""


def checked(proposals: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """The proposals of one paper, in their order, with the outcome of every check on those that it concerns."""
    found: defaultdict[CellKey, list[Check]] = defaultdict(list)
    for check in checks(proposals):
        for cell in check.cells:
            found[cell].append(check)
    return tuple(_marked(item, found[item.cell]) if item.cell in found else item for item in proposals)


def checks(proposals: Sequence[Proposal]) -> Iterator[Check]:
    """Every comparison that the proposals of one paper allow."""
    entities: defaultdict[EntityId, dict[str, Proposal]] = defaultdict(dict)
    for item in proposals:
        entities[item.cell.entity][item.cell.field] = item
    only = _only_model(entities)
    for id, cells in entities.items():
        if id.kind == "run":
            run = _Facts(cells, entities.get(_model_of(id, cells), {}) if "model" in cells else only)
            yield from (check for check in (_devices(run), _tokens(run), _steps(run)) if check)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a paper says of a run and of the model that it trained, by field."""

    run: Mapping[str, Proposal]
    model: Mapping[str, Proposal]

    def number(self, name: str, unit: str = "") -> float | None:
        """A number, if it counts in the unit."""
        found = self.run.get(name) or self.model.get(name)
        value = found.value if found else None
        return value.value if isinstance(value, Quantity) and unit in ("", value.unit) else None

    def unit(self, name: str) -> str:
        """What a number counts in; empty where there is none."""
        found = self.run.get(name)
        return found.value.unit if found and isinstance(found.value, Quantity) else ""

    def name(self, name: str) -> str | None:
        """The id of a name."""
        found = self.run.get(name)
        return found.value.id if found and isinstance(found.value, Name) else None

    def cells(self, names: Sequence[str]) -> frozenset[CellKey]:
        """The cells of the fields that there are."""
        return frozenset(
            found.cell for name in names if (found := self.run.get(name) or self.model.get(name))
        )

    def shown(self, unit: str) -> tuple[Exposure, tuple[str, ...]]:
        """How much the model was shown, in examples or tokens, and the fields that say so.

        Tokens that a paper says it trained on without telling of epochs were passed once.
        """
        size, epochs, batch = (
            self.number("training_set_size", unit),
            self.number("epochs"),
            self.number("batch_size", unit),
        )
        if size and epochs:
            return Exposure(epochs=epochs, examples=size), ("epochs", "training_set_size")
        if batch or not size or unit != "tokens":
            return Exposure(steps=self.number("steps"), batch_size=batch), ("steps", "batch_size")
        return Exposure(epochs=1.0, examples=size), ("training_set_size",)


def _model_of(run: EntityId, cells: Mapping[str, Proposal]) -> EntityId:
    """The model that a run is linked to; the run itself, which has no costs, where the link names none."""
    link = cells["model"].value
    return EntityId(run.paper, "model", link.id) if isinstance(link, Name) else run


def _only_model(entities: Mapping[EntityId, Mapping[str, Proposal]]) -> Mapping[str, Proposal]:
    """The one model of the paper's own whose costs it gives, which a run without a name is of; none of several."""
    own = [
        cells
        for id, cells in entities.items()
        if id.kind == "model" and not cells.keys().isdisjoint(_COSTS) and not _is_baseline(cells)
    ]
    return own[0] if len(own) == 1 else {}


def _is_baseline(cells: Mapping[str, Proposal]) -> bool:
    role = cells.get("role")
    return role is not None and isinstance(role.value, Name) and role.value.id == "baseline"


def _devices(run: _Facts) -> Check | None:
    """Operations against what the devices can do in the time, at the fastest and slowest reading of both."""
    done, sources = _operations(run)
    burdens = [burden for convention in _conventions(run) if (burden := _burden(run, convention))]
    if not done or not burdens:
        return None
    low, high = done / max(burdens), done / min(burdens)
    fits = low <= _UTILISATION[1] and high >= _UTILISATION[0]
    implied = low if low > _UTILISATION[1] or low >= _UTILISATION[0] else high
    time = ("device_time",) if run.number("device_time") else ("wall_time", "count")
    return Check(
        fits,
        f"implied utilisation {_percent(implied)}",
        run.cells((*sources, *time, "accelerator", "number_format")),
        low,
    )


def _operations(run: _Facts) -> tuple[float | None, tuple[str, ...]]:
    """The operations of a training, as printed or as they follow from what it was shown, and the fields that say so."""
    printed = run.number("compute")
    if printed:
        return printed, ("compute",)
    tokens, sources = run.shown("tokens")
    found = transformer_operations(run.number("parameters"), tokens.shown())
    if found:
        return found, ("parameters", *sources)
    examples, sources = run.shown("examples")
    per_pass = operations_per_pass(run.number("flops"), run.number("multiply_adds"))
    return network_operations(per_pass, [examples]), ("flops", "multiply_adds", *sources)


def _conventions(run: _Facts) -> Iterator[Convention]:
    """The readings of a paper that leaves open its number format, or whether a TPU is a chip or a board."""
    rates: tuple[Rate, ...] = ("stated",) if run.name("number_format") else _RATES
    return (Convention(rate=rate, tpu=tpu) for rate, tpu in combinations(rates, _TPU_UNITS))


def _burden(run: _Facts, convention: Convention) -> float | None:
    part = accelerator(run.name("accelerator") or "")
    if part is None:
        return None
    done = work(
        part.processor,
        convention,
        wall_time=run.number("wall_time"),
        count=run.number("count"),
        count_unit=counted_in(run.unit("count")),
        device_time=run.number("device_time"),
        device_time_unit=run.unit("device_time") or "device-s",
        number_format=run.name("number_format"),
    )
    return hardware_burden([done], convention)


def _tokens(run: _Facts) -> Check | None:
    """Printed compute against 6 x parameters x tokens."""
    printed = run.number("compute")
    tokens, sources = run.shown("tokens")
    estimate = transformer_operations(run.number("parameters"), tokens.shown())
    if not printed or not estimate:
        return None
    words = f"printed compute is {_times(printed / estimate)} 6 x parameters x tokens"
    fits = 1 / _ROUGH <= printed / estimate <= _ROUGH
    return Check(fits, words, run.cells(("compute", "parameters", *sources)))


def _steps(run: _Facts) -> Check | None:
    """Steps against epochs x training set / batch."""
    steps, epochs, unit = run.number("steps"), run.number("epochs"), run.unit("training_set_size")
    size, batch = run.number("training_set_size"), run.number("batch_size", unit)
    if not (steps and epochs and size and batch):
        return None
    ratio = steps / (epochs * size / batch)
    words = f"steps are {_times(ratio)} epochs x training set / batch"
    cells = run.cells(("steps", "epochs", "training_set_size", "batch_size"))
    return Check(1 / _CLOSE <= ratio <= _CLOSE, words, cells)


def _marked(item: Proposal, found: Sequence[Check]) -> Proposal:
    """A proposal with the outcome of its checks: doubts come first, what fits last."""
    passed = [check for check in found if check.fits]
    failed = [check for check in found if not check.fits]
    features = {**item.features, FITS: float(len(passed)), FAILS: float(len(failed))}
    doubts = (*(check.words for check in failed), *item.reasons)
    return replace(item, features=features, reasons=(*doubts, *(FITTING + check.words for check in passed)))


def _percent(share: float) -> str:
    return f"{_rounded(100 * share)}%"


def _times(ratio: float) -> str:
    return f"{_rounded(ratio)} times"


def _rounded(number: float) -> str:
    """Three digits, without an exponent where a person would not write one."""
    return f"{number:,.0f}" if 100 <= number < 1e7 else f"{number:.3g}"
