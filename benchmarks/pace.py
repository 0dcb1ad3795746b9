"""The pace of review: how long the software takes between a key and the next item, over a real queue.

The papers of the sample are read into a fresh database, as a night does, and one person decides what waits through the
desk that the screen uses, and by keys on the screen itself. What a person takes is theirs; this is what is added to it.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine
from textual.events import Key

from annotation.screen.app import ReviewApp
from annotation.screen.desk import Desk
from annotation.session import Item, Reviewer, accepted
from benchmarks.corpus import Corpus, read
from db.cells import Judge
from db.engine import migrate, open_database, session, snapshot
from db.models import choose, judge_of
from db.papers import Listing, record_file, record_listings
from db.readings import save
from extractors.confidence import Model, default_model
from extractors.facts.records import Reading
from extractors.promise import Promise
from flows.clock import Clock, SystemClock
from flows.desk import DatabaseDesk

PAPERS = 12
"""Of the corpus, from its first on."""
DECISIONS = 120
THINKING = 5.0
"""Seconds a quick person looks at an item."""


SIZE = (160, 50)
"""Of the screen."""
LOOK = 0.25
"""Seconds until the next key on the screen: fewer than anybody reads in, and as many as writing may take unseen."""


def report(corpus: Corpus) -> None:
    """Print medians and 90th percentiles, and the machine's load beside them."""
    clock = SystemClock()
    papers = [reading for _, reading in read(corpus.pdfs[:PAPERS])]
    with tempfile.TemporaryDirectory() as folder:
        engines = [open_database(f"sqlite:///{Path(folder) / name}") for name in ("a", "b", "c")]
        for engine in engines:
            fill(engine, papers, default_model(), clock)
        behind, on_screen, at_once = engines
        times = {
            "key to next item written and taken": sit(behind, clock, DECISIONS),
            f"key to next item on the screen, a key each {LOOK:g} s": watch(
                on_screen, clock, DECISIONS, LOOK
            ),
            "the same, typed as soon as an item is there": watch(at_once, clock, DECISIONS, 0.0),
        }
        for engine in engines:
            engine.dispose()
    for line in summary(times):
        print(line)


def fill(engine: Engine, papers: Sequence[Reading], model: Model, clock: Clock) -> None:
    """Make a database in which the values of some papers wait."""
    migrate(engine)
    at = clock.now() - timedelta(days=1)
    with session(engine) as opened:
        choose(opened, model, at)
        judge = judge_of(opened, Promise())
    for reading in papers:
        with session(engine) as opened:
            listing = Listing(reading.paper, 1, reading.title, "", (), (), at, at, b"")
            record_listings(opened, "benchmark", [listing], at)
            record_file(opened, reading.paper, 1, sha256=reading.sha256, size=1, at=at)
            save(opened, reading, judge, at)


def sit(engine: Engine, clock: Clock, decisions: int) -> list[float]:
    """Decide so many values, or all that wait: every proposed value is accepted.

    Returns:
        Of each, the seconds until the answer is written and the next item is there, claimed, with all that is shown of it.
    """
    desk = _desk(engine, clock)
    item, taken = desk.next(), list[float]()
    while item is not None and len(taken) < decisions:
        began = perf_counter()
        item = desk.answer_and_next(item, accepted(item), "", 1.0, avoid=()).item
        taken.append(perf_counter() - began)
    if item is not None:
        desk.give_back([item])
    return taken


def watch(engine: Engine, clock: Clock, decisions: int, look: float) -> list[float]:
    """The same by the key `a` on the real screen, until one item is left at the latest.

    Returns:
        Of each, the seconds from the key until the next item is on the screen.
    """
    desk = _desk(engine, clock)
    app = _Watched(desk, min(decisions, desk.left() - 1), look)
    asyncio.run(app.run_async(headless=True, size=SIZE))
    return app.taken


class _Watched(ReviewApp):
    """A screen that types by itself, and notes how long it takes."""

    def __init__(self, desk: Desk, decisions: int, look: float) -> None:
        super().__init__(desk)
        self.taken: list[float] = []
        self._typed_at: float | None = None
        self._wanted, self._pause = decisions, look

    def on_drawn(self, _: Item) -> None:
        """Note the time, and type the next key after a look."""
        if self._typed_at is not None:
            self.taken.append(perf_counter() - self._typed_at)
        if len(self.taken) < self._wanted:
            self.set_timer(self._pause, self._type) if self._pause else self._type()
        else:
            self.leave()

    def _type(self) -> None:
        self._typed_at = perf_counter()
        self.post_message(Key("a", "a"))


def _desk(engine: Engine, clock: Clock) -> DatabaseDesk:
    with snapshot(engine) as opened:
        judge: Judge = judge_of(opened, Promise())
    return DatabaseDesk(engine, Reviewer("ann", judge), clock, None)


def summary(times: Mapping[str, Sequence[float]]) -> list[str]:
    """The figures in words."""
    lines = [f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"]
    for name, taken in times.items():
        ordered = sorted(taken)
        tenth = ordered[min(int(0.9 * len(ordered)), len(ordered) - 1)]
        median = f"median {1000 * statistics.median(ordered):6.1f} ms"
        lines.append(f"{name:55} {median}, p90 {1000 * tenth:6.1f} ms, of {len(ordered)}")
    middle = max(map(statistics.median, times.values()))
    lines.append(
        f"{3600 / middle:,.0f} items an hour if nobody thought; {3600 / (THINKING + middle):,.0f} at {THINKING:.0f} s a look"
    )
    return lines
