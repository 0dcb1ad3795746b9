"""The way of one cell through the releases, as the database remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from db.dataset.versions import Version
from db.tables import PublishedRow, ReleaseRow
from extractors.facts.ids import CellKey


@dataclass(frozen=True, slots=True)
class Step:
    """A release in which a cell changed."""

    version: str
    as_of: datetime
    value: str | None
    """None where it left the dataset, and of releases from before this was kept."""
    is_there: bool
    status: str | None
    reason: str | None


def steps(session: Session, key: CellKey) -> tuple[Step, ...]:
    """The releases in which a cell changed, the first one first.

    Args:
        session: a transaction.
        key: the cell.
    """
    query = (
        select(PublishedRow, ReleaseRow.built_at)
        .join(ReleaseRow)
        .where(PublishedRow.entity_id == str(key.entity), PublishedRow.field == key.field)
    )
    found = sorted(session.exec(query), key=lambda pair: Version.parse(pair[0].version))
    return tuple(
        Step(row.version, as_of, row.value, row.value_hash is not None, row.status, row.reason)
        for row, as_of in found
    )
