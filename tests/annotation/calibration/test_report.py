"""The report says what a person needs to decide, with a picture for each field."""

import json
from pathlib import Path

import pytest

from annotation.calibration.calibrating import Calibration, calibrate
from annotation.calibration.report import words_for, write
from extractors.confidence import Linear, Model, model_from_json
from extractors.facts.errors import UsageError
from extractors.promise import Promise
from tests.annotation.calibration.conftest import judgements


@pytest.fixture(scope="module")
def done() -> Calibration:
    rows = [*judgements(60), *judgements(10, path="run.wall_time", each=1)]
    return calibrate(rows, Model("guess", {"training": Linear(0.0)}), Promise(0.9), "7")


def test_the_report_its_pictures_its_figures_and_the_model_are_written(
    done: Calibration, tmp_path: Path
) -> None:
    files = write(done, tmp_path / "new" / "folder")
    assert files == ("report.md", "calibration.json", "model.json", "training.png", "run-count.png")
    folder = tmp_path / "new" / "folder"
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in files if name.endswith("png"))
    assert model_from_json((folder / "model.json").read_bytes()) == done.model
    text = (folder / "report.md").read_text()
    assert "Promised precision: 90%." in text
    assert "| run.count | 480 |" in text
    assert "run.wall_time" not in text  # too few for figures of its own
    assert "![run.count](run-count.png)" in text


def test_the_same_calibration_gives_the_same_bytes(done: Calibration, tmp_path: Path) -> None:
    one, other = (
        {name: (tmp_path / folder / name).read_bytes() for name in write(done, tmp_path / folder)}
        for folder in ("one", "other")
    )
    assert one == other


def test_programs_get_figures_and_borders(done: Calibration, tmp_path: Path) -> None:
    write(done, tmp_path)
    found = json.loads((tmp_path / "calibration.json").read_text())
    assert found["judged"] == 490
    count = found["groups"]["run.count"]
    assert count["skill"] > 0.1 and count["border"] is not None
    assert count["risk_by_coverage"]["0.1"] <= count["risk_by_coverage"]["1.0"]
    assert found["comparison"]["objections"] == []


def test_a_folder_that_cannot_be_is_said_in_words(done: Calibration, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write(done, tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("needed", "words"), [(0, "none"), (40, "about 40"), (None, "no number would do at this precision")]
)
def test_reviews_needed_are_told_in_words(needed: int | None, words: str) -> None:
    assert words_for(needed) == words
