from pathlib import Path

import pytest

from analysis.report.contents import Contents
from analysis.report.files import report_files, write_report
from extractors.facts.errors import UsageError


def test_all_files_are_written_the_page_first(
    contents: Contents, files: dict[str, bytes], tmp_path: Path
) -> None:
    names = write_report(contents, tmp_path / "out")
    assert names[0] == "report.html"
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(names)
    assert {
        "fits.json", "fits.csv", "points.csv", "left_out.csv", "estimates.csv", "forms.csv", "pooled.csv", "sensitivity.csv",
        "coverage.csv", "reporting.csv", "imputed.csv", "projections.csv", "fits.tex", "points.tex", "projections.tex",
        "imagenet-1k.svg", "imagenet-1k.png", "imagenet-1k-narrow.svg", "imagenet-1k-narrow.png", "slopes.svg", "sensitivity.svg",
        "coverage.svg", "projections.svg",
    } <= set(names)  # fmt: skip
    assert all((tmp_path / "out" / name).read_bytes() == files[name] for name in names), (
        "the same contents are the same bytes"
    )


def test_every_table_names_the_convention(contents: Contents, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith((".csv", ".json")):
            assert contents.study.convention.encode() in content or content.count(b"\n") == 1, name


def test_a_report_without_points_has_its_tables(empty: Contents) -> None:
    assert {"report.html", "fits.json", "fits.csv", "points.csv", "left_out.csv"} <= set(report_files(empty))


def test_a_folder_that_cannot_be_made_is_said(empty: Contents, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="the report cannot be written"):
        write_report(empty, tmp_path / "file")
