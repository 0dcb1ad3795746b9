"""Files may be lost and fetched again, be asked about, and be replaced by others."""

import sqlalchemy as sa
from alembic import op

from db.columns import UtcTime

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.add_column("blob", sa.Column("lost_at", UtcTime(), nullable=True))
    op.add_column("file", sa.Column("modified", sa.String(), nullable=True))
    op.add_column("file", sa.Column("checked_at", UtcTime(), nullable=True))
    op.create_table(
        "former_file",
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.Column("replaced_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version", "media"],
            ["file.paper_id", "file.version", "file.media"],
            name=op.f("fk_former_file_paper_id_version_media"),
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_former_file_sha256")),
        sa.PrimaryKeyConstraint("paper_id", "version", "media", "sha256", name=op.f("pk_former_file")),
    )


def downgrade() -> None:
    op.drop_table("former_file")
    op.drop_column("file", "checked_at")
    op.drop_column("file", "modified")
    op.drop_column("blob", "lost_at")
