"""A release of two papers, as its readers find it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.dataset.release import build_release

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Begin, World


@pytest.fixture
def release(begin: Begin, tmp_path: Path) -> Path:
    """The folder of a release."""
    begin(_released)
    return tmp_path / "releases" / "0.1.0"


def _released(world: World, folder: Path) -> None:
    world.read("2403.00042", title='=SUM(A1), <b>or</b> "sums"')
    world.read("2403.00043")
    build_release(world.engine, folder / "releases")


@pytest.fixture
def wide(begin: Begin, tmp_path: Path) -> Path:
    """The folder of a release with papers of many years, so that its tables are wide."""
    begin(_wide)
    return tmp_path / "releases" / "0.1.0"


def _wide(world: World, folder: Path) -> None:
    for year in range(2013, 2026):
        world.read(f"{year % 100}03.00042", published=datetime(year, 3, 2, tzinfo=UTC))
    build_release(world.engine, folder / "releases")
