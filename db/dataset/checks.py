"""What must hold of a dataset before it is published, as data: a failed required check refuses the release.

Each check counts what is wrong and names the first few cells or rows, so that somebody can mend them. Checks that
are not required are for people to read: they never stop a release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from operator import itemgetter

from db.dataset.part import Part
from db.dataset.rows import plain
from db.dataset.schema import ENTITY_TABLES, EVIDENCE, TABLES, WITHDRAWN, Column, Row, Scalar, Table
from extractors.facts.benchmarks import catalogue
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey
from extractors.facts.ontology import accelerators
from extractors.facts.values import NotReported

NAMED = 5
"""How many of what is wrong a check names."""
_place_of = itemgetter("page", "quote", "rule", "sha256", "paper_version")


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check."""

    name: str
    description: str
    required: bool
    success: bool
    observed: float
    """How many are wrong, or a share."""
    bound: float
    """How many may be, or what the share is held against."""
    notes: str
    """The first few that are wrong."""
    acceptable: bool = False
    """Whether a person may take responsibility for its failing once."""
    accepted: str = ""
    """Why a person did."""

    @property
    def refuses(self) -> bool:
        """Whether it stops a release."""
        return self.required and not self.success and not self.accepted

    def as_json(self) -> dict[str, object]:
        """As plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    description: str
    required: bool
    wrong: Callable[[Part], Iterable[str]]
    acceptable: bool = False


@dataclass(slots=True)
class Checking:
    """The checks of rows, part by part, as they are written."""

    _wrong: dict[str, int] = field(default_factory=Counter)
    _named: dict[str, list[str]] = field(default_factory=dict)
    _rows: Counter[str] = field(default_factory=Counter)

    def add(self, part: Part) -> None:
        """Look at the next part."""
        for rule in _RULES:
            for wrong in rule.wrong(part):
                self._note(rule.name, wrong)
        for name, rows in part.tables.items():
            self._rows[name] += len(rows)

    @property
    def fits(self) -> bool:
        """Whether every row so far is one that files can hold."""
        return not self._wrong["schema"]

    def outcomes(self) -> tuple[Check, ...]:
        """The outcome of every check, once all parts were looked at."""
        if not self._rows["papers"]:
            self._note("papers", "no paper has a published cell")
        for table in TABLES:
            if not self._rows[table.name] and table is not WITHDRAWN:
                self._note("tables", table.name)
        return tuple(self._outcome(rule) for rule in _RULES)

    def _note(self, rule: str, wrong: str) -> None:
        self._wrong[rule] += 1
        if self._wrong[rule] <= NAMED:
            self._named.setdefault(rule, []).append(wrong)

    def _outcome(self, rule: _Rule) -> Check:
        found = self._wrong[rule.name]
        notes = named(self._named.get(rule.name, ()), found)
        return Check(rule.name, rule.description, rule.required, not found, found, 0, notes, rule.acceptable)


def named(first: Sequence[str], found: int) -> str:
    """The first few that are wrong, and how many more there are."""
    more = f" and {found - NAMED} more" if found > NAMED else ""
    return ", ".join(first[:NAMED]) + more


def _tables(part: Part) -> Iterator[tuple[Table, Sequence[Row]]]:
    return ((table, part.tables[table.name]) for table in TABLES if table.name in part.tables)


def _doubled_keys(part: Part) -> Iterator[str]:
    """Keys begin with the paper's, so that rows of two papers never have the same."""
    for table, rows in _tables(part):
        if len(set(map(itemgetter(*table.key), rows))) < len(rows):
            keys = Counter(tuple(row[column] for column in table.key) for row in rows)
            yield from (
                f"{table.name} {' '.join(map(str, key))}" for key, times in sorted(keys.items()) if times > 1
            )


def _broken_references(part: Part) -> Iterator[str]:
    """What a row refers to is of the same paper."""
    keys = {table.name: {row[table.key[0]] for row in rows} for table, rows in _tables(part)}
    for table, rows in _tables(part):
        for reference in table.references:
            for row in rows:
                target = row[reference.column]
                if target is not None and target not in keys[reference.table]:
                    yield f"{table.name} {row[table.key[0]]}: {reference.column} {target}"


_FACTS = {
    table.name: [column.name for column in table.columns if column.field] for table in ENTITY_TABLES.values()
}


def _without_evidence(part: Part) -> Iterator[str]:
    shown = {(row["row_id"], row["column_name"]): row for row in part.tables.get(EVIDENCE.name, ())}
    for table in ENTITY_TABLES.values():
        for row in part.tables.get(table.name, ()):
            for name in _FACTS[table.name]:
                found = shown.get((row[table.key[0]], name))
                if row[name] is not None and (found is None or None in _place_of(found)):
                    yield f"{row[table.key[0]]}, column {name}"


def _outside_the_registry(part: Part) -> Iterator[str]:
    for key, state in part.cells.items():
        if state.value is None or not field_of(key).admits(state.value):
            yield str(key)


def _outside_the_schema(part: Part) -> Iterator[str]:
    for table, rows in _tables(part):
        for row in rows:
            if not _surely_fits(table, row):
                for column, cell in zip(table.columns, row.values(), strict=True):
                    if not _fits(column, cell):
                        yield f"{table.name} {row[table.key[0]]}, column {column.name}: {cell}"


def _surely_fits(table: Table, row: Row) -> bool:
    """Whether every cell of a row fits, asked of all its texts at once; of a row that does fit it may still say no."""
    texts = _BORDER.join([cell for cell in row.values() if isinstance(cell, str)])
    return (
        plain(texts) == texts
        and f" {_BORDER}" not in texts
        and f"{_BORDER} " not in texts
        and all(row[name] is not None for name in _REQUIRED[table.name])
        and all(_within(column, row[column.name]) for column in _BOUNDED[table.name])
    )


def _fits(column: Column, cell: Scalar) -> bool:
    return _within(column, cell) and (not isinstance(cell, str) or cell == plain(cell))


def _within(column: Column, cell: Scalar) -> bool:
    """Whether a cell is there if it must be, and within the bounds of its column."""
    if cell is None:
        return not column.required
    if isinstance(cell, str):
        short = column.longest is None or len(cell) <= column.longest
        return short and (not column.allowed or cell in column.allowed)
    if isinstance(cell, int | float):
        return (column.low is None or cell >= column.low) and (column.high is None or cell <= column.high)
    return True


_BORDER = "|"
"""Between texts that are looked at together."""
_REQUIRED = {
    table.name: tuple(column.name for column in table.columns if column.required) for table in TABLES
}
_BOUNDED = {
    table.name: tuple(
        column
        for column in table.columns
        if column.allowed or {column.longest, column.low, column.high} != {None}
    )
    for table in TABLES
}


def _never(_part: Part) -> Iterator[str]:
    """Of what is known only of all parts together."""
    return iter(())


def _dangling_links(part: Part) -> Iterator[str]:
    return map(str, part.dangling)


@cache
def _accelerators() -> frozenset[str]:
    return frozenset(item.id for item in accelerators())


def _unknown_accelerators(part: Part) -> Iterator[str]:
    known = _accelerators()
    for row in part.tables.get("training_runs", ()):
        if row["accelerator"] is not None and row["accelerator"] not in known:
            yield f"{row['run_id']}: {row['accelerator']}"


def _implausible_scores(part: Part) -> Iterator[str]:
    for row in part.tables.get("results", ()):
        if not _is_plausible(row):
            yield f"{row['result_id']}: {row['score']} {row['metric']} on {row['benchmark']}"


def _is_plausible(row: Row) -> bool:
    benchmark, score = catalogue().benchmarks().get(str(row["benchmark"])), row["score"]
    if not isinstance(score, float):
        return score is None
    return benchmark is not None and benchmark.plausible(str(row["metric"]), score)


def _unknown_benchmarks(part: Part) -> Iterator[str]:
    benchmarks, metrics = catalogue().benchmarks(), catalogue().metrics()
    for row in part.tables.get("results", ()):
        unknown = row["benchmark"] is not None and row["benchmark"] not in benchmarks
        if unknown or (row["metric"] is not None and row["metric"] not in metrics):
            yield f"{row['result_id']}: {row['metric']} on {row['benchmark']}"


def _unsaid(part: Part) -> Iterator[str]:
    for key, state in part.cells.items():
        if isinstance(state.value, NotReported) and state.evidence is None:
            yield str(CellKey(key.entity, key.field))


_RULES = (
    _Rule("keys", "No two rows of a table have the same key.", True, _doubled_keys),
    _Rule("references", "Every key of another table leads to a row there.", True, _broken_references),
    _Rule("evidence", "Every published value has page, words, rule, file and version.", True, _without_evidence),
    _Rule("registry", "Every published value has the unit, range and words of its field.", True, _outside_the_registry),
    _Rule("schema", "Every cell has the range, words and length of its column; texts have no control characters.", True, _outside_the_schema),
    _Rule("benchmarks", "Every result is of a benchmark and a metric that are tracked.", True, _unknown_benchmarks, acceptable=True),
    _Rule("papers", "There is something to publish.", True, _never),
    _Rule("tables", "No table is empty but the one of withdrawn papers.", False, _never),
    _Rule("links", "No run or result belongs to a model that was removed; such rows are left out.", False, _dangling_links),
    _Rule("accelerators", "Every accelerator is in the table of accelerators.", False, _unknown_accelerators),
    _Rule("scores", "Every score is plausible for its benchmark and metric; others have no error rate.", False, _implausible_scores),
    _Rule("searches", "Every value that is said not to be reported names the parts that were searched.", False, _unsaid),
)  # fmt: skip
