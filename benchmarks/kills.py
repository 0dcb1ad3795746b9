"""A process that runs nights is killed again and again wherever it is, and started anew: whether anything is lost or doubled.

The child runs the function that the nightly flow calls, against the stand-in of its parent, which is never killed. When a night is done, the
next day's papers come. Where each kill struck is told by what was in the database then. Most of a night is the start of
its reader, so moments are drawn evenly in their logarithm, from a 170th of a night to one and a half, or few would strike before.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from sqlalchemy import Engine, inspect
from sqlmodel import col, select

from benchmarks.invented import FIRST, differences, invent, pdf, settings_for
from db.engine import open_database, snapshot
from db.papers import to_fetch, to_read
from db.runs import last_run
from db.screenings import how_many_to_screen
from db.tables import RunRow, SourceStateRow
from extractors.screening import packaged_rules
from flows.clock import PlayedClock
from flows.demo.standin import StandIn, stand_in
from flows.night import Order, open_night, run
from flows.settings import Settings
from flows.steps import PLAIN

PAPERS_A_DAY, RELEVANT_A_DAY = 24, 6
_PER_PAGE = 8
"""Few, so that a harvest has many moments between two pages."""
_RESTING = 10.0
"""Seconds that workers of a killed process may live on."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the kills."""

    kills: int
    nights: int
    """That came to their end in between."""
    at: Counter[str]
    """Kills by what the night was at."""
    failed: int
    """Starts that ended by an error instead of a kill."""
    orphans: int
    """Worker processes that outlived a killed night by more than ten seconds."""
    differences: tuple[str, ...]
    """What is otherwise in the end than at the stand-in."""
    asked: int
    """Requests for files."""
    files: int
    """Different files that were asked for."""
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled or left over."""
        return not (self.differences or self.failed or self.orphans)


def report() -> None:
    """Print what came of 200 kills; ends with 1 where anything does not hold."""
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        found = kill(Path(folder))
    print(
        f"{found.kills} kills in {found.nights} nights: "
        + ", ".join(f"{n} {what}" for what, n in found.at.most_common())
    )
    print(
        f"{found.files} files, asked for {found.asked} times; {found.failed} starts failed, {found.orphans} workers were left over; "
        f"{len(found.differences)} differences; {found.seconds:.0f} s; {'holds' if found.holds else 'DOES NOT HOLD'}"
    )
    for difference in found.differences[:_SHOWN]:
        print(f"  {difference}")
    if not found.holds:
        raise SystemExit(1)


def kill(folder: Path, kills: int = 200, seed: int = 0) -> Outcome:
    """Kill nights until there were enough, and let the last one end.

    Args:
        folder: an empty one.
        kills: how many.
        seed: of papers and moments.
    """
    chance, began = Random(seed), time.monotonic()
    days = kills + 2
    world = invent(chance, days, days * PAPERS_A_DAY, days * RELEVANT_A_DAY)
    with stand_in(world.samples) as service:
        service.deleted, service.pdf, service.per_page = world.deleted, pdf, _PER_PAGE
        service.as_of = FIRST
        usual = _usual(service, folder / "usual")
        service.seen.clear()
        settings = settings_for(service, folder / "killed", 0.0, workers=1, backoff_seconds=0)
        engine = open_database(settings.database)
        play = _Play(service, settings, engine)
        while play.kills < kills:
            play.start(1.5 * usual * math.exp2(-8 * chance.random()))
        play.start(None)
        found = tuple(differences(engine, service, settings.data_dir / "store"))
        engine.dispose()
        files = [request.path for request in service.seen if request.path.startswith("/pdf")]
    return Outcome(
        play.kills,
        play.nights,
        play.at,
        play.failed,
        _left_over(play.groups),
        found,
        len(files),
        len(set(files)),
        time.monotonic() - began,
    )


def _usual(service: StandIn, folder: Path) -> float:
    """How long a night takes that nobody kills, in seconds, once what starts processes has its imports."""
    settings = settings_for(service, folder, 0.0, workers=1)
    _started(int).join()
    began = time.monotonic()
    _started(_night, settings, FIRST).join()
    return time.monotonic() - began


class _Play:
    """One night after another, each begun as often as it takes."""

    def __init__(self, service: StandIn, settings: Settings, engine: Engine) -> None:
        self._service, self._settings, self._engine = service, settings, engine
        self._starts = 0
        self.kills = self.nights = self.failed = 0
        self.at = Counter[str]()
        self.groups: list[int] = []

    def start(self, seconds: float | None) -> None:
        """Begin, and kill after so many seconds, unless the night has ended by then; the next day follows such a one."""
        self._starts += 1
        at = self._service.now() + timedelta(seconds=self._starts)
        process = _started(_night, self._settings, at)
        self.groups.append(process.pid or 0)
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
        if process.exitcode == -signal.SIGKILL:
            self.kills += 1
            self.at[at_work(self._engine)] += 1
            return
        self.failed += process.exitcode != 0
        self.nights += 1
        if seconds is not None:
            self._service.as_of = self._service.now() + timedelta(days=1)


def _started(what: Callable[..., object], *given: object) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=what, args=given)
    process.start()
    return process


def _night(settings: Settings, at: datetime) -> None:
    """In the child, which is the leader of a group of its own, so that its workers are found when it is dead."""
    os.setsid()
    with open_night(settings, Order(), clock=PlayedClock(at)) as night:
        run(night, PLAIN)


def at_work(engine: Engine) -> str:
    """What the last night was at, by what is in the database; a harvest that looks back at what is known counts with what it began with."""
    if not Path(engine.url.database or "").exists() or not _is_made(engine):
        return "before the database was made"
    with snapshot(engine) as opened:
        last = last_run(opened)
        if last is None or last.outcome != "running":
            return (
                "reporting"
                if last and last.outcome != "failed" and last.report is None
                else "before the night's row"
            )
        if opened.exec(select(SourceStateRow).where(col(SourceStateRow.token).is_not(None))).first():
            return "between pages"
        moved = max(opened.exec(select(SourceStateRow.moved_at)).all(), default=None)
        if moved is None or moved < last.started_at:
            return "before the first page"
        if how_many_to_screen(opened, packaged_rules().sha256):
            return "before screening"
        if to_fetch(opened):
            return "fetching"
        return "reading" if to_read(opened) else "routing and summarising"


def _is_made(engine: Engine) -> bool:
    return inspect(engine).has_table(RunRow.__tablename__)


def _left_over(groups: Sequence[int]) -> int:
    """How many groups of killed processes are still alive after a rest; they are ended then."""
    until = time.monotonic() + _RESTING
    while (alive := [group for group in groups if _lives(group)]) and time.monotonic() < until:
        time.sleep(0.2)
    for group in alive:
        os.killpg(group, signal.SIGKILL)
    return len(alive)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
