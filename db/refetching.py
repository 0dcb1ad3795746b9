"""Files that are fetched a second time: those that the store lost, and those that may be others by now where they came from.

What comes back with the same bytes is the same file. Other bytes are never put in its place unsaid: the version has a new file from
then on, which is read as any other, and what it was before is kept beside it (`db.former`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from db.former import FormerFileRow
from db.papers import UNKNOWN, FileOf, Media, Validators, file_from_row
from db.tables import BlobRow, FileRow, PaperRow


def note_lost(session: Session, files: Collection[str], at: datetime) -> int:
    """Note that files are gone from the store, or damaged, by their sha256; how many of them this was not known of."""
    lost = update(BlobRow).where(col(BlobRow.sha256).in_(files), col(BlobRow.lost_at).is_(None))
    return session.exec(lost.values(lost_at=at)).rowcount


def note_found(session: Session, sha256: str) -> None:
    """Note that a file is in the store, whole."""
    session.exec(update(BlobRow).where(col(BlobRow.sha256) == sha256).values(lost_at=None))


def lost(session: Session) -> frozenset[str]:
    """The files that are known to be gone or damaged and that a version is known by, by their sha256."""
    query = select(FileRow.sha256).join(BlobRow, col(BlobRow.sha256) == FileRow.sha256)
    return frozenset(session.exec(query.where(col(BlobRow.lost_at).is_not(None))))


def is_lost(session: Session, sha256: str) -> bool:
    """Whether a file is known to be gone or damaged."""
    row = session.get(BlobRow, sha256)
    return row is not None and row.lost_at is not None


def replaced(session: Session) -> frozenset[str]:
    """The files that no version is known by any more, as its source has others by now; by their sha256."""
    still = select(FileRow.sha256)
    return frozenset(
        session.exec(select(FormerFileRow.sha256).where(col(FormerFileRow.sha256).not_in(still)))
    )


def sharing(session: Session, sha256: str) -> tuple[FileOf, ...]:
    """All that are known by a file."""
    rows = session.exec(select(FileRow).where(FileRow.sha256 == sha256).order_by(FileRow.paper_id))
    return tuple(map(file_from_row, rows))


def to_fetch_again(session: Session) -> tuple[FileOf, ...]:
    """The files that the store lost, of all versions, in order, each once, whoever shares it.

    A service cannot say of these that they are as they were, for nobody knows what they were.
    """
    query = select(FileRow).join(BlobRow, col(BlobRow.sha256) == FileRow.sha256)
    query = query.where(col(BlobRow.lost_at).is_not(None))
    rows = session.exec(query.order_by(FileRow.paper_id, col(FileRow.version), FileRow.media)).all()
    first = {row.sha256: row for row in reversed(rows)}
    return tuple(file_from_row(row) for row in rows if first[row.sha256] is row)


def to_check(session: Session, media: Media, before: datetime, most: int) -> tuple[FileOf, ...]:
    """The files of newest versions that were asked for last before a moment, longest ago first, with what they are known by.

    Only those of which the service can say that they are as they were, for they are not to be sent again.
    """
    asked = func.coalesce(col(FileRow.checked_at), col(FileRow.fetched_at))
    query = (
        select(FileRow)
        .join(PaperRow, col(PaperRow.paper_id) == FileRow.paper_id)
        .join(BlobRow, col(BlobRow.sha256) == FileRow.sha256)
        .where(
            FileRow.media == media,
            FileRow.version == PaperRow.latest,
            col(PaperRow.withdrawn_at).is_(None),
            col(BlobRow.lost_at).is_(None),
            or_(col(FileRow.etag).is_not(None), col(FileRow.modified).is_not(None)),
            asked < before,
        )
        .order_by(asked, col(FileRow.paper_id))
        .limit(most)
    )
    return tuple(file_from_row(row, is_known=True) for row in session.exec(query))


def file_at(session: Session, url: str) -> FileOf | None:
    """The file that came from an address last and is in the store, with what it is known by; None if there is none."""
    query = select(FileRow).join(BlobRow, col(BlobRow.sha256) == FileRow.sha256)
    query = query.where(FileRow.url == url, col(BlobRow.lost_at).is_(None))
    row = session.exec(query.order_by(col(FileRow.fetched_at).desc()).limit(1)).first()
    return file_from_row(row, is_known=True) if row else None


def note_same(session: Session, file: FileOf, at: datetime, validators: Validators) -> None:
    """Note that a version's file is as it was where it came from; and by what it is known there, if that was said again."""
    row = session.get_one(FileRow, (file.paper_id, file.version, file.media))
    row.checked_at = at
    if validators != UNKNOWN:
        row.etag, row.modified = validators.etag, validators.modified
    session.add(row)
    session.flush()


def replace_file(
    session: Session,
    file: FileOf,
    *,
    sha256: str,
    size: int,
    at: datetime,
    url: str,
    validators: Validators,
) -> None:
    """Note that a version has other bytes where it came from; what it had is kept beside them.

    Args:
        session: a writing transaction.
        file: the file as it was.
        sha256: of the new one, which is in the store.
        size: of the new one, in bytes.
        at: now.
        url: where it came from.
        validators: what it is known by there.
    """
    row = session.get_one(FileRow, (file.paper_id, file.version, file.media))
    if session.get(BlobRow, sha256) is None:
        session.add(BlobRow(sha256=sha256, size=size, stored_at=at))
    former = FormerFileRow(
        paper_id=row.paper_id,
        version=row.version,
        media=row.media,
        sha256=row.sha256,
        url=row.url,
        fetched_at=row.fetched_at,
        replaced_at=at,
    )
    session.merge(former)
    session.flush()
    row.sha256, row.url, row.fetched_at, row.checked_at = sha256, url, at, None
    row.etag, row.modified = validators.etag, validators.modified
    session.add(row)
    session.flush()
