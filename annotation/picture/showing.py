"""How a picture can be shown: in the terminal itself, by the desktop's viewer, or as a file whose path is told.

Half-blocks, which every terminal has, show one dot for 10 by 10 of a page's: no letter can be read, so they are not used.
Pure: what the terminal answered (`flows.terminal` asks it) and the environment come in as values.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from annotation.opening import has_display
from annotation.picture.crop import Picture

Graphics = Literal["kitty", "sixel", "none"]
"""What a terminal can draw: by kitty's graphics protocol, as sixels, or nothing."""
Wish = Literal["auto", "kitty", "sixel", "none"]
"""What a person says that the terminal can draw; `auto` leaves it to be asked."""
Way = Literal["terminal", "viewer", "file"]
QUESTION = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
"""Asks a terminal for kitty's protocol, the size of a cell in pixels, and at last what it is, which each one answers."""
ANSWERED = re.compile(r"\x1b\[\?[\d;]*c")
"""The answer to the last question; what has not come by then does not come."""
_KITTY = re.compile(r"\x1b_Gi=31;OK\x1b\\")
_CELL = re.compile(r"\x1b\[6;(\d{1,3});(\d{1,3})t")
_SIXEL = "4"
_NO_PLACEHOLDERS = ("wezterm", "konsole")
"""Terminals that say they know kitty's protocol and do not know the part of it that Textual needs; they have sixels."""
_SILENT = frozenset({"", "dumb", "linux", "unknown"})


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a terminal can draw."""

    graphics: Graphics = "none"
    cell: tuple[int, int] | None = None
    """Width and height of a character in pixels, where it says so."""


def worth_asking(environment: Mapping[str, str]) -> bool:
    """Whether a terminal of this kind might draw, and answers when it is asked."""
    return environment.get("TERM", "") not in _SILENT and not environment.get("STY")


def understood(answer: str, environment: Mapping[str, str], features: str = "") -> Terminal:
    """What a terminal's answer to `QUESTION` means.

    Args:
        answer: all that it sent.
        environment: the variables of the session, which name the terminal.
        features: within tmux, what tmux knows of the terminal around it (`client_termfeatures`): it answers that it takes
            sixels even where that terminal has none.
    """
    cell = _CELL.search(answer)
    size = (int(cell[2]), int(cell[1])) if cell and int(cell[1]) and int(cell[2]) else None
    kind = ANSWERED.search(answer)
    attributes = kind[0][3:-1].split(";") if kind else []
    if _SIXEL in attributes[1:] and (not environment.get("TMUX") or "sixel" in features.split(",")):
        return Terminal("sixel", size)
    named = f"{environment.get('TERM_PROGRAM', '')} {environment.get('TERM', '')}".lower()
    knows = _KITTY.search(answer) and not any(name in named for name in _NO_PLACEHOLDERS)
    return Terminal("kitty" if knows else "none", size)


def how_to_show(environment: Mapping[str, str], graphics: Graphics, platform: str) -> Way:
    """The best way to show a picture here.

    Args:
        environment: the variables of the session.
        graphics: what its terminal can draw.
        platform: as `sys.platform`.
    """
    if graphics != "none":
        return "terminal"
    return "viewer" if has_display(environment, platform) else "file"


def file_name(picture: Picture) -> str:
    """What a picture's file is called: the same picture always the same."""
    return f"{hashlib.sha256(picture.png).hexdigest()[:24]}.png"
