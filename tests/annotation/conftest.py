"""A real database with one paper whose run waits for review."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from annotation.session import Reviewer
from db.cells import Judge
from db.engine import open_database, session
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.readings import save
from db.refresh import refresh
from db.tables import CellRow, ReviewItemRow, ReviewSlotRow
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00001")
RUN = EntityId(PAPER, "run", "net")
SHA256 = "1" * 64


def _proposal(field: str, value: Value, quote: str, *rivals: Value) -> Proposal:
    evidence = Evidence(SHA256, 4, None, "4.1 Training", quote, "test.rule")
    others = tuple(Rival(other, evidence) for other in rivals)
    return Proposal(CellKey(RUN, field), value, evidence, others, reasons=("a doubt",))


PROPOSALS = (
    _proposal("accelerator", Name("NVIDIA Tesla V100", "V100s"), "We used eight V100s for this."),
    _proposal(
        "count", Quantity.exact(8, "devices", "eight"), "We used eight V100s.", Quantity.exact(4, "devices")
    ),
    _proposal(
        "wall_time", Quantity.exact(86_400, "s", "one day"), "Training took \x1b[31mone day\u202e on these."
    ),
)


@pytest.fixture
def reviewer() -> Reviewer:
    """An annotator; everything is as likely as not, so everything waits."""
    return _reviewer("ann")


@pytest.fixture
def second() -> Reviewer:
    """Another annotator."""
    return _reviewer("bob")


def _reviewer(name: str) -> Reviewer:
    family = Linear(0.0)
    model = model_of({"training": family, "costs": family, "scores": family})
    return Reviewer(name, Judge.of(model, Promise(0.9, 0.1)))


def fill(engine: Engine, judge: Judge) -> None:
    """One paper with a run whose three values wait."""
    with session(engine) as writing:
        record_listings(writing, "test", [Listing(PAPER, 1, "A \x1b[2JNet", "", (), (), AT, AT, b"")], AT)
        record_file(writing, PAPER, 1, sha256=SHA256, size=1, at=AT)
        save(writing, Reading(SHA256, "burden-1", PAPER, "A Net", 9, PROPOSALS), judge, AT)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with it, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "burden.sqlite"
    opened = open_database(f"sqlite:///{path}")
    migrated(opened)
    fill(opened, _reviewer("ann").judge)
    opened.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, filled: Path) -> Iterator[Engine]:
    """The database."""
    opened = open_database(f"sqlite:///{shutil.copy(filled, tmp_path / 'burden.sqlite')}")
    yield opened
    opened.dispose()


@pytest.fixture
def twice(engine: Engine, reviewer: Reviewer) -> Judge:
    """A judge by whom everything is decided twice, as all that waits in the database now is."""
    judge = replace(reviewer.judge, policy=ReviewPolicy(second_share=1.0))
    with session(engine) as opened:
        for table in (ReviewSlotRow, ReviewItemRow, CellRow):
            opened.exec(delete(table))
        refresh(opened, PAPER, judge, AT)
    return judge
