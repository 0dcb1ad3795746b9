"""Noticing that the terminal is gone, so that a program which holds something for its person gives it back and ends.

The system sends SIGHUP only to processes whose controlling terminal it is, and after `nohup` or under some remote shells
that signal is ignored. What is left then is that reads find nothing, again and again, and that writes fail.
"""

from __future__ import annotations

import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

_GONE = select.POLLHUP | select.POLLERR


class Hangup:
    """Whether a terminal that this process reads from or writes to is gone; pipes and files are none."""

    def __init__(self) -> None:
        self._poll = select.poll()
        for stream in (sys.__stdin__, sys.__stdout__):
            if stream is not None and stream.isatty():
                self._poll.register(
                    stream.fileno(), 0
                )  # only what is told without asking: errors and hangups

    def has_happened(self) -> bool:
        """Whether one of them was there and is no longer."""
        return any(what & _GONE for _, what in self._poll.poll(0))


class Lines:
    """What a person types, line by line, up to the end: of the input, of the terminal, or because the program is to end.

    A signal is heard while it waits for a line, and else before the next, so that what is being written is written.
    """

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._is_waiting = self._is_over = False

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """Within, Ctrl-C, SIGTERM and SIGHUP are the end of the lines."""
        names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(name, self._end) for name in names]
        try:
            yield
        finally:
            for name, handler in zip(names, before, strict=True):
                signal.signal(name, handler)

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        self._is_over = True
        if self._is_waiting:
            self._is_waiting = False
            raise _Over

    def readline(self) -> str:
        """The next line with its end; empty where none comes any more."""
        try:
            self._is_waiting = True
            return "" if self._is_over else self._source.readline()
        except _Over:
            return ""
        finally:
            self._is_waiting = False


class _Over(BaseException):
    """Raised out of waiting for a line."""
