"""The screen of one paper: keys in, one after the other, and the paper drawn anew after each change.

Nothing waits for a file: its pages and the place of typed words are looked for behind the screen, and told when known. A
change is written before the next key is taken, which waits its turn meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker

from annotation.adding import Stated
from annotation.citing import Citation, Placed
from annotation.safe_text import safe
from annotation.screen.pages import Sheet
from annotation.screen.paper.acts import ACTS, Ask, Do, Go, Outcome, Place, Tell
from annotation.screen.paper.asking import Asking, Chosen
from annotation.screen.paper.changes import file_to_cite
from annotation.screen.paper.desk import Change, PaperDesk, PaperDoors
from annotation.screen.paper.forms import Filled, Form
from annotation.screen.paper.keys import HELP
from annotation.screen.paper.rows import Row, is_folded, rows_of
from annotation.screen.paper.view import View, frame
from annotation.screen.prompts import Closed
from annotation.session import RULE
from annotation.whole import WholePaper
from extractors.facts.errors import BurdenError, ConflictError
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import NotReported, Value

SOON = 0.3
"""Seconds after which the screen says that it waits, and without typing after which words are looked for."""

T = TypeVar("T")
_MOVES = {
    "up": -1, "k": -1, "down": 1, "j": 1, "pageup": -10, "pagedown": 10, "home": -(10**6), "end": 10**6,
}  # fmt: skip
_FOLDS: Mapping[str, bool | None] = {"left": True, "right": False, "space": None}
"""Keys that fold (True), unfold (False), or turn (None) an entity."""


class PaperScreen(Screen[bool]):
    """One paper, whole; closed with whether anything was changed.

    Args:
        desk: the database and the file of the paper.
        paper: which.
        doors: what `v` and `o` open.
        about: the value to begin at.
    """

    CSS = "PaperScreen { background: transparent; } #paper { width: 100%; height: 100%; text-wrap: nowrap; }"
    BINDINGS: ClassVar = []

    def __init__(
        self, desk: PaperDesk, paper: PaperId, doors: PaperDoors | None = None, about: CellKey | None = None
    ) -> None:
        super().__init__()
        self._desk, self._subject, self._doors = desk, paper, doors or PaperDoors()
        self._begin = about
        self._about: tuple[EntityId, str] | None = None
        self._paper: WholePaper | None = None
        self._rows: tuple[Row, ...] = ()
        self._at = 0
        self._turned = frozenset[EntityId]()
        self._with_rejected = False
        self._file = "reading its file …"
        self._asking: Asking | None = None
        self._then: Callable[[Chosen], Outcome] | None = None
        self._filling: Callable[[WholePaper, Mapping[str, Stated]], Change[EntityId | CellKey]] | None = None
        self._asked_at = 0.0
        self._message = ""
        self._is_changed = False
        self._last: tuple[EntityId, Citation] | None = None
        """What was cited last, and for which entity."""
        self._thread = ThreadPoolExecutor(1, "paper")
        self._reader = ThreadPoolExecutor(1, "file")
        self._typed: deque[events.Key | events.Paste] = deque()
        self._arrived = asyncio.Event()
        self._is_taking = True
        self._works: list[Worker[None]] = []
        self._looking: Worker[None] | None = None

    # Life

    def compose(self) -> ComposeResult:
        """One page of text, drawn by `_draw`."""
        yield Static(id="paper", markup=False)

    def on_mount(self) -> None:
        """Read the paper, and then take keys."""
        self._start(self._take_keys)

    def on_unmount(self) -> None:
        """Read and write nothing more; what was begun ends by itself."""
        self._thread.shutdown(wait=False)
        self._reader.shutdown(wait=False, cancel_futures=True)

    def _start(self, work: Callable[[], Coroutine[None, None, None]]) -> Worker[None]:
        """Begin something that goes on beside the keys, and ends with the screen."""
        started: Worker[None] = self.run_worker(work)
        self._works = [*self._working(), started]
        return started

    def _working(self) -> list[Worker[None]]:
        # what is cancelled before it began never says that it is finished
        return [work for work in self._works if not (work.is_finished or work.is_cancelled)]

    async def _off(self, work: Callable[[], T]) -> T:
        """Do something that may take its time, off the screen's thread and after what was asked before."""
        waiting = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(self._thread, work))
        done, _ = await asyncio.wait([waiting], timeout=SOON)
        if not done:
            before, self._message = self._message, "One moment"
            self._draw()
            await asyncio.wait([waiting])
            self._message = before
        return waiting.result()

    @property
    def is_idle(self) -> bool:
        """Whether no key waits its turn and nothing is being done."""
        return not (self._typed or self._is_taking or len(self._working()) > 1)

    # Keys

    async def on_key(self, event: events.Key) -> None:
        """Put a key in line; Ctrl-C leaves at once, and what is being written ends by itself."""
        event.stop()
        event.prevent_default()
        if event.key == "ctrl+c":
            self.app.exit()
            return
        self._typed.append(event)
        self._arrived.set()

    async def on_paste(self, event: events.Paste) -> None:
        """Put pasted text in line."""
        event.stop()
        self._typed.append(event)
        self._arrived.set()

    async def _take_keys(self) -> None:
        """Take keys one after the other for as long as the screen is there."""
        await self._read_again()
        if self._begin is not None:
            self._go_to(self._begin.entity, self._begin.field)
            self._draw()
        self._start(self._read_file)
        while True:
            self._is_taking = False
            await self._arrived.wait()
            if not self._typed:
                self._arrived.clear()
                continue
            self._is_taking = True
            event = self._typed.popleft()
            if isinstance(event, events.Paste):
                self._paste(event.text)
            else:
                await self._take(event.key, event.character if event.is_printable else None)

    def _paste(self, words: str) -> None:
        if self._asking is not None:
            self._asking = self._asking.paste(words)
            self._look_for_words()
        else:
            self._message = "Pasted text is not taken for keys"
        self._draw()

    async def _take(self, key: str, character: str | None) -> None:
        if self._asking is not None:
            await self._answer(self._asking.press(key, character))
            return
        self._message = ""
        name = character or key
        if key in _MOVES or name in _MOVES:
            self._move(_MOVES.get(key) or _MOVES[name])
        elif key in _FOLDS:
            self._fold(_FOLDS[key])
        elif name == "enter" and self._row is not None and self._row.cell is None:
            self._fold(None)
        elif name in ("escape", "q"):
            self.dismiss(self._is_changed)
        elif self._paper is not None:
            await self._act("e" if name == "enter" else name, self._paper)
        self._draw()

    async def _act(self, name: str, paper: WholePaper) -> None:
        match name:
            case "?":
                self._asking = Sheet("keys at a paper", tuple((f"  {key:<10}", words) for key, words in HELP))
            case "x":
                self._with_rejected = not self._with_rejected
                self._message = f"What was rejected is {'shown' if self._with_rejected else 'hidden'}"
                self._lay_out()
            case "z":
                self._fold_all()
            case _ if name in ACTS:
                last = (
                    self._last[1]
                    if self._last and self._row and self._last[0] == self._row.entity.id
                    else None
                )
                await self._follow(ACTS[name](paper, self._row, last))
            case _:
                shown = name if len(name) > 1 else f"“{name}”"
                self._message = f"{shown} is no key here; ? shows them all"

    # Moving

    @property
    def _row(self) -> Row | None:
        return self._rows[self._at] if self._rows else None

    def _move(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), max(len(self._rows) - 1, 0))
        self._about = self._row.about if self._row else None

    def _fold(self, fold: bool | None) -> None:
        row = self._row
        if row is None or row.is_gone:
            return
        folded = is_folded(row.entity, self._turned)
        if fold is None or fold != folded:
            self._turned ^= {row.entity.id}
        self._about = (row.entity.id, "") if not folded and fold is not False else row.about
        self._lay_out()

    def _fold_all(self) -> None:
        if self._paper is None:
            return
        ids = {entity.id for entity in self._paper.entities if entity.id.kind == "result"}
        others = {entity.id for entity in self._paper.entities if entity.id.kind == "run"}
        is_open = ids <= self._turned and not others & self._turned
        self._turned = frozenset(others) if is_open else frozenset(ids)
        self._about = (self._row.entity.id, "") if self._row else None
        self._lay_out()

    def _lay_out(self) -> None:
        """Lay the lines out anew, with the cursor on what it was on."""
        if self._paper is None:
            return
        self._rows = rows_of(self._paper, self._turned, with_rejected=self._with_rejected)
        found = [number for number, row in enumerate(self._rows) if row.about == self._about]
        self._at = found[0] if found else min(self._at, max(len(self._rows) - 1, 0))
        self._about = self._row.about if self._row else None

    def _go_to(self, id: EntityId, field: str) -> None:
        """Put the cursor on something, and unfold what hides it."""
        if self._paper is None:
            return
        entity = self._paper.entity(id)
        owner = self._paper.model_of(entity) if entity else None
        hiding = [owner] if owner is not None else []
        hiding += [entity] if entity is not None and field else []
        self._turned ^= {one.id for one in hiding if is_folded(one, self._turned)}
        cell = entity.cell(field) if entity and field else None
        self._with_rejected |= bool(cell and cell.is_rejected) or bool(entity and entity.is_gone)
        self._about = (id, field)
        self._lay_out()

    # Asking and changing

    async def _follow(self, outcome: Outcome) -> None:
        """Do what a key comes to."""
        match outcome:
            case Tell(words):
                self._message = words
            case Ask(asking, then, filling):
                self._asking, self._then, self._filling = asking, then, filling
                self._asked_at = self._desk.monotonic()
            case Go(id, field):
                self._go_to(id, field)
            case Do():
                await self._change(outcome)
            case Place(paper, evidence, door):
                opened = self._doors.picture if door == "picture" else self._doors.source
                self._message = "That cannot be opened here"
                if opened is not None:
                    self._message = await self._opened(opened(self.app, paper, evidence))

    async def _opened(self, opening: Awaitable[str]) -> str:
        self._message = "One moment"
        self._draw()
        try:
            return safe(await opening)
        except BurdenError as error:
            return safe(error)

    async def _answer(self, outcome: Asking | Chosen | Closed) -> None:
        match outcome:
            case Closed():
                self._asking = None
            case Chosen() if isinstance(self._asking, Form):
                await self._submit(self._asking)
            case Chosen():
                then, self._asking = self._then, None
                if then is not None:
                    await self._follow(then(outcome))
            case _:
                self._asking = outcome
                self._look_for_words()
        self._draw()

    async def _submit(self, form: Form) -> None:
        """Find where it stands, and make the change; the form stays where that cannot be."""
        paper, filling = self._paper, self._filling
        if paper is None or filling is None:
            return
        filled = form.filled()
        stated = await self._stated(form, filled)
        if stated is None:
            return
        try:
            made = await self._written(filling(paper, stated), "")
        except ConflictError as error:
            await self._read_again()
            self._asking = replace(
                form, told=f"{error.what}. Enter takes yours all the same, Esc leaves it as it is now"
            )
        except BurdenError as error:
            self._asking = replace(form, told=safe(error))
        else:
            self._asking = None
            self._message = f"Saved: {made}"
            id, field = (made.entity, made.field) if isinstance(made, CellKey) else (made, "")
            self._last = (id, form.citation)
            self._go_to(id, field)

    async def _stated(self, form: Form, filled: Filled) -> Mapping[str, Stated] | None:
        """The values with their evidence; None, and the form says why, where the words do not stand there."""
        names, values = tuple(filled.values), tuple(filled.values.values())
        if filled.same_place is not None:
            return {
                name: Stated(value, replace(filled.same_place, rule=RULE))
                for name, value in filled.values.items()
            }
        placed = await self._find(form, values)
        if placed is not None and placed.evidence:
            pairs = zip(names, values, placed.evidence, strict=True)
            return {name: Stated(value, evidence) for name, value, evidence in pairs}
        quote = next(at for at, blank in enumerate(form.blanks) if blank.name == "quote")
        if placed is None:
            self._asking = replace(
                form,
                at=quote,
                told="the file of the paper is not here or cannot be read; burden add brings it in",
            )
        else:
            self._asking = replace(form, at=quote, placed=(form.citation, placed), told="")
        return None

    async def _find(self, form: Form, values: tuple[Value, ...]) -> Placed | None:
        file = file_to_cite(self._paper, form.before) if self._paper else None
        if file is None or file.sha256 is None:
            return None
        sha256, citation = file.sha256, form.citation
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, lambda: self._desk.place(sha256, citation, values))

    def _look_for_words(self) -> None:
        """Look for the words that are being typed, once the typing stops."""
        form = self._asking
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        if (
            isinstance(form, Form)
            and form.citation.quote
            and not form.is_placed_already
            and form.looked() is None
        ):
            self._looking = self._start(partial(self._look, form))

    async def _look(self, form: Form) -> None:
        await asyncio.sleep(SOON)
        placed = await self._find(form, (NotReported(),))
        now = self._asking
        if isinstance(now, Form) and now.citation == form.citation:
            unread = Placed(refused="the file of the paper is not here or cannot be read")
            self._asking = replace(now, placed=(form.citation, placed or unread))
            self._draw()

    async def _change(self, do: Do) -> None:
        """Make a change, and show the paper as it is then."""
        try:
            made = await self._written(do.change, do.reason)
        except BurdenError as error:
            await self._read_again()
            self._message = safe(f"Not saved: {error} Here it is as it is now")
        else:
            self._message = safe(do.none if made is None and do.none else do.told.format(made))
            if isinstance(made, CellKey):
                self._go_to(made.entity, made.field)
            elif isinstance(made, EntityId):
                self._go_to(made, "")

    async def _written(self, change: Change[T], reason: str) -> T:
        seconds = self._desk.monotonic() - self._asked_at
        made = await self._off(lambda: self._desk.change(change, reason, seconds))
        self._is_changed = True
        await self._read_again()
        return made

    # Reading

    async def _read_again(self) -> None:
        try:
            self._paper = await self._off(lambda: self._desk.whole(self._subject))
        except BurdenError as error:
            self._message = safe(error)
        self._lay_out()
        self._draw()

    async def _read_file(self) -> None:
        """Read the file ahead, so that it is there when words are looked for."""
        file = file_to_cite(self._paper) if self._paper else None
        sha256 = file.sha256 if file else None
        if sha256 is None:
            self._file = "no file"
        else:
            loop = asyncio.get_running_loop()
            pages = await loop.run_in_executor(self._reader, lambda: self._desk.pages(sha256))
            self._file = "its file cannot be read" if pages is None else f"{pages} pages" if pages else "HTML"
        self._draw()

    # Drawing

    def on_resize(self) -> None:
        """Use the room there is."""
        self._draw()

    def _draw(self) -> None:
        if self.is_attached:
            size = self.app.size
            lines = frame(self._view(), size.width, size.height)
            self.query_one("#paper", Static).update(Content("\n").join(lines))

    def _view(self) -> View:
        return View(
            who=self._desk.name,
            paper=self._paper,
            rows=self._rows,
            at=self._at,
            file=self._file,
            with_rejected=self._with_rejected,
            asking=self._asking,
            message=self._message,
        )
