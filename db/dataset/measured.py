"""The rows of a release as the measures take them: the work of a run, what a network was shown, operations of a pass.

All derived numbers of a release, whatever file they stand in, come from `extractors.facts.measures` through these.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from db.dataset.schema import Row, Scalar
from extractors.facts.fields import PHASES, Phase
from extractors.facts.measures import (
    Convention,
    Exposure,
    Processor,
    Work,
    counted_in,
    operations_per_pass,
    work,
)
from extractors.facts.ontology import accelerator

_PHASES: dict[str, Phase] = {phase: phase for phase in PHASES}


def exact(number: float | None) -> float | None:
    """A number without what reckoning with binary fractions leaves at its end: 397440 and not 397439.99999999994."""
    return number if number is None else float(f"{number:.15g}")


def exact_cells(cells: Iterable[Scalar]) -> list[Scalar]:
    """The same of all numbers of a row."""
    return [exact(cell) if isinstance(cell, float) else cell for cell in cells]


def phase_of(run: Row) -> Phase:
    """The phase of a run."""
    return _PHASES.get(str(run["phase"]), "unspecified")


def processor_of(run: Row) -> Processor:
    """What a run's processor can do; nothing where none is named or it is not known."""
    return _processor(str(run["accelerator"] or ""))


@lru_cache(maxsize=4096)
def _processor(name: str) -> Processor:
    found = accelerator(name) if name else None
    return found.processor if found else Processor("")


def work_of(run: Row, convention: Convention) -> Work:
    """What a run's processors did."""
    return work(
        processor_of(run),
        convention,
        phase=phase_of(run),
        wall_time=numeric(run["wall_time_s"]),
        count=numeric(run["count"]),
        count_unit=counted_in(str(run["count_unit"])),
        device_time=numeric(run["device_time_s"]),
        device_time_unit=str(run["device_time_unit"] or "device-s"),
        number_format=str(run["number_format"]) if run["number_format"] else None,
    )


def exposure_of(run: Row, unit: str = "examples") -> Exposure:
    """What a run showed its network, as far as the paper counts it in a unit: examples or tokens."""
    return Exposure(
        epochs=numeric(run["epochs"]),
        examples=numeric(run["training_set_size"]) if run["training_set_unit"] == unit else None,
        steps=numeric(run["steps"]),
        batch_size=numeric(run["batch_size"]) if run["batch_unit"] == unit else None,
    )


def pass_of(model: Row) -> float | None:
    """FLOP of a model's forward pass."""
    return operations_per_pass(numeric(model["flops"]), numeric(model["multiply_adds"]))


def numeric(cell: Scalar) -> float | None:
    """A cell as a number, None where it is empty or text."""
    return float(cell) if isinstance(cell, int | float) else None
