"""A policy says how many people decide a value, by field and by lot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.policy import ONE_OPINION, ReviewPolicy
from extractors.facts.errors import UsageError
from extractors.facts.ids import CellKey, EntityId, PaperId

NUMBERS = st.integers(0, 10_000)


def key(number: int, field: str = "count") -> CellKey:
    return CellKey(EntityId(PaperId(f"2401.{number:05}"), "run", "net"), field)


@given(NUMBERS)
def test_one_opinion_is_enough_unless_the_policy_says_otherwise(number: int) -> None:
    assert ONE_OPINION.opinions(key(number)) == 1
    assert not ONE_OPINION.is_read_whole(key(number).entity.paper)


@given(NUMBERS)
def test_chosen_fields_always_get_two(number: int) -> None:
    policy = ReviewPolicy(second_fields=("run.count",))
    assert policy.opinions(key(number)) == 2
    assert policy.opinions(key(number, "epochs")) == 1


def test_the_lot_falls_on_the_share_and_always_on_the_same() -> None:
    policy = ReviewPolicy(second_share=0.1, whole_share=0.02)
    twice = [number for number in range(10_000) if policy.opinions(key(number)) == 2]
    whole = [number for number in range(10_000) if policy.is_read_whole(key(number).entity.paper)]
    assert 900 < len(twice) < 1100
    assert 150 < len(whole) < 250
    more = ReviewPolicy(second_share=0.2)
    assert all(more.opinions(key(number)) == 2 for number in twice)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_none_and_all(share: float) -> None:
    with pytest.raises(UsageError, match="is no share"):
        ReviewPolicy(second_share=share)
