"""Authors see what was read of their paper, and what they answer holds only for what they saw."""

from typing import Any

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
from annotation.session import Reviewer, accepted, corrected, decide, next_item
from db.engine import session, snapshot
from db.events import Accepted, Corrected, DeclaredNotReported, Noted, Rejected
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
