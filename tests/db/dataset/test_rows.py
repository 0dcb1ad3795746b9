"""Tall facts become wide rows, by the rules of what has a row and where links lead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from db.dataset.checks import Checking
from db.dataset.part import Part
from db.dataset.rows import plain
from db.dataset.schema import Row
from db.events import DeclaredNotReported, EntityMerged, Rejected
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import Name, Quantity

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
RUN, RESULT = f"{PAPER}/run/sparsenet.training", f"{PAPER}/result/sparsenet.top1"
FP32_V100, SECONDS = 15.7e12, 345_600


def dataset(world: World) -> Part:
    return world.whole()


def row_of(world: World, table: str) -> Row:
    (row,) = dataset(world).tables[table]
    return row


def test_a_run_shows_its_facts_and_the_units_they_count_in(world: World) -> None:
    world.read(PAPER)
    run = row_of(world, "training_runs")
    assert (run["model_id"], run["phase"]) == (f"{PAPER}/model/sparsenet", "training")
    assert (run["count"], run["count_unit"], run["wall_time_s"]) == (8.0, "devices", 345_600.0)
    assert (run["batch_size"], run["batch_unit"]) == (256.0, "examples")
    assert run["epochs"] is None


def test_measures_are_derived_and_name_their_convention(world: World) -> None:
    world.read(PAPER)
    run = row_of(world, "training_runs")
    assert run["hardware_burden_flop"] == pytest.approx(8 * SECONDS * FP32_V100, rel=0.15)
    assert run["network_operations_flop"] == pytest.approx(2 * 2e9 * 3 * 1000 * 256)
    assert "fp32 peak rates" in str(run["convention"])
    assert row_of(world, "results")["error"] == pytest.approx(0.237)


def test_epochs_of_the_training_set_come_before_updates(world: World, sparsenet: tuple[Said, ...]) -> None:
    shown = [("epochs", Quantity.exact(90, "epochs")), ("training_set_size", Quantity.exact(1e6, "examples"))]
    world.read(PAPER, [*sparsenet, *(("run", "sparsenet.training", field, value) for field, value in shown)])
    run = row_of(world, "training_runs")
    assert (run["training_set_size"], run["training_set_unit"]) == (1e6, "examples")
    assert run["network_operations_flop"] == pytest.approx(2 * 2e9 * 3 * 90e6)


def test_a_score_beyond_belief_has_no_error_rate(world: World, sparsenet: tuple[Said, ...]) -> None:
    wild = [(*said[:3], Quantity.exact(140, "percent")) if said[2] == "score" else said for said in sparsenet]
    world.read(PAPER, wild)
    result = row_of(world, "results")
    assert (result["score"], result["error"]) == (140.0, None)


def test_cells_that_wait_for_a_person_are_empty(world: World) -> None:
    world.read(PAPER, unsure=["count", "parameters"])
    made = dataset(world)
    assert made.tables["training_runs"][0]["count"] is None
    assert made.tables["training_runs"][0]["count_unit"] is None
    assert made.tables["training_runs"][0]["hardware_burden_flop"] is None
    assert {row["cell"] for row in made.tables["evidence"]} == {str(key) for key in made.cells}
    assert CellKey.parse(f"{RUN}#count") not in made.cells


def test_an_entity_without_a_published_fact_has_no_row(world: World) -> None:
    world.read(PAPER, unsure=["score"])
    assert not dataset(world).tables["results"]


def test_a_model_stays_for_the_results_that_belong_to_it(world: World) -> None:
    world.read(PAPER, unsure=["parameters", "multiply_adds"])
    model = row_of(world, "models")
    assert (model["name"], model["role"], model["parameters"]) == ("SparseNet", "headline", None)


def test_links_lead_to_the_model_that_remains_after_a_merge(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    twin: tuple[Said, ...] = (
        ("model", "the-net", "name", Name("the-net", "the net")),
        ("model", "the-net", "flops", Quantity.exact(4.1e9, "FLOP")),
        ("result", "the-net.top5", "model", Name("the-net", "the net")),
        ("result", "the-net.top5", "score", Quantity.exact(93.0, "percent")),
    )
    world.read(PAPER, (*sparsenet, *twin))
    kept = EntityId.parse(f"{PAPER}/model/sparsenet")
    world.say(EntityId.parse(f"{PAPER}/model/the-net"), EntityMerged(kept))
    made = dataset(world)
    assert {row["model_id"] for row in made.tables["results"]} == {str(kept)}
    assert [row["model_id"] for row in made.tables["models"]] == [str(kept)]
    assert made.tables["models"][0]["flops"] == 4.1e9


def test_what_is_not_reported_is_published_as_such(world: World) -> None:
    world.read(PAPER)
    world.say(CellKey.parse(f"{RUN}#count"), DeclaredNotReported())
    made = dataset(world)
    assert made.tables["training_runs"][0]["count"] is None
    (evidence,) = (row for row in made.tables["evidence"] if row["cell"] == f"{RUN}#count")
    assert (evidence["value"], evidence["status"], evidence["quote"]) == ("not reported", "reviewed", None)


def test_evidence_says_where_a_value_stands_and_what_the_print_allows(world: World) -> None:
    world.read(PAPER, version=2)
    (found,) = (row for row in dataset(world).tables["evidence"] if row["cell"] == f"{RUN}#wall_time")
    assert (found["table_name"], found["row_id"], found["column_name"]) == (
        "training_runs",
        RUN,
        "wall_time_s",
    )
    assert (found["low"], found["high"], found["unit"], found["printed"]) == (
        259_200,
        432_000,
        "s",
        "3-5 days",
    )
    assert (found["paper_version"], found["page"], found["x0"], found["top"]) == (2, 5, 72, 310.5)
    assert (found["rule"], found["extractor"], found["status"]) == ("test.rule", "burden-0.1.0", "automatic")
    assert (str(found["read_at"]), found["decided_at"]) == ("2026-11-20 03:00:00+00:00", None)


def test_a_name_that_a_person_rejected_is_not_shown(world: World) -> None:
    world.read(PAPER)
    world.say(CellKey.parse(f"{RESULT}#setting"), Rejected())
    assert row_of(world, "results")["setting"] is None


def test_screening_counts_papers_on_their_way(world: World) -> None:
    world.read(PAPER)
    world.read(PAPER, version=2)
    world.read(
        "2403.00043",
        unsure=[
            "score",
            "parameters",
            "multiply_adds",
            "accelerator",
            "count",
            "wall_time",
            "steps",
            "batch_size",
        ],
    )
    rows = dataset(world).tables["screening"]
    steps = {(row["step"], row["outcome"]): row["papers"] for row in rows if row["papers"]}
    assert steps == {
        ("1 identified", "all"): 3,
        ("1 identified", "out: duplicate: a newer version is there"): 1,
        ("1 identified", "went on"): 2,
        ("2 screened", "all"): 2,
        ("2 screened", "went on"): 2,
        ("3 sought", "all"): 2,
        ("3 sought", "went on"): 2,
        ("4 retrieved", "all"): 2,
        ("4 retrieved", "went on"): 2,
        ("5 read", "all"): 2,
        ("5 read", "went on"): 2,
        ("6 with facts", "all"): 2,
        ("6 with facts", "went on"): 1,
        ("6 with facts", "waiting for a person"): 1,
        ("7 released", "all"): 1,
    }


def test_a_paper_shows_the_newest_version_that_was_read(world: World) -> None:
    world.read(PAPER)
    world.read(PAPER, version=3, title="Sparse\tNetworks\x1b[31m, revised")
    paper = row_of(world, "papers")
    assert (paper["version"], paper["title"]) == (3, "Sparse Networks [31m, revised")


def test_plain_text_has_no_control_characters() -> None:
    assert plain(" a\x00b\u202e\n c ") == "a b c"
    assert plain("a\uffffb\ufdd0c\U0001fffe") == "a b c"


def test_no_text_of_a_stranger_is_longer_than_what_may_be_quoted(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    long = "x" * 1_000_000
    said = [
        (kind, slug, field, replace(value, printed=long))
        if isinstance(value, Quantity | Name)
        else (kind, slug, field, value)
        for kind, slug, field, value in sparsenet
    ]
    world.read("2403.00042", said, title=long)
    made = world.whole()
    (title,) = (row["title"] for row in made.tables["papers"])
    (name,) = (row["name"] for row in made.tables["models"])
    assert title == f"{'x' * 399}…" and name == f"{'x' * 159}…"
    texts = [
        cell
        for rows in made.tables.values()
        for row in rows
        for cell in row.values()
        if isinstance(cell, str)
    ]
    assert max(map(len, texts)) == 400
    checking = Checking()
    checking.add(made)
    assert all(check.success for check in checking.outcomes() if check.name == "schema")


def test_numbers_have_no_noise_of_binary_fractions(world: World, sparsenet: tuple[Said, ...]) -> None:
    days = 4.6 * 86_400
    assert str(days) == "397439.99999999994"
    world.read(
        "2403.00042",
        [*sparsenet[:8], ("run", "sparsenet.training", "wall_time", Quantity.exact(days, "s", "4.6 days"))],
    )
    made = world.whole()
    (run,) = made.tables["training_runs"]
    (cell,) = (row for row in made.tables["evidence"] if row["column_name"] == "wall_time_s")
    assert (run["wall_time_s"], cell["value"], cell["low"]) == (397_440.0, "397440.0", 397_440.0)
