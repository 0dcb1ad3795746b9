"""What is in a person's hand, and how fast they are said to be."""

from annotation.screen.hand import Hand
from annotation.screen.prompts import Said
from annotation.session import accepted
from db.events import Skipped
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
