from xml.etree import ElementTree as ET

import numpy as np
import pytest

from analysis.figures import draw
from analysis.points import Joined, Point
from analysis.study import Section, section_of

CONVENTION = "hardware burden; fp32 peak rates; a TPU is a board; utilisation 1; search time included"


def points(burdens: list[float], errors: list[float]) -> Section:
    made = tuple(
        Point(
            benchmark="imagenet-1k", paper_id=f"p{index}", model="Net", published="2024-01-31", burden=burden, error=error,
            basis="converted" if index % 5 == 4 else "reported", result_id=f"r{index}",
        )
        for index, (burden, error) in enumerate(zip(burdens, errors, strict=True))
    )  # fmt: skip
    return section_of(Joined("imagenet-1k", made, ()))


def planted(n: int) -> Section:
    rng = np.random.default_rng(n)
    powers = rng.uniform(18.0, 22.0, n)
    return points(list(10.0**powers), list(10.0 ** (1.0 - 0.08 * powers - rng.uniform(0.0, 0.05, n))))


def texts(svg: str) -> list[str]:
    return [text for item in ET.fromstring(svg).iter() if item.text and (text := item.text.strip())]


def test_a_figure_shows_points_fits_and_convention() -> None:
    drawn = draw(planted(12), CONVENTION)
    assert drawn is not None
    found = texts(drawn.svg)
    assert drawn.png.startswith(b"\x89PNG")
    assert {"imagenet-1k: 12 papers", CONVENTION, "polynomial fit", "exponential fit"} <= set(found)
    assert {"converted burden", "1e20"} <= set(found)
    assert any("slope" in text and "R² " in text for text in found)


def test_the_same_study_is_the_same_picture() -> None:
    assert draw(planted(12), CONVENTION) == draw(planted(12), CONVENTION)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_points_are_no_picture(n: int) -> None:
    assert draw(planted(n), CONVENTION) is None


def test_points_without_a_line_are_drawn_with_the_reason() -> None:
    drawn = draw(points([1e20] * 3, [0.2, 0.3, 0.25]), CONVENTION)
    assert drawn is not None
    assert "No fit: 3 points, of at least 8: a line would be decided by one of them." in texts(drawn.svg)


@pytest.mark.parametrize(
    ("burdens", "errors"),
    [
        ([1e10, 1e17, 1e24], [0.9, 0.5, 0.001]),
        ([1e20, 1.1e20, 1.2e20], [0.25, 0.249, 0.2495]),
        ([1e18, 1e19, 1e20], [0.001, 0.5, 0.9]),
    ],
)
def test_wide_narrow_and_falling_points_have_axes_to_read_them_by(
    burdens: list[float], errors: list[float]
) -> None:
    drawn = draw(points(burdens, errors), CONVENTION)
    assert drawn is not None
    ticks = [text for text in texts(drawn.svg) if text.endswith("%)")]
    assert 2 <= len(ticks) <= 10
