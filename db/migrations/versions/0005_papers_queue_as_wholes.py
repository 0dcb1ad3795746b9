"""Papers stand in the queue as wholes, and a claim looks only at the head of it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"

OPEN = sa.text("closed_at IS NULL")
UNFILLED = sa.text("event_seq IS NULL")
FILLED = sa.text("event_seq IS NOT NULL")


def upgrade() -> None:
    # What waits already comes first until something of its paper changes.
    op.drop_index("ix_review_item_order", "review_item")
    op.add_column("review_item", sa.Column("paper_rank", sa.Float(), nullable=False, server_default="0"))
    op.alter_column("review_item", "priority", new_column_name="rank")
    op.create_index(
        "ix_review_item_order",
        "review_item",
        ["skips", "paper_rank", "paper_id", "rank", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_review_slot_unfilled",
        "review_slot",
        ["holder"],
        sqlite_where=UNFILLED,
        postgresql_where=UNFILLED,
    )
    op.drop_index("ix_review_slot_event_seq", "review_slot")
    op.create_index(
        "ix_review_slot_event_seq",
        "review_slot",
        ["event_seq"],
        sqlite_where=FILLED,
        postgresql_where=FILLED,
    )


def downgrade() -> None:
    op.drop_index("ix_review_slot_event_seq", "review_slot")
    op.create_index("ix_review_slot_event_seq", "review_slot", ["event_seq"])
    op.drop_index("ix_review_slot_unfilled", "review_slot")
    op.drop_index("ix_review_item_order", "review_item")
    op.alter_column("review_item", "rank", new_column_name="priority")
    op.drop_column("review_item", "paper_rank")
    op.create_index("ix_review_item_order", "review_item", ["closed_at", "skips", "priority"])
