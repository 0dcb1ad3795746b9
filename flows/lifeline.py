"""Ending what was started for this process when this process was killed, and could not end it itself.

A process of ten megabytes waits at the end of a pipe, whose other end the system closes when we end, however that was. It ends
then what it was told to, unless it was told that all is well. Linux can tie a child to its parent, but only by a call in the child
before it becomes what it is, and to the thread that started it; others cannot. It runs as a script, without the package.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO

_PATIENCE_SECONDS = 10
"""How long something may take to end by itself before it is killed."""


class Lifeline:
    """What ends a process with this one. A context, within which it holds."""

    def __enter__(self) -> Lifeline:
        """Start to watch, out of reach of what a terminal sends to all processes."""
        self._watcher = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def hold(self, pid: int) -> None:
        """End this child if we are killed, instead of the one before."""
        self._say(f"{pid}\n".encode())

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """We end it ourselves."""
        self._say(b"0\n")
        self._watcher.communicate()

    def _say(self, line: bytes) -> None:
        if self._watcher.stdin is not None:
            with suppress(
                BrokenPipeError
            ):  # somebody killed the watcher: nothing is lost that was there without it
                self._watcher.stdin.write(line)
                self._watcher.stdin.flush()


def _watch(told: BinaryIO) -> None:
    """Read whom to hold until nobody can say any more, then end the last one."""
    held: _Held | None = None
    for line in told:
        held = _Held(int(line)) if int(line) else None
    if held is not None:
        held.end()


class _Held:
    """A process, by what stays its own where the system has such a thing: numbers are given to others again."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._own: int | None = None
        if sys.platform == "linux":
            with suppress(ProcessLookupError):
                self._own = os.pidfd_open(pid)

    def end(self) -> None:
        """Ask it to end, and make it after a while."""
        began = time.monotonic()
        with suppress(ProcessLookupError):
            self._send(signal.SIGTERM)
            while time.monotonic() - began < _PATIENCE_SECONDS:
                time.sleep(0.1)
                self._send(0)
            self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if sys.platform != "linux":
            os.kill(self._pid, number)
        elif self._own is None:
            raise ProcessLookupError
        else:
            signal.pidfd_send_signal(self._own, number)


if __name__ == "__main__":
    _watch(sys.stdin.buffer)
