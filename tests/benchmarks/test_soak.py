"""A few nights against a service that misbehaves end with what it truly has, and any difference is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from benchmarks.invented import FIRST, differences, invent, pdf, to_have
from benchmarks.soak import SPACING, Outcome, soak
from db.engine import open_database, session
from db.tables import FileRow, PaperRow, PaperVersionRow
from flows.demo.standin import StandIn
from flows.files import due, fetched
from flows.night import Night
from flows.steps import PLAIN

NIGHTS, RECORDS, RELEVANT = 3, 200, 12


def _only_fetch(night: Night) -> None:
    for _ in fetched(night, due(night)):
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("soak")


@pytest.fixture(scope="module")
def found(folder: Path) -> Outcome:
    early = replace(PLAIN, read=_only_fetch)  # a reader's start takes longer than all of its reading
    return soak(folder, NIGHTS, RECORDS, RELEVANT, seed=SEED, workers=1, early=early)


SEED = 3


@pytest.fixture
def engine(found: Outcome, folder: Path) -> Iterator[Engine]:
    assert found.holds
    opened = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    yield opened
    opened.dispose()


@pytest.fixture
def service() -> StandIn:
    """What the stand-in of the nights has in the end."""
    world = invent(Random(SEED), NIGHTS, RECORDS, RELEVANT)
    return StandIn(world.samples, FIRST + timedelta(days=NIGHTS - 1), pdf, deleted=world.deleted)


def test_nights_of_trouble_end_with_all_that_the_service_has_and_ask_no_more_often_than_allowed(
    found: Outcome,
) -> None:
    assert found.holds, found
    assert found.faults.total() >= 5
    assert found.papers == RECORDS
    assert SPACING <= found.nearest < SPACING + 0.1  # the turns of the gate, with a little room
    assert found.to_have > RELEVANT // 2
    assert not replace(found, nearest=2.9).holds
    assert not replace(found, requests=found.allowed + 1).holds


def test_what_is_missing_wrong_or_too_much_is_told(engine: Engine, service: StandIn, folder: Path) -> None:
    store = folder / "store"
    assert not list(differences(engine, service, store))
    file = next(filter(None, map(to_have, service.shown())))
    with session(engine) as opened:
        opened.delete(opened.exec(select(FileRow).where(FileRow.paper_id == file.id)).one())
        opened.get_one(PaperRow, "2403.00001").withdrawn_at = FIRST
        opened.get_one(PaperVersionRow, ("2403.00002", 1)).updated = FIRST
        latest = opened.exec(select(PaperRow).order_by(col(PaperRow.paper_id).desc())).first()
        assert latest
        latest.title = "Another"
    (store / "orphan").write_bytes(b"")
    told = " ".join(differences(engine, service, store))
    for words in (
        f"{file.name} has no file",
        "is withdrawn",
        "00002v1 is of",
        "is 'Another'",
        "orphan has no row",
    ):
        assert words in told
