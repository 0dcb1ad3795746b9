"""The tracked benchmarks and their metrics, as typed and checked data from `ontology/benchmarks.toml`.

What is here is what a benchmark is: names, splits, plausible scores, and how its error follows from a score.
How its names are recognised in print is in `extractors.phrases` and `extractors.mentions`. Ids are shared
with the labelling guide that gold labels follow, and never change.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from extractors.facts.errors import OntologyError

Direction = Literal["higher", "lower"]
ScoreUnit = Literal["percent", "points"]
ErrorRule = Literal["complement", "value", "none"]

_PLACE = "ontology/benchmarks.toml"


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to score, which several benchmarks may share."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    name: str
    aliases: tuple[str, ...]
    """How headers and sentences name it; other metrics may share an alias."""
    direction: Direction
    """Which of two scores is better."""
    unit: ScoreUnit
    cues: tuple[str, ...] = ()
    """Words that tell it from metrics with the same alias."""
    error: ErrorRule = "none"
    """How the error in 0..1 follows: complement is 1 - score/100, value is score/100."""
    counterpart: str | None = None
    """The metric that says the same the other way round, as error for accuracy."""

    def better(self, a: float, b: float) -> bool:
        """Whether the score `a` is better than `b`."""
        return a > b if self.direction == "higher" else a < b


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One task on one data set, with what it is measured by."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    name: str
    domain: str
    aliases: tuple[str, ...]
    """Printed names; several benchmarks may share one."""
    primary: str
    """The metric that the regression uses."""
    ranges: Mapping[str, tuple[float, float]]
    """Its metrics by id, each with the lowest and highest plausible score as printed."""
    companions: tuple[str, ...] = ()
    """If any: one of them must stand near a name too."""
    excludes: tuple[str, ...] = ()
    """Words that make a name near them speak of another task."""
    others: tuple[str, ...] = ()
    """What headers and rows call parts of the data that are not the tracked one: other languages, hidden joints."""
    neighbours: tuple[str, ...] = ()
    """Names of other things that contain one of the aliases."""
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Parts by id, with how they are printed."""
    usual_split: str = ""
    """The part meant where the paper does not say, or empty."""

    def plausible(self, metric: str, score: float) -> bool:
        """Whether a score as printed can be one of this metric here; False for a metric it does not have."""
        low, high = self.ranges.get(metric, (1.0, 0.0))
        return low <= score <= high


@dataclass(frozen=True)  # without slots, so that what is looked up for each row is kept
class Catalogue:
    """All benchmarks and metrics, consistent with each other.

    Raises:
        OntologyError: an id stands twice, or a name, range, split or metric cannot be as it is.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    metric: tuple[Metric, ...]
    benchmark: tuple[Benchmark, ...]
    untracked: tuple[str, ...] = ()
    """What headers also name: no tracked metric, so that their columns are not mistaken for one."""
    other_data: tuple[str, ...] = ()
    """Other data sets: where one is named, the scores are not of a benchmark that stands farther away."""

    def __post_init__(self) -> None:
        _refuse_repeats("metric", [metric.id for metric in self.metric])
        _refuse_repeats("benchmark", [benchmark.id for benchmark in self.benchmark])
        metrics = self.metrics()
        for metric in self.metric:
            _check_metric(metric, metrics)
        for benchmark in self.benchmark:
            _check_benchmark(benchmark, metrics)

    def metrics(self) -> Mapping[str, Metric]:
        """Metrics by id."""
        return self._metrics

    def benchmarks(self) -> Mapping[str, Benchmark]:
        """Benchmarks by id."""
        return self._benchmarks

    @cached_property
    def _metrics(self) -> Mapping[str, Metric]:
        return {metric.id: metric for metric in self.metric}

    @cached_property
    def _benchmarks(self) -> Mapping[str, Benchmark]:
        return {benchmark.id: benchmark for benchmark in self.benchmark}

    def splits(self) -> dict[str, str]:
        """Ids of the parts of all benchmarks by id, and by those printed names that mean the same part everywhere, in small letters."""
        parts = [part for benchmark in self.benchmark for part in benchmark.splits.items()]
        printed: dict[str, set[str]] = {}
        for id, names in parts:
            for name in names:
                printed.setdefault(name.casefold(), set()).add(id)
        alike = {name: min(ids) for name, ids in printed.items() if len(ids) == 1}
        return alike | {id.casefold(): id for id, _ in parts}


_CATALOGUE = TypeAdapter(Catalogue)


@cache
def catalogue() -> Catalogue:
    """The packaged benchmarks."""
    return parse_catalogue(files("extractors").joinpath("ontology", "benchmarks.toml").read_text("utf-8"))


def parse_catalogue(text: str) -> Catalogue:
    """The benchmarks that a TOML text describes.

    Raises:
        OntologyError: the text is not TOML, has an unknown or missing key, or contradicts itself.
    """
    try:
        return _CATALOGUE.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"not TOML: {error}", where=_PLACE) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise OntologyError(first["msg"], where=f"{_PLACE}: {'.'.join(map(str, first['loc']))}") from error


def _refuse_repeats(what: str, ids: Iterable[str]) -> None:
    repeated = [id for id, count in Counter(ids).items() if count > 1]
    if repeated:
        raise OntologyError(
            f"{what} {repeated[0]} is described twice", where=_PLACE, remedy="Keep one of them"
        )


def _check_metric(metric: Metric, metrics: Mapping[str, Metric]) -> None:
    if not metric.aliases:
        raise OntologyError(f"metric {metric.id} has no aliases", where=_PLACE)
    other = metrics.get(metric.counterpart or metric.id)
    if other is None or (metric.counterpart and other.counterpart != metric.id):
        raise OntologyError(
            f"metric {metric.id} and its counterpart {metric.counterpart} do not name each other",
            where=_PLACE,
        )


def _check_benchmark(benchmark: Benchmark, metrics: Mapping[str, Metric]) -> None:
    unknown = [metric for metric in benchmark.ranges if metric not in metrics]
    if unknown:
        raise OntologyError(f"benchmark {benchmark.id} has the unknown metric {unknown[0]}", where=_PLACE)
    if benchmark.primary not in benchmark.ranges:
        raise OntologyError(f"benchmark {benchmark.id} lacks its primary {benchmark.primary}", where=_PLACE)
    if not benchmark.aliases:
        raise OntologyError(f"benchmark {benchmark.id} has no aliases", where=_PLACE)
    if any(low >= high for low, high in benchmark.ranges.values()):
        raise OntologyError(f"benchmark {benchmark.id} has a range that ends before it begins", where=_PLACE)
