"""What a release is made of, as the database has it at one moment. Only loading; no row of a release is made here.

Cells are loaded paper by paper, in the order of the papers' ids, and forgotten again: a release of any size takes the memory of its
largest paper. What is small for each paper (its title, why it went no further) is loaded at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, ColumnElement, Row, Text, exists, func
from sqlalchemy import cast as as_type
from sqlalchemy import select as sql_select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, collate, select

from db.cells import PUBLISHED, CellState
from db.duplicates import duplicates
from db.log import last_seq
from db.prisma import Fates, fates
from db.tables import LOOKS, STATUSES, CellRow, EntityRow, EventRow, FileRow, PaperRow, ReadingRow, Status
from extractors.facts.codec import evidence_from_text, value_from_text
from extractors.facts.errors import BurdenError, ParseError, StoreError
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Quantity

AT_ONCE = 5_000
"""Rows that are fetched together."""
_STATUSES: Mapping[str, Status] = {status: status for status in STATUSES}
_REVIEWERS = TypeAdapter(tuple[str, ...])
_LOOKS = {look: look for look in LOOKS}


@dataclass(frozen=True, slots=True)
class PaperSource:
    """A paper as its row and its readings tell."""

    paper: PaperId
    title: str
    published: date | None
    source: str
    version: int
    """Newest that was read."""


@dataclass(frozen=True, slots=True)
class WithdrawnPaper:
    """A paper that was read, and taken back where it came from."""

    paper: PaperId
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a release takes from one paper."""

    id: PaperId
    paper: PaperSource | None
    """None where nobody read it and people added what there is."""
    cells: tuple[CellState, ...]
    """Published ones, by key."""
    merged: Mapping[EntityId, EntityId]
    """What people said is the same as another."""
    removed: frozenset[EntityId]
    versions: Mapping[str, int]
    """First version of the paper that a file of that hash is."""
    read: Mapping[tuple[str, str], datetime]
    """When a file of that hash was read by that extractor."""
    unreadable: tuple[str, ...] = ()
    """Cells whose row is no cell, with what is wrong."""


@dataclass(frozen=True, slots=True)
class Source:
    """All that a release is made of but the cells, which `papers_of` loads."""

    papers: Mapping[PaperId, PaperSource]
    """Those with a reading that were not withdrawn and are not the same file as another."""
    withdrawn: tuple[WithdrawnPaper, ...]
    """Those with a reading that were, in order of their ids."""
    gone: Mapping[PaperId, str]
    """Why papers are left out that were withdrawn or are the same file as another."""
    merged: Mapping[PaperId, Mapping[EntityId, EntityId]]
    removed: Mapping[PaperId, frozenset[EntityId]]
    versions: Mapping[PaperId, Mapping[str, int]]
    read: Mapping[PaperId, Mapping[tuple[str, str], datetime]]
    fates: Fates
    """How far each paper came, and why no further."""
    as_of: datetime | None
    """Time of the newest reading, decision or withdrawal: what the release is dated by."""
    last_seq: int
    cells: int
    """How many are published, those of papers that are left out included."""
    with_cells: int
    """Papers that have such cells, likewise."""


def load_source(session: Session) -> Source:
    """Load what the next release is made of.

    Args:
        session: a transaction that sees one state of the database.
    """
    read, said_at = func.max(ReadingRow.read_at), func.max(EventRow.at)
    times: list[datetime | None] = [session.exec(select(newest)).one() for newest in (read, said_at)]
    withdrawn = _withdrawn(session)
    gone = {double.paper: f"it is {double.reason}" for double in duplicates(session)}
    gone |= {paper.paper: f"it was withdrawn: {paper.reason}".rstrip(": ") for paper in withdrawn}
    times += [paper.at for paper in withdrawn]
    merged, removed = _said(session)
    counted = select(func.count(), func.count(func.distinct(CellRow.paper_id)))
    cells, with_cells = session.exec(counted.where(col(CellRow.status).in_(PUBLISHED))).one()
    return Source(
        papers={id: paper for id, paper in _papers(session).items() if id not in gone},
        withdrawn=withdrawn,
        gone=gone,
        merged=merged,
        removed=removed,
        versions=_versions(session),
        read=_read(session),
        fates=fates(session),
        as_of=max((time for time in times if time is not None), default=None),
        last_seq=last_seq(session),
        cells=cells,
        with_cells=with_cells,
    )


def papers_of(session: Session, source: Source) -> Iterator[PaperFacts]:
    """The papers with published cells, in the order of their ids.

    Args:
        session: the transaction that the source was loaded in.
        source: what is known of all of them.
    """
    table = CellRow.__table__  # type: ignore[attr-defined]  # rows of 2 million cells are not to become objects
    query = (
        sql_select(*(_as_read(table.c[name]) for name in _COLUMNS))
        # Not by the index of the status: that would have SQLite sort all rows, and so each paper's are sorted as they come.
        .where(table.c.status.concat("").in_(sorted(PUBLISHED)))
        .order_by(*(in_order(session, table.c[name]) for name in ("paper_id", "entity_id", "field")))
        .execution_options(yield_per=AT_ONCE)
    )
    for id, rows in groupby(_decoded(session.connection().execute(query)), itemgetter(0)):
        paper = PaperId(id)
        if paper not in source.gone:
            states, unreadable = _states(rows)
            yield PaperFacts(
                paper,
                source.papers.get(paper),
                states,
                source.merged.get(paper, {}),
                source.removed.get(paper, frozenset()),
                source.versions.get(paper, {}),
                source.read.get(paper, {}),
                unreadable,
            )


_COLUMNS = (
    "paper_id", "entity_id", "field", "status", "look", "value", "evidence", "extractor", "probability", "model_sha",
    "reviewers", "decided_at", "last_seq",
)  # fmt: skip
"""What is read of a cell, as `_state` takes it apart: to ask a row for its columns by name takes longer than all else."""


def _as_read(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column, JSON as its text: it is decoded faster here, where it is known what it shall be."""
    return as_type(column, Text) if isinstance(column.type, JSON) else column


def _decoded(rows: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    """The rows, whose times are decoded as they are fetched, some thousands at once."""
    last = "the first paper"
    try:
        for row in rows:
            last = row[0]
            yield row
    except ValueError as error:
        raise StoreError(
            f"a cell of the database was decided at what is no time: {error}",
            where=f"{last} or soon after",
            remedy="Restore the database, or mend the row by hand",
        ) from error


def _states(rows: Iterable[Row[Any]]) -> tuple[tuple[CellState, ...], tuple[str, ...]]:
    states: list[CellState] = []
    unreadable: list[str] = []
    for row in rows:
        try:
            state = _state(row)
            field_of(state.key)
            if isinstance(state.value, Quantity) and state.value.value < 0:
                raise ParseError(f"{state.value.value:g} {state.value.unit} is negative")
        except (BurdenError, KeyError, TypeError, AttributeError) as error:
            what = error.what if isinstance(error, BurdenError) else f"no such {error}"
            unreadable.append(f"{row.entity_id}#{row.field}: {what}")
        except ValueError as error:
            raise StoreError(
                f"a cell of the database is no JSON: {error}",
                where=f"{row.entity_id}#{row.field}",
                remedy="Restore the database, or mend the row by hand",
            ) from error
        else:
            states.append(state)
    return tuple(states), tuple(unreadable)


def _state(row: Row[Any]) -> CellState:
    _, entity, name, status, look, value, evidence, extractor, probability, model, reviewers, at, seq = row
    return CellState(
        CellKey(EntityId.parse(entity), name),
        _STATUSES[status],
        value_from_text(value) if value is not None else None,
        evidence_from_text(evidence) if evidence is not None else None,
        extractor,
        probability,
        model,
        _LOOKS.get(look),
        _reviewers(reviewers),
        at,
        seq,
    )


def _reviewers(text: str) -> tuple[str, ...]:
    try:
        return _REVIEWERS.validate_json(text)
    except ValidationError as error:
        raise ParseError("its reviewers are no list of names") from error


def remaining(entity: EntityId, merged: Mapping[EntityId, EntityId]) -> EntityId:
    """What an entity was merged into in the end; itself where nobody merged it."""
    seen = set[EntityId]()
    while (into := merged.get(entity)) is not None and entity not in seen:
        seen.add(entity)
        entity = into
    return entity


def in_order(session: Session, column: ColumnElement[str] | Mapped[str]) -> ColumnElement[str]:
    """A text to sort by as Python sorts: by code points, whatever the database's language."""
    plain = cast("ColumnElement[str]", column)
    return collate(plain, "C") if session.get_bind().dialect.name == "postgresql" else plain


def _said(
    session: Session,
) -> tuple[dict[PaperId, dict[EntityId, EntityId]], dict[PaperId, frozenset[EntityId]]]:
    """What people said is the same as another, and what they said is not there, by paper."""
    query = select(EntityRow.entity_id, EntityRow.merged_into, EntityRow.removed).where(
        col(EntityRow.removed) | col(EntityRow.merged_into).is_not(None)
    )
    merged: defaultdict[PaperId, dict[EntityId, EntityId]] = defaultdict(dict)
    removed: defaultdict[PaperId, set[EntityId]] = defaultdict(set)
    for id, into, is_removed in session.exec(query):
        entity = EntityId.parse(id)
        if into:
            merged[entity.paper][entity] = EntityId.parse(into)
        if is_removed:
            removed[entity.paper].add(entity)
    return dict(merged), {paper: frozenset(ids) for paper, ids in removed.items()}


def _papers(session: Session) -> dict[PaperId, PaperSource]:
    newest = select(ReadingRow.paper_id, func.max(ReadingRow.version)).group_by(ReadingRow.paper_id)
    versions: dict[str, int] = dict(session.exec(newest).all())
    listed = select(PaperRow.paper_id, PaperRow.title, PaperRow.published, PaperRow.source)
    return {
        PaperId(id): PaperSource(
            PaperId(id), title, published.date() if published else None, source, versions[id]
        )
        for id, title, published, source in session.exec(listed)
        if id in versions
    }


def _withdrawn(session: Session) -> tuple[WithdrawnPaper, ...]:
    was_read = exists().where(col(ReadingRow.paper_id) == PaperRow.paper_id)
    query = select(PaperRow).where(col(PaperRow.withdrawn_at).is_not(None), was_read)
    return tuple(
        WithdrawnPaper(PaperId(row.paper_id), row.withdrawn_at, row.withdrawn_reason or "")
        for row in session.exec(query.order_by(PaperRow.paper_id))
        if row.withdrawn_at is not None
    )


def _versions(session: Session) -> dict[PaperId, dict[str, int]]:
    found: defaultdict[PaperId, dict[str, int]] = defaultdict(dict)
    for table in (FileRow, ReadingRow):
        for paper, sha256, version in session.exec(select(table.paper_id, table.sha256, table.version)):
            known = found[PaperId(paper)]
            known[sha256] = min(version, known.get(sha256, version))
    return dict(found)


def _read(session: Session) -> dict[PaperId, dict[tuple[str, str], datetime]]:
    found: defaultdict[PaperId, dict[tuple[str, str], datetime]] = defaultdict(dict)
    columns = ReadingRow.paper_id, ReadingRow.sha256, ReadingRow.extractor, ReadingRow.read_at
    for paper, sha256, extractor, at in session.exec(select(*columns)):
        found[PaperId(paper)][sha256, extractor] = at
    return found
