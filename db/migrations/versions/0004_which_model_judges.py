"""When a confidence model was chosen to judge; the newest choice counts."""

import sqlalchemy as sa
from alembic import op

from db.columns import UtcTime

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.add_column("model", sa.Column("chosen_at", UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("model", "chosen_at")
