import json
from collections.abc import Callable

import numpy as np

from analysis.drawing.conversion import Pair, conversion
from analysis.drawing.look import SIZES, WIDE
from analysis.regressions import NoFit, least_squares

RANDOM = np.random.default_rng(3)
PAIRS = [
    Pair(f"Net {at}", 10.0**power, 10.0 ** (3.0 + 0.87 * power + RANDOM.normal(0.0, 0.3)))
    for at, power in enumerate(RANDOM.uniform(17, 23, 14))
]
FIT = least_squares(np.log10([pair.burden for pair in PAIRS]), np.log10([pair.operations for pair in PAIRS]))


def test_the_line_its_band_and_the_one_that_is_used_are_drawn(convention: str) -> None:
    said = json.dumps(conversion(PAIRS, FIT, (3.1337, 0.8716), convention, WIDE))
    assert "these models: " in said
    assert "used for gaps: 3.13 + 0.872x" in said
    assert '"upper"' in said


def test_without_a_line_points_are_drawn_with_the_reason(convention: str) -> None:
    said = json.dumps(
        conversion(PAIRS[:2], NoFit(2, "2 papers report both, of at least 8"), None, convention, WIDE)
    )
    assert "No line: 2 papers report both, of at least 8." in said
    assert '"upper"' not in said


def test_nobody_who_reports_both_is_no_picture(convention: str) -> None:
    assert conversion([], NoFit(0, "none"), None, convention, WIDE) is None


def test_no_text_stands_on_another_or_is_cut_off(
    convention: str, collisions: Callable[..., list[str]]
) -> None:
    assert collisions(*(conversion(PAIRS, FIT, (3.1337, 0.8716), convention, size) for size in SIZES)) == []
