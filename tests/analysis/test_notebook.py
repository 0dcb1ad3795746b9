"""What notebooks import, and the worked notebook itself, run against two releases made here."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import analysis
from analysis import cells_behind, left_out_of, load_release, moved_between, points_of, project, regress
from analysis.conventions import Options
from analysis.estimators import Estimate
from analysis.load import Release
from analysis.regressions import NoFit
from extractors.facts.errors import UsageError
from extractors.facts.measures import Convention

Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "notebooks" / "slope.ipynb"
FIRST = "2401.00000"


@pytest.fixture
def folder(
    write_release: WriteRelease, tables: Tables, add_evidence: Callable[[Tables, str, str, float], None]
) -> Path:
    """23 papers with a burden, one without, and the evidence of their times."""
    for row in tables["papers"]:
        add_evidence(tables, f"{row['paper_id']}/run/net.training", "wall_time_s", 3600.0)
    tables["training_runs"][5]["wall_time_s"] = None
    return write_release(tables)


@pytest.fixture
def release(folder: Path) -> Release:
    return load_release(folder)


def test_points_are_a_table_that_goes_straight_into_a_regression(release: Release) -> None:
    points = points_of(release, "imagenet")
    assert len(points) == 23
    assert {"paper", "burden", "error", "benchmark", "published", "title", "convention"} <= set(
        points.columns
    )
    assert points["burden"].is_monotonic_increasing
    fit = regress(points)
    assert isinstance(fit, Estimate)
    assert fit.papers == 23
    assert {row["benchmark"] for row in project(points, draws=10).rows()} == {"imagenet-1k"}


def test_points_are_counted_by_the_convention_that_is_asked_for(release: Release) -> None:
    half = points_of([release], options=Options(Convention(utilisation=0.5)))
    assert half["burden"].sum() == pytest.approx(points_of(release)["burden"].sum() / 2.0)
    assert "utilisation 0.5" in half["convention"].iloc[0]


def test_papers_without_a_point_are_a_table_with_the_reason(release: Release) -> None:
    found = left_out_of(release, "imagenet-1k")
    assert list(found["reason"]) == ["the training time is not reported"]
    assert left_out_of(release, "coco-detection").empty


def test_a_point_leads_to_its_cells(release: Release) -> None:
    found = cells_behind(release, FIRST)
    assert list(found["page"]) == [3]
    assert list(found["quote"]) == ["some words"]
    assert cells_behind(replace(release, folder=None), FIRST).empty


def test_what_is_not_there_is_refused_with_what_is(release: Release) -> None:
    with pytest.raises(UsageError, match="knows 'mnist'") as caught:
        points_of(release, "mnist")
    assert "imagenet-1k" in caught.value.remedy
    with pytest.raises(UsageError, match="has no result"):
        cells_behind(release, "9999.00000")


def test_one_release_is_as_good_as_a_list_of_one(release: Release) -> None:
    assert moved_between(release, release) == moved_between([release], [release])


def test_every_result_has_a_frame_one_without_a_fit_too() -> None:
    found = regress([{"burden": 1e20, "error": 0.1}])
    assert isinstance(found, NoFit)
    assert "1 point, of at least 8" in found.as_frame()["no_fit"].iloc[0]


@pytest.mark.parametrize("name", analysis.__all__)
def test_every_name_of_the_interface_is_there_and_none_is_a_module(name: str) -> None:
    assert callable(getattr(analysis, name))
    assert name in dir(analysis)


def test_a_name_that_is_none_is_an_error_as_anywhere() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = analysis.nonsense  # type: ignore[attr-defined]


def test_the_interface_loads_nothing_until_it_is_used() -> None:
    program = "import sys, analysis; print(sorted({'numpy', 'pandas', 'statsmodels', 'pydantic', 'analysis.load'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


def test_the_notebook_is_kept_without_outputs_and_with_an_id_for_every_cell() -> None:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert len(notebook["cells"]) - len(code) >= len(code) / 2, "a notebook is to be read"


def test_the_notebook_runs_from_its_first_cell_to_its_last(
    folder: Path, tables: Tables, write_release: WriteRelease, tmp_path: Path
) -> None:
    releases = tmp_path / "burden-data" / "releases"
    releases.mkdir(parents=True)
    folder.rename(releases / "0.2.0")
    for name in ("papers", "models", "training_runs", "results"):
        tables[name] = [row for row in tables[name] if row["paper_id"] != "2401.00007"]
    write_release(tables).rename(releases / "0.1.0")
    command = [sys.executable, "-W", "error", str(ROOT / "tests" / "notebook.py"), str(NOTEBOOK)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for words in ("the training time is not reported", "some words", "theil-sen", "far outside the data", "Costs by NVIDIA Tesla V100", "new papers", "2401.00007"):  # fmt: skip
        assert words in done.stdout
