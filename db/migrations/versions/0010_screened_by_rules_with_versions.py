"""Screenings keep score, reasons and rules, and a version what a later listing says of its content.

What rules decided before they had versions is decided again by the next night; what a person chose stays.
"""

import sqlalchemy as sa
from alembic import op

from db.columns import JSON_COLUMN, UtcTime

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.create_table(
        "screening_rules",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_screening_rules_sha256_whole")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_screening_rules")),
    )
    with op.batch_alter_table("screening") as table:
        table.add_column(sa.Column("score", sa.Float(), nullable=True))
        table.add_column(sa.Column("reasons", JSON_COLUMN, nullable=False, server_default=sa.text("'[]'")))
        table.add_column(sa.Column("rules", sa.String(), nullable=True))
        table.add_column(sa.Column("is_due", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        table.create_foreign_key(op.f("fk_screening_rules"), "screening_rules", ["rules"], ["sha256"])
    op.execute(
        "UPDATE screening SET is_due = true WHERE stage = 'listing' "
        "AND reason <> 'Chosen by the operator.' AND reason NOT LIKE 'Added by %'"
    )
    op.add_column("paper_version", sa.Column("relisted_as", JSON_COLUMN, nullable=True))


def downgrade() -> None:
    op.drop_column("paper_version", "relisted_as")
    with op.batch_alter_table("screening") as table:
        table.drop_constraint(op.f("fk_screening_rules"), type_="foreignkey")
        for column in ("is_due", "rules", "reasons", "score"):
            table.drop_column(column)
    op.drop_table("screening_rules")
