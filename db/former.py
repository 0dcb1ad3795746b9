"""Files that were replaced: what a version was before its source gave other bytes for it."""

# No `from __future__ import annotations`: SQLModel builds the columns from the annotations themselves.

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from db.columns import Row, UtcTime


class FormerFileRow(Row, table=True):
    """A file that a version was known by, until the same address gave another."""

    __tablename__ = "former_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["paper_id", "version", "media"], ["file.paper_id", "file.version", "file.media"]
        ),
    )

    paper_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    media: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True, foreign_key="blob.sha256")
    url: str | None = None
    fetched_at: datetime = Field(sa_type=UtcTime)
    replaced_at: datetime = Field(sa_type=UtcTime)
