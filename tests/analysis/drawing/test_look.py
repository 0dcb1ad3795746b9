import math

import altair as alt
import pytest
from altair.utils.schemapi import SchemaValidationError
from hypothesis import given
from hypothesis import strategies as st

from analysis.drawing.look import NARROW, SERIES, WIDE, PowerAxis, dressed, quickly, ticks

OKABE_ITO = {"#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"}


@given(st.floats(-30.0, 30.0), st.floats(0.06, 12.0))
def test_ticks_are_few_and_within(low: float, span: float) -> None:
    found = ticks(10.0**low, 10.0 ** (low + span))
    assert 1 <= len(found) <= 8 or span > 8
    assert all(10.0**low <= tick <= 10.0 ** (low + span) for tick in found)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@given(st.floats(10.0, 30.0), st.floats(1.4, 30.0))
def test_an_axis_of_powers_can_be_read(size: object, low: float, span: float) -> None:
    axis = PowerAxis("x", 10.0**low, 10.0 ** (low + span), "", size)  # type: ignore[arg-type]
    assert 2 <= len(axis.values) <= 9


def test_labels_of_powers_have_raised_exponents() -> None:
    axis = PowerAxis("x", 1e18, 1e21, "", WIDE)
    base, raised = (layer.to_dict() for layer in axis.labels(100.0))
    assert base["encoding"]["text"]["field"] == "base"
    assert raised["mark"]["dy"] < 0
    assert [math.log10(value) for value in axis.values] == pytest.approx([18, 19, 20, 21])


def test_colours_are_those_that_most_people_can_tell_apart() -> None:
    assert set(SERIES) <= OKABE_ITO


def test_a_figure_that_no_renderer_knows_is_refused_as_a_whole() -> None:
    @quickly
    def drawn() -> object:
        mark = alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_point(opacity="many")  # type: ignore[arg-type]
        return dressed(alt.layer(mark.encode(x=alt.X("x:Q"))), WIDE)

    with pytest.raises(SchemaValidationError, match="'many'"):
        drawn()
