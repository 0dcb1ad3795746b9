import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.conventions import Options
from analysis.load import load_release
from analysis.report import as_json, markdown, write_report
from analysis.study import Study, study
from extractors.facts.errors import UsageError

Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]


@pytest.fixture
def done(tables: Tables, write_release: WriteRelease) -> Study:
    tables["models"][0]["name"] = "=cmd|' /C calc'!A0"
    return study([load_release(write_release(tables))], Options())


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_all_files_are_written_and_name_the_convention(done: Study, tmp_path: Path) -> None:
    names = write_report(done, tmp_path / "out")
    assert set(names) == {
        "report.md", "fits.csv", "fits.json", "points.csv", "left_out.csv", "imagenet-1k.png", "imagenet-1k.svg",
    }  # fmt: skip
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(names)
    for name in names:
        if name not in ("imagenet-1k.png", "left_out.csv"):
            assert done.convention in (tmp_path / "out" / name).read_text(encoding="utf-8")


def test_the_same_study_is_the_same_bytes(done: Study, tmp_path: Path) -> None:
    names = write_report(done, tmp_path / "a")
    write_report(done, tmp_path / "b")
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_fits_have_a_row_where_there_is_no_line(done: Study, tmp_path: Path) -> None:
    write_report(done, tmp_path)
    found = {(row["benchmark"], row["form"]): row for row in rows(tmp_path / "fits.csv")}
    assert len(found) == 6
    assert (
        found["coco-detection", "polynomial"]["no_fit"]
        == "0 points, of at least 8: a line would be decided by one of them"
    )
    fit = found["imagenet-1k", "polynomial"]
    assert float(fit["slope_low"]) < float(fit["slope"]) < float(fit["slope_high"])


def test_json_is_plain_and_complete(done: Study) -> None:
    found = json.loads(json.dumps(as_json(done), allow_nan=False))
    assert [item["points"] for item in found["benchmarks"]] == [24, 0, 0]
    assert found["convention"] == done.convention


def test_points_keep_their_source_and_are_no_formulas(done: Study, tmp_path: Path) -> None:
    write_report(done, tmp_path)
    found = rows(tmp_path / "points.csv")
    assert len(found) == 24
    named = next(row for row in found if row["paper_id"] == "2401.00000")
    assert named["model"] == "'=cmd|' /C calc'!A0"
    assert named["result_id"] == "2401.00000/result/net"


def test_the_report_is_a_table_that_names_cannot_break(done: Study) -> None:
    lines = markdown(done).splitlines()
    (line,) = (line for line in lines if "calc" in line)
    assert "=cmd\\|" in line
    assert "No points: no paper reports a result." in lines
    assert (
        "| coco-detection | polynomial | 0 |  |  |  | no fit: 0 points, of at least 8: a line would be decided by one of them |  |  |"
        in lines
    )


def test_a_folder_that_cannot_be_made_is_said(done: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="the report cannot be written"):
        write_report(done, tmp_path / "file")
