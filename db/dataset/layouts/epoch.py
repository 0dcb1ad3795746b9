"""The columns of Epoch AI's data on AI models, for whoever reads theirs: one row a model of a paper's own that says how it was trained.

The columns are those of https://epoch.ai/data/notable_ai_models.csv as it stood from May to September 2026 (CC BY 4.0; names of columns
alone are taken). What training compute means there, and in which order it is found, is in
https://epoch.ai/data/ai-models-documentation/estimation: as the paper states it, else by counting operations, else from hardware; of
pre-training and training together, with fine-tuning in a column of its own. Beside a value stand the page and the words that it is from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from db.dataset.layouts.training import (
    Trained,
    feeds,
    link,
)
from db.dataset.measured import exact_cells, numeric, pass_of, phase_of, work_of
from db.dataset.schema import Row, Scalar
from extractors.facts.benchmarks import catalogue
from extractors.facts.measures import Convention, hardware_burden, network_operations
from extractors.facts.trainings import STAGES, Stage

COLUMNS: Final = (
    "Model", "Organization", "Publication date", "Domain", "Task", "Parameters", "Parameters notes", "Training compute (FLOP)",
    "Training compute notes", "Training dataset", "Training dataset size (total)", "Dataset size notes", "Confidence", "Link",
    "Reference", "Citations", "Authors", "Abstract", "Organization categorization", "Country (of organization)",
    "Notability criteria", "Notability criteria notes", "Epochs", "Training time (hours)", "Training time notes",
    "Training hardware", "Hardware quantity", "Hardware utilization (MFU)", "Training compute cost (2023 USD)",
    "Compute cost notes", "Training power draw (W)", "Base model", "Finetune compute (FLOP)", "Finetune compute notes",
    "Batch size", "Batch size notes", "Model accessibility", "Training code accessibility", "Inference code accessibility",
    "Accessibility notes", "Numerical format", "Frontier model", "Hardware acquisition cost", "Hardware utilization (HFU)",
    "Training compute cost (cloud)", "Training compute cost (upfront)", "Open model weights?",
)  # fmt: skip
"""Their columns in their order; those that no paper tells or nobody reads here are empty."""

_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "image-classification": ("Vision", "Image classification"),
    "object-detection": ("Vision", "Object detection"),
    "pose-estimation": ("Vision", "Pose estimation"),
    "face-detection": ("Vision", "Face detection"),
    "image-generation": ("Image generation", "Image generation"),
    "question-answering": ("Language", "Question answering"),
    "named-entity-recognition": ("Language", "Named entity recognition"),
    "machine-translation": ("Language", "Translation"),
    "language-modelling": ("Language", "Language modeling"),
    "language-understanding": ("Language", "Language understanding"),
    "speech-recognition": ("Speech", "Speech recognition"),
}
"""Their domain and task by the domain of a benchmark here."""
_LANGUAGE, _OTHERWISE = 0.30, 0.40
"""The shares of the peak that they take where the paper tells none."""
_MAIN: Final[tuple[Stage, ...]] = ("pretraining", "training")
_FINE: Final[tuple[Stage, ...]] = ("finetuning",)
_HOUR = 3600.0


def row_of(trained: Trained) -> list[Scalar] | None:
    """A model's row, None where nothing is said of its training."""
    if not trained.runs:
        return None
    cells = {"Model": trained.name} | _paper(trained) | _model(trained) | _training(trained)
    return exact_cells(cells.get(name) for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class _Compute:
    """What training took, and how that is known."""

    flop: float | None = None
    notes: str = ""
    estimated: bool = False
    """Whether a share of the peak was taken for it."""
    of_all: bool = False
    """Whether the paper says the cost of all its models, or of none by name: one of a billion parameters and one of a thousand may have the same."""


def _paper(trained: Trained) -> dict[str, Scalar]:
    published = trained.paper["published"]
    return {
        "Publication date": str(published) if published else None,
        "Link": link(trained.paper) or None,
        "Reference": trained.paper["title"],
    }


def _model(trained: Trained) -> dict[str, Scalar]:
    known = catalogue().benchmarks()
    measured = sorted(
        {known[name].domain for row in trained.results if (name := str(row["benchmark"])) in known}
    )
    kinds = [_KINDS[domain] for domain in measured if domain in _KINDS]
    return {
        "Domain": ",".join(dict.fromkeys(domain for domain, _ in kinds)) or None,
        "Task": ",".join(dict.fromkeys(task for _, task in kinds)) or None,
        "Parameters": trained.model["parameters"],
        "Parameters notes": trained.cited(trained.model, "parameters") or None,
    }


def _training(trained: Trained) -> dict[str, Scalar]:
    chosen, _ = trained.chosen
    main = [run for run in trained.runs if STAGES.get(phase_of(run)) in _MAIN]
    whole, fine = _compute(trained, _MAIN, chosen), _compute(trained, _FINE, chosen)
    devices = [run for group in _MAIN for run in chosen.get(group, ()) if not feeds(run)]
    utilisation = numeric(_one(main, "utilisation_percent"))
    size = _one(main, "training_set_size")
    return {
        "Training compute (FLOP)": whole.flop,
        "Training compute notes": whole.notes or None,
        "Training dataset": _one(main, "training_set", lambda run: trained.printed(run, "training_set")),
        "Training dataset size (total)": size,
        "Dataset size notes": _notes(trained, main, "training_set_size", "training_set_unit"),
        "Confidence": _confidence(trained, whole, size),
        "Epochs": _one(main, "epochs"),
        "Training time (hours)": _hours(devices, [group for group in _MAIN if group in chosen]),
        "Training time notes": _notes(trained, main, "wall_time_s") or _notes(trained, main, "device_time_s"),
        "Training hardware": ",".join(dict.fromkeys(str(run["accelerator"]) for run in devices if run["accelerator"])) or None,
        "Hardware quantity": _one([run for run in devices if run["count_unit"] != "nodes"], "count"),
        "Hardware utilization (MFU)": utilisation / 100.0 if utilisation else None,
        "Compute cost notes": _notes(trained, main, "cost_usd"),
        "Finetune compute (FLOP)": fine.flop,
        "Finetune compute notes": fine.notes or None,
        "Batch size": _one(main, "batch_size"),
        "Batch size notes": _notes(trained, main, "batch_size", "batch_unit"),
        "Numerical format": str(_one(main, "number_format") or "").upper() or None,
    }  # fmt: skip


def _confidence(trained: Trained, compute: _Compute, size: Scalar) -> str:
    """Their word for how far compute, parameters and size of the data may be off."""
    if compute.flop is not None:
        return "Speculative" if compute.of_all else "Likely" if compute.estimated else "Confident"
    return "Unknown" if trained.model["parameters"] is None and size is None else "Confident"


# Compute


def _compute(trained: Trained, groups: Sequence[Stage], chosen: Mapping[Stage, Sequence[Row]]) -> _Compute:
    """What some phases took: as stated, else counted, else from hardware."""
    runs = [run for run in trained.runs if STAGES.get(phase_of(run)) in groups]
    stated = {
        group: _one([run for run in runs if STAGES[phase_of(run)] == group], "compute_flop")
        for group in groups
    }
    if any(stated.values()) and all(stated[STAGES[phase_of(run)]] for run in runs):
        total = sum(float(str(flop)) for flop in stated.values() if flop)
        return _Compute(total, f"Stated in the paper. {_notes(trained, runs, 'compute_flop') or ''}".strip())
    shown = {group: found for group, found in trained.exposures.items() if group in groups}
    if all(group in shown for group in groups if group in chosen):
        operations = network_operations(pass_of(trained.model), shown.values())
        if operations is not None:
            notes = [_notes(trained, [trained.model], name) for name in ("flops", "multiply_adds")]
            notes += [
                _notes(trained, runs, name) for name in ("epochs", "training_set_size", "steps", "batch_size")
            ]
            return _Compute(
                operations,
                " ".join(["Counted: FLOP of a forward pass x 3 x examples shown.", *filter(None, notes)]),
            )
    return _from_hardware(trained, [run for group in groups for run in chosen.get(group, ())], runs)


def _from_hardware(trained: Trained, counted: Sequence[Row], runs: Sequence[Row]) -> _Compute:
    known = catalogue().benchmarks()
    measured = {
        known[str(row["benchmark"])].domain for row in trained.results if str(row["benchmark"]) in known
    }
    language = any(_KINDS.get(domain, ("", ""))[0] == "Language" for domain in measured)
    share = numeric(_one(runs, "utilisation_percent"))
    utilisation = share / 100.0 if share else _LANGUAGE if language else _OTHERWISE
    convention = _theirs(utilisation)
    burden = hardware_burden([work_of(run, convention) for run in counted], convention)
    if burden is None:
        return _Compute()
    of_all = any(run["model_id"] is None for run in counted)
    notes = f"From hardware: time x devices x peak rate x utilisation ({convention.name})."
    if of_all:
        notes += " The paper says it of all its models, or of none by name."
    return _Compute(burden, notes, estimated=True, of_all=of_all)


@lru_cache
def _theirs(utilisation: float) -> Convention:
    return Convention(rate="stated", utilisation=utilisation, search="exclude")


def _hours(devices: Sequence[Row], groups: Sequence[Stage]) -> float | None:
    """Time by the clock of phases one after the other, None where one of them lacks it."""
    times = [numeric(run["wall_time_s"]) for run in devices]
    known = [time for time in times if time is not None]
    return sum(known) / _HOUR if known and len(known) == len(groups) == len(devices) else None


# What several runs say


def _one(runs: Iterable[Row], column: str, shown: Callable[[Row], str] | None = None) -> Scalar:
    """What the runs say that say anything, if they agree."""
    found = {run[column]: run for run in runs if run[column] is not None}
    if len(found) != 1:
        return None
    cell, run = next(iter(found.items()))
    return (shown(run) if shown else None) or cell


def _notes(trained: Trained, rows: Sequence[Row], column: str, unit: str = "") -> str | None:
    """The words that cells are from, each once, with what they count in and the phase where there are several."""
    return " ".join(dict.fromkeys(_cited(trained, rows, column, unit))) or None


def _cited(trained: Trained, rows: Sequence[Row], column: str, unit: str) -> Iterator[str]:
    several = len({row.get("phase") for row in rows}) > 1
    for row in rows:
        if row[column] is not None and (said := trained.cited(row, column)):
            phase = f"{row['phase']}: " if several and row["phase"] else ""
            counted = f" In {row[unit]}." if unit and row[unit] else ""
            yield f"{phase}{said}.{counted}"
