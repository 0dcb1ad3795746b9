"""Whether what rows say can be true: physics, units that slipped by a thousand or by the seconds of an hour, and places in documents.

What is surely wrong refuses a release if nobody looked at it; a person who did look may know better, so that of theirs it is told only. How sure:
operations are estimated within a factor of three, so beyond three times the devices' peak a number is wrong. A number that is a thousand times
another of its paper may be right (a model of 1B beside one of 1M): it is taken for a slip only where it is also outside of what its field usually has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from db.cells import CellState
from db.dataset.checks import Check
from db.dataset.gate.prints import Prints
from db.dataset.gate.proportions import disproportions
from db.dataset.gate.tally import Tally
from db.dataset.part import Part
from extractors.facts.benchmarks import catalogue
from extractors.facts.ids import CellKey
from extractors.facts.records import Proposal
from extractors.facts.values import Quantity
from extractors.physics import checks as comparisons

EXCESS = 3.0
"""Times the devices' peak at the most favourable reading; what operations are estimated by holds within this factor."""
BURDEN = 1e28
"""FLOP: some ten times what the largest training that anybody is known to have run can have kept busy."""
SLIPS = (24.0, 60.0, 1e3, 3600.0, 86_400.0, 1e6)
"""What a unit that was read wrong multiplies by."""
_CLOSE = 0.02
LONGEST_SIDE = 3371.0
"""Points of A0's longer side; no paper has a longer page."""
_BLEED = 72.0
"""Points that a box may reach beyond its page on the left and above, as what is cropped does."""

USUAL: Mapping[tuple[str, str], tuple[float, float]] = {
    ("model", "parameters"): (1e3, 2e13),
    ("model", "flops"): (1e5, 1e16),
    ("model", "multiply_adds"): (1e5, 1e16),
    ("run", "count"): (1, 1e5),
    ("run", "wall_time"): (10, 3.2e7),
    ("run", "device_time"): (60, 1e12),
    ("run", "epochs"): (0.05, 2e4),
    ("run", "steps"): (10, 5e8),
    ("run", "batch_size"): (1, 1e8),
    ("run", "compute"): (1e10, 1e27),
    ("run", "training_set_size"): (10, 1e14),
    ("run", "device_batch_size"): (1, 1e6),
    ("run", "epoch_time"): (0.1, 2.6e6),
    ("run", "step_time"): (1e-4, 4e3),
    ("run", "energy"): (1e-3, 1e8),
    ("run", "emissions"): (1e-3, 1e8),
    ("run", "cost"): (0.1, 1e9),
    ("run", "device_price"): (0.01, 200),
}
"""What nearly all papers have; the registry's ranges are what is possible at all."""


def _impossible() -> Tally:
    return Tally(
        "physics", f"No run that nobody looked at needs more than {EXCESS:g} times the peak of its devices.", acceptable=True,
    )  # fmt: skip


@dataclass(slots=True)
class World:
    """The checks of what rows say, part by part."""

    _impossible: Tally = field(default_factory=_impossible)
    _doubtful: Tally = field(
        default_factory=lambda: Tally(
            "doubts", "Time, devices, operations, epochs and steps of a run fit each other.", required=False
        )
    )
    _burdens: Tally = field(
        default_factory=lambda: Tally(
            "burdens", f"No hardware burden is above {BURDEN:g} FLOP.", acceptable=True
        )
    )
    _shares: Tally = field(
        default_factory=lambda: Tally(
            "shares",
            "No share of what is right is above 100 percent, and no error below 0 or above 1.",
            acceptable=True,
        )
    )
    _slips: Tally = field(
        default_factory=lambda: Tally(
            "slips",
            "No value that nobody looked at is otherwise than others of its paper by just a unit: 24, 60, 1000, 3600 times or the like.",
            acceptable=True,
        )
    )
    _unusual: Tally = field(
        default_factory=lambda: Tally(
            "unusual", "Every value is within what its field usually has.", required=False
        )
    )
    _proportions: Tally = field(
        default_factory=lambda: Tally(
            "proportions",
            "Operations and parameters, batch, devices and training set are of a size with each other.",
            required=False,
        )
    )
    _prints: Prints = field(default_factory=Prints)
    _boxes: Tally = field(
        default_factory=lambda: Tally("boxes", "Every box lies on a page.")
    )  # fmt: skip

    def add(self, part: Part) -> None:
        """Look at the next part."""
        self._look_at_cells(part.cells)
        self._proportions.note_all(disproportions(part.cells))
        self._prints.add(part.cells)
        for row in part.tables.get("training_runs", ()):
            burden = row["hardware_burden_flop"]
            if isinstance(burden, float) and burden > BURDEN:
                self._burdens.note(f"{row['run_id']}: {burden:.3g}")
        for row in part.tables.get("results", ()):
            self._look_at_score(str(row["result_id"]), row["score"], row["error"], str(row["metric"]))
        fields = {key.field for key in part.cells}
        if not fields.isdisjoint(_SAY_HOW_MUCH):
            self._compare(part.cells)
        for name in sorted(fields & _PRODUCTS.keys()):
            for key in part.cells:
                if key.field == name:
                    self._slips.note_all(_against_products(key, part.cells))

    def outcomes(self) -> tuple[Check, ...]:
        """The outcomes, once all parts were looked at."""
        tallies = (
            self._impossible, self._doubtful, self._burdens, self._shares, self._slips, self._unusual,
            self._proportions, self._boxes,
        )  # fmt: skip
        return *(tally.check() for tally in tallies), *self._prints.outcomes()

    def _look_at_cells(self, cells: Mapping[CellKey, CellState]) -> None:
        unusual: list[CellKey] = []
        for key, state in cells.items():
            value, evidence = state.value, state.evidence
            if isinstance(value, Quantity):
                usual = USUAL.get((key.entity.kind, key.field))
                if usual is not None and not usual[0] <= value.value <= usual[1]:
                    unusual.append(key)
            box = evidence.box if evidence is not None else None
            if box is not None and (min(box.x0, box.top) < -_BLEED or max(box.x1, box.bottom) > LONGEST_SIDE):
                self._boxes.note(f"{key}: {box.x0:g}, {box.top:g}, {box.x1:g}, {box.bottom:g}")
        for key in unusual:
            self._unusual.note(_said(key, cells))
            others = [other for other in cells if other != key and _alike(key, other)]
            if cells[key].status == "automatic" and any(
                _slipped(_of(cells, key), _of(cells, other)) for other in others
            ):
                self._slips.note(_said(key, cells))

    def _look_at_score(self, id: str, score: object, error: object, metric: str) -> None:
        known = catalogue().metrics().get(metric)
        above = known is not None and known.error == "complement" and isinstance(score, float) and score > 100
        if above or (isinstance(error, float) and not 0 <= error <= 1):
            self._shares.note(f"{id}: {score} {metric}")

    def _compare(self, cells: Mapping[CellKey, CellState]) -> None:
        proposals = [
            Proposal(key, state.value, state.evidence)
            for key, state in cells.items()
            if state.value is not None and state.evidence is not None
        ]
        for found in comparisons(proposals):
            unseen = any(cells[key].status == "automatic" for key in found.cells)
            if not found.fits:
                tally = self._impossible if unseen and found.excess > EXCESS else self._doubtful
                tally.note(f"{min(found.cells)}: {found.words}")


_SAY_HOW_MUCH = {"compute", "training_set_size", "steps"}
"""Without one of these a run is compared with nothing (`extractors.physics`)."""
_PRODUCTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "device_time": (("count", "wall_time"),),
    "wall_time": (("epochs", "epoch_time"), ("steps", "step_time")),
}
"""What a field is the product of, where a paper gives all three."""


def _against_products(key: CellKey, cells: Mapping[CellKey, CellState]) -> Iterator[str]:
    for pair in _PRODUCTS[key.field]:
        keys = [key, *(CellKey(key.entity, name) for name in pair)]
        if all(other in cells for other in keys) and any(
            cells[other].status == "automatic" for other in keys
        ):
            whole, *factors = (_of(cells, other) for other in keys)
            if _slipped(whole, factors[0] * factors[1]):
                yield f"{_said(key, cells)}, and {' x '.join(pair)} is {factors[0] * factors[1]:g}"


def _alike(key: CellKey, other: CellKey) -> bool:
    return (other.field, other.entity.kind) == (key.field, key.entity.kind)


def _of(cells: Mapping[CellKey, CellState], key: CellKey) -> float:
    value = cells[key].value
    return value.value if isinstance(value, Quantity) else 0.0


def _said(key: CellKey, cells: Mapping[CellKey, CellState]) -> str:
    return f"{key}: {_of(cells, key):g}"


def _slipped(one: float, other: float) -> bool:
    """Whether one is the other, but for a unit."""
    if one <= 0 or other <= 0:
        return False
    ratio = max(one, other) / min(one, other)
    return any(abs(ratio / slip - 1) < _CLOSE for slip in SLIPS)
