"""The rows that are kept, in four layers: what was received, what was read, what was decided, what was published.

Rows are rows: SQLModel does not validate them, so invariants live in the frozen types of `extractors.facts` and, once more, in
the constraints here. Raw layers (`blob`, `paper_version`, `proposal`, `event`) are never edited; `cell` and `entity.merged_into`
are caches of folds that can be rebuilt. Rows of screening are in `db.screening_tables`, files that were replaced in `db.former`. What
the rows mean for review is in `db.cells`, `db.items` and `db.queue`; how a database gets these tables is in `db.migrations`.
"""

# No `from __future__ import annotations`: SQLModel builds the columns from the annotations themselves.

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from db.columns import JSON_COLUMN, Row, UtcTime, one_of, only_where, whole_sha256
from extractors.facts.ids import ENTITY_KINDS

Status = Literal["automatic", "queued", "rejected", "void", "reviewed", "double-reviewed", "adjudicated"]
"""automatic: published unseen. queued: waits for a person. rejected: too improbable, or a person said no. void:
nothing stands behind it any more (no longer read, or its entity was merged or removed). The rest: people decided."""
STATUSES: tuple[Status, ...] = get_args(Status)

Look = Literal["uncertain", "audit", "machine-disagrees", "reviewers-disagree", "flagged", "unread"]
"""Why a person is asked to look at a cell. audit: it is published unseen, and the lot fell on it. unread: nothing was found in
the paper, and the lot fell on it to be read by a person. The rest are doubts."""
LOOKS: tuple[Look, ...] = get_args(Look)

AuditOutcome = Literal["due", "kept", "changed"]
"""What came of an audit: nobody decided yet, or whether the value that was published unseen was found right."""
AUDIT_OUTCOMES: tuple[AuditOutcome, ...] = get_args(AuditOutcome)

SlotRole = Literal["opinion", "adjudication"]
AnnotatorRole = Literal["annotator", "senior"]
"""A senior also decides what others flagged, and takes back what others said."""
ANNOTATOR_ROLES: tuple[AnnotatorRole, ...] = get_args(AnnotatorRole)
Outcome = Literal["running", "done", "partial", "failed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Json = dict[str, object]
_OF_VERSION = ["paper_id", "version"], ["paper_version.paper_id", "paper_version.version"]

# What was received


class PaperRow(Row, table=True):
    """A paper as its newest listing tells; the listings themselves are in `paper_version`."""

    __tablename__ = "paper"

    paper_id: str = Field(primary_key=True)
    source: str
    title: str
    latest: int
    """Newest version listed."""
    published: datetime | None = Field(default=None, sa_type=UtcTime)
    first_seen: datetime = Field(sa_type=UtcTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When its source says it was taken back; it is kept, and leaves the dataset."""
    withdrawn_reason: str | None = None


class PaperVersionRow(Row, table=True):
    """One version of a paper, its metadata as received."""

    __tablename__ = "paper_version"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counted"),)

    paper_id: str = Field(primary_key=True, foreign_key="paper.paper_id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: str
    abstract: str
    authors: list[str] = Field(sa_type=JSON_COLUMN)
    categories: list[str] = Field(sa_type=JSON_COLUMN)
    """Primary first."""
    updated: datetime | None = Field(default=None, sa_type=UtcTime)
    pdf_url: str | None = None
    licence: str | None = None
    comment: str | None = None
    raw: bytes
    """The record exactly as the source sent it."""
    seen_at: datetime = Field(sa_type=UtcTime)
    relisted: bytes | None = None
    """The record as it came last, where that says otherwise than at first."""
    relisted_as: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    """Title, abstract and categories that it has there, where they are not the first ones."""
    relisted_at: datetime | None = Field(default=None, sa_type=UtcTime)


class SourceStateRow(Row, table=True):
    """How far a source has been harvested; changed only in the transaction that stores the rows."""

    __tablename__ = "source_state"

    source: str = Field(primary_key=True)
    set_name: str = Field(primary_key=True)
    watermark: datetime | None = Field(default=None, sa_type=UtcTime)
    token: str | None = None
    """Where an unfinished harvest goes on; the next three are its own, and empty without it."""
    window_from: datetime | None = Field(default=None, sa_type=UtcTime)
    window_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Empty also where it goes up to now."""
    began_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """What time the source said it was at its first page."""
    moved_at: datetime = Field(sa_type=UtcTime)


class RunRow(Row, table=True):
    """One run of a flow; its key makes a schedule that fires twice do the work once."""

    __tablename__ = "run"
    __table_args__ = (one_of("outcome", OUTCOMES),)

    run_key: str = Field(primary_key=True)
    kind: str = Field(index=True)
    outcome: str
    started_at: datetime = Field(sa_type=UtcTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON_COLUMN)
    note: str = ""
    report: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    """How it went in full, in a layout that it names; None while it runs, or where it was killed."""


class BlobRow(Row, table=True):
    """Bytes in the object store."""

    __tablename__ = "blob"
    __table_args__ = (whole_sha256(), CheckConstraint("size >= 0", name="size_counted"))

    sha256: str = Field(primary_key=True)
    size: int
    stored_at: datetime = Field(sa_type=UtcTime)
    lost_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When they were found to be gone or damaged; they are fetched again."""


class FileRow(Row, table=True):
    """A version of a paper as a file of one medium, `pdf` or `html`."""

    __tablename__ = "file"
    __table_args__ = (ForeignKeyConstraint(*_OF_VERSION),)

    paper_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    media: str = Field(primary_key=True)
    sha256: str = Field(foreign_key="blob.sha256", index=True)
    url: str | None = None
    etag: str | None = None
    modified: str | None = None
    """`Last-Modified`, as it was sent."""
    fetched_at: datetime = Field(sa_type=UtcTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When it was last asked for and was as before."""


class FailureRow(Row, table=True):
    """Something that did not work, kept until a person has seen it or a later try succeeded."""

    __tablename__ = "failure"
    __table_args__ = (
        UniqueConstraint("stage", "subject"),
        CheckConstraint("tries >= 1", name="tries_counted"),
    )

    id: int | None = Field(default=None, primary_key=True)
    stage: str
    subject: str
    """The paper, file or source it happened to."""
    error: str
    """Name of the error's type."""
    reason: str
    """The error's sentence."""
    tries: int
    run_key: str | None = Field(default=None, foreign_key="run.run_key")
    first_at: datetime = Field(sa_type=UtcTime)
    last_at: datetime = Field(sa_type=UtcTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcTime)
    acknowledged_by: str | None = None


# What was read


class ReadingRow(Row, table=True):
    """What one extractor version read from one file."""

    __tablename__ = "reading"

    sha256: str = Field(primary_key=True, foreign_key="blob.sha256")
    extractor: str = Field(primary_key=True)
    paper_id: str = Field(primary_key=True, foreign_key="paper.paper_id", index=True)
    """Part of the key, for a file may be that of two papers, one after the other (`db.duplicates`)."""
    version: int
    """Of the paper; 1 for files that have none."""
    title: str
    pages: int
    problems: list[Json] = Field(default_factory=list, sa_type=JSON_COLUMN)
    run_key: str | None = Field(default=None, foreign_key="run.run_key")
    read_at: datetime = Field(sa_type=UtcTime, index=True)


class EntityRow(Row, table=True):
    """A model, run or result; its id is minted once and never used again for another."""

    __tablename__ = "entity"
    __table_args__ = (one_of("kind", ENTITY_KINDS), UniqueConstraint("paper_id", "kind", "slug"))

    entity_id: str = Field(primary_key=True)
    paper_id: str = Field(foreign_key="paper.paper_id", index=True)
    kind: str
    slug: str
    minted_by: str
    """The extractor or the person."""
    minted_at: datetime = Field(sa_type=UtcTime)
    merged_into: str | None = Field(default=None, foreign_key="entity.entity_id", index=True)
    """Cache of the review log: the entity a person said it is the same as."""
    removed: bool = False
    """Cache of the review log: a person said there is no such thing."""


class ProposalRow(Row, table=True):
    """A value that a reading proposes for a cell: rank 0 the value, 1 and up its rivals, best first."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("sha256", "extractor", "entity_id", "field", "rank"),
        ForeignKeyConstraint(
            ["sha256", "extractor", "paper_id"], ["reading.sha256", "reading.extractor", "reading.paper_id"]
        ),
        CheckConstraint("rank >= 0", name="rank_counted"),
        Index("ix_proposal_cell", "entity_id", "field"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sha256: str
    extractor: str
    paper_id: str
    entity_id: str = Field(foreign_key="entity.entity_id")
    field: str
    rank: int
    value: Json = Field(sa_type=JSON_COLUMN)
    evidence: Json = Field(sa_type=JSON_COLUMN)
    features: dict[str, float] = Field(default_factory=dict, sa_type=JSON_COLUMN)
    reasons: list[str] = Field(default_factory=list, sa_type=JSON_COLUMN)


# What was decided


class EventRow(Row, table=True):
    """One entry of the review log. Triggers refuse to change or delete it."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_cell", "entity_id", "field"), {"sqlite_autoincrement": True})

    seq: int | None = Field(default=None, primary_key=True)
    uuid: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcTime)
    actor: str = Field(index=True)
    actor_kind: str
    entity_id: str = Field(foreign_key="entity.entity_id")
    field: str | None = None
    """None where the event is about the entity itself."""
    slot: int | None = None
    expect: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    """What the actor saw: `{"seq": 3}`, or a value."""
    extractor: str | None = None
    seconds: float | None = None
    reason: str = ""
    kind: str
    body: Json = Field(default_factory=dict, sa_type=JSON_COLUMN)


class AnnotatorRow(Row, table=True):
    """Somebody who may review."""

    __tablename__ = "annotator"
    __table_args__ = (one_of("role", ANNOTATOR_ROLES),)

    name: str = Field(primary_key=True)
    role: str
    added_at: datetime = Field(sa_type=UtcTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ModelRow(Row, table=True):
    """A confidence model, by the hash of its canonical JSON."""

    __tablename__ = "model"
    __table_args__ = (whole_sha256(),)

    sha256: str = Field(primary_key=True)
    version: str
    body: str
    """Its canonical JSON."""
    installed_at: datetime = Field(sa_type=UtcTime)
    chosen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When it was chosen to judge; the newest choice counts, and none where all are empty."""


class CellRow(Row, table=True):
    """Cache of `db.cells.resolve` for one cell."""

    __tablename__ = "cell"
    __table_args__ = (
        one_of("status", STATUSES),
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability_bounded"),
        CheckConstraint(
            "value_kind IS NULL OR value_kind = 'not-reported' OR evidence IS NOT NULL", name="evidence_given"
        ),
        CheckConstraint("(value IS NULL) = (value_kind IS NULL)", name="value_typed"),
        Index("ix_cell_status", "status", "paper_id"),
    )

    entity_id: str = Field(primary_key=True, foreign_key="entity.entity_id")
    field: str = Field(primary_key=True)
    paper_id: str = Field(foreign_key="paper.paper_id", index=True)
    status: str
    look: str | None = None
    value_kind: str | None = None
    value: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    evidence: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    extractor: str | None = None
    """The extractor that read the value; None where a person typed it."""
    probability: float | None = None
    model_sha: str | None = Field(default=None, foreign_key="model.sha256")
    reviewers: list[str] = Field(default_factory=list, sa_type=JSON_COLUMN)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_seq: int = 0
    """Newest event about it; 0 if there is none."""


class ReviewItemRow(Row, table=True):
    """A request to look at a cell; at most one is open for each."""

    __tablename__ = "review_item"
    __table_args__ = (
        ForeignKeyConstraint(["entity_id", "field"], ["cell.entity_id", "cell.field"]),
        one_of("why", LOOKS),
        one_of("audit", AUDIT_OUTCOMES),
        Index(
            "uq_review_item_open",
            "entity_id",
            "field",
            unique=True,
            **only_where("closed_at IS NULL"),
        ),
        Index(
            "ix_review_item_order",
            "skips",
            "paper_rank",
            "paper_id",
            "rank",
            "id",
            **only_where("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    paper_id: str = Field(foreign_key="paper.paper_id", index=True)
    entity_id: str
    field: str
    why: str
    audit: str | None = None
    """What came of it, if it asks or asked about a value published unseen; a flag does not end an audit."""
    paper_rank: float = Field(sa_column_kwargs={"server_default": "0"})
    """Of its paper, and of what is urgent; lower comes first (`db.worth`)."""
    rank: float
    """Within its paper; lower comes first."""
    skips: int = 0
    """How often it was passed over; each time it goes behind all that were passed over less."""
    opened_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    set_aside: str | None = None
    """Why it was closed without an answer, if its paper is not for review now; it opens again when the paper is (`db.standing`)."""


class ReviewSlotRow(Row, table=True):
    """Room for one person's decision on an item; double review is two slots. A lease is not an event."""

    __tablename__ = "review_slot"
    __table_args__ = (
        one_of("role", get_args(SlotRole)),
        CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name="lease_held"),
        UniqueConstraint("item_id", "holder"),
        Index(
            "ix_review_slot_unfilled",
            "holder",
            **only_where("event_seq IS NULL"),
        ),
        Index(  # of filled slots only, or SQLite would rather sort all others than go by the order of the queue
            "ix_review_slot_event_seq",
            "event_seq",
            **only_where("event_seq IS NOT NULL"),
        ),
    )

    item_id: int = Field(primary_key=True, foreign_key="review_item.id")
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    role: str = "opinion"
    holder: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcTime)
    sitting: str | None = None
    """At which of the holder's screens, for a person may sit at two; none is named where any of them may go on."""
    event_seq: int | None = Field(default=None, foreign_key="event.seq")
    """The decision that filled it."""


# What was published, and what watches over the runs


class ReleaseRow(Row, table=True):
    """A published version of the dataset."""

    __tablename__ = "release"
    __table_args__ = (whole_sha256("manifest_sha256"),)

    version: str = Field(primary_key=True)
    built_at: datetime = Field(sa_type=UtcTime)
    """The state it shows: time of the newest reading or decision."""
    manifest_sha256: str
    """Of its checksums, which seal all of it."""
    content_sha256: str
    """Of its rows alone, whatever the version they were published under."""
    schema_sha256: str
    last_seq: int
    """Newest event it knows of."""
    summary: Json | None = Field(default=None, sa_type=JSON_COLUMN)
    """Rows by table, cells by status and by column (`db.dataset.statistics`); None for releases of before this was kept."""
    changelog: str | None = None
    """Its part of the data change log, in Markdown; None for releases of before this was kept."""
    yanked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    yanked_reason: str | None = None


class PublishedRow(Row, table=True):
    """A cell that changed with a release."""

    __tablename__ = "published"
    __table_args__ = (Index("ix_published_cell", "paper_id", "entity_id", "field"),)

    version: str = Field(primary_key=True, foreign_key="release.version")
    entity_id: str = Field(primary_key=True, foreign_key="entity.entity_id")
    field: str = Field(primary_key=True)
    paper_id: str = Field(foreign_key="paper.paper_id")
    value_hash: str | None = None
    """None where the cell left the dataset."""
    value: str | None = None
    """As its table shows it; None also for releases of before this was kept."""
    status: str | None = None
    """How it came to be published; None as for `value`."""
    reason: str | None = None
    """Why it changed, as a sentence; None in a first release, where nothing changed."""


class AlarmRow(Row, table=True):
    """A sign that something is wrong, red until a person has seen it; one row for as many nights as it lasts."""

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint("nights >= 1", name="nights_counted"),
        Index("uq_alarm_lasting", "source", "kind", "subject", unique=True, **only_where("ended_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    """Whose runs raise it; those of another source neither raise it again nor end it."""
    kind: str
    subject: str
    """What it is about: a field, a rule, a step."""
    message: str
    run_key: str | None = Field(default=None, foreign_key="run.run_key")
    """The run that raised it last, and whose words the message is."""
    nights: int = 1
    raised_at: datetime = Field(sa_type=UtcTime)
    last_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcTime)
    acknowledged_by: str | None = None


class GateRow(Row, table=True):
    """Whose turn it is to ask a service, and when the next may, for all processes together."""

    __tablename__ = "gate"

    host: str = Field(primary_key=True)
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the last request began."""
    next_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """Before when the service asked to be left alone."""
    holder: str | None = None
    held_until: datetime | None = Field(default=None, sa_type=UtcTime)
