"""Papers as their sources list them, how far each source was harvested, and which files belong to them.

Metadata is kept as received, one row a version. A watermark moves only through `move_watermark`, in the session
that stores the rows, so that both are committed or neither. What is read from the files is in `db.readings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.tables import BlobRow, FileRow, PaperRow, PaperVersionRow, ReadingRow, ScreeningRow, SourceStateRow
from extractors.facts.ids import PaperId

Stage = Literal["listing", "document"]
Media = Literal["pdf", "html"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One version of a paper as a source lists it."""

    paper_id: PaperId
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """Primary first; empty where the source has none."""
    published: datetime | None
    """Of the first version."""
    updated: datetime | None
    """Of this version."""
    raw: bytes
    """The record exactly as the source sent it."""
    pdf_url: str | None = None
    licence: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Harvested:
    """What a batch of listings brought."""

    new: int
    """Papers seen for the first time."""
    revised: int
    """New versions of known papers."""
    known: int
    """Versions that were there already; nothing of theirs was changed."""


@dataclass(frozen=True, slots=True)
class FileOf:
    """A file of a paper's version, in the object store or still to be fetched."""

    paper_id: PaperId
    version: int
    sha256: str | None
    url: str | None
    """Where it came from; of a file to be fetched, where its listing says that the PDF is."""
    media: Media = "pdf"


def record_listings(session: Session, source: str, listings: Iterable[Listing], at: datetime) -> Harvested:
    """Store listings; a version that is there already is left as it was received first."""
    counts = {"new": 0, "revised": 0, "known": 0}
    for listing in listings:
        counts[_record(session, source, listing, at)] += 1
    session.flush()
    return Harvested(**counts)


def _record(
    session: Session, source: str, listing: Listing, at: datetime
) -> Literal["new", "revised", "known"]:
    if session.get(PaperVersionRow, (listing.paper_id, listing.version)):
        return "known"
    paper = session.get(PaperRow, listing.paper_id)
    found: Literal["new", "revised"] = "revised" if paper else "new"
    if paper is None:
        paper = PaperRow(
            paper_id=listing.paper_id,
            source=source,
            title=listing.title,
            latest=listing.version,
            first_seen=at,
        )
    if listing.version >= paper.latest:
        paper.title, paper.latest = listing.title, listing.version
    paper.published = paper.published or listing.published
    session.add(paper)
    session.flush()
    session.add(_version_row(listing, at))
    session.flush()
    return found


def _version_row(listing: Listing, at: datetime) -> PaperVersionRow:
    return PaperVersionRow(
        paper_id=listing.paper_id,
        version=listing.version,
        title=listing.title,
        abstract=listing.abstract,
        authors=list(listing.authors),
        categories=list(listing.categories),
        updated=listing.updated,
        pdf_url=listing.pdf_url,
        licence=listing.licence,
        comment=listing.comment,
        raw=listing.raw,
        seen_at=at,
    )


def listing_of(session: Session, paper_id: str, version: int | None = None) -> Listing | None:
    """A version as it was listed, the newest by default; None if it is not known."""
    paper = session.get(PaperRow, paper_id)
    row = paper and session.get(PaperVersionRow, (paper_id, version or paper.latest))
    if not paper or not row:
        return None
    return Listing(
        PaperId(row.paper_id),
        row.version,
        row.title,
        row.abstract,
        tuple(row.authors),
        tuple(row.categories),
        paper.published,
        row.updated,
        row.raw,
        row.pdf_url,
        row.licence,
        row.comment,
    )


# How far a source was harvested


def source_state(session: Session, source: str, set_name: str = "") -> SourceStateRow | None:
    """How far a source was harvested; None if it never was."""
    return session.get(SourceStateRow, (source, set_name))


def move_watermark(
    session: Session,
    source: str,
    to: datetime | None,
    at: datetime,
    *,
    set_name: str = "",
    token: str | None = None,
) -> None:
    """Note how far a source was harvested, in the session that stored its rows.

    Args:
        session: the transaction of `record_listings`.
        source: the source's name.
        to: the new watermark; None leaves it, as in the middle of a harvest. It never moves back.
        at: now.
        set_name: the part of the source, where it has several.
        token: where an unfinished harvest goes on; None if it is finished.
    """
    row = session.get(SourceStateRow, (source, set_name))
    row = row or SourceStateRow(source=source, set_name=set_name, moved_at=at)
    if to is not None and (row.watermark is None or to > row.watermark):
        row.watermark = to
    row.token, row.moved_at = token, at
    session.add(row)
    session.flush()


# Screening


def record_screening(
    session: Session,
    paper_id: str,
    version: int,
    *,
    stage: Stage,
    decision: str,
    domains: Sequence[str],
    reason: str,
    at: datetime,
    run_key: str | None = None,
) -> None:
    """Store whether a version is to be read, and why; a later decision of the same stage replaces an earlier."""
    row = ScreeningRow(
        paper_id=paper_id,
        version=version,
        stage=stage,
        decision=decision,
        domains=list(domains),
        reason=reason,
        run_key=run_key,
        decided_at=at,
    )
    session.merge(row)
    session.flush()


def unscreened(session: Session) -> tuple[Listing, ...]:
    """Newest versions that have not been screened by their listing, oldest paper first."""
    found = select(PaperVersionRow.paper_id).join(PaperRow, _newest()).where(~_screened()).order_by(*_ORDER)
    listings = (listing_of(session, paper_id) for paper_id in session.exec(found).all())
    return tuple(listing for listing in listings if listing)


# Files


def record_file(
    session: Session,
    paper_id: str,
    version: int,
    *,
    sha256: str,
    size: int,
    at: datetime,
    media: Media = "pdf",
    url: str | None = None,
    etag: str | None = None,
) -> None:
    """Note that the bytes of a version are in the object store."""
    if session.get(BlobRow, sha256) is None:
        session.add(BlobRow(sha256=sha256, size=size, stored_at=at))
        session.flush()
    row = FileRow(
        paper_id=paper_id, version=version, media=media, sha256=sha256, url=url, etag=etag, fetched_at=at
    )
    session.merge(row)
    session.flush()


def papers_of(session: Session, files: Iterable[str]) -> dict[str, PaperId]:
    """Of which papers these files are, by their sha256; those that no paper has are left out."""
    query = select(FileRow.sha256, FileRow.paper_id).order_by(FileRow.paper_id)
    wanted = set(files)
    return {sha256: PaperId(paper) for sha256, paper in session.exec(query) if sha256 in wanted}


def file_of(session: Session, paper_id: str, sha256: str) -> FileOf | None:
    """The newest version of a paper that has these bytes, and as which medium; None if none has."""
    query = select(FileRow).where(FileRow.paper_id == paper_id, FileRow.sha256 == sha256)
    row = session.exec(query.order_by(col(FileRow.version).desc())).first()
    if row is None:
        return None
    media: Media = "html" if row.media == "html" else "pdf"
    return FileOf(PaperId(row.paper_id), row.version, row.sha256, row.url, media)


def to_fetch(session: Session, media: Media = "pdf", *, unread_by: str | None = None) -> tuple[FileOf, ...]:
    """Newest versions that screening found relevant and that have no file of the medium, oldest paper first.

    A version whose listing leads to a page instead of a PDF is asked for like a PDF, and has what it can have with that.

    Args:
        session: a transaction.
        media: the medium.
        unread_by: only versions of which this extractor has read no file.
    """
    fits = col(FileRow.media) == media
    if media == "pdf":
        fits = or_(fits, col(FileRow.url) == PaperVersionRow.pdf_url)
    has_file = exists().where(*_same_version(FileRow.paper_id, FileRow.version), fits)
    conditions = [_screened("relevant"), ~has_file, col(PaperVersionRow.pdf_url).is_not(None)]
    if unread_by is not None:
        conditions.append(~_is_read(unread_by))
    found = select(PaperVersionRow).join(PaperRow, _newest()).where(*conditions).order_by(*_ORDER)
    return tuple(
        FileOf(PaperId(row.paper_id), row.version, None, row.pdf_url, media) for row in session.exec(found)
    )


def to_read(session: Session, extractor: str) -> tuple[FileOf, ...]:
    """The files of newest versions of which this extractor has read none, oldest paper first."""
    found = (
        select(FileRow)
        .join(PaperVersionRow, and_(*_same_version(FileRow.paper_id, FileRow.version)))
        .join(PaperRow, _newest())
        .where(~_is_read(extractor))
        .order_by(*_ORDER, col(FileRow.media))
    )
    return tuple(map(_file_of, session.exec(found)))


def files_of(session: Session, paper_id: str) -> tuple[FileOf, ...]:
    """The files of a paper's newest version that has any, the PDF first."""
    query = select(FileRow).where(FileRow.paper_id == paper_id)
    rows = session.exec(query.order_by(col(FileRow.version).desc(), col(FileRow.media).desc())).all()
    return tuple(_file_of(row) for row in rows if row.version == rows[0].version)


def _file_of(row: FileRow) -> FileOf:
    media: Media = "html" if row.media == "html" else "pdf"
    return FileOf(PaperId(row.paper_id), row.version, row.sha256, row.url, media)


def file_of_version(session: Session, paper_id: str, version: int, media: Media) -> FileOf | None:
    """The file of one version and medium; None if there is none."""
    row = session.get(FileRow, (paper_id, version, media))
    return _file_of(row) if row else None


def screening_of(session: Session, paper_id: str) -> tuple[str, str] | None:
    """Whether the newest version is to be read as its listing told, and why; None if nobody decided."""
    paper = session.get(PaperRow, paper_id)
    row = session.get(ScreeningRow, (paper_id, paper.latest, "listing")) if paper else None
    return (row.decision, row.reason) if row else None


_ORDER = (col(PaperRow.first_seen), col(PaperRow.paper_id))


def _newest() -> ColumnElement[bool]:
    """That a version is its paper's newest."""
    return and_(
        col(PaperVersionRow.paper_id) == PaperRow.paper_id, col(PaperVersionRow.version) == PaperRow.latest
    )


def _screened(decision: str | None = None) -> ColumnElement[bool]:
    """That a version was screened by its listing, perhaps with this decision."""
    conditions = [
        *_same_version(ScreeningRow.paper_id, ScreeningRow.version),
        col(ScreeningRow.stage) == "listing",
    ]
    if decision:
        conditions.append(col(ScreeningRow.decision) == decision)
    return exists().where(*conditions)


def _is_read(extractor: str) -> ColumnElement[bool]:
    """That this extractor has read a file of the version, of whichever medium."""
    file = aliased(FileRow)
    return exists().where(
        *_same_version(file.paper_id, file.version),
        col(ReadingRow.sha256) == file.sha256,
        col(ReadingRow.extractor) == extractor,
    )


def _same_version(paper_id: str, version: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a row of another table is about the version; the arguments are that table's columns."""
    return col(PaperVersionRow.paper_id) == paper_id, col(PaperVersionRow.version) == version
