"""What an entry of the review log does to the slots of the item that asks about its cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from db.cells import opinions_on
from db.events import FROM_OUTSIDE, Entry
from db.items import open_item, slots_of
from db.order import key_of
from db.policy import MOST_OPINIONS
from db.tables import EventRow, ReviewItemRow, ReviewSlotRow
from extractors.facts.errors import ConflictError
from extractors.facts.ids import CellKey


def fill(session: Session, key: CellKey, slot: int, actor: str, seq: int) -> None:
    """Note that a log entry fills a slot of the cell's open item, also one that its author filled before.

    Raises:
        ConflictError: the actor does not hold that slot.
    """
    row = session.get(ReviewSlotRow, (_asking(session, key), slot), populate_existing=True)
    if row is None or row.holder != actor:
        raise _not_theirs(actor, slot, key)
    row.event_seq = seq
    session.add(row)
    session.flush()


def seat_beside(session: Session, key: CellKey, said: Sequence[Entry], actor: str) -> int | None:
    """The slot of what is said from outside of a cell that several people decide or decided, so that it stands beside their opinions.

    Args:
        session: a writing transaction.
        key: the cell.
        said: all entries about it, in order.
        actor: who says it.

    Returns:
        None where nobody, or one person, decides alone: there it counts instead of what was said.
    """
    heard, item = opinions_on(said), open_item(session, key)
    slots = slots_of(session, item) if item is not None else ()
    if len({entry.envelope.actor for entry in heard}) < 2 and len(slots) < 2:
        return None
    seats = {entry.envelope.actor: entry.envelope.slot for entry in heard}
    seats |= {slot.holder: slot.n for slot in slots if slot.holder is not None}
    used = [slot.n for slot in slots] + [entry.envelope.slot or 0 for entry in said]
    return seats.get(actor) or 1 + max(used)


def sit_down(session: Session, key: CellKey, slot: int, actor: str, at: datetime, seq: int) -> None:
    """Note in the cell's open item, if there is one, what is said from outside beside people's opinions."""
    item = open_item(session, key)
    if item is not None:
        row = session.get(ReviewSlotRow, (item.id, slot)) or ReviewSlotRow(item_id=item.id or 0, n=slot)
        row.holder, row.lease_until, row.event_seq = actor, at, seq
        session.add(row)
        session.flush()


def add_slot(session: Session, key: CellKey, actor: str, at: datetime) -> int:
    """Make room in the cell's open item for one more opinion than was asked for; the slot, which the actor holds.

    Raises:
        ConflictError: no item asks about the cell.
    """
    item = _asking(session, key)
    n = 1 + max(session.exec(select(ReviewSlotRow.n).where(ReviewSlotRow.item_id == item)).all())
    session.add(ReviewSlotRow(item_id=item, n=n, holder=actor, lease_until=at))
    session.flush()
    return n


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
    free_slot(session, held_slot(session, _asking(session, key), slot, actor))


def empty(session: Session, seq: int, at: datetime, said: Sequence[Entry]) -> None:
    """Note that the entry which filled a slot was undone: the item asks again, unless another already does.

    Args:
        session: a writing transaction.
        seq: of the entry that was undone.
        at: now.
        said: all entries about its cell, the one that undoes it included.
    """
    # of who was heard again by a later item, that one first
    query = select(ReviewSlotRow).where(ReviewSlotRow.event_seq == seq)
    for slot in session.exec(query.order_by(col(ReviewSlotRow.item_id).desc())).all():
        _empty(session, slot, seq, at, said)
        item = session.get_one(ReviewItemRow, slot.item_id)
        if item.closed_at is not None and open_item(session, key_of(item)) is None:
            item.closed_at = None
            session.add(item)
    session.flush()


def _empty(session: Session, slot: ReviewSlotRow, seq: int, at: datetime, said: Sequence[Entry]) -> None:
    before = (entry.seq for entry in opinions_on(said) if entry.envelope.actor == slot.holder)
    slot.event_seq = next(before, None) if slot.role == "opinion" else None
    slot.sitting = None  # whoever takes an answer back goes on with it, wherever they gave it
    session.add(slot)
    if slot.event_seq is None and _is_extra(session, slot, seq):
        session.delete(slot)
    elif slot.event_seq is None and slot.lease_until is not None and slot.lease_until <= at:
        slot.holder = slot.lease_until = None


def _is_extra(session: Session, slot: ReviewSlotRow, seq: int) -> bool:
    """Whether nobody asked for what stood in a slot: it was said from outside, or by a third person beside two."""
    if session.get_one(EventRow, seq).actor_kind in FROM_OUTSIDE:
        return True
    kind = func.coalesce(EventRow.actor_kind, "nobody yet")
    people = (
        select(func.count())
        .select_from(ReviewSlotRow)
        .outerjoin(EventRow, col(EventRow.seq) == ReviewSlotRow.event_seq)
        .where(ReviewSlotRow.item_id == slot.item_id, ReviewSlotRow.role == "opinion")
        .where(kind.not_in(FROM_OUTSIDE))
    )
    return slot.role == "opinion" and session.exec(people).one() > MOST_OPINIONS


def held_slot(
    session: Session, item_id: int, n: int, actor: str, sitting: str | None = None
) -> ReviewSlotRow:
    """The slot of an item that somebody holds and has not filled; at one of their screens, if that is named.

    Raises:
        ConflictError: they do not.
    """
    # the row may have changed since this session saw it: claims go past the session's own copies
    slot = session.get(ReviewSlotRow, (item_id, n), populate_existing=True)
    if slot is None or slot.holder != actor or slot.event_seq is not None:
        raise _not_theirs(actor, n, f"item {item_id}")
    if sitting is not None and slot.sitting not in (None, sitting):
        raise _not_theirs(f"this session of {actor}", n, f"item {item_id}")
    return slot


def free_slot(session: Session, slot: ReviewSlotRow) -> None:
    """Let whoever comes next have a slot."""
    slot.holder = slot.lease_until = None
    session.add(slot)
    session.flush()


def _asking(session: Session, key: CellKey) -> int:
    item = open_item(session, key)
    if item is None or item.id is None:
        raise ConflictError(f"{key} no longer waits for a decision", remedy="Go on with the next item")
    return item.id


def _not_theirs(actor: str, n: int, of: object) -> ConflictError:
    return ConflictError(
        f"{actor} no longer holds slot {n} of {of}", remedy="Claim it again, or go on with the next"
    )
