import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.regressions import FORMS, Fit, NoFit, QuantileLine, least_squares, quantile_line


def fitted(found: Fit | NoFit) -> Fit:
    assert isinstance(found, Fit), found
    return found


def test_a_line_has_the_numbers_of_another_library() -> None:
    x, y = [1.0, 2.0, 3.0, 4.0, 6.0], [2.1, 3.9, 6.2, 7.8, 12.5]
    other = stats.linregress(x, y)
    fit = fitted(least_squares(y, x))
    assert fit.n == 5
    assert [fit.slope, fit.intercept] == pytest.approx([other.slope, other.intercept])
    assert [fit.se, fit.intercept_se] == pytest.approx([other.stderr, other.intercept_stderr])
    assert [fit.p, fit.model_p, fit.r2] == pytest.approx([other.pvalue, other.pvalue, other.rvalue**2])


def test_rows_that_lack_a_number_are_left_out() -> None:
    nan = float("nan")
    assert least_squares([1.0, 2.0, 2.9, nan, 5.0], [1.0, 2.0, 3.0, 4.0, nan]) == least_squares(
        [1.0, 2.0, 2.9], [1.0, 2.0, 3.0]
    )


def test_a_second_term_has_a_slope_of_its_own() -> None:
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=50), rng.normal(size=50)
    fit = fitted(least_squares(1.0 + 2.0 * x - 3.0 * z, x, z))
    assert [fit.slope, *fit.further] == pytest.approx([2.0, -3.0])


def test_the_quantile_line_leaves_its_share_below() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(0.0, 10.0, 400)
    y = x + rng.exponential(1.0, 400)
    line = quantile_line(y, x, 0.1)
    assert isinstance(line, QuantileLine)
    assert np.mean(y < line.intercept + line.slope * x) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([], [], "0 of at least 3 points"),
        ([1.0, 2.0], [1.0, 2.0], "2 of at least 3 points"),
        ([2.0] * 5, [1.0, 2.0, 3.0, 4.0, 5.0], "all points have the same burden"),
        ([1.0, 2.0, 3.0], [4.0, 4.0, 4.0], "all points have the same error"),
    ],
)
def test_points_that_carry_no_line_say_why(x: list[float], y: list[float], reason: str) -> None:
    assert least_squares(y, x) == NoFit(len(x), reason)
    assert quantile_line(y, x, 0.5) == NoFit(len(x), reason)


def test_terms_that_say_the_same_carry_no_plane() -> None:
    x = [1.0, 2.0, 3.0, 4.0, 5.0]
    found = least_squares([1.0, 2.0, 2.0, 4.0, 5.0], x, [2.0 * number for number in x])
    assert found == NoFit(5, "the terms do not vary by themselves")


def test_intervals_hold_the_planted_slope_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        x = rng.uniform(17.0, 23.0, 30)
        low, high = fitted(least_squares(-1.0 + 0.09 * x + rng.normal(0.0, 0.1, 30), x)).interval()
        held += low <= 0.09 <= high
    assert held >= 180


def test_errors_shrink_as_the_root_of_the_number_of_points() -> None:
    def error(n: int) -> float:
        rng = np.random.default_rng(n)
        x = rng.uniform(17.0, 23.0, n)
        return fitted(least_squares(0.09 * x + rng.normal(0.0, 0.1, n), x)).se

    assert error(400) / error(6400) == pytest.approx(4.0, rel=0.15)


@given(error=st.floats(1e-6, 1.0))
def test_each_form_leads_back_to_the_error(error: float) -> None:
    for form in FORMS:
        assert form.error(form.response(np.array([error])))[0] == pytest.approx(error)
