"""Whether a database is whole: what its engine can tell of damage, and of rows that name rows that are not there."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text
from sqlmodel import Session, col, select

from db.tables import BlobRow, FileRow, PaperRow
from extractors.facts.ids import PaperId

_SHOWN = 5


def damage(session: Session) -> tuple[str, ...]:
    """The first things that SQLite finds damaged in its file; PostgreSQL checks its pages itself."""
    if not _is_sqlite(session):
        return ()
    told = session.connection().execute(text(f"PRAGMA quick_check({_SHOWN})")).scalars()
    return tuple(str(line) for line in told if line != "ok")


def broken_references(session: Session) -> Counter[str]:
    """How many rows of a table name a row of another that is not there, by `file → blob`.

    Only SQLite can have such rows, where something else than this program wrote to it: PostgreSQL always enforces its keys.
    """
    if not _is_sqlite(session):
        return Counter()
    found = session.connection().execute(text("PRAGMA foreign_key_check"))
    return Counter(f"{child} → {parent}" for child, _, parent, _ in found)


def blob_sizes(session: Session) -> dict[str, int]:
    """The size in bytes of every file that there are rows of, by its sha256."""
    return dict(session.exec(select(BlobRow.sha256, BlobRow.size)).all())


def file_names(session: Session) -> dict[str, str]:
    """What each file is of, as `2403.99101v1.pdf`, by its sha256; the last of those that share it."""
    query = select(FileRow.sha256, FileRow.paper_id, FileRow.version, FileRow.media)
    rows = session.exec(query.order_by(FileRow.paper_id, col(FileRow.version), FileRow.media))
    return {sha256: f"{paper}v{version}.{media}" for sha256, paper, version, media in rows}


def paper_ids(session: Session) -> list[PaperId]:
    """All papers, in order."""
    return list(map(PaperId, session.exec(select(PaperRow.paper_id).order_by(PaperRow.paper_id))))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
