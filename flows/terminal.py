"""Asking the terminal what it can draw, once, before anything reads its keys.

textual-image asks when it is imported: it waits a tenth of a second for each answer, and one that comes later, as over a
slow line, is left among the keys that are typed, where a digit of it would choose a value. So its import is kept from
asking, and the terminal is asked here, by one question whose last part each terminal answers.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import termios
import tty
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path
from select import select
from time import monotonic

from annotation.picture.showing import ANSWERED, QUESTION, Terminal, Wish, understood, worth_asking

_PATIENCE = 2.0
"""Seconds that an answer may take: every terminal gives one, but some are far away."""
_MOST = 4_096


def ask_terminal(environment: Mapping[str, str], wish: Wish = "auto") -> Terminal:
    """What the terminal can draw; nothing where there is none, or where keys wait that the answer would mix with.

    Must run before a Textual application starts, which reads all that comes. It also makes `textual_image` ready, which
    must not be imported before.

    Args:
        environment: the variables of the session.
        wish: what to draw by, without asking; `auto` asks.
    """
    terminal = _asked(environment) if wish == "auto" else Terminal(wish)
    _prepare(terminal)
    return terminal


def _asked(environment: Mapping[str, str]) -> Terminal:
    keys, screen = sys.__stdin__, sys.__stdout__
    if not (keys and screen and keys.isatty() and screen.isatty() and worth_asking(environment)):
        return Terminal()
    source = keys.fileno()
    if select([source], [], [], 0)[0]:
        return Terminal()
    before = termios.tcgetattr(source)
    tty.setcbreak(source, termios.TCSANOW)
    try:
        screen.write(QUESTION)
        screen.flush()
        answer = _answer(source)
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)
    return understood(answer, environment, _tmux_features() if environment.get("TMUX") else "")


def _answer(source: int) -> str:
    """What comes, up to the answer to the last question or the end of patience."""
    answer, end = "", monotonic() + _PATIENCE
    while not ANSWERED.search(answer) and len(answer) < _MOST:
        left = end - monotonic()
        if left <= 0 or not select([source], [], [], left)[0]:
            break
        came = os.read(source, 256).decode("latin-1")
        if not came:  # the terminal is gone
            break
        answer += came
    return answer


def _tmux_features() -> str:
    """What tmux knows of the terminal that shows it."""
    command = ["tmux", "display-message", "-p", "#{client_termfeatures}"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def _prepare(terminal: Terminal) -> None:
    """Import textual-image without letting it ask, and tell it the size of a character."""
    if "textual_image" in sys.modules:
        return
    real = sys.__stdout__
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        try:
            sys.__stdout__ = nowhere  # type: ignore[misc]  # it asks only where this is a terminal
            from textual_image import _terminal, widget  # noqa: F401
        finally:
            sys.__stdout__ = real  # type: ignore[misc]
    size = _terminal.CellSize(*(terminal.cell or _size_by_system() or (10, 20)))
    _terminal.get_cell_size._result = size  # type: ignore[attr-defined]  # noqa: SLF001  # where it keeps its answer


def _size_by_system() -> tuple[int, int] | None:
    """Width and height of a character in pixels, as the system knows them; None where it does not."""
    if not sys.__stdout__ or not sys.__stdout__.isatty():
        return None
    packed = ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))
    rows, columns, width, height = struct.unpack("HHHH", packed)
    return (width // columns, height // rows) if 0 < columns <= width and 0 < rows <= height else None
