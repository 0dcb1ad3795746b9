"""What asks for a look at a cell: items follow the states of cells, and have a slot for each opinion that is wanted.

At most one item of a cell is open. Who takes which slot is in `db.queue`, what an entry of the log does to one in `db.slots`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from db.cells import CellState
from db.order import close_ranks, is_open, key_of, put_in_order
from db.policy import ReviewPolicy
from db.tables import AuditOutcome, EntityRow, Look, ReviewItemRow, ReviewSlotRow, SlotRole
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey


def sync(session: Session, states: Iterable[CellState], at: datetime, policy: ReviewPolicy) -> None:
    """Open, change or close the items of cells, as their states ask.

    Args:
        session: the transaction that stores the states.
        states: of all cells that changed.
        at: now.
        policy: how many people are to decide a new item.
    """
    changed, opened = list(states), False
    changed_keys = {state.key for state in changed}
    papers = {key.entity.paper for key in changed_keys}
    items = _open_items(session, {str(state.key.entity) for state in changed})
    for state in changed:
        item = items.get(state.key)
        if item is not None:
            removed = state.status == "void" and session.get_one(EntityRow, item.entity_id).removed
            item.audit = audit_outcome(state, is_audit=item.audit is not None, is_removed=removed)
        if state.look is None:
            if item is not None and not _half_done(session, item):
                item.closed_at = at
                session.add(item)
        elif item is None:
            _opened(session, state, state.look, at, policy)
            opened = True
        else:
            item.why = state.look
            session.add(item)
            if state.look == "reviewers-disagree":
                _ask_adjudicator(session, item)
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
    role: SlotRole = "adjudication" if why == "reviewers-disagree" else "opinion"
    slots = policy.opinions(state.key) if why == "uncertain" else 1
    session.add_all(ReviewSlotRow(item_id=item.id or 0, n=n, role=role) for n in range(1, slots + 1))


def _ask_adjudicator(session: Session, item: ReviewItemRow) -> None:
    """Give an item one more slot, barred to all who hold another."""
    slots = session.exec(select(ReviewSlotRow).where(ReviewSlotRow.item_id == item.id)).all()
    if all(slot.role == "opinion" for slot in slots):
        n = 1 + max((slot.n for slot in slots), default=0)
        session.add(ReviewSlotRow(item_id=item.id or 0, n=n, role="adjudication"))


def _half_done(session: Session, item: ReviewItemRow) -> bool:
    """Whether somebody gave an opinion and another is still wanted."""
    slots = session.exec(
        select(ReviewSlotRow).where(ReviewSlotRow.item_id == item.id, ReviewSlotRow.role == "opinion")
    ).all()
    filled = [slot.event_seq is not None for slot in slots]
    return any(filled) and not all(filled)


# Selecting


def open_item(session: Session, key: CellKey) -> ReviewItemRow | None:
    """The item that asks about a cell; None if none does."""
    return session.exec(select(ReviewItemRow).where(is_about(key), is_open())).one_or_none()


def is_about(key: CellKey) -> ColumnElement[bool]:
    """Of an item: that it asks about a cell."""
    return and_(col(ReviewItemRow.entity_id) == str(key.entity), col(ReviewItemRow.field) == key.field)


def _open_items(session: Session, entities: Collection[str]) -> dict[CellKey, ReviewItemRow]:
    rows = session.exec(select(ReviewItemRow).where(col(ReviewItemRow.entity_id).in_(entities), is_open()))
    return {key_of(row): row for row in rows}
