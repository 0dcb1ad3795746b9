"""Some values published unseen are looked at, by lot; what comes of that is kept with the item."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.elements import conv

revision: str = "0003"
down_revision: str | None = "0002"

WHY = conv("ck_review_item_why_known")
AUDIT = conv("ck_review_item_audit_known")


def upgrade() -> None:
    with _slots_set_aside(), op.batch_alter_table("review_item") as item:
        item.drop_constraint(WHY, type_="check")
        item.create_check_constraint(
            WHY, "why IN ('uncertain', 'audit', 'machine-disagrees', 'reviewers-disagree', 'flagged')"
        )
        item.add_column(sa.Column("audit", sa.String(), nullable=True))
        item.create_check_constraint(AUDIT, "audit IN ('due', 'kept', 'changed')")


def downgrade() -> None:
    op.execute("DELETE FROM review_slot WHERE item_id IN (SELECT id FROM review_item WHERE why = 'audit')")
    op.execute("DELETE FROM review_item WHERE why = 'audit'")
    with _slots_set_aside(), op.batch_alter_table("review_item") as item:
        item.drop_constraint(AUDIT, type_="check")
        item.drop_column("audit")
        item.drop_constraint(WHY, type_="check")
        item.create_check_constraint(
            WHY, "why IN ('uncertain', 'machine-disagrees', 'reviewers-disagree', 'flagged')"
        )


@contextmanager
def _slots_set_aside() -> Iterator[None]:
    """SQLite alters a table by making it again, which it refuses as long as rows of another refer to it."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TEMPORARY TABLE slot_aside AS SELECT * FROM review_slot")
    op.execute("DELETE FROM review_slot")
    yield
    op.execute("INSERT INTO review_slot SELECT * FROM slot_aside")
    op.execute("DROP TABLE slot_aside")
