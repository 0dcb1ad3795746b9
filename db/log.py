"""Adding to the review log. There is no function to change or delete an entry: undo is an event.

An entry is refused, never merged, if its author saw something else than what is there now, or does not hold the
slot it fills. In the same transaction the cells it is about are brought up to date, so that a decision and its
consequence are one. What the entries are is in `db.events`, what they mean in `db.cells`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, func, select

from db.cells import CellState, EntityState, Judge
from db.dossier import Dossier, entry_of, load_dossier, lock_paper
from db.events import (
    FROM_OUTSIDE,
    Accepted,
    ActorKind,
    Adjudicated,
    CellAdded,
    Corrected,
    Decision,
    DeclaredNotReported,
    EntityAdded,
    EntityEvent,
    EntityMerged,
    Entry,
    Envelope,
    Event,
    Flagged,
    Noted,
    Reopened,
    Skipped,
    Undone,
    event_to_json,
)
from db.refresh import cell_state, options_of, refresh
from db.slots import empty, fill, let_go, pass_over, seat_beside, sit_down
from db.tables import CellRow, EntityRow, EventRow, Json
from extractors.facts.codec import value_to_json
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.fields import Field, field_of, same_value
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import Name, Value

AT_THE_SCREEN: frozenset[ActorKind] = frozenset({"annotator", "senior"})
"""Those who accept what they see now; others may accept what was proposed elsewhere or before."""


def append(session: Session, envelope: Envelope, event: Event, judge: Judge) -> int:
    """Add an entry to the log, and bring the cells it is about up to date.

    The same entry sent twice is stored once.

    Args:
        session: a writing transaction.
        envelope: who says it, when, and about what.
        event: what is said.
        judge: the confidence model and the promise.

    Returns:
        Its number in the log.

    Raises:
        ConflictError: what the author saw has changed, or they do not hold the slot.
        UsageError: the event makes no sense there: no such field, value, proposal, entity or entry.
    """
    lock_paper(session, envelope.entity.paper)
    already = _already(session, envelope, event)
    if already is not None:
        return already
    if isinstance(event, EntityAdded):
        _refuse_known(session, envelope.entity)
    if isinstance(event, EntityAdded) or envelope.entity.kind == "paper":
        mint(session, envelope.entity, envelope.actor, envelope.at)
    known = load_dossier(session, envelope.entity.paper, envelope.entity)
    _refuse_stale(session, envelope)
    _refuse_nonsense(session, envelope, event, known)
    envelope = _seated(session, envelope, event, known)
    seq = record(session, envelope, event)
    known = known.with_entry(Entry(seq, envelope, event))
    _move_queue(session, envelope, event, seq, known)
    if isinstance(event, EntityEvent | Undone) and envelope.field is None:
        refresh(session, envelope.entity.paper, judge, envelope.at)
    else:
        refresh(session, envelope.entity.paper, judge, envelope.at, only=envelope.entity, known=known)
    return seq


def _seated(session: Session, envelope: Envelope, event: Event, known: Dossier) -> Envelope:
    """What is said from outside never replaces what several people decide or decided: it stands beside it, for somebody to settle."""
    key = envelope.cell
    if key is None or envelope.actor_kind not in FROM_OUTSIDE or not isinstance(event, Decision):
        return envelope
    slot = envelope.slot or seat_beside(session, key, known.entries_about(key), envelope.actor)
    return replace(envelope, slot=slot)


def record(session: Session, envelope: Envelope, event: Event) -> int:
    """Add an entry to the log and nothing else: for those who bring the cells up to date themselves."""
    kind, body = event_to_json(event)
    row = EventRow(
        uuid=envelope.uuid,
        at=envelope.at,
        actor=envelope.actor,
        actor_kind=envelope.actor_kind,
        entity_id=str(envelope.entity),
        field=envelope.field,
        slot=envelope.slot,
        expect=_expect_to_json(envelope.expect),
        extractor=envelope.extractor,
        seconds=envelope.seconds,
        reason=envelope.reason,
        kind=kind,
        body=body,
    )
    session.add(row)
    session.flush()
    if row.seq is None:
        raise ConflictError("the log gave the entry no number", where=envelope.uuid)
    return row.seq


def history(
    session: Session,
    *,
    key: CellKey | None = None,
    entity: EntityId | None = None,
    actor: str | None = None,
    since: int = 0,
    limit: int | None = None,
) -> tuple[Entry, ...]:
    """Entries about a cell, about an entity itself, of a person, or all, behind one of the log; newest first."""
    query = select(EventRow).order_by(col(EventRow.seq).desc()).limit(limit)
    if since:
        query = query.where(col(EventRow.seq) > since)
    if key is not None:
        query = query.where(EventRow.entity_id == str(key.entity), EventRow.field == key.field)
    if entity is not None:
        query = query.where(EventRow.entity_id == str(entity), col(EventRow.field).is_(None))
    if actor is not None:
        query = query.where(EventRow.actor == actor)
    return tuple(map(entry_of, session.exec(query)))


def entry_at(session: Session, seq: int) -> Entry | None:
    """The entry of a number; None if there is none."""
    row = session.get(EventRow, seq)
    return entry_of(row) if row else None


def entry_named(session: Session, uuid: str) -> Entry | None:
    """The entry of a uuid; None if there is none."""
    row = session.exec(select(EventRow).where(EventRow.uuid == uuid)).one_or_none()
    return entry_of(row) if row else None


def last_seq(session: Session) -> int:
    """Number of the newest entry; 0 for an empty log."""
    return session.exec(select(func.max(EventRow.seq))).one() or 0


def _already(session: Session, envelope: Envelope, event: Event) -> int | None:
    known = entry_named(session, envelope.uuid)
    if known is None:
        return None
    if (known.event, known.envelope.entity, known.envelope.field) != (event, envelope.entity, envelope.field):
        raise ConflictError(
            f"entry {envelope.uuid} is in the log and says something else", remedy="Use a new uuid"
        )
    return known.seq


def mint(session: Session, id: EntityId, by: str, at: datetime) -> None:
    """Make sure that there is an entity; one that is there already is left alone.

    Args:
        session: a writing transaction.
        id: the entity's.
        by: whoever says that there is one.
        at: now.
    """
    if session.get(EntityRow, str(id)) is None:
        session.add(
            EntityRow(
                entity_id=str(id), paper_id=id.paper, kind=id.kind, slug=id.slug, minted_by=by, minted_at=at
            )
        )
        session.flush()


def _refuse_known(session: Session, id: EntityId) -> None:
    if session.get(EntityRow, str(id)) is not None:
        raise ConflictError(f"there is already an entity {id}", remedy="Choose another slug")


def _refuse_stale(session: Session, envelope: Envelope) -> None:
    key, expect = envelope.cell, envelope.expect
    if expect is None:
        return
    if key is None:
        _refuse_changed(session, envelope.entity, expect)
        return
    if isinstance(expect, int):
        newest = select(CellRow.last_seq).where(
            CellRow.entity_id == str(key.entity), CellRow.field == key.field
        )
        stale = (session.exec(newest).first() or 0) != expect
    else:
        state = cell_state(session, key) or CellState(key, "void")
        stale = state.value is None or not same_value(field_of(key), expect, state.value)
    if stale:
        raise ConflictError(f"{key} has changed since it was looked at", remedy="Look at it again")


def _refuse_changed(session: Session, entity: EntityId, expect: int | Value) -> None:
    """Refuse an entry about an entity of which, or of whose cells, more was said than its author saw."""
    newest = session.exec(select(func.max(EventRow.seq)).where(EventRow.entity_id == str(entity))).one() or 0
    if newest != expect:
        raise ConflictError(f"{entity} has changed since it was looked at", remedy="Look at it again")


def _refuse_nonsense(session: Session, envelope: Envelope, event: Event, known: Dossier) -> None:
    row = session.get(EntityRow, str(envelope.entity))
    if row is None:
        raise UsageError(f"there is no entity {envelope.entity}", remedy="Add it first")
    if isinstance(event, Undone):
        _check_undo(session, envelope, event)
        return
    if isinstance(event, EntityEvent) != (envelope.field is None):
        raise UsageError(f"{type(event).__name__} is not said of {envelope.cell or envelope.entity}")
    if isinstance(event, EntityMerged):
        _check_merge(known, envelope.entity, event.into)
    if envelope.cell is None:
        return
    if row.merged_into or row.removed:
        raise ConflictError(
            f"{envelope.entity} was merged or removed meanwhile", remedy="Go on with the next item"
        )
    _check_cell(session, envelope, envelope.cell, event, known)


def _check_undo(session: Session, envelope: Envelope, event: Undone) -> None:
    row = session.get(EventRow, event.seq)
    if row is None or (row.entity_id, row.field) != (str(envelope.entity), envelope.field):
        raise UsageError(f"entry {event.seq} is not about {envelope.cell or envelope.entity}")
    senior = envelope.actor_kind == "senior" and bool(envelope.reason)
    if row.actor != envelope.actor and not senior:
        raise UsageError(
            f"entry {event.seq} is {row.actor}'s", remedy="Only they undo it, or a senior who gives a reason"
        )


def _check_merge(dossier: Dossier, entity: EntityId, into: EntityId) -> None:
    state = dossier.entities.get(into)
    if state is None or into.kind != entity.kind:
        raise UsageError(
            f"{entity} cannot be merged into {into}", remedy=f"Name another {entity.kind} of the paper"
        )
    if dossier.root(into) == dossier.root(entity) or state != EntityState():
        raise UsageError(f"{into} is itself merged or removed", remedy="Name the entity that remains")


def _check_cell(session: Session, envelope: Envelope, key: CellKey, event: Event, known: Dossier) -> None:
    field = field_of(key)
    if field.use == "whole" and not isinstance(event, DeclaredNotReported | Skipped | Flagged | Noted):
        raise UsageError(
            f"{field.path} holds no value",
            where=str(key),
            remedy="Add what is missing, then say that nothing is left",
        )
    if isinstance(event, Accepted) and envelope.actor_kind in AT_THE_SCREEN:
        _check_accepted(known, key, event)
    elif isinstance(event, Accepted | Corrected | CellAdded | Adjudicated) and event.value is not None:
        _check_value(session, key, field, event.value)
    if isinstance(event, Adjudicated):
        state = cell_state(session, key)
        if state is not None and envelope.actor in state.reviewers:
            raise ConflictError(f"{envelope.actor} decided {key} and cannot adjudicate it")


def _check_accepted(known: Dossier, key: CellKey, event: Accepted) -> None:
    offered = {(option.proposal, option.value) for option in options_of(known, key)}
    if (event.proposal, event.value) not in offered:
        raise ConflictError(f"that value of {key} is no longer proposed", remedy="Look at it again")


def _check_value(session: Session, key: CellKey, field: Field, value: Value) -> None:
    if not field.admits(value):
        bounds = f"{', '.join(field.units) or ', '.join(field.allowed) or 'a name'}"
        raise UsageError(
            f"{value} is not a value of {field.path}", where=str(key), remedy=f"It takes {bounds}"
        )
    if field.links is not None and isinstance(value, Name):
        target = f"{key.entity.paper}/{field.links}/{value.id}"
        if session.get(EntityRow, target) is None:
            raise UsageError(f"there is no {target} to link to", where=str(key), remedy="Add it first")


def _move_queue(session: Session, envelope: Envelope, event: Event, seq: int, known: Dossier) -> None:
    key = envelope.cell
    if key is None or isinstance(event, Reopened):
        return
    if isinstance(event, Undone):
        empty(session, event.seq, envelope.at, known.entries_about(key))
    elif isinstance(event, Skipped):
        pass_over(session, key)
    elif isinstance(event, Decision | Adjudicated) and envelope.slot is not None:
        if envelope.actor_kind in FROM_OUTSIDE:
            sit_down(session, key, envelope.slot, envelope.actor, envelope.at, seq)
        else:
            fill(session, key, envelope.slot, envelope.actor, seq)
    if envelope.slot is not None and isinstance(event, Skipped | Flagged):
        let_go(session, key, envelope.slot, envelope.actor)


def _expect_to_json(expect: int | Value | None) -> Json | None:
    if expect is None:
        return None
    return {"seq": expect} if isinstance(expect, int) else value_to_json(expect)
