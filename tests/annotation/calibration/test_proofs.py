"""What is proven of values that a model was sure of, though those of a paper err together."""

import numpy as np
import pytest
from scipy.stats import t

from annotation.calibration.proofs import (
    FEWEST,
    Judged,
    correlation,
    effective_size,
    proofs_of,
)


def judged(right: list[int], papers: list[str] | None = None, probability: float = 0.99) -> Judged:
    n = len(right)
    papers = papers or [f"paper {index}" for index in range(n)]
    return Judged(papers, np.full(n, probability), np.array(right, float), np.ones(n))


def test_values_that_err_together_tell_less() -> None:
    papers = [f"paper {index // 10}" for index in range(100)]
    together = judged([0 if index < 10 else 1 for index in range(100)], papers)
    scattered = judged([0 if index % 10 == index // 10 else 1 for index in range(100)], papers)
    assert correlation(together) == pytest.approx(1.0)
    assert correlation(scattered) == 0.0
    few = (t.ppf(0.9, 99) / t.ppf(0.9, 9)) ** 2
    assert effective_size(together, correlation(together)) == pytest.approx(10.0 * few)
    assert effective_size(scattered, correlation(scattered)) == pytest.approx(100.0 * few)


def test_many_values_of_few_papers_prove_little() -> None:
    assert all(proof.bound == 0.0 for proof in proofs_of(judged([1] * 200, ["one"] * 200)))
    (*_, two) = proofs_of(judged([1] * 200, ["one", "other"] * 100))
    (*_, many) = proofs_of(judged([1] * 200))
    assert two.bound < 0.95 < many.bound


def test_a_value_that_stands_for_twenty_tells_as_one() -> None:
    weight = np.array([20.0, *np.ones(20)])
    found = Judged([str(i) for i in range(21)], np.full(21, 0.9), np.ones(21), weight)
    assert effective_size(found, 0.0) == pytest.approx(40.0**2 / (400 + 20))


def test_too_few_values_prove_nothing() -> None:
    assert proofs_of(judged([1] * (FEWEST - 1))) == ()
    (*_, last) = proofs_of(judged([1] * FEWEST))
    assert (last.values, last.papers, last.precision) == (FEWEST, FEWEST, 1.0)


def test_nothing_is_proven_of_probabilities_below_all_that_were_judged() -> None:
    (first, *_) = proofs_of(judged([1] * 100, probability=0.875))
    assert (first.threshold, first.values) == (0.87, 100)


def test_proofs_count_what_is_at_or_above_their_threshold() -> None:
    both = Judged(
        [str(i) for i in range(80)], np.repeat([0.95, 0.5], 40), np.repeat([1.0, 0.0], 40), np.ones(80)
    )
    by_threshold = {proof.threshold: proof for proof in proofs_of(both)}
    assert (by_threshold[0.5].values, by_threshold[0.5].precision) == (80, 0.5)
    assert (by_threshold[0.51].values, by_threshold[0.51].precision) == (40, 1.0)
    assert max(by_threshold) == 0.95
