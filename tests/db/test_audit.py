"""Audits: the lot sends some of the values published unseen to people, and what they find is the monitored precision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from scipy.stats import beta
from sqlalchemy import Engine

from db.audit import Audited, audited
from db.cells import CellState, Judge
from db.engine import session, snapshot
from db.events import (
    Accepted,
    Corrected,
    EntityRemoved,
    Envelope,
    Event,
    Flagged,
    ProposalKey,
    Rejected,
    Undone,
)
from db.log import append
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.queue import Claim, claim, counts, waiting
from db.readings import save
from db.refresh import cell_state, doctor, refresh
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.promise import Promise, is_audited
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, FILE = PaperId("2401.00001"), "a" * 64
RUN = EntityId(PAPER, "run", "net")
COUNT = CellKey(RUN, "count")
WORDS = Evidence(FILE, 1, None, "Training", "on 8 GPUs", "test.rule")
ALL = Promise(0.9, 0.1, audit_share=1.0)


def judge(log_odds: float = 3.0, promise: Promise = ALL) -> Judge:
    """One who is sure of everything, unless told otherwise."""
    return Judge.of(model_of({"training": Linear(log_odds)}), promise)


def with_a_run(engine: Engine, by: Judge) -> Engine:
    """A paper whose one run has a phase and a count."""
    values: dict[str, Value] = {"phase": Name("training", "train"), "count": Quantity.exact(8, "devices")}
    facts = tuple(Proposal(CellKey(RUN, field), value, WORDS) for field, value in values.items())
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=FILE, size=1, at=AT)
        save(opened, Reading(FILE, "burden-1", PAPER, "A Net", 9, facts), by, AT)
    return engine


@pytest.fixture
def audit(engine: Engine) -> Engine:
    """A database in which the count of a run is to be audited."""
    return with_a_run(engine, judge())


def held_by(engine: Engine, who: str, *, senior: bool = False) -> Claim:
    with session(engine) as opened:
        found = claim(opened, who, AT, timedelta(minutes=10), senior=senior)
    assert found is not None
    return found


def say(engine: Engine, event: Event, who: str = "ada", slot: int | None = None) -> int:
    envelope = Envelope(str(uuid4()), AT, who, "annotator", RUN, "count", slot)
    with session(engine) as opened:
        return append(opened, envelope, event, judge())


def count(engine: Engine) -> CellState:
    with snapshot(engine) as opened:
        found = cell_state(opened, COUNT)
    assert found is not None
    return found


def found_by_audits(engine: Engine) -> Audited | None:
    with snapshot(engine) as opened:
        return audited(opened).get("training")


RIGHT = Accepted(ProposalKey(FILE, "burden-1"), Quantity.exact(8, "devices"), WORDS)
WRONG = Corrected(Quantity.exact(4, "devices"), WORDS)


def test_a_value_that_the_lot_chose_is_looked_at_and_stays_published(audit: Engine) -> None:
    assert (count(audit).status, count(audit).look, count(audit).published) == ("automatic", "audit", True)
    with snapshot(audit) as opened:
        assert [(item.key, item.why) for item in waiting(opened)] == [(COUNT, "audit")]
        assert counts(opened, AT).by_why == {"audit": 1}
        assert doctor(opened, judge()) == ()
    assert found_by_audits(audit) == Audited(due=1, decided=0, kept=0)


def test_no_lot_falls_where_the_operator_wants_none(engine: Engine) -> None:
    with_a_run(engine, judge(promise=replace(ALL, audit_share=0.0)))
    assert (count(engine).status, count(engine).look, found_by_audits(engine)) == ("automatic", None, None)


def test_the_lot_takes_its_share_of_cells() -> None:
    keys = [CellKey(EntityId(PAPER, "run", f"net-{n}"), "count") for n in range(2000)]
    assert 60 < sum(is_audited(key, Promise()) for key in keys) < 140


def test_what_waits_anyway_is_no_audit(engine: Engine) -> None:
    with_a_run(engine, judge(log_odds=0.0))
    assert (count(engine).look, found_by_audits(engine)) == ("uncertain", None)


@pytest.mark.parametrize(("said", "kept"), [(RIGHT, 1), (WRONG, 0), (Rejected(), 0)])
def test_a_decision_ends_an_audit_and_undo_asks_again(audit: Engine, said: Event, kept: int) -> None:
    held = held_by(audit, "ada")
    assert held.why == "audit"
    seq = say(audit, said, slot=held.slot)
    assert (count(audit).look, found_by_audits(audit)) == (None, Audited(due=0, decided=1, kept=kept))
    say(audit, Undone(seq))
    assert (count(audit).look, found_by_audits(audit)) == ("audit", Audited(due=1, decided=0, kept=0))
    assert held_by(audit, "ada").item_id == held.item_id


def test_one_person_is_enough(engine: Engine) -> None:
    with_a_run(engine, replace(judge(), policy=ReviewPolicy(second_share=1.0)))
    say(engine, RIGHT, slot=held_by(engine, "ada").slot)
    with snapshot(engine) as opened:
        assert waiting(opened) == ()


def test_an_audit_that_goes_to_a_senior_is_still_one(audit: Engine) -> None:
    say(audit, Flagged(), slot=held_by(audit, "ada").slot)
    assert found_by_audits(audit) == Audited(due=1, decided=0, kept=0)
    say(audit, WRONG, "sue", held_by(audit, "sue", senior=True).slot)
    assert found_by_audits(audit) == Audited(due=0, decided=1, kept=0)


def test_what_somebody_says_outside_the_queue_counts_as_long_as_it_holds(audit: Engine) -> None:
    seq = say(audit, WRONG)
    assert found_by_audits(audit) == Audited(due=0, decided=1, kept=0)
    say(audit, Undone(seq))
    assert found_by_audits(audit) == Audited(due=1, decided=0, kept=0)


def test_a_value_of_something_that_is_not_there_was_wrong(audit: Engine) -> None:
    def say_of_the_run(event: Event) -> int:
        with session(audit) as opened:
            return append(opened, Envelope(str(uuid4()), AT, "ada", "annotator", RUN), event, judge())

    seq = say_of_the_run(EntityRemoved())
    assert found_by_audits(audit) == Audited(due=0, decided=1, kept=0)
    say_of_the_run(Undone(seq))
    assert found_by_audits(audit) == Audited(due=1, decided=0, kept=0)


def test_what_is_no_longer_read_is_no_longer_audited(audit: Engine) -> None:
    with session(audit) as opened:
        save(opened, Reading(FILE, "burden-2", PAPER, "A Net", 9, ()), judge(), AT)
    assert found_by_audits(audit) is None


@pytest.mark.parametrize("log_odds", [0.0, -9.0])
def test_what_another_model_no_longer_publishes_is_no_longer_audited(audit: Engine, log_odds: float) -> None:
    with session(audit) as opened:
        refresh(opened, PAPER, judge(log_odds), AT)
    assert found_by_audits(audit) is None


def test_a_found_outcome_stays_though_the_paper_is_read_anew(audit: Engine) -> None:
    say(audit, WRONG, slot=held_by(audit, "ada").slot)
    fact = Proposal(COUNT, Quantity.exact(4, "devices"), WORDS)
    with session(audit) as opened:
        save(opened, Reading(FILE, "burden-2", PAPER, "A Net", 9, (fact,)), judge(), AT)
    assert found_by_audits(audit) == Audited(due=0, decided=1, kept=0)


def test_precision_needs_a_decision() -> None:
    assert (Audited(3, 0, 0).precision, Audited(3, 0, 0).bound) == (None, 0.0)
    assert Audited(0, 10, 9).precision == 0.9
    assert Audited(0, 10, 9).bound == pytest.approx(beta.ppf(0.1, 9, 2))
