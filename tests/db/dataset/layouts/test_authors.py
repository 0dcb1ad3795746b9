"""Models in the authors' own columns: which rows there are, what stands where, and that it adds up as theirs does."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.authors import WIDE_FILES
from db.dataset.layouts.authors import layouts
from db.dataset.layouts.training import trained_models
from db.dataset.schema import Scalar
from extractors.facts.benchmarks import catalogue
from extractors.facts.ids import EntityId
from extractors.facts.values import Name, Quantity, Value

if TYPE_CHECKING:
    from tests.db.dataset.conftest import Said, World

PAPER = "2403.00042"
IMAGENET, COCO = layouts()[0], layouts()[1]


def rows(
    world: World, said: tuple[Said, ...], layout: object = None, paper: str = PAPER
) -> list[dict[str, Scalar]]:
    """The rows of a paper that says this, by the names of their columns, without what is empty."""
    wanted = next((known for known in layouts() if known is layout), IMAGENET)
    world.read(paper, said)
    found = [wanted.row(trained) for trained in trained_models(world.parts()[0])]
    named = [dict(zip(wanted.names, row, strict=True)) for row in found if row is not None]
    return [{name: cell for name, cell in row.items() if cell is not None} for row in named]


def changed(said: tuple[Said, ...], slug: str, **fields: Value | None) -> tuple[Said, ...]:
    """What is said, with some fields of an entity changed, added, or (None) gone."""
    kind = next(item[0] for item in said if item[1] == slug)
    kept = tuple(item for item in said if item[1] != slug or item[2] not in fields)
    return (*kept, *((kind, slug, name, value) for name, value in fields.items() if value is not None))


def further(said: tuple[Said, ...], **fields: Value | None) -> tuple[Said, ...]:
    """What is said, with a second training run like the first but for some fields."""
    copied = tuple(
        (kind, "second", name, value) for kind, slug, name, value in said if slug == "sparsenet.training"
    )
    return (*said, *changed(copied, "second", **fields))


def result(slug: str, metric: str, score: float, *, setting: str = "single", split: str = "", benchmark: str = "imagenet-1k") -> tuple[Said, ...]:  # fmt: skip
    values: dict[str, Value] = {
        "model": Name("sparsenet", "SparseNet"),
        "benchmark": Name(benchmark, benchmark),
        "metric": Name(metric, metric),
        "setting": Name(setting, setting),
        "score": Quantity.exact(score, "percent", f"{score}"),
    }
    if split:
        values["split"] = Name(split, split)
    return tuple(("result", slug, name, value) for name, value in values.items())


@pytest.mark.corpus
def test_the_heads_are_those_of_the_authors_letter_by_letter(shared: Path) -> None:
    for layout in layouts():
        with (shared / "reference" / "thompson2022" / layout.file).open(newline="", encoding="utf-8") as file:
            assert layout.head == tuple(
                tuple(row) for row, _ in zip(csv.reader(file), range(4), strict=False)
            )


def test_files_are_named_as_the_analysis_reads_them() -> None:
    assert {layout.file for layout in layouts()} == set(WIDE_FILES.values())


def test_every_layout_shows_the_scores_of_a_tracked_benchmark_in_columns_that_it_has() -> None:
    for layout in layouts():
        benchmark = catalogue().benchmarks()[layout.benchmark]
        assert set(layout.scores) <= set(layout.names)
        assert set(layout.scores.values()) <= set(benchmark.ranges)
        assert set(layout.splits) <= set(benchmark.splits)
        assert next(iter(layout.scores.values())) == benchmark.primary


def test_a_model_with_a_score_has_a_row_with_what_it_cost(world: World, sparsenet: tuple[Said, ...]) -> None:
    (row,) = rows(world, sparsenet)
    assert row == {
        "name": "SparseNet",
        "year": 2026,
        "parameters": 25.6e6,
        "title": "Sparse Networks",
        "paper_link": "https://arxiv.org/abs/2403.00042",
        "multiadds": 2e9,
        "fp_bp_ratio": 3,
        "training_time_total": "3-5 days",
        "training_time_total_sec": 345_600.0,
        "training_gpu_model": "NVIDIA Tesla V100",
        "training_gpu_amount": 8.0,
        "training_gpu_ptp_gflops": pytest.approx(14_130.0),
        "network_operations": pytest.approx(2 * 2e9 * 3 * 1000 * 256),
        "hardware_burden": pytest.approx(345_600 * 8 * 14.13e12),
        "log10net": pytest.approx(15.4874, abs=1e-4),
        "log10hw": pytest.approx(19.5918, abs=1e-4),
        "computing_power": pytest.approx(345_600 * 8 * 14.13e12),
        "comments": "2403.00042/model/sparsenet; scores: val, single",
        "(TOP 1 score)": 76.3,
    }


def test_phases_have_columns_of_their_own_and_add_up(world: World, sparsenet: tuple[Said, ...]) -> None:
    pretrained = tuple(
        (kind, "sparsenet.pretraining", name, value)
        for kind, slug, name, value in changed(
            sparsenet,
            "sparsenet.training",
            phase=Name("pretraining", "pre-trained"),
            accelerator=Name("Google TPU v3", "TPUv3"),
            count=Quantity.exact(64, "cores", "64"),
            wall_time=Quantity.exact(86_400, "s", "1 day"),
        )
        if slug == "sparsenet.training"
    )
    (row,) = rows(world, (*sparsenet, *pretrained))
    assert (row["pretraining_tpu_amount"], row["pretraining_time_total"]) == (64.0, "1 day")
    assert row["pretraining_tpu_ptp_gflops"] == pytest.approx(61_500.0)
    assert row["hardware_burden"] == pytest.approx(345_600 * 8 * 14.13e12 + 86_400 * 64 * 61.5e12)


def test_time_in_core_hours_is_that_of_one_board_as_theirs_is(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = changed(
        sparsenet, "sparsenet.training", accelerator=Name("Google TPU v3", "TPUv3"), count=None, wall_time=None,
        device_time=Quantity.exact(2500 * 86_400, "core-s", "2.5k core-days"),
    )  # fmt: skip
    (row,) = rows(world, said)
    assert (row["training_time_tpu_core_days"], row["training_tpu_amount"]) == (2500.0, 1.0)
    assert row["training_time_total_sec"] == pytest.approx(312.5 * 86_400)
    assert row["training_tpu_ptp_gflops"] == pytest.approx(492_000.0)
    assert row["hardware_burden"] == pytest.approx(312.5 * 86_400 * 492e12)
    assert row["training_time_total"] == "2.5k core-days"


def test_of_several_runs_of_a_phase_the_costliest_stands_and_the_others_are_named(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    (row,) = rows(world, further(sparsenet, count=Quantity.exact(10, "devices", "10")))
    assert row["training_gpu_amount"] == 10.0
    assert row["hardware_burden"] == pytest.approx(345_600 * 10 * 14.13e12)
    assert "not counted, further runs of a phase: 2403.00042/run/sparsenet.training" in str(row["comments"])


def test_a_search_counts_in_the_burden_and_is_named(world: World, sparsenet: tuple[Said, ...]) -> None:
    searched = tuple(
        (kind, "sparsenet.search", name, Name("search", "search") if name == "phase" else value)
        for kind, slug, name, value in sparsenet
        if slug == "sparsenet.training"
    )
    (row,) = rows(world, (*sparsenet, *searched))
    assert row["hardware_burden"] == pytest.approx(2 * 345_600 * 8 * 14.13e12)
    assert "architecture search counted in hardware_burden" in str(row["comments"])


def test_nodes_of_unknown_size_are_a_remark_and_no_amount(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = changed(sparsenet, "sparsenet.training", count=Quantity.exact(4, "nodes", "4"))
    (row,) = rows(world, said)
    assert "training_gpu_amount" not in row
    assert "hardware_burden" not in row
    assert "4 nodes of unknown size" in str(row["comments"])


def test_where_only_operations_are_known_the_burden_is_converted_as_they_do(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = changed(sparsenet, "sparsenet.training", wall_time=None)
    (row,) = rows(
        world, (*said, *result("box", "box_ap", 40.1, split="test-dev", benchmark="coco-detection"))
    )
    operations = float(str(row["network_operations"]))
    assert "hardware_burden" not in row
    assert row["computing_power"] == pytest.approx(10**3.1337 * operations**0.8716)
    (row,) = rows(world, said, COCO)
    assert row["computing_power"] == pytest.approx(10**2.7580 * operations**0.8935)


@pytest.mark.parametrize(
    ("split", "setting"), [("test", "single"), ("val", "ensemble"), ("val", "multi-scale")]
)
def test_scores_that_they_do_not_take_make_no_row(
    world: World, sparsenet: tuple[Said, ...], split: str, setting: str
) -> None:
    said = tuple(item for item in sparsenet if item[0] != "result")
    assert rows(world, (*said, *result("other", "top1_accuracy", 79.0, split=split, setting=setting))) == []


def test_scores_of_a_row_are_all_of_one_way_of_testing(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = (
        *sparsenet,
        *result("crops", "top1_accuracy", 78.0, setting="multi-crop"),
        *result("single5", "top5_accuracy", 93.0),
        *result("crops5", "top5_error", 6.5, setting="multi-crop"),
    )
    (row,) = rows(world, said)
    assert (row["(TOP 1 score)"], row["(TOP 5 score)"]) == (78.0, 93.5)
    assert "scores: val, multi-crop" in str(row["comments"])


def test_a_score_that_cannot_be_makes_no_row(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = changed(sparsenet, "sparsenet.top1", score=Quantity.exact(100.0, "percent", "100"))
    assert rows(world, said) == []


def test_a_baseline_has_no_row(world: World, sparsenet: tuple[Said, ...]) -> None:
    assert rows(world, changed(sparsenet, "sparsenet", role=Name("baseline", "theirs"))) == []


def test_what_is_said_of_all_models_stands_where_none_is_said_of_one(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = changed(sparsenet, "sparsenet.training", model=None)
    (row,) = rows(world, said)
    assert row["training_gpu_amount"] == 8.0
    assert "said of all models of the paper, or of none by name: 2403.00042/run/" in str(row["comments"])


def test_the_id_of_a_model_leads_to_its_rows(world: World, sparsenet: tuple[Said, ...]) -> None:
    (row,) = rows(world, sparsenet)
    assert EntityId.parse(str(row["comments"]).split(";")[0]).kind == "model"


def test_of_several_runs_that_are_said_of_all_models_only_what_none_contradicts_stands(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = further(
        changed(sparsenet, "sparsenet.training", model=None), count=Quantity.exact(32, "devices", "32")
    )
    (row,) = rows(world, said)
    assert row["training_gpu_model"] == "NVIDIA Tesla V100"
    assert "training_gpu_amount" not in row
    assert "hardware_burden" not in row


def test_two_ways_to_say_one_cost_of_all_models_are_one_cost(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = further(
        changed(sparsenet, "sparsenet.training", model=None),
        count=Quantity.exact(16, "devices", "16"), wall_time=Quantity.exact(2 * 86_400, "s", "two days"),
    )  # fmt: skip
    (row,) = rows(world, said)
    assert row["hardware_burden"] == pytest.approx(345_600 * 8 * 14.13e12)


def test_hardware_of_one_and_time_of_another_are_no_cost(world: World, sparsenet: tuple[Said, ...]) -> None:
    timed = further(
        changed(sparsenet, "sparsenet.training", model=None, wall_time=None), accelerator=None, count=None,
        wall_time=Quantity.exact(86_400, "s", "a day"),
    )  # fmt: skip
    (row,) = rows(world, timed)
    assert "training_time_total_sec" not in row
    assert "hardware_burden" not in row


def test_steps_on_one_set_do_not_count_for_a_model_of_another(
    world: World, sparsenet: tuple[Said, ...]
) -> None:
    said = further(changed(sparsenet, "sparsenet.training", model=None), steps=None, batch_size=Quantity.exact(16, "examples", "16"))  # fmt: skip
    (row,) = rows(world, said)
    assert "network_operations" not in row


def test_a_cpu_stands_beside_what_it_fed(world: World, sparsenet: tuple[Said, ...]) -> None:
    said = further(sparsenet, accelerator=Name("Intel Xeon Platinum 8168", "Xeon"), count=Quantity.exact(2, "devices", "2"))  # fmt: skip
    (row,) = rows(world, said)
    assert (row["training_gpu_amount"], row["training_cpu_amount"]) == (8.0, 2.0)
    assert "not counted" not in str(row["comments"])
