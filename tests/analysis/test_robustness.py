from collections.abc import Callable
from pathlib import Path

from analysis.conventions import Options
from analysis.load import load_release
from analysis.robustness import Robustness, robustness
from analysis.study import study

Tables = dict[str, list[dict[str, object]]]
SLOPE = 0.08


def looked_at(folder: Path, draws: int = 20) -> Robustness:
    release = load_release(folder)
    return robustness(study([release], Options()), [release], Options(), draws)


def test_every_estimator_finds_the_planted_slope_or_says_why_not(
    tables: Tables, write_release: Callable[[Tables], Path]
) -> None:
    rows = looked_at(write_release(tables)).estimates
    slopes = [float(str(row["value"])) for row in rows if row.get("term") == "log10(burden)"]
    assert len(slopes) >= 5
    assert all(abs(slope - SLOPE) < 0.02 for slope in slopes)
    assert all(row.get("no_fit") for row in rows if "term" not in row)
    assert {row["convention"] for row in rows} == {Options().name}


def test_the_same_release_gives_the_same_numbers(
    tables: Tables, write_release: Callable[[Tables], Path]
) -> None:
    folder = write_release(tables)
    assert looked_at(folder) == looked_at(folder)


def test_few_points_are_one_row_with_the_reason(
    tables: Tables, write_release: Callable[[Tables], Path]
) -> None:
    del tables["results"][7:]
    found = looked_at(write_release(tables))
    (row,) = found.estimates
    assert str(row["no_fit"]).startswith("7 points, of at least 8")
    assert found.sentences["imagenet-1k"].startswith("The forms are not compared: 7 points")
