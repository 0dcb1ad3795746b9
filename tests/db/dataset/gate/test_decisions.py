"""What people decided is what is published: the log is folded again, and cells and entities are believed nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from db.dataset.gate.decisions import decisions_of
from db.dataset.source import load_source, papers_of
from db.engine import session, snapshot
from db.events import Corrected, EntityRemoved, Rejected
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import Quantity

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World

PAPER = "2403.00042"
RUN, MODEL = f"{PAPER}/run/sparsenet.training", f"{PAPER}/model/sparsenet"
COUNT = CellKey.parse(f"{RUN}#count")


def wrong(world: World) -> dict[str, str]:
    """What fails, with what it names."""
    with snapshot(world.engine) as opened:
        source = load_source(opened)
        decisions = decisions_of(opened, source)
        for facts in papers_of(opened, source):
            decisions.add(facts)
        return {check.name: check.notes for check in decisions.outcomes() if not check.success}


def sql(world: World, statement: str) -> None:
    with session(world.engine) as opened:
        opened.connection().execute(text(statement))


@pytest.fixture
def decided(world: World, evidence_of: Callable[..., Evidence]) -> World:
    """A paper of which somebody decided a count, and another of which nobody did."""
    world.read("2403.00041")
    world.read(PAPER)
    world.say(COUNT, Corrected(Quantity.exact(16, "devices", "16"), evidence_of(PAPER, "two of 8")))
    return world


def test_what_the_log_says_passes(decided: World) -> None:
    decided.say(CellKey.parse(f"{RUN}#steps"), Rejected())
    decided.say(EntityId.parse(f"{PAPER}/result/sparsenet.top1"), EntityRemoved())
    assert wrong(decided) == {}


def test_a_decided_cell_with_another_value_is_named_with_who_decided_it(decided: World) -> None:
    sql(
        decided,
        "UPDATE cell SET value = replace(value, '16', '61') WHERE field = 'count' AND decided_at IS NOT NULL",
    )
    assert wrong(decided) == {"decisions": f"{COUNT} is not as ada decided it"}


def test_a_decided_cell_that_is_gone_is_named_though_its_paper_has_no_other(decided: World) -> None:
    sql(decided, f"DELETE FROM cell WHERE paper_id = '{PAPER}'")
    assert wrong(decided) == {"decisions": f"{COUNT} is not published, and ada decided it"}


def test_what_people_rejected_and_is_published_all_the_same_is_named(decided: World) -> None:
    steps = CellKey.parse(f"{RUN}#steps")
    decided.say(steps, Rejected())
    sql(decided, f"UPDATE cell SET status = 'automatic' WHERE entity_id = '{RUN}' AND field = 'steps'")
    assert wrong(decided) == {"decisions": f"{steps} is published, and people left it rejected"}


def test_a_cell_that_claims_to_be_decided_is_named(decided: World) -> None:
    sql(
        decided,
        f"UPDATE cell SET decided_at = '2026-11-21 00:00:00.000000' WHERE entity_id = '{RUN}' AND field = 'steps'",
    )
    assert wrong(decided) == {"decisions": f"{RUN}#steps is automatic, and nobody decided it"}


def test_an_entity_that_is_merged_or_removed_without_an_entry_is_named(decided: World) -> None:
    sql(decided, f"UPDATE entity SET removed = TRUE WHERE entity_id = '{MODEL}'")
    found = wrong(decided)["entities"]
    assert f"{MODEL} is removed, and the log says otherwise" in found
    assert f"{MODEL}#name is published" in found


def test_an_entry_that_was_not_carried_out_is_named(decided: World) -> None:
    decided.say(EntityId.parse(MODEL), EntityRemoved())
    sql(decided, f"UPDATE entity SET removed = FALSE WHERE entity_id = '{MODEL}'")
    assert f"{MODEL} is not removed, and the log says otherwise" in wrong(decided)["entities"]


def test_an_entry_that_cannot_be_read_is_named_by_its_number(decided: World) -> None:
    sql(decided, "DROP TRIGGER event_no_update")
    sql(decided, "UPDATE event SET body = '{}'")
    assert wrong(decided)["log-entries"].startswith(f"entry 1 about {RUN}: ")
