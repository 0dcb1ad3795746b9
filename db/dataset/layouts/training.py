"""How the models of a paper were trained, joined for layouts that have one row a model.

A model's runs are its own; where none of them says what it cost, those that the paper says of all its models. Baselines, which other
people trained, are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from db.dataset.measured import exposure_of, phase_of, processor_of, work_of
from db.dataset.part import Part
from db.dataset.schema import EVIDENCE, MODELS, PAPERS, RESULTS, RUNS, Row, Scalar
from extractors.facts.errors import ParseError
from extractors.facts.ids import ArxivId
from extractors.facts.measures import AUTHORS, Exposure
from extractors.facts.trainings import STAGES, Stage, Told, by_stage, is_one, only, shown

_COST = ("accelerator", "count", "wall_time_s", "device_time_s")
_SHOWN = ("epochs", "steps", "batch_size", "training_set_size")


@dataclass(frozen=True)  # without slots, so that what several layouts ask for is found once
class Trained:
    """A model with all that its paper says of it."""

    paper: Row
    model: Row
    costs: tuple[Row, ...]
    """The runs that say what training cost, in the order of their ids."""
    shown: tuple[Row, ...]
    """The runs that say how much the network was shown."""
    runs: tuple[Row, ...]
    """All runs that say anything of its training."""
    results: tuple[Row, ...]
    evidence: Mapping[tuple[str, str], Row]
    """Of the paper's cells, by the key of their row and their column."""

    @property
    def id(self) -> str:
        """The model."""
        return str(self.model["model_id"])

    @property
    def name(self) -> str:
        """Its name as printed."""
        return str(self.model["name"] or self.id.rsplit("/", 1)[-1])

    @cached_property
    def chosen(self) -> tuple[Mapping[Stage, Sequence[Row]], Sequence[Row]]:
        """The runs that its groups of columns show, and those that they have no room for."""
        return chosen_runs(self.costs)

    @cached_property
    def exposures(self) -> Mapping[Stage, Exposure]:
        """How much it was shown in each phase."""
        return exposures_of(self.shown)

    def printed(self, row: Row, column: str) -> str:
        """A cell as the paper prints it, or nothing."""
        found = self.evidence.get((str(next(iter(row.values()))), column))
        return str(found["printed"] or "") if found else ""

    def cited(self, row: Row, column: str) -> str:
        """Where a cell stands in the paper: page, words, and how it came to be published; nothing for an empty cell."""
        found = self.evidence.get((str(next(iter(row.values()))), column))
        if found is None:
            return ""
        page = f"p. {found['page']}: " if found["page"] else ""
        return f'{page}"{found["quote"] or found["printed"] or found["value"]}" ({found["status"]})'


def trained_models(part: Part) -> Iterator[Trained]:
    """The models of a paper that are its own, in the order of their ids."""
    papers = part.tables.get(PAPERS.name, ())
    if not papers:
        return
    runs, results = _by_model(part, RUNS.name), _by_model(part, RESULTS.name)
    evidence = {
        (str(row["row_id"]), str(row["column_name"])): row for row in part.tables.get(EVIDENCE.name, ())
    }
    wide = runs.get(None, [])
    for model in part.tables.get(MODELS.name, ()):
        if model["role"] == "baseline":
            continue
        own = runs.get(model["model_id"], [])
        costs, shown = _saying(_COST, own, wide), _saying(_SHOWN, own, wide)
        told = {str(row["run_id"]): row for row in (*own, *costs, *shown)} or {
            str(row["run_id"]): row for row in wide
        }
        found = tuple(results.get(model["model_id"], ()))
        every = tuple(told[id] for id in sorted(told))
        yield Trained(papers[0], model, costs, shown, every, found, evidence)


def link(paper: Row) -> str:
    """Where a browser finds a paper; empty for one known only by its bytes."""
    id = str(paper["paper_id"])
    if id.startswith("doi:"):
        return f"https://doi.org/{id.removeprefix('doi:')}"
    return "" if id.startswith("file:") else f"https://arxiv.org/abs/{id}"


def year(paper: Row) -> int | None:
    """The year of a paper's first version, by its date or else by its arXiv id."""
    published = paper["published"]
    if published is not None:
        return int(str(published)[:4])
    try:
        return int(ArxivId.parse(str(paper["paper_id"])).month[:4])
    except ParseError:
        return None


def _by_model(part: Part, table: str) -> Mapping[Scalar, Sequence[Row]]:
    found: defaultdict[Scalar, list[Row]] = defaultdict(list)
    for row in part.tables.get(table, ()):
        found[row["model_id"]].append(row)
    return found


def _saying(columns: Sequence[str], own: Sequence[Row], wide: Sequence[Row]) -> tuple[Row, ...]:
    """The model's own runs that say any of these, else those of the whole paper that do."""
    for rows in (own, wide):
        if found := tuple(row for row in rows if any(row[column] is not None for column in columns)):
            return found
    return ()


# Runs of a phase


def chosen_runs(costs: Sequence[Row]) -> tuple[dict[Stage, list[Row]], list[Row]]:
    """The runs that a group of columns shows, by the rule of `extractors.facts.trainings`, and those that it has no room for.

    Where several that the paper says of all its models do not cost the same, what they agree on stands.
    """
    told = {place: runs for place, runs in by_stage(map(_told, costs)).items() if place[0] != "search"}
    found: defaultdict[Stage, list[Row]] = defaultdict(list)
    for (stage, _), runs in told.items():
        found[stage].append(runs[0].run if is_one(runs) else _agreed([item.run for item in runs]))
    return dict(found), [item.run for runs in told.values() for item in runs[1:]]


def _told(run: Row) -> Told[Row]:
    said = sum(run[column] is not None for column in _COST)
    return Told(run, str(run["run_id"]), phase_of(run), feeds(run), work_of(run, AUTHORS), said, run["model_id"] is None)  # fmt: skip


def _agreed(runs: Sequence[Row]) -> Row:
    """The cells of runs of all models that none contradicts.

    Hardware of one and time of another make no cost: that they belong together is said nowhere.
    """
    told: dict[str, list[Scalar]] = {name: [run[name] for run in runs] for name in runs[0]}
    agreed: Row = {name: only(cells) for name, cells in told.items()}
    if agreed["count_unit"] is None:
        agreed |= {"count": None}
    if agreed["accelerator"] is not None and agreed["count"] is not None:
        agreed |= {"wall_time_s": None}
    return agreed | {"run_id": runs[0]["run_id"], "device_time_s": None}


def feeds(run: Row) -> bool:
    """Whether a run tells of the CPU, which may have worked beside other processors."""
    return processor_of(run).kind == "CPU"


def exposures_of(runs: Iterable[Row]) -> dict[Stage, Exposure]:
    """How much was shown in each phase."""
    found: defaultdict[Stage, list[Row]] = defaultdict(list)
    for run in runs:
        if phase_of(run) != "search":
            found[STAGES[phase_of(run)]].append(run)
    return {
        stage: shown([exposure_of(run) for run in told], told[0]["model_id"] is None)
        for stage, told in sorted(found.items())
    }
