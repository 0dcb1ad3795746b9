from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from analysis.authors import WIDE_FILES, read_tables
from analysis.conventions import Options
from analysis.points import Joined, LeftOut, Point, join
from analysis.regressions import Fit
from analysis.study import study
from analysis.tabulated import BENCHMARKS, release_of_tables
from extractors.facts.benchmarks import catalogue
from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.measures import Convention

SetCell = Callable[[Path, int, Mapping[str, str]], None]


def imagenet(folder: Path, options: Options | None = None) -> Joined:
    return next(
        item
        for item in join([release_of_tables(folder)], options or Options())
        if item.benchmark == "imagenet-1k"
    )


def entry(folder: Path, model: str) -> Point | LeftOut:
    found = imagenet(folder)
    everything: list[Point | LeftOut] = [*found.points, *found.left_out]
    (only,) = (item for item in everything if item.model == model)
    return only


def test_every_benchmark_of_the_tables_is_one_of_the_catalogue() -> None:
    assert set(BENCHMARKS) == set(WIDE_FILES)
    assert set(BENCHMARKS.values()) <= set(catalogue().benchmarks())


def test_burdens_are_those_that_stand_in_the_rows(wide_folder: Path) -> None:
    table = read_tables(wide_folder)["imagenet"]
    printed = {row["name"]: float(row["hardware_burden"]) for row in table.rows if row["hardware_burden"]}
    found = {point.model: point.burden for point in imagenet(wide_folder).points}
    assert {name: found[name] for name in printed} == pytest.approx(printed)


def test_operations_are_those_that_stand_in_the_rows(wide_folder: Path) -> None:
    printed = [float(row["network_operations"]) for row in read_tables(wide_folder)["imagenet"].rows]
    assert sorted(float(point.operations or 0.0) for point in imagenet(wide_folder).points) == pytest.approx(
        sorted(printed)
    )


def test_points_say_where_they_are_from_and_where_the_paper_is(wide_folder: Path, set_cell: SetCell) -> None:
    file = wide_folder / WIDE_FILES["imagenet"]
    set_cell(file, 2, {"title": "On Nets", "paper_link": "https://arxiv.org/pdf/2205.01917v1.pdf"})
    set_cell(file, 3, {"paper_link": "javascript:alert(1)"})
    point = entry(wide_folder, "Net-2")
    assert (point.origin, point.paper_id, point.title) == ("wide", "2205.01917", "On Nets")
    assert (point.published, point.link) == ("2014", "https://arxiv.org/pdf/2205.01917v1.pdf")
    assert entry(wide_folder, "Net-3").link == ""


def test_a_row_without_a_score_gives_nothing(wide_folder: Path, set_cell: SetCell) -> None:
    set_cell(wide_folder / WIDE_FILES["imagenet"], 2, {"(TOP 1 score)": ""})
    assert "Net-2" not in {point.model for point in imagenet(wide_folder).points}


def test_a_row_without_its_time_is_left_out_and_says_so(wide_folder: Path, set_cell: SetCell) -> None:
    set_cell(wide_folder / WIDE_FILES["imagenet"], 2, {"training_time_total_sec": ""})
    left = entry(wide_folder, "Net-2")
    assert isinstance(left, LeftOut)
    assert left.reason == "the training time is not reported"
    assert left.operations is not None


def test_work_of_all_phases_and_processors_is_summed(wide_folder: Path, set_cell: SetCell) -> None:
    cells = {
        "pretraining_time_total_sec": "100", "pretraining_tpu_model": "Cloud TPU v3", "pretraining_tpu_amount": "4",
        "pretraining_tpu_ptp_gflops": "420000", "training_time_total_sec": "10",
        "training_cpu_model": "Processor 1", "training_cpu_amount": "2", "training_cpu_ptp_gflops": "50",
    }  # fmt: skip
    set_cell(wide_folder / WIDE_FILES["imagenet"], 2, cells)
    point = entry(wide_folder, "Net-2")
    assert isinstance(point, Point)
    assert point.burden == pytest.approx(100 * 4 * 4.2e14 + 10 * 8 * 1e13 + 10 * 2 * 5e10)


def test_a_processor_that_is_only_named_beside_a_counted_one_adds_nothing(
    wide_folder: Path, set_cell: SetCell
) -> None:
    before = entry(wide_folder, "Net-2")
    set_cell(wide_folder / WIDE_FILES["imagenet"], 2, {"training_cpu_model": "Processor 1"})
    after = entry(wide_folder, "Net-2")
    assert isinstance(before, Point)
    assert isinstance(after, Point)
    assert after.burden == before.burden


def test_other_conventions_move_burdens_by_what_the_hardware_can_do(
    wide_folder: Path, set_cell: SetCell
) -> None:
    file = wide_folder / WIDE_FILES["imagenet"]
    set_cell(file, 2, {"training_gpu_model": "Tesla V100 PCIe 16 GB", "training_gpu_ptp_gflops": "14130"})
    tpu = {"training_tpu_model": "Cloud TPU v3", "training_tpu_amount": "2", "training_tpu_ptp_gflops": "420000"}  # fmt: skip
    set_cell(file, 3, tpu | {f"training_gpu_{part}": "" for part in ("model", "amount", "ptp_gflops")})

    def burdens(convention: Convention) -> dict[str, float]:
        return {point.model: point.burden for point in imagenet(wide_folder, Options(convention)).points}

    base, tensor, chip = (
        burdens(Convention()),
        burdens(Convention(rate="tensor")),
        burdens(Convention(tpu="chip")),
    )
    assert tensor["Net-2"] / base["Net-2"] == pytest.approx(125.0 / 14.13, rel=0.15)
    assert chip["Net-3"] == pytest.approx(base["Net-3"] / 4.0)
    assert tensor["Net-3"] == base["Net-3"]


def test_the_points_of_2020_are_read_as_they_stand(points_folder: Path) -> None:
    found = imagenet(points_folder)
    assert [point.burden for point in found.points] == pytest.approx([10.0 ** (17 + at) for at in range(8)])
    assert found.points[0].error == pytest.approx(0.5)
    assert {point.origin for point in found.points} == {"points"}


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"(TOP 1 score)": "100"}, "line 7, column (TOP 1 score)"),
        ({"(TOP 1 score)": "-3"}, "line 7, column (TOP 1 score)"),
        ({"training_time_total_sec": "-60"}, "line 7, column training_time_total_sec"),
        ({"training_gpu_amount": "eight"}, "line 7, column training_gpu_amount"),
        ({"training_epochs": "-1"}, "line 7, column training_epochs"),
    ],
)
def test_a_cell_that_cannot_be_is_named(
    wide_folder: Path, set_cell: SetCell, cells: dict[str, str], where: str
) -> None:
    set_cell(wide_folder / WIDE_FILES["imagenet"], 2, cells)
    with pytest.raises(DatasetError) as caught:
        release_of_tables(wide_folder)
    assert caught.value.where == f"image-classification-on-imagenet.csv {where}"


def test_an_impossible_point_of_2020_is_named_by_the_line_of_its_file(points_folder: Path) -> None:
    file = points_folder / "points.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[12] = lines[12].rpartition(",")[0] + ",1.0"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        release_of_tables(points_folder)
    assert caught.value.where == "points.csv line 13, column accuracy"


def test_a_table_that_lacks_a_column_says_which(points_folder: Path) -> None:
    file = points_folder / "points.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("accuracy", "precision"), encoding="utf-8")
    with pytest.raises(DatasetError, match="the table has no column 'accuracy'"):
        release_of_tables(points_folder)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there are no tables of the authors"):
        release_of_tables(tmp_path)


@pytest.mark.corpus
def test_the_authors_tables_give_their_published_points(shared: Path) -> None:
    sections = {item.benchmark: item for item in study([release_of_tables(shared / "reference" / "thompson2022")], Options()).sections}  # fmt: skip
    counts = {name: len(section.points) for name, section in sections.items()}
    assert counts == {
        "imagenet-1k": 36, "coco-detection": 13, "squad-1.1": 12, "conll-2003-ner": 12, "wmt14-en-fr": 14,
        "wmt14-en-de": 12,
    }  # fmt: skip
    slopes = {
        name: section.fits[0].result.slope
        for name, section in sections.items()
        if isinstance(section.fits[0].result, Fit)
    }
    published = {"coco-detection": 0.0599, "squad-1.1": 0.0956, "conll-2003-ner": 0.0269, "wmt14-en-fr": 0.0236, "wmt14-en-de": 0.0141}  # fmt: skip
    assert {name: slopes[name] for name in published} == pytest.approx(published, abs=1.5e-4)
