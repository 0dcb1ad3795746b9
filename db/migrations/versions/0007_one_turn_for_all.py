"""A gate knows who is asking, and since when; what was in it is worth nothing by the next request."""

import sqlalchemy as sa
from alembic import op

from db.columns import UtcTime

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.drop_table("gate")
    op.create_table(
        "gate",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("next_at", UtcTime(), nullable=True),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("held_until", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_gate")),
    )


def downgrade() -> None:
    op.drop_table("gate")
    op.create_table(
        "gate",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_gate")),
    )
