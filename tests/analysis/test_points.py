from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from analysis.authors import WIDE_FILES
from analysis.conventions import Options
from analysis.load import load_release
from analysis.points import Joined, join
from analysis.tabulated import release_of_tables
from extractors.facts.errors import DatasetError

Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]
AddPaper = Callable[..., None]
SetCell = Callable[[Path, int, Mapping[str, str]], None]
BURDEN = 3600.0 * 8 * 1e13


@pytest.fixture
def one(plant: Callable[..., Tables], add_paper: AddPaper) -> Tables:
    """Tables with one paper whose model was trained for an hour on eight devices."""
    tables = plant(papers=0)
    add_paper(tables, "2401.00001", 0.25, wall_time_s=3600.0, count=8.0)
    return tables


@pytest.fixture
def joined(write_release: WriteRelease) -> Callable[[Tables], Joined]:
    """Joins tables and gives what came of ImageNet."""

    def run(tables: Tables) -> Joined:
        return next(
            item
            for item in join([load_release(write_release(tables))], Options())
            if item.benchmark == "imagenet-1k"
        )

    return run


Join = Callable[[Tables], Joined]


def test_a_result_meets_the_run_of_its_model(one: Tables, joined: Join) -> None:
    (point,) = joined(one).points
    assert (point.paper_id, point.model, point.published) == ("2401.00001", "Net", "2024-01-31")
    assert (point.burden, point.error, point.basis) == (BURDEN, 0.25, "reported")


def test_a_model_without_runs_takes_those_of_the_whole_paper(one: Tables, joined: Join) -> None:
    one["training_runs"][0]["model_id"] = None
    assert [point.burden for point in joined(one).points] == [BURDEN]


def test_a_model_with_runs_takes_no_others(one: Tables, joined: Join) -> None:
    one["training_runs"].append(one["training_runs"][0] | {"run_id": "other", "model_id": None})
    assert [point.burden for point in joined(one).points] == [BURDEN]


def test_of_several_runs_of_a_phase_the_costliest_counts_and_phases_add_up(one: Tables, joined: Join) -> None:
    run = one["training_runs"][0]
    one["training_runs"] += [
        run | {"run_id": "longer", "wall_time_s": 7200.0},
        run | {"run_id": "before", "phase": "pretraining"},
    ]
    (point,) = joined(one).points
    assert point.burden == 3.0 * BURDEN
    assert set(point.runs) == {"longer", "before"}


def test_several_trainings_of_all_models_are_nobody_s(one: Tables, joined: Join) -> None:
    run = one["training_runs"][0] | {"model_id": None}
    one["training_runs"] = [run, run | {"run_id": "longer", "wall_time_s": 7200.0}]
    (left,) = joined(one).left_out
    assert left.reason == "the paper tells several trainings and not which is this model's"


def test_runs_of_another_model_are_not_taken(one: Tables, joined: Join) -> None:
    one["training_runs"][0]["model_id"] = "2401.00001/model/another"
    found = joined(one)
    assert not found.points
    assert [item.reason for item in found.left_out] == ["no training run is reported"]


def test_the_best_result_of_a_paper_is_its_point(one: Tables, joined: Join) -> None:
    first = one["results"][0]
    one["results"] += [
        first | {"result_id": "worse", "error": 0.3},
        first | {"result_id": "a better", "error": 0.2},
    ]
    assert [(point.result_id, point.error) for point in joined(one).points] == [("a better", 0.2)]


def test_error_and_accuracy_are_one_metric(one: Tables, joined: Join) -> None:
    one["results"].append(one["results"][0] | {"result_id": "turned", "metric": "top1_error", "error": 0.2})
    assert [point.result_id for point in joined(one).points] == ["turned"]


@pytest.mark.parametrize("change", [{"metric": "top5_accuracy"}, {"setting": "ensemble"}, {"error": None}])
def test_what_does_not_stand_for_a_paper_is_no_point(
    one: Tables, joined: Join, change: dict[str, object]
) -> None:
    one["results"].append(one["results"][0] | {"result_id": "other", "error": 0.01} | change)
    assert [point.error for point in joined(one).points] == [0.25]


def test_a_baseline_is_another_papers_point(one: Tables, joined: Join) -> None:
    one["models"][0]["role"] = "baseline"
    found = joined(one)
    assert (found.points, found.left_out) == ((), ())


def test_a_metric_without_error_is_said(one: Tables, write_release: WriteRelease) -> None:
    (found,) = (item for item in join([load_release(write_release(one))], Options()) if item.reason)
    assert (found.benchmark, found.reason) == ("imagenet-gen", "its primary metric, fid, says no error rate")


@pytest.mark.parametrize("error", [0.0, 1.2, -0.1])
def test_an_error_that_cannot_be_is_named_with_its_row(one: Tables, joined: Join, error: float) -> None:
    one["results"][0]["error"] = error
    with pytest.raises(DatasetError, match=r"results, 2401.00001/result/net, column error"):
        joined(one)


def test_a_negative_time_is_named_with_its_run(one: Tables, joined: Join) -> None:
    one["training_runs"][0]["wall_time_s"] = -5.0
    with pytest.raises(
        DatasetError, match=r"wall time of -5 cannot be \(training_runs, 2401.00001/run/net.training\)"
    ):
        joined(one)


def test_the_order_of_rows_does_not_matter(
    tables: Tables, tmp_path: Path, write_release: WriteRelease
) -> None:
    folder = write_release(tables)
    first = join([load_release(folder)], Options())
    folder.rename(tmp_path / "first")
    for rows in (tables["papers"], tables["models"], tables["training_runs"], tables["results"]):
        rows.reverse()
    assert join([load_release(write_release(tables))], Options()) == first


def test_what_a_network_was_shown_counts_where_nothing_is_said_of_hardware(
    one: Tables, joined: Join, add_paper: AddPaper
) -> None:
    shown = {"epochs": 10.0, "training_set_size": 1e6, "training_set_unit": "examples"}
    add_paper(one, "2401.00002", 0.3, accelerator=None, count_unit=None, **shown)
    one["models"][1]["flops"] = 1e9
    (left,) = joined(one).left_out
    assert (left.reason, left.operations) == ("no training run is reported", 3e16)


def test_points_lead_to_their_paper_and_their_rows(one: Tables, joined: Join) -> None:
    (point,) = joined(one).points
    assert point.link == "https://arxiv.org/abs/2401.00001"
    assert (point.origin, point.runs, point.model_id) == (
        "release 0.1.0",
        ("2401.00001/run/net.training",),
        "2401.00001/model/net",
    )


def test_a_paper_in_two_releases_is_one_point_and_that_of_the_first(
    one: Tables, write_release: WriteRelease, wide_folder: Path, set_cell: SetCell
) -> None:
    file = wide_folder / WIDE_FILES["imagenet"]
    set_cell(file, 2, {"paper_link": "https://arxiv.org/abs/2401.00001v3"})
    set_cell(file, 3, {"title": "  on 2401.00001 "})
    ours, theirs = load_release(write_release(one)), release_of_tables(wide_folder)
    (both,) = (item for item in join([ours, theirs], Options()) if item.benchmark == "imagenet-1k")
    assert [point.origin for point in both.points].count("release 0.1.0") == 1
    assert len(both.points) == 1 + 12 - 2
    (turned,) = (item for item in join([theirs, ours], Options()) if item.benchmark == "imagenet-1k")
    assert {point.origin for point in turned.points} == {"wide"}


def test_a_point_is_taken_before_a_paper_that_gives_none(
    one: Tables, write_release: WriteRelease, wide_folder: Path, set_cell: SetCell
) -> None:
    one["training_runs"][0]["wall_time_s"] = None
    set_cell(wide_folder / WIDE_FILES["imagenet"], 2, {"paper_link": "https://arxiv.org/abs/2401.00001"})
    ours, theirs = load_release(write_release(one)), release_of_tables(wide_folder)
    (both,) = (item for item in join([ours, theirs], Options()) if item.benchmark == "imagenet-1k")
    assert len(both.points) == 12
    assert not both.left_out
