"""`burden review` on a full terminal: the real program in a pseudo-terminal, left in every way a person leaves it."""

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path
from typing import ClassVar

import pytest

from tests.flows.cli.test_review import COMMAND, environment, folder, state  # noqa: F401

End = Callable[["Terminal"], None]


class Terminal:
    """The program behind a terminal of 80 columns and 24 lines."""

    command: ClassVar[tuple[str, ...]] = ("review",)

    def __init__(self, data: Path, *arguments: str, **settings: str) -> None:
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.program = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *self.command, "--as", "ann", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(data) | {"TERM": "xterm-256color"} | settings,
            start_new_session=True,
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - so that the line can drop
        )
        os.close(slave)
        self.seen = ""

    def until(self, words: str) -> None:
        """Read until the program wrote some words."""
        start = len(self.seen)
        while words not in self.seen[start:]:
            ready, _, _ = select.select([self.master], [], [], 60)
            assert ready, f"never showed {words!r}: {self.seen[-2000:]}"
            self.seen += os.read(self.master, 65_536).decode("utf-8", "replace")

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """Read what is left, and wait for the end."""
        with suppress(OSError):  # the program closed its side, or ours is closed
            while select.select([self.master], [], [], 60)[0] and os.read(self.master, 65_536):
                pass
        return self.program.wait(60)


@pytest.mark.parametrize(
    "leave",
    [
        lambda terminal: terminal.type("q"),
        lambda terminal: terminal.type("\x03"),
        lambda terminal: terminal.program.send_signal(signal.SIGTERM),
        lambda terminal: terminal.program.send_signal(signal.SIGHUP),
        lambda terminal: os.close(terminal.master),
    ],
    ids=["q", "ctrl-c", "SIGTERM", "SIGHUP", "line drops"],
)
def test_what_is_decided_is_kept_and_what_is_held_given_back(leave: End, folder: Path) -> None:  # noqa: F811
    terminal = Terminal(folder)
    terminal.until("a accepts")
    terminal.type("a")
    terminal.until("1 done")
    leave(terminal)
    terminal.end()
    statuses = {state(folder, "count")[0], state(folder, "wall_time")[0]}
    assert statuses == {"reviewed", "queued"}


@pytest.mark.parametrize(("arguments", "settings"), [(["--plain"], {}), ([], {"TERM": "dumb"})])
def test_without_a_full_terminal_it_goes_line_by_line(
    arguments: list[str],
    settings: dict[str, str],
    folder: Path,  # noqa: F811
) -> None:
    terminal = Terminal(folder, *arguments, **settings)
    terminal.until("[a]ccept")
    terminal.type("q\n")
    assert terminal.end() == 0
    assert "\x1b[?1049h" not in terminal.seen


def test_neither_the_help_nor_a_pipe_imports_textual(folder: Path) -> None:  # noqa: F811
    program = (
        "import sys\n"
        "sys.argv = ['burden', 'review', *sys.argv[1:]]\n"
        "from flows.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        "print('', sorted({'textual', 'numpy', 'pebble'} & set(sys.modules)), sep='\\n')\n"
    )
    for arguments in (["--help"], ["--as", "ann"]):
        ran = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            input="q\n",
            capture_output=True,
            text=True,
            check=False,
            env=environment(folder),
        )
        assert ran.stdout.splitlines()[-1] == "[]", ran.stdout + ran.stderr
