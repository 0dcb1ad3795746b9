"""The full-screen applications: the queue, and one paper whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from flows.cli.codes import HUNG_UP, silence

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from annotation.screen.terminal import TerminalApp
    from annotation.session import Reviewer
    from extractors.facts.ids import PaperId
    from flows.passages import Passages
    from flows.places import Places
    from flows.settings import Settings


def is_full_terminal() -> bool:
    """Whether a screen can be drawn and keys can be read one by one."""
    is_dumb = os.environ.get("TERM", "dumb") in ("", "dumb")
    return sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb


@contextmanager
def ended_by_hangup() -> Iterator[None]:
    """Around a session that holds something: where its terminal goes away, it ends with the exit code that says so.

    By then the session gave back what it held.
    """
    from flows.hangup import Hangup

    hangup = Hangup()
    try:
        yield
    except OSError:
        if not hangup.has_happened():
            raise
    if hangup.has_happened():
        silence(sys.stdout, sys.stderr)
        raise typer.Exit(HUNG_UP)


@contextmanager
def around_screens(engine: Engine, settings: Settings) -> Iterator[tuple[Places, Passages]]:
    """What opens places of papers and reads their files, made before a screen takes the terminal."""
    from db.store import open_store
    from flows.passages import Passages
    from flows.places import Places
    from flows.terminal import ask_terminal

    terminal = ask_terminal(os.environ, settings.graphics)
    places = Places(engine, open_store(settings.store), settings.pictures, os.environ, terminal)
    passages = Passages(settings.store)
    try:
        yield places, passages
    finally:
        passages.close()


def review_on_screen(engine: Engine, settings: Settings, reviewer: Reviewer) -> None:
    """Review on the whole screen."""
    from annotation.screen.app import ReviewApp
    from annotation.screen.doors import Doors
    from annotation.screen.paper.app import paper_door
    from annotation.screen.paper.desk import PaperDoors
    from flows.clock import SystemClock
    from flows.desk import DatabaseDesk
    from flows.hangup import Hangup
    from flows.paper_desk import DatabasePaperDesk

    with around_screens(engine, settings) as (places, passages):
        papers = DatabasePaperDesk(engine, reviewer, SystemClock(), passages)
        paper = paper_door(papers, PaperDoors(places.picture_of, places.source_of))
        desk = DatabaseDesk(engine, reviewer, SystemClock(), passages)
        app = ReviewApp(desk, Doors(places.picture, places.source, paper), Hangup().has_happened)
        try:
            _run(app)
        finally:
            app.give_back()


def paper_on_screen(engine: Engine, settings: Settings, reviewer: Reviewer, paper: PaperId) -> None:
    """Show one paper on the whole screen, to add, change and take out by keys.

    Raises:
        UsageError: this is no full terminal, or there is no such paper.
    """
    from annotation.screen.paper.app import PaperApp
    from annotation.screen.paper.desk import PaperDoors
    from annotation.whole import whole_paper
    from db.engine import snapshot
    from extractors.facts.errors import UsageError
    from flows.clock import SystemClock
    from flows.hangup import Hangup
    from flows.paper_desk import DatabasePaperDesk

    if not is_full_terminal():
        raise UsageError(
            "a screen needs a full terminal", remedy=f"Use burden paper {paper} and burden edit instead"
        )
    with snapshot(engine) as session:
        whole_paper(session, paper)  # said before the terminal is taken
    with around_screens(engine, settings) as (places, passages):
        desk = DatabasePaperDesk(engine, reviewer, SystemClock(), passages)
        doors = PaperDoors(places.picture_of, places.source_of)
        _run(PaperApp(desk, paper, doors, Hangup().has_happened))


def _run(app: TerminalApp) -> None:
    app.run(mouse=False)  # so that the terminal's own marking and copying works
    if app.return_code:
        raise typer.Exit(app.return_code)
