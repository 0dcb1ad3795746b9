"""Cells of scores, and cells that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.tables.numbers import scores_in


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("76.3", [76.3]),
        ("76.3±0.2", [76.3]),
        ("76.3 (± 0.2)", [76.3]),
        ("23.9/7.1", [23.9, 7.1]),
        ("55.1 / 77.2", [55.1, 77.2]),
        ("41.5 21.2", [41.5, 21.2]),
        ("93.2%", [93.2]),
        ("28.4*", [28.4]),
        ("†28.4", [28.4]),
        ("3.57^1", [3.57]),
        ("76.3 (+1.2)", [76.3]),
        ("76.3 ↑1.2", [76.3]),
        ("6.43 (6.61±0.16)", [6.43]),
        ("22.1 [12]", [22.1]),
        ("0.763", [0.763]),
        ("29.4 \u2192 33.1", [33.1]),
        ("29.4% -> 33.1%", [33.1]),
    ],
)
def test_a_cell_of_scores_gives_its_numbers(cell: str, values: list[float]) -> None:
    assert [number.value for number in scores_in(cell)] == values


@pytest.mark.parametrize(
    "cell", ["+1.2", "28.4M", "3-4", "ResNet-50", "2×10", "7.8x", "28.4 / -", "07+12", "", "-"]
)
def test_anything_else_gives_none(cell: str) -> None:
    assert scores_in(cell) == ()


def test_the_spread_of_several_runs_is_kept() -> None:
    assert [number.spread for number in scores_in("76.3 ± .2")] == [0.2]


@given(st.floats(0, 9999).map(lambda value: round(value, 2)))
def test_a_printed_score_is_read_back(value: float) -> None:
    assert [number.value for number in scores_in(f"{value:.2f}")] == [value]


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    assert all(number.value >= 0 for number in scores_in(text))
