"""Labels that people made of whole papers, and whether what was read agrees with them.

A file of labels has one JSON object a line for each paper, in the layout of the labelling guide, which `burden extract
--json` prints too. A list that is missing was not labelled; an empty one says that the paper reports nothing of the kind.
Keys that are not known here are left alone. Labels list the statements of a paper, not its cells: a proposal is right if
any label of its paper says the same of its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from extractors.confidence import ASIDE
from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS, field_of, same_value
from extractors.facts.ids import EntityId
from extractors.facts.measures import CountUnit
from extractors.facts.ontology import GENERIC, accelerator
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.judgements import Judgement
from extractors.language import Label
from extractors.rules.accelerators import parts_in

LINE_LIMIT = 4_000_000
"""Longest line, in bytes: some ten thousand entries."""
PAPER_LIMIT = 100_000
"""Most papers in a file."""

_COVERED: Mapping[str, tuple[str, ...]] = {
    "training": ("run.accelerator", "run.count", "run.wall_time", "run.device_time"),
    "parameters": ("model.parameters",),
    "operations": ("model.flops", "model.multiply_adds"),
    "training_compute": ("run.compute",),
}
"""Fields of which a list of labels has all that the paper reports. Epochs are labelled beside hardware and time only, so they
are covered where some are labelled; steps and batch sizes too, and of those papers state so many elsewhere, as of fine-tuning,
that labels cannot tell which are wrong."""
_SCORE = FIELDS["result.score"]
_WHOLE = 100.0
"""Percent of one."""


@dataclass(frozen=True, slots=True)
class _Score:
    """A score as error and accuracy share it."""

    benchmark: str
    metric: str
    value: Value

    def agrees(self, other: _Score) -> bool:
        """Whether both say the same of the same benchmark."""
        alike = (self.benchmark, self.metric) == (other.benchmark, other.metric)
        return alike and same_value(_SCORE, self.value, other.value)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one paper."""

    file: str
    """Base name of the file that was labelled."""
    values: Mapping[str, tuple[Value, ...]]
    """What the paper reports of its own, by path; a field that is missing is not covered."""
    scores: tuple[tuple[_Score, int], ...] | None
    """Own results, each with its page; None where they were not labelled."""

    def right(self, proposal: Proposal, reading: Reading) -> bool | None:
        """Whether a proposal of a reading of this paper says what a label says; None where labels cannot tell.

        They cannot for fields not covered, for baselines, and for what was set aside if one of the paper's own runs says
        it too: the label may mean that one.
        """
        field = field_of(proposal.cell)
        if field is _SCORE:
            return None if self.scores is None else bool(self._pages(proposal, reading))
        known = self.values.get(field.path)
        if known is None or _name(reading, proposal.cell.entity, "role") == "baseline":
            return None
        if proposal.features.get(ASIDE) and _is_own_too(proposal, reading):
            return None
        return any(same_value(field, proposal.value, value) for value in known)

    def listed_here(self, proposal: Proposal, reading: Reading) -> bool:
        """Whether the labels give a proposed score on its own page: one that two tables print is labelled at one of them."""
        return proposal.evidence.page in self._pages(proposal, reading)

    def _pages(self, proposal: Proposal, reading: Reading) -> frozenset[int]:
        """Pages of the labels that say what a proposed score says."""
        benchmark, metric = (_name(reading, proposal.cell.entity, field) for field in ("benchmark", "metric"))
        said = _score(benchmark or "", metric or "", proposal.value)
        return frozenset(page for label, page in self.scores or () if label.agrees(said))


def judged(labels: Labels, reading: Reading) -> Iterator[Judgement]:
    """The proposals of a reading that the labels of its paper cover."""
    for proposal in reading.proposals:
        right = labels.right(proposal, reading)
        if right is not None:
            yield Judgement.of(proposal, "labels", right=right)


def _is_own_too(proposal: Proposal, reading: Reading) -> bool:
    """Whether a run that was not set aside has the same value."""
    field = field_of(proposal.cell)
    own = (
        item for item in reading.proposals if field_of(item.cell) is field and not item.features.get(ASIDE)
    )
    return any(same_value(field, proposal.value, item.value) for item in own)


def _name(reading: Reading, entity: EntityId, field: str) -> str | None:
    """The id in a name cell of an entity."""
    cells = (p.value for p in reading.proposals if p.cell.field == field and p.cell.entity == entity)
    return next((value.id for value in cells if isinstance(value, Name)), None)


def _score(benchmark: str, metric: str, value: Value) -> _Score:
    """A score, an error as the accuracy that says the same."""
    known = catalogue().metrics().get(metric)
    if (
        known is None
        or known.counterpart is None
        or known.error != "value"
        or not isinstance(value, Quantity)
    ):
        return _Score(benchmark, metric, value)
    return _Score(benchmark, known.counterpart, Quantity.exact(_WHOLE - value.value, value.unit))


# The layout of the guide, as far as it is compared

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _Training:
    accelerator: Annotated[str, StringConstraints(pattern=r"\S", max_length=200)] | None = None
    count: float | None = None
    count_unit: CountUnit | None = None
    time_seconds: float | None = None
    time_basis: Literal["wall_clock", "device_time"] | None = None
    epochs: float | None = None


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _Parameters:
    value: float
    own: bool = True


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _Operations:
    value: float
    kind: Literal["FLOPs", "multiply-adds"]
    own: bool = True


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _Compute:
    value_flop: float


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _Result:
    benchmark: str
    metric: str
    value: float
    page: int
    own: bool = True


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class _Paper:
    file: str
    training: tuple[_Training, ...] | None = None
    parameters: tuple[_Parameters, ...] | None = None
    operations: tuple[_Operations, ...] | None = None
    training_compute: tuple[_Compute, ...] | None = None
    results: tuple[_Result, ...] | None = None


_PAPER = TypeAdapter(_Paper)


def read_labels(path: Path) -> dict[str, Labels]:
    """The labels in a file, by the base names of the files that were labelled.

    Raises:
        UsageError: there is no such file, or a line of it is no labels.
    """
    try:
        with path.open("rb") as file:
            return parse_labels(iter(lambda: file.readline(LINE_LIMIT + 1), b""), str(path))
    except OSError as error:
        raise UsageError(f"cannot read labels: {error.strerror}", where=str(path)) from error


def parse_labels(lines: Iterable[bytes], where: str) -> dict[str, Labels]:
    """The labels in lines of JSON, by the base names of the files that were labelled.

    Args:
        lines: one paper each; empty ones do not count.
        where: what errors call the place the lines are from.

    Raises:
        UsageError: a line is no labels, or the second about its file; says which and why.
    """
    found: dict[str, Labels] = {}
    for number, line in enumerate(lines, 1):
        place = f"{where}, line {number}"
        if len(line) > LINE_LIMIT:
            raise UsageError(f"a line of labels is longer than {LINE_LIMIT:,} bytes", where=place)
        if line.strip():
            labels = _labels(line, place)
            if labels.file in found:
                raise UsageError(
                    f"{labels.file} is labelled twice", where=place, remedy="Keep one of the two"
                )
            if len(found) == PAPER_LIMIT:
                raise UsageError(f"labels of more than {PAPER_LIMIT:,} papers", where=place)
            found[labels.file] = labels
    return found


def _labels(line: bytes, place: str) -> Labels:
    try:
        paper = _PAPER.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ", ".join((place, *filter(None, [".".join(map(str, first["loc"]))])))
        raise UsageError(f"not labels of a paper: {first['msg']}", where=where) from error
    known: dict[str, list[Value]] = {
        path: [] for key, paths in _COVERED.items() if getattr(paper, key) is not None for path in paths
    }
    for path, key, value in _stated(paper):
        if not FIELDS[path].admits(value):
            raise UsageError(f"{_shown(value)} is no value of {path}", where=f"{place}, {key}")
        known.setdefault(path, []).append(value)
    if "run.accelerator" in known:
        known["run.accelerator"] = _telling(known["run.accelerator"])
    scores = None if paper.results is None else tuple(_results(paper.results, place))
    return Labels(paper.file.rsplit("/", 1)[-1], {path: tuple(said) for path, said in known.items()}, scores)


def _stated(paper: _Paper) -> Iterator[tuple[str, str, Value]]:
    """Every value that labels give of the paper's own models and runs: its path, its place in the line, itself."""
    for number, entry in enumerate(paper.training or ()):
        for path, value in _of_training(entry):
            yield path, f"training.{number}", value
    for number, model in enumerate(paper.parameters or ()):
        if model.own:
            yield "model.parameters", f"parameters.{number}", _quantity("model.parameters", model.value)
    for number, cost in enumerate(paper.operations or ()):
        if cost.own:
            path = "model.flops" if cost.kind == "FLOPs" else "model.multiply_adds"
            yield path, f"operations.{number}", _quantity(path, cost.value)
    for number, compute in enumerate(paper.training_compute or ()):
        yield "run.compute", f"training_compute.{number}", _quantity("run.compute", compute.value_flop)


def _of_training(entry: _Training) -> Iterator[tuple[str, Value]]:
    if entry.accelerator is not None:
        yield "run.accelerator", Name(_canonical(entry.accelerator), entry.accelerator)
    counted = entry.count_unit or "devices"
    if entry.count is not None:
        yield "run.count", Quantity.exact(entry.count, counted)
    if entry.time_seconds is not None and entry.time_basis == "device_time":
        unit = f"{counted.removesuffix('s')}-s"
        known = FIELDS["run.device_time"].units
        yield "run.device_time", Quantity.exact(entry.time_seconds, unit if unit in known else known[0])
    elif entry.time_seconds is not None:
        yield "run.wall_time", _quantity("run.wall_time", entry.time_seconds)
    if entry.epochs is not None:
        yield "run.epochs", _quantity("run.epochs", entry.epochs)


def _canonical(name: str) -> str:
    """The ontology's id for an accelerator, found in a longer name too (`A100-SXM4-80GB`); the name itself where it is unknown."""
    part = accelerator(name)
    found = [part] if part else [named.part for named in parts_in(Label(name))]
    return found[0].id if len(found) == 1 else name


def _telling(names: Iterable[Value]) -> list[Value]:
    """Names without those that say only the kind of a part that another names: `GPU` beside a V100."""
    listed = [name for name in names if isinstance(name, Name)]
    specific = {part.kind for name in listed if name.id not in GENERIC and (part := accelerator(name.id))}
    return [name for name in listed if name.id not in specific]


def _results(entries: Iterable[_Result], place: str) -> Iterator[tuple[_Score, int]]:
    for number, entry in enumerate(entries):
        try:
            said = _as_percent(entry)
        except UsageError as error:
            raise UsageError(error.what, where=f"{place}, results.{number}", remedy=error.remedy) from None
        if entry.own:
            yield _score(entry.benchmark, entry.metric, said), entry.page


def _as_percent(entry: _Result) -> Quantity:
    """A labelled score as cells hold it: labels have what is printed, and some papers print fractions of one.

    Raises:
        UsageError: no such benchmark is tracked, or not by this metric.
    """
    benchmark = catalogue().benchmarks().get(entry.benchmark)
    if benchmark is None:
        known = ", ".join(catalogue().benchmarks())
        raise UsageError(f"{entry.benchmark!r} is no benchmark", remedy=f"Use one of {known}")
    if entry.metric not in benchmark.ranges:
        known = ", ".join(benchmark.ranges)
        raise UsageError(f"{entry.metric!r} is no metric of {benchmark.id}", remedy=f"Use one of {known}")
    unit, whole = catalogue().metrics()[entry.metric].unit, entry.value * _WHOLE
    fraction = unit == "percent" and not benchmark.plausible(entry.metric, entry.value)
    in_range = fraction and benchmark.plausible(entry.metric, whole)
    return Quantity.exact(whole if in_range else entry.value, unit)


def _quantity(path: str, number: float) -> Quantity:
    return Quantity.exact(number, FIELDS[path].units[0])


def _shown(value: Value) -> str:
    return f"{value.value:g} {value.unit}" if isinstance(value, Quantity) else str(value)
