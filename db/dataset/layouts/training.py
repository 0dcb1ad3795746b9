"""How the models of a paper were trained, joined for layouts that have one row a model.

A model's runs are its own; where none of them says what it cost, those that the paper says of all its models. Baselines, which other
people trained, are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from db.dataset.rows import Part
from db.dataset.schema import EVIDENCE, MODELS, PAPERS, RESULTS, RUNS, Row, Scalar
from extractors.facts.errors import ParseError
from extractors.facts.ids import ArxivId

COST = ("accelerator", "count", "wall_time_s", "device_time_s")
"""Columns of runs that say what training cost."""
_SHOWN = ("epochs", "steps", "batch_size", "training_set_size")


@dataclass(frozen=True, slots=True)
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
        costs, shown = _saying(COST, own, wide), _saying(_SHOWN, own, wide)
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
        digits = ArxivId.parse(str(paper["paper_id"])).id.rsplit("/", 1)[-1][:2]
    except ParseError:
        return None
    return (1900 if int(digits) > 90 else 2000) + int(digits)


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
