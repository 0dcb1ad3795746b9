"""A filled database as for the rest of review, with texts that want to be more than texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from annotation.exchange.answers import Answer, Answers, give
from annotation.session import Reviewer
from db.cells import CellState, Judge
from db.engine import open_database, session, snapshot
from db.events import Entry
from db.log import history
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.readings import save
from db.refresh import doctor, state_of
from db.tables import CellRow
from extractors.confidence import Linear
from extractors.facts.errors import BurdenError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER = PaperId("2401.00002")
RUN = EntityId(PAPER, "run", "net")
MODEL = EntityId(PAPER, "model", "net")
SHA256 = "2" * 64
FAMILY = Linear(0.0)
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))
EVIL = (
    "=HYPERLINK(1)",
    "\u202e8 \x1b[31m<script>alert(1)</script>",
    "+1 [x] right",
    'a "quote", a comma; a semicolon',
    "@SUM(A1)\nnew line\ttab",
    "-" + "x" * 158,
)
FIELDS = ("count", "wall_time", "accelerator", "epochs", "steps", "batch_size")


def quantity(field: str, number: float) -> Value:
    units = {
        "count": "devices",
        "wall_time": "s",
        "epochs": "epochs",
        "steps": "steps",
        "batch_size": "examples",
    }
    return Quantity.exact(number, units[field], f"={number:g}")


def proposals() -> Iterator[Proposal]:
    for field, words in zip(FIELDS, EVIL, strict=True):
        place = Evidence(SHA256, 4, None, "=Training <b>", words, "test.rule")
        if field == "accelerator":
            yield Proposal(
                CellKey(RUN, field), Name("NVIDIA Tesla V100", "=V100"), place, (), reasons=("@doubt",)
            )
        else:
            rivals = (Rival(quantity(field, 16), place), Rival(quantity(field, 32), place))
            yield Proposal(
                CellKey(RUN, field), quantity(field, 8), place, rivals, reasons=("=a doubt", "\x07another")
            )
    named = Evidence(SHA256, 1, None, "Title", "the net", "test.rule")
    yield Proposal(CellKey(MODEL, "name"), Name("Net", "=Net <i>"), named)
    yield Proposal(CellKey(RUN, "model"), Name("net", "net"), named)


@contextmanager
def evil_database(reviewer: Reviewer) -> Iterator[Engine]:
    judge = reviewer.judge
    made = _MADE.get(key := (judge.sha256, judge.promise, judge.policy))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "burden.sqlite"
        if made is None:
            made = _MADE[key] = _fill(file, judge)
        file.write_bytes(made)
        opened = open_database(f"sqlite:///{file}")
        yield opened
        opened.dispose()


_MADE: dict[tuple[str, Promise, ReviewPolicy], bytes] = {}
"""Files to be copied, by what judged the values in them."""


def _fill(file: Path, judge: Judge) -> bytes:
    opened = open_database(f"sqlite:///{file}")
    migrated(opened)
    title = "=cmd|' /C calc'!A0 </title><script>" + "t" * 10_000
    with session(opened) as writing:
        record_listings(writing, "test", [Listing(PAPER, 1, title, "", (), (), AT, AT, b"")], AT)
        record_file(writing, PAPER, 1, sha256=SHA256, size=1, at=AT)
        reading = Reading(SHA256, "burden-1", PAPER, title, 9, tuple(proposals()))
        save(writing, reading, judge, AT)
    opened.dispose()
    return file.read_bytes()


@pytest.fixture
def evil(reviewer: Reviewer) -> Iterator[Engine]:
    """A database in which nothing that strangers wrote is meant well."""
    with evil_database(reviewer) as engine:
        yield engine


def give_all(
    engine: Engine, answers: Answers, reviewer: Reviewer, source: str
) -> list[tuple[str, bool | str]]:
    """What became of each answer, as the command gives them: each in a transaction of its own."""
    return [(answer.place, give_one(engine, answer, reviewer, source)) for answer in answers.given]


def give_one(engine: Engine, answer: Answer, reviewer: Reviewer, source: str = "csv") -> bool | str:
    try:
        with session(engine) as opened:
            return give(opened, answer, reviewer, source, AT)
    except BurdenError as error:
        return str(error)


def log_of(engine: Engine) -> list[Entry]:
    with snapshot(engine) as opened:
        return list(reversed(history(opened)))


def cells_of(engine: Engine, reviewer: Reviewer) -> dict[str, CellState]:
    with snapshot(engine) as opened:
        assert doctor(opened, reviewer.judge) == ()
        return {str(state.key): state for state in map(state_of, opened.exec(select(CellRow)))}
