"""Authors see what was read of their paper, and what they answer holds only for what they saw."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from annotation.exchange.answers import Answers
from annotation.exchange.authors import (
    AuthorAnswer,
    AuthorAnswers,
    AuthorPage,
    Listed,
    author_page,
    give_author_answer,
    papers_with_values,
)
from annotation.session import (
    LEASE,
    Item,
    Reviewer,
    accepted,
    corrected,
    decide,
    next_item,
    take_back,
    undo,
)
from db.cells import CellState, Judge
from db.engine import session, snapshot
from db.events import Accepted, Corrected, DeclaredNotReported, Noted, Rejected
from db.log import history
from db.queue import waiting
from extractors.facts.errors import BurdenError, UsageError
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Quantity
from tests.annotation.exchange.conftest import AT, cells_of, log_of

COUNT = CellKey.parse("2401.00001/run/net#count")
PAPER = PaperId("2401.00001")


def page(engine: Engine, paper: PaperId = PAPER) -> AuthorPage:
    with snapshot(engine) as opened:
        return author_page(opened, paper)


def listed(engine: Engine, field: str = "count") -> Listed:
    return next(value for value in page(engine).values if value.key.field == field)


def answer(engine: Engine, reviewer: Reviewer, code: str, **said: Any) -> bool | str:
    given = AuthorAnswer("line 1", code, **({"right": False} | said))
    whole = AuthorAnswers(PAPER, "Jo Doe", (given,), Answers())
    try:
        with session(engine) as opened:
            return give_author_answer(opened, whole, given, reviewer, AT)
    except BurdenError as error:
        return str(error)


def test_a_page_lists_the_facts_of_a_paper_with_their_places(engine: Engine) -> None:
    (group,) = page(engine).groups
    assert group.heading == "Training, net"
    assert [(value.key.field, value.words) for value in group.values] == [
        ("accelerator", "NVIDIA Tesla V100, printed “V100s”"),
        ("count", "8 devices, printed “eight”"),
        ("wall_time", "1 days (86,400 s), printed “one day”"),
    ]
    assert [value.where for value in group.values] == ["page 4, 4.1 Training"] * 3
    assert len({value.code for value in group.values}) == 3


def test_headings_name_the_model_as_it_is_printed(evil: Engine) -> None:
    (group,) = page(evil, PaperId("2401.00002")).groups
    assert group.heading == "Training, =Net <i>"


def test_a_code_is_that_of_a_value(engine: Engine, reviewer: Reviewer) -> None:
    before = listed(engine).code
    assert listed(engine).code == before
    answer(engine, reviewer, before, value="16")
    assert listed(engine).code != before


@pytest.mark.parametrize(
    ("said", "kind", "status"),
    [
        ({"right": True}, Accepted, "reviewed"),
        ({"value": "16"}, Corrected, "reviewed"),
        ({"value": "Not reported."}, DeclaredNotReported, "reviewed"),
        ({}, Rejected, "rejected"),
    ],
)
def test_an_answer_is_a_decision_of_the_author(
    engine: Engine, reviewer: Reviewer, said: dict[str, Any], kind: type, status: str
) -> None:
    code = listed(engine).code
    assert answer(engine, reviewer, code, **said, comment="see =p. 4") is True
    assert answer(engine, reviewer, code, **said, comment="see =p. 4") is False
    (entry,) = log_of(engine)
    assert isinstance(entry.event, kind)
    envelope = entry.envelope
    assert (envelope.actor, envelope.actor_kind) == ("author Jo Doe", "author")
    assert envelope.reason == "see =p. 4. imported by ann"
    assert envelope.expect == Quantity.exact(8, "devices", "eight")
    assert cells_of(engine, reviewer)[str(COUNT)].status == status


def test_an_answer_to_another_value_is_refused(engine: Engine, reviewer: Reviewer, second: Reviewer) -> None:
    code = listed(engine).code
    with session(engine) as opened:
        item = next_item(opened, second, AT, only=COUNT)
        assert item is not None
        decide(opened, item, corrected(item, Quantity.exact(4, "devices")), second, AT, uuid="u1")
    before = cells_of(engine, reviewer)
    assert "has changed since it was asked about" in str(answer(engine, reviewer, code, right=True))
    assert (cells_of(engine, reviewer), len(log_of(engine))) == (before, 1)


def test_what_people_decided_and_authors_confirm_stays_as_it_is(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    with session(engine) as opened:
        item = next_item(opened, second, AT, only=COUNT)
        assert item is not None
        decide(opened, item, accepted(item), second, AT, uuid="u1")
    assert answer(engine, reviewer, listed(engine).code, right=True) is True
    assert log_of(engine)[-1].event == Noted("the authors confirm this value")
    assert cells_of(engine, reviewer)[str(COUNT)].reviewers == ("bob",)


def say(
    engine: Engine, who: Reviewer, number: int = 0, value: float | None = None, reason: str = ""
) -> CellState:
    """Answer what the queue asks of the count: a proposed value, or another."""
    with session(engine) as opened:
        item = next_item(opened, who, AT, only=COUNT)
        assert item is not None
        said = accepted(item, number) if value is None else corrected(item, devices(value))
        decide(opened, item, said, who, AT, uuid=str(uuid4()), reason=reason)
    return cells_of(engine, who)[str(COUNT)]


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


@pytest.fixture
def people(twice: Judge, reviewer: Reviewer, second: Reviewer) -> tuple[Reviewer, Reviewer, Reviewer]:
    """Two annotators and one who adjudicates, where everything is decided twice."""
    third = Reviewer("cyd", twice, role="adjudication")
    return replace(reviewer, judge=twice), replace(second, judge=twice), third


def adjudicators_item(engine: Engine, who: Reviewer) -> Item | None:
    with session(engine) as opened:
        return next_item(opened, who, AT, only=COUNT)


def test_what_one_person_decided_an_author_replaces(
    engine: Engine, reviewer: Reviewer, second: Reviewer
) -> None:
    say(engine, second)
    assert answer(engine, reviewer, listed(engine).code, value="16") is True
    state = cells_of(engine, reviewer)[str(COUNT)]
    assert (state.status, state.value, state.reviewers) == ("reviewed", devices(16), ("author Jo Doe",))


def test_what_two_people_decided_an_author_never_replaces(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    ann, bob, cyd = people
    for who in (ann, bob):
        say(engine, who, reason=f"as {who.name} reads it")
    assert answer(engine, ann, listed(engine).code, value="16", comment="a misprint") is True
    state = cells_of(engine, ann)[str(COUNT)]
    assert (state.status, state.look, state.published) == ("queued", "reviewers-disagree", False)
    for who in (ann, bob):
        assert adjudicators_item(engine, replace(who, role="adjudication")) is None
        assert adjudicators_item(engine, who) is None
    item = adjudicators_item(engine, cyd)
    assert item is not None
    assert [(one.who, one.said, one.reason) for one in item.opinions] == [
        ("ann", "8 devices, printed “eight”", "as ann reads it"),
        ("bob", "8 devices, printed “eight”", "as bob reads it"),
        ("author Jo Doe", "16 devices", "a misprint. imported by ann"),
    ]
    settled = say(engine, cyd, number=1)
    assert (settled.status, settled.value) == ("adjudicated", devices(16))
    assert settled.reviewers == ("ann", "bob", "author Jo Doe", "cyd")
    with snapshot(engine) as opened:
        assert COUNT not in {one.key for one in waiting(opened)}


def test_an_author_who_says_the_same_as_two_people_asks_for_nobody(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    for who in people[:2]:
        say(engine, who)
    assert answer(engine, people[0], listed(engine).code, value="8") is True
    state = cells_of(engine, people[0])[str(COUNT)]
    assert (state.status, state.look) == ("double-reviewed", None)


@pytest.mark.parametrize("first", [True, False])
def test_an_author_beside_a_second_opinion_that_is_still_wanted_is_one_voice_more(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer], first: bool
) -> None:
    ann, bob, cyd = people
    code = listed(engine).code
    if first:
        assert answer(engine, ann, code, value="16") is True
        assert say(engine, ann).look == "reviewers-disagree"
    else:
        say(engine, ann)
        with session(engine) as opened:
            held = next_item(opened, bob, AT, only=COUNT)
        assert answer(engine, ann, code, value="16") is True
        assert held is not None
        with session(engine) as opened:
            decide(opened, held, accepted(held), bob, AT, uuid="who was at it is heard")
    assert adjudicators_item(engine, Reviewer("dan", ann.judge)) is None
    item = adjudicators_item(engine, cyd)
    assert item is not None
    heard = ["author Jo Doe", "ann"] if first else ["ann", "author Jo Doe", "bob"]
    assert [one.who for one in item.opinions] == heard
    assert say(engine, cyd).status == "adjudicated"
    with snapshot(engine) as opened:
        assert COUNT not in {one.key for one in waiting(opened)}


def test_an_author_who_agrees_with_the_first_of_two_leaves_the_second_to_be_asked_blind(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    ann, bob, _ = people
    assert answer(engine, ann, listed(engine).code, right=True) is True
    assert say(engine, ann).look is None
    with session(engine) as opened:
        item = next_item(opened, bob, AT, only=COUNT)
    assert item is not None
    assert (item.opinions, item.state.reviewers) == ((), ())
    state = say(engine, bob)
    assert (state.status, state.reviewers) == ("double-reviewed", ("author Jo Doe", "ann", "bob"))


def test_an_author_against_what_was_settled_asks_somebody_who_has_not_spoken(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    ann, bob, cyd = people
    say(engine, ann)
    say(engine, bob, number=1)
    assert say(engine, cyd).status == "adjudicated"
    assert answer(engine, ann, listed(engine).code, value="16") is True
    assert adjudicators_item(engine, cyd) is None
    item = adjudicators_item(engine, replace(cyd, name="dan"))
    assert item is not None
    assert [one.who for one in item.opinions] == ["ann", "bob", "cyd", "author Jo Doe"]
    assert say(engine, replace(cyd, name="dan")).status == "adjudicated"


def test_what_an_author_said_can_be_taken_back_by_a_senior(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    ann, bob, _ = people
    for who in (ann, bob):
        say(engine, who)
    before = cells_of(engine, ann)
    assert answer(engine, ann, listed(engine).code, value="16") is True
    senior = Reviewer("sen", ann.judge, senior=True)
    with session(engine) as opened:
        take_back(opened, log_of(engine)[-1].seq, senior, AT, uuid="back", reason="it was spam")
    after = cells_of(engine, ann)[str(COUNT)]
    assert after == replace(before[str(COUNT)], last_seq=after.last_seq)
    with snapshot(engine) as opened:
        assert COUNT not in {one.key for one in waiting(opened)}


def test_who_takes_back_what_an_author_spoke_against_is_asked_for_again(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    ann, bob, cyd = people
    for who in (ann, bob):
        say(engine, who)
    assert answer(engine, ann, listed(engine).code, value="16") is True
    senior = Reviewer("sen", ann.judge, senior=True)
    with session(engine) as opened:
        undo(opened, ann, AT + LEASE, uuid="second thoughts")
        seq = next(entry.seq for entry in history(opened) if entry.envelope.actor_kind == "author")
        take_back(opened, seq, senior, AT + LEASE, uuid="back", reason="it was spam")
    assert cells_of(engine, ann)[str(COUNT)].reviewers == ("bob",)
    state = say(engine, replace(cyd, role="opinion"))
    assert (state.status, state.reviewers) == ("double-reviewed", ("bob", "cyd"))


def test_an_author_is_heard_where_people_disagree(
    engine: Engine, people: tuple[Reviewer, Reviewer, Reviewer]
) -> None:
    ann, bob, cyd = people
    say(engine, ann)
    say(engine, bob, number=1)
    assert answer(engine, ann, listed(engine).code, right=True) is True
    item = adjudicators_item(engine, cyd)
    assert item is not None
    assert [one.who for one in item.opinions] == ["ann", "bob", "author Jo Doe"]


@pytest.mark.parametrize("value", ["about eight I think", "-1", "3 days", "=1+1", "\x1b[2J"])
def test_a_value_that_cannot_be_read_is_told_and_changes_nothing(
    engine: Engine, reviewer: Reviewer, value: str
) -> None:
    before = cells_of(engine, reviewer)
    assert "run.count" in str(answer(engine, reviewer, listed(engine).code, value=value))
    assert (cells_of(engine, reviewer), log_of(engine)) == (before, [])


def test_an_unknown_code_is_told(engine: Engine, reviewer: Reviewer) -> None:
    assert "has the code aaaaaaaa now" in str(answer(engine, reviewer, "aaaaaaaa", right=True))


def test_a_paper_that_is_not_there_is_told(engine: Engine) -> None:
    with pytest.raises(UsageError, match="there is no paper"):
        page(engine, PaperId("2999.00001"))
    with snapshot(engine) as opened:
        assert papers_with_values(opened) == (PAPER,)
