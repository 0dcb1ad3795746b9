"""From within an application the place of a value is shown over it, or told, and the application goes on."""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from textual.app import App

from annotation.picture.screen import PictureScreen
from annotation.picture.showing import Graphics, Terminal
from db.engine import open_database, session
from db.papers import Listing, file_of, record_file, record_listings
from db.store import open_store
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from flows.places import Places, open_paper
from tests.databases import migrated

PDF = Path(__file__).resolve().parents[2] / "flows/demo/papers/2403.99101v1.pdf"
DATA = PDF.read_bytes()
EVIDENCE = Evidence(
    hashlib.sha256(DATA).hexdigest(), 1, Box(1, 100, 100, 200, 110), "Training", "Eight devices", "test.rule"
)


class Asked:
    """As much of an item as a place needs."""

    evidence = EVIDENCE
    key = CellKey(EntityId(PaperId("2401.00001"), "run", "net"), "count")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    opened = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    migrated(opened)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    with session(opened) as writing:
        record_listings(
            writing, "test", [Listing(PaperId("2401.00001"), 2, "A Net", "", (), (), at, at, b"")], at
        )
        record_file(writing, "2401.00001", 2, sha256=EVIDENCE.sha256, size=1, at=at)
    return opened


def places(engine: Engine, tmp_path: Path, graphics: Graphics) -> Places:
    store = open_store(tmp_path / "store")
    store.put(DATA)
    return Places(engine, store, tmp_path / "pictures", {}, Terminal(graphics))


def shown(found: Places) -> tuple[str, bool, bool]:
    """What is said, whether a picture is over the application, and whether Escape takes it away."""

    async def drive() -> tuple[str, bool, bool]:
        app: App[Any] = App()
        async with app.run_test(size=(80, 24)) as pilot:
            said = await found.picture(app, Asked())  # type: ignore[arg-type]
            await pilot.pause()
            over = isinstance(app.screen, PictureScreen)
            await pilot.press("escape")
            return said, over, not isinstance(app.screen, PictureScreen)

    return asyncio.run(drive())


def test_a_terminal_that_draws_shows_the_picture_over_the_application(engine: Engine, tmp_path: Path) -> None:
    assert shown(places(engine, tmp_path, "sixel")) == ("", True, True)


def test_elsewhere_the_picture_is_written_and_its_path_told(engine: Engine, tmp_path: Path) -> None:
    said, over, _ = shown(places(engine, tmp_path, "none"))
    assert not over
    assert said.startswith("picture written: ")
    assert Path(said.removeprefix("picture written: ")).read_bytes().startswith(b"\x89PNG")


def test_the_paper_has_an_address_at_its_page(engine: Engine, tmp_path: Path) -> None:
    found = places(engine, tmp_path, "none")
    with session(engine) as opened:
        file = file_of(opened, "2401.00001", EVIDENCE.sha256)
    said = open_paper(file, EVIDENCE, found.store, found.folder, {})
    assert said == "open https://arxiv.org/pdf/2401.00001v2#page=1 at page 1"
    said = open_paper(None, EVIDENCE, found.store, found.folder, {})
    assert said.startswith("open file:///")
