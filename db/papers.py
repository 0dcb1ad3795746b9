"""Papers as their sources list them, and which files belong to them.

Metadata is kept as received, one row a version; what a later listing says otherwise is kept beside it. How far a source
was harvested is in `db.harvests`, what is read from the files in `db.readings`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, case, exists, or_, text, true, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.duplicates import duplicates
from db.runs import unfinished_backfills
from db.screening_tables import ScreeningRow
from db.tables import BlobRow, FileRow, Json, PaperRow, PaperVersionRow, ReadingRow, RunRow
from extractors.facts.ids import PaperId
from extractors.screening import WANTED

Media = Literal["pdf", "html"]

LISTING_LOCK = 0x6C697374
"""Key of PostgreSQL's lock for those who store listings; any number that nothing else uses."""
_AT_ONCE = 500
"""Papers a query asks for; SQLite takes no more than 999 parameters where it is old."""


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
    """Papers seen for the first time, in however many versions."""
    revised: int
    """Known papers of which a newer version came."""
    known: int
    """Versions that were there already; what was first received of them stays."""
    relisted: int = 0
    """Of these, versions of which the source now says something else."""
    added: tuple[tuple[PaperId, int], ...] = field(default=(), compare=False)
    """The versions that were stored."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A paper that was taken back, by its authors or by its source."""

    paper_id: PaperId
    at: datetime
    reason: str
    """In the words of the source, where it has some."""


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a service knows a file again, in its own words (RFC 9110, section 8.8)."""

    etag: str | None = None
    modified: str | None = None
    """`Last-Modified`."""


UNKNOWN = Validators()
"""Of a file of which the service said nothing, or that is not here, so that all of it is asked for."""


@dataclass(frozen=True, slots=True)
class FileOf:
    """A file of a paper's version, in the object store or still to be fetched."""

    paper_id: PaperId
    version: int
    sha256: str | None
    url: str | None
    """Where it came from; of a file to be fetched, where its listing says that the PDF is."""
    media: Media = "pdf"
    known_by: Validators = UNKNOWN
    """Of a file that is here and may be another by now where it came from; else empty, and all of it is asked for."""


@dataclass(frozen=True, slots=True)
class Share:
    """Which versions a run brings and reads, where others may be at work: by default all."""

    screened_by: str | None = None
    """Only those that this run screened."""
    leaves_backfills: bool = False
    """None of those that belong to a backfill which is not over."""


ALL = Share()


def record_listings(session: Session, source: str, listings: Iterable[Listing], at: datetime) -> Harvested:
    """Store listings, several versions of a paper among them; a version that is there already is left as it was received first."""
    listings = tuple(listings)
    _wait_for_turn(session)
    papers, versions = _known(session, {listing.paper_id for listing in listings})
    new, revised, known, relisted = set[str](), set[str](), 0, 0
    added: list[PaperVersionRow] = []
    for listing in listings:
        row = versions.get((listing.paper_id, listing.version))
        if row is not None:
            known += 1
            relisted += _relist(session, row, listing, at)
            continue
        paper = papers.get(listing.paper_id)
        if paper is None:
            new.add(listing.paper_id)
            paper = papers[listing.paper_id] = _paper_row(source, listing, at)
        elif listing.version > paper.latest and listing.paper_id not in new:
            revised.add(listing.paper_id)
        if listing.version >= paper.latest:
            paper.title, paper.latest = listing.title, listing.version
        paper.published = paper.published or listing.published
        versions[listing.paper_id, listing.version] = row = _version_row(listing, at)
        added.append(row)
    session.add_all(papers.values())
    session.flush()
    session.add_all(added)
    session.flush()
    stored = tuple((PaperId(row.paper_id), row.version) for row in added)
    return Harvested(len(new), len(revised), known, relisted, stored)


def _wait_for_turn(session: Session) -> None:
    """Let two harvests at once store one after another, as they do on SQLite, where whoever writes is alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LISTING_LOCK})


def _known(
    session: Session, ids: Iterable[str]
) -> tuple[dict[str, PaperRow], dict[tuple[str, int], PaperVersionRow]]:
    """The rows that there are of some papers."""
    papers: dict[str, PaperRow] = {}
    versions: dict[tuple[str, int], PaperVersionRow] = {}
    for some in _parts(ids):
        for paper in session.exec(select(PaperRow).where(col(PaperRow.paper_id).in_(some))):
            papers[paper.paper_id] = paper
        for row in session.exec(select(PaperVersionRow).where(col(PaperVersionRow.paper_id).in_(some))):
            versions[row.paper_id, row.version] = row
    return papers, versions


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids in order, as many at once as a query asks for."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _relist(session: Session, row: PaperVersionRow, listing: Listing, at: datetime) -> bool:
    """Keep a record that says otherwise than the first, beside it; whether there is one that was not known.

    Authors and licences are left aside, for sources write them differently, and so is what one source does not tell.
    """
    if not (row.title and listing.title):
        return False
    first, again = _content(row), _content(listing)
    relisted = listing.raw if (first, row.comment) != (again, listing.comment) else None
    if row.relisted == relisted:
        return False
    content = again if again != first else None
    if row.relisted_as != content:
        _screen_again(session, row)
    row.relisted, row.relisted_as, row.relisted_at = relisted, content, at
    return relisted is not None


def _content(said: PaperVersionRow | Listing) -> Json:
    """What screening goes by."""
    return {"title": said.title, "abstract": said.abstract, "categories": list(said.categories)}


def _screen_again(session: Session, version: PaperVersionRow) -> None:
    """Note that what rules decided of a version was about other words."""
    row = session.get(ScreeningRow, (version.paper_id, version.version, "listing"))
    if row is not None and row.rules is not None:
        row.is_due = True


def record_withdrawals(
    session: Session, withdrawn: Iterable[Withdrawal], standing: Iterable[str] = ()
) -> int:
    """Mark papers that their source says were taken back; they are kept.

    Args:
        session: the transaction of `record_listings`.
        withdrawn: the papers; those that nobody knows are passed over.
        standing: papers that the source says are not, or no longer, withdrawn.

    Returns:
        How many were not known as withdrawn before.
    """
    said = {withdrawal.paper_id: withdrawal for withdrawal in withdrawn}
    marked = 0
    for some in _parts({*said, *standing}):
        for paper in session.exec(select(PaperRow).where(col(PaperRow.paper_id).in_(some))):
            withdrawal = said.get(PaperId(paper.paper_id))
            marked += withdrawal is not None and paper.withdrawn_at is None
            paper.withdrawn_at = withdrawal.at if withdrawal else None
            paper.withdrawn_reason = withdrawal.reason if withdrawal else None
    session.flush()
    return marked


def withdrawal_of(paper: PaperRow) -> Withdrawal | None:
    """When a paper was taken back, and why; None if it stands."""
    if paper.withdrawn_at is None:
        return None
    return Withdrawal(PaperId(paper.paper_id), paper.withdrawn_at, paper.withdrawn_reason or "")


def _paper_row(source: str, listing: Listing, at: datetime) -> PaperRow:
    return PaperRow(
        paper_id=listing.paper_id,
        source=source,
        title=listing.title,
        latest=listing.version,
        first_seen=at,
    )


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
    validators: Validators = UNKNOWN,
) -> None:
    """Note that the bytes of a version are in the object store."""
    if session.get(BlobRow, sha256) is None:
        session.add(BlobRow(sha256=sha256, size=size, stored_at=at))
        session.flush()
    row = FileRow(paper_id=paper_id, version=version, media=media, sha256=sha256, url=url, fetched_at=at)
    row.etag, row.modified = validators.etag, validators.modified
    session.merge(row)
    session.flush()


def papers_of(session: Session, files: Iterable[str]) -> dict[str, PaperId]:
    """Of which papers these files are, by their sha256, the first that had each; those that no paper has are left out."""
    query = select(FileRow.sha256, FileRow.paper_id)
    query = query.order_by(col(FileRow.fetched_at).desc(), col(FileRow.paper_id).desc())
    wanted = set(files)
    return {sha256: PaperId(paper) for sha256, paper in session.exec(query) if sha256 in wanted}


def file_of(session: Session, paper_id: str, sha256: str) -> FileOf | None:
    """The newest version of a paper that has these bytes, and as which medium; None if none has."""
    query = select(FileRow).where(FileRow.paper_id == paper_id, FileRow.sha256 == sha256)
    row = session.exec(query.order_by(col(FileRow.version).desc())).first()
    return file_from_row(row) if row else None


def to_fetch(
    session: Session,
    media: Media = "pdf",
    *,
    unread: bool = False,
    paper: str | None = None,
    share: Share = ALL,
) -> tuple[FileOf, ...]:
    """Newest versions that screening left in and that have no file of the medium: the relevant ones first, then oldest paper first.

    A version whose listing leads to a page instead of a PDF is asked for like a PDF, and has what it can have with that.

    Args:
        session: a transaction.
        media: the medium.
        unread: only versions of which no file was read.
        paper: only this one.
        share: of which versions.
    """
    fits = col(FileRow.media) == media
    if media == "pdf":
        fits = or_(fits, col(FileRow.url) == PaperVersionRow.pdf_url)
    has_file = exists().where(*_same_version(FileRow.paper_id, FileRow.version), fits)
    listed = col(PaperVersionRow.pdf_url).is_not(None)
    conditions = [_wanted(), ~has_file, listed, _STANDS, _falls_to(share)]
    if unread:
        conditions.append(~_is_read())
    if paper is not None:
        conditions.append(col(PaperVersionRow.paper_id) == paper)
    sure_first = case((_wanted("relevant"), 0), else_=1)
    found = select(PaperVersionRow).join(PaperRow, _newest()).where(*conditions).order_by(sure_first, *_ORDER)
    files = (
        FileOf(PaperId(row.paper_id), row.version, None, row.pdf_url, media) for row in session.exec(found)
    )
    return _without_duplicates(session, files, paper) if unread else tuple(files)


def to_read(session: Session, paper: str | None = None, *, share: Share = ALL) -> tuple[FileOf, ...]:
    """The files of newest versions, perhaps of one paper, of which none was read, oldest paper first.

    What is the same file as another paper is not read again.
    """
    conditions = [~_is_read(), _falls_to(share)]
    if paper is not None:
        conditions.append(col(FileRow.paper_id) == paper)
    return _without_duplicates(session, _newest_files(session, *conditions), paper)


def to_read_again(
    session: Session, extractor: str, papers: Collection[str] | None = None
) -> tuple[FileOf, ...]:
    """The files of newest versions, perhaps of some papers only, that others read and this extractor did not, oldest paper first."""
    found = _without_duplicates(session, _newest_files(session, _is_read(), ~_is_read(extractor)), None)
    return tuple(file for file in found if papers is None or file.paper_id in papers)


def _newest_files(session: Session, *conditions: ColumnElement[bool]) -> tuple[FileOf, ...]:
    found = (
        select(FileRow)
        .join(PaperVersionRow, and_(*_same_version(FileRow.paper_id, FileRow.version)))
        .join(PaperRow, _newest())
        .where(*conditions, _STANDS)
        .order_by(*_ORDER, col(FileRow.media))
        .execution_options(yield_per=_AT_ONCE)
    )
    return tuple(map(file_from_row, session.exec(found)))


def _without_duplicates(session: Session, files: Iterable[FileOf], paper: str | None) -> tuple[FileOf, ...]:
    """The files of versions that are no other paper's, too."""
    found = tuple(files)
    doubled = {(one.paper, one.version) for one in duplicates(session, paper)} if found else set()
    return tuple(file for file in found if (file.paper_id, file.version) not in doubled)


def files_of(session: Session, paper_id: str) -> tuple[FileOf, ...]:
    """The files of a paper's newest version that has any, the PDF first."""
    query = select(FileRow).where(FileRow.paper_id == paper_id)
    rows = session.exec(query.order_by(col(FileRow.version).desc(), col(FileRow.media).desc())).all()
    return tuple(file_from_row(row) for row in rows if row.version == rows[0].version)


def file_from_row(row: FileRow, *, is_known: bool = False) -> FileOf:
    """A file as its row keeps it; perhaps with what it is known by where it came from."""
    media: Media = "html" if row.media == "html" else "pdf"
    known_by = Validators(row.etag, row.modified) if is_known else UNKNOWN
    return FileOf(PaperId(row.paper_id), row.version, row.sha256, row.url, media, known_by)


def file_of_version(session: Session, paper_id: str, version: int, media: Media) -> FileOf | None:
    """The file of one version and medium; None if there is none."""
    row = session.get(FileRow, (paper_id, version, media))
    return file_from_row(row) if row else None


_ORDER = (col(PaperRow.first_seen), col(PaperRow.paper_id))
_STANDS = col(PaperRow.withdrawn_at).is_(None)
"""That a paper was not withdrawn, so that it is worth fetching and reading."""


def _newest() -> ColumnElement[bool]:
    """That a version is its paper's newest."""
    return and_(
        col(PaperVersionRow.paper_id) == PaperRow.paper_id, col(PaperVersionRow.version) == PaperRow.latest
    )


def _wanted(*decisions: str) -> ColumnElement[bool]:
    """That a version is to be read as its listing told; by default whichever decision says so."""
    return exists().where(
        *_same_version(ScreeningRow.paper_id, ScreeningRow.version),
        col(ScreeningRow.stage) == "listing",
        col(ScreeningRow.decision).in_(decisions or WANTED),
    )


def _falls_to(share: Share) -> ColumnElement[bool]:
    """That a version is in a share."""
    belongs = col(ScreeningRow.run_key)
    screened = exists().where(
        *_same_version(ScreeningRow.paper_id, ScreeningRow.version), col(ScreeningRow.stage) == "listing"
    )
    if share.screened_by is not None:
        return screened.where(belongs == share.screened_by)
    return ~screened.where(belongs.in_(unfinished_backfills())) if share.leaves_backfills else true()


def take_over(session: Session, papers: Collection[str], run_key: str) -> None:
    """Let a backfill bring and read what other backfills screened and did not come to the end of."""
    others = unfinished_backfills().where(col(RunRow.run_key) != run_key)
    theirs = update(ScreeningRow).where(
        col(ScreeningRow.stage) == "listing", col(ScreeningRow.run_key).in_(others)
    )
    for some in _parts(papers):
        session.exec(theirs.where(col(ScreeningRow.paper_id).in_(some)).values(run_key=run_key))


def _is_read(extractor: str | None = None) -> ColumnElement[bool]:
    """That this extractor, or any, has read a file of the version, of whichever medium."""
    file = aliased(FileRow)
    by = true() if extractor is None else col(ReadingRow.extractor) == extractor
    return exists().where(
        *_same_version(file.paper_id, file.version),
        col(ReadingRow.paper_id) == file.paper_id,
        col(ReadingRow.sha256) == file.sha256,
        by,
    )


def _same_version(paper_id: str, version: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a row of another table is about the version; the arguments are that table's columns."""
    return col(PaperVersionRow.paper_id) == paper_id, col(PaperVersionRow.version) == version
