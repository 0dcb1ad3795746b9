"""What a release is made of, as the database has it at one moment. Only loading; no row of a release is made here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from db.cells import PUBLISHED, CellState
from db.duplicates import duplicates
from db.log import last_seq
from db.prisma import Fates, fates
from db.refresh import state_of
from db.tables import CellRow, EntityRow, EventRow, FileRow, PaperRow, ReadingRow
from extractors.facts.ids import EntityId, PaperId


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
class Source:
    """All that a release is made of."""

    papers: Mapping[PaperId, PaperSource]
    """Those with a reading that were not withdrawn and are not the same file as another."""
    withdrawn: tuple[WithdrawnPaper, ...]
    """Those with a reading that were, in order of their ids."""
    cells: tuple[CellState, ...]
    """Published ones of these papers, by key."""
    merged: Mapping[EntityId, EntityId]
    """What people said is the same as another."""
    removed: frozenset[EntityId]
    versions: Mapping[tuple[PaperId, str], int]
    """First version of a paper that a file of that hash is."""
    fates: Fates
    """How far each paper came, and why no further."""
    as_of: datetime | None
    """Time of the newest reading, decision or withdrawal: what the release is dated by."""
    last_seq: int


def load_source(session: Session) -> Source:
    """Load what the next release is made of.

    Args:
        session: a transaction that sees one state of the database.
    """
    published = select(CellRow).where(col(CellRow.status).in_(sorted(PUBLISHED)))
    read, said_at = func.max(ReadingRow.read_at), func.max(EventRow.at)
    times: list[datetime | None] = [session.exec(select(newest)).one() for newest in (read, said_at)]
    entities = select(EntityRow.entity_id, EntityRow.merged_into, EntityRow.removed).where(
        col(EntityRow.removed) | col(EntityRow.merged_into).is_not(None)
    )
    said = session.exec(entities).all()
    withdrawn = _withdrawn(session)
    gone = {paper.paper for paper in withdrawn} | {double.paper for double in duplicates(session)}
    cells = (state for state in map(state_of, session.exec(published)) if state.key.entity.paper not in gone)
    times += [paper.at for paper in withdrawn]
    return Source(
        papers={id: paper for id, paper in _papers(session).items() if id not in gone},
        withdrawn=withdrawn,
        cells=tuple(sorted(cells, key=lambda state: state.key)),
        merged={EntityId.parse(id): EntityId.parse(into) for id, into, _ in said if into},
        removed=frozenset(EntityId.parse(id) for id, _, removed in said if removed),
        versions=_versions(session),
        fates=fates(session),
        as_of=max((time for time in times if time is not None), default=None),
        last_seq=last_seq(session),
    )


def _papers(session: Session) -> dict[PaperId, PaperSource]:
    newest = select(ReadingRow.paper_id, func.max(ReadingRow.version)).group_by(ReadingRow.paper_id)
    versions: dict[str, int] = dict(session.exec(newest).all())
    return {
        PaperId(row.paper_id): PaperSource(
            PaperId(row.paper_id),
            row.title,
            row.published.date() if row.published else None,
            row.source,
            versions[row.paper_id],
        )
        for row in session.exec(select(PaperRow).order_by(PaperRow.paper_id))
        if row.paper_id in versions
    }


def _withdrawn(session: Session) -> tuple[WithdrawnPaper, ...]:
    was_read = exists().where(col(ReadingRow.paper_id) == PaperRow.paper_id)
    query = select(PaperRow).where(col(PaperRow.withdrawn_at).is_not(None), was_read)
    return tuple(
        WithdrawnPaper(PaperId(row.paper_id), row.withdrawn_at, row.withdrawn_reason or "")
        for row in session.exec(query.order_by(PaperRow.paper_id))
        if row.withdrawn_at is not None
    )


def _versions(session: Session) -> dict[tuple[PaperId, str], int]:
    found: dict[tuple[PaperId, str], int] = {}
    for table in (FileRow, ReadingRow):
        for paper, sha256, version in session.exec(select(table.paper_id, table.sha256, table.version)):
            key = PaperId(paper), sha256
            found[key] = min(version, found.get(key, version))
    return found
