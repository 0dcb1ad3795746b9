"""A person at the screen of one paper, driven by keys, over a real SQLite and a typeset sample paper read in a real process."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from textual.pilot import Pilot

from annotation.screen.paper.app import PaperApp
from annotation.screen.paper.desk import PaperDoors
from annotation.screen.paper.screen import PaperScreen
from annotation.session import Reviewer
from annotation.whole import WholeCell, WholeEntity, WholePaper, whole_paper
from db.cells import Judge
from db.engine import open_database, session, snapshot
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.store import open_store
from db.whole import read_completely
from extractors.confidence import Linear
from extractors.facts.fields import Family
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Reading
from extractors.paper import read_paper
from extractors.promise import Promise
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.paper_desk import DatabasePaperDesk
from flows.passages import Passages
from tests.annotation.screen.conftest import golden, shown
from tests.databases import migrated
from tests.keyboard import typed
from tests.models import model_of

__all__ = ["golden", "shown"]

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAPER = PaperId("2403.99101")
SIZES = ((80, 24), (160, 50), (200, 50))
_MODEL: Mapping[Family, Linear] = {
    "training": Linear(0.0),
    "costs": Linear(3.0),
    "scores": Linear(4.0),
    "asides": Linear(-4.0),
}
JUDGE = Judge.of(model_of(_MODEL), Promise(0.9, 0.1))
"""Half of the training facts are right, as far as it knows, so all wait; sizes and scores are published unseen."""
TUNED = "Fine-tuning lasts for 40 epochs with a batch of 128"

Play = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Reading]:
    """A store with the first sample paper, and what is read in it."""
    store = tmp_path_factory.mktemp("paper") / "store"
    data = pdf_of(catalogue()[0])
    open_store(str(store)).put(data)
    return store, read_paper(data)


@pytest.fixture(scope="session")
def passages(sample: tuple[Path, Reading]) -> Iterator[Passages]:
    """The process that reads the files of the store."""
    found = Passages(str(sample[0]))
    yield found
    found.close()


@pytest.fixture(scope="session")
def filled(sample: tuple[Path, Reading], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample paper, read."""
    path = tmp_path_factory.mktemp("filled") / "burden.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrated(engine)
    fill(engine, sample[1])
    engine.dispose()
    return path


def fill(engine: Engine, reading: Reading, title: str = "Larkspur: Small Networks") -> None:
    """A paper with what was read in it."""
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, title, "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=reading.sha256, size=1, at=AT)
        save(opened, reading, JUDGE, AT)


@pytest.fixture
def engine(filled: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy of it for each test."""
    copy = tmp_path / "burden.sqlite"
    shutil.copy(filled, copy)
    found = open_database(f"sqlite:///{copy}")
    yield found
    found.dispose()


@pytest.fixture
def desk(engine: Engine, passages: Passages) -> DatabasePaperDesk:
    """Ann's place."""
    return place_of("ann", engine, passages)


def place_of(name: str, engine: Engine, passages: Passages) -> DatabasePaperDesk:
    """Somebody's place."""
    return DatabasePaperDesk(engine, Reviewer(name, JUDGE), PlayedClock(AT, 100.0), passages)


def view(engine: Engine) -> WholePaper:
    """What is known of the paper."""
    with snapshot(engine) as opened:
        return whole_paper(opened, PAPER)


def entity_of(engine: Engine, id: EntityId) -> WholeEntity:
    found = view(engine).entity(id)
    assert found is not None
    return found


def cell_of(engine: Engine, key: CellKey) -> WholeCell:
    found = entity_of(engine, key.entity).cell(key.field)
    assert found is not None
    return found


def read_completely_now(engine: Engine) -> tuple[PaperId, ...]:
    with snapshot(engine) as opened:
        return read_completely(opened)


def play(
    desk: DatabasePaperDesk,
    script: Play,
    *,
    size: tuple[int, int] = (80, 24),
    doors: PaperDoors | None = None,
) -> None:
    """Show the paper headless and play a script on it."""

    async def run() -> None:
        app = PaperApp(desk, PAPER, doors)
        async with app.run_test(size=size) as pilot:
            await still(pilot)
            await script(pilot)

    asyncio.run(run())


async def still(pilot: Pilot[None]) -> None:
    """Wait until no key waits its turn and nothing is being written or read."""
    for _ in range(4000):
        await pilot.pause(0.005)
        if not pilot.app.is_running or _is_idle(pilot):
            await pilot.pause()
            return
    raise AssertionError("the screen does not come to rest")


def _is_idle(pilot: Pilot[None]) -> bool:
    screen = pilot.app.screen
    return not isinstance(screen, PaperScreen) or screen.is_idle


def _takes_keys(pilot: Pilot[None]) -> bool:
    screen = pilot.app.screen
    return not (isinstance(screen, PaperScreen) and (screen._typed or screen._is_taking))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Type keys one after the other, and wait for what they do."""
    await typed(pilot, keys, lambda: _takes_keys(pilot))
    await still(pilot)


def keys(desk: DatabasePaperDesk, *words: str, size: tuple[int, int] = (80, 24)) -> str:
    """Type keys at the paper; the screen in the end."""
    seen: list[str] = []

    async def script(pilot: Pilot[Any]) -> None:
        await press(pilot, *words)
        seen.append(shown(pilot.app))

    play(desk, script, size=size)
    return seen[0]
