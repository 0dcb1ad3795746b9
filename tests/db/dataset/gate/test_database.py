"""The database that a release is made of is whole: values are proposed, rows lead somewhere, and the log is all there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from db.dataset.gate.database import backed, known, last_row, stale, whole
from db.engine import session, snapshot
from db.events import Rejected
from db.tables import ReleaseRow
from extractors.facts.ids import CellKey, PaperId

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from db.dataset.checks import Check
    from tests.db.dataset.conftest import World

PAPER = "2403.00042"
RUN, MODEL = f"{PAPER}/run/sparsenet.training", f"{PAPER}/model/sparsenet"


def sql(engine: Engine, statement: str) -> None:
    with session(engine) as opened:
        if opened.get_bind().dialect.name == "sqlite":
            opened.connection().execute(text("PRAGMA defer_foreign_keys = ON"))
        opened.connection().execute(text(statement))


def checked(world: World, last: ReleaseRow | None = None) -> dict[str, Check]:
    with snapshot(world.engine) as opened:
        found = (backed(opened, ()), stale(opened), *whole(opened, last))
        return {check.name: check for check in found if not check.success}


def test_a_sound_database_passes_on_both_engines(world: World, postgresql_engine: Engine) -> None:
    for place in (world, type(world)(postgresql_engine)):
        place.read(PAPER)
        place.say(CellKey.parse(f"{RUN}#steps"), Rejected())
        assert (
            "backed" not in checked(place)
            and "rows-lead" not in checked(place)
            and "log" not in checked(place)
        )


def test_a_value_that_no_reading_proposes_is_named(world: World) -> None:
    world.read(PAPER)
    sql(
        world.engine,
        "UPDATE cell SET value = replace(value, '25600000', '25600000000') WHERE field = 'parameters'",
    )
    assert checked(world)["backed"].notes == f"{MODEL}#parameters"


def test_papers_that_are_left_out_need_no_backing(world: World) -> None:
    world.read(PAPER)
    sql(world.engine, "DELETE FROM proposal")
    with snapshot(world.engine) as opened:
        assert backed(opened, [PaperId(PAPER)]).success
        assert backed(opened, ()).observed == 16


def test_values_of_another_model_are_told_and_refuse_only_where_people_chose(world: World) -> None:
    world.read(PAPER)
    found = checked(world)["stale"]
    assert (found.observed, found.required, found.notes.count("#")) == (16, False, 5)


def test_a_log_that_may_be_changed_or_lost_entries_is_told(world: World) -> None:
    world.read(PAPER)
    world.say(CellKey.parse(f"{RUN}#steps"), Rejected())
    sql(world.engine, "DROP TRIGGER event_no_delete")
    assert checked(world)["log"].notes == "its trigger event_no_delete is gone"
    sql(world.engine, "DELETE FROM event")
    assert checked(world)["log"].observed == 1 or "entry 1 was written" in checked(world)["log"].notes


def test_a_release_that_knew_more_of_the_log_is_told(world: World) -> None:
    world.read(PAPER)
    last = ReleaseRow(
        version="0.1.0", built_at=datetime(2026, 11, 20, tzinfo=UTC), manifest_sha256="", content_sha256="", schema_sha256="", last_seq=7,
    )  # fmt: skip
    assert checked(world, last)["log"].notes == "release 0.1.0 knows of entry 7, and the newest is 0"


def test_a_trigger_that_is_gone_is_told_on_postgresql(world: World, postgresql_engine: Engine) -> None:
    place = type(world)(postgresql_engine)
    sql(place.engine, "ALTER TABLE event DISABLE TRIGGER event_append_only")
    assert checked(place)["log"].notes == "its trigger is gone"


@pytest.mark.parametrize(("id", "is_known"), [(MODEL, True), (f"{PAPER}/model/ghost", False)])
def test_a_model_that_only_links_name_has_to_be_known(world: World, id: str, is_known: bool) -> None:
    world.read(PAPER)
    with snapshot(world.engine) as opened:
        assert known(opened, [id]).success is is_known


def test_the_row_of_no_version_is_none(world: World) -> None:
    with snapshot(world.engine) as opened:
        assert last_row(opened, None) is None and last_row(opened, "0.1.0") is None
