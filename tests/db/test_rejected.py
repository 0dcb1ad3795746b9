"""What was rejected stays searchable, with the reasons of the machine and of people."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from db.cells import Judge
from db.engine import session, snapshot
from db.events import Accepted, Corrected, Envelope, Rejected, Undone
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import cell_state, options
from db.rejected import count_rejected, rejected
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
JUDGE = Judge.of(model_of({"training": Linear(0.0, {"mood": 1.0})}), Promise(0.9, 0.1))
ONE, TWO = PaperId("2401.00001"), PaperId("2401.00002")
UNITS = {"count": "devices", "wall_time": "s", "epochs": "epochs"}


def add_paper(engine: Engine, paper: PaperId, moods: dict[str, float]) -> None:
    sha256 = f"{paper[-1]:0>64}"
    facts = tuple(
        Proposal(
            CellKey(EntityId(paper, "run", "net"), field),
            Quantity.exact(8, UNITS[field]),
            Evidence(sha256, 1, None, "Training", f"the {field}", "test.rule"),
            features={"mood": mood},
            reasons=("two numbers in this sentence",),
        )
        for field, mood in moods.items()
    )
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, paper, 1, sha256=sha256, size=1, at=AT)
        save(opened, Reading(sha256, "burden-1", paper, "A Net", 9, facts), JUDGE, AT)


@pytest.fixture
def papers(engine: Engine) -> Engine:
    """Two papers with a value that waits and some that the machine rejects, and one that somebody rejected."""
    add_paper(engine, ONE, {"count": 0.0, "wall_time": -3.0, "epochs": -5.0})
    add_paper(engine, TWO, {"epochs": -4.0})
    run = EntityId(ONE, "run", "net")
    envelope = Envelope(str(uuid4()), AT, "ada", "annotator", run, "count", reason="of the test server")
    with session(engine) as opened:
        append(opened, envelope, Rejected(), JUDGE)
    return engine


def test_the_likeliest_come_first_with_values_places_and_reasons(papers: Engine) -> None:
    with snapshot(papers) as opened:
        found = rejected(opened)
        assert count_rejected(opened) == len(found) == 4
        assert rejected(opened, limit=1) == found[:1]
    assert [(item.key.entity.paper, item.key.field) for item in found] == [
        (ONE, "wall_time"),
        (TWO, "epochs"),
        (ONE, "epochs"),
        (ONE, "count"),
    ]
    first = found[0]
    assert first.value == Quantity.exact(8, "s")
    assert first.evidence is not None
    assert (first.evidence.quote, first.reasons) == ("the wall_time", ("two numbers in this sentence",))
    assert first.probability == pytest.approx(0.0474, abs=1e-4)
    assert first.people == ()


def test_what_a_person_rejected_is_told_with_what_was_proposed(papers: Engine) -> None:
    with snapshot(papers) as opened:
        *_, last = rejected(opened)
    assert (last.value, last.probability, last.people) == (Quantity.exact(8, "devices"), None, ("ada",))
    assert last.reasons == ("two numbers in this sentence", "ada: of the test server")


def test_a_paper_and_fields_can_be_asked_for(papers: Engine) -> None:
    with snapshot(papers) as opened:
        assert [item.key.entity.paper for item in rejected(opened, fields=["run.epochs"])] == [TWO, ONE]
        assert [item.key.field for item in rejected(opened, paper=ONE, fields=["run.epochs"])] == ["epochs"]
        assert count_rejected(opened, paper=TWO) == 1
        assert rejected(opened, fields=["model.parameters"]) == ()


def test_a_person_restores_a_value_that_the_machine_rejected_and_takes_that_back(papers: Engine) -> None:
    key = CellKey(EntityId(ONE, "run", "net"), "wall_time")
    with session(papers) as opened:
        (option,) = options(opened, key)
        assert option.proposal is not None
        restored = Accepted(option.proposal, option.value, option.evidence)
        envelope = Envelope(
            str(uuid4()), AT, "ada", "annotator", key.entity, key.field, reason="it is theirs"
        )
        seq = append(opened, envelope, restored, JUDGE)
        state = cell_state(opened, key)
        assert state is not None
        assert (state.status, state.value, state.reviewers) == ("reviewed", option.value, ("ada",))
        assert [item.key.field for item in rejected(opened, paper=ONE)] == ["epochs", "count"]
    with session(papers) as opened:
        append(opened, replace(envelope, uuid=str(uuid4())), Undone(seq), JUDGE)
        assert [item.key.field for item in rejected(opened, paper=ONE)] == ["wall_time", "epochs", "count"]


def test_a_person_corrects_a_value_that_the_machine_rejected(papers: Engine) -> None:
    key = CellKey(EntityId(TWO, "run", "net"), "epochs")
    ninety = Quantity.exact(90, "epochs")
    words = Evidence("0" * 64, 2, None, "Setup", "for 90 epochs", "person")
    with session(papers) as opened:
        envelope = Envelope(str(uuid4()), AT, "ada", "annotator", key.entity, key.field)
        append(opened, envelope, Corrected(ninety, words), JUDGE)
        state = cell_state(opened, key)
        assert state is not None
        assert (state.status, state.value) == ("reviewed", ninety)
        assert rejected(opened, paper=TWO) == ()
