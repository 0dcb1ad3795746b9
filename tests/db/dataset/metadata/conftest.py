"""A release of two papers, as its readers find it."""

from __future__ import annotations

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
