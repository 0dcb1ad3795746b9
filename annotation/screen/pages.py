"""Pages over the item: the keys, the history, and lists to find a paper or a value in. Pure, as the prompts are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from textual.content import Content

from annotation.safe_text import safe
from annotation.screen.keys import HELP
from annotation.screen.narrowing import Narrowing
from annotation.screen.paint import FAINT, STRONG, clipped, rule, text
from annotation.screen.prompts import ESCAPE, Closed, GoTo, Outcome
from annotation.values import show
from db.events import (
    Accepted,
    Adjudicated,
    CellAdded,
    Corrected,
    DeclaredNotReported,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
    Entry,
    Event,
    Flagged,
    Noted,
    Rejected,
    Reopened,
    Skipped,
    Undone,
)

_STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -(10**6), "end": 10**6}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Lines to read and scroll; any other key goes back."""

    title: str
    said: tuple[tuple[str, str], ...]
    """Each a name in bold, may be empty, and words."""
    top: int = 0
    covers: bool = True

    def press(self, key: str, _character: str | None) -> Self | Closed:
        """Scrolling, or back."""
        step = _STEPS.get(key)
        if step is None:
            return Closed()
        return replace(self, top=min(max(self.top + step, 0), max(len(self.said) - 1, 0)))

    def paste(self, _words: str) -> Self:
        """Nothing to paste into."""
        return self

    def lines(self, width: int, height: int) -> list[Content]:
        """As much as there is room for."""
        shown = self.said[self.top : self.top + max(height - 2, 1)]
        more = len(self.said) - self.top - len(shown)
        hint = f"  {more} more below, arrows scroll; " if more > 0 else "  "
        body = [clipped(text((name, STRONG), words), width) for name, words in shown]
        return [
            rule(self.title, width),
            *body,
            text((f"{hint}any other key goes back", FAINT)),
        ][:height]


@dataclass(frozen=True, slots=True)
class Finder:
    """A list to find a place in."""

    title: str
    goals: tuple[GoTo, ...]
    """One for each row of the list."""
    narrowing: Narrowing
    covers: bool = True

    def press(self, key: str, character: str | None) -> Outcome:
        """Enter goes to the chosen place."""
        if key == ESCAPE:
            return Closed()
        if key == "enter":
            return self if self.narrowing.chosen is None else self.goals[self.narrowing.chosen]
        return replace(self, narrowing=self.narrowing.press(key, character))

    def paste(self, words: str) -> Self:
        """Words to look for, pasted."""
        return replace(self, narrowing=self.narrowing.paste(words))

    def lines(self, width: int, height: int) -> list[Content]:
        """The list."""
        hint = "type words or an id, arrows choose, Enter goes there, Esc goes back"
        return self.narrowing.lines(self.title, "nothing like that waits", hint, width, height)


def finder(title: str, places: Mapping[str, GoTo], heads: tuple[str, ...] = ()) -> Finder:
    """A list of places by how they are shown, behind what is not looked for."""
    return Finder(title, tuple(places.values()), Narrowing(tuple(places), heads))


def help_page() -> Sheet:
    """All keys."""
    return Sheet("keys", tuple((f"  {key:<8}", words) for key, words in HELP))


def history_page(title: str, entries: Sequence[Entry], of_session: Sequence[Entry]) -> Sheet:
    """What was said of a cell, and below it what this person said.

    Args:
        title: of which cell.
        entries: about the cell, newest first.
        of_session: of the person, newest first.
    """
    gone = {one.event.seq for one in (*entries, *of_session) if isinstance(one.event, Undone)}
    said = [_told(one, gone, with_cell=False) for one in entries] or [
        ("", "  nobody said anything of it yet")
    ]
    own = [_told(one, gone, with_cell=True) for one in of_session] or [("", "  nothing yet")]
    return Sheet(f"history of {safe(title)}", (*said, ("", ""), ("your own answers, newest first", ""), *own))


def _told(entry: Entry, gone: Collection[int], *, with_cell: bool) -> tuple[str, str]:
    envelope = entry.envelope
    cell = f"  {envelope.entity}#{envelope.field}" if with_cell and envelope.field else ""
    reason = f" ({envelope.reason})" if envelope.reason else ""
    who = "" if with_cell else f"{envelope.actor} "
    undone = "taken back: " if entry.seq in gone else ""
    return f"  {entry.seq:>5} ", f"{envelope.at:%Y-%m-%d %H:%M} {undone}{who}{_what(entry)}{reason}{cell}"


_WORDS: Mapping[type[Event], str] = {
    Accepted: "accepted", Corrected: "corrected to", Rejected: "rejected", CellAdded: "added",
    DeclaredNotReported: "not reported", EntityAdded: "added the entity",
    EntityMerged: "merged the entity", EntityRemoved: "removed the entity",
    Skipped: "skipped", Flagged: "flagged", Adjudicated: "adjudicated as",
}  # fmt: skip


def _what(entry: Entry) -> str:
    match entry.event:
        case Undone(seq):
            return f"took back {seq}"
        case Noted(words):
            return f"noted: {words}"
        case Reopened(value=value):
            return f"asked again: a new reading says {show(value)}"
        case (
            Accepted(value=decided)
            | Corrected(value=decided)
            | CellAdded(value=decided)
            | Adjudicated(value=decided)
        ):
            return f"{_WORDS[type(entry.event)]} {show(decided)}"
        case _:
            return _WORDS[type(entry.event)]
