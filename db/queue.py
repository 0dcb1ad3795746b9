"""The review queue: which cells wait for a person, in which order, and who holds which.

An item asks for a look at a cell and has a slot for each opinion that is wanted; a slot is claimed by one atomic
statement, under a lease that runs out, so that no two people hold one and none stays stuck. Nobody holds two slots
of an item, so second opinions and adjudication are always somebody else's. Leases are not part of the review log.

Order: what was passed over least; then the paper the holder is at; then paper by paper what a look is worth
(`db.worth`), flags and disagreements before all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, tuple_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.cells import CellState
from db.order import close_ranks, is_open, key_of, put_in_order, why_of
from db.policy import ReviewPolicy
from db.tables import AuditOutcome, EntityRow, Look, ReviewItemRow, ReviewSlotRow, SlotRole
from db.worth import URGENCY
from extractors.facts.errors import ConflictError
from extractors.facts.fields import FIELDS, field_of
from extractors.facts.ids import CellKey, PaperId


@dataclass(frozen=True, slots=True)
class Claim:
    """A slot of an item that somebody holds."""

    item_id: int
    slot: int
    role: SlotRole
    key: CellKey
    why: Look
    holder: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is open."""

    item_id: int
    key: CellKey
    why: Look
    skips: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """The queue in numbers."""

    open: int
    """Items that wait or are held."""
    held: int
    """Of these, items of which somebody holds a slot."""
    papers: int
    by_why: Mapping[Look, int]
    """In the order of urgency."""
    by_field: Mapping[str, int]
    """By path, in the order of the field registry."""


# For those who review


def claim(
    session: Session,
    holder: str,
    at: datetime,
    lease: timedelta,
    *,
    near: PaperId | None = None,
    role: SlotRole = "opinion",
    senior: bool = False,
    avoid: Collection[int] = (),
    only: CellKey | None = None,
) -> Claim | None:
    """Take the first free slot for `holder`, or the one they hold already; None if there is none for them.

    Args:
        session: a writing transaction.
        holder: who claims.
        at: now.
        lease: how long the slot is theirs.
        near: the paper they are at, whose items come first.
        role: whether they give their own opinion, or settle those of others.
        senior: whether flagged items are for them too.
        avoid: items they do not want to see again now.
        only: take a slot of this cell or none.
    """
    mine = col(ReviewSlotRow.holder) == holder
    free = ~_is_held(at)
    if only is not None:
        wishes = [[mine, _FROM_SLOTS, _is_about(only)], [free, _FROM_ITEMS, _is_about(only)]]
    else:
        near_by = [free, _FROM_ITEMS, col(ReviewItemRow.paper_id) == near, _is_passed_over_least()]
        wishes = [[mine, _FROM_SLOTS], *([near_by] if near else []), [free, _FROM_ITEMS]]
    allowed = [col(ReviewSlotRow.role) == role, *_allowed(holder, senior=senior, avoid=avoid)]
    taken = (_take(session, holder, at + lease, [*allowed, *wish]) for wish in wishes)
    return next((found for found in taken if found is not None), None)


def _take(
    session: Session, holder: str, until: datetime, conditions: Iterable[ColumnElement[bool]]
) -> Claim | None:
    """Take the first slot that meets the conditions. Each wish is a statement of its own, so that an index has its order."""
    picked = (
        select(ReviewSlotRow.item_id, ReviewSlotRow.n)
        .where(*conditions)
        .order_by(*_ORDER, col(ReviewSlotRow.n))
        .limit(1)
    )
    chosen = picked.with_for_update(skip_locked=True, of=ReviewSlotRow).cte("picked")
    key = tuple_(col(ReviewSlotRow.item_id), col(ReviewSlotRow.n))
    statement = (
        update(ReviewSlotRow)
        .where(key.in_(select(chosen.c.item_id, chosen.c.n)))
        .values(holder=holder, lease_until=until)
        .returning(col(ReviewSlotRow.item_id), col(ReviewSlotRow.n), col(ReviewSlotRow.role))
        .execution_options(synchronize_session=False)
    )
    row = session.connection().execute(statement).first()
    if row is None:
        return None
    item = session.get_one(ReviewItemRow, row.item_id)
    return Claim(row.item_id, row.n, row.role, key_of(item), why_of(item), holder, until)


def held_by(session: Session, holder: str, *, role: SlotRole = "opinion") -> Claim | None:
    """What somebody holds undecided, the first in the order of the queue; also under a lease that ran out, as long as nobody took it."""
    query = (
        select(ReviewSlotRow, ReviewItemRow)
        .join(ReviewItemRow, col(ReviewItemRow.id) == ReviewSlotRow.item_id)
        .where(
            is_open(),
            col(ReviewSlotRow.holder) == holder,
            col(ReviewSlotRow.event_seq).is_(None),
            ReviewSlotRow.role == role,
        )
        .order_by(*_ORDER)
    )
    found = session.exec(query).first()
    if found is None or found[0].lease_until is None:
        return None
    slot, item = found
    return Claim(slot.item_id, slot.n, role, key_of(item), why_of(item), holder, found[0].lease_until)


def renew(session: Session, claim: Claim, at: datetime, lease: timedelta) -> None:
    """Hold a slot for longer.

    Raises:
        ConflictError: it is no longer held.
    """
    slot = _held(session, claim.item_id, claim.slot, claim.holder)
    slot.lease_until = at + lease
    session.add(slot)
    session.flush()


def release(session: Session, claim: Claim) -> None:
    """Give a slot back undecided; nothing happens if it is no longer held."""
    slot = session.get(ReviewSlotRow, (claim.item_id, claim.slot), populate_existing=True)
    if slot is not None and slot.holder == claim.holder and slot.event_seq is None:
        _free(session, slot)


def waiting(session: Session, limit: int | None = None) -> tuple[Waiting, ...]:
    """Open items in the order of the queue."""
    query = select(ReviewItemRow).where(is_open()).order_by(*_ORDER).limit(limit)
    return tuple(map(_waiting, session.exec(query)))


def waiting_about(session: Session, key: CellKey) -> Waiting | None:
    """The open item of a cell, if there is one."""
    item = _open_item(session, key)
    return _waiting(item) if item is not None else None


def open_items(session: Session, role: SlotRole | None = None) -> int:
    """How many items wait or are held; of a role, those that ask for an opinion, or those that ask for an adjudicator."""
    query = select(func.count()).select_from(ReviewItemRow).where(is_open())
    if role is not None:
        why = col(ReviewItemRow.why)
        query = query.where(
            why == "reviewers-disagree" if role == "adjudication" else why != "reviewers-disagree"
        )
    return session.exec(query).one()


def counts(session: Session, at: datetime) -> Counts:
    """The queue in numbers."""
    held = exists().where(col(ReviewSlotRow.item_id) == ReviewItemRow.id, _is_held(at))
    by_why = select(ReviewItemRow.why, func.count()).where(is_open()).group_by(col(ReviewItemRow.why))
    numbers = dict(session.exec(by_why).all())
    fields = select(EntityRow.kind, ReviewItemRow.field, func.count()).where(is_open())
    fields = fields.join(EntityRow, col(EntityRow.entity_id) == ReviewItemRow.entity_id)
    rows = session.exec(fields.group_by(col(EntityRow.kind), col(ReviewItemRow.field))).all()
    by_field = {f"{kind}.{name}": number for kind, name, number in rows}
    return Counts(
        open=sum(by_field.values()),
        held=session.exec(select(func.count()).select_from(ReviewItemRow).where(is_open(), held)).one(),
        papers=session.exec(select(func.count(func.distinct(ReviewItemRow.paper_id))).where(is_open())).one(),
        by_why={look: numbers[look] for look in URGENCY if look in numbers},
        by_field={path: by_field[path] for path in FIELDS if path in by_field},
    )


def fullest(session: Session, limit: int | None = None) -> dict[PaperId, int]:
    """How many items are open of each paper, most first."""
    number = func.count()
    query = select(ReviewItemRow.paper_id, number).where(is_open()).group_by(col(ReviewItemRow.paper_id))
    rows = session.exec(query.order_by(number.desc(), col(ReviewItemRow.paper_id)).limit(limit))
    return {PaperId(paper): items for paper, items in rows}


# For the log: what an entry does to the queue


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
    item = _open_item(session, key)
    if item is not None:
        item.skips += 1
        session.add(item)
        session.flush()


def let_go(session: Session, key: CellKey, slot: int, actor: str) -> None:
    """Free a slot of the cell's open item undecided.

    Raises:
        ConflictError: the actor does not hold that slot.
    """
    _free(session, _slot_of(session, key, slot, actor))


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
    if item.closed_at is not None and _open_item(session, key_of(item)) is None:
        item.closed_at = None
        session.add(item)
    session.flush()


# For the cache: items follow the states of cells


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

_FROM_SLOTS = col(ReviewItemRow.id) == ReviewSlotRow.item_id
_FROM_ITEMS = col(ReviewItemRow.id) + 0 == ReviewSlotRow.item_id
"""The same, of a sum that no index has: or SQLite would look at all free slots and sort their items, not read the queue from its head."""
_Slot = aliased(ReviewSlotRow)
_ORDER = (
    col(ReviewItemRow.skips),
    col(ReviewItemRow.paper_rank),
    col(ReviewItemRow.paper_id),
    col(ReviewItemRow.rank),
    col(ReviewItemRow.id),
)


def _allowed(holder: str, *, senior: bool, avoid: Collection[int]) -> list[ColumnElement[bool]]:
    """Which slots `holder` may have at all."""
    others = select(func.count()).where(
        col(_Slot.item_id) == ReviewSlotRow.item_id,
        col(_Slot.n) != ReviewSlotRow.n,
        col(_Slot.holder) == holder,
    )
    conditions: list[ColumnElement[bool]] = [
        is_open(),
        col(ReviewSlotRow.event_seq).is_(None),
        # counted for the few slots that are looked at: for NOT EXISTS, PostgreSQL would first collect all of the holder's
        others.scalar_subquery() == 0,
    ]
    if not senior:
        conditions.append(col(ReviewItemRow.why) != "flagged")
    if avoid:
        conditions.append(col(ReviewItemRow.id).not_in(avoid))
    return conditions


def _is_passed_over_least() -> ColumnElement[bool]:
    other = aliased(ReviewItemRow)
    least = select(func.min(other.skips)).where(col(other.closed_at).is_(None)).scalar_subquery()
    return col(ReviewItemRow.skips) <= least


def _is_held(at: datetime) -> ColumnElement[bool]:
    free = or_(col(ReviewSlotRow.holder).is_(None), col(ReviewSlotRow.lease_until) <= at)
    return and_(col(ReviewSlotRow.event_seq).is_(None), ~free)


def _is_about(key: CellKey) -> ColumnElement[bool]:
    return and_(col(ReviewItemRow.entity_id) == str(key.entity), col(ReviewItemRow.field) == key.field)


def _open_item(session: Session, key: CellKey) -> ReviewItemRow | None:
    return session.exec(select(ReviewItemRow).where(_is_about(key), is_open())).one_or_none()


def _open_items(session: Session, entities: Collection[str]) -> dict[CellKey, ReviewItemRow]:
    rows = session.exec(select(ReviewItemRow).where(col(ReviewItemRow.entity_id).in_(entities), is_open()))
    return {key_of(row): row for row in rows}


def _slot_of(session: Session, key: CellKey, n: int, actor: str) -> ReviewSlotRow:
    item = _open_item(session, key)
    if item is None:
        raise ConflictError(f"{key} no longer waits for a decision", remedy="Go on with the next item")
    return _held(session, item.id or 0, n, actor)


def _held(session: Session, item_id: int, n: int, actor: str) -> ReviewSlotRow:
    # the row may have changed since this session saw it: claims go past the session's own copies
    slot = session.get(ReviewSlotRow, (item_id, n), populate_existing=True)
    if slot is None or slot.holder != actor or slot.event_seq is not None:
        raise ConflictError(
            f"{actor} no longer holds slot {n} of item {item_id}",
            remedy="Claim it again, or go on with the next",
        )
    return slot


def _free(session: Session, slot: ReviewSlotRow) -> None:
    slot.holder = slot.lease_until = None
    session.add(slot)
    session.flush()


def _waiting(item: ReviewItemRow) -> Waiting:
    return Waiting(item.id or 0, key_of(item), why_of(item), item.skips, item.opened_at)
