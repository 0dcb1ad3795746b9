"""The field registry: what is collected about models, training runs and results, and when two values are the same.

The registry is the single source of each field's meaning, unit, range, tolerance and guideline for extraction,
review, the dataset's schema and the analysis. How values are read from print is in `facts.parsing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from extractors.facts.errors import UsageError
from extractors.facts.ids import CellKey, EntityKind
from extractors.facts.values import Name, NotReported, Quantity, Value

Family = Literal["training", "resources", "costs", "scores", "papers", "asides"]
"""Fields that share a confidence model until they have enough reviews of their own; what rules set aside as somebody else's, of
whatever field, is judged by a family of its own."""

Use = Literal["identity", "fact", "whole"]
"""An identity field says what an entity is and is reviewed with its facts; a fact is reviewed on its own. What is said of a paper
as a whole, people say alone."""

Phase = Literal["pretraining", "training", "finetuning", "search", "unspecified"]
PHASES: tuple[Phase, ...] = get_args(Phase)


def may_be_one_phase(one: str, other: str) -> bool:
    """Whether what is said of two phases can be of one run: bare `training` can be any of them but a search."""
    known = {one, other} - {"unspecified"}
    return len(known) < 2 or ("training" in known and "search" not in known)


Role = Literal["headline", "own", "baseline"]
ROLES: tuple[Role, ...] = get_args(Role)
Standing = Literal["best", "other"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
NumberFormat = Literal["fp64", "fp32", "tf32", "mixed", "bf16", "fp16", "fp8", "int8"]
NUMBER_FORMATS: tuple[NumberFormat, ...] = get_args(NumberFormat)
Setting = Literal["single", "ensemble", "multi-crop", "multi-scale", "unspecified"]
SETTINGS: tuple[Setting, ...] = get_args(Setting)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind of entity."""

    kind: EntityKind
    name: str
    family: Family
    use: Use
    meaning: str
    """One sentence for the data dictionary."""
    guideline: str
    """What an annotator must know to decide it."""
    units: tuple[str, ...] = ()
    """Units a quantity may have, the usual one first; empty for names."""
    low: float = 0.0
    """Values below are impossible (inclusive bound)."""
    high: float = float("inf")
    """Values above are impossible (inclusive bound)."""
    tolerance: float = 0.0
    """Relative difference within which two values are the same."""
    slack: float = 0.0
    """Absolute difference within which two values are the same."""
    allowed: tuple[str, ...] = ()
    """Ids a name may have, where the list is closed and short; ontologies hold the long lists."""
    links: EntityKind | None = None
    """For a link: the kind of entity whose slug the name's id is."""

    @property
    def path(self) -> str:
        """The name with its kind, as `run.accelerator`."""
        return f"{self.kind}.{self.name}"

    def admits(self, value: Value) -> bool:
        """Whether a value has the type, unit, range and closed list of this field."""
        if isinstance(value, NotReported):
            return True
        if self.use == "whole":
            return False
        if isinstance(value, Quantity):
            return value.unit in self.units and self.low <= value.value <= self.high
        return not self.units and (not self.allowed or value.id in self.allowed)


_MODEL = "The model the {0} belongs to, by its slug in this paper."
_ALL = (
    # models
    Field(
        "model", "name", "costs", "identity", "The model's name as the paper prints it.",
        "The name used in the main results table; with its size or variant where the paper tells several apart.",
    ),
    Field(
        "model", "role", "costs", "identity", "Whether the model is the paper's proposal, another own model, or a baseline.",
        "headline: the proposed model; own: trained by this paper; baseline: numbers taken from other papers.",
        allowed=ROLES,
    ),
    Field(
        "model", "parameters", "costs", "fact", "Number of learnable parameters.",
        "Absolute number: 340M is 340,000,000. Total, not active, parameters of a mixture of experts.",
        units=("parameters",), low=1e2, high=1e14, tolerance=0.01,
    ),
    Field(
        "model", "flops", "costs", "fact", "Operations of one forward pass, where the paper prints FLOPs.",
        "As printed, per input example. If the paper says multiply-adds or MACs, use that field instead.",
        units=("FLOP",), low=1e3, high=1e18, tolerance=0.01,
    ),
    Field(
        "model", "multiply_adds", "costs", "fact", "Multiply-adds of one forward pass, where the paper prints those.",
        "As printed, per input example; one multiply-add is two FLOP, which the measures take care of.",
        units=("multiply-add",), low=1e3, high=1e18, tolerance=0.01,
    ),
    # training runs
    Field(
        "run", "model", "training", "identity", _MODEL.format("run"),
        "Which model was trained; leave it out if the statement holds for all models of the paper.", links="model",
    ),
    Field(
        "run", "phase", "training", "identity", "Pre-training, training, fine-tuning or architecture search.",
        "unspecified where the paper does not tell which.", allowed=PHASES,
    ),
    Field(
        "run", "accelerator", "training", "fact", "The processor that this paper's own training ran on.",
        "The most specific name printed; GPU, TPU or CPU only if no more is said. Not inference, not other papers.",
    ),
    Field(
        "run", "count", "training", "fact", "How many processors one training run used at once.",
        "Of one run, not of the cluster. Say nodes, chips, cores or boards if the paper counts those.",
        units=("devices", "chips", "cores", "boards", "nodes"), low=1, high=1e6,
    ),
    Field(
        "run", "wall_time", "training", "fact", "How long the training took by the clock, in seconds.",
        "A range has its midpoint, a bound its bound; a month is 30 days.",
        units=("s",), low=1, high=3.2e8, tolerance=0.02,
    ),
    Field(
        "run", "device_time", "training", "fact", "Processor time of the training: devices times time, in device-seconds.",
        "300 GPU-days is 25,920,000 device-s. Not the wall clock.",
        units=("device-s", "chip-s", "core-s"), low=1, high=1e14, tolerance=0.02,
    ),
    Field(
        "run", "epochs", "training", "fact", "Passes over the training set.",
        "Of one training run as described, not of a schedule's single step.",
        units=("epochs",), low=0.01, high=1e5,
    ),
    Field(
        "run", "steps", "training", "fact", "Optimizer updates of the run.", "Iterations, updates and steps are the same.",
        units=("steps",), low=1, high=1e10,
    ),
    Field(
        "run", "batch_size", "training", "fact", "Examples (or tokens, as the unit says) per update, over all devices.",
        "The total over all devices where the paper gives both.", units=("examples", "tokens"), low=1, high=1e9,
    ),
    Field(
        "run", "compute", "training", "fact", "Total training operations, where the paper prints them.",
        "In FLOP; a petaflop/s-day is 8.64e19 FLOP.", units=("FLOP",), low=1e6, high=1e30, tolerance=0.02,
    ),
    Field(
        "run", "number_format", "resources", "fact", "The number format that training multiplied in.",
        "The 16-bit format of mixed precision where the paper names it, else mixed; not that of weights at rest or of inference.",
        allowed=NUMBER_FORMATS,
    ),
    Field(
        "run", "training_set", "resources", "fact", "The data set that the run was trained on, as a slug of its printed name.",
        "As the paper prints it, with its version or part; the one whose size is given, where one is.",
    ),
    Field(
        "run", "training_set_size", "resources", "fact", "Examples of the training set; tokens, words or seconds as the unit says.",
        "Of what was trained on, without validation and test. Images, sentences, pairs, clips are examples; 960 hours are 3,456,000 s.",
        units=("examples", "tokens", "words", "s"), low=1, high=1e15, tolerance=0.01,
    ),
    Field(
        "run", "device_batch_size", "resources", "fact", "Examples (or tokens, as the unit says) per update on one device.",
        "A device's share of a batch; the total over all devices is the batch size.",
        units=("examples", "tokens"), low=1, high=1e8,
    ),
    Field(
        "run", "epoch_time", "resources", "fact", "How long one epoch of the training took by the clock, in seconds.",
        "As stated, of one epoch; what the whole run took is its wall time. Not validation, not what a method adds.",
        units=("s",), low=1e-3, high=3.2e7, tolerance=0.02,
    ),
    Field(
        "run", "step_time", "resources", "fact", "How long one optimizer update of the training took by the clock, in seconds.",
        "Iterations, updates and steps are the same. Not a step of decoding or sampling, not a part of a step.",
        units=("s",), low=1e-6, high=3.2e6, tolerance=0.02,
    ),
    Field(
        "run", "utilisation", "resources", "fact", "Share of the devices' peak rate that training reached, in percent.",
        "Model FLOPs utilisation (MFU) where the paper gives hardware utilisation too. Not memory, not how busy a GPU was.",
        units=("percent",), low=0.01, high=100, tolerance=0.01,
    ),
    Field(
        "run", "energy", "resources", "fact", "Energy that the training used, in kWh.",
        "A MWh is 1,000 kWh, a GJ 277.8 kWh. Not power, not energy per inference.",
        units=("kWh",), low=1e-6, high=1e10, tolerance=0.02,
    ),
    Field(
        "run", "emissions", "resources", "fact", "Carbon dioxide that the training emitted or its equivalent, in kg.",
        "A tonne is 1,000 kg; what the authors estimate for their own training counts. Not offsets, not kg per kWh.",
        units=("kg",), low=1e-6, high=1e10, tolerance=0.02,
    ),
    Field(
        "run", "cost", "resources", "fact", "What the training cost, in US dollars as printed.",
        "Of the computation; not of annotators, not of calls to somebody's model.",
        units=("USD",), low=0.01, high=1e10, tolerance=0.01,
    ),
    Field(
        "run", "device_price", "resources", "fact", "Price of one device for an hour, in US dollars.",
        "Say chips, cores or nodes if the price is for one of those.",
        units=("USD/device-h", "USD/chip-h", "USD/core-h", "USD/node-h"), low=1e-4, high=1e4, tolerance=0.01,
    ),
    # results
    Field(
        "result", "model", "scores", "identity", _MODEL.format("result"),
        "The row's model, with its size or variant.", links="model",
    ),
    Field("result", "benchmark", "scores", "identity", "The benchmark, by its id.", "Only tracked benchmarks."),
    Field("result", "metric", "scores", "identity", "The metric, by its id; errors stay errors.", "As printed."),
    Field("result", "split", "scores", "identity", "The part of the benchmark it was measured on.", "As printed."),
    Field(
        "result", "setting", "scores", "identity", "Single model, ensemble, multi-crop or multi-scale testing.",
        "unspecified where the paper does not tell.", allowed=SETTINGS,
    ),
    Field(
        "result", "standing", "scores", "identity", "Whether it is the paper's best own result of this kind.",
        "best: the best over all own models for this benchmark, metric, split and setting.", allowed=STANDINGS,
    ),
    Field(
        "result", "score", "scores", "fact", "The score as printed, percentages as percent.",
        "76.3 not 0.763; the mean where an interval is given.", units=("percent", "points"), low=0, high=1e4, slack=0.051,
    ),
    # the paper as a whole
    Field(
        "paper", "rest", "papers", "whole", "What the paper reports of its own models and is not listed yet.",
        "Read all of it and add what is missing by hand; then say that it reports nothing else.",
    ),
)  # fmt: skip

FIELDS: dict[str, Field] = {field.path: field for field in _ALL}
"""Every field by its path, in the order of columns of the dataset."""


def field_of(key: CellKey) -> Field:
    """The registry's entry for a cell.

    Raises:
        UsageError: there is no such field on that kind of entity.
    """
    path = f"{key.entity.kind}.{key.field}"
    if path not in FIELDS:
        raise UsageError(f"no field {path}", where=str(key), remedy=f"Fields are {', '.join(FIELDS)}")
    return FIELDS[path]


def fields_meant(words: str) -> tuple[str, ...]:
    """The paths of fields that a person means: `run.count`, `count`, or a family as `resources`.

    Raises:
        UsageError: there is no such field or family; the message lists what there is.
    """
    found = tuple(path for path, field in FIELDS.items() if words in (path, field.name, field.family))
    if not found:
        families = sorted({field.family for field in FIELDS.values()})
        remedy = f"Fields are {', '.join(FIELDS)}; families {', '.join(families)}"
        raise UsageError(f"there is no field {words!r}", remedy=remedy)
    return found


def same_value(field: Field, a: Value, b: Value) -> bool:
    """Whether two values of a field say the same: the only definition, for review, agreement, diffs and scoring.

    Names compare by id, quantities by unit and within the field's tolerance; what was printed does not matter.
    """
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        room = max(field.slack, field.tolerance * max(abs(a.value), abs(b.value)))
        return a.unit == b.unit and abs(a.value - b.value) <= room
    if isinstance(a, Name) and isinstance(b, Name):
        return a.id == b.id
    return isinstance(a, NotReported) and isinstance(b, NotReported)
