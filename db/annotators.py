"""Who may review. Names are what the log says of who decided, so they are never used again for somebody else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from db.policy import LOT
from db.tables import ANNOTATOR_ROLES, AnnotatorRole, AnnotatorRow
from extractors.facts.errors import ConflictError, UsageError

_NAME = re.compile(r"[\w][\w.@+-]{0,63}")
_RESERVED = re.compile(rf"{LOT}|burden(-.*)?", re.IGNORECASE)
"""Who else says something in the log, or names entities: the lot that chooses papers to read, and each version of the extractor."""


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody who may review, or once might."""

    name: str
    role: AnnotatorRole
    added_at: datetime
    retired_at: datetime | None = None

    @property
    def is_senior(self) -> bool:
        """Whether they also decide what others flagged."""
        return self.role == "senior"


def add_annotator(session: Session, name: str, role: AnnotatorRole, at: datetime) -> Annotator:
    """Let somebody review; who is known gets the role, and who had retired comes back.

    Raises:
        UsageError: the name is not one that logs and command lines can hold, or the program's own.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for an annotator",
            remedy="Use letters, digits and . _ @ + -, at most 64, with a letter or digit first",
        )
    if _RESERVED.fullmatch(name):
        raise UsageError(
            f"{name!r} is what the program calls itself, and no name for an annotator", remedy="Use another"
        )
    row = session.get(AnnotatorRow, name) or AnnotatorRow(name=name, role=role, added_at=at)
    row.role, row.retired_at = role, None
    session.add(row)
    session.flush()
    return _annotator(row)


def retire_annotator(session: Session, name: str, at: datetime) -> Annotator:
    """Let somebody review no longer; what they decided stays.

    Raises:
        UsageError: nobody has that name.
    """
    row = session.get(AnnotatorRow, name)
    if row is None:
        raise _unknown(session, name)
    row.retired_at = row.retired_at or at
    session.add(row)
    session.flush()
    return _annotator(row)


def annotators(session: Session) -> tuple[Annotator, ...]:
    """All who may review or once might, by name."""
    return tuple(map(_annotator, session.exec(select(AnnotatorRow).order_by(AnnotatorRow.name))))


def annotator(session: Session, name: str) -> Annotator:
    """Somebody who may review.

    Raises:
        UsageError: nobody has that name.
        ConflictError: they have retired.
    """
    row = session.get(AnnotatorRow, name)
    if row is None:
        raise _unknown(session, name)
    if row.retired_at is not None:
        raise ConflictError(
            f"{name} no longer reviews since {row.retired_at:%Y-%m-%d}",
            remedy=f"Run burden annotators add {name}",
        )
    return _annotator(row)


def _annotator(row: AnnotatorRow) -> Annotator:
    role = next(role for role in ANNOTATOR_ROLES if role == row.role)
    return Annotator(row.name, role, row.added_at, row.retired_at)


def _unknown(session: Session, name: str) -> UsageError:
    known = [someone.name for someone in annotators(session) if someone.retired_at is None]
    listed = f"Say who decides with --as ({', '.join(known)}), or run" if known else "Run"
    return UsageError(f"{name!r} is not an annotator here", remedy=f"{listed} burden annotators add NAME")
