"""Alarms as they are kept: raised once for as long as they last, and red until a person has seen them.

What is an alarm is judged in `flows.watch`; here it is one by its kind and its subject. An alarm that was seen and still
lasts says nothing more; one that ended and comes again is a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db.tables import AlarmRow
from extractors.facts.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Sign:
    """That something is wrong: kind and subject say what, the message how."""

    kind: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class KeptAlarm:
    """An alarm as it is kept."""

    id: int
    source: str
    kind: str
    subject: str
    message: str
    """As of the last run that raised it."""
    nights: int
    """Runs that raised it."""
    raised_at: datetime
    last_at: datetime
    ended_at: datetime | None
    """When a run no longer raised it; None while it lasts."""
    acknowledged_at: datetime | None
    acknowledged_by: str | None


def raise_alarms(
    session: Session, source: str, signs: Iterable[Sign], at: datetime, run_key: str | None = None
) -> None:
    """Keep what a run raised, and note that alarms of its source which it did not raise have ended."""
    query = select(AlarmRow).where(AlarmRow.source == source, col(AlarmRow.ended_at).is_(None))
    lasting = {(row.kind, row.subject): row for row in session.exec(query)}
    for sign in signs:
        row = lasting.pop((sign.kind, sign.subject), None)
        if row is None:
            row = AlarmRow(
                source=source,
                kind=sign.kind,
                subject=sign.subject,
                message="",
                nights=0,
                raised_at=at,
                last_at=at,
            )
        row.nights += 1
        row.message, row.last_at, row.run_key = sign.message, at, run_key
        session.add(row)
    for row in lasting.values():
        row.ended_at = at
        session.add(row)
    session.flush()


def undelivered(session: Session) -> tuple[KeptAlarm, ...]:
    """Alarms of which nobody was told, and that nobody has seen, oldest first."""
    return tuple(_kept(row) for row in _unseen(session) if row.delivered_at is None)


def note_delivery(session: Session, alarm_ids: Iterable[int], at: datetime) -> None:
    """Note that people were told of alarms."""
    for row in session.exec(select(AlarmRow).where(col(AlarmRow.id).in_(list(alarm_ids)))):
        row.delivered_at = at
        session.add(row)
    session.flush()


def open_alarms(session: Session) -> tuple[KeptAlarm, ...]:
    """Alarms that nobody has seen, whether they last or not, oldest first."""
    return tuple(map(_kept, _unseen(session)))


def all_alarms(session: Session) -> tuple[KeptAlarm, ...]:
    """Every alarm there ever was, oldest first."""
    query = select(AlarmRow).order_by(col(AlarmRow.raised_at), col(AlarmRow.id))
    return tuple(map(_kept, session.exec(query)))


def acknowledge_alarm(session: Session, alarm_id: int, who: str, at: datetime) -> KeptAlarm:
    """Note that a person has seen an alarm; who saw it first stays.

    Raises:
        ConflictError: there is no such alarm.
    """
    row = session.get(AlarmRow, alarm_id)
    if row is None:
        raise ConflictError(f"there is no alarm {alarm_id}", remedy="List them with burden alarms")
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = at, who
        session.add(row)
        session.flush()
    return _kept(row)


def _unseen(session: Session) -> Sequence[AlarmRow]:
    query = select(AlarmRow).where(col(AlarmRow.acknowledged_at).is_(None))
    return session.exec(query.order_by(col(AlarmRow.raised_at), col(AlarmRow.id))).all()


def _kept(row: AlarmRow) -> KeptAlarm:
    return KeptAlarm(
        row.id or 0,
        row.source,
        row.kind,
        row.subject,
        row.message,
        row.nights,
        row.raised_at,
        row.last_at,
        row.ended_at,
        row.acknowledged_at,
        row.acknowledged_by,
    )
