"""Papers with nothing in them are read by people, by lot; reading one completely is a decision like any other."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from db.cells import Judge
from db.engine import session, snapshot
from db.events import CellAdded, Corrected, DeclaredNotReported, Envelope, Event, Undone
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.queue import waiting
from db.readings import save
from db.refresh import cell_state, doctor
from db.screenings import record_screening
from db.whole import Recall, draw, read_completely, recall, rest_of
from extractors.confidence import Linear
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import NotReported, Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 30, tzinfo=UTC)
JUDGE = Judge.of(model_of({"training": Linear(0.0)}), Promise(0.9, 0.1), ReviewPolicy(whole_share=1.0))
EMPTY, FULL, LEFT_OUT, UNREAD = (PaperId(f"2401.0000{number}") for number in range(1, 5))


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """Four papers: nothing found, something found, left out by screening, not read yet."""
    with session(engine) as opened:
        for paper in (EMPTY, FULL, LEFT_OUT, UNREAD):
            record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
            decision = "irrelevant" if paper == LEFT_OUT else "relevant"
            record_screening(
                opened, paper, 1, stage="listing", decision=decision, domains=(), reason="", at=AT
            )
        for number, paper in enumerate((EMPTY, FULL)):
            file = str(number) * 64
            words = Evidence(file, 1, None, "", "on 8 GPUs", "test.rule")
            count = CellKey(EntityId(paper, "run", "net"), "count")
            facts = (Proposal(count, Quantity.exact(8, "devices"), words),) if paper == FULL else ()
            record_file(opened, paper, 1, sha256=file, size=1, at=AT)
            save(opened, Reading(file, "burden-1", paper, "A Net", 9, facts), JUDGE, AT)
    return engine


def say(engine: Engine, event: Event, uuid: str = "u1", paper: PaperId = EMPTY) -> int:
    with session(engine) as opened:
        key = rest_of(paper)
        return append(opened, Envelope(uuid, AT, "ada", "annotator", key.entity, key.field), event, JUDGE)


def test_papers_without_facts_are_queued_once(stored: Engine) -> None:
    with session(stored) as opened:
        assert draw(opened, JUDGE, AT) == (EMPTY, LEFT_OUT)
        assert draw(opened, JUDGE, AT) == ()
    with snapshot(stored) as opened:
        found = {item.key: item.why for item in waiting(opened)}
        assert doctor(opened, JUDGE) == ()
    assert found[rest_of(EMPTY)] == found[rest_of(LEFT_OUT)] == "unread"
    assert len(found) == 3


def test_the_lot_decides_which(stored: Engine) -> None:
    with session(stored) as opened:
        assert draw(opened, replace(JUDGE, policy=ReviewPolicy(whole_share=0.0)), AT) == ()


def test_who_has_read_all_says_so_and_may_take_it_back(stored: Engine) -> None:
    with session(stored) as opened:
        draw(opened, JUDGE, AT)
    seq = say(stored, DeclaredNotReported())
    with snapshot(stored) as opened:
        state = cell_state(opened, rest_of(EMPTY))
        assert state is not None
        assert (state.status, state.value, state.reviewers, state.look) == (
            "reviewed",
            NotReported(),
            ("ada",),
            None,
        )
        assert read_completely(opened) == (EMPTY,)
    say(stored, Undone(seq), "u2")
    with snapshot(stored) as opened:
        assert read_completely(opened) == ()
        assert rest_of(EMPTY) in {item.key for item in waiting(opened)}


def test_a_paper_that_nobody_queued_can_be_read_completely_too(stored: Engine) -> None:
    say(stored, DeclaredNotReported(), paper=FULL)
    with snapshot(stored) as opened:
        assert read_completely(opened) == (FULL,)
        assert doctor(opened, JUDGE) == ()


def test_who_takes_back_that_they_read_a_paper_leaves_it_as_it_was(stored: Engine) -> None:
    before = items_of(stored)
    seq = say(stored, DeclaredNotReported(), paper=FULL)
    say(stored, Undone(seq), "u2", paper=FULL)
    assert items_of(stored) == before
    with snapshot(stored) as opened:
        state = cell_state(opened, rest_of(FULL))
        assert state is not None
        assert (state.status, state.look, state.reviewers) == ("void", None, ())
        assert doctor(opened, JUDGE) == ()


def test_the_lot_falls_on_a_paper_of_which_somebody_took_back_that_they_read_it(stored: Engine) -> None:
    seq = say(stored, DeclaredNotReported())
    with session(stored) as opened:
        assert EMPTY not in draw(opened, JUDGE, AT)
    say(stored, Undone(seq), "u2")
    with session(stored) as opened:
        assert draw(opened, JUDGE, AT) == (EMPTY,)
    assert rest_of(EMPTY) in items_of(stored)


def items_of(engine: Engine) -> set[CellKey]:
    with snapshot(engine) as opened:
        return {item.key for item in waiting(opened)}


def test_a_whole_paper_has_no_value(stored: Engine) -> None:
    value = Corrected(Quantity.exact(8, "devices"), Evidence("0" * 64, 1, None, "", "8", "annotator"))
    with pytest.raises(UsageError, match="Add what is missing, then say that nothing is left"):
        say(stored, value)


def test_a_new_reading_leaves_what_people_read_alone(stored: Engine) -> None:
    say(stored, DeclaredNotReported())
    with session(stored) as opened:
        saved = save(opened, Reading("0" * 64, "burden-2", EMPTY, "A Net", 9, ()), JUDGE, AT)
    assert saved.vanished == ()
    with snapshot(stored) as opened:
        assert read_completely(opened) == (EMPTY,)


def test_recall_counts_what_the_machine_missed_in_papers_read_completely(stored: Engine) -> None:
    run = EntityId(FULL, "run", "net")
    words = Evidence("1" * 64, 1, None, "", "for 90 epochs", "annotator")
    said: dict[str, Event] = {
        "count": Corrected(Quantity.exact(8, "devices"), words),
        "epochs": CellAdded(Quantity.exact(90, "epochs"), words),
        "steps": DeclaredNotReported(),
    }
    for field, event in said.items():
        with session(stored) as opened:
            append(opened, Envelope(f"u {field}", AT, "ada", "annotator", run, field), event, JUDGE)
    with snapshot(stored) as opened:
        assert recall(opened) == {}
    say(stored, DeclaredNotReported(), paper=FULL)
    with snapshot(stored) as opened:
        found = recall(opened)
    assert found == {"training": Recall(values=2, found=1)}
    assert found["training"].share == 0.5
    assert found["training"].bound < 0.5
