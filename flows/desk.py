"""One person's place at the review queue: the transactions, the clock and the papers behind the screen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from annotation.passage import Passage
from annotation.screen.desk import Following, Waiting
from annotation.session import (
    Answer,
    Item,
    Reviewer,
    answers_of,
    decide,
    give_back,
    keep,
    next_item,
    undo,
)
from annotation.values import reason_to_look
from db.engine import session, snapshot
from db.events import Entry
from db.log import history, last_seq
from db.models import judge_of
from db.queue import open_items, waiting
from db.tables import PaperRow
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from flows.clock import Clock

if TYPE_CHECKING:
    from flows.passages import Passages

MOST_ENTRIES = 500
"""Of a history; nobody reads further back on a screen."""


class DatabaseDesk:
    """A desk over a database and a store of papers; see `annotation.screen.desk.Desk`."""

    def __init__(self, engine: Engine, reviewer: Reviewer, clock: Clock, passages: Passages | None) -> None:
        self._engine, self._clock, self._passages = engine, clock, passages
        self._reviewer = replace(reviewer, sitting=str(uuid4()))

    @property
    def name(self) -> str:
        """Who sits there."""
        return self._reviewer.name

    def next(
        self, *, near: PaperId | None = None, avoid: Collection[int] = (), only: CellKey | None = None
    ) -> Item | None:
        """Claim the next item; None if nothing waits for this person."""
        with session(self._engine) as opened:
            return self._next(opened, near, avoid, only)

    def _next(
        self, opened: Session, near: PaperId | None, avoid: Collection[int], only: CellKey | None = None
    ) -> Item | None:
        # whoever chooses another model does not wait for people to end their sessions
        judge = judge_of(opened, self._reviewer.judge.promise, self._reviewer.judge.policy)
        self._reviewer = replace(self._reviewer, judge=judge)
        return next_item(opened, self._reviewer, self._clock.now(), near=near, avoid=avoid, only=only)

    def answer(self, item: Item, answer: Answer, reason: str, seconds: float) -> None:
        """Write an answer to the log.

        Raises:
            ConflictError: somebody else decided or changed it first.
            UsageError: the answer makes no sense there.
        """
        with session(self._engine) as opened:
            self._answer(opened, item, answer, reason, seconds)

    def answer_and_next(
        self, item: Item, answer: Answer, reason: str, seconds: float, *, avoid: Collection[int]
    ) -> Following:
        """Write an answer to the log and claim the next item, both or neither.

        Raises:
            ConflictError: somebody else decided or changed it first.
            UsageError: the answer makes no sense there.
        """
        with session(self._engine) as opened:
            self._answer(opened, item, answer, reason, seconds)
            found = self._next(opened, item.key.entity.paper, avoid)
            return Following(found, open_items(opened, self._reviewer.role))

    def _answer(self, opened: Session, item: Item, answer: Answer, reason: str, seconds: float) -> None:
        now, uuid, looked = self._clock.now(), str(uuid4()), round(seconds, 1)
        decide(opened, item, answer, self._reviewer, now, uuid=uuid, reason=reason, seconds=looked)

    def undo(self) -> CellKey | EntityId | None:
        """Take back this person's last change that still holds; what it was about, or None."""
        with session(self._engine) as opened:
            return undo(opened, self._reviewer, self._clock.now(), uuid=str(uuid4()))

    def renew(self, item: Item) -> None:
        """Hold an item for longer.

        Raises:
            ConflictError: it is no longer held.
        """
        with session(self._engine) as opened:
            keep(opened, item, self._clock.now())

    def give_back(self, items: Collection[Item]) -> None:
        """Free items undecided; those no longer held are left alone."""
        if items:
            with session(self._engine) as opened:
                for item in items:
                    give_back(opened, item)

    def mark(self) -> int:
        """The number of the newest entry of the log."""
        with snapshot(self._engine) as opened:
            return last_seq(opened)

    def answers(self, since: int) -> tuple[Entry, ...]:
        """What this person answered of what the queue asks after an entry of the log, wherever they did, and did not take back."""
        with snapshot(self._engine) as opened:
            return answers_of(opened, self.name, since)

    def left(self) -> int:
        """How many items of this person's kind wait or are held: for opinions, or for an adjudicator."""
        with snapshot(self._engine) as opened:
            return open_items(opened, self._reviewer.role)

    def waiting(self) -> tuple[Waiting, ...]:
        """All that waits, in the order of the queue."""
        with snapshot(self._engine) as opened:
            found = waiting(opened)
            papers = {item.key.entity.paper for item in found}
            query = select(PaperRow.paper_id, PaperRow.title).where(col(PaperRow.paper_id).in_(papers))
            titles = dict(opened.exec(query).all())
        return tuple(
            Waiting(item.key, titles.get(item.key.entity.paper, ""), reason_to_look(item.why))
            for item in found
        )

    def history(self, key: CellKey | None) -> tuple[Entry, ...]:
        """What was said of a cell, or by this person; newest first."""
        with snapshot(self._engine) as opened:
            if key is not None:
                return history(opened, key=key, limit=MOST_ENTRIES)
            return history(opened, actor=self.name, limit=MOST_ENTRIES)

    def passage(self, place: Evidence) -> Passage | None:
        """What stands around a piece of evidence; None where it cannot be told."""
        return self._passages.read(place) if self._passages else None

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return self._clock.monotonic()
