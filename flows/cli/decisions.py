"""`burden review next|accept|correct|...`: review by single commands, for scripts, screen readers and slow lines.

Each command is one transaction. `next` takes an item and shows it; the others decide the item that was taken, so that an
answer never goes to another item than the one that was shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NamedTuple
from uuid import uuid4

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from annotation.session import Answer, Item, Reviewer
    from flows.settings import Settings

Json = dict[str, object]

Who = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Who; by default BURDEN_ANNOTATOR, or else you.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Adjudicating = Annotated[
    bool, typer.Option("--adjudicate", help="Settle what others disagree on, instead of the queue.")
]
Cell = Annotated[
    str | None,
    typer.Option("--cell", metavar="CELL", help="Refuse unless this is the cell that was taken."),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in a few words.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `burden review`."""
    for command in (take, accept, correct, reject, not_reported, skip, flag, undo, leave):
        app.command(_NAMES.get(command.__name__, command.__name__))(command)


def take(who: Who = None, adjudicate: Adjudicating = False, as_json: AsJson = False) -> None:
    """Take the next item, or the one you hold already, and show it."""
    from annotation.session import next_item

    with _at_work(who, adjudicate) as work:
        item = next_item(work.session, work.reviewer, work.at)
        _tell_item(work, item, as_json=as_json)


def accept(
    candidate: Annotated[
        int, typer.Option("--candidate", min=1, metavar="N", help="Which of the candidates is right.")
    ] = 1,
    cell: Cell = None,
    reason: Reason = "",
    who: Who = None,
    adjudicate: Adjudicating = False,
    as_json: AsJson = False,
) -> None:
    """The value that is proposed is right, or one of its candidates."""
    from annotation.session import accepted

    _decide(lambda item: accepted(item, candidate - 1), cell, reason, who, adjudicate, as_json=as_json)


def correct(
    value: Annotated[str, typer.Argument(metavar="VALUE", help="As printed: `3.5 days`, `8`, `340M`.")],
    cell: Cell = None,
    reason: Reason = "",
    who: Who = None,
    adjudicate: Adjudicating = False,
    as_json: AsJson = False,
) -> None:
    """Another value is right."""
    from annotation.session import corrected
    from annotation.typed import typed_for

    _decide(
        lambda item: corrected(item, typed_for(item, value)),
        cell,
        reason,
        who,
        adjudicate,
        as_json=as_json,
    )


def reject(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in a few words.")],
    cell: Cell = None,
    who: Who = None,
    adjudicate: Adjudicating = False,
    as_json: AsJson = False,
) -> None:
    """The paper says no such thing there."""
    from db.events import Rejected

    _decide(lambda _: Rejected(), cell, reason, who, adjudicate, as_json=as_json)


def not_reported(
    cell: Cell = None,
    reason: Reason = "",
    who: Who = None,
    adjudicate: Adjudicating = False,
    as_json: AsJson = False,
) -> None:
    """The paper was searched and does not report it; of a whole paper: it was read, and nothing is left."""
    from db.events import DeclaredNotReported

    _decide(lambda item: DeclaredNotReported(item.evidence), cell, reason, who, adjudicate, as_json=as_json)


def skip(
    cell: Cell = None, who: Who = None, adjudicate: Adjudicating = False, as_json: AsJson = False
) -> None:
    """Later: it comes back after all that were skipped less often."""
    from db.events import Skipped

    _decide(lambda _: Skipped(), cell, "", who, adjudicate, as_json=as_json)


def flag(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What a senior is to look at.")],
    cell: Cell = None,
    who: Who = None,
    adjudicate: Adjudicating = False,
    as_json: AsJson = False,
) -> None:
    """A senior should look at it."""
    from db.events import Flagged

    _decide(lambda _: Flagged(), cell, reason, who, adjudicate, as_json=as_json)


def undo(who: Who = None, as_json: AsJson = False) -> None:
    """Take back your last answer that still holds; again for the one before."""
    from annotation.session import undo as take_back

    with _at_work(who) as work:
        key = take_back(work.session, work.reviewer, work.at, uuid=str(uuid4()))
        found = {"undone": str(key) if key else None}
        _tell(found, f"Taken back: {key}" if key else "There is nothing of yours to take back.", as_json)


def leave(who: Who = None, adjudicate: Adjudicating = False, as_json: AsJson = False) -> None:
    """Give the item you hold back undecided, for whoever comes next."""
    from annotation.session import give_back, held_item

    with _at_work(who, adjudicate) as work:
        item = held_item(work.session, work.reviewer, work.at).item
        give_back(work.session, item)
        _tell({"left": str(item.key)}, f"Given back: {item.key}", as_json)


_NAMES = {"take": "next", "not_reported": "not-reported"}


# What the commands share


class _Work(NamedTuple):
    """One command's transaction, and who gives it when."""

    session: Session
    reviewer: Reviewer
    at: datetime


@contextmanager
def _at_work(who: str | None, adjudicate: bool = False) -> Iterator[_Work]:
    from db.engine import session
    from flows.clock import SystemClock
    from flows.settings import load_settings

    engine: Engine = open_data()
    try:
        with session(engine) as opened:
            yield _Work(
                opened, reviewer_of(opened, load_settings(), who, adjudicate=adjudicate), SystemClock().now()
            )
    finally:
        engine.dispose()


def reviewer_of(
    session: Session, settings: Settings, who: str | None, *, adjudicate: bool = False
) -> Reviewer:
    """Whoever is at the keyboard, as somebody who reviews or adjudicates.

    Raises:
        UsageError: nobody of that name was added.
        ConflictError: they have retired.
    """
    from annotation.session import Reviewer
    from db.models import judge_of
    from flows.identity import identify

    someone = identify(session, settings, who)
    judge = judge_of(session, settings.promise, settings.policy)
    return Reviewer(someone.name, judge, someone.is_senior, "adjudication" if adjudicate else "opinion")


def _decide(
    answer: Callable[[Item], Answer],
    cell: str | None,
    reason: str,
    who: str | None,
    adjudicate: bool,
    *,
    as_json: bool,
) -> None:
    from annotation.session import decide, held_item
    from annotation.values import show
    from db.refresh import cell_state
    from extractors.facts.ids import CellKey

    only = CellKey.parse(cell) if cell else None
    with _at_work(who, adjudicate) as work:
        held = held_item(work.session, work.reviewer, work.at, only)
        item = held.item
        seq = decide(
            work.session,
            item,
            answer(item),
            work.reviewer,
            work.at,
            uuid=str(uuid4()),
            reason=reason,
            seconds=held.seconds,
        )
        state = cell_state(work.session, item.key)
        status, value = (state.status, state.value) if state else ("void", None)
        found: Json = {"cell": str(item.key), "seq": seq, "status": status, "shown": show(value)}
        _tell(found, f"{item.key}: {show(value)} ({status})", as_json)


def _tell_item(work: _Work, item: Item | None, *, as_json: bool) -> None:
    from annotation.as_json import item_to_json
    from annotation.page import Progress, render
    from db.queue import open_items

    left = open_items(work.session, work.reviewer.role)
    whole: Json = {"item": item_to_json(item) if item else None, "left": left}
    text = "\n".join(render(item, Progress(0, left))) if item else "Nothing waits for you."
    _tell(whole, text, as_json)


def _tell(found: Mapping[str, object], text: str, as_json: bool) -> None:
    from annotation.safe_text import safe

    if as_json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{safe(line)}\n" for line in text.split("\n")))
