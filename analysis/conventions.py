"""The burden of a model under a convention: what its rows give, or in words why they give none.

The arithmetic is `extractors.facts.measures`; here it meets a release's rows. A burden that is missing may be
converted from network operations if the reader asks for it, and says then that it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from analysis.load import Accelerator, Model, Run
from extractors.facts.measures import (
    AUTHORS,
    Convention,
    Conversion,
    Exposure,
    Processor,
    Work,
    hardware_burden,
    network_operations,
    operations_per_pass,
    transformer_operations,
    work,
)
from extractors.facts.trainings import STAGES, Stage, Told, by_stage, is_one, shown

Basis = Literal["reported", "converted"]
_WHICH: Final = "the paper tells several trainings and not which is this model's"
_OPERATIONS_WANTING: Final = (
    "operations per pass, epochs and training set, or updates and batch size are not reported"
)


@dataclass(frozen=True, slots=True)
class Options:
    """How an analysis counts."""

    convention: Convention = field(default=AUTHORS)
    conversion: Conversion | None = None
    """With one: burdens that nobody reported are converted from network operations."""

    @property
    def name(self) -> str:
        """The convention in words, the conversion included."""
        if self.conversion is None:
            return self.convention.name
        line = f"10^({self.conversion.intercept:g} + {self.conversion.slope:g} log10 operations)"
        return f"{self.convention.name}; gaps converted by {line}"


@dataclass(frozen=True, slots=True)
class Burden:
    """Compute of one model, in FLOP."""

    flop: float
    basis: Basis


def processors(rows: Sequence[Accelerator]) -> Mapping[str, Processor]:
    """What the accelerators of a release can do, by their names."""
    return {
        row.accelerator: Processor(
            row.kind, row.fp32_flop_s, row.tensor_flop_s, row.chips_per_board, row.cores_per_chip
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Trained:
    """What a release says of how a model was trained; of several runs of a phase by the rule of `extractors.facts.trainings`."""

    model: Model | None
    costs: Sequence[Run]
    """Runs that say anything of hardware or time."""
    exposures: Sequence[Run]
    """Runs that say anything of what the network was shown."""

    @property
    def operations(self) -> float | None:
        """Network operations in FLOP, where they are known.

        Raises:
            DatasetError: a number is negative.
        """
        per_pass = operations_per_pass(self.model.flops, self.model.multiply_adds) if self.model else None
        phases = self._shown("examples")
        costly = {STAGES[run.phase or "unspecified"] for run in self.costs} - {"search"}
        return network_operations(per_pass, phases.values()) if costly <= set(phases) else None

    @property
    def tokens(self) -> float | None:
        """Tokens shown, over all phases."""
        phases = [item.shown() for item in self._shown("tokens").values()]
        return None if None in phases or not phases else sum(count for count in phases if count is not None)

    def standing(self, rated: Mapping[str, Processor]) -> tuple[Sequence[Run], bool]:
        """The runs that make its burden, and whether it is known that they are this model's.

        Raises:
            DatasetError: a time or count is negative.
        """
        found = by_stage(_told(run, rated) for run in self.costs)
        return [runs[0].run for runs in found.values()], all(map(is_one, found.values()))

    def _shown(self, unit: str) -> Mapping[Stage, Exposure]:
        """What the network was shown in each phase but a search."""
        stages: defaultdict[Stage, list[Run]] = defaultdict(list)
        for run in self.exposures:
            stages[STAGES[run.phase or "unspecified"]].append(run)
        stages.pop("search", None)
        return {
            stage: shown([_exposure(run, unit) for run in runs], runs[0].model_id is None)
            for stage, runs in stages.items()
        }


def burden_of(trained: Trained, rated: Mapping[str, Processor], options: Options) -> Burden | str:
    """The burden of a model, or why there is none.

    Raises:
        DatasetError: a time or count is negative.
    """
    method = options.convention.method
    if method == "operations":
        return _reported(trained.operations, _OPERATIONS_WANTING)
    if method == "6nd":
        size = trained.model.parameters if trained.model else None
        return _reported(
            transformer_operations(size, trained.tokens), "parameters or tokens are not reported"
        )
    runs, known = trained.standing(rated)
    whole = hardware_burden([_work(run, rated, options.convention) for run in runs], options.convention)
    found = whole if known else None
    operations = trained.operations if found is None and options.conversion else None
    if operations is not None and options.conversion is not None:
        return Burden(options.conversion.burden(operations), "converted")
    return _reported(found, _hole(runs, rated) if whole is None else _WHICH)


def _told(run: Run, rated: Mapping[str, Processor]) -> Told[Run]:
    processor = rated.get(run.accelerator or "")
    said = sum(part is not None for part in (run.accelerator, run.count, run.wall_time_s, run.device_time_s))
    feeds = processor is not None and processor.kind == "CPU"
    return Told(
        run, run.run_id, run.phase or "unspecified", feeds, _work(run, rated, AUTHORS), said, run.model_id is None
    )  # fmt: skip


def _reported(flop: float | None, otherwise: str) -> Burden | str:
    return otherwise if flop is None else Burden(flop, "reported")


def _work(run: Run, rated: Mapping[str, Processor], convention: Convention) -> Work:
    processor = rated.get(run.accelerator or "")
    phase = run.phase or "unspecified"
    if processor is None:
        return Work(None, phase, run.wall_time_s, run.count, run.device_time_s)
    return work(
        processor,
        convention,
        phase=phase,
        wall_time=run.wall_time_s,
        count=run.count,
        count_unit=run.count_unit or "devices",
        device_time=run.device_time_s,
        device_time_unit=run.device_time_unit or "device-s",
        number_format=run.number_format,
    )


def _hole(runs: Sequence[Run], rated: Mapping[str, Processor]) -> str:
    """What the runs lack for a hardware burden, the first thing in the order of reading."""
    if not runs:
        return "no training run is reported"
    timed = [run.device_time_s or run.wall_time_s for run in runs]
    counted = [run.device_time_s or run.count for run in runs]
    if not all(run.accelerator for run in runs):
        return "the accelerator is not reported"
    if not all(timed):
        return "the training time is not reported"
    if not all(counted):
        return "the number of devices is not reported"
    if any(run.count_unit == "nodes" and not run.device_time_s for run in runs):
        return "devices are counted in nodes, whose size is not reported"
    unrated = [run.accelerator for run in runs if not _is_rated(run, rated)]
    return f"no peak rate is known for {unrated[0]}" if unrated else "only an architecture search is reported"


def _is_rated(run: Run, rated: Mapping[str, Processor]) -> bool:
    processor = rated.get(run.accelerator or "")
    return processor is not None and (processor.fp32 or processor.tensor) is not None


def _exposure(run: Run, unit: str) -> Exposure:
    """What a run was shown, as far as the paper counts it in the unit."""
    examples = run.training_set_size if run.training_set_unit == unit else None
    batch_size = run.batch_size if (run.batch_unit or "examples") == unit else None
    return Exposure(run.epochs, examples, run.steps, batch_size)
