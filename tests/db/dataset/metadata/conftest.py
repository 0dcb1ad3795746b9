"""A release of two papers, as its readers find it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.dataset.release import build_release

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World


@pytest.fixture
def release(world: World, tmp_path: Path) -> Path:
    """The folder of a release."""
    world.read("2403.00042", title='=SUM(A1), <b>or</b> "sums"')
    world.read("2403.00043")
    return build_release(world.engine, tmp_path / "releases").folder


@pytest.fixture
def wide(world: World, tmp_path: Path) -> Path:
    """The folder of a release with papers of many years, so that its tables are wide."""
    for year in range(2013, 2026):
        world.read(f"{year % 100}03.00042", published=datetime(year, 3, 2, tzinfo=UTC))
    return build_release(world.engine, tmp_path / "releases").folder
