"""The review screen: keys in, one item at a time on the screen, answers written behind it.

Keys are taken one after the other, in the order in which they were typed, and none is lost silently:

- A key counts for the item that is on the screen when its turn comes, and an item is drawn before any key decides it.
- The next item is shown at once, while the answer to the last one is written; a key that needs the writing to end waits.
- If writing takes longer than `PATIENCE`, whoever types again does so because nothing happened; and if an answer could not be
  written, another item comes than was to come. Keys that still wait then are put aside, and the screen says which.
- Pasted text is never keys, and Enter decides nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from annotation.safe_text import safe
from annotation.screen.desk import Desk
from annotation.screen.doors import Doors
from annotation.screen.frame import View, frame
from annotation.screen.hand import Hand
from annotation.screen.keys import WITHOUT_ITEM
from annotation.screen.pages import finder, help_page, history_page
from annotation.screen.prompts import Asking, Closed, Correcting, GoTo, Outcome, Said, flagging, rejecting
from annotation.screen.shelf import Shelf
from annotation.screen.terminal import TerminalApp
from annotation.screen.turns import Turns, named
from annotation.session import Item, accepted
from db.events import DeclaredNotReported, Skipped
from extractors.facts.errors import BurdenError, UsageError

SOON = 0.3
"""Seconds after which the screen says that it waits."""
PATIENCE = 2.0
"""Seconds after which a person who types again does so because nothing happened."""
RENEW_EVERY = 60.0
"""Seconds between renewals of what is held."""
AWAY_AFTER = 900.0
"""Seconds without a key after which nobody is taken to look: leases are left to run out."""

T = TypeVar("T")


class ReviewApp(TerminalApp):
    """One person's review session on a full terminal."""

    CSS = "Screen { background: transparent; } #page { width: 100%; height: 100%; text-wrap: nowrap; }"

    def __init__(
        self, desk: Desk, doors: Doors | None = None, is_gone: Callable[[], bool] = lambda: False
    ) -> None:
        """A session that has not begun.

        Args:
            desk: the queue and the log.
            doors: what the keys `v`, `o` and `p` open.
            is_gone: whether the terminal is gone.
        """
        super().__init__(is_gone)
        self._desk, self._doors, self._hand = desk, doors or Doors(), Hand(desk)
        self._thread = ThreadPoolExecutor(1, "desk")
        self._shelf = Shelf(desk.passage, self._draw)
        self._typed = Turns(desk.monotonic())
        self._arrived = asyncio.Event()
        self._asking: Asking | None = None
        self._message = ""
        self._is_waiting = False
        self._is_taking = True
        self._writing: asyncio.Task[None] | None = None
        self._drawn = 0.0
        """When the item on the screen was first on it."""
        self._is_leaving = False
        self._tasks: set[asyncio.Task[None]] = set()

    # Life

    def compose(self) -> ComposeResult:
        """One page of text, drawn by `_page`."""
        yield Static(id="page", markup=False)

    def on_mount(self) -> None:
        """Begin: take the first items, and then take keys."""
        self.set_interval(RENEW_EVERY, self.renew)
        self._start(self._take_keys())

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Do something beside the keys; what it raises ends the program, visibly."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        try:
            task.result()
        except Exception as error:  # noqa: BLE001  # raised here, for Textual shows the one that is being handled
            self._handle_exception(error)

    def leave(self) -> None:
        """End the session, once, after what is being written."""
        if not self._is_leaving:
            self._is_leaving = True
            self._start(self._end())

    async def _end(self) -> None:
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await self._off(self._hand.give_back)
        self._shelf.close()
        self.exit()

    def give_back(self) -> None:
        """Give back what is still held, after an error ended the session."""
        self._thread.shutdown()
        self._hand.give_back()

    async def _off(self, work: Callable[[], T]) -> T:
        """Do something that may take its time, off the screen's thread and after what was asked before."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    @property
    def shown_item(self) -> Item | None:
        """The item on the screen."""
        return self._hand.item

    @property
    def is_idle(self) -> bool:
        """Whether no key waits its turn and nothing is being done: what is on the screen stays until the next key."""
        is_writing = self._writing is not None and not self._writing.done()
        return not (self._typed or self._is_taking or is_writing or self._shelf.is_reading)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Put keys and pasted text in line; other screens than the item's have the keys themselves."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key in ("ctrl+c", "ctrl+q"):
            self.leave()
        elif len(self.screen_stack) > 1:
            self._typed.last_key = self._desk.monotonic()
            await super().on_event(event)
        else:
            self._queue(event)

    def _queue(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Key) and event.key == "escape" and self._typed:
            self._put_aside("forgotten")
            return
        if not self._typed.put(event, self._desk.monotonic()):
            self._put_aside("put aside, for nobody types so many at once")
        self._arrived.set()
        if self._is_waiting:
            self._draw()

    async def _take_keys(self) -> None:
        """Take keys one after the other for as long as the session lasts."""
        await self._fill()
        self._is_taking = False
        while not self._is_leaving:
            await self._arrived.wait()
            if not self._typed:
                self._arrived.clear()
                continue
            self._is_taking = True
            event = self._typed.take()
            if isinstance(event, events.Paste):
                self._paste(event.text)
            elif len(self.screen_stack) > 1:
                await super().on_event(event)
            else:
                await self._take(event)
            self._is_taking = False

    async def _fill(self) -> None:
        try:
            await self._off(self._hand.fill)
        except BurdenError as error:
            self._message = safe(error)
        await self._draw_item()

    async def _take(self, event: events.Key) -> None:
        character = event.character if event.is_printable else None
        if self._asking is not None:
            await self._follow(self._asking.press(event.key, character))
            return
        self._message = ""
        key = character or event.key
        item = self._hand.item
        action = self._actions().get(key)
        if key.isdecimal() and item is not None:
            await self._say_number(item, int(key))
        elif action is not None and (item is not None or key in WITHOUT_ITEM):
            await action()
        elif item is None and key == "s":
            await self._look_again()
        else:
            self._message = f"{named(key)} is no key here; ? shows them all"
            self._draw()

    def _actions(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "a": self._accept, "c": self._correct, "r": lambda: self._ask(rejecting()),
            "n": self._not_reported, "s": lambda: self._say(Said(Skipped())),
            "f": lambda: self._ask(flagging()), "u": self._undo, "h": self._show_history,
            "j": self._find_paper, "/": self._find_value, "v": lambda: self._open("picture"),
            "o": lambda: self._open("source"), "p": self._open_paper, "enter": self._enter,
            "?": lambda: self._ask(help_page()), "q": self._quit,
        }  # fmt: skip

    def _paste(self, words: str) -> None:
        if self._asking is not None:
            self._asking = self._asking.paste(words)
        else:
            self._message = "Pasted text is not taken for keys"
        self._draw()

    def _put_aside(self, what: str) -> None:
        keys = self._typed.words()
        self._typed.clear()
        if keys:
            self._message = f"{self._message}  Keys typed meanwhile are {what}: {keys}".strip()
            self._draw()

    # Answers

    async def _say_number(self, item: Item, number: int) -> None:
        try:
            answer = accepted(item, number - 1)
        except UsageError as error:
            self._message = str(error)
            self._draw()
            return
        await self._say(Said(answer))

    async def _accept(self) -> None:
        if self._hand.item is not None:
            await self._say_number(self._hand.item, 1)

    async def _not_reported(self) -> None:
        if self._hand.item is not None:
            await self._say(Said(DeclaredNotReported(self._hand.item.evidence)))

    async def _correct(self) -> None:
        item = self._hand.item
        if item is None:
            return
        if item.evidence is None:
            self._message = (
                "No place in the paper is known for this value; p adds one with a page and a quote"
            )
            self._draw()
            return
        await self._ask(Correcting(item))

    async def _ask(self, asking: Asking) -> None:
        self._asking = asking
        self._draw()

    async def _follow(self, outcome: Outcome) -> None:
        match outcome:
            case Said():
                self._asking = None
                await self._say(outcome)
            case GoTo():
                self._asking = None
                await self._go_to(outcome)
            case Closed():
                self._asking = None
                self._draw()
            case _:
                self._asking = outcome
                self._draw()

    async def _say(self, said: Said) -> None:
        """Answer the item on the screen; the next one is shown at once, if it is there."""
        meant = self._hand.item
        await self._settled()
        item = self._hand.item
        if item is None or meant is None or item.claim != meant.claim:
            self._message = f"{self._message}  Your last key was not taken: another item is here now".strip()
            self._draw()
            return
        began = self._desk.monotonic()
        seconds = began - self._drawn
        self._hand.turn()
        self._writing = self._start(self._write(item, said, seconds))
        if not self._hand.held:
            await self._settled()
            await self._draw_item()

    async def _settled(self) -> None:
        """Wait until what was begun is written, and say so if that takes long."""
        if self._writing is None:
            return
        done, _ = await asyncio.wait([self._writing], timeout=SOON)
        if not done:
            self._is_waiting = True
            self._draw()
            await asyncio.wait([self._writing])
            self._is_waiting = False
            self._draw()
        self._writing = None

    async def _write(self, item: Item, said: Said, seconds: float) -> None:
        shown, began = self._hand.item, self._desk.monotonic()
        if shown is not None:
            await self._draw_item()  # first, for writing would take the processor from drawing
        try:
            told = await self._off(lambda: self._hand.write(item, said, seconds))
        except BurdenError as error:
            self._hand.turn_back(item)
            told = f"Not saved: {error}"
        except Exception:  # a defect, which ends the session: the item is to be given back
            self._hand.turn_back(item)
            raise
        if told:
            self._message = safe(told)
        if told or self._desk.monotonic() - began > PATIENCE:
            self._put_aside("put aside")
        if self._hand.item is None or shown is None or self._hand.item.key != shown.key:
            await self._draw_item()
        else:
            self._draw()

    async def _undo(self) -> None:
        await self._settled()
        try:
            cell = await self._off(self._hand.undo)
        except BurdenError as error:
            self._message = f"Not taken back: {safe(error)}"
        else:
            self._message = f"Taken back: {cell}" if cell else "There is nothing of yours to take back"
        await self._draw_item()

    async def _look_again(self) -> None:
        await self._settled()
        await self._off(self._hand.look_again)
        await self._draw_item()

    async def _quit(self) -> None:
        self.leave()

    def renew(self) -> None:
        """Hold what is in the hand for longer, unless nobody seems to look any more."""
        is_away = self._desk.monotonic() - self._typed.last_key > AWAY_AFTER
        if not is_away and self._hand.held and self._writing is None and not self._is_leaving:
            self._writing = self._start(self._renewed())

    async def _renewed(self) -> None:
        shown = self._hand.item
        try:
            told = await self._off(self._hand.renew)
        except BurdenError:  # the next answer will tell, if it lasts
            return
        if told and self._hand.item is not shown:
            self._asking, self._message = None, told
            self._put_aside("put aside")
            await self._draw_item()

    # Looking around

    async def _show_history(self) -> None:
        item = self._hand.item
        await self._settled()
        of_cell = await self._off(lambda: self._desk.history(item.key)) if item else ()
        own = await self._off(lambda: self._desk.history(None))
        await self._ask(history_page(str(item.key) if item else "your session", of_cell, own))

    async def _find_paper(self) -> None:
        await self._settled()
        numbers: dict[str, int] = {}
        titles: dict[str, GoTo] = {}
        for found in await self._off(self._desk.waiting):
            shown = f"{found.key.entity.paper}  {found.title}"
            numbers[shown] = numbers.get(shown, 0) + 1
            titles[shown] = GoTo(found.key.entity.paper)
        heads = tuple(f"{numbers[shown]:>4}  " for shown in titles)
        await self._ask(finder("jump to a paper", titles, heads))

    async def _find_value(self) -> None:
        await self._settled()
        rows = {
            f"{found.key}  {found.why}  {found.title}": GoTo(found.key.entity.paper, found.key)
            for found in await self._off(self._desk.waiting)
        }
        await self._ask(finder("search what waits", rows))

    async def _go_to(self, goal: GoTo) -> None:
        await self._settled()
        found = await self._off(self._desk.waiting) if goal.cell is None else ()
        cells = tuple(one.key for one in found if one.key.entity.paper == goal.paper)
        cells = (goal.cell,) if goal.cell is not None else cells
        try:
            is_there = await self._off(lambda: self._hand.go_to(goal.paper, cells))
        except BurdenError as error:
            self._message = safe(error)
        else:
            self._message = (
                "" if is_there else "Somebody else is at it just now, or it waits for somebody else"
            )
        await self._draw_item()

    async def _open(self, door: str) -> None:
        """Open what another room shows of the item."""
        item = self._hand.item
        opened = self._doors.of(door)
        if item is None or opened is None:
            self._message = "That cannot be opened here"
        else:
            self._message = "One moment"
            self._draw()
            try:
                self._message = safe(await opened(self, item))
            except BurdenError as error:
                self._message = safe(error)
        self._draw()

    async def _open_paper(self) -> None:
        """Show the whole paper, and then the item as it is by then; keys that were meant for the paper decide nothing."""
        await self._settled()
        await self._open("paper")
        if self._doors.paper is not None:
            self._put_aside("put aside")
            try:
                await self._off(self._hand.look_anew)
            except BurdenError as error:
                self._message = safe(error)
            await self._draw_item()

    async def _enter(self) -> None:
        """Enter decides nothing; where a paper is to be read as a whole, it shows it."""
        if self._hand.item is not None and self._hand.item.field.use == "whole":
            await self._open_paper()
        else:
            self._message = "enter is no key here; ? shows them all"
            self._draw()

    # Drawing

    async def _draw_item(self) -> None:
        """Draw an item that was not on the screen, and wait until it is there."""
        self._shelf.want(self._hand.held[:2])
        drawn = asyncio.Event()
        self._draw()
        if self.call_after_refresh(drawn.set):
            await drawn.wait()
        self._drawn = self._desk.monotonic()
        if self._hand.item is not None:
            self.on_drawn(self._hand.item)

    def on_drawn(self, item: Item) -> None:
        """Told of each item once it is on the screen; for those who measure."""

    def _draw(self) -> None:
        if self.is_running and self.screen_stack:
            size = self.size
            lines = frame(self._view(), size.width, size.height)
            self.screen_stack[0].query_one("#page", Static).update(Content("\n").join(lines))

    def on_resize(self) -> None:
        """Use the room there is."""
        self._draw()

    def _view(self) -> View:
        """All that the screen shows."""
        item = self._hand.item
        keys = self._typed.words()
        waits = f"Saving. {f'Keys that wait: {keys}; Esc forgets them' if keys else ''}"
        is_busy = self._writing is not None and not self._writing.done()
        return View(
            who=self._desk.name,
            pace=self._hand.pace,
            item=item,
            passage=self._shelf.of(item) if item else None,
            asking=self._asking,
            message=waits if self._is_waiting else self._message,
            later=len(self._hand.passed),
            is_ready=self._drawn > 0 and not is_busy,
        )
