"""A release keeps what review found when it was built, whatever is found later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import select

from db.dataset.gate.bounds import Bounds
from db.dataset.quality import Quality, quality_of
from db.dataset.release import build_release
from db.engine import snapshot
from db.tables import ReleaseRow
from extractors.promise import Promise

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World


def test_where_nobody_looked_at_anything_there_are_no_figures(world: World) -> None:
    world.read("2403.00042")
    with snapshot(world.engine) as opened:
        assert quality_of(opened, 0.9, 0.1) == Quality(0.9, 0.1)


def test_figures_are_those_of_the_day_on_which_the_release_was_built(world: World, tmp_path: Path) -> None:
    world.read("2403.00042")
    first = build_release(world.engine, tmp_path / "one", bounds=Bounds(Promise(0.9, 0.1, 0.25)))
    kept = json.loads((first.folder / "review.json").read_text("utf-8"))
    assert Quality.parse(kept) == Quality(0.9, 0.25)
    with snapshot(world.engine) as opened:
        summary = opened.exec(select(ReleaseRow)).one().summary
    assert summary is not None and summary["quality"] == kept
    second = build_release(world.engine, tmp_path / "two", bounds=Bounds(Promise(0.8, 0.1, 0.5)))
    assert not second.new
    assert json.loads((second.folder / "review.json").read_text("utf-8")) == kept


def test_a_release_from_before_there_were_figures_is_still_known() -> None:
    assert Quality.parse(Quality().as_json()) == Quality()
    assert Quality.parse({}) == Quality()
