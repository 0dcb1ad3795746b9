"""An installation that is sound: settings, a paper that was fetched and read, and a stand-in that answers."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.engine import session
from db.models import judge_of
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.store import open_store
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from flows.clock import SystemClock
from flows.doctor.checks import Check, Examination
from flows.doctor.examine import Asked, examine
from flows.settings import Settings, unknown_variables
from tests.databases import migrated

PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")
BYTES = b"%PDF-1.7 the only paper"
SHA256 = hashlib.sha256(BYTES).hexdigest()

Doctor = Callable[..., Examination]
Leave = Callable[[bytes], Path]


@pytest.fixture(autouse=True)
def only_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variables as tests of other things are steered by."""
    for name in unknown_variables():
        monkeypatch.delenv(name)


@pytest.fixture
def sound(settings: Settings, engine: Engine) -> Settings:
    """The settings of a data folder with nothing wrong in it."""
    settings.data_dir.mkdir()
    migrated(engine)
    now, words = SystemClock().now(), Evidence(SHA256, 1, None, "Training", "on 8 GPUs", "test.rule")
    open_store(settings.store).put(BYTES)
    with session(engine) as opened:
        judge = judge_of(opened, settings.promise, settings.policy)
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), now, now, b"")], now)
        record_file(opened, PAPER, 1, sha256=SHA256, size=len(BYTES), at=now)
        facts = (Proposal(CellKey(RUN, "count"), Quantity.exact(8, "devices"), words),)
        save(opened, Reading(SHA256, "burden-1", PAPER, "A Net", 9, facts), judge, now)
    return settings


@pytest.fixture
def doctor(settings: Settings) -> Doctor:
    """Examine the installation; by default without asking anybody."""

    def examined(
        *, mend: bool = False, every: bool = True, offline: bool = True, **changed: object
    ) -> Examination:
        asked = Asked(every, mend, offline)
        return examine(lambda: settings.model_copy(update=changed), asked, SystemClock())

    return examined


@pytest.fixture
def leave(settings: Settings) -> Leave:
    """Leave a file in the store that no row tells of, as a night does that is killed, two hours ago."""

    def left(data: bytes) -> Path:
        sha256 = open_store(settings.store).put(data)
        path = file_of(settings, sha256)
        aged(path)
        return path

    return left


def file_of(settings: Settings, sha256: str) -> Path:
    """Where a folder keeps an object."""
    return Path(settings.store) / sha256[:2] / sha256[2:4] / sha256


def aged(path: Path) -> None:
    """Let a file be two hours old."""
    then = time.time() - 7200
    os.utime(path, (then, then))


def wrong(found: Examination) -> dict[str, str]:
    """Outcome of every check that is neither well nor skipped, by its name."""
    return {check.name: check.outcome for check in found.checks if check.outcome in ("warn", "fail")}


def named(found: Examination, name: str) -> Check:
    """The one check of a name."""
    (check,) = (check for check in found.checks if check.name == name)
    return check
