"""Keys wait their turn, none is lost silently, and a paste that is not marked as one counts for nothing."""

from textual import events

from annotation.screen.turns import MOST, PAUSE, Turns


def typed(turns: Turns, number: int, at: float) -> list[bool]:
    return [turns.put(events.Key("a", "a"), at) for _ in range(number)]


def test_keys_are_taken_in_the_order_in_which_they_came() -> None:
    turns = Turns(0.0)
    for key in "abc":
        assert turns.put(events.Key(key, key), 1.0)
    assert turns.words() == "“a” “b” “c”"
    taken = (turns.take() for _ in range(3))
    assert [event.key for event in taken if isinstance(event, events.Key)] == ["a", "b", "c"]
    assert not turns
    assert turns.last_key == 1.0


def test_more_than_anybody_types_is_told_once_and_ignored_until_a_pause() -> None:
    turns = Turns(0.0)
    assert typed(turns, MOST + 50, 1.0).count(False) == 1
    turns.clear()
    assert typed(turns, 10, 1.0 + PAUSE / 2) == [True] * 10
    assert len(turns) == 0
    assert typed(turns, 1, 1.0 + 2 * PAUSE) == [True]
    assert len(turns) == 1


def test_of_many_keys_the_first_are_named() -> None:
    turns = Turns(0.0)
    typed(turns, 25, 1.0)
    assert turns.words().endswith("“a” and 5 more")
