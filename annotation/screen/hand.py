"""The items in a person's hand: the one on the screen, those behind it, what was passed over, and how fast it goes.

It knows no screen. All that touches the queue goes through the desk, one call after the other, off the screen's thread,
and always leaves the hand holding exactly what the queue says is held, so that all of it can be given back.
"""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass, field, replace

from annotation.screen.desk import Desk
from annotation.screen.prompts import Said
from annotation.session import Item
from db.cells import CellState
from db.events import Accepted, Corrected, Decision, Skipped
from extractors.facts.errors import BurdenError, ConflictError
from extractors.facts.ids import CellKey, EntityId, PaperId

LONGEST_LOOK = 300.0
"""Seconds that count of one look: whoever had lunch over an item is no slower for it."""
ENOUGH = 2
"""Items that are held: one to show, and one behind it."""


@dataclass(slots=True)
class Pace:
    """How far this session is, and how fast."""

    done: int = 0
    left: int = 0
    seconds: list[float] = field(default_factory=list)
    """Of each answer that decided something."""

    @property
    def median(self) -> float:
        """Seconds an item takes."""
        return statistics.median(self.seconds) if self.seconds else 0.0

    @property
    def per_hour(self) -> float:
        """Items an hour, of the time spent looking at items."""
        spent = sum(self.seconds)
        return 3600 * len(self.seconds) / spent if spent else 0.0


class Hand:
    """What one person holds of the queue."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.item: Item | None = None
        """The item on the screen, or None where nothing waits."""
        self.behind: deque[Item] = deque()
        """Held too: what comes next."""
        self.passed: set[int] = set()
        """Items skipped in this session, which come back when nothing else waits and the person asks."""
        self.pace = Pace()
        self._began: int | None = None
        """The newest entry of the log when the session began."""
        self._again: set[int] = set()
        """Items that were shown anew once, because somebody changed them meanwhile."""

    @property
    def held(self) -> tuple[Item, ...]:
        """All items in the hand."""
        return (*((self.item,) if self.item else ()), *self.behind)

    def turn(self) -> Item | None:
        """Put the item on the screen away and show the one behind it; the one that was put away."""
        last, self.item = self.item, self.behind.popleft() if self.behind else None
        return last

    def turn_back(self, item: Item) -> None:
        """Show an item again that was put away, and keep what was shown behind it."""
        if self.item is not None:
            self.behind.appendleft(self.item)
        self.item = item

    # Off the screen's thread

    def fill(self, near: PaperId | None = None) -> None:
        """Take what is missing: an item to show, and one behind it."""
        if self._began is None:
            self._began = self._desk.mark()
        for _ in range(ENOUGH - min(len(self.held), ENOUGH)):
            at = near or (self.item.key.entity.paper if self.item else None)
            found = self._desk.next(near=at, avoid=self._avoided())
            if found is None:
                break
            self._take(found)
        self.pace.left = self._desk.left()

    def _avoided(self) -> set[int]:
        """Items that are not to come now."""
        return self.passed | {item.claim.item_id for item in self.held}

    def _take(self, found: Item) -> None:
        if self.item is None:
            self.item = found
        else:
            self.behind.append(found)

    def write(self, item: Item, said: Said, seconds: float) -> str:
        """Write an answer to an item that was put away, and take another item.

        Returns:
            What to tell: empty if all went well, else why the item was not decided.

        Raises:
            BurdenError: the answer could not be written; the item is still held.
        """
        avoid = self._avoided() | {item.claim.item_id}
        try:
            follows = self._desk.answer_and_next(item, said.answer, said.reason, seconds, avoid=avoid)
        except ConflictError as error:
            self._lose(item)
            self.fill(item.key.entity.paper)
            return f"Not saved: {error.what}. {self._after_loss(item)}"
        self._count(item, said, seconds)
        self._tell(item, said)
        self.pace.left = follows.left
        if follows.item is not None:
            self._take(follows.item)
            if len(self.held) < ENOUGH:
                self.fill(item.key.entity.paper)
        return ""

    def _lose(self, item: Item) -> None:
        """Let an item go that somebody changed; once, it is looked at again as it is now."""
        self._desk.give_back([item])
        if item.claim.item_id in self._again:
            self.passed.add(item.claim.item_id)
            return
        self._again.add(item.claim.item_id)
        fresh = self._desk.next(only=item.key)
        if fresh is not None:
            self.behind.appendleft(fresh)

    def _after_loss(self, item: Item) -> str:
        is_back = any(held.key == item.key for held in self.held)
        return "It comes back as it is now" if is_back else "On with the next"

    def _count(self, item: Item, said: Said, seconds: float) -> None:
        if isinstance(said.answer, Skipped):
            self.passed.add(item.claim.item_id)
            return
        self.pace.done += 1
        self.pace.seconds.append(min(seconds, LONGEST_LOOK))

    def _count_again(self) -> None:
        """Count from the log, where answers were taken back or given elsewhere than at an item."""
        said = self._desk.answers(self._began or 0)
        looks = (entry.envelope.seconds for entry in said)
        self.pace.done = len(said)
        self.pace.seconds = [min(seconds, LONGEST_LOOK) for seconds in looks if seconds is not None]

    def _tell(self, item: Item, said: Said) -> None:
        """Let the items in the hand know what was just decided beside them."""
        if not isinstance(said.answer, Decision):
            return
        value = said.answer.value if isinstance(said.answer, Accepted | Corrected) else None
        state = replace(item.state, value=value, status="reviewed", reviewers=(self._desk.name,))
        self.item = _told(self.item, state) if self.item else None
        self.behind = deque(_told(other, state) for other in self.behind)

    def undo(self) -> CellKey | EntityId | None:
        """Take back the last answer and show its item again; what was on the screen comes after it."""
        cell = self._desk.undo()
        if not isinstance(cell, CellKey):  # nothing, or what was changed by hand, of which no item asks
            return cell
        self._count_again()
        back = self._find(cell) or self._desk.next(only=cell)
        if back is not None:
            self.passed.discard(back.claim.item_id)
            self.turn_back(back)
        self.pace.left = self._desk.left()
        return cell

    def _find(self, cell: CellKey) -> Item | None:
        """An item that is held already, taken out of the hand and looked at anew: its state has changed."""
        held = next((item for item in self.held if item.key == cell), None)
        if held is None:
            return None
        if held is self.item:
            self.item = None
        else:
            self.behind.remove(held)
        self._desk.give_back([held])
        return None

    def go_to(self, paper: PaperId, cells: tuple[CellKey, ...]) -> bool:
        """Show the first of some cells that is free, and go on in its paper; False if somebody is at all of them."""
        for cell in cells:
            mine = next((item for item in self.held if item.key == cell), None)
            found = mine or self._desk.next(only=cell)
            if found is not None:
                self._desk.give_back([item for item in self.held if item is not found])
                self.item, self.behind = found, deque()
                self.passed.discard(found.claim.item_id)
                self.fill(paper)
                return True
        return False

    def look_anew(self) -> None:
        """Show the item again as it is now, or what comes next where it is decided: something of its paper may have changed."""
        shown = self.item.key if self.item else None
        self.give_back()
        self.item = self._desk.next(only=shown) if shown else None
        self.fill(shown.entity.paper if shown else None)
        self._count_again()

    def look_again(self) -> None:
        """Ask for what was skipped too, and for what came meanwhile."""
        self.passed.clear()
        self.fill()

    def renew(self) -> str:
        """Hold all items for longer; what to tell if the one on the screen was lost."""
        told = ""
        for item in self.held:
            try:
                self._desk.renew(item)
            except ConflictError:
                if item is self.item:
                    told = "Your hold on the last item ran out and somebody took it. On with the next"
                    self.turn()
                else:
                    self.behind.remove(item)
        self.fill()
        return told

    def give_back(self) -> None:
        """Free everything."""
        held, self.item = self.held, None
        self.behind = deque()
        try:
            self._desk.give_back(held)
        except BurdenError:  # the leases run out by themselves
            return


def _told(item: Item, state: CellState) -> Item:
    """An item that knows of a decision beside it."""
    if item.key.entity == state.key.entity:
        mates = tuple(state if mate.key == state.key else mate for mate in item.siblings)
        return replace(item, siblings=mates)
    if item.key.entity.paper != state.key.entity.paper or state.value is None:
        return item
    others = tuple(other for other in item.decided if other.key != state.key)
    return replace(item, decided=(state, *others))
