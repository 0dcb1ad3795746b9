"""What must hold of a dataset before it is published, as data: a failed required check refuses the release.

Each check counts what is wrong and names the first few cells or rows, so that somebody can mend them. Checks that
are not required are for people to read: they never stop a release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

from db.dataset.rows import Dataset, plain
from db.dataset.schema import ENTITY_TABLES, EVIDENCE, TABLES, WITHDRAWN, Column, Row, Scalar
from extractors.facts.benchmarks import catalogue
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey
from extractors.facts.ontology import accelerators
from extractors.facts.values import NotReported

_NAMED = 5
"""How many of what is wrong a check names."""
_PLACE = ("page", "quote", "rule", "sha256", "paper_version")


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check."""

    name: str
    description: str
    required: bool
    success: bool
    observed: int
    """How many are wrong."""
    bound: int
    """How many may be."""
    notes: str
    """The first few that are wrong."""

    def as_json(self) -> dict[str, object]:
        """As plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    description: str
    required: bool
    wrong: Callable[[Dataset], Iterable[str]]


def run_checks(dataset: Dataset) -> tuple[Check, ...]:
    """The outcome of every check on a dataset."""
    return tuple(_checked(rule, dataset) for rule in _RULES)


def _checked(rule: _Rule, dataset: Dataset) -> Check:
    wrong = tuple(rule.wrong(dataset))
    more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    notes = ", ".join(wrong[:_NAMED]) + more
    return Check(rule.name, rule.description, rule.required, not wrong, len(wrong), 0, notes)


def _doubled_keys(dataset: Dataset) -> Iterator[str]:
    for table in TABLES:
        keys = Counter(tuple(row[column] for column in table.key) for row in dataset.tables[table.name])
        yield from (
            f"{table.name} {' '.join(map(str, key))}" for key, times in sorted(keys.items()) if times > 1
        )


def _broken_references(dataset: Dataset) -> Iterator[str]:
    keys = {table.name: {row[table.key[0]] for row in dataset.tables[table.name]} for table in TABLES}
    for table in TABLES:
        for reference in table.references:
            for row in dataset.tables[table.name]:
                target = row[reference.column]
                if target is not None and target not in keys[reference.table]:
                    yield f"{table.name} {row[table.key[0]]}: {reference.column} {target}"


def _without_evidence(dataset: Dataset) -> Iterator[str]:
    shown = {(row["row_id"], row["column_name"]): row for row in dataset.tables[EVIDENCE.name]}
    for table in ENTITY_TABLES.values():
        facts = [column.name for column in table.columns if column.field]
        for row in dataset.tables[table.name]:
            for name in facts:
                found = shown.get((row[table.key[0]], name))
                if row[name] is not None and (found is None or any(found[part] is None for part in _PLACE)):
                    yield f"{row[table.key[0]]}, column {name}"


def _outside_the_registry(dataset: Dataset) -> Iterator[str]:
    for key, state in dataset.cells.items():
        if state.value is None or not field_of(key).admits(state.value):
            yield str(key)


def _outside_the_schema(dataset: Dataset) -> Iterator[str]:
    for table in TABLES:
        for row in dataset.tables[table.name]:
            for column in table.columns:
                if not _fits(column, row[column.name]):
                    yield f"{table.name} {row[table.key[0]]}, column {column.name}: {row[column.name]}"


def _fits(column: Column, cell: Scalar) -> bool:
    if cell is None:
        return not column.required
    if isinstance(cell, str):
        short = column.longest is None or len(cell) <= column.longest
        return short and cell == plain(cell) and (not column.allowed or cell in column.allowed)
    if isinstance(cell, int | float):
        return (column.low is None or cell >= column.low) and (column.high is None or cell <= column.high)
    return True


def _no_papers(dataset: Dataset) -> Iterator[str]:
    if not dataset.tables["papers"]:
        yield "no paper has a published cell"


def _empty_tables(dataset: Dataset) -> Iterator[str]:
    return (name for name, rows in dataset.tables.items() if not rows and name != WITHDRAWN.name)


def _dangling_links(dataset: Dataset) -> Iterator[str]:
    return map(str, dataset.dangling)


def _unknown_accelerators(dataset: Dataset) -> Iterator[str]:
    known = {item.id for item in accelerators()}
    for row in dataset.tables["training_runs"]:
        if row["accelerator"] is not None and row["accelerator"] not in known:
            yield f"{row['run_id']}: {row['accelerator']}"


def _implausible_scores(dataset: Dataset) -> Iterator[str]:
    for row in dataset.tables["results"]:
        if not _is_plausible(row):
            yield f"{row['result_id']}: {row['score']} {row['metric']} on {row['benchmark']}"


def _is_plausible(row: Row) -> bool:
    benchmark, score = catalogue().benchmarks().get(str(row["benchmark"])), row["score"]
    if not isinstance(score, float):
        return score is None
    return benchmark is not None and benchmark.plausible(str(row["metric"]), score)


def _unsaid(dataset: Dataset) -> Iterator[str]:
    for key, state in dataset.cells.items():
        if isinstance(state.value, NotReported) and state.evidence is None:
            yield str(CellKey(key.entity, key.field))


_RULES = (
    _Rule("keys", "No two rows of a table have the same key.", True, _doubled_keys),
    _Rule("references", "Every key of another table leads to a row there.", True, _broken_references),
    _Rule("evidence", "Every published value has page, words, rule, file and version.", True, _without_evidence),
    _Rule("registry", "Every published value has the unit, range and words of its field.", True, _outside_the_registry),
    _Rule("schema", "Every cell has the range, words and length of its column; texts have no control characters.", True, _outside_the_schema),
    _Rule("papers", "There is something to publish.", True, _no_papers),
    _Rule("tables", "No table is empty but the one of withdrawn papers.", False, _empty_tables),
    _Rule("links", "No run or result belongs to a model that was removed; such rows are left out.", False, _dangling_links),
    _Rule("accelerators", "Every accelerator is in the table of accelerators.", False, _unknown_accelerators),
    _Rule("scores", "Every score is plausible for its benchmark and metric; others have no error rate.", False, _implausible_scores),
    _Rule("searches", "Every value that is said not to be reported names the parts that were searched.", False, _unsaid),
)  # fmt: skip
