"""Runs keep their reports, and an alarm is one row for as many nights as it lasts. No version before wrote any alarm."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from db.columns import JSON_COLUMN, UtcTime

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.add_column("run", sa.Column("report", JSON_COLUMN, nullable=True))
    op.drop_table("alarm")
    op.create_table(
        "alarm",
        *_common(),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("nights", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("delivered_at", UtcTime(), nullable=True),
        sa.CheckConstraint("nights >= 1", name=op.f("ck_alarm_nights_counted")),
        *_keys(),
    )
    lasting = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_alarm_lasting",
        "alarm",
        ["source", "kind", "subject"],
        unique=True,
        sqlite_where=lasting,
        postgresql_where=lasting,
    )


def downgrade() -> None:
    op.drop_table("alarm")
    op.create_table("alarm", *_common(), *_keys())
    op.drop_column("run", "report")


def _common() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("run_key", sa.String(), nullable=True),
        sa.Column("raised_at", UtcTime(), nullable=False),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
    )


def _keys() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["run_key"], ["run.run_key"], name=op.f("fk_alarm_run_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
