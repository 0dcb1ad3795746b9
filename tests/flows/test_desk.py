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

import pytest

from flows.cli.codes import HUNG_UP
from tests.flows.cli.test_review import COMMAND, environment, folder, state  # noqa: F401

End = Callable[["Terminal"], None]


def in_control() -> None:
    """As a login shell starts a program: the terminal is its own, and it is told when the terminal goes."""
    ioctl(0, termios.TIOCSCTTY, 0)


def deaf() -> None:
    """As `nohup` does."""
    in_control()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def untold() -> None:
    """As some programs that run others do: nobody tells it when the terminal goes."""


class Terminal:
    """The program behind a terminal of 80 columns and 24 lines."""

    def __init__(
        self, data: Path, *command: str, term: str = "xterm-256color", start: Callable[[], None] = in_control
    ) -> None:
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.program = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *command, "--as", "ann"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(data) | {"TERM": term},
            start_new_session=True,
            preexec_fn=start,  # noqa: PLW1509 - so that the line can drop
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
    ("leave", "code"),
    [
        (lambda terminal: terminal.type("q"), 0),
        (lambda terminal: terminal.type("\x03"), 0),
        (lambda terminal: terminal.program.send_signal(signal.SIGTERM), 0),
        (lambda terminal: terminal.program.send_signal(signal.SIGHUP), 0),
        (lambda terminal: os.close(terminal.master), HUNG_UP),
    ],
    ids=["q", "ctrl-c", "SIGTERM", "SIGHUP", "line drops"],
)
def test_what_is_decided_is_kept_and_what_is_held_given_back(leave: End, code: int, folder: Path) -> None:  # noqa: F811
    terminal = Terminal(folder, "review")
    terminal.until("a accepts")
    terminal.type("a")
    terminal.until("1 done")
    leave(terminal)
    assert terminal.end() == code
    statuses = {state(folder, "count")[0], state(folder, "wall_time")[0]}
    assert statuses == {"reviewed", "queued"}


@pytest.mark.parametrize(
    ("command", "shown", "start"),
    [
        (("review",), "a accepts", untold),
        (("review",), "a accepts", deaf),
        (("review", "--plain"), "[a]ccept", untold),
        (("adjudicate",), "s looks again", untold),
        (("paper", "2401.00001", "--screen"), "not read completely yet", untold),
    ],
)
def test_a_terminal_that_goes_without_a_word_ends_the_program_and_nothing_stays_held(
    command: tuple[str, ...],
    shown: str,
    start: Callable[[], None],
    folder: Path,  # noqa: F811
) -> None:
    terminal = Terminal(folder, *command, start=start)
    terminal.until(shown)
    os.close(terminal.master)
    assert terminal.end() == HUNG_UP
    assert state(folder, "count")[0] == "queued"


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGHUP])
def test_line_mode_that_is_asked_to_end_holds_nothing(name: signal.Signals, folder: Path) -> None:  # noqa: F811
    terminal = Terminal(folder, "review", "--plain")
    terminal.until("\n> ")
    terminal.program.send_signal(name)
    assert terminal.end() == 0
    assert state(folder, "count")[0] == "queued"


@pytest.mark.parametrize(("arguments", "term"), [(["review", "--plain"], "xterm"), (["review"], "dumb")])
def test_without_a_full_terminal_it_goes_line_by_line(
    arguments: list[str],
    term: str,
    folder: Path,  # noqa: F811
) -> None:
    terminal = Terminal(folder, *arguments, term=term)
    terminal.until("[a]ccept")
    terminal.type("q\n")
    assert terminal.end() == 0
    assert "\x1b[?1049h" not in terminal.seen


def test_a_pipe_does_not_import_textual(folder: Path) -> None:  # noqa: F811
    program = (
        "import sys\n"
        "sys.argv = ['burden', 'review', '--as', 'ann']\n"
        "from flows.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        "print('', sorted({'textual', 'numpy', 'pebble'} & set(sys.modules)), sep='\\n')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input="q\n",
        capture_output=True,
        text=True,
        check=False,
        env=environment(folder),
    )
    assert ran.stdout.splitlines()[-1] == "[]", ran.stdout + ran.stderr
