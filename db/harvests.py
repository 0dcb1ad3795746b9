"""How far each source was harvested: a watermark, and what an unfinished harvest needs to go on.

Both change only here, in the session that stores the rows they stand for, so that all is committed or nothing. The
listings themselves are in `db.papers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from db.tables import SourceStateRow

_BACKFILL = " backfill"


def beside(source: str) -> str:
    """The name under which backfills of a source note how far they are, so that its own watermarks stay where they are."""
    return source + _BACKFILL


def is_beside(source: str) -> bool:
    """Whether a name is one of those."""
    return source.endswith(_BACKFILL)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A harvest that was left in the middle. Its token is good for its own window only."""

    token: str
    """Where it goes on, in the source's own words."""
    since: datetime
    until: datetime | None
    """None: up to now, whenever that is."""
    began_at: datetime | None
    """What time the source said it was at the first page; None where it does not say."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a part of a source was harvested."""

    watermark: datetime | None
    """Everything before it was harvested; None where no harvest was ever complete."""
    unfinished: Unfinished | None


def reached(session: Session, source: str, part: str = "") -> Reached:
    """How far a part of a source was harvested."""
    row = session.get(SourceStateRow, (source, part))
    if row is None:
        return Reached(None, None)
    unfinished = None
    if row.token is not None and row.window_from is not None:
        unfinished = Unfinished(row.token, row.window_from, row.window_until, row.began_at)
    return Reached(row.watermark, unfinished)


def note_unfinished(
    session: Session, source: str, part: str, unfinished: Unfinished | None, at: datetime
) -> None:
    """Note where a harvest goes on; None where it has to begin its window anew. The watermark stays."""
    if unfinished is None and reached(session, source, part).unfinished is None:
        return
    row = _row(session, source, part, at)
    row.token = unfinished.token if unfinished else None
    row.window_from = unfinished.since if unfinished else None
    row.window_until = unfinished.until if unfinished else None
    row.began_at = unfinished.began_at if unfinished else None
    session.add(row)
    session.flush()


def move_watermark(session: Session, source: str, part: str, to: datetime, at: datetime) -> None:
    """Note that a harvest is complete, up to when; a watermark never moves back."""
    note_unfinished(session, source, part, None, at)
    row = _row(session, source, part, at)
    if row.watermark is None or to > row.watermark:
        row.watermark = to
    session.add(row)
    session.flush()


def _row(session: Session, source: str, part: str, at: datetime) -> SourceStateRow:
    row = session.get(SourceStateRow, (source, part)) or SourceStateRow(
        source=source, set_name=part, moved_at=at
    )
    row.moved_at = at
    return row
