"""Releases are complete or not there, never change, and say what the database says."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.load import load_release
from db.dataset import release
from db.dataset.changes import last_standing
from db.dataset.drafts import drafting
from db.dataset.recorded import last_release
from db.dataset.release import (
    Draft,
    Prepared,
    build_release,
    check_release,
    draft_release,
    prepare,
    record,
)
from db.dataset.schema import TABLES
from db.engine import open_database, session, snapshot
from db.events import Corrected, EntityRemoved, Noted, Rejected
from db.papers import Withdrawal, record_withdrawals
from extractors.facts.errors import ConflictError, GateError, StoreError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Quantity

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
COUNT = CellKey.parse(f"{PAPER}/run/sparsenet.training#count")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def prepared(world: World, out: Path) -> Prepared:
    """A release whose builder is stopped before anybody hears of it."""
    with drafting(out) as folder, snapshot(world.engine) as opened:
        return prepare(draft_release(opened, folder, last_release(opened)), out)


def standing(world: World) -> set[str]:
    """The cells of the last release."""
    with snapshot(world.engine) as opened:
        return {f"{entity}#{name}" for _, cells in last_standing(opened) for entity, name in cells}


def test_the_first_release_is_0_1_0_and_the_analysis_reads_it(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    built = build_release(world.engine, tmp_path / "releases")
    assert built.folder == tmp_path / "releases" / "0.1.0"
    assert built.statuses == {"automatic": 16}
    loaded = load_release(built.folder)
    assert loaded.version == "0.1.0"
    assert [run.accelerator for run in loaded.runs] == ["NVIDIA Tesla V100"]


def test_every_file_is_sealed_and_every_table_is_there_twice(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    folder = build_release(world.engine, tmp_path).folder
    lines = (line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines())
    sealed = {name: digest for digest, name in lines}
    assert sealed == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in contents(folder).items()
        if name != "SHA256SUMS"
    }
    assert {f"{table.name}.{kind}" for table in TABLES for kind in ("csv", "parquet")} < sealed.keys()


def test_the_same_state_gives_the_same_bytes_in_whatever_order_it_came(
    world: World, tmp_path: Path, sparsenet: tuple[Said, ...]
) -> None:
    shutil.copy(tmp_path / "burden.db", tmp_path / "other.db")
    papers = ("2403.00042", "2403.00007", "cs/0309001")
    for paper in papers:
        world.read(paper)
    first = build_release(world.engine, tmp_path / "a").folder
    other = type(world)(open_database(f"sqlite:///{tmp_path / 'other.db'}"))
    for paper in reversed(papers):
        other.read(paper, tuple(reversed(sparsenet)))
    second = build_release(other.engine, tmp_path / "b").folder
    other.engine.dispose()
    assert contents(first) == contents(second)


def test_both_engines_give_the_same_bytes(world: World, postgresql_engine: Engine, tmp_path: Path) -> None:
    other = type(world)(postgresql_engine)
    for place in (world, other):
        place.read(PAPER)
        place.say(COUNT, Rejected())
    first = build_release(world.engine, tmp_path / "a").folder
    assert contents(first) == contents(build_release(other.engine, tmp_path / "b").folder)


def test_a_state_that_was_published_is_not_published_again(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    world.say(COUNT, Noted("seen"))
    again = build_release(world.engine, tmp_path)
    assert (again.new, again.version) == (False, "0.1.0")
    assert [path.name for path in tmp_path.glob("[0-9]*")] == ["0.1.0"]


def test_a_release_can_be_made_again_elsewhere_byte_by_byte(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    first = build_release(world.engine, tmp_path / "a")
    world.say(COUNT, Noted("seen"))
    second = build_release(world.engine, tmp_path / "b")
    assert contents(first.folder) == contents(second.folder)


def test_a_release_with_changes_can_be_made_again_too(
    world: World, tmp_path: Path, evidence_of: Callable[..., Evidence]
) -> None:
    world.read(PAPER)
    world.read("2403.00043")
    build_release(world.engine, tmp_path / "a")
    world.say(COUNT, Corrected(Quantity.exact(16, "devices", "16"), evidence_of(PAPER, "two nodes of 8")))
    build_release(world.engine, tmp_path / "a")
    world.say(
        CellKey.parse(f"{PAPER}/run/sparsenet.training#steps"), Rejected(), reason="`of` <b>another</b>"
    )
    world.read("2403.00044")
    last = build_release(world.engine, tmp_path / "a")
    assert (last.version, last.removed) == ("0.2.0", 1)
    assert (last.folder / "changes.csv").read_text().count("\n") == 18
    assert contents(last.folder) == contents(build_release(world.engine, tmp_path / "b").folder)


def test_a_correction_is_a_patch_and_shows_who_made_it(
    world: World, tmp_path: Path, evidence_of: Callable[..., Evidence]
) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    world.say(COUNT, Corrected(Quantity.exact(16, "devices", "16"), evidence_of(PAPER, "two nodes of 8")))
    built = build_release(world.engine, tmp_path)
    assert (built.version, built.changed, built.added, built.removed) == ("0.1.1", 1, 0, 0)
    runs = pd.read_parquet(built.folder / "training_runs.parquet")
    assert list(runs["count"]) == [16.0]
    evidence = pd.read_parquet(built.folder / "evidence.parquet").set_index("cell").loc[str(COUNT)]
    assert (evidence["status"], evidence["reviewers"], evidence["quote"]) == (
        "reviewed",
        "ada",
        "two nodes of 8",
    )
    assert evidence["decided_at"].isoformat() == "2026-11-21T09:30:00+00:00"
    assert "2026-11-21" in (built.folder / "README.md").read_text()


def test_a_later_extractor_does_not_override_a_person(
    world: World, tmp_path: Path, sparsenet: tuple[Said, ...], evidence_of: Callable[..., Evidence]
) -> None:
    world.read(PAPER)
    world.say(COUNT, Corrected(Quantity.exact(16, "devices", "16"), evidence_of(PAPER, "two nodes of 8")))
    later = [
        (kind, slug, field, Quantity.exact(4, "devices", "4") if field == "count" else value)
        for kind, slug, field, value in sparsenet
    ]
    world.read(PAPER, later, extractor="burden-0.2.0")
    folder = build_release(world.engine, tmp_path).folder
    assert list(pd.read_csv(folder / "training_runs.csv")["count"]) == [16.0]


def test_new_rows_are_a_minor_step_and_lost_cells_are_remembered(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    world.read("2403.00043")
    assert build_release(world.engine, tmp_path).version == "0.2.0"
    world.say(COUNT, Rejected())
    built = build_release(world.engine, tmp_path)
    assert (built.version, built.removed) == ("0.2.1", 1)
    assert str(COUNT) not in standing(world)
    assert len(standing(world)) == 31


def test_a_withdrawn_paper_leaves_the_dataset_with_a_reason_and_may_come_back(
    world: World, tmp_path: Path
) -> None:
    world.read(PAPER)
    world.read("2403.00043")
    build_release(world.engine, tmp_path)
    taken_back = Withdrawal(PaperId(PAPER), datetime(2026, 11, 25, 8, tzinfo=UTC), "An error\x00 in Lemma 2.")
    with session(world.engine) as opened:
        record_withdrawals(opened, [taken_back])
    without = build_release(world.engine, tmp_path)
    assert (without.version, without.added, without.changed) == ("0.2.0", 0, 0)
    papers, gone = (
        pd.read_csv(without.folder / f"{name}.csv", dtype=str) for name in ("papers", "withdrawn")
    )
    assert list(papers["paper_id"]) == ["2403.00043"]
    assert gone.to_dict("records") == [
        {"paper_id": PAPER, "withdrawn": "2026-11-25", "reason": "An error in Lemma 2."}
    ]
    runs = pd.read_csv(without.folder / "training_runs.csv", dtype=str)
    assert set(runs["paper_id"]) == {"2403.00043"}
    with session(world.engine) as opened:
        record_withdrawals(opened, [], [PAPER])
    assert build_release(world.engine, tmp_path).added == without.removed > 0


def test_a_version_may_be_higher_than_due_but_not_lower(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    assert build_release(world.engine, tmp_path, "1.0.0").version == "1.0.0"
    world.read("2403.00043")
    with pytest.raises(UsageError, match=r"1\.0\.1 is too low"):
        build_release(world.engine, tmp_path, "1.0.1")
    assert build_release(world.engine, tmp_path).version == "1.1.0"


def test_what_is_no_version_is_refused_before_anything_is_read(world: World, tmp_path: Path) -> None:
    for try_it in (build_release, check_release):
        with pytest.raises(UsageError, match="'one' is not a version"):
            try_it(world.engine, tmp_path / "releases", "one")
    assert not (tmp_path / "releases").exists()


def test_an_existing_version_is_never_overwritten(world: World, tmp_path: Path) -> None:
    (tmp_path / "0.1.0").mkdir()
    (tmp_path / "0.1.0" / "mine").touch()
    world.read(PAPER)
    with pytest.raises(GateError, match=r"0\.1\.0 is already there"):
        build_release(world.engine, tmp_path)
    assert contents(tmp_path / "0.1.0") == {"mine": b""}
    with snapshot(world.engine) as opened:
        assert last_release(opened) is None


def test_nothing_to_publish_is_refused_with_a_report(world: World, tmp_path: Path) -> None:
    with pytest.raises(GateError, match="no paper has a published cell"):
        build_release(world.engine, tmp_path / "releases")
    report = json.loads((tmp_path / "releases" / "refused.json").read_text())
    assert [check["name"] for check in report if check["required"] and not check["success"]] == ["papers"]


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        build_release(world.engine, tmp_path / "file")


def test_killed_before_the_record_nothing_was_published(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    files = contents(prepared(world, tmp_path).draft.hidden)
    assert not list(tmp_path.glob("[0-9]*"))
    built = build_release(world.engine, tmp_path)
    assert built.new
    assert contents(built.folder) == files


def test_killed_after_the_record_the_next_build_finishes_it(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    stopped = prepared(world, tmp_path)
    with session(world.engine) as opened:
        record(opened, stopped)
    assert not list(tmp_path.glob("[0-9]*"))
    world.read("2403.00043")
    assert build_release(world.engine, tmp_path).version == "0.2.0"
    assert load_release(tmp_path / "0.1.0").version == "0.1.0"
    assert not stopped.draft.hidden.exists()


def test_of_two_builders_at_once_one_is_told_to_build_again(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    slow = prepared(world, tmp_path / "slow")
    build_release(world.engine, tmp_path / "quick")
    with pytest.raises(ConflictError, match="meanwhile"), session(world.engine) as opened:
        record(opened, slow)


def test_who_builds_while_another_does_hears_which_release_was_built(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.read(PAPER)

    def overtaken(*given: Any) -> Draft:
        draft = draft_release(*given)
        monkeypatch.undo()
        build_release(world.engine, tmp_path)
        return draft

    monkeypatch.setattr("db.dataset.release.draft_release", overtaken)
    with pytest.raises(ConflictError, match=r"somebody else built release 0\.1\.0 meanwhile"):
        build_release(world.engine, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("[0-9]*")) == ["0.1.0"]
    assert not build_release(world.engine, tmp_path).new


def test_a_run_whose_model_was_removed_is_left_out_and_named(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    world.read("2403.00043")
    world.say(EntityId.parse(f"{PAPER}/model/sparsenet"), EntityRemoved())
    built = build_release(world.engine, tmp_path)
    assert (built.tables["training_runs"], built.tables["results"], built.tables["papers"]) == (1, 1, 1)
    links = next(check for check in built.checks if check.name == "links")
    assert (links.success, links.required, links.observed) == (False, False, 2)


def test_columns_have_the_types_of_the_schema(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    folder = build_release(world.engine, tmp_path).folder
    for table in TABLES:
        assert pq.read_schema(folder / f"{table.name}.parquet").names == [
            column.name for column in table.columns
        ]
    assert pq.read_table(folder / "papers.parquet").to_pylist()[0]["published"].isoformat() == "2026-11-20"


def test_a_long_build_tells_how_far_it_is(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        world.read(f"2403.{number:05}")
    monkeypatch.setattr(release, "_TOLD_EVERY", 2)
    told: list[tuple[int, int]] = []
    check_release(world.engine, tmp_path, reached=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5)]
