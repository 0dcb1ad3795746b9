"""What the last release said is still said, or somebody or something explains why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from db.dataset.checks import Check
from db.dataset.gate.bounds import Bounds
from db.dataset.release import build_release, check_release
from db.engine import session
from db.events import Accepted, Corrected, EntityMerged, EntityRemoved, Flagged, Noted, ProposalKey, Rejected
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import Name, Quantity
from tests.db.dataset.conftest import evidence

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Begin, Said, World

PAPER, OTHER = "2403.00042", "2403.00043"
RUN = f"{PAPER}/run/sparsenet.training"
COUNT, STEPS, PHASE = (CellKey.parse(f"{RUN}#{name}") for name in ("count", "steps", "phase"))
NEXT = datetime(2026, 11, 24, tzinfo=UTC)
STRICT = Bounds(unexplained=0.0)


@pytest.fixture
def released(begin: Begin) -> World:
    """Two papers that were released, of which somebody decided a count."""
    return begin(_released)


def _released(world: World, folder: Path) -> None:
    world.read(PAPER)
    world.read(OTHER)
    world.say(COUNT, Corrected(Quantity.exact(16, "devices", "16"), evidence(PAPER, "two of 8")))
    build_release(world.engine, folder)


@pytest.fixture
def failed(released: World, tmp_path: Path) -> Callable[[], dict[str, Check]]:
    """The checks against the last release that fail now."""

    def found() -> dict[str, Check]:
        checks = check_release(released.engine, tmp_path, bounds=STRICT).checks
        return {
            c.name: c for c in checks if c.name in ("lost", "shrinkage", "clock", "gone") and not c.success
        }

    return found


Failed = Callable[[], dict[str, Check]]


def forget(world: World, key: CellKey) -> None:
    """Delete a cell behind the program's back."""
    with session(world.engine) as opened:
        opened.connection().execute(
            text("DELETE FROM cell WHERE entity_id = :entity AND field = :field"),
            {"entity": str(key.entity), "field": key.field},
        )


def test_nothing_is_lost_where_nothing_changed(released: World, failed: Failed) -> None:
    released.read("2403.00044")
    assert failed() == {}


def test_what_a_person_decided_and_nobody_took_back_is_lost(released: World, failed: Failed) -> None:
    forget(released, COUNT)
    assert failed()["lost"].notes == f"{COUNT}: 16.0"
    assert "shrinkage" not in failed()


def test_what_the_machine_said_and_nothing_explains_has_shrunk(released: World, failed: Failed) -> None:
    forget(released, STEPS)
    assert failed()["shrinkage"].notes == f"{STEPS}: 1000.0"
    assert "lost" not in failed()


def test_a_chosen_model_explains_no_cell_that_it_did_not_judge(
    released: World, failed: Failed, tmp_path: Path
) -> None:
    forget(released, STEPS)
    with session(released.engine) as opened:
        opened.connection().execute(text("UPDATE model SET chosen_at = '2026-12-24 00:00:00.000000'"))
    assert failed()["shrinkage"].notes == f"{STEPS}: 1000.0"


def test_a_machine_never_explains_what_a_person_decided(
    released: World, failed: Failed, sparsenet: tuple[Said, ...]
) -> None:
    less = [said for said in sparsenet if said[2] not in ("count", "steps")]
    released.read(PAPER, less, extractor="burden-0.2.0", at=NEXT)
    assert failed() == {}
    forget(released, COUNT)
    assert set(failed()) == {"lost"}


def test_a_new_reading_explains_cells_of_its_paper_alone(
    released: World, failed: Failed, sparsenet: tuple[Said, ...]
) -> None:
    less = [said for said in sparsenet if said[2] != "steps"]
    released.read(PAPER, less, extractor="burden-0.2.0", at=NEXT)
    assert failed() == {}
    forget(released, CellKey.parse(f"{OTHER}/run/sparsenet.training#steps"))
    assert failed()["shrinkage"].notes == f"{OTHER}/run/sparsenet.training#steps: 1000.0"


@pytest.mark.parametrize("said", [Rejected(), Flagged()])
def test_what_people_say_of_a_cell_explains_it(
    released: World, failed: Failed, said: Rejected | Flagged
) -> None:
    released.say(STEPS, said)
    released.say(COUNT, Rejected(), actor="grace", reason="that is the cluster")
    assert failed() == {}


def test_a_note_explains_nothing(released: World, failed: Failed) -> None:
    released.say(STEPS, Noted("odd"))
    forget(released, STEPS)
    assert set(failed()) == {"shrinkage"}


def test_a_removed_model_explains_its_runs_and_a_merged_one_its_cells(
    released: World, failed: Failed, sparsenet: tuple[Said, ...]
) -> None:
    released.say(EntityId.parse(f"{PAPER}/model/sparsenet"), EntityRemoved())
    assert failed() == {}
    twin: Said = ("model", "twin", "name", Name("twin", "Twin"))
    released.read(OTHER, (*sparsenet, twin), extractor="burden-0.2.0", at=NEXT)
    released.say(
        EntityId.parse(f"{OTHER}/model/sparsenet"), EntityMerged(EntityId.parse(f"{OTHER}/model/twin"))
    )
    assert failed() == {}


def test_what_says_what_a_row_is_goes_with_its_last_fact_though_a_person_decided_it(
    world: World, tmp_path: Path, evidence_of: Callable[..., Evidence]
) -> None:
    said: list[Said] = [
        ("run", "sparsenet.training", "phase", Name("training", "trained")),
        ("run", "sparsenet.training", "count", Quantity.exact(8, "devices", "8")),
    ]
    world.read(PAPER, said)
    world.read(OTHER)
    proposal = ProposalKey("240300042" + "1" + "f" * 54, "burden-0.1.0")
    world.say(
        PHASE,
        Accepted(
            proposal, Name("training", "trained"), evidence_of(PAPER, "the phase of sparsenet.training")
        ),
    )
    build_release(world.engine, tmp_path)
    world.say(COUNT, Rejected(), reason="that is the cluster")
    checks = check_release(world.engine, tmp_path, bounds=STRICT).checks
    assert [check.name for check in checks if check.refuses] == []


def test_a_state_from_before_the_last_release_is_told(released: World, failed: Failed) -> None:
    with session(released.engine) as opened:
        opened.connection().execute(text("UPDATE release SET built_at = '2027-01-01 00:00:00.000000'"))
    assert "that of 0.1.0 of 2027-01-01" in failed()["clock"].notes
