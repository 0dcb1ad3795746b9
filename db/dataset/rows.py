"""Where tall facts become wide: published cells as the rows of a release. The one function that does so is `build`.

An entity has a row if one of its fact cells is published, and a model also if such a run or result belongs to it;
its identity cells go with it. Links lead to the entity that remains after merges. Derived columns come from
`extractors.facts.measures` alone. Nothing here reads the database or writes a file.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from db.cells import CellState
from db.dataset.derived import derived
from db.dataset.measured import exact
from db.dataset.part import Part
from db.dataset.schema import (
    ENTITY_TABLES,
    EVIDENCE,
    LONG_TEXT,
    PAPERS,
    SHOWN,
    TABLES,
    Row,
    Scalar,
    Table,
)
from db.dataset.source import PaperFacts, PaperSource, Source, WithdrawnPaper, remaining
from db.prisma import STEPS
from extractors.facts.benchmarks import catalogue
from extractors.facts.evidence import QUOTE_LIMIT
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.ontology import Accelerator, accelerators
from extractors.facts.values import Name, NotReported, Quantity

_UNIT_COLUMNS = {
    "run.count": "count_unit",
    "run.device_time": "device_time_unit",
    "run.batch_size": "batch_unit",
    "run.training_set_size": "training_set_unit",
    "run.device_batch_size": "device_batch_unit",
    "run.device_price": "device_price_unit",
    "result.score": "unit",
}


def build(facts: PaperFacts) -> Part:
    """The rows of a paper, none where nothing of it is left."""
    entities: defaultdict[EntityId, dict[str, CellState]] = defaultdict(dict)
    for state in facts.cells:
        entities[state.key.entity][state.key.field] = state
    links = {id: _link(id, cells, facts.merged) for id, cells in entities.items()}
    dangling = {id for id, link in links.items() if link in facts.removed}
    kept = _kept(entities, links, dangling)
    rows = {id: _row(id, entities.get(id, {}), links.get(id)) for id in sorted(kept)}
    for id, row in rows.items():
        link = links.get(id)
        row.update(derived(id.kind, row, rows.get(link) if link else None))
    evidence = [_evidence(state, rows[id], facts) for id in rows for state in entities.get(id, {}).values()]
    tables: dict[str, Iterable[Row]] = {
        table.name: [row for id, row in rows.items() if id.kind == kind]
        for kind, table in ENTITY_TABLES.items()
    }
    tables |= {"papers": [_paper(facts.id, facts.paper)] if rows else [], "evidence": evidence}
    return Part(
        facts.id,
        _sorted(tables),
        {state.key: state for id in rows for state in entities.get(id, {}).values()},
        tuple(sorted(CellKey(id, "model") for id in dangling)),
    )


def common(source: Source, published: Iterable[PaperId]) -> Part:
    """The rows of what no single paper says.

    Args:
        source: what the release is made of.
        published: the papers that have rows.
    """
    return Part(
        None,
        _sorted(
            {
                "accelerators": map(_accelerator, accelerators()),
                "benchmarks": _benchmarks(),
                "screening": _screening(source, published),
                "withdrawn": map(_withdrawn, source.withdrawn),
            }
        ),
    )


def plain(text: str) -> str:
    """Strangers' text without control characters, blanks as single ones."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text  # as nearly all are: of characters that show, none is a control character, and only the blank is one
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Cf", "Cs") or _is_no_character(char) else char
        for char in text
    )
    return " ".join("".join(kept).split())


def short(text: str, longest: int = QUOTE_LIMIT) -> str:
    """The same, cut where it is longer than what may be quoted; an ellipsis says so."""
    whole = plain(text)
    return whole if len(whole) <= longest else f"{whole[: longest - 1].rstrip()}…"


def _is_no_character(char: str) -> bool:
    """Whether Unicode promises never to give it a meaning; no XML may hold most of them."""
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


# Entities


def _link(
    id: EntityId, cells: Mapping[str, CellState], merged: Mapping[EntityId, EntityId]
) -> EntityId | None:
    """The model that a run or result belongs to, after merges."""
    state = cells.get("model")
    if state is None or not isinstance(state.value, Name):
        return None
    return remaining(EntityId(id.paper, "model", state.value.id), merged)


def _kept(
    entities: Mapping[EntityId, Mapping[str, CellState]],
    links: Mapping[EntityId, EntityId | None],
    dangling: set[EntityId],
) -> set[EntityId]:
    own = {
        id
        for id, cells in entities.items()
        if id not in dangling and any(field_of(state.key).use == "fact" for state in cells.values())
    }
    return own | {link for id in own if (link := links.get(id)) is not None}


def _row(id: EntityId, cells: Mapping[str, CellState], link: EntityId | None) -> Row:
    table = ENTITY_TABLES[id.kind]
    row = _empty(table)
    row |= {table.key[0]: str(id), "paper_id": id.paper}
    for state in cells.values():
        path = field_of(state.key).path
        column = SHOWN[path].name
        row[column] = str(link) if state.key.field == "model" and link else _scalar(state)
        if path in _UNIT_COLUMNS and isinstance(state.value, Quantity):
            row[_UNIT_COLUMNS[path]] = state.value.unit
    return row


_EMPTY: Mapping[str, Row] = {
    table.name: dict.fromkeys(column.name for column in table.columns) for table in TABLES
}


def _empty(table: Table) -> Row:
    return _EMPTY[table.name].copy()


def _scalar(state: CellState) -> Scalar:
    """What a cell shows in its column; nothing where the paper does not report it."""
    if isinstance(state.value, Quantity):
        return exact(state.value.value)
    if isinstance(state.value, Name):
        # A model's name is what the paper prints; its id only tells names apart.
        return short(state.value.printed if state.key.field == "name" else state.value.id) or state.value.id
    return None


# The other tables


def _paper(paper: PaperId, found: PaperSource | None) -> Row:
    row = _empty(PAPERS)
    row["paper_id"] = paper
    if found is not None:
        row |= {"title": short(found.title, LONG_TEXT) or None, "published": found.published}
        row |= {"version": found.version, "source": found.source}
    return row


def _accelerator(item: Accelerator) -> Row:
    return {
        "accelerator": item.id,
        "kind": item.kind,
        "vendor": item.vendor or None,
        "fp32_flop_s": exact(item.fp32_flop_per_second),
        "tensor_flop_s": exact(item.tensor_flop_per_second),
        "chips_per_board": float(item.chips_per_board),
        "cores_per_chip": float(item.cores_per_chip),
        "released": item.released or None,
        "source": item.source,
    }


def _benchmarks() -> Iterator[Row]:
    metrics = catalogue().metrics()
    for benchmark in catalogue().benchmark:
        for id, (lowest, highest) in benchmark.ranges.items():
            yield {
                "benchmark": benchmark.id,
                "metric": id,
                "name": benchmark.name,
                "metric_name": metrics[id].name,
                "domain": benchmark.domain,
                "primary": id == benchmark.primary,
                "direction": metrics[id].direction,
                "unit": metrics[id].unit,
                "error_rule": metrics[id].error,
                "lowest": float(lowest),
                "highest": float(highest),
            }


def _screening(source: Source, published: Iterable[PaperId]) -> Iterator[Row]:
    """Each step: what came into it, what ended there and why, what waits, and what went on."""
    for number, station in enumerate(source.fates.flow(published).stations, 1):
        outcomes = {"all": station.entered}
        outcomes |= {f"out: {short(why)}": papers for why, papers in station.ended.items()}
        outcomes |= {f"waiting {why}": papers for why, papers in station.waiting.items()}
        outcomes["went on"] = station.went_on
        if number == len(STEPS):
            del outcomes["went on"]
        for outcome, papers in outcomes.items():
            yield {"step": f"{number} {station.step}", "outcome": outcome, "papers": papers}


def _withdrawn(paper: WithdrawnPaper) -> Row:
    return {
        "paper_id": paper.paper,
        "withdrawn": paper.at.date(),
        "reason": short(paper.reason, LONG_TEXT) or "No reason is given.",
    }


def _evidence(state: CellState, shown: Row, facts: PaperFacts) -> Row:
    key, value, evidence = state.key, state.value, state.evidence
    table, column = ENTITY_TABLES[key.entity.kind], SHOWN[field_of(key).path].name
    row = _empty(EVIDENCE)
    row |= {
        "cell": str(key),
        "table_name": table.name,
        "row_id": str(key.entity),
        "column_name": column,
        "paper_id": key.entity.paper,
        "value": "not reported" if isinstance(value, NotReported) else str(shown[column]),
        "extractor": state.extractor,
        "probability": state.probability,
        "status": state.status,
        "reviewers": ";".join(map(plain, state.reviewers)) or None,
        "decided_at": state.decided_at,
    }
    if isinstance(value, Quantity):
        row |= {"low": exact(value.low), "high": exact(value.high), "unit": value.unit}
        row["printed"] = short(value.printed)
    elif isinstance(value, Name):
        row["printed"] = short(value.printed) or None
    if evidence is not None:
        box = evidence.box
        row |= {
            "paper_version": facts.versions.get(evidence.sha256),
            "read_at": facts.read.get((evidence.sha256, state.extractor or "")),
            "page": evidence.page,
            "quote": plain(evidence.quote) or None,
            "anchor": short(evidence.anchor, LONG_TEXT) or None,
            "rule": evidence.rule,
            "sha256": evidence.sha256,
        }
        if box is not None:
            row |= {"x0": box.x0, "top": box.top, "x1": box.x1, "bottom": box.bottom}
    return row


def _sorted(tables: Mapping[str, Iterable[Row]]) -> dict[str, tuple[Row, ...]]:
    return {
        table.name: tuple(sorted(tables[table.name], key=lambda row, table=table: _key_of(row, table)))  # type: ignore[misc]
        for table in TABLES
        if table.name in tables
    }


def _key_of(row: Row, table: Table) -> tuple[str, ...]:
    return tuple(str(row[column]) for column in table.key)
