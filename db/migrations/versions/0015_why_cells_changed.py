"""Releases remember why their cells changed, and what their change log said."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    op.add_column("release", sa.Column("changelog", sa.String(), nullable=True))
    op.add_column("published", sa.Column("reason", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("published", "reason")
    op.drop_column("release", "changelog")
