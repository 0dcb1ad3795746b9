"""The database and the catalogue beside the releases list every release, also those that were taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.dataset.catalogue import CATALOGUE, Catalogue, Listed
from db.dataset.recorded import LONGEST, recorded, unyank, yank
from db.dataset.release import build_release
from db.engine import session, snapshot
from extractors.facts.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.db.dataset.conftest import World

AT = datetime(2026, 12, 2, tzinfo=UTC)
PAPER = "2403.00042"


def beside(folder: Path) -> list[Listed]:
    return list(Catalogue.parse((folder / CATALOGUE).read_bytes()))


def test_a_build_lists_itself_before_those_before(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    world.read("2403.00043")
    last = build_release(world.engine, tmp_path)
    newest, first = beside(tmp_path)
    assert (first.version, first.cells, first.as_of.isoformat()) == ("0.1.0", 16, "2026-11-20T03:00:00+00:00")
    assert (newest.version, newest.cells) == (last.version, 32)


def test_a_release_that_was_taken_back_stays_listed_with_the_reason(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    with session(world.engine) as opened:
        yank(opened, "0.1.0", "a unit\x00 slipped", AT)
    with snapshot(world.engine) as opened:
        (found,) = recorded(opened)
    assert (found.yanked, found.reason) == (True, "a unit slipped")
    world.read("2403.00043")
    build_release(world.engine, tmp_path)
    assert [(one.version, one.yanked) for one in beside(tmp_path)] == [("0.2.0", False), ("0.1.0", True)]
    with session(world.engine) as opened:
        unyank(opened, "0.1.0")
    with snapshot(world.engine) as opened:
        assert not any(one.yanked for one in recorded(opened))


@pytest.mark.parametrize(
    ("version", "reason", "match"),
    [
        ("0.1.0", " ", "for a reason"),
        ("0.9.0", "why", "there is no release"),
        ("x", "why", "is not a version"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(
    world: World, tmp_path: Path, version: str, reason: str, match: str
) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    with pytest.raises(UsageError, match=match), session(world.engine) as opened:
        yank(opened, version, reason, AT)


def test_what_was_not_taken_back_cannot_count_again(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    with pytest.raises(UsageError, match="was not yanked"), session(world.engine) as opened:
        unyank(opened, "0.1.0")


def test_a_reason_has_its_length(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    with session(world.engine) as opened:
        yank(opened, "0.1.0", "x" * 9_999, AT)
    with snapshot(world.engine) as opened:
        assert [len(one.reason) for one in recorded(opened)] == [LONGEST]


def test_both_engines_list_the_same(world: World, postgresql_engine: Engine, tmp_path: Path) -> None:
    other = type(world)(postgresql_engine)
    for place in (world, other):
        place.read(PAPER)
        build_release(place.engine, tmp_path / place.engine.name)
        with session(place.engine) as opened:
            yank(opened, "0.1.0", "why", AT)
    with snapshot(world.engine) as one, snapshot(other.engine) as two:
        assert recorded(one) == recorded(two)
