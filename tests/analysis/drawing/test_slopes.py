import json
from collections.abc import Callable
from typing import Any

import pytest

from analysis.drawing.look import NARROW, SIZES, WIDE
from analysis.drawing.slopes import conventions, estimator_words, slopes


def estimate(benchmark: str, estimator: str, errors: str, value: float, formula: str = "") -> dict[str, Any]:
    known = {
        "benchmark": benchmark,
        "estimator": estimator,
        "errors": errors,
        "formula": formula,
        "term": "log10(burden)",
    }
    return known | {"value": value, "low": value - 0.02, "high": value + 0.03}


ESTIMATES = [
    estimate("a", "ols", "classical", 0.05),
    estimate("a", "ols", "HC3", 0.05, "y ~ x + (year - 2012)"),
    estimate("a", "quantile", "quantile 0.9; bootstrap of 20 draws of papers", 0.06),
    {"benchmark": "a", "estimator": "frontier", "no_fit": "3 of 9 points are on the frontier, of at least 8"},
    {"benchmark": "b", "estimator": "all", "no_fit": "2 points, of at least 8"},
]
POOLED: list[dict[str, Any]] = [
    {"benchmark": "all", "pooled": 0.04, "low": 0.01, "high": 0.07},
    {"benchmark": "a", "pooled": 0.045, "low": 0.02, "high": 0.07},
]
BENDING: list[dict[str, Any]] = [
    {"benchmark": "a", "changed": "", "slope": 0.05, "low": 0.04, "high": 0.06},
    {"benchmark": "a", "changed": "tensor rates", "slope": 0.055, "low": 0.04, "high": 0.07},
    {"benchmark": "a", "changed": "utilisation 0.3", "slope": 0.05, "low": 0.04, "high": 0.06},
    {
        "benchmark": "a",
        "changed": "6 x parameters x tokens",
        "slope": None,
        "no_fit": "0 points, of at least 8",
    },
    {"benchmark": "b", "changed": "", "slope": None, "no_fit": "2 points, of at least 8"},
]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ESTIMATES[0], "least squares, classical"),
        (ESTIMATES[1], "least squares with year, HC3"),
        (ESTIMATES[2], "quantile 0.9, bootstrap"),
        (estimate("a", "theil-sen", "Sen's interval of all pairs", 0.1), "Theil–Sen"),
    ],
)
def test_an_estimator_is_named_in_few_words(row: dict[str, Any], words: str) -> None:
    assert estimator_words(row) == words


def test_every_estimator_and_the_pooled_slope_have_a_row(convention: str) -> None:
    said = json.dumps(slopes(ESTIMATES, POOLED, {"a": "ImageNet"}, convention, WIDE), ensure_ascii=False)
    for words in (
        "ImageNet",
        "least squares, classical",
        "All benchmarks",
        "no line: 3 of 9 points",
        convention[:20],
    ):
        assert words in said
    assert '"name": "b"' not in said, "a benchmark without any line has no row"


def test_without_a_line_there_is_no_picture(convention: str) -> None:
    assert slopes(ESTIMATES[-1:], [], {}, convention, WIDE) is None
    assert conventions(BENDING[-1:], {}, convention, WIDE) is None


def test_what_moves_no_slope_is_not_drawn(convention: str) -> None:
    said = json.dumps(conventions(BENDING, {}, convention, NARROW))
    assert "tensor rates" in said
    assert "utilisation 0.3" not in said


def test_no_text_stands_on_another_or_is_cut_off(
    convention: str, collisions: Callable[..., list[str]]
) -> None:
    names = {"a": "CoNLL-2003 named entity recognition (English), and a name that is longer still"}
    drawn = [slopes(ESTIMATES, POOLED, names, convention, size) for size in SIZES]
    drawn += [conventions(BENDING, names, convention, size) for size in SIZES]
    assert collisions(*drawn) == []
