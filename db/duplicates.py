"""Papers that are the same file as another: the same bytes under two ids, as where arXiv lists what came from elsewhere before.

The first is read and released; the second is kept, with its listing and file, and neither read nor counted again. Nothing of this
is stored, for it follows from the rows of files: who is a duplicate stays one for as long as both papers stand and have
the same file. When the first is withdrawn, or is read in another version, the second is read in its own right, and takes over
what people had decided (`db.taking_over`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from db.tables import FileRow, PaperRow, ReadingRow
from extractors.facts.ids import PaperId


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A version of a paper that is the same file as a version of another, which came first."""

    paper: PaperId
    version: int
    original: PaperId
    original_version: int
    sha256: str
    since: datetime
    """When the file came that is the same."""

    @property
    def reason(self) -> str:
        """Why it is not read, as the end of a sentence."""
        return f"the same file as {self.original}v{self.original_version}"


def duplicates(session: Session, paper: str | None = None) -> tuple[Duplicate, ...]:
    """The papers that are the same file as another, in the order in which they came.

    Args:
        session: a transaction.
        paper: only the duplicates among the papers that share a file with this one; by default all.
    """
    papers = _sharing(session) if paper is None else _sharing_with(session, paper)
    return _told(session, papers) if len(papers) > 1 else ()


def duplicate_of(session: Session, paper: str) -> Duplicate | None:
    """What a paper is the same file as; None if it is no duplicate."""
    return next((found for found in duplicates(session, paper) if found.paper == paper), None)


def _told(session: Session, papers: Collection[str]) -> tuple[Duplicate, ...]:
    found: list[Duplicate] = []
    firsts: dict[str, FileRow] = {}
    """By sha256, the file of the paper that is read for it."""
    for files in _held(session, papers):
        twin = next((file for file in files if file.sha256 in firsts), None)
        if twin is None:
            firsts |= {file.sha256: file for file in reversed(files)}
            continue
        first = firsts[twin.sha256]
        found.append(
            Duplicate(
                PaperId(twin.paper_id),
                twin.version,
                PaperId(first.paper_id),
                first.version,
                twin.sha256,
                twin.fetched_at,
            )
        )
    return tuple(found)


def _held(session: Session, papers: Collection[str]) -> Iterable[list[FileRow]]:
    """The files by which each paper that stands is known now, newest first; the papers in the order in which they came.

    They are those of the version that was read last and of what is newer; of one that was never read, those of its newest.
    """
    newest = select(ReadingRow.paper_id, func.max(ReadingRow.version)).group_by(ReadingRow.paper_id)
    read = dict(session.exec(newest.where(col(ReadingRow.paper_id).in_(papers))).all())
    rows = session.exec(
        select(FileRow, PaperRow.latest)
        .join(PaperRow, col(PaperRow.paper_id) == FileRow.paper_id)
        .where(col(FileRow.paper_id).in_(papers), col(PaperRow.withdrawn_at).is_(None))
        .order_by(col(FileRow.version).desc(), col(FileRow.media).desc())
    ).all()
    came: dict[str, datetime] = {}
    held: dict[str, list[FileRow]] = {}
    for file, latest in rows:
        came[file.paper_id] = min(file.fetched_at, came.get(file.paper_id, file.fetched_at))
        if file.version >= read.get(file.paper_id, latest):
            held.setdefault(file.paper_id, []).append(file)
    return [held[paper] for paper in sorted(held, key=lambda paper: (came[paper], paper))]


def _sharing(session: Session) -> set[str]:
    """The papers that ever shared a file with another."""
    shared = select(FileRow.sha256).group_by(col(FileRow.sha256))
    shared = shared.having(func.count(func.distinct(FileRow.paper_id)) > 1)
    return set(session.exec(select(FileRow.paper_id).where(col(FileRow.sha256).in_(shared))))


def _sharing_with(session: Session, paper: str) -> set[str]:
    """A paper, those that ever shared a file with it, and so on."""
    known, new = {paper}, {paper}
    while new:
        files = select(FileRow.sha256).where(col(FileRow.paper_id).in_(new))
        new = set(session.exec(select(FileRow.paper_id).where(col(FileRow.sha256).in_(files)))) - known
        known |= new
    return known
