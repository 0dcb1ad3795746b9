"""A person at the screen: the real application, driven by keys, over a real SQLite with two papers that wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from textual.pilot import Pilot

from annotation.passage import InTable, InText, Passage
from annotation.screen.app import ReviewApp
from annotation.screen.desk import Following
from annotation.screen.doors import Doors
from annotation.session import Reviewer
from db.engine import session, snapshot
from db.models import choose
from db.papers import Listing, record_file, record_listings
from db.queue import counts
from db.readings import save
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from flows.clock import PlayedClock
from flows.desk import DatabaseDesk
from tests.keyboard import typed

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SIZES = ((80, 24), (160, 50), (200, 50))
TABLES = PaperId("2402.00002")
TABLES_SHA = "2" * 64
ROWS = 24
"""Scores that wait in the second paper."""

Play = Callable[[Pilot[None]], Awaitable[None]]


class TestDesk(DatabaseDesk):
    """The real desk, and pages as a test says instead of a PDF; it can be made slow."""

    __test__ = False

    def __init__(self, engine: Engine, reviewer: Reviewer, clock: PlayedClock) -> None:
        super().__init__(engine, reviewer, clock, None)
        self.engine = engine
        self.clock = clock
        self.passages: dict[str, Passage] = {}
        self.gate = threading.Event()
        """Answers are written only while it is open."""
        self.gate.set()

    def answer(self, *args: Any, **kwargs: Any) -> None:
        """Write, once the gate is open."""
        assert self.gate.wait(60)
        super().answer(*args, **kwargs)

    def answer_and_next(self, *args: Any, **kwargs: Any) -> Following:
        """The same."""
        assert self.gate.wait(60)
        return super().answer_and_next(*args, **kwargs)

    def passage(self, place: Evidence) -> Passage | None:
        """What the test laid down for a quote."""
        return self.passages.get(place.quote)


def scores(rows: int = ROWS) -> Reading:
    """A paper whose table has so many scores that all wait."""
    proposals = []
    for row in range(1, rows + 1):
        quote = f"Network {row} | 1{row}M | {70 + row / 10:.1f} | 9{row % 10}.5"
        evidence = Evidence(TABLES_SHA, 6, None, "Table 2", quote, "test.table")
        key = CellKey(EntityId(TABLES, "result", f"network-{row:02}.imagenet"), "score")
        value = Quantity.exact(70 + row / 10, "percent", f"{70 + row / 10:.1f}")
        proposals.append(Proposal(key, value, evidence))
    return Reading(TABLES_SHA, "burden-1", TABLES, "Many Networks in One Table", 9, tuple(proposals))


@pytest.fixture
def desk(engine: Engine, reviewer: Reviewer) -> Iterator[TestDesk]:
    """Ann's place, with 27 values that wait in two papers."""
    with session(engine) as writing:
        choose(writing, reviewer.judge.model, AT)
        listing = Listing(TABLES, 1, "Many Networks in One Table", "", (), (), AT, AT, b"")
        record_listings(writing, "test", [listing], AT)
        record_file(writing, TABLES, 1, sha256=TABLES_SHA, size=1, at=AT)
        save(writing, scores(), reviewer.judge, AT)
    found = TestDesk(engine, reviewer, PlayedClock(AT, 100.0))
    found.passages["We used eight V100s."] = PARAGRAPH
    found.passages["Network 2 | 12M | 70.2 | 92.5"] = TABLE
    yield found
    with snapshot(engine) as reading:
        assert counts(reading, AT).held == 0, "everything is given back in the end"


TEXT = (
    "All networks of this section were trained from random weights with the same schedule and without any tuning of its "
    "parts. We used eight V100s. A second, smaller machine served to evaluate the networks after each epoch, and its time "
    "is not counted below, since it ran beside the training and never held it up."
)
PARAGRAPH = InText(
    TEXT,
    (TEXT.index("We used"), TEXT.index(" A second")),
    (TEXT.index("eight V"), TEXT.index("eight V") + 5),
)
TABLE = InTable(
    "Table 2. Accuracy on the validation part, of all networks, after training with the same schedule.",
    (
        ("network", "parameters", "accuracy", "speed"),
        ("", "(M)", "top-1 (%)", "images/s"),
        *(
            (f"Network {row}", f"1{row}M", f"{70 + row / 10:.1f}", f"9{row % 10}.5")
            for row in range(1, ROWS + 1)
        ),
    ),
    2,
    3,
    2,
)


def play(
    desk: TestDesk, script: Play, *, size: tuple[int, int] = (80, 24), doors: Doors | None = None
) -> ReviewApp:
    """Run the application headless and play a script on it; it quits in the end."""

    async def run() -> ReviewApp:
        app = ReviewApp(desk, doors)
        async with app.run_test(size=size) as pilot:
            await still(pilot)
            await script(pilot)
            if app.is_running:
                await pilot.press("ctrl+c")
                await still(pilot)
        return app

    return asyncio.run(run())


async def still(pilot: Pilot[None]) -> None:
    """Wait until no key waits its turn and nothing is being written or read."""
    for _ in range(2000):
        await pilot.pause(0.005)
        app = pilot.app
        assert isinstance(app, ReviewApp)
        if not app.is_running or app.is_idle:
            await pilot.pause()
            return
    raise AssertionError("the screen does not come to rest")


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Type keys one after the other, and wait for what they do."""
    app = pilot.app
    assert isinstance(app, ReviewApp)
    await typed(pilot, keys, lambda: app.is_idle)
    await still(pilot)


def shown(app: Any) -> str:
    """The screen as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


def golden(request: pytest.FixtureRequest, name: str, now: str, folder: Path = Path(__file__).parent) -> None:
    """Compare a screen with the one that was looked at."""
    file = folder / "screens" / f"{name}.txt"
    if request.config.getoption("--write-goldens"):
        file.write_text(now, "utf-8")
    assert file.read_text("utf-8") == now
