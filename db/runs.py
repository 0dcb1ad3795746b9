"""Runs of the flows, and what did not work in them.

A run's key is its identity: beginning a run that is done says so, and nothing is done twice. A failure stays until
a later try succeeds or a person has seen it. When flows run and what they try is decided in `flows`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.tables import FailureRow, Json, Outcome, RunRow
from extractors.facts.errors import ConflictError

NIGHTLY = "nightly"
"""Kind of the runs that harvest, fetch and read."""
BACKFILL = "backfill"
"""The same for days of the past, beside the nights."""


def run_of(session: Session, run_key: str) -> RunRow | None:
    """A run by its key; None if it was never begun."""
    return session.get(RunRow, run_key)


def unfinished_backfills() -> SelectOfScalar[str]:
    """Keys of the backfills that have not come to their end, whether at work or left; one that was only partly successful has."""
    return select(RunRow.run_key).where(
        RunRow.kind == BACKFILL, col(RunRow.outcome).in_(("running", "failed"))
    )


def begin_run(session: Session, run_key: str, kind: str, at: datetime) -> bool:
    """Note that a run begins; false if a run of this key was already completed.

    One that was interrupted, failed or was only partly done begins again.
    """
    row = session.get(RunRow, run_key)
    if row is not None and row.outcome == "done":
        return False
    row = row or RunRow(run_key=run_key, kind=kind, outcome="running", started_at=at)
    row.outcome, row.started_at, row.ended_at = "running", at, None
    session.add(row)
    session.flush()
    return True


def end_run(
    session: Session, run_key: str, outcome: Outcome, counts: Mapping[str, int], at: datetime, note: str = ""
) -> None:
    """Note how a run ended, also when it crashed.

    Raises:
        ConflictError: no such run was begun.
    """
    row = session.get(RunRow, run_key)
    if row is None:
        raise ConflictError(f"run {run_key} was never begun", remedy="Begin it first")
    row.outcome, row.counts, row.ended_at, row.note = outcome, dict(counts), at, note
    session.add(row)
    session.flush()


def report_run(session: Session, run_key: str, report: Json) -> None:
    """Keep a run's report with it.

    Raises:
        ConflictError: no such run was begun.
    """
    row = session.get(RunRow, run_key)
    if row is None:
        raise ConflictError(f"run {run_key} was never begun", remedy="Begin it first")
    row.report = report
    session.add(row)
    session.flush()


def reports_before(session: Session, kind: str, before: datetime, most: int) -> Sequence[Json]:
    """The newest reports of runs of a kind that began before a moment, oldest first."""
    query = (
        select(RunRow.report)
        .where(RunRow.kind == kind, col(RunRow.started_at) < before, col(RunRow.report).is_not(None))
        .order_by(col(RunRow.started_at).desc(), col(RunRow.run_key).desc())
        .limit(most)
    )
    return [report for report in reversed(session.exec(query).all()) if report is not None]


def close_interrupted(session: Session, kind: str, at: datetime) -> int:
    """Note that runs which never ended were interrupted; only for who knows that none of them is still at work."""
    query = select(RunRow).where(RunRow.kind == kind, RunRow.outcome == "running")
    left = session.exec(query).all()
    for row in left:
        end_run(
            session, row.run_key, "failed", row.counts, at, "Interrupted; the next run goes on from there."
        )
    return len(left)


def last_run(session: Session, kind: str | None = None) -> RunRow | None:
    """The run that began last."""
    query = select(RunRow).order_by(col(RunRow.started_at).desc(), col(RunRow.run_key).desc()).limit(1)
    return session.exec(query.where(RunRow.kind == kind) if kind else query).first()


def record_failure(
    session: Session,
    stage: str,
    subject: str,
    error: Exception,
    at: datetime,
    run_key: str | None = None,
    *,
    settled: bool = False,
) -> None:
    """Note that something did not work; a further failure of the same counts as another try, to be seen again.

    What is settled is only remembered: it is as it should be, and nobody needs to see to it.
    """
    row = _failure(session, stage, subject)
    row = row or FailureRow(
        stage=stage, subject=subject, error="", reason="", tries=0, first_at=at, last_at=at
    )
    row.error, row.reason = type(error).__name__, str(error) or type(error).__name__
    row.tries += 1
    row.last_at, row.run_key, row.resolved_at = at, run_key, at if settled else None
    row.acknowledged_at = row.acknowledged_by = None
    session.add(row)
    session.flush()


def resolve_failure(session: Session, stage: str, subject: str, at: datetime) -> None:
    """Note that what failed now works; nothing happens where nothing had failed."""
    row = _failure(session, stage, subject)
    if row is not None and row.resolved_at is None:
        row.resolved_at = at
        session.add(row)
        session.flush()


def acknowledge_failure(session: Session, failure_id: int, who: str, at: datetime) -> None:
    """Note that a person has seen a failure.

    Raises:
        ConflictError: there is no such failure.
    """
    row = session.get(FailureRow, failure_id)
    if row is None:
        raise ConflictError(f"there is no failure {failure_id}", remedy="List them with burden status")
    row.acknowledged_at, row.acknowledged_by = at, who
    session.add(row)
    session.flush()


def open_failures(session: Session, stage: str | None = None) -> Sequence[FailureRow]:
    """Failures that nobody has seen and no later try has mended, oldest first."""
    unseen = col(FailureRow.resolved_at).is_(None), col(FailureRow.acknowledged_at).is_(None)
    query = select(FailureRow).where(*unseen).order_by(col(FailureRow.first_at), col(FailureRow.id))
    return session.exec(query.where(FailureRow.stage == stage) if stage else query).all()


def settled(session: Session, stage: str) -> Sequence[FailureRow]:
    """What failed and needs nobody to see to it: it was as it should be, or it works by now."""
    query = select(FailureRow).where(FailureRow.stage == stage, col(FailureRow.resolved_at).is_not(None))
    return session.exec(query).all()


def _failure(session: Session, stage: str, subject: str) -> FailureRow | None:
    return session.exec(
        select(FailureRow).where(FailureRow.stage == stage, FailureRow.subject == subject)
    ).one_or_none()
