"""What keys come to behind the screen: a paper read completely, what was taken out restored, undo held to one paper."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import Engine

from annotation.adding import Signed, declare_read, delete_entity, merge, restore_entity
from annotation.session import Reviewer, undo
from db.engine import session
from db.log import last_seq
from db.whole import read_completely
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.ids import EntityId, PaperId
from tests.annotation.screen.paper.conftest import AT, JUDGE, PAPER, entity_of

ADA, BOB = Reviewer("ada", JUDGE), Reviewer("bob", JUDGE)
SENIOR = Reviewer("sen", JUDGE, senior=True)
RUN, OTHER = EntityId(PAPER, "run", "larkspur-101.training"), EntityId(PAPER, "run", "larkspur-50.training")
NUMBERS = count()


def signed(who: Reviewer = ADA, reason: str = "") -> Signed:
    number = next(NUMBERS)
    return Signed(who, AT + timedelta(seconds=number), f"change-{number}", reason)


def test_who_read_a_paper_completely_says_so_once_and_takes_it_back(engine: Engine) -> None:
    with session(engine) as opened:
        seq = declare_read(opened, signed(), PAPER, expect=None)
        assert read_completely(opened) == (PAPER,)
    with session(engine) as opened, pytest.raises(UsageError, match="read completely already, by ada"):
        declare_read(opened, signed(BOB), PAPER, expect=seq)
    with session(engine) as opened, pytest.raises(ConflictError, match="has changed"):
        declare_read(opened, signed(BOB), PAPER, expect=0)
    with session(engine) as opened:
        undo(opened, ADA, AT, uuid="back")
        assert read_completely(opened) == ()
        declare_read(opened, signed(BOB), PAPER, expect=last_seq(opened))
        assert read_completely(opened) == (PAPER,)


def test_what_was_removed_or_merged_is_restored_by_its_author_or_a_senior(engine: Engine) -> None:
    with session(engine) as opened:
        delete_entity(opened, signed(reason="none such"), RUN, expect=None)
    with session(engine) as opened, pytest.raises(UsageError, match="is ada's"):
        restore_entity(opened, signed(BOB), RUN)
    with session(engine) as opened:
        restore_entity(opened, signed(SENIOR, "there is one"), RUN)
    with session(engine) as opened, pytest.raises(UsageError, match="neither removed nor merged"):
        restore_entity(opened, signed(), RUN)
    with session(engine) as opened:
        merge(opened, signed(), RUN, OTHER, expect=None)
    with session(engine) as opened:
        restore_entity(opened, signed(), RUN)
    assert not entity_of(engine, RUN).is_gone


def test_undo_can_be_held_to_one_paper(engine: Engine) -> None:
    with session(engine) as opened:
        delete_entity(opened, signed(reason="none such"), RUN, expect=None)
        assert undo(opened, ADA, AT, uuid="1", paper=PaperId("2403.99102")) is None
        assert undo(opened, ADA, AT, uuid="2", paper=PAPER) == RUN
