"""At which of a person's screens a slot is held."""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    op.add_column("review_slot", sa.Column("sitting", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("review_slot", "sitting")
