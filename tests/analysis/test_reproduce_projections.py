import math
from pathlib import Path

import pytest

from analysis.reproduce import reproduce
from analysis.reproduce_projections import FILE_2020, MEASURES, Projected
from extractors.facts.errors import DatasetError

HEADER = f"benchmark,error,model,{','.join(MEASURES)}\n"


def projections(folder: Path) -> dict[tuple[str, float, str], Projected]:
    return {(item.benchmark, item.error, item.form): item for item in reproduce(folder).projections}


def test_ours_stand_alone_where_none_are_published(points_folder: Path) -> None:
    found = projections(points_folder)
    assert len(found) == 30
    assert not any(item.theirs or item.differing for item in found.values())


def test_a_whole_power_agrees_that_ours_round_down_to(points_folder: Path) -> None:
    key = ("imagenet", 0.05, "polynomial")
    ours = [math.floor(power) for power in projections(points_folder)[key].ours.values()]
    line = ",".join(map(str, [*ours[:2], ours[2] + 1]))
    (points_folder / FILE_2020).write_text(f"{HEADER}ImageNet,0.05,polynomial,{line}\n")
    assert projections(points_folder)[key].differing == ("log10_usd",)


def test_points_of_one_benchmark_move_its_projections_alone(points_folder: Path) -> None:
    before = projections(points_folder)
    path = points_folder / "points.csv"
    path.write_text(path.read_text().replace("imagenet,2019,Net-0,100000000.0", "imagenet,2019,Net-0,1e7", 1))
    after = projections(points_folder)
    assert {key[0] for key in before if before[key] != after[key]} == {"imagenet"}


@pytest.mark.parametrize("content", ["benchmark\nImageNet\n", f"{HEADER}ImageNet,low,polynomial,1,2,3\n"])
def test_a_file_of_projections_that_cannot_be_read_is_named(points_folder: Path, content: str) -> None:
    (points_folder / FILE_2020).write_text(content)
    with pytest.raises(DatasetError, match=r"published projections cannot be read.*projections\.csv"):
        reproduce(points_folder)


@pytest.mark.corpus
def test_all_but_one_of_the_authors_computing_cells_come_out(shared: Path) -> None:
    found = reproduce(shared / "reference" / "thompson2020").projections
    assert len(found) == 30
    assert [item.benchmark for item in found if "log10_gflop" in item.differing] == ["wmt2014-en-fr"]
    assert sum("log10_co2_lbs" in item.differing for item in found) == 1
    assert not any("log10_usd" in item.differing for item in found)
