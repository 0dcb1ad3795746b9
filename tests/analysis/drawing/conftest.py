"""Points to draw, and drawings as a browser shows them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.drawing.picture import render
from analysis.points import Joined, Point
from analysis.study import Section, section_of
from tests.browser import Browser
from tests.looks import colliding_texts

CONVENTION = "hardware burden; fp32 peak rates; a TPU is a board; utilisation 1; search time included"
Collisions = Callable[[Iterable[object]], list[str]]


def section(burdens: list[float], errors: list[float], **known: Any) -> Section:
    """A benchmark of these points; every fifth burden is converted."""
    made = tuple(
        Point(
            benchmark="imagenet-1k", paper_id=f"p{at}", result_id=f"r{at}", model=f"Model-{at}", published="2024-01-31",
            burden=burden, error=error, basis="converted" if at % 5 == 4 else "reported", **known,
        )
        for at, (burden, error) in enumerate(zip(burdens, errors, strict=True))
    )  # fmt: skip
    return section_of(Joined("imagenet-1k", made, ()))


def planted(n: int) -> Section:
    """Points about a line."""
    random = np.random.default_rng(n)
    powers = random.uniform(18.0, 22.0, n)
    return section(list(10.0**powers), list(10.0 ** (1.0 - 0.08 * powers - random.uniform(0.0, 0.05, n))))


@pytest.fixture
def convention() -> str:
    """How burdens were counted."""
    return CONVENTION


@pytest.fixture(name="section")
def makes_section() -> Callable[..., Section]:
    """Makes a benchmark of burdens and errors."""
    return section


@pytest.fixture(name="planted")
def plants() -> Callable[[int], Section]:
    """Makes a benchmark of so many points about a line."""
    return planted


@pytest.fixture
def collisions(browser: Browser, tmp_path: Path) -> Callable[..., list[str]]:
    """What a browser shows of specifications where texts stand on each other or are cut off."""

    def look(*specs: dict[str, object] | None) -> list[str]:
        drawn = "".join(render(spec, "wide").svg for spec in specs if spec)
        file = tmp_path / "drawings.html"
        file.write_text(f'<meta charset="utf-8">{drawn}', "utf-8")
        page = browser.open(file.as_uri())
        found = colliding_texts(page)
        page.close()
        return found

    return look
