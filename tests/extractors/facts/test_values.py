"""Values hold only what can be meant."""

import math

import pytest

from extractors.facts.errors import ParseError
from extractors.facts.values import Name, Quantity


def test_an_exact_quantity_has_no_width() -> None:
    exact = Quantity.exact(8, "devices")
    assert (exact.low, exact.value, exact.high, exact.printed) == (8, 8, 8, "8")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_quantity_is_finite(bad: float) -> None:
    with pytest.raises(ParseError, match="finite"):
        Quantity(bad, bad, bad, "s", "long")


def test_a_quantity_lies_within_its_interval() -> None:
    with pytest.raises(ParseError, match="interval"):
        Quantity(5, 1, 4, "s", "5")


def test_a_name_has_an_id() -> None:
    with pytest.raises(ParseError, match="empty id"):
        Name(" ", "V100")
