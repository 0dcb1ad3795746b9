"""Which papers are for review: those that stand and are no other paper's duplicate.

The open items of others leave the queue, with the reason, and come back as they were when the paper does: opinions that were given
stay given. What people decided of such a paper, its readings and its cells are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db.duplicates import duplicates
from db.items import sync
from db.order import close_ranks, is_open
from db.policy import ReviewPolicy
from db.refresh import state_of
from db.tables import CellRow, PaperRow, ReviewItemRow
from extractors.facts.ids import PaperId


@dataclass(frozen=True, slots=True)
class Followed:
    """How the queue followed the papers."""

    set_aside: int
    """Items that left it."""
    brought_back: int


def not_for_review(session: Session) -> dict[PaperId, str]:
    """The papers that were withdrawn or are duplicates, with the reason in words."""
    found = {one.paper: one.reason for one in duplicates(session)}
    gone = select(PaperRow.paper_id, PaperRow.withdrawn_reason).where(col(PaperRow.withdrawn_at).is_not(None))
    return found | {PaperId(paper): f"withdrawn: {reason}" for paper, reason in session.exec(gone)}


def follow(session: Session, policy: ReviewPolicy, at: datetime) -> Followed:
    """Let the queue follow what became of papers.

    Args:
        session: a writing transaction.
        policy: how many people are to decide a new item.
        at: now.
    """
    out = not_for_review(session)
    waiting = session.exec(select(ReviewItemRow).where(is_open())).all() if out else []
    leaving = [item for item in waiting if item.paper_id in out]
    for item in leaving:
        item.closed_at, item.set_aside = at, out[PaperId(item.paper_id)]
        session.add(item)
    session.flush()
    for paper in sorted({item.paper_id for item in leaving}):
        close_ranks(session, PaperId(paper))
    aside = select(ReviewItemRow).where(col(ReviewItemRow.set_aside).is_not(None))
    coming = [item for item in session.exec(aside).all() if item.paper_id not in out]
    _open_again(session, coming, policy, at)
    return Followed(len(leaving), len(coming))


def _open_again(session: Session, items: Iterable[ReviewItemRow], policy: ReviewPolicy, at: datetime) -> None:
    """Open items whose papers are back, and let each of their cells have what it asks for by now."""
    papers = set()
    for item in items:
        item.closed_at = item.set_aside = None
        session.add(item)
        papers.add(item.paper_id)
    session.flush()
    cells = select(CellRow).where(col(CellRow.paper_id).in_(papers))
    sync(session, map(state_of, session.exec(cells)), at, policy)
