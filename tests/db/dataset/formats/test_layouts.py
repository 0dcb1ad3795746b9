"""Tables in the columns of others are files that their readers read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.reproduce import reproduce
from db.dataset.formats.layouts import EPOCH
from db.dataset.layouts.authors import layouts
from db.dataset.layouts.epoch import COLUMNS
from db.dataset.rowfiles import RowFiles

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World


def written(world: World, folder: Path, **titles: str) -> Path:
    """A folder with the rows of two papers."""
    folder.mkdir()
    for paper in ("2403.00042", "2403.00043"):
        world.read(paper, title=titles.get("title", "Sparse Networks"))
    with RowFiles(folder) as files:
        for part in world.parts():
            files.add(part)
        files.end()
    return folder / "computational_limits"


def test_every_benchmark_of_theirs_has_a_file_with_its_head(world: World, tmp_path: Path) -> None:
    folder = written(world, tmp_path / "release")
    for layout in layouts():
        lines = pd.read_csv(folder / layout.file, header=None, dtype="object", keep_default_na=False)
        assert [tuple(row) for row in lines.head(4).to_numpy()] == list(layout.head)


def test_pandas_reads_them_as_it_reads_theirs(world: World, tmp_path: Path) -> None:
    table = pd.read_csv(written(world, tmp_path / "release") / "image-classification-on-imagenet.csv")[3:]
    assert list(table["name"]) == ["SparseNet", "SparseNet"]
    assert list(table["(TOP 1 score)"].astype(float)) == [76.3, 76.3]


def test_a_benchmark_without_a_model_has_its_head_alone(world: World, tmp_path: Path) -> None:
    assert len(pd.read_csv(written(world, tmp_path / "release") / "object-detection-on-coco.csv")[3:]) == 0


def test_too_few_points_for_a_published_fit_are_told_in_a_sentence(world: World, tmp_path: Path) -> None:
    done = reproduce(written(world, tmp_path / "release"))
    assert {item.verdict for item in done.comparisons} == {"not computed"}
    reasons = {item.problem for item in done.comparisons if item.benchmark == "imagenet"}
    assert "0 rows are named AlexNet, where one is the reference" in reasons
    assert "2 of at least 3 points" in reasons
    assert [(found.measure, found.rows, found.agreeing) for found in done.recomputed] == [
        ("hardware burden", 2, 2),
        ("network operations", 0, 0),
    ]


def test_a_spreadsheet_finds_no_formula_in_them(world: World, tmp_path: Path) -> None:
    folder = written(world, tmp_path / "release", title='=HYPERLINK("evil")')
    table = pd.read_csv(folder / "image-classification-on-imagenet.csv")[3:]
    assert set(table["title"]) == {'\'=HYPERLINK("evil")'}


def test_the_same_state_gives_the_same_bytes(world: World, tmp_path: Path) -> None:
    one, other = (written(world, tmp_path / name) for name in ("one", "other"))
    for layout in layouts():
        assert (one / layout.file).read_bytes() == (other / layout.file).read_bytes()


def test_one_row_a_model_in_the_columns_of_epoch(world: World, tmp_path: Path) -> None:
    table = pd.read_csv(written(world, tmp_path / "release").parent / EPOCH)
    assert tuple(table.columns) == COLUMNS
    assert list(table["Model"]) == ["SparseNet", "SparseNet"]
    assert list(table["Training time (hours)"]) == [96.0, 96.0]
