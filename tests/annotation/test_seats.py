"""Decisions made elsewhere than at the queue: an answer to what it asks, and never the end of a double review."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from annotation.adding import Signed, Stated, accept, delete_value, set_value
from annotation.session import Item, Reviewer, accepted, decide, next_item, undo
from annotation.whole import WholeCell, whole_paper
from db.cells import CellState, Judge
from db.engine import session, snapshot
from db.events import Adjudicated, Corrected
from db.items import open_item, slots_of
from db.log import history
from db.policy import ReviewPolicy
from db.queue import waiting
from db.refresh import cell_state, doctor, options
from extractors.confidence import Linear
from extractors.facts.errors import ConflictError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.annotation.conftest import AT, PAPER, RUN, SHA256, fill
from tests.models import model_of

JUDGE = Judge.of(model_of({"training": Linear(0.0)}), Promise(0.9, 0.1), ReviewPolicy(("run.count",)))
ANN, BOB, CYD, DAN = (Reviewer(name, JUDGE) for name in ("ann", "bob", "cyd", "dan"))
COUNT, TIME = CellKey(RUN, "count"), CellKey(RUN, "wall_time")
"""Decided twice, and once."""
WORDS = Evidence(SHA256, 4, None, "4.1 Training", "We used eight V100s.", "annotator")
NUMBERS = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One paper that waits, on each engine."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    fill(found, JUDGE)
    yield found
    with snapshot(found) as opened:
        assert doctor(opened, JUDGE) == ()


def now() -> datetime:
    return AT + timedelta(seconds=next(NUMBERS))


def at_queue(engine: Engine, who: Reviewer, number: int = 0, key: CellKey = COUNT) -> CellState:
    """Take a cell at the queue and accept one of its values."""
    item = taken(engine, who, key)
    with session(engine) as opened:
        decide(opened, item, accepted(item, number), who, now(), uuid=str(uuid4()))
    return state_of(engine, key)


def taken(engine: Engine, who: Reviewer, key: CellKey = COUNT) -> Item:
    item = wanted(engine, who, key)
    assert item is not None
    return item


def wanted(engine: Engine, who: Reviewer, key: CellKey = COUNT) -> Item | None:
    with session(engine) as opened:
        return next_item(opened, who, now(), only=key)


def by_hand(
    engine: Engine,
    who: Reviewer,
    number: float,
    *,
    expect: int | None = None,
    key: CellKey = COUNT,
    uuid: str = "",
) -> CellState:
    """Set a cell to a number, as `burden edit set` and the screen of the whole paper do."""
    unit = "devices" if key == COUNT else "s"
    with session(engine) as opened:
        signed = Signed(who, now(), uuid or str(uuid4()))
        set_value(opened, signed, key, Stated(Quantity.exact(number, unit), WORDS), expect=expect)
    return state_of(engine, key)


def state_of(engine: Engine, key: CellKey = COUNT) -> CellState:
    with snapshot(engine) as opened:
        found = cell_state(opened, key)
    assert found is not None
    return found


def seen_by_hand(engine: Engine, key: CellKey = COUNT) -> WholeCell:
    with snapshot(engine) as opened:
        run = whole_paper(opened, PAPER).entity(RUN)
    assert run is not None
    cell = run.cell(key.field)
    assert cell is not None
    return cell


def waits(engine: Engine, key: CellKey = COUNT) -> bool:
    with snapshot(engine) as opened:
        return key in {item.key for item in waiting(opened)}


def slots(engine: Engine) -> list[tuple[int, str, bool]]:
    """Who has which slot of the open item, and whether they decided."""
    with snapshot(engine) as opened:
        item = open_item(opened, COUNT)
        assert item is not None
        return [(slot.n, slot.holder or "", slot.event_seq is not None) for slot in slots_of(opened, item)]


@pytest.mark.parametrize(("number", "status"), [(8, "double-reviewed"), (4, "queued")])
def test_a_change_by_hand_is_the_second_of_two_blind_opinions(
    engine: Engine, number: int, status: str
) -> None:
    at_queue(engine, ANN)
    assert seen_by_hand(engine).state.reviewers == ()
    state = by_hand(engine, BOB, number)
    assert (state.status, state.reviewers) == (status, ("ann", "bob"))
    assert waits(engine) == (status == "queued")


def test_a_change_by_hand_is_the_first_of_two_blind_opinions(engine: Engine) -> None:
    by_hand(engine, ANN, 8)
    assert wanted(engine, ANN) is None
    item = taken(engine, BOB)
    assert (item.claim.slot, item.state.reviewers, item.opinions) == (2, (), ())
    assert at_queue(engine, BOB).status == "double-reviewed"


def test_who_holds_one_of_two_slots_fills_it_by_hand(engine: Engine) -> None:
    taken(engine, ANN)
    assert taken(engine, BOB).claim.slot == 2
    by_hand(engine, BOB, 8)
    assert slots(engine) == [(1, "ann", False), (2, "bob", True)]


def test_a_change_by_hand_may_follow_another_blind_opinion_that_came_meanwhile(engine: Engine) -> None:
    seen = seen_by_hand(engine).state.last_seq
    at_queue(engine, ANN)
    assert by_hand(engine, BOB, 8, expect=seen).status == "double-reviewed"


def test_who_changes_their_own_opinion_by_hand_does_not_begin_afresh(engine: Engine) -> None:
    at_queue(engine, ANN)
    assert by_hand(engine, ANN, 16).value == Quantity.exact(16, "devices")
    assert slots(engine) == [(1, "ann", True), (2, "", False)]
    with session(engine) as opened:
        undo(opened, ANN, now() + timedelta(hours=1), uuid=str(uuid4()))
    assert slots(engine) == [(1, "ann", True), (2, "", False)]
    state = at_queue(engine, BOB)
    assert (state.status, state.value) == ("double-reviewed", Quantity.exact(8, "devices", "eight"))


def test_who_comes_by_hand_where_both_places_are_taken_is_one_opinion_more(engine: Engine) -> None:
    at_queue(engine, ANN)
    held = taken(engine, BOB)
    by_hand(engine, CYD, 8)
    with session(engine) as opened:
        decide(opened, held, accepted(held), BOB, now(), uuid=str(uuid4()))
    state = state_of(engine)
    assert (state.status, state.reviewers) == ("double-reviewed", ("ann", "cyd", "bob"))
    assert not waits(engine)


def test_one_opinion_more_that_is_taken_back_is_not_asked_of_others(engine: Engine) -> None:
    at_queue(engine, ANN)
    held = taken(engine, BOB)
    by_hand(engine, CYD, 4)
    with session(engine) as opened:
        undo(opened, CYD, now(), uuid=str(uuid4()))
        decide(opened, held, accepted(held), BOB, now(), uuid=str(uuid4()))
    assert state_of(engine).status == "double-reviewed"
    assert not waits(engine)


def test_on_what_people_disagree_a_third_persons_change_by_hand_settles_it(engine: Engine) -> None:
    at_queue(engine, ANN)
    at_queue(engine, BOB, 1)
    state = by_hand(engine, CYD, 16, uuid="settled")
    assert by_hand(engine, CYD, 16, uuid="settled") == state  # the same change sent twice is made once
    assert (state.status, state.value) == ("adjudicated", Quantity.exact(16, "devices"))
    with snapshot(engine) as opened:
        newest, *said = history(opened, key=COUNT)
    assert isinstance(newest.event, Adjudicated)
    assert newest.event.between == tuple(entry.seq for entry in reversed(said))


def test_nobody_settles_their_own_by_hand_but_may_come_round(engine: Engine) -> None:
    at_queue(engine, ANN)
    at_queue(engine, BOB, 1)
    assert by_hand(engine, BOB, 16).look == "reviewers-disagree"
    assert wanted(engine, replace(CYD, role="adjudication")) is not None
    assert by_hand(engine, BOB, 8).status == "double-reviewed"
    assert not waits(engine)


def test_what_somebody_is_about_to_settle_is_not_changed_by_hand(engine: Engine) -> None:
    at_queue(engine, ANN)
    at_queue(engine, BOB, 1)
    taken(engine, replace(CYD, role="adjudication"))
    with pytest.raises(ConflictError, match="somebody is about to settle it"):
        by_hand(engine, DAN, 16)


def test_that_the_other_rejected_it_is_not_told_to_who_rejects_it_too(engine: Engine) -> None:
    for who in (ANN, BOB):
        with session(engine) as opened:
            delete_value(opened, Signed(who, now(), str(uuid4()), "of another net"), COUNT, expect=None)
    state = state_of(engine)
    assert (state.status, state.reviewers) == ("rejected", ("ann", "bob"))
    assert not waits(engine)


def test_a_value_that_is_accepted_by_hand_counts_as_well(engine: Engine) -> None:
    at_queue(engine, ANN)
    with session(engine) as opened:
        first = options(opened, COUNT)[0]
        accept(opened, Signed(BOB, now(), str(uuid4())), COUNT, first, expect=None)
    assert state_of(engine).status == "double-reviewed"


def test_a_change_by_hand_answers_what_one_person_is_asked(engine: Engine) -> None:
    by_hand(engine, ANN, 3600, key=TIME)
    with snapshot(engine) as opened:
        (entry,) = history(opened, key=TIME)
    assert (entry.envelope.slot, type(entry.event)) == (1, Corrected)
    assert not waits(engine, TIME)


def test_a_change_by_hand_of_what_another_holds_alone_stands_at_once(engine: Engine) -> None:
    item = taken(engine, BOB, TIME)
    by_hand(engine, ANN, 3600, key=TIME)
    with pytest.raises(ConflictError, match="has changed"), session(engine) as opened:
        decide(opened, item, accepted(item), BOB, now(), uuid=str(uuid4()))
    assert state_of(engine, TIME).reviewers == ("ann",)


# On what several people decided already


def agreed(engine: Engine) -> None:
    at_queue(engine, ANN)
    assert at_queue(engine, BOB).status == "double-reviewed"


def test_a_change_of_what_two_people_agreed_on_goes_to_somebody_else(engine: Engine) -> None:
    agreed(engine)
    before = state_of(engine)
    state = by_hand(engine, CYD, 16)
    assert (state.status, state.look, state.value) == ("queued", "reviewers-disagree", before.value)
    settling = replace(DAN, role="adjudication")
    for heard in (ANN, BOB, CYD):
        assert wanted(engine, replace(heard, role="adjudication")) is None, "nobody settles their own"
    item = taken(engine, settling)
    assert {opinion.who for opinion in item.opinions} == {"ann", "bob", "cyd"}
    with session(engine) as opened:
        decide(opened, item, Corrected(Quantity.exact(16, "devices"), WORDS), settling, now(), uuid="dan")
    assert state_of(engine).status == "adjudicated"


@pytest.mark.parametrize("who", [ANN, CYD], ids=["one of the two", "a third"])
def test_such_a_change_can_be_taken_back(engine: Engine, who: Reviewer) -> None:
    agreed(engine)
    before = state_of(engine)
    by_hand(engine, who, 16)
    with session(engine) as opened:
        undo(opened, who, now(), uuid=str(uuid4()))
    after = state_of(engine)
    assert (after.status, after.value, after.reviewers) == ("double-reviewed", before.value, before.reviewers)
    with snapshot(engine) as opened:
        assert open_item(opened, COUNT) is None


def test_a_third_word_that_says_the_same_changes_nothing(engine: Engine) -> None:
    agreed(engine)
    before = state_of(engine)
    state = by_hand(engine, CYD, 8)
    assert (state.status, state.value) == ("double-reviewed", before.value)
    assert state.reviewers == ("ann", "bob", "cyd")
    with snapshot(engine) as opened:
        assert open_item(opened, COUNT) is None


def test_rejecting_what_two_people_agreed_on_goes_to_somebody_else_too(engine: Engine) -> None:
    agreed(engine)
    with session(engine) as opened:
        delete_value(opened, Signed(CYD, now(), str(uuid4()), "of other work"), COUNT, expect=None)
    assert state_of(engine).look == "reviewers-disagree"


def test_what_somebody_settled_stays_until_that_is_taken_back(engine: Engine) -> None:
    at_queue(engine, ANN)
    at_queue(engine, BOB, 1)
    at_queue(engine, replace(CYD, role="adjudication"))
    before = state_of(engine)
    told = f"cyd settled it.*cyd, or a senior with a --reason, runs: burden edit undo {before.last_seq}"
    for who in (ANN, CYD, DAN):
        with pytest.raises(ConflictError, match=told):
            by_hand(engine, who, 16)
    assert state_of(engine) == before
    with session(engine) as opened:
        undo(opened, CYD, now(), uuid=str(uuid4()))
    assert state_of(engine).look == "reviewers-disagree"


def test_what_one_person_decided_alone_is_changed_at_once(engine: Engine) -> None:
    at_queue(engine, ANN, key=TIME)
    assert by_hand(engine, BOB, 60, key=TIME).status == "reviewed"
