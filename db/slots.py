"""What an entry of the review log does to the slots of the item that asks about its cell."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from db.items import open_item
from db.order import key_of
from db.tables import ReviewItemRow, ReviewSlotRow
from extractors.facts.errors import ConflictError
from extractors.facts.ids import CellKey


def fill(session: Session, key: CellKey, slot: int, actor: str, seq: int) -> None:
    """Note that a log entry fills a slot of the cell's open item.

    Raises:
        ConflictError: the actor does not hold that slot.
    """
    row = _slot_of(session, key, slot, actor)
    row.event_seq = seq
    session.add(row)
    session.flush()


def pass_over(session: Session, key: CellKey) -> None:
    """Put the cell's open item behind all that were passed over less."""
    item = open_item(session, key)
    if item is not None:
        item.skips += 1
        session.add(item)
        session.flush()


def let_go(session: Session, key: CellKey, slot: int, actor: str) -> None:
    """Free a slot of the cell's open item undecided.

    Raises:
        ConflictError: the actor does not hold that slot.
    """
    free_slot(session, _slot_of(session, key, slot, actor))


def empty(session: Session, seq: int, at: datetime) -> None:
    """Note that the entry which filled a slot was undone: the item asks again, unless another already does."""
    slot = session.exec(select(ReviewSlotRow).where(ReviewSlotRow.event_seq == seq)).first()
    if slot is None:
        return
    slot.event_seq = None
    if slot.lease_until is not None and slot.lease_until <= at:
        slot.holder = slot.lease_until = None
    session.add(slot)
    item = session.get_one(ReviewItemRow, slot.item_id)
    if item.closed_at is not None and open_item(session, key_of(item)) is None:
        item.closed_at = None
        session.add(item)
    session.flush()


def held_slot(session: Session, item_id: int, n: int, actor: str) -> ReviewSlotRow:
    """The slot of an item that somebody holds and has not filled.

    Raises:
        ConflictError: they do not.
    """
    # the row may have changed since this session saw it: claims go past the session's own copies
    slot = session.get(ReviewSlotRow, (item_id, n), populate_existing=True)
    if slot is None or slot.holder != actor or slot.event_seq is not None:
        raise ConflictError(
            f"{actor} no longer holds slot {n} of item {item_id}",
            remedy="Claim it again, or go on with the next",
        )
    return slot


def free_slot(session: Session, slot: ReviewSlotRow) -> None:
    """Let whoever comes next have a slot."""
    slot.holder = slot.lease_until = None
    session.add(slot)
    session.flush()


def _slot_of(session: Session, key: CellKey, n: int, actor: str) -> ReviewSlotRow:
    item = open_item(session, key)
    if item is None:
        raise ConflictError(f"{key} no longer waits for a decision", remedy="Go on with the next item")
    return held_slot(session, item.id or 0, n, actor)
