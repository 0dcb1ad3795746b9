"""Review in line mode: one item at a time on a plain stream, for terminals, screen readers and pipes.

Nothing here knows the database: it shows an item, asks for a key, and calls back. Every text from a paper is made
harmless before it is shown. The screen for full terminals is a later room; both are thin over `annotation.session`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TextIO

from annotation.safe_text import safe
from annotation.session import Answer, Item, accepted, corrected
from annotation.typed import parse_typed
from db.events import DeclaredNotReported, Flagged, Rejected, Skipped
from extractors.facts.errors import ParseError, UsageError
from extractors.facts.values import Name, NotReported, Quantity, Value

WIDTH = 80
KEYS = "[a]ccept [1-9] [c]orrect [r]eject [n]ot reported [s]kip [f]lag [u]ndo [q]uit [?]"
HELP = """\
  a          the proposed value is right
  1 ... 9    the value with this number is right
  c VALUE    another value is right: type it as the paper prints it, as `c 3.5 days`
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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the session is."""

    done: int
    left: int


def ask(item: Item, progress: Progress, keys: TextIO, screen: TextIO, *, bold: bool = False) -> Said:
    """Show an item and read lines until one is an answer; the end of the input is `Quit`.

    Args:
        item: what to decide.
        progress: shown above the item.
        keys: where lines come from.
        screen: where text goes.
        bold: whether the stream is a terminal that can show the value in bold.
    """
    screen.write("\n".join(render(item, progress, bold=bold)) + "\n")
    while True:
        screen.write(f"{KEYS} > ")
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
        return Choice(accepted(item, int(key) - 1))
    if key == "c":
        return Choice(corrected(item, parse_typed(item.field, rest)))
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


def render(item: Item, progress: Progress, *, bold: bool = False) -> list[str]:
    """An item as at most 24 lines of 80 columns, the value marked in its quote."""
    return [line for part in _parts(item, progress, bold=bold) for line in part][:22]


def _parts(item: Item, progress: Progress, *, bold: bool) -> Iterator[list[str]]:
    key, probability = item.key, item.state.probability
    yield ["-" * WIDTH, f"{progress.done} done, {progress.left} left".rjust(WIDTH)]
    yield _wrapped(f"{item.title} ({item.published:%Y-%m-%d})" if item.published else item.title)
    yield [safe(f"{key.entity.paper}  {key.entity.kind} {key.entity.slug}")[:WIDTH]]
    yield [f"{item.field.meaning}", *_wrapped(item.field.guideline, "  ", limit=2)]
    sure = f"  (probability {probability:.2f}, {item.claim.why})" if probability is not None else ""
    for number, option in enumerate(item.options[:5], start=1):
        yield [safe(f"{number}  {show(option.value)}{sure if number == 1 else ''}")[:WIDTH]]
    if item.evidence:
        place = item.evidence
        yield [safe(f"p. {place.page}, {place.anchor}")[:WIDTH]]
        printed = getattr(item.options[0].value, "printed", "") if item.options else ""
        yield [_marked(line, safe(printed), bold=bold) for line in _wrapped(place.quote, "  ", limit=4)]
    doubts = item.options[0].reasons if item.options else ()
    yield [line for doubt in doubts[:2] for line in _wrapped(f"? {doubt}", limit=2)]
    known = [f"{cell.key.field} {show(cell.value)}" for cell in item.siblings if cell.value]
    yield _wrapped("beside it: " + "; ".join(known), limit=2) if known else []


def show(value: Value | None) -> str:
    """A value in its normal form, with what was printed where that differs."""
    match value:
        case Quantity():
            normal = f"{value.value:,.6g} {value.unit}"
            return f"{normal}, printed “{value.printed}”" if value.printed not in normal else normal
        case Name():
            return value.id if value.id == value.printed else f"{value.id}, printed “{value.printed}”"
        case NotReported():
            return "not reported"
        case None:
            return "nothing"


def _wrapped(text: str, indent: str = "", limit: int = 3) -> list[str]:
    lines = textwrap.wrap(safe(text), WIDTH - len(indent)) or [""]
    return [indent + line for line in lines[:limit]]


def _marked(line: str, printed: str, *, bold: bool) -> str:
    """The line with the value marked: in bold on a terminal, in brackets elsewhere."""
    if not printed or printed not in line:
        return line
    front, back = ("\x1b[1m", "\x1b[0m") if bold else ("[[", "]]")
    return line.replace(printed, f"{front}{printed}{back}", 1)
