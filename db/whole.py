"""Papers as wholes: which of them somebody reads from beginning to end, and which were.

Only of a paper that a person has read completely is it known what the machine missed. People do so when they are at a paper
anyway; and a lot sends papers to them in which nothing was found, or which were not read, for nobody would look at those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.cells import PUBLISHED, Judge
from db.dossier import lock_paper
from db.events import first_said, repeated
from db.log import mint
from db.policy import LOT
from db.refresh import refresh
from db.screening_tables import ScreeningRow
from db.tables import CellRow, EntityRow, EventRow, PaperRow, ReadingRow
from extractors.facts.codec import value_to_json
from extractors.facts.fields import FIELDS, Family
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import NotReported
from extractors.promise import lower_bound

_FACTS = sorted({field.name for field in FIELDS.values() if field.use == "fact"})
_NOT_REPORTED = str(value_to_json(NotReported())["kind"])


def rest_of(paper: PaperId) -> CellKey:
    """The cell that says whether anything is left in a paper; not reported means that it was read completely."""
    return CellKey(EntityId(paper, "paper", "whole"), "rest")


def draw(session: Session, judge: Judge, at: datetime) -> tuple[PaperId, ...]:
    """Queue the papers to be read as wholes on which the lot falls and that are not queued yet.

    Args:
        session: a writing transaction.
        judge: whose policy has the share.
        at: now.

    Returns:
        The papers that are new in the queue.
    """
    bare = (PaperId(paper) for paper in session.exec(_without_facts()).all())
    drawn = tuple(paper for paper in bare if judge.policy.is_read_whole(paper))
    for paper in drawn:
        lock_paper(session, paper)
        id = rest_of(paper).entity
        _ask(session, id, at)
        refresh(session, paper, judge, at, only=id)
    return drawn


def _ask(session: Session, id: EntityId, at: datetime) -> None:
    """Note that the lot fell on a paper, also on one that somebody had read and took that back."""
    mint(session, id, LOT, at)
    row = session.get_one(EntityRow, str(id))
    row.minted_by = LOT
    session.add(row)
    session.flush()


def read_completely(session: Session) -> tuple[PaperId, ...]:
    """The papers of which people say that all they report is listed, in order.

    Who read one for another that is the same file read once: of both it is the one that took over what was decided.
    """
    query = select(CellRow.paper_id).join(EntityRow, col(EntityRow.entity_id) == CellRow.entity_id)
    done = query.where(EntityRow.kind == "paper", CellRow.value_kind == _NOT_REPORTED)
    papers = set(session.exec(done).all())
    return tuple(map(PaperId, sorted(papers - _taken_over(session, papers))))


def _taken_over(session: Session, papers: Collection[str]) -> set[str]:
    """Those of which it was said once, and again of another of them (`db.taking_over`)."""
    query = (
        select(EventRow.uuid, EntityRow.paper_id)
        .join(EntityRow, col(EntityRow.entity_id) == EventRow.entity_id)
        .where(EntityRow.kind == "paper", col(EntityRow.paper_id).in_(papers))
        .order_by(col(EventRow.seq))
    )
    held: dict[str, str] = {}
    """By what an entry is repeated from, the last paper of which it was said."""
    left: set[str] = set()
    for uuid, paper in session.exec(query):
        first = first_said(uuid) if uuid == repeated(uuid, paper) else uuid
        if first in held and held[first] != paper:
            left.add(held[first])
        held[first] = paper
    return left


@dataclass(frozen=True, slots=True)
class Recall:
    """What the machine finds of the values of one family that there are."""

    values: int
    """What papers report that were read completely, as people left it."""
    found: int
    """Of these, what a reading that counts proposes too."""

    @property
    def share(self) -> float:
        """Share of the values that the machine finds."""
        return self.found / self.values

    @property
    def bound(self) -> float:
        """What that share is at least, one-sided at 90%, if values were missed independently."""
        return lower_bound(self.share, self.values)


def recall(session: Session) -> Mapping[Family, Recall]:
    """What the machine finds in papers that were read completely, by family; of other papers nobody knows what it missed."""
    values: Counter[Family] = Counter()
    found: Counter[Family] = Counter()
    query = (
        select(EntityRow.kind, CellRow.field, CellRow.probability)
        .join(EntityRow, col(EntityRow.entity_id) == CellRow.entity_id)
        .where(
            col(CellRow.paper_id).in_(read_completely(session)),
            col(CellRow.status).in_(PUBLISHED),
            CellRow.value_kind != _NOT_REPORTED,
        )
    )
    for kind, name, probability in session.exec(query):
        field = FIELDS[f"{kind}.{name}"]
        if field.use == "fact":
            values[field.family] += 1
            found[field.family] += probability is not None
    return {family: Recall(number, found[family]) for family, number in sorted(values.items())}


def _without_facts() -> SelectOfScalar[str]:
    """Papers without facts that were read or that screening left out, and that are neither queued nor read as wholes."""
    has_facts = exists().where(
        col(CellRow.paper_id) == PaperRow.paper_id,
        col(CellRow.field).in_(_FACTS),
        col(CellRow.status).not_in(["void", "rejected"]),
    )
    as_whole = col(EntityRow.paper_id) == PaperRow.paper_id, col(EntityRow.kind) == "paper"
    is_queued = exists().where(*as_whole, col(EntityRow.minted_by) == LOT)
    is_read = exists().where(
        *as_whole, col(CellRow.entity_id) == EntityRow.entity_id, col(CellRow.decided_at).is_not(None)
    )
    was_read = exists().where(col(ReadingRow.paper_id) == PaperRow.paper_id)
    left_out = exists().where(
        col(ScreeningRow.paper_id) == PaperRow.paper_id,
        col(ScreeningRow.version) == PaperRow.latest,
        col(ScreeningRow.decision) == "irrelevant",
    )
    return (
        select(PaperRow.paper_id)
        .where(~has_facts, ~is_queued, ~is_read, or_(was_read, left_out))
        .order_by(PaperRow.paper_id)
    )
