import pytest

from analysis.projections import PRICES_2020, burden_to_reach, dollars, pounds_of_co2
from analysis.regressions import FORMS, Form
from extractors.facts.errors import UsageError


@pytest.mark.parametrize(("form", "response"), [(FORMS[0], 1.0), (FORMS[1], 10.0)])
def test_a_line_read_backwards_gives_the_burden_it_was_made_of(form: Form, response: float) -> None:
    intercept, slope = response - 0.5 * 20.0, 0.5
    assert burden_to_reach(form, intercept, slope, 0.1) == pytest.approx(20.0)


@pytest.mark.parametrize("error", [0.0, 1.0, -0.1, float("nan")])
def test_what_is_no_error_is_no_target(error: float) -> None:
    with pytest.raises(UsageError, match="is no target"):
        burden_to_reach(FORMS[0], -1.0, 0.1, error)


def test_a_level_line_reaches_nothing() -> None:
    with pytest.raises(UsageError, match="level line"):
        burden_to_reach(FORMS[0], -1.0, 0.0, 0.1)


def test_costs_are_powers_of_ten_like_the_burden() -> None:
    assert dollars(26.0, PRICES_2020) == pytest.approx(9.086, abs=1e-3)
    assert pounds_of_co2(26.0, PRICES_2020) == pytest.approx(8.903, abs=1e-3)
