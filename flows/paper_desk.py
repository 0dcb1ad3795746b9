"""One person's place at whole papers: the transactions, the clock and the files behind the screen of a paper."""

from __future__ import annotations

from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Engine

from annotation.adding import Signed
from annotation.citing import Citation, Placed
from annotation.screen.paper.desk import Change
from annotation.session import Reviewer
from annotation.whole import WholePaper, whole_paper
from db.engine import session, snapshot
from extractors.facts.ids import PaperId
from extractors.facts.values import Value
from flows.clock import Clock
from flows.passages import Passages

T = TypeVar("T")


class DatabasePaperDesk:
    """A desk over a database and a store of papers; see `annotation.screen.paper.desk.PaperDesk`."""

    def __init__(self, engine: Engine, reviewer: Reviewer, clock: Clock, passages: Passages) -> None:
        self._engine, self._reviewer, self._clock, self._passages = engine, reviewer, clock, passages

    @property
    def name(self) -> str:
        """Who sits there."""
        return self._reviewer.name

    def whole(self, paper: PaperId) -> WholePaper:
        """All that is known of a paper.

        Raises:
            UsageError: there is no such paper.
        """
        with snapshot(self._engine) as opened:
            return whole_paper(opened, paper)

    def change(self, make: Change[T], reason: str, seconds: float) -> T:
        """Make a change in a transaction of its own, signed by this person.

        Raises:
            ConflictError: somebody changed it first.
            UsageError: it makes no sense there.
        """
        signed = Signed(self._reviewer, self._clock.now(), str(uuid4()), reason, round(seconds, 1))
        with session(self._engine) as opened:
            return make(opened, signed)

    def pages(self, sha256: str) -> int | None:
        """How many pages a file has, 0 for HTML; None where it cannot be read."""
        return self._passages.pages(sha256)

    def place(self, sha256: str, citation: Citation, values: tuple[Value, ...]) -> Placed | None:
        """Where typed words stand in a file; None where it cannot be read."""
        return self._passages.place(sha256, citation, values)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return self._clock.monotonic()
