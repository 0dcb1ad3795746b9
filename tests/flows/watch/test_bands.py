"""The tails are those of the distributions they say, and a bound shared by tests counts those alone that can reach it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom, poisson

from flows.watch.bands import (
    Amount,
    Rate,
    amount_of,
    bound_for,
    few_facts,
    few_papers,
    many_papers,
    rate_of,
    spread_below,
)

RATES = st.builds(
    Rate, st.floats(0.01, 0.99), st.floats(0.0005, 0.05), st.integers(100, 9000), st.integers(10, 60)
)


@given(rate=RATES, papers=st.integers(1, 300), nights=st.integers(1, 28))
def test_the_tails_of_a_share_add_up_and_more_is_never_less_probable(
    rate: Rate, papers: int, nights: int
) -> None:
    tails = [few_papers(hits, papers, nights, rate) for hits in range(0, papers + 1, max(papers // 5, 1))]
    assert all(more >= fewer - 1e-9 for fewer, more in pairwise(tails))
    assert few_papers(papers, papers, nights, rate) == pytest.approx(1)
    middle = papers // 2
    both = few_papers(middle, papers, nights, rate) + many_papers(middle + 1, papers, nights, rate)
    assert both == pytest.approx(1, abs=1e-6)


def test_without_spread_a_share_is_binomial_and_with_it_beta_binomial() -> None:
    exact = Rate(0.3, 1e-9, 10**9, 10**6)
    assert few_papers(4, 20, 1, exact) == pytest.approx(binom.cdf(4, 20, 0.3), rel=1e-4)
    spread = Rate(0.3, 0.1, 10**9, 10**12)
    assert few_papers(4, 20, 1, spread) == pytest.approx(betabinom.cdf(4, 20, 2.7, 6.3), rel=1e-3)


def test_facts_that_come_singly_are_poisson() -> None:
    amount = Amount(0.5, 0.5, 0.0, 10**12, 10**6)
    assert few_facts(3, 20, 1, amount) == pytest.approx(poisson.cdf(3, 10), rel=1e-3)
    uneven = Amount(0.5, 5.0, 0.0, 10**12, 10**6)
    assert few_facts(3, 20, 1, uneven) > few_facts(3, 20, 1, amount)


def test_nights_that_differ_by_chance_alone_widen_the_band_less_than_nights_that_differ() -> None:
    papers = [100] * 40
    even, uneven = rate_of([50] * 40, papers), rate_of([30, 70] * 20, papers)
    assert even.share == uneven.share == pytest.approx(0.5)
    assert even.spread < uneven.spread
    assert (
        amount_of([100] * 40, [200] * 40, papers).spread
        < amount_of([40, 160] * 20, [200] * 40, papers).spread
    )


def test_one_old_failure_hardly_widens_the_band() -> None:
    papers = [100] * 40
    broken = rate_of([50] * 39 + [0], papers)
    assert broken.spread < 1.5 * rate_of([50] * 40, papers).spread + 0.002


def test_only_tests_that_can_reach_the_bound_are_counted() -> None:
    assert bound_for([1e-9] * 10, 0.01) == pytest.approx(0.001)
    assert bound_for([1e-9] * 10 + [0.5] * 1000, 0.01) == pytest.approx(0.001)
    assert bound_for([], 0.01) == 0.01


@given(attainable=st.lists(st.floats(1e-12, 1), max_size=60), level=st.floats(1e-6, 0.1))
def test_the_bounds_of_the_tests_that_count_stay_within_the_level(
    attainable: list[float], level: float
) -> None:
    bound = bound_for(attainable, level)
    assert sum(least <= bound for least in attainable) * bound <= level * (1 + 1e-9)


def test_the_spread_below_knows_nothing_of_rushes() -> None:
    assert spread_below([-0.1, 0.1, -0.2, 5.0, -0.1]) == pytest.approx(0.14826)
    assert spread_below([1.0]) == 0.0
