"""Nights on end against a service that misbehaves: whether everything is had in the end, and how politely it was asked.

The stand-in is a real HTTP server on loopback that throttles, drips, hangs up, tears pages and files, sends a page for browsers
and refuses tokens, by a lot that is the same each time; the clock by which burden waits is played, and jumps. In the
last tenth of the nights the service behaves, and what went wrong before has to be made good.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from random import Random

from benchmarks.invented import FIRST, SETS, differences, invent, pdf, settings_for, to_have
from db.engine import open_database
from extractors.facts.errors import BurdenError
from flows.clock import PlayedClock
from flows.demo.standin import Fault, FaultKind, StandIn, stand_in
from flows.night import Order, Steps, open_night, run
from flows.steps import PLAIN

SPACING = 3.0
"""Seconds, as arXiv's terms ask."""
_BY_TOKEN = "/oai?verb=ListRecords&resumptionToken"
_OVERLAP = timedelta(days=7)
_JUMPS = (
    timedelta(seconds=-40),
    timedelta(hours=-3),
    timedelta(hours=5),
    timedelta(days=-2),
    timedelta(days=2),
)
_SHOWN = 10


@dataclass(slots=True)
class JumpingClock(PlayedClock):
    """A played clock that somebody sets wrong in the middle of the night; its monotonic seconds go on evenly."""

    jumps: list[tuple[float, timedelta]] = field(default_factory=list)
    """When, in seconds since the start, and by how much."""

    def sleep(self, seconds: float) -> None:
        """Let time pass at once, and jump where it is due."""
        PlayedClock.sleep(self, seconds)
        while self.jumps and self.passed >= self.jumps[0][0]:
            self.start += self.jumps.pop(0)[1]

    def begin(self, at: datetime) -> None:
        """Go on to a night, by a clock that is right again."""
        self.passed = max(self.passed, (at - FIRST).total_seconds())
        self.start, self.jumps = FIRST, []


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the nights."""

    ends: Counter[str]
    """How they ended: `done`, `partial`, or the error that ended them."""
    jumps: int
    faults: Counter[str]
    """That happened, by kind."""
    papers: int
    versions: int
    to_have: int
    """Versions whose file was to be had in the end."""
    requests: int
    least: int
    """Requests that it takes where nothing goes wrong: each night's pages, and each file once."""
    allowed: int
    """With one more for each fault, and a list from its beginning for each refused token and each night that ended early."""
    nearest: float
    """Least time between the starts of two requests, in played seconds."""
    differences: tuple[str, ...]
    """What is otherwise in the end than at the stand-in."""
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the database is the truth, and was come by politely."""
        return not self.differences and self.nearest >= SPACING and self.requests <= self.allowed


def report() -> None:
    """Print what came of thirty nights; ends with 1 where anything does not hold."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        found = soak(Path(folder))
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(found.faults.items()))
    print(f"{found.papers} papers in {found.versions} versions, {found.to_have} files to have in the end")
    print(f"nights: {dict(found.ends)}; the clock jumped {found.jumps} times; {told}")
    print(
        f"{found.requests} requests, at least {found.least} and at most {found.allowed} allowed; the nearest {found.nearest:.3f} s apart"
    )
    print(
        f"{len(found.differences)} differences; {found.seconds:.0f} s; {'holds' if found.holds else 'DOES NOT HOLD'}"
    )
    for difference in found.differences[:_SHOWN]:
        print(f"  {difference}")
    if not found.holds:
        raise SystemExit(1)


def soak(
    folder: Path,
    nights: int = 30,
    records: int = 20_000,
    relevant: int = 1_500,
    seed: int = 0,
    workers: int = 2,
    early: Steps = PLAIN,
) -> Outcome:
    """Play the nights.

    Args:
        folder: an empty one.
        nights: how many; the last tenth, at least one, without faults.
        records: papers that the stand-in lists in the end.
        relevant: how many of them are to be read.
        seed: of papers, faults and jumps.
        workers: processes that read.
        early: the steps of the nights with faults.
    """
    chance, began = Random(seed), time.monotonic()
    world, clock = invent(chance, nights, records, relevant), JumpingClock(FIRST)
    ends, faults, jumps, plan = Counter[str](), Counter[str](), 0, _Plan()
    with stand_in(world.samples) as service:
        service.deleted, service.pdf, service.tick = world.deleted, pdf, clock.monotonic
        service.per_page = max(records // 80, 20)
        settings = settings_for(service, folder, SPACING, workers=workers)
        for number in range(nights):
            service.as_of = FIRST + timedelta(days=number)
            clock.begin(service.as_of)
            plan.expect(service)
            is_calm = number >= nights - max(nights // 10, 1)
            lot = [] if is_calm else list(_lot(chance, service.as_of, is_slow=number % 3 == 0))
            if not is_calm and chance.random() < 0.4:
                clock.jumps = [(clock.passed + chance.uniform(0, 120), chance.choice(_JUMPS))]
            service.misbehave(*lot)
            due = len(clock.jumps)
            try:
                with open_night(settings, Order(), clock=clock) as night:
                    summary = run(night, PLAIN if is_calm else early)
                ends["sent away" if night.is_sent_away else summary.outcome] += 1
            except BurdenError as error:
                ends[type(error).__name__] += 1
            jumps += due - len(clock.jumps)
            faults.update(_kinds(lot))
            faults.subtract(_kinds(service.behave()))
        return _outcome(folder, service, plan, ends, faults, jumps, time.monotonic() - began)


def _outcome(
    folder: Path,
    service: StandIn,
    plan: _Plan,
    ends: Counter[str],
    faults: Counter[str],
    jumps: int,
    seconds: float,
) -> Outcome:
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    found = tuple(differences(engine, service, folder / "store"))
    engine.dispose()
    shown, starts = service.shown(), [request.at for request in service.seen]
    early = sum(number for end, number in ends.items() if end not in ("done", "partial"))
    return Outcome(
        ends,
        jumps,
        +faults,
        papers=len(shown),
        versions=sum(len(paper.versions) for paper in shown),
        to_have=sum(to_have(paper) is not None for paper in shown),
        requests=len(starts),
        least=plan.least,
        allowed=plan.least + faults.total() + (faults["bad-token"] + early) * plan.longest,
        nearest=min(later - earlier for earlier, later in pairwise(starts)),
        differences=found,
        seconds=seconds,
    )


@dataclass(slots=True)
class _Plan:
    """What nights without any fault would ask."""

    pages: int = 0
    longest: int = 0
    """Pages of the longest night."""
    files: set[str] = field(default_factory=set)

    @property
    def least(self) -> int:
        return self.pages + len(self.files)

    def expect(self, service: StandIn) -> None:
        """One more night: the pages of all sets since a week before the last night, and files of what is new."""
        shown = service.shown()
        since = (service.now() - _OVERLAP - (timedelta(days=1) if self.pages else timedelta())).date()
        listed = [sum(paper.changed >= since and paper.is_in(part) for paper in shown) for part in SETS]
        pages = sum(max(math.ceil(number / service.per_page), 1) for number in listed)
        self.pages, self.longest = self.pages + pages, max(self.longest, pages)
        self.files |= {sample.name for sample in map(to_have, shown) if sample}


def _lot(chance: Random, at: datetime, *, is_slow: bool) -> Iterator[Fault]:
    """What goes wrong in a night; seldom so much at once that it has to end."""
    for path, most in (("/oai", 6), ("/pdf", 20)):
        for _ in range(chance.randint(1, 4)):
            after = chance.randint(0, most)
            match chance.choice(("busy", "busy", "broken", "dropped", "truncated", "challenge")):
                case "busy":
                    yield from _burst(chance, path, after, at)
                case "challenge" if path == "/oai" and chance.random() < 0.7:
                    yield Fault("bad-token", _BY_TOKEN)  # a challenge in the feed ends the harvest
                case kind:
                    yield from _again(kind, path, after, chance.randint(1, 2))
    if is_slow:
        yield Fault("slow", chance.choice(("/oai", "/pdf")), after=2)


def _again(kind: str, path: str, after: int, times: int) -> Iterator[Fault]:
    sort: FaultKind = kind  # type: ignore[assignment]  # one of those that the lot names
    yield Fault(sort, path, after=after)
    yield Fault(sort, path, times=times - 1)


def _burst(chance: Random, path: str, after: int, at: datetime) -> Iterator[Fault]:
    """The service is busy a few times in a row; with five it outlasts all tries, and a wait of 900 s is no longer waited for."""
    until = format_datetime(at + timedelta(seconds=chance.randint(60, 400)), usegmt=True)
    wait = chance.choices(("", "30", until, "900"), (4, 4, 4, 1))[0]
    status = chance.choice((503, 429))
    times = chance.choices((1, 2, 3, 5), (4, 3, 2, 1))[0]
    yield Fault("busy", path, after=after, retry_after=wait, status=status)
    yield Fault("busy", path, times=times - 1, retry_after=wait, status=status)


def _kinds(faults: Iterable[Fault]) -> Counter[str]:
    """How many there are of each kind."""
    found = Counter[str]()
    for fault in faults:
        said = f"{fault.status}{' with Retry-After' if fault.retry_after else ''}"
        found[said if fault.kind == "busy" else fault.kind] += fault.times
    return found
