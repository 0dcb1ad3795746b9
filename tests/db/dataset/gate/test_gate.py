"""The gate lets through what people and machines rightly do, and says what it holds a release against."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text as sql

from db.dataset.checks import Check
from db.dataset.gate.bounds import Bounds
from db.dataset.release import build_release, check_release
from db.engine import session
from db.events import Corrected, DeclaredNotReported, EntityMerged, EntityRemoved, Rejected
from db.tables import ReleaseRow
from extractors.facts.errors import GateError, StoreError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import Name, Quantity

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
RUN = f"{PAPER}/run/sparsenet.training"
COUNT = CellKey.parse(f"{RUN}#count")


def outcomes(world: World, out: Path) -> dict[str, Check]:
    return {check.name: check for check in check_release(world.engine, out).checks}


def refusing(world: World, out: Path) -> list[str]:
    return [name for name, check in outcomes(world, out).items() if check.refuses]


def test_every_check_has_a_name_of_its_own_and_says_what_holds(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    checks = check_release(world.engine, tmp_path).checks
    assert len({check.name for check in checks}) == len(checks)
    assert all(check.description.endswith(".") for check in checks)


def test_a_check_publishes_nothing_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    found = check_release(world.engine, tmp_path)
    assert (found.version, found.new, found.added) == ("0.1.0", True, 16)
    assert list(tmp_path.glob("[0-9.]*")) == []
    assert build_release(world.engine, tmp_path).version == "0.1.0"


def spoil(world: World, column: str, text: str) -> None:
    """Write something into a column of a cell, behind the back of the program."""
    with session(world.engine) as opened:
        change = f"UPDATE cell SET {column} = :text WHERE entity_id = :entity AND field = 'count'"
        opened.connection().execute(sql(change), {"text": text, "entity": RUN})


@pytest.mark.parametrize(("column", "text"), [("evidence", "[]"), ("reviewers", '"ada"')])
def test_a_cell_whose_json_is_none_of_its_kind_is_named(
    world: World, tmp_path: Path, column: str, text: str
) -> None:
    world.read(PAPER)
    spoil(world, column, text)
    found = outcomes(world, tmp_path)["readable"]
    assert (found.refuses, str(COUNT) in found.notes) == (True, True)


def test_a_cell_that_is_no_json_is_named_also_after_a_release(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    spoil(world, "value", "{")
    with pytest.raises(StoreError, match="no JSON") as refused:
        build_release(world.engine, tmp_path)
    assert refused.value.where == str(COUNT)


def test_what_people_decide_passes_on_both_engines(
    world: World, postgresql_engine: Engine, tmp_path: Path, evidence_of: Callable[..., Evidence]
) -> None:
    typed = Corrected(Quantity.exact(16, "devices", "16"), evidence_of(PAPER, "two nodes of 8"))
    for number, place in enumerate((world, type(world)(postgresql_engine))):
        out = tmp_path / str(number)
        place.read(PAPER)
        place.read("2403.00043")
        build_release(place.engine, out)
        place.say(COUNT, typed)
        place.say(COUNT, typed, actor="grace")
        place.say(CellKey.parse(f"{RUN}#steps"), DeclaredNotReported(evidence_of(PAPER, "no steps")))
        place.say(CellKey.parse(f"{RUN}#batch_size"), Rejected())
        assert refusing(place, out) == []
        assert build_release(place.engine, out).version == "0.1.1"


def test_what_people_merge_and_remove_is_not_lost(
    world: World, tmp_path: Path, sparsenet: tuple[Said, ...], evidence_of: Callable[..., Evidence]
) -> None:
    other: tuple[Said, ...] = (
        ("model", "other", "name", Name("other", "Other")),
        ("run", "other.training", "model", Name("other", "Other")),
        ("run", "other.training", "count", Quantity.exact(4, "devices", "4")),
    )
    world.read(PAPER, (*sparsenet, *other))
    decided = CellKey.parse(f"{PAPER}/run/other.training#count")
    world.say(decided, Corrected(Quantity.exact(2, "devices", "2"), evidence_of(PAPER, "two")))
    build_release(world.engine, tmp_path)
    world.say(
        EntityId.parse(f"{PAPER}/model/other"), EntityMerged(EntityId.parse(f"{PAPER}/model/sparsenet"))
    )
    assert refusing(world, tmp_path) == []
    build_release(world.engine, tmp_path)
    world.say(EntityId.parse(f"{PAPER}/run/other.training"), EntityRemoved())
    assert refusing(world, tmp_path) == []


def test_what_a_new_extractor_no_longer_reads_has_a_reason(
    world: World, tmp_path: Path, sparsenet: tuple[Said, ...]
) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    less = [said for said in sparsenet if said[2] != "steps"]
    world.read(PAPER, less, extractor="burden-0.2.0", at=datetime(2026, 11, 24, tzinfo=UTC))
    assert refusing(world, tmp_path) == []


def test_an_accepted_check_is_kept_with_its_reason_and_only_this_once(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    bounds = Bounds(unreviewed=0.5)
    with pytest.raises(GateError, match="unreviewed"):
        build_release(world.engine, tmp_path, bounds=bounds)
    built = build_release(world.engine, tmp_path, bounds=bounds, accepted={"unreviewed": "A first try."})
    kept = json.loads((built.folder / "checks.json").read_text())
    assert [check["accepted"] for check in kept if check["name"] == "unreviewed"] == ["A first try."]
    world.read("2403.00043")
    with pytest.raises(GateError, match="unreviewed"):
        build_release(world.engine, tmp_path, bounds=bounds)


def test_what_is_structural_is_never_accepted(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    with pytest.raises(UsageError, match="keys may never fail"):
        build_release(world.engine, tmp_path, accepted={"keys": "why not"})


def test_the_database_remembers_what_was_checked(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    with session(world.engine) as opened:
        row = opened.get(ReleaseRow, "0.1.0")
        assert row is not None and row.summary is not None
        names = [check["name"] for check in row.summary["checks"]]  # type: ignore[attr-defined]
    assert names == [check["name"] for check in json.loads((tmp_path / "0.1.0" / "checks.json").read_text())]


def test_a_value_that_nobody_can_have_seen_is_told_beside_the_usual(
    world: World, tmp_path: Path, sparsenet: tuple[Said, ...]
) -> None:
    world.read(PAPER, [*sparsenet, ("run", "sparsenet.training", "step_time", Quantity.exact(1e5, "s"))])
    found = outcomes(world, tmp_path)["unusual"]
    assert (found.required, found.notes) == (False, f"{RUN}#step_time: 100000")
