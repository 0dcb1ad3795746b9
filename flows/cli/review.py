"""`burden review`: what an annotator does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from annotation.plain import Said
    from annotation.screen.desk import Desk
    from annotation.session import Item
    from extractors.facts.ids import CellKey
    from flows.hangup import Lines


Who = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who decides; by default BURDEN_ANNOTATOR, or else you."),
]


Plain = Annotated[bool, typer.Option("--plain", help="Line by line; always so without a full terminal.")]


def review(context: typer.Context, who: Who = None, plain: Plain = False) -> None:
    """Decide what waits, one value at a time: accept, correct, reject, skip, undo. Or by single commands."""
    if context.invoked_subcommand is None:
        _sit_down(who, adjudicate=False, plain=plain)


def adjudicate(who: Who = None, plain: Plain = False) -> None:
    """Settle what two people decided differently: both answers side by side, never your own."""
    _sit_down(who, adjudicate=True, plain=plain)


def _sit_down(who: str | None, *, adjudicate: bool, plain: bool) -> None:
    from db.engine import snapshot
    from flows.cli.decisions import reviewer_of
    from flows.cli.screens import ended_by_hangup, is_full_terminal, review_on_screen
    from flows.clock import SystemClock
    from flows.desk import DatabaseDesk
    from flows.hangup import Lines
    from flows.settings import load_settings

    engine, settings = open_data(), load_settings()
    with snapshot(engine) as session:
        reviewer = reviewer_of(session, settings, who, adjudicate=adjudicate)
    with ended_by_hangup():
        if plain or not is_full_terminal():
            lines = Lines(sys.stdin)
            with lines.ended_by_signals():
                _Dialogue(DatabaseDesk(engine, reviewer, SystemClock(), None), lines).run()
        else:
            review_on_screen(engine, settings, reviewer)
    engine.dispose()


class _Dialogue:
    """A review session line by line, at a terminal or over a pipe; one item at a time."""

    def __init__(self, desk: Desk, lines: Lines) -> None:
        self._desk, self._lines = desk, lines
        self._done = 0
        self._passed: set[int] = set()
        self._again: CellKey | None = None
        """A cell whose answer was taken back: it is asked next."""

    def run(self) -> None:
        """Ask until nothing is left or the reviewer stops."""
        from annotation.page import Progress
        from annotation.plain import ask

        item: Item | None = None
        try:
            while (item := self._next(item)) is not None:
                progress = Progress(self._done, self._desk.left())
                began = self._desk.monotonic()
                said = ask(item, progress, self._lines, sys.stdout, bold=sys.stdout.isatty())
                if not self._carry_out(item, said, self._desk.monotonic() - began):
                    return
            sys.stdout.write(self._farewell())
        finally:
            self._give_back(item)

    def _farewell(self) -> str:
        later = len(self._passed)
        return f"Nothing else waits for you; {later} for later.\n" if later else "Nothing waits for you.\n"

    def _next(self, last: Item | None) -> Item | None:
        again, self._again = self._again, None
        if again and (item := self._desk.next(only=again)):
            self._passed.discard(item.claim.item_id)
            return item
        return self._desk.next(near=last.key.entity.paper if last else None, avoid=self._passed)

    def _carry_out(self, item: Item, said: Said, seconds: float) -> bool:
        """Do what was said; False ends the session."""
        from annotation.plain import Choice, Undo
        from annotation.safe_text import safe
        from db.events import Skipped
        from extractors.facts.errors import ConflictError, UsageError

        try:
            match said:
                case Choice():
                    self._desk.answer(item, said.answer, said.reason, seconds)
                    if isinstance(said.answer, Skipped):
                        self._passed.add(item.claim.item_id)
                    else:
                        self._done += 1
                case Undo():
                    self._take_back(item)
                case _:
                    return False
        except UsageError as error:  # the item is still held, so it is asked again
            sys.stdout.write(f"{safe(error)}\n")
        except ConflictError as error:
            sys.stdout.write(f"{safe(error)}\n")
            self._passed.add(item.claim.item_id)
            self._give_back(item)
        return True

    def _take_back(self, item: Item) -> None:
        from extractors.facts.ids import CellKey

        self._give_back(item)
        taken = self._desk.undo()
        self._again = taken if isinstance(taken, CellKey) else None
        self._done -= self._again is not None and self._done > 0
        sys.stdout.write(f"Taken back: {taken}\n" if taken else "There is nothing of yours to take back.\n")

    def _give_back(self, item: Item | None) -> None:
        if item is not None:
            self._desk.give_back([item])
