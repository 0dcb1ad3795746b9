"""What is in a person's hand, and how fast they are said to be."""

from uuid import uuid4

from annotation.adding import Signed, Stated, set_value
from annotation.screen.hand import Hand
from annotation.screen.prompts import Said
from annotation.session import Reviewer, accepted
from db.engine import session
from db.events import Skipped
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey
from extractors.facts.values import Quantity, Value
from tests.annotation.conftest import AT, RUN, SHA256
from tests.annotation.screen.conftest import TestDesk


def answered(hand: Hand, seconds: float) -> None:
    item = hand.turn()
    assert item is not None
    assert hand.write(item, Said(accepted(item)), seconds) == ""


def test_who_had_lunch_over_an_item_is_no_slower_for_it(desk: TestDesk) -> None:
    hand = Hand(desk)
    hand.fill()
    answered(hand, 5_400.0)
    answered(hand, 60.0)
    answered(hand, 60.0)
    assert hand.pace.seconds == [300.0, 60.0, 60.0]
    assert (hand.pace.median, hand.pace.per_hour) == (60.0, 3 * 3600 / 420)
    assert [entry.envelope.seconds for entry in desk.history(None)] == [60.0, 60.0, 5_400.0]
    hand.give_back()


def test_what_was_skipped_is_neither_done_nor_timed(desk: TestDesk) -> None:
    hand = Hand(desk)
    hand.fill()
    item = hand.turn()
    assert item is not None
    hand.write(item, Said(Skipped()), 60.0)
    assert (hand.pace.done, hand.pace.seconds) == (0, [])
    hand.give_back()


def by_hand(desk: TestDesk, reviewer: Reviewer, key: CellKey, value: Value) -> None:
    """Change a value as the screen of the whole paper does."""
    words = Evidence(SHA256, 4, None, "", "We used eight V100s.", "annotator")
    with session(desk.engine) as opened:
        signed = Signed(reviewer, AT, str(uuid4()), seconds=20.0)
        set_value(opened, signed, key, Stated(value, words), expect=None)


def test_what_is_decided_at_the_whole_paper_is_done_where_the_queue_asked_for_it(
    desk: TestDesk, reviewer: Reviewer
) -> None:
    hand = Hand(desk)
    hand.fill()
    left = hand.pace.left
    answered(hand, 10.0)
    assert hand.item is not None
    by_hand(desk, reviewer, hand.item.key, hand.item.options[0].value)
    by_hand(desk, reviewer, CellKey(RUN, "epochs"), Quantity.exact(90, "epochs"))
    hand.look_anew()
    assert (hand.pace.done, hand.pace.left, hand.pace.seconds) == (2, left - 2, [10.0, 20.0])
    assert hand.undo() == CellKey(RUN, "epochs")
    assert hand.pace.done == 2, "nobody had asked for it"
    hand.undo()
    assert (hand.pace.done, hand.pace.left, hand.pace.seconds) == (1, left - 1, [10.0])
    hand.give_back()


def test_a_skip_that_is_taken_back_was_not_done_before(desk: TestDesk) -> None:
    hand = Hand(desk)
    hand.fill()
    answered(hand, 10.0)
    item = hand.turn()
    assert item is not None
    hand.write(item, Said(Skipped()), 60.0)
    assert hand.undo() == item.key
    assert (hand.pace.done, hand.pace.seconds) == (1, [10.0])
    hand.give_back()
