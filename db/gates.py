"""Whose turn it is to ask a service, for all processes on all machines together.

A turn is taken by one statement, so that two can never have it at once; it is kept while the request is under way, which makes
it the one connection that arXiv allows, and given back with the time before which nobody is to ask again. Who dies with a turn
loses it when its time is up. How long to wait and what to ask is decided in `flows.http`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from db.tables import GateRow

LONGEST = timedelta(days=1)
"""No wait that a service asks for is longer. A time further ahead was written by a clock that has been set back since, and is not believed."""
LONGEST_HOLD = timedelta(minutes=20)
"""No request takes longer, whatever anybody's settings: who is said to have the turn until later than this and what clocks differ by has lost it."""
AHEAD = timedelta(minutes=10)
"""How far clocks may differ: a request cannot have begun further ahead, and one that seems to was noted by a clock that has been set back."""


def take_turn(
    session: Session, host: str, holder: str, at: datetime, *, interval: timedelta, until: datetime
) -> datetime | None:
    """Take the turn at a service; None if it is taken, else when to try again.

    Args:
        session: a transaction of its own, to be committed at once.
        host: the service.
        holder: who asks, by a name that nobody else has.
        at: now.
        interval: least time since the start of the request before.
        until: when the turn ends by itself, should its holder have died.
    """
    _present(session, host)
    _put_right(session, host, at)
    hold = max(until - at, LONGEST_HOLD) + AHEAD
    taken = session.exec(
        update(GateRow)
        .where(
            col(GateRow.host) == host,
            _passed(col(GateRow.held_until), at, furthest=hold),
            _passed(col(GateRow.next_at), at),
            _passed(col(GateRow.started_at), at, interval, AHEAD),
        )
        .values(holder=holder, held_until=until, started_at=at, next_at=None)
    )
    if taken.rowcount:
        return None
    row = session.get_one(GateRow, host, populate_existing=True)
    began = row.started_at if row.started_at and row.started_at <= at + AHEAD else None
    started = began and began + interval
    return max((due for due in (row.held_until, row.next_at, started) if due), default=at)


def holder_of(session: Session, host: str) -> str | None:
    """Who has the turn at a service; None where nobody has."""
    row = session.get(GateRow, host)
    return row.holder if row else None


def end_turn(session: Session, host: str, holder: str, *, not_before: datetime | None = None) -> None:
    """Give a turn back, if it is still one's own.

    Args:
        session: a transaction of its own.
        host: the service.
        holder: who had the turn.
        not_before: when the service may be asked again, where it said so; whoever asks, holder or not.
    """
    held = update(GateRow).where(col(GateRow.host) == host, col(GateRow.holder) == holder)
    session.exec(held.values(holder=None, held_until=None))
    if not_before is not None:
        later = or_(col(GateRow.next_at).is_(None), col(GateRow.next_at) < not_before)
        session.exec(update(GateRow).where(col(GateRow.host) == host, later).values(next_at=not_before))


def _present(session: Session, host: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.exec(insert(GateRow).values(host=host).on_conflict_do_nothing())


def _put_right(session: Session, host: str, at: datetime) -> None:
    """Let a wait that was noted by a clock which has been set back since begin now: it is kept, and no longer than was asked.

    Such a clock shows by the request before the wait, which would begin in the future.
    """
    row = session.get_one(GateRow, host, populate_existing=True)
    began, due = row.started_at, row.next_at
    if began is None or due is None or began <= at + AHEAD or due <= began:
        return
    as_read = col(GateRow.host) == host, col(GateRow.started_at) == began, col(GateRow.next_at) == due
    session.exec(update(GateRow).where(*as_read).values(next_at=at + (due - began), started_at=None))


def _passed(
    moment: Mapped[datetime | None],
    at: datetime,
    interval: timedelta = timedelta(),
    furthest: timedelta = LONGEST,
) -> ColumnElement[bool]:
    """That a time, and an interval after it, has passed, or that the time is too far ahead to be true."""
    return or_(moment.is_(None), moment <= at - interval, moment > at + furthest)
