"""Bringing cells up to date after a choice of another confidence model, or another promise.

What is left to do follows from the cells themselves, and each paper is a transaction of its own: who is killed in
between loses at most one paper's work, and whoever comes next goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db.cells import Judge
from db.dossier import lock_paper
from db.engine import session, snapshot
from db.refresh import refresh
from db.tables import CellRow
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId


def rejudge(engine: Engine, judge: Judge, at: datetime) -> Iterator[PaperId]:
    """Bring the papers up to date that another model or promise judged; gives each when it is done.

    Raises:
        StoreError: the database cannot be read or written; what was given is kept.
    """
    with snapshot(engine) as opened:
        due = judged_otherwise(opened, judge)
    for paper in due:
        with session(engine) as opened:
            lock_paper(opened, paper)
            refresh(opened, paper, judge, at)
        yield paper


def judged_otherwise(session: Session, judge: Judge) -> tuple[PaperId, ...]:
    """Papers with a cell that is not as this judge would have it, in order.

    A cell that people decided counts too, for it says by which model its value is how probable.
    """
    by_other = select(CellRow.paper_id).where(
        col(CellRow.model_sha).is_not(None), CellRow.model_sha != judge.sha256
    )
    return tuple(map(PaperId, sorted({*session.exec(by_other.distinct()), *_not_standing(session, judge)})))


def _not_standing(session: Session, judge: Judge) -> Iterator[str]:
    """Papers with a cell that the same model judged and that the promise would put elsewhere."""
    query = select(CellRow.paper_id, CellRow.entity_id, CellRow.field, CellRow.status)
    undecided = query.add_columns(col(CellRow.look), col(CellRow.probability)).where(
        col(CellRow.model_sha) == judge.sha256,
        col(CellRow.decided_at).is_(None),
        col(CellRow.status) != "void",
    )
    for paper, entity, field, status, look, probability in session.connection().execute(undecided):
        key = CellKey(EntityId.parse(entity), field)
        # where a doubt queued the cell though its value is probable enough, looking again does no harm
        as_routed = status == judge.status(field_of(key), probability)
        if not as_routed or look not in ("flagged", judge.look(key, status)):
            yield paper
