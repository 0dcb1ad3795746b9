"""A file may be read as that of two papers, one after the other, and an item may leave the queue with its paper."""

import sqlalchemy as sa
from alembic import op

from db.columns import JSON_COLUMN, UtcTime

revision: str = "0011"
down_revision: str | None = "0010"

_READ = "sha256, extractor, paper_id, version, title, pages, problems, run_key, read_at"
_PROPOSED = "id, sha256, extractor, entity_id, field, rank, value, evidence, features, reasons"


def upgrade() -> None:
    op.add_column("review_item", sa.Column("set_aside", sa.String(), nullable=True))
    _put_aside()
    _make(["sha256", "extractor", "paper_id"])
    op.execute(f"INSERT INTO reading ({_READ}) SELECT {_READ} FROM reading_aside")
    op.execute(
        f"INSERT INTO proposal ({_PROPOSED}, paper_id) SELECT {_of('p')}, e.paper_id "
        "FROM proposal_aside AS p JOIN entity AS e ON e.entity_id = p.entity_id"
    )
    _tidy()


def downgrade() -> None:
    """Of a file that was read as two papers' only the last reading by an extractor stays."""
    _put_aside()
    _make(["sha256", "extractor"])
    op.execute(
        f"INSERT INTO reading ({_READ}) SELECT {_READ} FROM reading_aside AS r WHERE NOT EXISTS (SELECT 1 FROM "
        "reading_aside AS o WHERE o.sha256 = r.sha256 AND o.extractor = r.extractor "
        "AND (o.read_at, o.paper_id) > (r.read_at, r.paper_id))"
    )
    op.execute(
        f"INSERT INTO proposal ({_PROPOSED}) SELECT {_of('p')} FROM proposal_aside AS p JOIN reading AS r "
        "ON r.sha256 = p.sha256 AND r.extractor = p.extractor AND r.paper_id = p.paper_id"
    )
    _tidy()
    op.drop_column("review_item", "set_aside")


def _of(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in _PROPOSED.split(", "))


def _put_aside() -> None:
    """Both tables under another name, the one that refers to the other first: SQLite makes keys anew only with their table."""
    for table in ("proposal", "reading"):
        op.execute(f"CREATE TEMPORARY TABLE {table}_aside AS SELECT * FROM {table}")
        op.drop_table(table)


def _tidy() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('proposal', 'id'), coalesce(max(id), 0) + 1, false) FROM proposal"
        )
    op.drop_table("proposal_aside")
    op.drop_table("reading_aside")


def _make(key: list[str]) -> None:
    """The two tables, with this key of a reading."""
    op.create_table(
        "reading",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("problems", JSON_COLUMN, nullable=False),
        sa.Column("run_key", sa.String(), nullable=True),
        sa.Column("read_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.paper_id"], name=op.f("fk_reading_paper_id")),
        sa.ForeignKeyConstraint(["run_key"], ["run.run_key"], name=op.f("fk_reading_run_key")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_reading_sha256")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_paper_id"), "reading", ["paper_id"], unique=False)
    op.create_index(op.f("ix_reading_read_at"), "reading", ["read_at"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
        *([sa.Column("paper_id", sa.String(), nullable=False)] if "paper_id" in key else []),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("value", JSON_COLUMN, nullable=False),
        sa.Column("evidence", JSON_COLUMN, nullable=False),
        sa.Column("features", JSON_COLUMN, nullable=False),
        sa.Column("reasons", JSON_COLUMN, nullable=False),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_proposal_rank_counted")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.entity_id"], name=op.f("fk_proposal_entity_id")),
        sa.ForeignKeyConstraint(
            key, [f"reading.{column}" for column in key], name=op.f(f"fk_proposal_{'_'.join(key)}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            *("sha256", "extractor", "entity_id", "field", "rank"),
            name=op.f("uq_proposal_sha256_extractor_entity_id_field_rank"),
        ),
    )
    op.create_index("ix_proposal_cell", "proposal", ["entity_id", "field"], unique=False)
