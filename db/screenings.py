"""What was decided of papers by their listings: which are to be read, by which rules and why, and which stay in whatever rules say.

A decision is made again when the rules change, or when the listing says something else. Nobody's choice is ever overruled: a paper
that a person named stays in, and so does one whose file is here, for what is read is not dropped because of new rules. Deciding
itself is in `extractors.screening`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, func, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.papers import ALL, Share
from db.runs import unfinished_backfills
from db.screening_tables import ScreeningRow, ScreeningRulesRow
from db.tables import FileRow, PaperRow, PaperVersionRow, ReadingRow
from extractors.facts.ids import PaperId
from extractors.screening import WANTED, Metadata, Reason, Rules, Screening

Stage = Literal["listing", "document"]

BATCH = 500
"""Papers that are decided about in one transaction."""


@dataclass(frozen=True, slots=True)
class Due:
    """A newest version that is to be decided about."""

    paper_id: PaperId
    version: int
    metadata: Metadata
    """As its listing has it now."""
    kept: str
    """Why it stays in whatever rules say, as a sentence; empty where it need not."""
    backfill: str | None = None
    """The backfill that is to bring it and has not come to its end; deciding again leaves the paper to it."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What is kept of a decision."""

    paper_id: PaperId
    version: int
    title: str
    decision: str
    reason: str
    score: float | None
    """None where no score was counted."""
    reasons: tuple[Reason, ...]
    domains: tuple[str, ...]
    rules: str | None
    """Their sha256; None where a person decided, or rules of a time before they had versions."""
    decided_at: datetime


def record_screening(
    session: Session,
    paper_id: str,
    version: int,
    *,
    stage: Stage,
    decision: str,
    domains: Sequence[str],
    reason: str,
    at: datetime,
    run_key: str | None = None,
    score: float | None = None,
    reasons: Sequence[Reason] = (),
    rules: str | None = None,
) -> None:
    """Store whether a version is to be read, and why; a later decision of the same stage replaces an earlier.

    Args:
        session: a writing transaction.
        paper_id: the paper.
        version: which of it.
        stage: by the listing, or by the document.
        decision: what follows.
        domains: ids of domains that it is about.
        reason: one sentence.
        at: now.
        run_key: the run that decided.
        score: the sum of the reasons' points.
        reasons: what it is made of.
        rules: sha256 of rules that `keep_rules` stored; None where a person decides.
    """
    row = ScreeningRow(
        paper_id=paper_id,
        version=version,
        stage=stage,
        decision=decision,
        domains=list(domains),
        reason=reason,
        score=score,
        reasons=[asdict(one) for one in reasons],
        rules=rules,
        is_due=False,
        run_key=run_key,
        decided_at=at,
    )
    session.merge(row)
    session.flush()


def keep_rules(session: Session, rules: Rules, at: datetime) -> None:
    """Store rules by which papers are decided about, if they are not there."""
    if session.get(ScreeningRulesRow, rules.sha256) is None:
        session.add(ScreeningRulesRow(sha256=rules.sha256, body=rules.body, first_at=at))
        session.flush()


def record_decisions(
    session: Session,
    decided: Iterable[tuple[Due, Screening]],
    rules: Rules,
    at: datetime,
    run_key: str | None = None,
) -> dict[PaperId, str]:
    """Store what rules found of some papers, and return what follows: one that is kept stays in, with the score that it has.

    Args:
        session: a writing transaction.
        decided: what `to_screen` gave, and what was found; at most a batch.
        rules: stored by `keep_rules`.
        at: now.
        run_key: the run that decided; of what a backfill is still to bring, that stays named.
    """
    rows = [_row(due, found, rules, at, run_key) for due, found in decided]
    query = select(ScreeningRow).where(
        ScreeningRow.stage == "listing", col(ScreeningRow.paper_id).in_([row.paper_id for row in rows])
    )
    known = {(row.paper_id, row.version): row for row in session.exec(query)}
    for row in rows:
        if (row.paper_id, row.version) in known:
            session.merge(row)
        else:
            session.add(row)
    session.flush()
    return {PaperId(row.paper_id): row.decision for row in rows}


def _row(due: Due, found: Screening, rules: Rules, at: datetime, run_key: str | None) -> ScreeningRow:
    is_kept = bool(due.kept) and found.decision not in WANTED
    return ScreeningRow(
        paper_id=due.paper_id,
        version=due.version,
        stage="listing",
        decision="relevant" if is_kept else found.decision,
        domains=list(found.domains),
        reason=due.kept if is_kept else found.reason,
        score=found.score,
        reasons=[asdict(one) for one in found.reasons],
        rules=rules.sha256,
        is_due=False,
        run_key=due.backfill or run_key,
        decided_at=at,
    )


def to_screen(
    session: Session,
    rules: str,
    most: int = BATCH,
    *,
    papers: Collection[str] | None = None,
    share: Share = ALL,
) -> tuple[Due, ...]:
    """Newest versions that these rules have not decided about as they are listed now, oldest paper first.

    Args:
        session: a transaction.
        rules: their sha256.
        most: how many at once.
        papers: only these, no more than a query takes.
        share: of which versions.
    """
    row = PaperVersionRow
    query = (
        select(  # type: ignore[call-overload]  # SQLModel types selects of at most four columns
            row.paper_id, row.version, row.title, row.abstract, row.categories, row.relisted_as,
            ScreeningRow.run_key, col(ScreeningRow.run_key).in_(unfinished_backfills()),
            _chosen(), _has(FileRow), _has(ReadingRow),
        )
        .join(PaperRow, _newest())
        .outerjoin(ScreeningRow, _by_listing())
        .where(_due(rules), _falls_to(share), true() if papers is None else col(PaperRow.paper_id).in_(papers))
        .order_by(PaperRow.first_seen, PaperRow.paper_id)
        .limit(most)
    )  # fmt: skip
    return tuple(
        Due(
            PaperId(paper),
            version,
            _metadata(title, abstract, categories, relisted),
            _why_kept(*kept),
            by if is_backfills else None,
        )
        for paper, version, title, abstract, categories, relisted, by, is_backfills, *kept in session.exec(
            query
        )
    )


def how_many_to_screen(session: Session, rules: str, share: Share = ALL) -> int:
    """How many newest versions of a share these rules have not decided about as they are listed now."""
    query = select(func.count()).select_from(PaperVersionRow).join(PaperRow, _newest())
    return session.exec(
        query.outerjoin(ScreeningRow, _by_listing()).where(_due(rules), _falls_to(share))
    ).one()


def _metadata(
    title: str, abstract: str, categories: list[str], relisted: dict[str, object] | None
) -> Metadata:
    said = {"title": title, "abstract": abstract, "categories": categories} | (relisted or {})
    listed = said["categories"]
    return Metadata(
        str(said["title"]), str(said["abstract"]), tuple(map(str, listed if isinstance(listed, list) else ()))
    )


def _why_kept(chosen: bool, has_file: bool, is_read: bool) -> str:
    if chosen:
        return "Kept, because a person chose it."
    if is_read:
        return "Kept, because it was read before."
    return "Kept, because its file is here." if has_file else ""


def metadata_of(session: Session, paper_id: str) -> Metadata | None:
    """What the newest version's listing says now; None if there is no such paper."""
    paper = session.get(PaperRow, paper_id)
    row = session.get(PaperVersionRow, (paper_id, paper.latest)) if paper else None
    return _metadata(row.title, row.abstract, row.categories, row.relisted_as) if row else None


def screening_of(session: Session, paper_id: str) -> tuple[str, str] | None:
    """Whether the newest version is to be read as its listing told, and why; None if nobody decided."""
    found = screened(session, paper_id)
    return (found.decision, found.reason) if found else None


def screened(session: Session, paper_id: str) -> Screened | None:
    """What was decided of the newest version by its listing; None if nobody decided."""
    paper = session.get(PaperRow, paper_id)
    row = session.get(ScreeningRow, (paper_id, paper.latest, "listing")) if paper else None
    return _screened(row, paper.title) if row and paper else None


def left_out(session: Session, words: Sequence[str] = (), most: int = 20) -> tuple[Screened, ...]:
    """Papers that screening left out, the highest scores first, perhaps only those with all of some words in title or abstract.

    Args:
        session: a transaction.
        words: in any case.
        most: how many at once.
    """
    text = func.lower(PaperVersionRow.title + " " + PaperVersionRow.abstract)
    query = (
        select(ScreeningRow, PaperVersionRow.title)
        .join(PaperVersionRow, _by_listing())
        .join(PaperRow, _newest())
        .where(
            ScreeningRow.decision == "irrelevant",
            *(text.contains(word.lower(), autoescape=True) for word in words),
        )
        .order_by(func.coalesce(ScreeningRow.score, 0).desc(), ScreeningRow.paper_id)
        .limit(most)
    )
    return tuple(_screened(row, title) for row, title in session.exec(query))


def _screened(row: ScreeningRow, title: str) -> Screened:
    return Screened(
        PaperId(row.paper_id),
        row.version,
        title,
        row.decision,
        row.reason,
        row.score,
        tuple(map(_reason, row.reasons)),
        tuple(row.domains),
        row.rules,
        row.decided_at,
    )


def _reason(plain: dict[str, object]) -> Reason:
    points, found = plain["points"], plain["found"]
    return Reason(
        str(plain["rule"]),
        float(points) if isinstance(points, int | float) else 0.0,
        str(plain["text"]),
        tuple(map(str, found)) if isinstance(found, list) else (),
    )


# Conditions


def _newest() -> ColumnElement[bool]:
    return and_(
        col(PaperVersionRow.paper_id) == PaperRow.paper_id, col(PaperVersionRow.version) == PaperRow.latest
    )


def _by_listing() -> ColumnElement[bool]:
    """That a screening is of the version, by its listing."""
    return and_(
        col(ScreeningRow.paper_id) == PaperVersionRow.paper_id,
        col(ScreeningRow.version) == PaperVersionRow.version,
        col(ScreeningRow.stage) == "listing",
    )


def _due(rules: str) -> ColumnElement[bool]:
    return or_(
        col(ScreeningRow.paper_id).is_(None), col(ScreeningRow.is_due), col(ScreeningRow.rules) != rules
    )


def _falls_to(share: Share) -> ColumnElement[bool]:
    """That a version is in a share; one that nobody screened is in any but that of a backfill."""
    by = col(ScreeningRow.run_key)
    if share.screened_by is not None:
        return by == share.screened_by
    return or_(by.is_(None), by.not_in(unfinished_backfills())) if share.leaves_backfills else true()


def _chosen() -> ColumnElement[bool]:
    """That a person chose the paper, in whichever version."""
    row = aliased(ScreeningRow)
    return exists().where(
        col(row.paper_id) == PaperVersionRow.paper_id,
        col(row.decision).in_(WANTED),
        col(row.rules).is_(None),
        ~col(row.is_due),
    )


def _has(table: type[FileRow | ReadingRow]) -> ColumnElement[bool]:
    """That there is such a row of the paper, of whichever version."""
    return exists().where(col(table.paper_id) == PaperVersionRow.paper_id)
