"""Points of performance against burden: each paper's best model on a benchmark, joined to how it was trained.

The rules of the join, after arXiv:2007.05558: one model a paper and benchmark, the best in the benchmark's primary
metric; not an ensemble, whose members were all trained; not a baseline, which other people trained. A model's
burden is the sum over the phases of its own runs, or of the paper's runs that are said of all models. A paper that gives no
point is kept with the reason, because how many are missing is a finding too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from analysis.conventions import Basis, Burden, Options, Trained, burden_of, processors
from analysis.load import Benchmark, Model, Paper, Release, Result, Run
from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import DatasetError, ParseError
from extractors.facts.ids import ArxivId, slugify
from extractors.facts.measures import Processor

_NO_ERROR: Final = "its primary metric, {0}, says no error rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A paper's best result on a benchmark, and what is known of how its model came about."""

    benchmark: str
    paper_id: str
    error: float
    """Above 0, at most 1."""
    result_id: str = ""
    title: str = ""
    model: str = ""
    model_id: str | None = None
    published: str = ""
    """ISO date, month or year, or nothing."""
    origin: str = ""
    """What the paper's numbers were taken from: a release, or a table of the authors."""
    link: str = ""
    """Address of the paper, or nothing."""
    parameters: float | None = None
    operations: float | None = None
    """Network operations of its training, in FLOP."""
    runs: tuple[str, ...] = ()
    """Ids of the runs that its burden and its operations are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point(Entry):
    """One paper on one benchmark."""

    burden: float
    """FLOP, under the convention of the analysis."""
    basis: Basis = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut(Entry):
    """A paper whose result on a benchmark gives no point."""

    reason: str


AnEntry = TypeVar("AnEntry", Point, LeftOut)


@dataclass(frozen=True, slots=True)
class Joined:
    """What a release gives for one benchmark."""

    benchmark: str
    points: tuple[Point, ...]
    left_out: tuple[LeftOut, ...]
    reason: str = ""
    """Why the benchmark as a whole has no points, if it is more than the papers' reasons."""


def join(releases: Sequence[Release], options: Options) -> tuple[Joined, ...]:
    """Points of every benchmark that a release tracks, in the order of their tables, each paper once.

    Where several have a result of a paper, one that gives a point is taken before one that gives none, and else that of
    the release named first.

    Raises:
        DatasetError: an error rate is zero or above one, or a time or count is negative.
    """
    found: dict[str, Joined] = {}
    for release in releases:
        for joined in _of_one(release, options):
            known = found.get(joined.benchmark)
            found[joined.benchmark] = _merged(known, joined) if known else joined
    return tuple(found.values())


def _of_one(release: Release, options: Options) -> Iterator[Joined]:
    training = _training(release, options)
    best = _best_results(release)
    primary = {row.benchmark: row for row in release.benchmarks if row.primary}
    yield from (_joined(row, best.get(name, ()), training) for name, row in primary.items())


def _merged(first: Joined, second: Joined) -> Joined:
    """Two releases on one benchmark, each paper once."""
    points = [*first.points, *_others(second.points, first.points)]
    without = [*first.left_out, *_others(second.left_out, first.left_out)]
    return Joined(
        first.benchmark,
        tuple(sorted(points, key=_by_burden)),
        tuple(sorted(_others(without, points), key=lambda item: item.paper_id)),
        first.reason or second.reason,
    )


def _others(items: Iterable[AnEntry], known: Iterable[Entry]) -> Iterator[AnEntry]:
    """Those whose paper is not known by its id or, as tables link one paper to many places, by its title."""
    seen = {key for item in known for key in _names(item)}
    return (item for item in items if not seen.intersection(_names(item)))


def _names(item: Entry) -> frozenset[str]:
    return frozenset({item.paper_id, slugify(item.title)} - {""})


def _by_burden(point: Point) -> tuple[float, str]:
    return point.burden, point.result_id


@dataclass(frozen=True, slots=True)
class _Training:
    """How the models of a release were trained, by what results name them by."""

    options: Options
    origin: str
    papers: Mapping[str, Paper]
    models: Mapping[str, Model]
    costs: _Runs
    """Runs that say anything of their cost; one that gives only epochs must not hide those that do."""
    exposures: _Runs
    """Runs that say anything of what the network was shown."""
    rated: Mapping[str, Processor]

    def entry(self, error: float, result: Result) -> Point | LeftOut:
        """The point of a result, or why it has none."""
        model, paper = self.models.get(result.model_id or ""), self.papers.get(result.paper_id)
        trained = Trained(model, self.costs.of(result), self.exposures.of(result))
        stand, burden, operations = self._burden(trained)
        known: dict[str, Any] = {
            "benchmark": result.benchmark or "",
            "paper_id": result.paper_id,
            "error": error,
            "result_id": result.result_id,
            "title": (paper.title if paper else None) or "",
            "model": (model.name if model else None) or "",
            "model_id": result.model_id,
            "published": _published(paper),
            "origin": self.origin,
            "link": _link(paper),
            "parameters": model.parameters if model else None,
            "operations": operations,
            "runs": tuple(dict.fromkeys(run.run_id for run in (*stand, *trained.exposures))),
        }
        if isinstance(burden, str):
            return LeftOut(**known, reason=burden)
        return Point(**known, burden=burden.flop, basis=burden.basis)

    def _burden(self, trained: Trained) -> tuple[Sequence[Run], Burden | str, float | None]:
        """The runs that make its burden, the burden or why there is none, and its network operations."""
        try:
            stand, _ = trained.standing(self.rated)
            return stand, burden_of(trained, self.rated, self.options), trained.operations
        except DatasetError as problem:
            runs = dict.fromkeys(run.run_id for run in (*trained.costs, *trained.exposures))
            raise DatasetError(
                problem.what, where=f"training_runs, {', '.join(runs)}", remedy=problem.remedy
            ) from problem


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs by paper and model; by no model those that the paper says of all its models."""

    known: Mapping[tuple[str, str | None], Sequence[Run]]

    @classmethod
    def where(cls, runs: Iterable[Run], useful: Callable[[Run], bool]) -> _Runs:
        """Those of the runs that say something."""
        found: defaultdict[tuple[str, str | None], list[Run]] = defaultdict(list)
        for run in filter(useful, runs):
            found[run.paper_id, run.model_id].append(run)
        return cls(found)

    def of(self, result: Result) -> Sequence[Run]:
        """The runs of a result's model, or else those of its whole paper."""
        return self.known.get((result.paper_id, result.model_id)) or self.known.get(
            (result.paper_id, None), ()
        )


def _training(release: Release, options: Options) -> _Training:
    return _Training(
        options,
        release.name,
        papers={paper.paper_id: paper for paper in release.papers},
        models={model.model_id: model for model in release.models},
        costs=_Runs.where(release.runs, _states_cost),
        exposures=_Runs.where(release.runs, _states_exposure),
        rated=processors(release.accelerators),
    )


def _states_cost(run: Run) -> bool:
    return any(part is not None for part in (run.accelerator, run.count, run.wall_time_s, run.device_time_s))


def _states_exposure(run: Run) -> bool:
    return any(part is not None for part in (run.epochs, run.steps, run.batch_size, run.training_set_size))


def _published(paper: Paper | None) -> str:
    """The day of a paper, or else its year, or else the month that its arXiv id says."""
    if paper is None:
        return ""
    if paper.published or paper.year:
        return paper.published.isoformat()[:10] if paper.published else str(paper.year)
    known = _arxiv(paper)
    return known.month if known else ""


def _link(paper: Paper | None) -> str:
    """The address of a paper: its own, or that of its arXiv id."""
    if paper is None or paper.link:
        return (paper.link if paper else None) or ""
    known = _arxiv(paper)
    return f"https://arxiv.org/abs/{known}" if known else ""


def _arxiv(paper: Paper) -> ArxivId | None:
    try:
        return ArxivId.parse(paper.paper_id)
    except ParseError:
        return None


def _joined(row: Benchmark, best: Iterable[tuple[float, Result]], training: _Training) -> Joined:
    found = [training.entry(error, result) for error, result in best]
    points = [item for item in found if isinstance(item, Point)]
    without = [item for item in found if isinstance(item, LeftOut)]
    metric = catalogue().metrics().get(row.metric)
    return Joined(
        row.benchmark,
        tuple(sorted(points, key=_by_burden)),
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
