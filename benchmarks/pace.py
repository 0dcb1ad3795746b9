"""The pace of review: how long the software takes between a key and the next item, over a real queue.

The papers of the sample are read into a fresh database, as a night does, and one person decides what waits through the
desk that the screen and line mode use. What a person takes is theirs; this is what is added to it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine

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


@dataclass(frozen=True, slots=True)
class Step:
    """What one decision cost, in seconds."""

    answer: float
    """Writing it to the log, and bringing the cells and the queue up to date."""
    next: float
    """Claiming the next item with all that is shown of it, and counting what is left."""

    @property
    def whole(self) -> float:
        """From the key to the next item."""
        return self.answer + self.next


def report(corpus: Corpus) -> None:
    """Print medians and 90th percentiles, and the machine's load beside them."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'burden.sqlite'}")
        clock = SystemClock()
        papers = [reading for _, reading in read(corpus.pdfs[:PAPERS])]
        fill(engine, papers, default_model(), clock)
        steps = sit(engine, clock, DECISIONS)
        engine.dispose()
    for line in summary(steps):
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


def sit(engine: Engine, clock: Clock, decisions: int) -> list[Step]:
    """Decide so many values, or all that wait: every proposed value is accepted."""
    with snapshot(engine) as opened:
        judge: Judge = judge_of(opened, Promise())
    desk = DatabaseDesk(engine, Reviewer("ann", judge), clock, None)
    item, steps = desk.next(), list[Step]()
    while item is not None and len(steps) < decisions:
        item, step = _step(desk, item)
        steps.append(step)
    if item is not None:
        desk.give_back([item])
    return steps


def _step(desk: DatabaseDesk, item: Item) -> tuple[Item | None, Step]:
    began = perf_counter()
    desk.answer(item, accepted(item), "", 1.0)
    written = perf_counter()
    found = desk.next(near=item.key.entity.paper)
    desk.left()
    return found, Step(written - began, perf_counter() - written)


def summary(steps: Sequence[Step]) -> list[str]:
    """The figures in words."""
    lines = [f"{len(steps)} decisions, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"]
    for name, times in (
        ("answer", [step.answer for step in steps]),
        ("next", [step.next for step in steps]),
        ("key to next item", [step.whole for step in steps]),
    ):
        ordered = sorted(times)
        tenth = ordered[min(int(0.9 * len(ordered)), len(ordered) - 1)]
        lines.append(
            f"{name:18} median {1000 * statistics.median(ordered):6.1f} ms, p90 {1000 * tenth:6.1f} ms"
        )
    middle = statistics.median(step.whole for step in steps)
    lines.append(
        f"{3600 / middle:,.0f} items an hour if nobody thought; {3600 / (THINKING + middle):,.0f} at {THINKING:.0f} s a look"
    )
    return lines
