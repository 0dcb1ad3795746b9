"""A process that runs nights is killed again and again wherever it is, and started anew: whether anything is lost or doubled.

The child runs the function that the nightly flow calls, or the flow itself against a Prefect server, and asks the stand-in of its parent;
neither of these is ever killed. When a night is done, the next day's papers come. Where each kill struck is told by what was in the database
then. Most of a night is spent in few places, so that moments drawn by time alone strike there. Every other one is: evenly in its
logarithm, from a 170th of a night to one and a half. The others wait, in turn for each phase, until the night is at it,
and then for some hundredths of a second.
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
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
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
from flows.prefect_home import prepare_prefect
from flows.progress import on_terminal
from flows.serve import free_port, prefect_server
from flows.settings import Settings, environment_of
from flows.steps import PLAIN

PAPERS_A_DAY, RELEVANT_A_DAY = 24, 6
_PER_PAGE = 8
"""Few, so that a harvest has many moments between two pages."""
_RESTING = 10.0
"""Seconds that workers of a killed process may live on."""
_SHOWN = 10
PHASES = (
    "before the first page",
    "between pages",
    "before screening",
    "fetching",
    "reading",
    "routing and summarising",
    "reporting",
)
"""What a night is at, one after another, once it has begun."""
_LOOKED = 0.003
"""Seconds from one look at what a night is at to the next."""
_BEFORE_FIRST = timedelta(days=7)

Child = Callable[[Settings, datetime, Connection], None]
"""Runs a night, and says when it begins to."""


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
        _print(kill(Path(folder)))


def report_flow() -> None:
    """Print what came of ten kills of the nightly flow under Prefect; ends with 1 where anything does not hold."""
    with tempfile.TemporaryDirectory(prefix="kills-") as name, ExitStack() as stack:
        settings, port = Settings(data_dir=Path(name) / "server"), free_port()
        (settings.data_dir / "prefect").mkdir(parents=True)
        stack.enter_context(prefect_server(settings, port, on_terminal()))
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
        _print(kill(Path(name), kills=10, child=_flow))


def _print(found: Outcome) -> None:
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


def kill(folder: Path, kills: int = 200, seed: int = 0, child: Child | None = None) -> Outcome:
    """Kill nights until there were enough, and let the last one end.

    Args:
        folder: an empty one, or one in which nothing is called `usual` or `killed`.
        kills: how many.
        seed: of papers and moments.
        child: what runs a night in a process of its own; by default the function that the flow calls.
    """
    chance, began, child = Random(seed), time.monotonic(), child or _night
    days = kills + 2
    world = invent(chance, days, days * PAPERS_A_DAY, days * RELEVANT_A_DAY)
    with stand_in(world.samples) as service:
        service.deleted, service.pdf, service.per_page = world.deleted, pdf, _PER_PAGE
        service.as_of = FIRST
        usual = _usual(service, folder / "usual", child)
        service.seen.clear()
        settings = settings_for(service, folder / "killed", 0.0, workers=1, backoff_seconds=0)
        engine = open_database(settings.database)
        play = _Play(service, settings, engine, child)
        while play.kills < kills:
            if play.starts % 2:
                phase = PHASES[play.starts // 2 % len(PHASES)]
                play.start(At(phase, chance.uniform(0, 0.05)))
            else:
                play.start(After(1.5 * usual * math.exp2(-8 * chance.random())))
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


@dataclass(frozen=True, slots=True)
class After:
    """A moment by the time since the night was told to begin."""

    seconds: float


@dataclass(frozen=True, slots=True)
class At:
    """A moment in a phase, by the time since the night was first seen at it."""

    phase: str
    seconds: float


def _usual(service: StandIn, folder: Path, child: Child) -> float:
    """How long a night takes that nobody kills, in seconds, once what starts processes has its imports."""
    settings = settings_for(service, folder, 0.0, workers=1)
    _started(int).join()
    process, begins = _begun(child, settings, FIRST)
    begins.poll(None)
    began = time.monotonic()
    process.join()
    return time.monotonic() - began


class _Play:
    """One night after another, each begun as often as it takes."""

    def __init__(self, service: StandIn, settings: Settings, engine: Engine, child: Child) -> None:
        self._service, self._settings, self._engine, self._child = service, settings, engine, child
        self.starts = self.kills = self.nights = self.failed = 0
        self.at = Counter[str]()
        self.groups: list[int] = []

    def start(self, moment: After | At | None) -> None:
        """Begin, and kill at a moment, unless the night has ended by then; the next day follows such a one."""
        self.starts += 1
        at = self._service.now() + timedelta(seconds=self.starts)
        process, begins = _begun(self._child, self._settings, at)
        self.groups.append(process.pid or 0)
        begins.poll(None)  # or it has died before
        self._wait(process, moment)
        if process.exitcode is None:
            process.kill()
            process.join()
        if process.exitcode == -signal.SIGKILL:
            self.kills += 1
            self.at[at_work(self._engine)] += 1
            return
        self.failed += process.exitcode != 0
        self.nights += 1
        if moment is not None:
            self._service.as_of = self._service.now() + timedelta(days=1)

    def _wait(self, process: ForkServerProcess, moment: After | At | None) -> None:
        """Until the moment has come or the night has ended."""
        if isinstance(moment, At):
            while process.is_alive() and at_work(self._engine) != moment.phase:
                process.join(_LOOKED)
        process.join(moment.seconds if moment else None)


def _begun(child: Child, settings: Settings, at: datetime) -> tuple[ForkServerProcess, Connection]:
    begins, ours = _context().Pipe(duplex=False)
    process = _started(child, settings, at, ours)
    ours.close()
    return process, begins


def _started(what: Callable[..., object], *given: object) -> ForkServerProcess:
    process = _context().Process(target=what, args=given)
    process.start()
    return process


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _night(settings: Settings, at: datetime, begins: Connection) -> None:
    """In the child, which is the leader of a group of its own, so that its workers are found when it is dead."""
    os.setsid()
    begins.send(None)
    with open_night(settings, Order(), clock=PlayedClock(at)) as night:
        run(night, PLAIN)


def _flow(settings: Settings, _at: datetime, begins: Connection) -> None:
    """The flow, in a child likewise. Its clock is the machine's and the papers' days are not, so that its first day is given."""
    os.setsid()
    os.environ |= environment_of(settings)
    prepare_prefect(settings)
    from flows.nightly import run_nightly

    begins.send(None)
    run_nightly(Order(since=(FIRST - _BEFORE_FIRST).date()))


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
