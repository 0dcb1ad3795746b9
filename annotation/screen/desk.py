"""What the screen asks of the world: the queue and the log behind one person's session, and the pages of papers.

Every method may take its time and is called from one thread, one after the other; `flows.desk` has the real one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from annotation.passage import Passage
from annotation.session import Answer, Item
from db.events import Entry
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId


@dataclass(frozen=True, slots=True)
class Waiting:
    """A value that waits, as a search finds it."""

    key: CellKey
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Following:
    """What comes after an answer."""

    item: Item | None
    """The next item, claimed; None if nothing else waits for this person."""
    left: int
    """How many items wait or are held."""


class Desk(Protocol):
    """One person's place at the queue."""

    @property
    def name(self) -> str:
        """Who sits there."""
        ...

    def next(
        self, *, near: PaperId | None = None, avoid: Collection[int] = (), only: CellKey | None = None
    ) -> Item | None:
        """Claim the next item; None if nothing waits for this person."""
        ...

    def answer(self, item: Item, answer: Answer, reason: str, seconds: float) -> None:
        """Write an answer to the log.

        Raises:
            ConflictError: somebody else decided or changed it first.
            UsageError: the answer makes no sense there.
        """
        ...

    def answer_and_next(
        self, item: Item, answer: Answer, reason: str, seconds: float, *, avoid: Collection[int]
    ) -> Following:
        """Write an answer to the log and claim the next item, both or neither: one wait for the disk instead of three.

        Raises:
            ConflictError: somebody else decided or changed it first.
            UsageError: the answer makes no sense there.
        """
        ...

    def undo(self) -> CellKey | EntityId | None:
        """Take back this person's last change that still holds; what it was about, or None."""
        ...

    def renew(self, item: Item) -> None:
        """Hold an item for longer.

        Raises:
            ConflictError: it is no longer held.
        """
        ...

    def give_back(self, items: Collection[Item]) -> None:
        """Free items undecided; those no longer held are left alone."""
        ...

    def mark(self) -> int:
        """The number of the newest entry of the log."""
        ...

    def answers(self, since: int) -> tuple[Entry, ...]:
        """What this person answered of what the queue asks after an entry of the log, wherever they did, and did not take back."""
        ...

    def left(self) -> int:
        """How many items wait or are held."""
        ...

    def waiting(self) -> tuple[Waiting, ...]:
        """All that waits, in the order of the queue."""
        ...

    def history(self, key: CellKey | None) -> tuple[Entry, ...]:
        """What was said of a cell, or by this person; newest first."""
        ...

    def passage(self, place: Evidence) -> Passage | None:
        """What stands around a piece of evidence; called from a thread of its own. None where it cannot be told."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...
