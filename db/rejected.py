"""Values that were rejected, by the machine as too improbable or by people, and why: kept to be searched, published by nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from db.cells import live
from db.dossier import load_dossier
from db.refresh import state_of
from db.tables import CellRow, EntityRow
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Value


@dataclass(frozen=True, slots=True)
class RejectedValue:
    """A cell whose value was rejected."""

    key: CellKey
    value: Value | None
    """What was proposed; None where no reading proposes anything any more."""
    evidence: Evidence | None
    probability: float | None
    """Of the value, where the machine rejected it."""
    reasons: tuple[str, ...]
    """What speaks for and against the value, then what people gave as their reasons."""
    people: tuple[str, ...]
    """Who rejected it; nobody where the machine did."""


def rejected(
    session: Session,
    *,
    paper: PaperId | None = None,
    fields: Collection[str] = (),
    limit: int | None = None,
) -> tuple[RejectedValue, ...]:
    """Rejected values, the likeliest first and those that people rejected last.

    Args:
        session: a transaction.
        paper: of this paper only.
        fields: of these fields only, by path.
        limit: how many at most.
    """
    query = (
        select(CellRow)
        .where(*_wanted(paper, fields))
        .order_by(
            col(CellRow.decided_at).is_not(None),
            col(CellRow.probability).desc(),
            col(CellRow.entity_id),
            col(CellRow.field),
        )
    )
    return tuple(_told(session, row) for row in session.exec(query.limit(limit)).all())


def count_rejected(session: Session, *, paper: PaperId | None = None, fields: Collection[str] = ()) -> int:
    """How many there are."""
    return session.exec(select(func.count()).select_from(CellRow).where(*_wanted(paper, fields))).one()


def _wanted(paper: PaperId | None, fields: Collection[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(CellRow.status) == "rejected"]
    if paper is not None:
        conditions.append(col(CellRow.paper_id) == paper)
    if fields:
        conditions.append(or_(*map(_is_of, fields)))
    return conditions


def _is_of(path: str) -> ColumnElement[bool]:
    field = FIELDS[path]
    of_kind = select(EntityRow.entity_id).where(EntityRow.kind == field.kind)
    return and_(col(CellRow.field) == field.name, col(CellRow.entity_id).in_(of_kind))


def _told(session: Session, row: CellRow) -> RejectedValue:
    state = state_of(row)
    dossier = load_dossier(session, state.key.entity.paper, state.key.entity)
    offered = [offer.proposal for offer in dossier.offers(state.key) if offer.counts]
    judged = next((p for p in offered if p.evidence == state.evidence), offered[0] if offered else None)
    said = [
        f"{entry.envelope.actor}: {entry.envelope.reason}"
        for entry in live(dossier.entries_about(state.key))
        if entry.envelope.reason
    ]
    return RejectedValue(
        state.key,
        judged.value if judged else None,
        judged.evidence if judged else None,
        state.probability,
        (*(judged.reasons if judged else ()), *said),
        state.reviewers,
    )
