"""Figures of probabilities, by hand and by what must hold of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.calibration.measures import calibration_error, figures_of, risks


def test_figures_of_four_values_by_hand() -> None:
    found = figures_of(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 1.0, 0.0, 1.0]))
    assert (found.judged, found.base_rate) == (4, 0.75)
    assert found.brier == pytest.approx((0.01 * 3 + 0.81) / 4)
    assert found.skill == pytest.approx(1 - 0.21 / 0.1875)
    assert found.calibration_error == pytest.approx((0.2 + 0.8) / 4)
    assert found.risk_area == pytest.approx((0 + 0 + 0.5 / 3 + 1 / 4) / 4)


def test_the_base_rate_has_no_skill_and_certainty_has_all() -> None:
    right = np.array([1.0, 0.0, 1.0, 1.0])
    assert figures_of(np.full(4, 0.75), right).skill == pytest.approx(0.0)
    assert figures_of(right, right).skill == 1.0


def test_values_that_are_all_right_leave_nothing_to_know() -> None:
    assert figures_of(np.array([0.8, 0.9]), np.ones(2)).skill == 0.0


def test_values_as_sure_as_each_other_count_alike_whatever_their_order() -> None:
    right = np.array([1.0, 0.0, 0.0, 1.0])
    flat = risks(np.full(4, 0.5), right)
    assert flat == pytest.approx([0.5] * 4)


@given(st.integers(1, 200), st.integers(0, 1000))
def test_a_perfectly_calibrated_model_mostly_stays_in_its_band(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    probability = random.random(n)
    found = figures_of(probability, (random.random(n) < probability).astype(float))
    assert 0 <= found.calibration_error <= 1
    assert found.calibration_band > 0


def test_a_model_that_says_too_much_leaves_the_band() -> None:
    right = np.tile([1.0, 0.0], 200)
    assert not figures_of(np.full(400, 0.9), right).is_calibrated
    assert figures_of(np.full(400, 0.5), right).is_calibrated
    assert calibration_error(np.full(400, 0.9), right) == pytest.approx(0.4)
