from collections.abc import Callable
from typing import Any

import pytest

from analysis.drawing.coverage import coverage
from analysis.drawing.look import SIZES, WIDE


def years(first: int, last: int) -> list[dict[str, Any]]:
    return [
        {"by": "year", "group": str(year), "papers": 40 * (year - first) + 1, "reporting": year - first}
        for year in range(first, last)
    ]


def test_bars_tell_how_many_and_what_share() -> None:
    spec = coverage(
        [*years(2020, 2022), {"by": "size", "group": "10^6", "papers": 9, "reporting": 1}], "t", "b", WIDE
    )
    rows = [row for data in (spec or {})["datasets"].values() for row in data if "year" in row]
    assert {row["year"] for row in rows} == {2020, 2021}
    assert [row["share"] for row in rows if "share" in row] == ["0%", "2%"]


def test_without_a_year_there_is_no_picture() -> None:
    assert coverage([], "t", "b", WIDE) is None


@pytest.mark.parametrize("first", [2021, 2012, 1990])
def test_no_text_stands_on_another_or_is_cut_off(first: int, collisions: Callable[..., list[str]]) -> None:
    assert (
        collisions(*(coverage(years(first, 2025), "Papers", "by convention", size) for size in SIZES)) == []
    )
