"""What asks for a look at a cell: items follow the states of cells, and have a slot for each opinion that is wanted.

At most one item of a cell is open. Who takes which slot is in `db.queue`, what an entry of the log does to one in `db.slots`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.cells import CellState, opinions_on
from db.dossier import load_dossier
from db.order import close_ranks, is_open, key_of, put_in_order
from db.policy import ReviewPolicy
from db.tables import AuditOutcome, EntityRow, Look, ReviewItemRow, ReviewSlotRow
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey


def sync(session: Session, states: Iterable[CellState], at: datetime, policy: ReviewPolicy) -> None:
    """Open, change or close the items of cells, as their states ask; what left the queue with its paper stays out of it.

    Args:
        session: the transaction that stores the states.
        states: of all cells that changed.
        at: now.
        policy: how many people are to decide a new item.
    """
    changed, opened = _not_set_aside(session, list(states)), False
    changed_keys = {state.key for state in changed}
    papers = {key.entity.paper for key in changed_keys}
    items = _open_items(session, {str(state.key.entity) for state in changed})
    for state in changed:
        item = items.get(state.key)
        if item is not None:
            removed = state.status == "void" and session.get_one(EntityRow, item.entity_id).removed
            item.audit = audit_outcome(state, is_audit=item.audit is not None, is_removed=removed)
        if state.look is None:
            if item is not None:
                _close(session, item, state, at)
            elif len(state.reviewers) == 1:
                opened = _reopen(session, state.key) or opened
        elif item is None:
            _opened(session, state, state.look, at, policy)
            opened = True
        else:
            item.why = state.look
            session.add(item)
            if state.look == "reviewers-disagree":
                _ask_adjudicator(session, item, at)
    session.flush()
    is_told = any(field_of(state.key).use == "identity" for state in changed)
    stays = any(item.closed_at is None for key, item in items.items() if key in changed_keys)
    for paper in sorted(papers):
        if is_told or opened or stays:
            put_in_order(session, paper)
        else:
            close_ranks(session, paper)


def audit_outcome(state: CellState, *, is_audit: bool, is_removed: bool = False) -> AuditOutcome | None:
    """What came of looking at a cell, if that is an audit, which it remains when somebody flags it.

    A value that the machine no longer publishes unseen is not audited: what is found then says nothing of the promise.

    Args:
        state: of the cell.
        is_audit: whether its item was one before.
        is_removed: whether people said that there is no such entity: then its values were wrong.
    """
    if is_audit and is_removed:
        return "changed"
    if state.decided_at is None:
        still = is_audit and state.look == "flagged" and state.status == "automatic"
        return "due" if still or state.look == "audit" else None
    if not is_audit:
        return None
    return "changed" if state.probability is None else "kept"


def _opened(session: Session, state: CellState, why: Look, at: datetime, policy: ReviewPolicy) -> None:
    item = ReviewItemRow(
        paper_id=state.key.entity.paper,
        entity_id=str(state.key.entity),
        field=state.key.field,
        why=why,
        audit=audit_outcome(state, is_audit=False),
        paper_rank=0.0,
        rank=0.0,
        opened_at=at,
    )
    session.add(item)
    session.flush()
    if why == "reviewers-disagree":
        _ask_adjudicator(session, item, at)
        return
    slots = policy.opinions(state.key) if why == "uncertain" else 1
    session.add_all(ReviewSlotRow(item_id=item.id or 0, n=n) for n in range(1, slots + 1))


def _close(session: Session, item: ReviewItemRow, state: CellState, at: datetime) -> None:
    """Close an item whose cell asks for nothing, unless another blind opinion is wanted: then it asks for that alone."""
    session.add(item)
    if state.status == "void" or not _is_half_done(slots_of(session, item)):
        item.closed_at = at
        return
    item.why = "uncertain"
    _drop_adjudication(session, item)


def _drop_adjudication(session: Session, item: ReviewItemRow) -> None:
    """Take the place away of whoever was to settle what is no longer between people."""
    for slot in slots_of(session, item):
        if slot.role == "adjudication" and slot.event_seq is None:
            session.delete(slot)
    session.flush()


def _reopen(session: Session, key: CellKey) -> bool:
    """Let an item ask for its second opinion again that was closed because its entity was gone; whether there was one."""
    item = session.exec(_newest_item(key)).first()
    if item is None or not _is_half_done(slots_of(session, item)):
        return False
    item.closed_at = None
    session.add(item)
    return True


def ask_again(session: Session, key: CellKey, at: datetime) -> ReviewItemRow:
    """Open an item of a cell that was closed, with a place for each who was heard; a new one where none ever was.

    Args:
        session: a writing transaction, in which something more is said of the cell.
        key: the cell; no item of it is open.
        at: now.
    """
    item = session.exec(_newest_item(key)).first() or ReviewItemRow(
        paper_id=key.entity.paper,
        entity_id=str(key.entity),
        field=key.field,
        why="uncertain",
        paper_rank=0.0,
        rank=0.0,
        opened_at=at,
    )
    item.why, item.closed_at = "uncertain", None
    session.add(item)
    session.flush()
    _drop_adjudication(session, item)
    _seat_heard(session, item, at)
    return item


def _ask_adjudicator(session: Session, item: ReviewItemRow, at: datetime) -> None:
    """Give an item one more slot, barred to all who hold another, as all do who were heard."""
    _seat_heard(session, item, at)
    slots = slots_of(session, item)
    if all(slot.role == "opinion" for slot in slots):
        n = 1 + max((slot.n for slot in slots), default=0)
        session.add(ReviewSlotRow(item_id=item.id or 0, n=n, role="adjudication"))


def _seat_heard(session: Session, item: ReviewItemRow, at: datetime) -> None:
    """Give those a slot who said elsewhere what is between people now."""
    key, slots = key_of(item), slots_of(session, item)
    said = opinions_on(load_dossier(session, key.entity.paper, key.entity).entries_about(key))
    seated = {slot.holder for slot in slots}
    missing = {entry.envelope.actor: entry for entry in said if entry.envelope.actor not in seated}
    taken = {slot.n for slot in slots}
    spare = count(1 + max(taken | {entry.envelope.slot or 0 for entry in said}, default=0))
    for actor, entry in missing.items():
        wanted = entry.envelope.slot
        n = wanted if wanted is not None and wanted not in taken else next(spare)
        session.add(
            ReviewSlotRow(item_id=item.id or 0, n=n, holder=actor, lease_until=at, event_seq=entry.seq)
        )
    session.flush()


def _is_half_done(slots: Iterable[ReviewSlotRow]) -> bool:
    """Whether somebody gave an opinion and another is still wanted, which it is no longer once somebody settled it."""
    filled = {(slot.role, slot.event_seq is not None) for slot in slots}
    return {("opinion", True), ("opinion", False)} <= filled and ("adjudication", True) not in filled


# Selecting


def open_item(session: Session, key: CellKey) -> ReviewItemRow | None:
    """The item that asks about a cell; None if none does."""
    return session.exec(select(ReviewItemRow).where(is_about(key), is_open())).one_or_none()


def slots_of(session: Session, item: ReviewItemRow) -> Sequence[ReviewSlotRow]:
    """The slots of an item in order."""
    # as they are: claims go past the session's own copies
    query = select(ReviewSlotRow).where(ReviewSlotRow.item_id == item.id).order_by(col(ReviewSlotRow.n))
    return session.exec(query.execution_options(populate_existing=True)).all()


def is_asked_twice(session: Session, item_id: int) -> bool:
    """Whether an item asks for more than one opinion, none of which is to know the others."""
    query = select(func.count()).where(ReviewSlotRow.item_id == item_id, ReviewSlotRow.role == "opinion")
    return session.exec(query).one() > 1


def _newest_item(key: CellKey) -> SelectOfScalar[ReviewItemRow]:
    return select(ReviewItemRow).where(is_about(key)).order_by(col(ReviewItemRow.id).desc()).limit(1)


def is_about(key: CellKey) -> ColumnElement[bool]:
    """Of an item: that it asks about a cell."""
    return and_(col(ReviewItemRow.entity_id) == str(key.entity), col(ReviewItemRow.field) == key.field)


def _not_set_aside(session: Session, states: Sequence[CellState]) -> list[CellState]:
    """The states of cells whose paper has not left the queue (`db.standing`)."""
    papers = {state.key.entity.paper for state in states}
    of_papers = col(ReviewItemRow.paper_id).in_(papers), col(ReviewItemRow.set_aside).is_not(None)
    aside = set(session.exec(select(ReviewItemRow.paper_id).where(*of_papers)))
    return [state for state in states if state.key.entity.paper not in aside]


def _open_items(session: Session, entities: Collection[str]) -> dict[CellKey, ReviewItemRow]:
    rows = session.exec(select(ReviewItemRow).where(col(ReviewItemRow.entity_id).in_(entities), is_open()))
    return {key_of(row): row for row in rows}
