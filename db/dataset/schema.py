"""What a release holds: its tables and columns, described once for files, checks, dictionary and readers.

A column that carries a collected fact takes its meaning, unit, range and closed list from the field registry
(`extractors.facts.fields`); only what is derived or administrative is described here. How rows come about is in
`db.dataset.rows`, how they are written in `db.dataset.write`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from db.cells import PUBLISHED
from extractors.facts.benchmarks import Direction, ErrorRule, ScoreUnit
from extractors.facts.evidence import QUOTE_LIMIT
from extractors.facts.fields import FIELDS
from extractors.facts.ids import EntityKind
from extractors.facts.ontology import ProcessorKind

ColumnType = Literal["string", "number", "integer", "boolean", "date", "datetime"]
Scalar = str | float | int | bool | date | datetime | None
Row = dict[str, Scalar]
"""A row by the names of its columns, in their order."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table."""

    name: str
    type: ColumnType
    meaning: str
    example: str
    unit: str = ""
    required: bool = False
    """Whether no row may leave it empty."""
    allowed: tuple[str, ...] = ()
    """All the words there are, where the list is closed and short."""
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    """Most characters of a text."""
    field: str = ""
    """Path of the field in the registry, where the column is a collected fact."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values are keys of another table."""

    column: str
    table: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table; a row is told by its key, and rows are sorted by it."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...] = ()
    kind: EntityKind | None = None
    """The kind of entity that a row is, where it is one."""


LONG_TEXT = 400
"""Characters of a title and of other texts that are no quotes."""


def _key(name: str, meaning: str, example: str) -> Column:
    return Column(name, "string", meaning, example, required=True)


def _fact(
    path: str, example: str, *, name: str = "", unit: str | None = None, longest: int | None = None
) -> Column:
    """A column for a field of the registry; its unit is named unless a column beside it says which it is."""
    field = FIELDS[path]
    if not field.units:
        return Column(
            name or field.name,
            "string",
            field.meaning,
            example,
            allowed=field.allowed,
            longest=longest,
            field=field.path,
        )
    high = None if math.isinf(field.high) else field.high
    shown = field.units[0] if unit is None else unit
    return Column(
        name or field.name,
        "number",
        field.meaning,
        example,
        shown,
        low=field.low,
        high=high,
        field=field.path,
    )


def _unit_of(path: str, name: str, example: str) -> Column:
    field = FIELDS[path]
    meaning = f"What {field.name.replace('_', ' ')} counts in."
    return Column(name, "string", meaning, example, allowed=field.units)


_PAPER = _key(
    "paper_id", "The paper: its arXiv id, else doi:..., else file: and 12 digits of its hash.", "2403.00042"
)
_PAPERS = Reference("paper_id", "papers")

PAPERS = Table(
    "papers", "One row for each paper with a row elsewhere.", ("paper_id",),
    (
        _PAPER,
        Column("title", "string", "The title as the source lists it.", "Sparse Networks for Dense Problems", longest=LONG_TEXT),
        Column("published", "date", "Day of the first version.", "2024-03-02"),
        Column("version", "integer", "Newest version that was read.", "1", required=True, low=1),
        Column("source", "string", "Where the paper was found.", "arxiv", required=True),
    ),
)  # fmt: skip

MODELS = Table(
    "models", "One row for each model with a published cost, or that a published run or result belongs to.", ("model_id",),
    (
        _key("model_id", "The model; never changes, whatever is later learnt about its name.", "2403.00042/model/sparsenet"),
        _PAPER,
        _fact("model.name", "SparseNet", longest=QUOTE_LIMIT),
        _fact("model.role", "headline"),
        _fact("model.parameters", "25600000.0"),
        _fact("model.flops", "4.1e9"),
        _fact("model.multiply_adds", "2.05e9"),
    ),
    (_PAPERS,), "model",
)  # fmt: skip

RUNS = Table(
    "training_runs", "One row for each training run with a published fact.", ("run_id",),
    (
        _key("run_id", "The run.", "2403.00042/run/sparsenet.training"),
        _PAPER,
        Column("model_id", "string", "The model that was trained; empty where the paper says it of all its models.", "2403.00042/model/sparsenet", field="run.model"),
        _fact("run.phase", "training"),
        _fact("run.accelerator", "NVIDIA Tesla V100"),
        _fact("run.count", "8.0", unit="count_unit"),
        _unit_of("run.count", "count_unit", "devices"),
        _fact("run.wall_time", "345600.0", name="wall_time_s"),
        _fact("run.device_time", "2764800.0", name="device_time_s", unit="device_time_unit"),
        _unit_of("run.device_time", "device_time_unit", "device-s"),
        _fact("run.epochs", "90.0"),
        _fact("run.steps", "450000.0"),
        _fact("run.batch_size", "256.0", unit="batch_unit"),
        _unit_of("run.batch_size", "batch_unit", "examples"),
        _fact("run.compute", "8.64e19", name="compute_flop"),
        _fact("run.number_format", "bf16"),
        _fact("run.training_set", "imagenet"),
        _fact("run.training_set_size", "1281167.0", unit="training_set_unit"),
        _unit_of("run.training_set_size", "training_set_unit", "examples"),
        _fact("run.device_batch_size", "32.0", unit="device_batch_unit"),
        _unit_of("run.device_batch_size", "device_batch_unit", "examples"),
        _fact("run.epoch_time", "2700.0", name="epoch_time_s"),
        _fact("run.step_time", "0.4", name="step_time_s"),
        _fact("run.utilisation", "46.2", name="utilisation_percent"),
        _fact("run.energy", "239000.0", name="energy_kwh"),
        _fact("run.emissions", "69780.0", name="emissions_kg"),
        _fact("run.cost", "4600000.0", name="cost_usd"),
        _fact("run.device_price", "2.0", unit="device_price_unit"),
        _unit_of("run.device_price", "device_price_unit", "USD/device-h"),
        Column("hardware_burden_flop", "number", "Derived: time x devices x peak rate, under the convention named beside it.", "4.3e19", "FLOP", low=0),
        Column("convention", "string", "How the hardware burden was counted; empty where there is none. The three columns after it count it otherwise.", "hardware burden; fp32 peak rates; a TPU is a board; utilisation 1; search time included"),
        Column("burden_tensor_flop", "number", "Derived: the hardware burden at the 16-bit rate of matrix units, where the processor has them.", "3.5e20", "FLOP", low=0),
        Column("burden_stated_flop", "number", "Derived: the hardware burden at the rate of the number format that the paper states; as with the convention where it states none.", "3.5e20", "FLOP", low=0),
        Column("burden_chip_flop", "number", "Derived: the hardware burden if what a paper just calls a TPU is one chip and not a board of several.", "4.3e19", "FLOP", low=0),
        Column("network_operations_flop", "number", "Derived: operations of a forward pass x 3 x examples shown, in all epochs of the training set or in all updates.", "1.4e18", "FLOP", low=0),
        Column("operations_6nd_flop", "number", "Derived: 6 x parameters x tokens shown, as arXiv:2001.08361 counts the operations of a transformer.", "2.1e20", "FLOP", low=0),
    ),
    (_PAPERS, Reference("model_id", "models")), "run",
)  # fmt: skip

RESULTS = Table(
    "results", "One row for each published score.", ("result_id",),
    (
        _key("result_id", "The result.", "2403.00042/result/sparsenet.imagenet-1k.top1-accuracy"),
        _PAPER,
        Column("model_id", "string", "The model that was measured; empty where it is not known.", "2403.00042/model/sparsenet", field="result.model"),
        _fact("result.benchmark", "imagenet-1k"),
        _fact("result.metric", "top1_accuracy"),
        _fact("result.split", "val"),
        _fact("result.setting", "single"),
        _fact("result.standing", "best"),
        _fact("result.score", "76.3", unit="unit"),
        _unit_of("result.score", "unit", "percent"),
        Column("error", "number", "Derived: the error rate; empty where the metric has none or the score is not plausible for the benchmark.", "0.237", low=0, high=1),
    ),
    (_PAPERS, Reference("model_id", "models")), "result",
)  # fmt: skip

ACCELERATORS = Table(
    "accelerators", "One row for each processor that papers may name, with its peak rates.", ("accelerator",),
    (
        _key("accelerator", "Its name, as runs name it.", "NVIDIA Tesla V100"),
        Column("kind", "string", "The kind of processor.", "GPU", required=True, allowed=get_args(ProcessorKind)),
        Column("vendor", "string", "Who makes it.", "NVIDIA"),
        Column("fp32_flop_s", "number", "Peak single-precision rate of one chip, without matrix units.", "1.57e13", "FLOP/s", low=0),
        Column("tensor_flop_s", "number", "Peak dense 16-bit matrix rate of one chip.", "1.25e14", "FLOP/s", low=0),
        Column("chips_per_board", "number", "Chips on what is sold as one device.", "1.0", required=True, low=1),
        Column("cores_per_chip", "number", "Cores that the vendor counts on one chip.", "1.0", required=True, low=1),
        Column("released", "string", "Year, or year and month.", "2017-06"),
        Column("source", "string", "Where the rates are from.", "NVIDIA data sheet", required=True),
    ),
)  # fmt: skip

BENCHMARKS = Table(
    "benchmarks", "One row for each metric of each tracked benchmark.", ("benchmark", "metric"),
    (
        _key("benchmark", "The benchmark.", "imagenet-1k"),
        _key("metric", "One of its metrics.", "top1_accuracy"),
        Column("name", "string", "The benchmark's name in print.", "ImageNet-1k", required=True),
        Column("metric_name", "string", "The metric's name in print.", "top-1 accuracy", required=True),
        Column("domain", "string", "The task.", "image classification", required=True),
        Column("primary", "boolean", "Whether the regression uses this metric.", "true", required=True),
        Column("direction", "string", "Which of two scores is better.", "higher", required=True, allowed=get_args(Direction)),
        Column("unit", "string", "What scores count in.", "percent", required=True, allowed=get_args(ScoreUnit)),
        Column("error_rule", "string", "How the error follows: 1 - score/100, score/100, or not at all.", "complement", required=True, allowed=get_args(ErrorRule)),
        Column("lowest", "number", "Lowest plausible score.", "30.0", required=True),
        Column("highest", "number", "Highest plausible score.", "99.0", required=True),
    ),
)  # fmt: skip

EVIDENCE = Table(
    "evidence", "One row for each published cell: where it stands in the paper, what read it, and who confirmed it.", ("cell",),
    (
        _key("cell", "The cell: entity, #, field.", "2403.00042/run/sparsenet.training#wall_time"),
        Column("table_name", "string", "Table that shows the cell.", "training_runs", required=True, allowed=("models", "training_runs", "results")),
        _key("row_id", "Key of the row there.", "2403.00042/run/sparsenet.training"),
        _key("column_name", "Column there.", "wall_time_s"),
        _PAPER,
        Column("paper_version", "integer", "Version of the paper that the evidence stands in.", "1", low=1),
        Column("value", "string", "The value as the column has it, of a range its middle; `not reported` where people found that the paper does not say it.", "345600.0", required=True),
        Column("low", "number", "Lower end of what the print allows.", "259200.0"),
        Column("high", "number", "Upper end of what the print allows.", "432000.0"),
        Column("unit", "string", "Unit of the value.", "s"),
        Column("printed", "string", "The value as printed; where no word of the paper says it, as of a setting that it does not tell, the word of the column.", "3-5 days", longest=QUOTE_LIMIT),
        Column("page", "integer", "Page of the file, from 1.", "5", low=1),
        Column("x0", "number", "Left side of the box around the printed value; of what a value is of (its model, benchmark, phase and the like), around that value.", "72.0", "pt"),
        Column("top", "number", "Upper side, from the top of the page.", "310.5", "pt"),
        Column("x1", "number", "Right side.", "290.0", "pt"),
        Column("bottom", "number", "Lower side.", "334.0", "pt"),
        Column("quote", "string", "The words, verbatim, also where a line's end breaks one; of a table the cells of the row, with a bar between them.", "We train for 3-5 days on 8 V100 GPUs", longest=QUOTE_LIMIT),
        Column("anchor", "string", "The part of the paper; for not-reported, the parts that were searched.", "4 Training", longest=LONG_TEXT),
        Column("rule", "string", "The rule that read it, or what a person typed it in.", "training.sentence"),
        Column("extractor", "string", "Extractor that read it; empty where a person typed the value.", "burden-0.1.0"),
        Column("read_at", "datetime", "When it read the file; empty where a person typed the value.", "2026-11-20T03:00:00Z"),
        Column("probability", "number", "How probable the value is, as the confidence model judges it.", "0.97", low=0, high=1),
        Column("status", "string", "How it came to be published: read by a program and seen by nobody, decided by a person, by two who agreed, or settled by another where they did not.", "automatic", required=True, allowed=tuple(sorted(PUBLISHED))),
        Column("reviewers", "string", "Who decided, separated by semicolons.", "ada;grace"),
        Column("decided_at", "datetime", "When the newest decision was taken.", "2026-11-23T10:00:00Z"),
        Column("sha256", "string", "Hash of the file that was read.", "9f86d081884c7d65...", longest=64),
    ),
    (_PAPERS,),
)  # fmt: skip

SCREENING = Table(
    "screening", "How many papers came how far, for a PRISMA flow diagram.", ("step", "outcome"),
    (
        Column("step", "string", "The step on the way into the dataset.", "2 screened", required=True),
        Column("outcome", "string", "`all` that came into it, what ended there and why, what waits there, and what `went on` to the next.", "all", required=True),
        Column("papers", "integer", "How many papers; at the first step, how many versions of papers.", "1204", required=True, low=0),
    ),
)  # fmt: skip

WITHDRAWN = Table(
    "withdrawn", "One row for each paper that was read and has left the dataset, because it was taken back where it came from.", ("paper_id",),
    (
        _key("paper_id", "The paper; it has no row elsewhere.", "2403.00042"),
        Column("withdrawn", "date", "Day on which it was taken back.", "2024-05-02", required=True),
        Column("reason", "string", "Why, in the words of the source.", "An error in the proof of Lemma 2.", required=True, longest=LONG_TEXT),
    ),
)  # fmt: skip

CHANGES = Table(
    "changes", "One row for each cell that the release before had not, had otherwise, or had alone; none in a first release. Only as CSV.", ("cell",),
    (
        _key("cell", "The cell: entity, #, field.", "2403.00042/run/sparsenet.training#wall_time"),
        Column("change", "string", "What became of it.", "changed", required=True, allowed=("added", "removed", "changed")),
        Column("before", "string", "The value in the release before.", "259200.0"),
        Column("after", "string", "The value in this one; the same where only its unit or what the print allows is another.", "345600.0"),
        Column("reason", "string", "Why, as a sentence.", "ada corrected it on 2026-11-21: three days are per model."),
    ),
)  # fmt: skip

TABLES = (PAPERS, MODELS, RUNS, RESULTS, ACCELERATORS, BENCHMARKS, EVIDENCE, SCREENING, WITHDRAWN)
"""All tables of a release, in the order in which they are documented; what changed with it (`CHANGES`) is none of the data."""

ENTITY_TABLES: dict[EntityKind, Table] = {table.kind: table for table in TABLES if table.kind is not None}
"""The tables whose rows are entities, by kind."""

SHOWN: dict[str, Column] = {
    column.field: column for table in TABLES for column in table.columns if column.field
}
"""The column that shows a field of the registry, by the field's path."""
