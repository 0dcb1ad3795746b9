"""What people decided, as judgements on what the machine had on offer: what its confidence is fitted to and watched by.

A decision judges the proposals that counted when it was made, with the features that they had then, whatever was read
since. Identities are left out, for no probability decides about them: they go with their entity's facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db.cells import live, verdict_of
from db.dossier import Dossier, load_dossier
from db.events import EntityRemoved, Entry
from db.tables import EntityRow, EventRow, ReviewItemRow
from extractors.facts.fields import field_of, same_value
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Value
from extractors.judgements import Judgement


@dataclass(frozen=True, slots=True)
class Asked:
    """That people were asked to look at a cell."""

    at: datetime
    audit: bool
    """Whether the lot chose it among the values published unseen."""


def judgements(session: Session, audit_share: float) -> Iterator[Judgement]:
    """What people decided of all papers, as it stands now.

    Args:
        session: a transaction.
        audit_share: the share of values published unseen that people are asked to look at.
    """
    decided = select(EntityRow.paper_id).join(EventRow, col(EventRow.entity_id) == EntityRow.entity_id)
    papers = decided.where(EventRow.actor_kind != "machine").distinct().order_by(EntityRow.paper_id)
    for paper in session.exec(papers).all():
        yield from judged(load_dossier(session, PaperId(paper)), _asked(session, paper), audit_share)


def judged(
    dossier: Dossier, asked: Mapping[CellKey, Sequence[Asked]], audit_share: float
) -> Iterator[Judgement]:
    """What people decided of one paper.

    Args:
        dossier: all that is known of it.
        asked: when and how people were asked to look at its cells, in order.
        audit_share: the share of values published unseen that people are asked to look at.
    """
    for entity in dossier.entities:
        if dossier.root(entity) == entity:
            for key in dossier.cells(entity):
                if field_of(key).use == "fact":
                    yield from _judged(dossier, key, asked, audit_share)


def _judged(
    dossier: Dossier, key: CellKey, asked: Mapping[CellKey, Sequence[Asked]], audit_share: float
) -> Iterator[Judgement]:
    settled = _settled(dossier, key)
    if settled is None:
        return
    truth, entry = settled
    # the cell that was decided may since have become one with another
    decided, field = CellKey(entry.envelope.entity, key.field), field_of(key)
    audited = _audited(asked.get(decided, ()), entry.envelope.at)
    for offer in dossier.as_of(entry).offers(decided):
        if offer.counts:
            yield Judgement.of(
                offer.proposal,
                "audit" if audited else "review",
                right=truth is not None and same_value(field, offer.proposal.value, truth),
                weight=1 / audit_share if audited and audit_share else 1.0,
            )


def _settled(dossier: Dossier, key: CellKey) -> tuple[Value | None, Entry] | None:
    """What people agree that a cell holds (None: nothing that was proposed), and with which entry; None if they do not."""
    removal = _removal(dossier, key.entity)
    if removal is not None:
        return None, removal
    entries = dossier.entries_about(key)
    verdict = verdict_of(field_of(key), entries)
    if verdict is None or verdict.look in ("flagged", "reviewers-disagree"):
        return None
    return verdict.value, next(entry for entry in entries if entry.seq == verdict.seq)


def _removal(dossier: Dossier, entity: EntityId) -> Entry | None:
    """The entry by which somebody said that there is no such entity: then nothing that was read of it is right."""
    if not dossier.entities[entity].removed:
        return None
    holding = reversed(live(dossier.entries.get(entity, ())))
    return next((entry for entry in holding if isinstance(entry.event, EntityRemoved)), None)


def _audited(asked: Sequence[Asked], at: datetime) -> bool:
    """Whether a decision answers an audit: what people were last asked before it."""
    before = [request.audit for request in asked if request.at <= at]
    return bool(before) and before[-1]


def _asked(session: Session, paper: str) -> dict[CellKey, tuple[Asked, ...]]:
    query = select(ReviewItemRow).where(ReviewItemRow.paper_id == paper).order_by(col(ReviewItemRow.id))
    found: dict[CellKey, tuple[Asked, ...]] = {}
    for row in session.exec(query):
        key = CellKey(EntityId.parse(row.entity_id), row.field)
        found[key] = (*found.get(key, ()), Asked(row.opened_at, row.audit is not None))
    return found
