"""Review in line mode: one item at a time on a plain stream, for terminals, screen readers and pipes.

Nothing here knows the database: it shows an item as `annotation.page` draws it, and says what the person chose.
The screen for full terminals is a later room; both are thin over `annotation.session`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TextIO

from annotation.page import Progress, render
from annotation.safe_text import safe
from annotation.session import CHOICES, Answer, Item, accepted, corrected, no_such_value
from annotation.typed import typed_for
from db.events import DeclaredNotReported, Flagged, Rejected, Skipped
from extractors.facts.errors import ParseError, UsageError

KEYS = "[a]ccept [1-9] [c]orrect [r]eject [n]ot reported [s]kip [f]lag [u]ndo [q]uit [?]"
HELP = """\
  a          the proposed value is right
  1 ... 9    the value with this number is right
  c VALUE    another value is right: type it as printed, as `c 3.5 days`
  r REASON   the paper says no such thing here; why, in a few words
  n          the paper was searched and does not report it
  s          later: the item comes back after the others
  f REASON   a senior should look at it
  u          take back your last answer; again for the one before
  q          stop; what is decided is kept"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reviewer chose for an item."""

    answer: Answer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """The reviewer takes back the last answer."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The reviewer stops."""


Said = Choice | Undo | Quit


class Lines(Protocol):
    """Where typed lines come from."""

    def readline(self) -> str:
        """The next line with its end; empty where none comes any more."""
        ...


def ask(item: Item, progress: Progress, keys: Lines, screen: TextIO, *, bold: bool = False) -> Said:
    """Show an item and read lines until one is an answer; the end of the input is `Quit`.

    Args:
        item: what to decide.
        progress: shown above the item.
        keys: where lines come from.
        screen: where text goes.
        bold: whether the stream is a terminal that can show the value in bold.
    """
    screen.write("\n".join([*render(item, progress, bold=bold), KEYS]) + "\n")
    while True:
        screen.write("> ")
        screen.flush()
        line = keys.readline()
        if not line:
            screen.write("\n")
            return Quit()
        try:
            said = understand(item, line.strip())
        except (ParseError, UsageError) as error:
            screen.write(f"{safe(error)}\n")
            continue
        if said is not None:
            return said
        screen.write(HELP + "\n")


def understand(item: Item, line: str) -> Said | None:
    """What a typed line means; None asks for the help.

    Raises:
        ParseError: a typed value is not one of this field.
        UsageError: a key or a number that means nothing here.
    """
    key, _, rest = line.partition(" ")
    if key.isdecimal():
        if len(key) > 1 or int(key) > CHOICES:
            raise no_such_value(item, int(key))
        return Choice(accepted(item, int(key) - 1))
    if key == "c":
        return Choice(corrected(item, typed_for(item, rest)))
    if key in ("r", "f") and not rest.strip():
        raise UsageError(f"a reason is missing: type `{key} why`")
    if key == "?":
        return None
    simple = _SIMPLE.get(key)
    if simple is None:
        raise UsageError(f"{key!r} is no key" if key else "nothing typed", remedy="? shows the keys")
    return simple(item, rest.strip())


_SIMPLE: dict[str, Callable[[Item, str], Said]] = {
    "a": lambda item, _: Choice(accepted(item)),
    "r": lambda _, reason: Choice(Rejected(), reason),
    "n": lambda item, reason: Choice(DeclaredNotReported(item.evidence), reason),
    "s": lambda _, reason: Choice(Skipped(), reason),
    "f": lambda _, reason: Choice(Flagged(), reason),
    "u": lambda _item, _reason: Undo(),
    "q": lambda _item, _reason: Quit(),
}
