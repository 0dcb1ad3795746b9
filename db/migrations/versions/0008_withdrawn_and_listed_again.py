"""A harvest keeps when it began, a version what a later listing says of it, and a paper that it was withdrawn."""

import sqlalchemy as sa
from alembic import op

from db.columns import UtcTime

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    op.add_column("source_state", sa.Column("began_at", UtcTime(), nullable=True))
    op.add_column("paper_version", sa.Column("relisted", sa.LargeBinary(), nullable=True))
    op.add_column("paper_version", sa.Column("relisted_at", UtcTime(), nullable=True))
    op.add_column("paper", sa.Column("withdrawn_at", UtcTime(), nullable=True))
    op.add_column("paper", sa.Column("withdrawn_reason", sa.String(), nullable=True))


def downgrade() -> None:
    for table, column in (
        ("paper", "withdrawn_reason"),
        ("paper", "withdrawn_at"),
        ("paper_version", "relisted_at"),
        ("paper_version", "relisted"),
        ("source_state", "began_at"),
    ):
        op.drop_column(table, column)
