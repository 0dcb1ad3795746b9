"""What one run brought, counted from the rows that name it: papers by step, facts by field and by rule, what failed.

Only counting; what the numbers mean is judged in `flows.watch`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, and_, col, func, select

from db.screening_tables import ScreeningRow
from db.tables import BlobRow, EntityRow, FailureRow, ProposalRow, ReadingRow
from extractors.facts.fields import FIELDS

REASONS = 20
"""Reasons for leaving papers out that are told apart; the rarest are put together."""


@dataclass(frozen=True, slots=True)
class Yield:
    """Facts of one field, or by one rule."""

    papers: int
    """Papers with at least one."""
    facts: int
    squares: int
    """Sum over papers of the squares of their facts."""


@dataclass(frozen=True, slots=True)
class Yields:
    """Facts in the papers that a run read."""

    fields: dict[str, Yield]
    """By the field's path."""
    rules: dict[str, Yield]
    papers: int
    """With any fact."""


def yields_of(session: Session, run_key: str) -> Yields:
    """What the readings of a run propose: first values of facts, rivals apart."""
    rule = func.coalesce(col(ProposalRow.evidence)["rule"].as_string(), "")
    query = (
        select(ProposalRow.sha256, EntityRow.kind, ProposalRow.field, rule)
        .join(
            ReadingRow,
            and_(
                col(ReadingRow.sha256) == ProposalRow.sha256,
                col(ReadingRow.extractor) == ProposalRow.extractor,
                col(ReadingRow.paper_id) == ProposalRow.paper_id,
            ),
        )
        .join(EntityRow, col(EntityRow.entity_id) == ProposalRow.entity_id)
        .where(ReadingRow.run_key == run_key, ProposalRow.rank == 0)
    )
    facts = {field.path for field in FIELDS.values() if field.use == "fact"}
    by_field: Counter[tuple[str, str]] = Counter()
    by_rule: Counter[tuple[str, str]] = Counter()
    for file, kind, field, by in session.exec(query):
        if f"{kind}.{field}" in facts:
            by_field[f"{kind}.{field}", file] += 1
            by_rule[by, file] += 1
    return Yields(_summed(by_field), _summed(by_rule), len({file for _, file in by_field}))


def _summed(counts: Counter[tuple[str, str]]) -> dict[str, Yield]:
    found: dict[str, list[int]] = {}
    for (name, _), number in counts.items():
        found.setdefault(name, []).append(number)
    return {name: _yield(numbers) for name, numbers in sorted(found.items())}


def _yield(numbers: Iterable[int]) -> Yield:
    each = list(numbers)
    return Yield(len(each), sum(each), sum(number**2 for number in each))


def screened_in(session: Session, run_key: str) -> dict[str, int]:
    """Versions that a run decided about, by decision."""
    query = select(ScreeningRow.decision, func.count()).where(ScreeningRow.run_key == run_key)
    return dict(session.exec(query.group_by(ScreeningRow.decision)).all())


def excluded_by(session: Session, run_key: str) -> dict[str, int]:
    """Versions that a run left out, by reason, the most frequent first; the rarest reasons are `other reasons`."""
    query = (
        select(ScreeningRow.reason, func.count())
        .where(ScreeningRow.run_key == run_key, ScreeningRow.decision == "irrelevant")
        .group_by(ScreeningRow.reason)
        .order_by(func.count().desc(), ScreeningRow.reason)
    )
    counted = session.exec(query).all()
    rest = sum(number for _, number in counted[REASONS:])
    return dict(counted[:REASONS]) | ({"other reasons": rest} if rest else {})


def failures_of(session: Session, run_key: str) -> dict[str, int]:
    """What failed in a run and still does, by stage and type of error."""
    query = (
        select(FailureRow.stage, FailureRow.error, func.count())
        .where(FailureRow.run_key == run_key, col(FailureRow.resolved_at).is_(None))
        .group_by(FailureRow.stage, FailureRow.error)
        .order_by(FailureRow.stage, FailureRow.error)
    )
    return {f"{stage}: {error}": number for stage, error, number in session.exec(query).all()}


def stored_bytes(session: Session) -> int:
    """What the files take."""
    return int(session.exec(select(func.coalesce(func.sum(BlobRow.size), 0))).one())
