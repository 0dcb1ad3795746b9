"""The whole screen as lines: how far one is, the item, what a key asks further, a message, and the keys. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from annotation.passage import Passage
from annotation.screen.hand import Pace
from annotation.screen.item_view import item_lines
from annotation.screen.keys import BRIEF, FULL
from annotation.screen.paint import STRONG, bar, clipped, text, wrapped
from annotation.screen.prompts import Asking
from annotation.session import Item

_REST = "s looks again, at what you skipped too; u undoes your last answer; q quits"


@dataclass(frozen=True, slots=True)
class View:
    """What the screen shows."""

    who: str
    pace: Pace
    item: Item | None
    """None where nothing waits."""
    passage: Passage | None
    """What stands around its evidence, where that is known by now."""
    asking: Asking | None
    """What a key asks further."""
    message: str
    later: int
    """How many items were skipped."""
    is_ready: bool
    """Whether it is known that nothing waits."""


def frame(view: View, width: int, height: int) -> list[Content]:
    """The screen as exactly so many lines, or fewer where a page over it is shorter."""
    pace = view.pace
    speed = f", {pace.per_hour:.0f} an hour, median {pace.median:.0f} s" if pace.per_hour else ""
    top = bar(f" {view.who}", f"{pace.done} done, {pace.left} left{speed} ", width)
    if view.asking is not None and view.asking.covers:
        return [top, *view.asking.lines(width, height - 1)]
    below = view.asking.lines(width, height // 2) if view.asking else _foot(view.message, width)
    room = max(height - 1 - len(below), 0)
    return [top, *_middle(view, width, room), *below]


def _middle(view: View, width: int, room: int) -> list[Content]:
    if view.item is not None:
        return item_lines(view.item, view.passage, width, room)
    lines = [text(""), text(("  " + _farewell(view), STRONG)), text(""), text("  " + _REST)]
    return (lines + [text("")] * room)[:room]


def _farewell(view: View) -> str:
    if not view.is_ready:
        return "One moment"
    return f"Nothing else waits for you; {view.later} for later" if view.later else "Nothing waits for you"


def _foot(message: str, width: int) -> list[Content]:
    """The message, in one line or two, and the keys."""
    lines = wrapped(text((message, STRONG)), width, 2) or [Content("")]
    return [*lines, clipped(Content(BRIEF if width < len(FULL) else FULL), width)]
