from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from analysis.authors import WIDE_FILES, read_points, read_wide, works_of
from extractors.facts.errors import DatasetError

SetCell = Callable[[Path, int, Mapping[str, str]], None]


def test_the_headings_are_no_rows(wide_folder: Path) -> None:
    table = read_wide(wide_folder / WIDE_FILES["imagenet"])
    assert len(table.rows) == 12
    assert table.text(0, "name") == "AlexNet"
    assert table.line(0) == 5


def test_an_empty_cell_is_no_number(wide_folder: Path) -> None:
    burdens = read_wide(wide_folder / WIDE_FILES["imagenet"]).numbers("hardware_burden")
    assert np.isnan(burdens[1::3]).all()
    assert np.isfinite(burdens[0::3]).all()


def test_a_cell_that_is_no_number_is_named(wide_folder: Path, set_cell: SetCell) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    set_cell(path, 2, {"hardware_burden": "much"})
    with pytest.raises(
        DatasetError, match=r"'much' is no number .*imagenet.csv line 7, column hardware_burden"
    ):
        read_wide(path).numbers("hardware_burden")


def test_a_missing_column_is_named(points_folder: Path) -> None:
    with pytest.raises(DatasetError, match="no column 'hardware_burden'"):
        read_points(points_folder / "points.csv").numbers("hardware_burden")


def test_rows_are_chosen_by_a_cell(points_folder: Path) -> None:
    assert len(read_points(points_folder / "points.csv").where("benchmark", "imagenet").rows) == 8


def test_a_row_has_the_work_of_its_phases(wide_folder: Path) -> None:
    table = read_wide(wide_folder / WIDE_FILES["imagenet"])
    assert list(works_of(table, 0)) == [(86400.0, 8.0, 1e13)]


@pytest.mark.parametrize("content", [b"", b"name\n", b"\xff\xfe\x00", b'name,year\n"open,2012\n'])
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"the table .*broken\.csv"):
        read_points(path)


def test_a_table_of_headings_has_no_rows_and_is_a_table(wide_folder: Path) -> None:
    path = wide_folder / WIDE_FILES["imagenet"]
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), encoding="utf-8")
    assert read_wide(path).rows == ()
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    with pytest.raises(DatasetError, match="no rows"):
        read_wide(path)
