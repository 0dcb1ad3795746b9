"""A release as typed rows: the columns that the analysis needs, declared here and checked against the release.

A release describes itself (`datapackage.json`) and seals itself (`SHA256SUMS`); both are believed only after a
check, because a fit of the wrong column looks like a fit. Columns that the analysis does not use may come and go.
What the rows mean together is in `analysis.points`.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Final, TypeVar

import pyarrow.parquet as pq
from pyarrow.lib import ArrowException
from pydantic import TypeAdapter, ValidationError

from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.fields import Phase
from extractors.facts.measures import CountUnit

PACKAGE: Final = "datapackage.json"
SEALS: Final = "SHA256SUMS"
_BUILD_AGAIN = "Build the release again, or fetch it again"


@dataclass(frozen=True, slots=True)
class Paper:
    """A row of papers."""

    TABLE: ClassVar[str] = "papers"
    paper_id: str
    title: str | None
    published: datetime | date | None
    link: str | None = None
    """Address, where it does not follow from the id."""
    year: int | None = None
    """Where no day is known."""


@dataclass(frozen=True, slots=True)
class Model:
    """A row of models."""

    TABLE: ClassVar[str] = "models"
    model_id: str
    paper_id: str
    name: str | None
    role: str | None
    parameters: float | None
    flops: float | None
    multiply_adds: float | None


@dataclass(frozen=True, slots=True)
class Run:
    """A row of training_runs."""

    TABLE: ClassVar[str] = "training_runs"
    run_id: str
    paper_id: str
    model_id: str | None
    """None where the paper says it of all its models."""
    phase: Phase | None
    accelerator: str | None
    count: float | None
    count_unit: CountUnit | None
    wall_time_s: float | None
    device_time_s: float | None
    device_time_unit: str | None
    epochs: float | None
    steps: float | None
    batch_size: float | None
    batch_unit: str | None
    number_format: str | None
    training_set_size: float | None
    training_set_unit: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A row of results."""

    TABLE: ClassVar[str] = "results"
    result_id: str
    paper_id: str
    model_id: str | None
    benchmark: str | None
    metric: str | None
    setting: str | None
    error: float | None


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A row of accelerators."""

    TABLE: ClassVar[str] = "accelerators"
    accelerator: str
    kind: str
    fp32_flop_s: float | None
    tensor_flop_s: float | None
    chips_per_board: float
    cores_per_chip: float


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A row of benchmarks: one of its metrics."""

    TABLE: ClassVar[str] = "benchmarks"
    benchmark: str
    metric: str
    domain: str | None
    primary: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row of evidence: where a cell stands in its paper, and how sure it is."""

    TABLE: ClassVar[str] = "evidence"
    cell: str
    row_id: str
    """Key of the row that shows the cell."""
    column_name: str
    paper_id: str
    paper_version: int | None
    value: str
    low: float | None
    high: float | None
    """What the print allows."""
    printed: str | None
    page: int | None
    quote: str | None
    rule: str | None
    probability: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Release:
    """What the analysis reads of a release."""

    version: str
    papers: tuple[Paper, ...]
    models: tuple[Model, ...]
    runs: tuple[Run, ...]
    results: tuple[Result, ...]
    accelerators: tuple[Accelerator, ...]
    benchmarks: tuple[Benchmark, ...]
    name: str = ""
    """What its points say that they come from."""
    folder: Path | None = None
    """Where its files are; None for what is no release."""


Row = TypeVar("Row", Paper, Model, Run, Result, Accelerator, Benchmark, Evidence)


def load_release(folder: Path) -> Release:
    """The release in a folder.

    Raises:
        UsageError: the folder is not there or is no release.
        DatasetError: a file is missing, altered or damaged, or lacks a column, or a cell has the wrong type.
    """
    description = _description(folder)
    sums = _checked_sums(folder)
    columns = _declared_columns(description)
    version = str(description.get("version", "unnumbered"))
    return Release(
        version=version,
        papers=_rows(Paper, folder, columns, sums),
        models=_rows(Model, folder, columns, sums),
        runs=_rows(Run, folder, columns, sums),
        results=_rows(Result, folder, columns, sums),
        accelerators=_rows(Accelerator, folder, columns, sums),
        benchmarks=_rows(Benchmark, folder, columns, sums),
        name=f"release {version}",
        folder=folder,
    )


def evidence_of(release: Release, rows: Iterable[str]) -> Mapping[str, tuple[Evidence, ...]]:
    """The evidence of some rows of a release, by their keys; nothing for what is no release.

    Only these are read: a release has twenty times as many cells as papers.

    Raises:
        DatasetError: the table is missing, damaged, or lacks a column.
    """
    wanted = sorted(set(rows))
    if release.folder is None or not wanted:
        return {}
    known = _declared_columns(_description(release.folder))
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for row in _rows(Evidence, release.folder, known, frozenset({f"{Evidence.TABLE}.parquet"}), [("row_id", "in", wanted)]):  # fmt: skip
        found[row.row_id].append(row)
    return {key: tuple(cells) for key, cells in found.items()}


def _description(folder: Path) -> Mapping[str, object]:
    path = folder / PACKAGE
    if not path.is_file():
        raise UsageError(
            f"the folder is no release: it has no {PACKAGE}"
            if folder.is_dir()
            else "there is no such release",
            where=str(folder),
            remedy="Give the folder of one version, as `burden release build` made it",
        )
    try:
        return TypeAdapter(dict[str, object]).validate_python(json.loads(path.read_bytes()))
    except ValueError as error:
        raise DatasetError(f"{PACKAGE} is damaged", where=str(folder), remedy=_BUILD_AGAIN) from error


def _checked_sums(folder: Path) -> frozenset[str]:
    """Names of the files that are sealed; every one of them is as it was sealed."""
    try:
        lines = (folder / SEALS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{SEALS} is missing", where=str(folder), remedy=_BUILD_AGAIN) from error
    sealed = {name.lstrip("*"): digest for digest, _, name in (line.partition(" ") for line in lines)}
    return frozenset(_checked(folder, name.strip(), digest) for name, digest in sealed.items())


def _checked(folder: Path, name: str, digest: str) -> str:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise DatasetError(f"{name} is missing", where=str(folder), remedy=_BUILD_AGAIN)
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise DatasetError(f"{name} is not as {SEALS} says", where=str(folder), remedy=_BUILD_AGAIN)
    return name


def _declared_columns(description: Mapping[str, object]) -> Mapping[str, frozenset[str]]:
    try:
        found = TypeAdapter(_Package).validate_python(description)
    except ValidationError as error:
        raise DatasetError(f"{PACKAGE} describes no tables: {_first(error)}", remedy=_BUILD_AGAIN) from error
    return {
        resource.name: frozenset(column.name for column in resource.schema.fields)
        for resource in found.resources
    }


@dataclass(frozen=True, slots=True)
class _Column:
    name: str


@dataclass(frozen=True, slots=True)
class _Schema:
    fields: tuple[_Column, ...]


@dataclass(frozen=True, slots=True)
class _Resource:
    name: str
    schema: _Schema


@dataclass(frozen=True, slots=True)
class _Package:
    resources: tuple[_Resource, ...]


def _rows(
    kind: type[Row],
    folder: Path,
    columns: Mapping[str, frozenset[str]],
    sealed: frozenset[str],
    only: Sequence[tuple[str, str, Sequence[str]]] | None = None,
) -> tuple[Row, ...]:
    table, wanted = kind.TABLE, [field.name for field in fields(kind) if field.default is MISSING]
    file = f"{table}.parquet"
    if file not in sealed:
        raise DatasetError(f"{SEALS} does not seal {file}", where=str(folder), remedy=_BUILD_AGAIN)
    missing = [name for name in wanted if name not in columns.get(table, ())]
    if missing:
        raise DatasetError(
            f"table {table} has no column {missing[0]}",
            where=str(folder / PACKAGE),
            remedy="Use the version of burden that built the release, or build it again",
        )
    try:
        rows = pq.read_table(folder / file, columns=wanted, filters=only).to_pylist()
        return TypeAdapter(tuple[kind, ...]).validate_python(rows)  # type: ignore[valid-type]
    except (ArrowException, OSError) as error:
        raise DatasetError(
            f"{file} is damaged or lacks a column", where=str(folder), remedy=_BUILD_AGAIN
        ) from error
    except ValidationError as error:
        raise DatasetError(f"{table}: {_first(error)}", where=str(folder), remedy=_BUILD_AGAIN) from error


def _first(error: ValidationError) -> str:
    """Where the first thing wrong stands, and what it is."""
    first = error.errors()[0]
    place = ", ".join(f"row {part + 1}" if isinstance(part, int) else str(part) for part in first["loc"])
    return f"{place}: {first['msg'].lower()}"
