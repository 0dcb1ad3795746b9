"""One night as a value: what it works with, what it counts, and its story, told once for Prefect and without.

The steps of the story are in `flows.steps`; `flows.nightly` runs the same story with each step as a Prefect task.
A night is safe to repeat and to kill: each step asks the database what is left to do, and commits paper by
paper. One lock keeps two nights from running at once in one data folder.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

import requests
from sqlalchemy import Engine

from db.cells import Judge
from db.engine import is_current, migrate, open_database, refuse_missing, session, snapshot
from db.harvests import beside, reached
from db.models import judge_of
from db.papers import ALL, Share
from db.prisma import Step, Version
from db.runs import BACKFILL, NIGHTLY, begin_run, close_interrupted, end_run, run_of
from db.store import Store, open_store
from db.tables import Outcome
from extractors.facts.errors import (
    BurdenError,
    ConflictError,
    RateLimitedError,
    RepeatedRunError,
    StoreError,
    UnreachableError,
    UsageError,
)
from extractors.facts.ids import PaperId
from flows.clock import Clock, SystemClock
from flows.gate import Gate, gate_of
from flows.http import polite_session
from flows.lock import Work, alone
from flows.progress import Telling, in_silence
from flows.settings import Settings
from flows.sources import Source, Window
from flows.sources.atom import AtomSource
from flows.sources.bulk import BulkSource
from flows.sources.folder import FolderSource
from flows.sources.oai import OaiSource, set_of
from flows.watch.gather import oldest_watermark
from flows.watch.report import RunReport

ADDING = "adding"
"""Kind of the runs that bring in what a person names."""

SourceName = Literal["arxiv", "atom", "bulk", "folder"]
"""arxiv: what changed, by OAI-PMH. atom: what was submitted or revised, by the query API. bulk: arXiv's bulk files."""


LEAST_FREE = 30_000_000
"""Bytes without which no run begins: both databases and the logs of a night take some MB, whatever it brings."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one run is asked to do."""

    source: SourceName = "arxiv"
    folder: Path | str | None = None
    """Of files that are here; of bulk files perhaps the address of a bucket, as `s3://arxiv/pdf`."""
    since: date | None = None
    """First day; by default some days before the last watermark."""
    until: date | None = None
    """Last day, included; by default now."""
    key: str = ""
    """Name of the run, so that a schedule that fires twice does the work once; empty for one of its own."""
    again: bool = False
    """Whether a backfill of days that are done asks for them once more."""
    turn: int = 1
    """The how manieth time it is that a backfill asks for these days."""

    def __post_init__(self) -> None:
        lies_in_folder = self.source in ("folder", "bulk")
        if lies_in_folder and self.folder is None:
            raise UsageError("a crawl of a folder needs the folder", remedy="Add --folder DIR")
        if not lies_in_folder and self.folder is not None:
            raise UsageError(
                "a folder is given but not asked for", remedy="Add --source folder, or --source bulk"
            )
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"the first day {self.since} is after the last, {self.until}")


@dataclass(slots=True)
class Night:
    """A night at work."""

    settings: Settings
    engine: Engine
    store: Store
    source: Source
    windows: Mapping[str, Window]
    """What is asked of each feed, by its selection."""
    judge: Judge
    """What decides between published, queued and rejected."""
    key: str
    clock: Clock
    telling: Telling
    kind: str = NIGHTLY
    counts: Counter[str] = field(default_factory=Counter)
    """What was done, by words such as `fetched`; `fetch failed` and the like make the night partial."""
    notes: list[str] = field(default_factory=list)
    """What a person should know of it."""
    taken_up: dict[Version, Step] = field(default_factory=dict)
    """The versions that it worked on, with the step at which it took each up: what its flow is counted of (`db.prisma`)."""
    known: int = 0
    """Versions that were listed and are no news: duplicates, in that flow."""
    unread: set[str] = field(default_factory=set)
    """Versions that were tried and could not be read so far."""
    papers: frozenset[PaperId] | None = None
    """The only papers that it reads; None for all that are unread."""
    is_sent_away: bool = False
    """Whether the service asked for no more requests tonight, or is away."""
    watermark_before: datetime | None = None
    """How far the source was harvested when it began."""
    error: str = ""
    """Type of the error that ended it as a whole."""
    feed_error: str = ""
    """Type of the error that ended its harvest, if one did; what was here by then is read all the same."""
    is_resumed: bool = False
    """Whether its harvest goes on where another was left."""
    turn: int = 1
    """The how manieth time it is that a backfill asks for these days."""
    report: RunReport | None = None
    """How it went, once it has ended."""

    def take_up(self, version: Version, step: Step) -> None:
        """Note that it works on a version from a step on; steps that follow change nothing."""
        self.taken_up.setdefault(version, step)

    def send_away(self, error: BurdenError) -> None:
        """Ask the service nothing more tonight; the next night goes on from there."""
        kinds: dict[type, str] = {RateLimitedError: "Rate limited", UnreachableError: "The service is away"}
        kind = kinds.get(type(error), "The source failed")
        self.notes.append(f"{kind}, resumable: {error}")
        self.is_sent_away = True

    @property
    def share(self) -> Share:
        """Which papers it brings and reads: a backfill its own, a night all but those of backfills that are not over."""
        if self.kind == BACKFILL:
            return Share(screened_by=self.key)
        return Share(leaves_backfills=True) if self.kind == NIGHTLY else ALL

    def ledger(self, selection: str) -> tuple[str, str]:
        """Under which source and part it is noted how far a feed was harvested; a backfill has its own for each window."""
        if self.kind == BACKFILL:
            part = f"{selection}, {self.windows[selection]}"
            return beside(self.source.name), part if self.turn == 1 else f"{part}, {self.turn}"
        return self.source.name, selection

    @property
    def window(self) -> Window:
        """The span that holds the windows of all feeds."""
        windows = self.windows.values()
        now = self.clock.now()
        since = min((window.since for window in windows), default=now)
        return Window(since, max((window.until for window in windows), default=now))


@dataclass(frozen=True, slots=True)
class Summary:
    """How a night ended."""

    key: str
    outcome: Outcome
    counts: dict[str, int]
    note: str
    seconds: dict[str, float]
    """How long each phase took."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a night, plain or wrapped as tasks."""

    harvest: Callable[[Night], None]
    screen: Callable[[Night], None]
    read: Callable[[Night], None]
    fall_back: Callable[[Night], None]
    route: Callable[[Night], None]
    summarise: Callable[[Night], Summary]
    close: Callable[[Night], None]
    """Reports the run and tells people, once its end is recorded, also where it failed."""


def run(night: Night, do: Steps) -> Summary:
    """The story of a night; its row in the database is written however it ends, and then its report.

    Raises:
        BurdenError: a step failed as a whole; what was finished before is kept.
    """
    with recorded(night, then=do.close):
        do.harvest(night)
        do.screen(night)
        do.read(night)
        do.fall_back(night)
        do.route(night)
        return do.summarise(night)


@contextmanager
def open_night(
    settings: Settings, order: Order, *, clock: Clock | None = None, telling: Telling | None = None
) -> Iterator[Night]:
    """A night ready to run: folder made and locked, database present, window known.

    Raises:
        UsageError: the real arXiv is asked without a contact address, or the order makes no sense.
        StoreError: the data folder or the database cannot be written.
        ConflictError: another night is running in this data folder, or on this database.
        RepeatedRunError: a night of this key is, or is done.
    """
    clock = clock or SystemClock()
    with database_of(settings) as engine, gate_of(settings, engine, clock) as gate:
        source = source_of(settings, order, clock, gate)
        with open_work(settings, engine, source, NIGHTLY, order, clock=clock, telling=telling) as night:
            yield night


@contextmanager
def database_of(settings: Settings) -> Iterator[Engine]:
    """The database that the settings name, not yet touched; its connections end with the block."""
    engine = open_database(settings.database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def present_database(settings: Settings) -> Iterator[Engine]:
    """The database that the settings name, which has to be there, at the present schema.

    Raises:
        UsageError: there is none yet.
        StoreError: it cannot be written.
    """
    with database_of(settings) as engine:
        refuse_missing(engine)
        migrate(engine)
        yield engine


@contextmanager
def open_work(
    settings: Settings,
    engine: Engine,
    source: Source,
    kind: str,
    order: Order | None = None,
    *,
    clock: Clock,
    telling: Telling | None = None,
) -> Iterator[Night]:
    """The same for any source and kind of run.

    Raises:
        StoreError: the data folder or the database cannot be written, or there is no room.
        ConflictError: another run of the sort is at work in this data folder, or on this database.
        RepeatedRunError: a run of this key is, or is done.
    """
    order = order or Order()
    with _alone(settings, engine, "backfill" if kind == BACKFILL else "crawl", order.key):
        _refuse_full(settings)
        migrate(engine)
        _refuse_done(engine, order.key)
        windows = _windows(engine, source, order, settings, clock.now())
        key = order.key or f"{kind} {source.name} {clock.now():%Y-%m-%dT%H:%M:%S.%f}"
        store = open_store(settings.store)
        with snapshot(engine) as opened:
            judge = judge_of(opened, settings.promise, settings.policy)
        night = Night(
            settings, engine, store, source, windows, judge, key, clock, telling or in_silence(), kind
        )
        night.turn = order.turn
        with snapshot(engine) as opened:
            night.watermark_before = oldest_watermark(opened, night)
        yield night


@contextmanager
def _alone(settings: Settings, engine: Engine, work: Work, key: str) -> Iterator[None]:
    """The only run of its sort; where there is another and it has the same key, there is nothing to do."""
    with ExitStack() as stack:
        try:
            stack.enter_context(alone(settings.data_dir, engine, work))
        except ConflictError as error:
            if key and outcome_of(engine, key) == "running":
                raise RepeatedRunError(f"the run {key!r} is at work already") from error
            raise
        yield


def _refuse_full(settings: Settings) -> None:
    """On a full disk nothing says so: databases fail one way or another, and Prefect's server after two minutes without a word."""
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE:
        raise StoreError(
            f"there is no room to work in: {free / 1e6:.1f} MB are free",
            where=str(settings.data_dir),
            remedy="Make room, or set BURDEN_DATA_DIR to another disk",
        )


def _refuse_done(engine: Engine, key: str) -> None:
    """Do nothing twice.

    Raises:
        RepeatedRunError: a run of this key is done.
    """
    if outcome_of(engine, key) == "done":
        raise RepeatedRunError(f"the run {key!r} is already done")


def outcome_of(engine: Engine, key: str) -> str | None:
    """How a run stands; None where there is none of this key, or no database yet."""
    file = engine.url.database or ""
    if (engine.dialect.name == "sqlite" and not Path(file).is_file()) or not is_current(engine):
        return None
    with snapshot(engine) as opened:
        row = run_of(opened, key)
        return row.outcome if row else None


@contextmanager
def recorded(night: Night, then: Callable[[Night], None] = lambda _: None) -> Iterator[None]:
    """The run's row in the database, written however it ends; who gets to the end writes how it went.

    Args:
        night: the run.
        then: what follows when that is written; not where a person stopped the run, who knows.
    """
    now = night.clock.now
    with session(night.engine) as opened:
        close_interrupted(opened, night.kind, now())
        if not begin_run(opened, night.key, night.kind, now()):
            raise RepeatedRunError(f"the run {night.key!r} is already done")
    try:
        yield
    except BaseException as error:
        night.error = type(error).__name__
        with session(night.engine) as opened:
            end_run(opened, night.key, "failed", night.counts, now(), _in_words(error))
        if isinstance(error, Exception):
            then(night)
        raise
    then(night)


def _in_words(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "Stopped by hand; the next run goes on from there."
    return str(error) if isinstance(error, BurdenError) else f"{type(error).__name__}: {error}"


def source_of(settings: Settings, order: Order, clock: Clock, gate: Gate) -> Source:
    """The source that an order names.

    Raises:
        UsageError: the real arXiv is asked without a contact address, or there is no such folder.
    """
    if order.folder is not None and order.source == "bulk":
        return BulkSource(order.folder, settings.max_pdf_bytes, settings.bulk_metadata or None)
    if order.folder is not None:
        return FolderSource(Path(order.folder), settings.max_pdf_bytes)
    return atom_source(settings, clock, gate) if order.source == "atom" else oai_source(settings, clock, gate)


def oai_source(settings: Settings, clock: Clock, gate: Gate) -> OaiSource:
    """The nightly feed of arXiv, or what the settings name in its place.

    Raises:
        UsageError: the real arXiv is asked without a contact address.
    """
    return OaiSource(
        *_files(settings, clock, gate),
        settings.oai_url,
        settings.oai_sets or tuple(sorted(set(map(set_of, settings.categories)))),
        settings.oai_prefix,
    )


def atom_source(settings: Settings, clock: Clock, gate: Gate) -> AtomSource:
    """The query API of arXiv, or what the settings name in its place.

    Raises:
        UsageError: the real arXiv is asked without a contact address.
    """
    return AtomSource(
        *_files(settings, clock, gate),
        settings.arxiv_api_url,
        settings.categories,
        settings.page_size,
    )


def _files(settings: Settings, clock: Clock, gate: Gate) -> tuple[requests.Session, str, str]:
    """What all of arXiv has in common: one polite session, and where its files are."""
    if settings.is_real_arxiv and not settings.contact:
        raise UsageError(
            "arXiv is not asked without a contact address",
            where="BURDEN_CONTACT",
            remedy="Set it to an e-mail or web address where arXiv can reach you",
        )
    polite = polite_session(settings.politeness, clock, gate)
    return polite, settings.arxiv_pdf_url, settings.html_url


def _windows(
    engine: Engine, source: Source, order: Order, settings: Settings, now: datetime
) -> dict[str, Window]:
    """What is asked of each feed: the days of the order, else from some days before its watermark until now.

    arXiv fills ranges late, so every night looks back. A harvest that was left in the middle goes on in its own window.
    """
    is_open = order.until is None or order.until >= now.date()
    until = datetime.combine(order.until, time.max, UTC) if order.until else now
    overlap = timedelta(days=settings.overlap_days)
    found = {}
    with snapshot(engine) as opened:
        for feed in source.feeds:
            state = reached(opened, source.name, feed.selection)
            left = state.unfinished
            since = min(state.watermark or until, until) - overlap
            if order.since:
                since = datetime.combine(order.since, time.min, UTC)
            elif is_open and left is not None and left.until is None:
                since = left.since
            found[feed.selection] = Window(since, until, is_open)
    return found
