"""The releases that the database recorded, and taking one back (yanking it): it stays listed and stays where it is, with the reason.

The catalogue beside the releases (`db.dataset.catalogue`) says the same; what a place elsewhere lists is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from db.dataset.catalogue import Catalogue, Listed
from db.dataset.places import FolderPlace
from db.dataset.rows import plain
from db.dataset.versions import Version
from db.tables import ReleaseRow
from extractors.facts.errors import UsageError

LONGEST = 400
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Past:
    """A release that was recorded."""

    version: Version
    as_of: datetime
    manifest_sha256: str
    content_sha256: str
    schema_sha256: str
    last_seq: int = 0
    """The newest entry of the review log that it knew."""


def last_release(session: Session) -> Past | None:
    """The release with the highest version."""
    found = [
        Past(
            Version.parse(row.version),
            row.built_at,
            row.manifest_sha256,
            row.content_sha256,
            row.schema_sha256,
            row.last_seq,
        )
        for row in session.exec(select(ReleaseRow))
    ]
    return max(found, key=lambda past: past.version, default=None)


def recorded(session: Session) -> Catalogue:
    """All releases, the newest version first.

    Args:
        session: a transaction.
    """
    found = Catalogue()
    for row in session.exec(select(ReleaseRow)):
        found = found.with_release(listed(row))
    return found


def listed(row: ReleaseRow) -> Listed:
    """A release as catalogues have it; without cells where it is from before they were counted."""
    statuses = (row.summary or {}).get("statuses")
    cells = sum(statuses.values()) if isinstance(statuses, dict) else 0
    yanked = row.yanked_at is not None
    return Listed(row.version, row.built_at, cells, row.manifest_sha256, yanked, row.yanked_reason or "")


def yank(session: Session, version: str, reason: str, at: datetime) -> None:
    """Take a release back. One that was taken back already gets the new reason.

    Args:
        session: a writing transaction.
        version: which.
        reason: for those who built on it.
        at: now.

    Raises:
        UsageError: there is no such release, or no reason.
    """
    why = plain(reason)[:LONGEST]
    if not why:
        raise UsageError("a release is yanked for a reason", remedy="Say why with --reason")
    row = _row(session, version)
    row.yanked_at, row.yanked_reason = at, why
    session.add(row)


def unyank(session: Session, version: str) -> None:
    """Let a release count again that was taken back.

    Raises:
        UsageError: there is no such release, or it was not taken back.
    """
    row = _row(session, version)
    if row.yanked_at is None:
        raise UsageError(f"release {version} was not yanked", remedy="See burden release list")
    row.yanked_at = row.yanked_reason = None
    session.add(row)


def write_catalogue(found: Catalogue, folder: Path) -> None:
    """Write the catalogue beside the releases, in one step.

    Raises:
        StoreError: the folder cannot be written.
    """
    FolderPlace(folder).amend(lambda _: found)


def _row(session: Session, version: str) -> ReleaseRow:
    row = session.get(ReleaseRow, str(Version.parse(version)))
    if row is None:
        raise UsageError(f"there is no release {version}", remedy="See burden release list")
    return row
