"""A cell's way through the releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.dataset.release import build_release
from db.dataset.showing import steps
from db.engine import snapshot
from db.events import Rejected, Undone
from db.log import last_seq
from extractors.facts.ids import CellKey

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.db.dataset.conftest import World

PAPER = "2403.00042"
COUNT = CellKey.parse(f"{PAPER}/run/sparsenet.training#count")


def test_a_cell_comes_goes_and_comes_again(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path, "0.9.0")
    world.say(COUNT, Rejected(), reason="no")
    build_release(world.engine, tmp_path, "0.10.0")
    with snapshot(world.engine) as opened:
        seq = last_seq(opened)
    world.say(COUNT, Undone(seq))
    build_release(world.engine, tmp_path)
    with snapshot(world.engine) as opened:
        way = [(step.version, step.is_there, step.value, step.reason) for step in steps(opened, COUNT)]
    assert way == [
        ("0.9.0", True, "8.0", None),
        ("0.10.0", False, None, "ada rejected it on 2026-11-21: no."),
        ("0.10.1", True, "8.0", "ada took back what was said of it on 2026-11-21."),
    ]


def test_a_cell_that_nobody_published_has_no_way(engine: Engine) -> None:
    with snapshot(engine) as opened:
        assert steps(opened, COUNT) == ()
