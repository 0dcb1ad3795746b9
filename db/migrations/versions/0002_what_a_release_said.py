"""A release remembers the hashes of its content and of its schema."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    # No release could be built before; the default is for the engines, which ask for one.
    op.add_column("release", sa.Column("content_sha256", sa.String(), nullable=False, server_default=""))
    op.add_column("release", sa.Column("schema_sha256", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("release", "schema_sha256")
    op.drop_column("release", "content_sha256")
