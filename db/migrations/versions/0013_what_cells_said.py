"""Releases remember what their cells said, by paper, and how many there were of each kind."""

import sqlalchemy as sa
from alembic import op

from db.columns import JSON_COLUMN

revision: str = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    op.add_column("release", sa.Column("summary", JSON_COLUMN, nullable=True))
    with op.batch_alter_table("published") as table:
        table.add_column(sa.Column("paper_id", sa.String(), nullable=True))
        table.add_column(sa.Column("value", sa.String(), nullable=True))
        table.add_column(sa.Column("status", sa.String(), nullable=True))
    op.execute(
        "UPDATE published SET paper_id ="
        " (SELECT entity.paper_id FROM entity WHERE entity.entity_id = published.entity_id)"
    )
    with op.batch_alter_table("published") as table:
        table.alter_column("paper_id", existing_type=sa.String(), nullable=False)
        table.create_foreign_key(op.f("fk_published_paper_id"), "paper", ["paper_id"], ["paper_id"])
        table.create_index("ix_published_cell", ["paper_id", "entity_id", "field"])


def downgrade() -> None:
    with op.batch_alter_table("published") as table:
        table.drop_index("ix_published_cell")
        table.drop_constraint(op.f("fk_published_paper_id"), type_="foreignkey")
        table.drop_column("status")
        table.drop_column("value")
        table.drop_column("paper_id")
    op.drop_column("release", "summary")
