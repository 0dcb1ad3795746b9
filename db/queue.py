"""The review queue: which cells wait for a person, in which order, and who holds which.

An item asks for a look at a cell and has a slot for each opinion that is wanted; a slot is claimed by one atomic
statement, under a lease that runs out, so that no two people hold one and none stays stuck. Nobody holds two slots
of an item, so second opinions and adjudication are always somebody else's. Leases are not part of the review log.

Order: what was passed over least; then the paper the holder is at; then paper by paper what a look is worth
(`db.worth`), flags and disagreements before all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, tuple_, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select

from db.items import open_item
from db.order import is_open, key_of, why_of
from db.slots import free_slot, held_slot
from db.tables import EntityRow, Look, ReviewItemRow, ReviewSlotRow, SlotRole
from db.worth import URGENCY
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, PaperId

COMMANDS = ""
"""The sitting of whoever gives one command after the other; each screen has one of its own."""


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
    sitting: str = COMMANDS
    """At which of the holder's screens."""


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
    sitting: str = COMMANDS,
) -> Claim | None:
    """Take the first free slot for `holder`, or the one they hold there already; None if there is none for them.

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
        sitting: at which of their screens; what they hold at another is not taken.
    """
    until = at + lease
    known = {
        "who": holder,
        "sitting": sitting,
        "now": at,
        "until": until,
        "near": near,
        "passed": list(avoid),
    }
    if only is not None:
        known |= {"entity": str(only.entity), "field": only.field}
        wishes: tuple[_Wish, ...] = ("mine of a cell", "free of a cell")
    else:
        wishes = ("mine", "free near by", "free") if near else ("mine", "free")
    for wish in wishes:
        statement = _statement(_Taking(wish, role, senior, bool(avoid)))
        told = {name: value for name, value in known.items() if name in statement.names}
        row = session.connection().execute(statement.update, told).first()
        if row is not None:
            item = session.get_one(ReviewItemRow, row.item_id)
            return Claim(row.item_id, row.n, role, key_of(item), why_of(item), holder, until, sitting)
    return None


def held_by(
    session: Session, holder: str, *, role: SlotRole = "opinion", sitting: str = COMMANDS
) -> Claim | None:
    """What somebody holds undecided at one of their screens, the first in the order of the queue; also under a lease that ran out, as long as nobody took it."""
    query = (
        select(ReviewSlotRow, ReviewItemRow)
        .join(ReviewItemRow, col(ReviewItemRow.id) == ReviewSlotRow.item_id)
        .where(
            is_open(),
            col(ReviewSlotRow.holder) == holder,
            _is_at(sitting),
            col(ReviewSlotRow.event_seq).is_(None),
            ReviewSlotRow.role == role,
        )
        .order_by(*_ORDER)
    )
    found = session.exec(query).first()
    if found is None or found[0].lease_until is None:
        return None
    slot, item = found
    return Claim(
        slot.item_id, slot.n, role, key_of(item), why_of(item), holder, found[0].lease_until, sitting
    )


def renew(session: Session, claim: Claim, at: datetime, lease: timedelta) -> None:
    """Hold a slot for longer.

    Raises:
        ConflictError: it is no longer held.
    """
    slot = held_slot(session, claim.item_id, claim.slot, claim.holder, claim.sitting)
    slot.lease_until = at + lease
    session.add(slot)
    session.flush()


def release(session: Session, claim: Claim) -> None:
    """Give a slot back undecided; nothing happens if it is no longer held."""
    slot = session.get(ReviewSlotRow, (claim.item_id, claim.slot), populate_existing=True)
    is_theirs = slot is not None and (slot.holder, slot.sitting) == (claim.holder, claim.sitting)
    if slot is not None and is_theirs and slot.event_seq is None:
        free_slot(session, slot)


def waiting(session: Session, limit: int | None = None) -> tuple[Waiting, ...]:
    """Open items in the order of the queue."""
    query = select(ReviewItemRow).where(is_open()).order_by(*_ORDER).limit(limit)
    return tuple(map(_waiting, session.exec(query)))


def waiting_about(session: Session, key: CellKey) -> Waiting | None:
    """The open item of a cell, if there is one."""
    item = open_item(session, key)
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


_Wish = Literal["mine", "free", "free near by", "mine of a cell", "free of a cell"]
"""What is looked for, one after the other."""


class _Taking(NamedTuple):
    """What kind of slot is taken."""

    wish: _Wish
    role: SlotRole
    senior: bool
    avoiding: bool


class _Statement(NamedTuple):
    """A statement that takes a slot, and what it has to be told."""

    update: ReturningUpdate[tuple[int, int]]
    names: frozenset[str]


@cache
def _statement(taking: _Taking) -> _Statement:
    """Made once: to put it together and to name it for the cache of what is compiled takes longer than to run it.

    Each wish is a statement of its own, so that an index has its order.
    """
    picked = (
        select(ReviewSlotRow.item_id, ReviewSlotRow.n)
        .where(col(ReviewSlotRow.role) == taking.role, *_allowed(taking), *_wished(taking.wish))
        .order_by(*_ORDER, col(ReviewSlotRow.n))
        .limit(1)
    )
    chosen = picked.with_for_update(skip_locked=True, of=ReviewSlotRow).cte("picked")
    key = tuple_(col(ReviewSlotRow.item_id), col(ReviewSlotRow.n))
    statement = (
        update(ReviewSlotRow)
        .where(key.in_(select(chosen.c.item_id, chosen.c.n)))
        .values(holder=bindparam("who"), lease_until=bindparam("until"), sitting=bindparam("sitting"))
        .returning(col(ReviewSlotRow.item_id), col(ReviewSlotRow.n))
        .execution_options(synchronize_session=False)
    )
    return _Statement(statement, frozenset(statement.compile().params))


def _wished(wish: _Wish) -> tuple[ColumnElement[bool], ...]:
    is_over = col(ReviewSlotRow.lease_until) <= bindparam("now")
    here = or_(_is_at(bindparam("sitting")), is_over)
    mine = (col(ReviewSlotRow.holder) == bindparam("who"), here, _FROM_SLOTS)
    free = (~_is_held(bindparam("now")), _FROM_ITEMS)
    of_cell = and_(
        col(ReviewItemRow.entity_id) == bindparam("entity"), col(ReviewItemRow.field) == bindparam("field")
    )
    match wish:
        case "mine":
            return mine
        case "free":
            return free
        case "free near by":
            return (*free, col(ReviewItemRow.paper_id) == bindparam("near"), _is_passed_over_least())
        case "mine of a cell":
            return (*mine, of_cell)
        case "free of a cell":
            return (*free, of_cell)


def _allowed(taking: _Taking) -> list[ColumnElement[bool]]:
    """Which slots somebody may have at all."""
    others = select(func.count()).where(
        col(_Slot.item_id) == ReviewSlotRow.item_id,
        col(_Slot.n) != ReviewSlotRow.n,
        col(_Slot.holder) == bindparam("who"),
    )
    conditions: list[ColumnElement[bool]] = [
        is_open(),
        _asks_for(taking.role),
        col(ReviewSlotRow.event_seq).is_(None),
        # counted for the few slots that are looked at: for NOT EXISTS, PostgreSQL would first collect all of the holder's
        others.scalar_subquery() == 0,
    ]
    if not taking.senior:
        conditions.append(col(ReviewItemRow.why) != "flagged")
    if taking.avoiding:
        conditions.append(col(ReviewItemRow.id).not_in(bindparam("passed", expanding=True)))
    return conditions


def _asks_for(role: SlotRole) -> ColumnElement[bool]:
    """Once people disagree, another opinion changes nothing, and before that there is nothing to settle."""
    why = col(ReviewItemRow.why)
    return (
        why.in_(["reviewers-disagree", "flagged"]) if role == "adjudication" else why != "reviewers-disagree"
    )


def _is_passed_over_least() -> ColumnElement[bool]:
    other = aliased(ReviewItemRow)
    least = select(func.min(other.skips)).where(col(other.closed_at).is_(None)).scalar_subquery()
    return col(ReviewItemRow.skips) <= least


def _is_held(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    free = or_(col(ReviewSlotRow.holder).is_(None), col(ReviewSlotRow.lease_until) <= at)
    return and_(col(ReviewSlotRow.event_seq).is_(None), ~free)


def _is_at(sitting: str | BindParameter[str]) -> ColumnElement[bool]:
    """Of a slot that somebody holds: that it is held at this screen of theirs, or that any may go on with it."""
    return or_(col(ReviewSlotRow.sitting).is_(None), col(ReviewSlotRow.sitting) == sitting)


def _waiting(item: ReviewItemRow) -> Waiting:
    return Waiting(item.id or 0, key_of(item), why_of(item), item.skips, item.opened_at)
