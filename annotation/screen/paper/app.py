"""One paper on a full terminal: by itself, as `burden paper ID --screen` shows it, or over the item of the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App

from annotation.screen.doors import Door
from annotation.screen.paper.desk import PaperDesk, PaperDoors
from annotation.screen.paper.screen import PaperScreen
from annotation.screen.terminal import TerminalApp
from annotation.session import Item
from extractors.facts.ids import PaperId


class PaperApp(TerminalApp):
    """The screen of one paper, and nothing below it.

    Args:
        desk: the database and the file of the paper.
        paper: which.
        doors: what `v` and `o` open.
        is_gone: whether the terminal is gone.
    """

    CSS = "Screen { background: transparent; }"

    def __init__(
        self,
        desk: PaperDesk,
        paper: PaperId,
        doors: PaperDoors | None = None,
        is_gone: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(is_gone)
        self._desk, self._paper, self._doors = desk, paper, doors

    def on_mount(self) -> None:
        """Show the paper; who leaves it leaves."""
        self.push_screen(PaperScreen(self._desk, self._paper, self._doors), lambda _: self.exit())

    def leave(self) -> None:
        """End; what is being written ends by itself."""
        self.exit()


def paper_door(desk: PaperDesk, doors: PaperDoors) -> Door:
    """The door from an item to its paper, which is passed once the paper is closed.

    Args:
        desk: the database and the file of the paper.
        doors: what `v` and `o` open there.
    """

    async def pass_through(app: App[Any], item: Item) -> str:
        closed = asyncio.get_running_loop().create_future()
        screen = PaperScreen(desk, item.key.entity.paper, doors, item.key)
        await app.push_screen(screen, lambda _: closed.set_result(None))
        await closed
        return ""

    return pass_through
