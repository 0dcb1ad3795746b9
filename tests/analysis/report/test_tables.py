import csv
import io
import json

from analysis.report.contents import Contents
from analysis.report.tables import COLUMNS, as_csv, as_json, tables


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8"))))


def test_every_row_has_a_column_for_every_value(contents: Contents) -> None:
    for name, found in tables(contents).items():
        assert {column for row in found for column in row} <= set(COLUMNS[name]), name


def test_fits_have_a_row_where_there_is_no_line(files: dict[str, bytes]) -> None:
    found = {(row["benchmark"], row["form"]): row for row in rows(files, "fits.csv")}
    assert len(found) == 6
    assert (
        found["glue", "polynomial"]["no_fit"]
        == "0 points, of at least 8: a line would be decided by one of them"
    )
    fit = found["imagenet-1k", "polynomial"]
    assert float(fit["slope_low"]) < float(fit["slope"]) < float(fit["slope_high"])


def test_what_strangers_wrote_is_no_formula(files: dict[str, bytes]) -> None:
    assert {row["model"] for row in rows(files, "points.csv")} >= {"'=cmd|' /C calc'!A0"}
    assert (
        as_csv("left_out", [{"paper_id": "@x", "reason": "-1"}]).decode().splitlines()[1].startswith(",'@x")
    )


def test_points_and_papers_without_one_keep_their_source(files: dict[str, bytes]) -> None:
    assert {row["origin"] for row in rows(files, "points.csv") + rows(files, "left_out.csv")} == {"planted"}
    assert all(row["result_id"] for row in rows(files, "points.csv"))
    assert {row["reason"] for row in rows(files, "left_out.csv")} == {"the training time is not reported"}


def test_json_is_plain_and_complete(contents: Contents) -> None:
    found = json.loads(json.dumps(as_json(contents), allow_nan=False))
    assert [item["points"] for item in found["benchmarks"]] == [27, 5, 0]
    assert found["convention"] == contents.study.convention
    assert found["projection_sentences"]
    assert found["movement_sentences"][0].startswith("imagenet-1k: the slope went from ")
