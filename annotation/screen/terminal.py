"""What every application on a full terminal shares: its own colours, and an end in order, however it is told to end."""

from __future__ import annotations

import asyncio
import signal
from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

LOOK_EVERY = 1.0
"""Seconds between looks whether the terminal is still there."""


class TerminalApp(App[None]):
    """An application that leaves on every signal, and when its terminal is gone without one.

    Args:
        is_gone: whether the terminal is gone. Reads do not tell Textual: they find nothing, and it reads again, for ever.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []

    def __init__(self, is_gone: Callable[[], bool] = lambda: False) -> None:
        super().__init__(ansi_color=True, driver_class=_Driver)
        self.is_gone = is_gone

    def on_mount(self) -> None:
        """Listen; Textual calls this beside what subclasses do as they begin."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(name, self.leave)
        self.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        if self.is_gone():
            self.leave()

    @abstractmethod
    def leave(self) -> None:
        """End in order; called again, nothing more."""


class _Driver(LinuxDriver):
    """Textual's own, which writes nothing to a terminal that is gone.

    Nobody takes such writes from their queue, and once it is full, the next would wait for ever, and all with it.
    """

    def write(self, data: str) -> None:
        """Write to the terminal, if it is there."""
        if not (isinstance(self._app, TerminalApp) and self._app.is_gone()):
            super().write(data)
