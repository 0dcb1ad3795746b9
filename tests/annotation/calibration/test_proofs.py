"""What is proven of values that a model was sure of, though those of a paper err together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from annotation.calibration.proofs import (
    FEWEST,
    Judged,
    correlation,
    effective_size,
    lower_bound,
    proofs_of,
    reviews_needed,
)
from extractors.confidence import Proof


def judged(right: list[int], papers: list[str] | None = None, probability: float = 0.99) -> Judged:
    n = len(right)
    papers = papers or [f"paper {index}" for index in range(n)]
    return Judged(papers, np.full(n, probability), np.array(right, float), np.ones(n))


def test_the_bound_of_independent_values_is_the_exact_one() -> None:
    assert lower_bound(0.95, 100) == pytest.approx(beta.ppf(0.1, 95, 6))
    assert lower_bound(1.0, 45) == pytest.approx(0.1 ** (1 / 45))
    assert lower_bound(0.0, 45) == 0.0


@given(st.integers(0, 1000).map(lambda share: share / 1000), st.floats(1, 1e4))
def test_a_bound_is_below_what_was_seen_and_rises_with_the_number(precision: float, n: float) -> None:
    assert 0 <= lower_bound(precision, n) <= precision
    assert lower_bound(precision, n) <= lower_bound(precision, 2 * n) + 1e-9


def test_values_that_err_together_tell_less() -> None:
    papers = [f"paper {index // 10}" for index in range(100)]
    together = judged([0 if index < 10 else 1 for index in range(100)], papers)
    scattered = judged([0 if index % 10 == index // 10 else 1 for index in range(100)], papers)
    assert correlation(together) == pytest.approx(1.0)
    assert correlation(scattered) == 0.0
    assert effective_size(together, correlation(together)) == pytest.approx(10.0)
    assert effective_size(scattered, correlation(scattered)) == pytest.approx(100.0)


def test_a_value_that_stands_for_twenty_tells_as_one() -> None:
    weight = np.array([20.0, *np.ones(20)])
    found = Judged([str(i) for i in range(21)], np.full(21, 0.9), np.ones(21), weight)
    assert effective_size(found, 0.0) == pytest.approx(40.0**2 / (400 + 20))


def test_too_few_values_prove_nothing() -> None:
    assert proofs_of(judged([1] * (FEWEST - 1))) == ()
    (*_, last) = proofs_of(judged([1] * FEWEST))
    assert (last.values, last.papers, last.precision) == (FEWEST, FEWEST, 1.0)


def test_proofs_count_what_is_at_or_above_their_threshold() -> None:
    both = Judged(
        [str(i) for i in range(80)], np.repeat([0.95, 0.5], 40), np.repeat([1.0, 0.0], 40), np.ones(80)
    )
    by_threshold = {proof.threshold: proof for proof in proofs_of(both)}
    assert (by_threshold[0.5].values, by_threshold[0.5].precision) == (80, 0.5)
    assert (by_threshold[0.51].values, by_threshold[0.51].precision) == (40, 1.0)
    assert max(by_threshold) == 0.95


def test_reviews_needed_would_prove_the_promise_if_they_came_out_alike() -> None:
    proof = Proof(0.9, 60, 30, precision=0.98, bound=lower_bound(0.98, 60), effective=60)
    more = reviews_needed([proof], 0.95)
    assert more is not None and more > 0
    assert lower_bound(0.98, 60 + more) >= 0.95 > lower_bound(0.98, 60 + 0.9 * more)


def test_no_number_of_reviews_proves_more_than_is_true() -> None:
    proof = Proof(0.9, 60, 30, precision=0.9, bound=lower_bound(0.9, 60), effective=60)
    assert reviews_needed([proof], 0.95) is None
    assert reviews_needed([], 0.95) is None
    assert reviews_needed([proof], 0.8) == 0
