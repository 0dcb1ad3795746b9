"""The rows of screening: which versions are to be read, why, and by which rules. The functions on them are in `db.screenings`."""

# No `from __future__ import annotations`: SQLModel builds the columns from the annotations themselves.

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from db.columns import JSON_COLUMN, Row, UtcTime, one_of, whole_sha256

Json = dict[str, object]


class ScreeningRulesRow(Row, table=True):
    """Rules that decided about papers, by the hash of all that decides."""

    __tablename__ = "screening_rules"
    __table_args__ = (whole_sha256(),)

    sha256: str = Field(primary_key=True)
    body: str
    """Their canonical JSON."""
    first_at: datetime = Field(sa_type=UtcTime)


class ScreeningRow(Row, table=True):
    """Whether a version is to be read, decided at listing and again on the document."""

    __tablename__ = "screening"
    __table_args__ = (
        ForeignKeyConstraint(["paper_id", "version"], ["paper_version.paper_id", "paper_version.version"]),
        one_of("stage", ("listing", "document")),
        Index("ix_screening_decision", "stage", "decision"),
    )

    paper_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    stage: str = Field(primary_key=True)
    decision: str
    domains: list[str] = Field(sa_type=JSON_COLUMN)
    reason: str
    """One sentence; those of papers that are left out are few, so that they can be counted."""
    score: float | None = None
    reasons: list[Json] = Field(
        default_factory=list, sa_type=JSON_COLUMN, sa_column_kwargs={"server_default": text("'[]'")}
    )
    """What the score is made of."""
    rules: str | None = Field(default=None, foreign_key="screening_rules.sha256")
    """None where a person decided, or rules of a time before they had versions."""
    is_due: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether it is to be decided again, because what it was judged by says something else now."""
    run_key: str | None = Field(default=None, foreign_key="run.run_key")
    decided_at: datetime = Field(sa_type=UtcTime)
