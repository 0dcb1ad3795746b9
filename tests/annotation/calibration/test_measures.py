"""Figures of probabilities, by hand and by what must hold of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.calibration.measures import Told, calibration_error, figures_of, risks


def test_figures_of_four_values_by_hand() -> None:
    found = figures_of(Told.evenly(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 1.0, 0.0, 1.0])))
    assert (found.judged, found.base_rate) == (4, 0.75)
    assert found.brier == pytest.approx((0.01 * 3 + 0.81) / 4)
    assert found.skill == pytest.approx(1 - 0.21 / 0.1875)
    assert found.calibration_error == pytest.approx((0.2 + 0.8) / 4)
    assert found.risk_area == pytest.approx((0 + 0 + 0.5 / 3 + 1 / 4) / 4)


def test_the_base_rate_has_no_skill_and_certainty_has_all() -> None:
    right = np.array([1.0, 0.0, 1.0, 1.0])
    assert figures_of(Told.evenly(np.full(4, 0.75), right)).skill == pytest.approx(0.0)
    assert figures_of(Told.evenly(right, right)).skill == 1.0


def test_values_that_are_all_right_leave_nothing_to_know() -> None:
    assert figures_of(Told.evenly(np.array([0.8, 0.9]), np.ones(2))).skill == 0.0


def test_values_as_sure_as_each_other_count_alike_whatever_their_order() -> None:
    right = np.array([1.0, 0.0, 0.0, 1.0])
    coverage, risk = risks(Told.evenly(np.full(4, 0.5), right))
    assert risk == pytest.approx([0.5] * 4)
    assert coverage == pytest.approx([0.25, 0.5, 0.75, 1.0])


@given(st.integers(1, 200), st.integers(0, 1000))
def test_a_perfectly_calibrated_model_mostly_stays_in_its_band(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    probability = random.random(n)
    found = figures_of(Told.evenly(probability, (random.random(n) < probability).astype(float)))
    assert 0 <= found.calibration_error <= 1
    assert found.calibration_band > 0


def test_a_model_that_says_too_much_leaves_the_band() -> None:
    right = np.tile([1.0, 0.0], 200)
    assert not figures_of(Told.evenly(np.full(400, 0.9), right)).is_calibrated
    assert figures_of(Told.evenly(np.full(400, 0.5), right)).is_calibrated
    assert calibration_error(Told.evenly(np.full(400, 0.9), right)) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(0, 10), st.booleans(), st.integers(1, 4)), min_size=1, max_size=30))
def test_a_value_that_stands_for_several_counts_as_so_many(rows: list[tuple[int, bool, int]]) -> None:
    probability, right, weight = (np.array(column, float) for column in zip(*rows, strict=True))
    once = Told(probability / 10, right, weight)
    repeated = Told.evenly(*(np.repeat(each, weight.astype(int)) for each in (probability / 10, right)))
    one, other = figures_of(once), figures_of(repeated)
    for name in ("base_rate", "brier", "skill", "calibration_error"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-9)
