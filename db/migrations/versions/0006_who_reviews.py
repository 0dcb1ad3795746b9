"""Annotators are known by name, and a paper can wait to be read as a whole."""

import sqlalchemy as sa
from alembic import op

from db.columns import UtcTime

revision: str = "0006"
down_revision: str | None = "0005"

KINDS = ("entity", "ck_entity_kind_known", "kind IN ('model', 'run', 'result'{})", ", 'paper'")
LOOKS = (
    "review_item",
    "ck_review_item_why_known",
    "why IN ('uncertain', 'audit', 'machine-disagrees', 'reviewers-disagree', 'flagged'{})",
    ", 'unread'",
)


def upgrade() -> None:
    op.create_table(
        "annotator",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.CheckConstraint("role IN ('annotator', 'senior')", name=op.f("ck_annotator_role_known")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_annotator")),
    )
    for table, name, check, more in (KINDS, LOOKS):
        _check_otherwise(table, name, check.format(""), check.format(more))


def downgrade() -> None:
    entity, item, slot = (
        sa.table(name, sa.column("kind"), sa.column("entity_id"), sa.column("item_id"), sa.column("id"))
        for name in ("entity", "review_item", "review_slot")
    )
    whole = sa.select(entity.c.entity_id).where(entity.c.kind == "paper")
    event, cell = (sa.table(name, sa.column("entity_id")) for name in ("event", "cell"))
    said = op.get_bind().scalar(
        sa.select(sa.func.count()).select_from(event).where(event.c.entity_id.in_(whole))
    )
    if said:
        raise RuntimeError(
            "the log says who read which papers as a whole, which an older version cannot hold"
        )
    items = sa.select(item.c.id).where(item.c.entity_id.in_(whole))
    op.execute(sa.delete(slot).where(slot.c.item_id.in_(items)))
    for table in (item, cell, entity):
        op.execute(sa.delete(table).where(table.c.entity_id.in_(whole)))
    for name, constraint, check, more in (KINDS, LOOKS):
        _check_otherwise(name, constraint, check.format(more), check.format(""))
    op.drop_table("annotator")


def _check_otherwise(table: str, name: str, before: str, after: str) -> None:
    """Let a table check otherwise.

    SQLite keeps checks in the table's text, and says how to change it where no row is stored otherwise
    (https://sqlite.org/lang_altertable.html, section 7); making the table again would need all that refers to it set aside.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, after)
        return
    version = op.get_bind().scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema=ON")
    changed = op.get_bind().execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = :table"
        ),
        {"before": before, "after": after, "table": table},
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"there is no table {table}")
    op.execute(f"PRAGMA schema_version={version + 1}")
    op.execute("PRAGMA writable_schema=OFF")
