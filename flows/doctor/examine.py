"""The examination: gather, judge, mend where that is asked for, and look again at what was mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from db.dossier import lock_paper
from db.engine import open_database, session, snapshot
from db.models import judge_of
from db.refetching import note_lost
from db.refresh import refresh
from extractors.facts.errors import BurdenError, StoreError, UsageError
from flows.clock import Clock
from flows.doctor import gather, judge
from flows.doctor.checks import Check, Examination, failed, skipped
from flows.doctor.services import ask
from flows.gate import OpenGate, gate_of
from flows.lock import locked
from flows.settings import Settings, unknown_variables

_STORE = ("orphan files", "missing files", "damaged files")
_DATABASE = ("schema", "foreign keys")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of the doctor."""

    every: bool = False
    """All papers and files, not samples."""
    mend: bool = False
    offline: bool = False
    """No service is asked."""


def examine(load: Callable[[], Settings], asked: Asked, clock: Clock) -> Examination:
    """Look at everything, and mend what may be mended if that is asked for.

    Args:
        load: reads the settings.
        asked: what to do.
        clock: what time it is here, and what requests wait by.

    Returns:
        The checks; errors are checks too, so that one thing that is wrong hides no other.
    """
    versions = judge.versions(gather.packages())
    try:
        settings = load()
    except UsageError as error:
        return Examination((failed("settings", error), versions))
    first = (judge.readable(unknown_variables()), judge.contact(settings), judge.hosts(settings), versions)
    with ExitStack() as stack:
        try:
            engine = open_database(settings.database)
        except UsageError as error:
            unusable = skipped("there is no database to ask", *_DATABASE, "cell cache", *_STORE)
            return Examination((*first, *_room(settings), failed("database", error), *unusable))
        stack.callback(engine.dispose)
        found, state = _database(engine)
        mended, trouble = list[str](), tuple[Check, ...]()
        if state == "current" and asked.mend:
            trouble = _looked("mending", lambda: _mend(engine, settings, asked, clock, mended))
        data = _data(engine, settings, asked, clock, state)
        services = _services(engine, settings, asked, clock, state)
        return Examination((*first, *_room(settings), *found, *data, *trouble, *services), tuple(mended))


def _room(settings: Settings) -> tuple[Check, ...]:
    least = settings.thresholds.free_bytes
    return _looked("disk", lambda: (judge.room(gather.room(settings), settings.max_pdf_bytes, least),))


def _database(engine: Engine) -> tuple[tuple[Check, ...], str]:
    """The checks of the database itself, and its state, which is empty where it cannot be asked."""
    try:
        found = gather.database(engine)
    except StoreError as error:
        return (failed("database", error), *skipped("the database cannot be asked", *_DATABASE)), ""
    return judge.database(found), "" if found.damage else found.state


def _data(engine: Engine, settings: Settings, asked: Asked, clock: Clock, state: str) -> tuple[Check, ...]:
    if state != "current":
        return skipped("there is no database that tells of them", "cell cache", *_STORE)
    now, every = clock.now(), asked.every
    return (
        *_looked("cell cache", lambda: (judge.cells(gather.cells(engine, settings, now, every=every)),)),
        *_looked("store", lambda: judge.store(gather.store(engine, settings, now, every=every))),
    )


def _services(
    engine: Engine, settings: Settings, asked: Asked, clock: Clock, state: str
) -> tuple[Check, ...]:
    names = ("reach", "clock")
    if asked.offline:
        return skipped("offline, as asked", *names)
    if settings.is_real_arxiv and not settings.contact:
        return skipped("arXiv is not asked without a contact", *names)
    if state not in ("current", "missing"):
        return skipped("whose turn it is to ask is in the database, which cannot be used", *names)

    def asked_all() -> tuple[Check, ...]:
        shared = gate_of(settings, engine, clock) if state == "current" else nullcontext(OpenGate())
        with shared as gate:
            return judge.services(ask(settings, clock, gate))

    return _looked("reach", asked_all)


def _looked(name: str, at: Callable[[], tuple[Check, ...]]) -> tuple[Check, ...]:
    """Checks, or the one error that kept from making them."""
    try:
        return at()
    except BurdenError as error:
        return (failed(name, error),)


def _mend(
    engine: Engine, settings: Settings, asked: Asked, clock: Clock, mended: list[str]
) -> tuple[Check, ...]:
    """Mend, and note each thing that was changed; not while a run is at work here, which may need a file just then."""
    with locked(settings.data_dir, "crawl", "backfill", "reextract"):
        now = clock.now()
        # one by one, so that what was done before an error is told
        mended.extend(_cells_made_anew(engine, settings, now, every=asked.every))
        mended.extend(_orphans_removed(engine, settings, now))
        mended.extend(_lost_queued(engine, settings, now, every=asked.every))
    return ()


def _cells_made_anew(engine: Engine, settings: Settings, now: datetime, *, every: bool) -> Iterator[str]:
    found = gather.cells(engine, settings, now, every=every)
    with snapshot(engine) as opened:
        judging = judge_of(opened, settings.promise, settings.policy)
    for paper in (*found.stale, *found.otherwise):
        with session(engine) as opened:
            lock_paper(opened, paper)
            changes = refresh(opened, paper, judging, now)
        if changes:
            yield f"{paper}: {len(changes):,} stale cells made anew"


def _lost_queued(engine: Engine, settings: Settings, now: datetime, *, every: bool) -> Iterator[str]:
    """Let the next night fetch again what is missing or damaged."""
    found = gather.store(engine, settings, now, every=every)
    due = {} if found.is_elsewhere else {sha: of for sha, of in found.lost.items() if sha not in found.queued}
    if due:
        with session(engine) as opened:
            note_lost(opened, due.keys(), now)
    for sha256, of in due.items():
        yield f"{of}: queued to be fetched again ({sha256})"


def _orphans_removed(engine: Engine, settings: Settings, now: datetime) -> Iterator[str]:
    kept = gather.present_store(settings)
    if kept is None:
        return
    strays = gather.strays(engine, kept, now)
    for orphan in () if strays.are_anothers else strays.orphans:
        kept.delete(orphan.name)
        yield f"{orphan.name}: removed, {orphan.size:,} bytes that no row told of"
