"""Points of performance against burden: each paper's best model on a benchmark, joined to how it was trained.

The rules of the join, after arXiv:2007.05558: one model a paper and benchmark, the best in the benchmark's primary
metric; not an ensemble, whose members were all trained; not a baseline, which other people trained. A model's
burden is the sum over its own runs, or over the paper's runs that are said of all models. A paper that gives no
point is kept with the reason, because how many are missing is a finding too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.conventions import Basis, Burden, Options, burden_of, processors
from analysis.load import Benchmark, Model, Paper, Release, Result, Run
from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import DatasetError
from extractors.facts.measures import Processor

_NO_ERROR = "its primary metric, {0}, says no error rate"


@dataclass(frozen=True, slots=True)
class Point:
    """One paper on one benchmark."""

    benchmark: str
    paper_id: str
    title: str
    model: str
    published: str
    """ISO date, or nothing."""
    burden: float
    """FLOP, under the convention of the analysis."""
    error: float
    """Above 0, at most 1."""
    basis: Basis
    result_id: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A paper whose result on a benchmark gives no point."""

    benchmark: str
    paper_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What a release gives for one benchmark."""

    benchmark: str
    points: tuple[Point, ...]
    left_out: tuple[LeftOut, ...]
    reason: str = ""
    """Why the benchmark as a whole has no points, if it is more than the papers' reasons."""


def join(release: Release, options: Options) -> tuple[Joined, ...]:
    """Points of every benchmark of a release, in the order of its table.

    Raises:
        DatasetError: an error rate is zero or above one, or a time or count is negative.
    """
    training = _training(release, options)
    best = _best_results(release)
    primary = {row.benchmark: row for row in release.benchmarks if row.primary}
    return tuple(_joined(row, best.get(name, ()), training) for name, row in primary.items())


@dataclass(frozen=True, slots=True)
class _Training:
    """How the models of a release were trained, by what results name them by."""

    options: Options
    papers: Mapping[str, Paper]
    models: Mapping[str, Model]
    runs: Mapping[tuple[str, str | None], Sequence[Run]]
    """By paper and model; by no model those that the paper says of all its models."""
    rated: Mapping[str, Processor]

    def point(self, error: float, result: Result) -> Point | LeftOut:
        """The point of a result, or why it has none."""
        model, paper = self.models.get(result.model_id or ""), self.papers.get(result.paper_id)
        benchmark = result.benchmark or ""
        burden = self._burden(model, result)
        if isinstance(burden, str):
            return LeftOut(benchmark, result.paper_id, burden)
        return Point(
            benchmark=benchmark,
            paper_id=result.paper_id,
            title=(paper.title if paper else None) or "",
            model=(model.name if model else None) or "",
            published=paper.published.isoformat()[:10] if paper and paper.published else "",
            burden=burden.flop,
            error=error,
            basis=burden.basis,
            result_id=result.result_id,
        )

    def _burden(self, model: Model | None, result: Result) -> Burden | str:
        own = self.runs.get((result.paper_id, result.model_id), ())
        runs = own or self.runs.get((result.paper_id, None), ())
        try:
            return burden_of(model, runs, self.rated, self.options)
        except DatasetError as problem:
            where = f"training_runs, {', '.join(run.run_id for run in runs)}"
            raise DatasetError(problem.what, where=where, remedy=problem.remedy) from problem


def _training(release: Release, options: Options) -> _Training:
    runs: defaultdict[tuple[str, str | None], list[Run]] = defaultdict(list)
    for run in filter(_states_cost, release.runs):
        runs[run.paper_id, run.model_id].append(run)
    return _Training(
        options,
        papers={paper.paper_id: paper for paper in release.papers},
        models={model.model_id: model for model in release.models},
        runs=runs,
        rated=processors(release.accelerators),
    )


def _states_cost(run: Run) -> bool:
    """Whether a run says anything of its cost; one that gives only epochs must not hide those that do."""
    return any(part is not None for part in (run.accelerator, run.count, run.wall_time_s, run.device_time_s))


def _joined(row: Benchmark, best: Iterable[tuple[float, Result]], training: _Training) -> Joined:
    found = [training.point(error, result) for error, result in best]
    points = [item for item in found if isinstance(item, Point)]
    without = [item for item in found if isinstance(item, LeftOut)]
    metric = catalogue().metrics().get(row.metric)
    return Joined(
        row.benchmark,
        tuple(sorted(points, key=lambda point: (point.burden, point.result_id))),
        tuple(sorted(without, key=lambda item: item.paper_id)),
        _NO_ERROR.format(row.metric) if metric and metric.error == "none" else "",
    )


def _best_results(release: Release) -> Mapping[str, Sequence[tuple[float, Result]]]:
    """Each paper's best result with its error, by benchmark."""
    primary = _primary_metrics(release.benchmarks)
    baselines = {model.model_id for model in release.models if model.role == "baseline"}
    best: dict[tuple[str, str], tuple[float, Result]] = {}
    for result in sorted(release.results, key=lambda item: item.result_id):
        benchmark, error = result.benchmark or "", result.error
        counts = (benchmark, result.metric) in primary and result.setting != "ensemble"
        if not counts or error is None or result.model_id in baselines:
            continue
        _refuse_impossible(error, result)
        key = (benchmark, result.paper_id)
        if key not in best or error < best[key][0]:
            best[key] = (error, result)
    by_benchmark: defaultdict[str, list[tuple[float, Result]]] = defaultdict(list)
    for (benchmark, _), found in best.items():
        by_benchmark[benchmark].append(found)
    return by_benchmark


def _primary_metrics(rows: Iterable[Benchmark]) -> frozenset[tuple[str, str | None]]:
    """Benchmarks with their primary metric, and with the one that says the same the other way round."""
    known = catalogue().metrics()
    primary = [(row.benchmark, row.metric) for row in rows if row.primary]
    turned = [(benchmark, known[metric].counterpart) for benchmark, metric in primary if metric in known]
    return frozenset([*primary, *((benchmark, metric) for benchmark, metric in turned if metric)])


def _refuse_impossible(error: float, result: Result) -> None:
    if not 0.0 < error <= 1.0:
        raise DatasetError(
            f"an error of {error:g} cannot be",
            where=f"results, {result.result_id}, column error",
            remedy="Correct the score in review and build the release again",
        )
