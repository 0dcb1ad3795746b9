"""The first schema."""

import sqlalchemy as sa
from alembic import op

from db.columns import JSON_COLUMN, UtcTime

revision: str = "0001"
down_revision: str | None = None

REFUSAL = "the review log is append-only: undo is an event"
TABLES = (
    "blob",
    "gate",
    "model",
    "paper",
    "release",
    "run",
    "source_state",
    "alarm",
    "entity",
    "failure",
    "paper_version",
    "reading",
    "cell",
    "event",
    "file",
    "proposal",
    "published",
    "screening",
    "review_item",
    "review_slot",
)


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_blob_sha256_whole")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_blob_size_counted")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "gate",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_gate")),
    )
    op.create_table(
        "model",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("installed_at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_model_sha256_whole")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_model")),
    )
    op.create_table(
        "paper",
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("published", UtcTime(), nullable=True),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper")),
    )
    op.create_table(
        "release",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("built_at", UtcTime(), nullable=False),
        sa.Column("manifest_sha256", sa.String(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("yanked_at", UtcTime(), nullable=True),
        sa.Column("yanked_reason", sa.String(), nullable=True),
        sa.CheckConstraint("length(manifest_sha256) = 64", name=op.f("ck_release_manifest_sha256_whole")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_release")),
    )
    op.create_table(
        "run",
        sa.Column("run_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("counts", JSON_COLUMN, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('running', 'done', 'partial', 'failed')", name=op.f("ck_run_outcome_known")
        ),
        sa.PrimaryKeyConstraint("run_key", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_kind"), "run", ["kind"], unique=False)
    op.create_index(op.f("ix_run_started_at"), "run", ["started_at"], unique=False)
    op.create_table(
        "source_state",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_name", sa.String(), nullable=False),
        sa.Column("watermark", UtcTime(), nullable=True),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("window_from", UtcTime(), nullable=True),
        sa.Column("window_until", UtcTime(), nullable=True),
        sa.Column("moved_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "set_name", name=op.f("pk_source_state")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("run_key", sa.String(), nullable=True),
        sa.Column("raised_at", UtcTime(), nullable=False),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_key"], ["run.run_key"], name=op.f("fk_alarm_run_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_table(
        "entity",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("minted_by", sa.String(), nullable=False),
        sa.Column("minted_at", UtcTime(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('model', 'run', 'result')", name=op.f("ck_entity_kind_known")),
        sa.ForeignKeyConstraint(["merged_into"], ["entity.entity_id"], name=op.f("fk_entity_merged_into")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.paper_id"], name=op.f("fk_entity_paper_id")),
        sa.PrimaryKeyConstraint("entity_id", name=op.f("pk_entity")),
        sa.UniqueConstraint("paper_id", "kind", "slug", name=op.f("uq_entity_paper_id_kind_slug")),
    )
    op.create_index(op.f("ix_entity_merged_into"), "entity", ["merged_into"], unique=False)
    op.create_index(op.f("ix_entity_paper_id"), "entity", ["paper_id"], unique=False)
    op.create_table(
        "failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("run_key", sa.String(), nullable=True),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("resolved_at", UtcTime(), nullable=True),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_failure_tries_counted")),
        sa.ForeignKeyConstraint(["run_key"], ["run.run_key"], name=op.f("fk_failure_run_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failure")),
        sa.UniqueConstraint("stage", "subject", name=op.f("uq_failure_stage_subject")),
    )
    op.create_table(
        "paper_version",
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("abstract", sa.String(), nullable=False),
        sa.Column("authors", JSON_COLUMN, nullable=False),
        sa.Column("categories", JSON_COLUMN, nullable=False),
        sa.Column("updated", UtcTime(), nullable=True),
        sa.Column("pdf_url", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_paper_version_version_counted")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.paper_id"], name=op.f("fk_paper_version_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", "version", name=op.f("pk_paper_version")),
    )
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
        sa.PrimaryKeyConstraint("sha256", "extractor", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_paper_id"), "reading", ["paper_id"], unique=False)
    op.create_index(op.f("ix_reading_read_at"), "reading", ["read_at"], unique=False)
    op.create_table(
        "cell",
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("look", sa.String(), nullable=True),
        sa.Column("value_kind", sa.String(), nullable=True),
        sa.Column("value", JSON_COLUMN, nullable=True),
        sa.Column("evidence", JSON_COLUMN, nullable=True),
        sa.Column("extractor", sa.String(), nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("model_sha", sa.String(), nullable=True),
        sa.Column("reviewers", JSON_COLUMN, nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('automatic', 'queued', 'rejected', 'void', 'reviewed', 'double-reviewed', 'adjudicated')",
            name=op.f("ck_cell_status_known"),
        ),
        sa.CheckConstraint(
            "value_kind IS NULL OR value_kind = 'not-reported' OR evidence IS NOT NULL",
            name=op.f("ck_cell_evidence_given"),
        ),
        sa.CheckConstraint("(value IS NULL) = (value_kind IS NULL)", name=op.f("ck_cell_value_typed")),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("ck_cell_probability_bounded")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.entity_id"], name=op.f("fk_cell_entity_id")),
        sa.ForeignKeyConstraint(["model_sha"], ["model.sha256"], name=op.f("fk_cell_model_sha")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.paper_id"], name=op.f("fk_cell_paper_id")),
        sa.PrimaryKeyConstraint("entity_id", "field", name=op.f("pk_cell")),
    )
    op.create_index(op.f("ix_cell_paper_id"), "cell", ["paper_id"], unique=False)
    op.create_index("ix_cell_status", "cell", ["status", "paper_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("expect", JSON_COLUMN, nullable=True),
        sa.Column("extractor", sa.String(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", JSON_COLUMN, nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.entity_id"], name=op.f("fk_event_entity_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("uuid", name=op.f("uq_event_uuid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_actor"), "event", ["actor"], unique=False)
    op.create_index("ix_event_cell", "event", ["entity_id", "field"], unique=False)
    op.create_table(
        "file",
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("fetched_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version"],
            ["paper_version.paper_id", "paper_version.version"],
            name=op.f("fk_file_paper_id_version"),
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_file_sha256")),
        sa.PrimaryKeyConstraint("paper_id", "version", "media", name=op.f("pk_file")),
    )
    op.create_index(op.f("ix_file_sha256"), "file", ["sha256"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
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
            ["sha256", "extractor"],
            ["reading.sha256", "reading.extractor"],
            name=op.f("fk_proposal_sha256_extractor"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "sha256",
            "extractor",
            "entity_id",
            "field",
            "rank",
            name=op.f("uq_proposal_sha256_extractor_entity_id_field_rank"),
        ),
    )
    op.create_index("ix_proposal_cell", "proposal", ["entity_id", "field"], unique=False)
    op.create_table(
        "published",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value_hash", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.entity_id"], name=op.f("fk_published_entity_id")),
        sa.ForeignKeyConstraint(["version"], ["release.version"], name=op.f("fk_published_version")),
        sa.PrimaryKeyConstraint("version", "entity_id", "field", name=op.f("pk_published")),
    )
    op.create_table(
        "screening",
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("domains", JSON_COLUMN, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("run_key", sa.String(), nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=False),
        sa.CheckConstraint("stage IN ('listing', 'document')", name=op.f("ck_screening_stage_known")),
        sa.ForeignKeyConstraint(
            ["paper_id", "version"],
            ["paper_version.paper_id", "paper_version.version"],
            name=op.f("fk_screening_paper_id_version"),
        ),
        sa.ForeignKeyConstraint(["run_key"], ["run.run_key"], name=op.f("fk_screening_run_key")),
        sa.PrimaryKeyConstraint("paper_id", "version", "stage", name=op.f("pk_screening")),
    )
    op.create_index("ix_screening_decision", "screening", ["stage", "decision"], unique=False)
    op.create_table(
        "review_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "why IN ('uncertain', 'machine-disagrees', 'reviewers-disagree', 'flagged')",
            name=op.f("ck_review_item_why_known"),
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "field"],
            ["cell.entity_id", "cell.field"],
            name=op.f("fk_review_item_entity_id_field"),
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.paper_id"], name=op.f("fk_review_item_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_item")),
    )
    op.create_index("ix_review_item_order", "review_item", ["closed_at", "skips", "priority"], unique=False)
    op.create_index(op.f("ix_review_item_paper_id"), "review_item", ["paper_id"], unique=False)
    op.create_index(
        "uq_review_item_open",
        "review_item",
        ["entity_id", "field"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "review_slot",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint("role IN ('opinion', 'adjudication')", name=op.f("ck_review_slot_role_known")),
        sa.CheckConstraint(
            "(holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_review_slot_lease_held")
        ),
        sa.ForeignKeyConstraint(["event_seq"], ["event.seq"], name=op.f("fk_review_slot_event_seq")),
        sa.ForeignKeyConstraint(["item_id"], ["review_item.id"], name=op.f("fk_review_slot_item_id")),
        sa.PrimaryKeyConstraint("item_id", "n", name=op.f("pk_review_slot")),
        sa.UniqueConstraint("item_id", "holder", name=op.f("uq_review_slot_item_id_holder")),
    )
    op.create_index(op.f("ix_review_slot_event_seq"), "review_slot", ["event_seq"], unique=False)
    _protect_log()


def _protect_log() -> None:
    """Refuse to change or delete entries of the review log, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_no_{change.lower()} BEFORE {change} ON event "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_event_change()")
