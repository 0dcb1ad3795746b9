from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.authors import WIDE_FILES
from analysis.conventions import Options
from analysis.load import load_release
from analysis.regressions import Fit, NoFit
from analysis.selection import Weighted
from analysis.tabulated import release_of_tables
from analysis.uncertainty import Imputed
from analysis.whole import Analysis, analyze
from extractors.facts.measures import AUTHORS_CONVERSION

Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]
AddPaper = Callable[..., None]
SetCell = Callable[[Path, int, Mapping[str, str]], None]
DRAWS = 20


@pytest.fixture
def of_tables(wide_folder: Path) -> Analysis:
    """Tables in which three models of twelve lack their time, and can be converted."""
    return analyze([release_of_tables(wide_folder)], Options(), DRAWS)


@pytest.fixture
def wide_folder(wide_folder: Path, set_cell: SetCell) -> Path:
    for row in (1, 4, 7):
        for name in WIDE_FILES.values():
            set_cell(wide_folder / name, row, {"training_time_total_sec": ""})
    return wide_folder


def test_papers_without_a_burden_are_imputed_from_their_operations(of_tables: Analysis) -> None:
    found = of_tables.imputed["imagenet-1k"]
    assert isinstance(found, Imputed)
    assert (found.n, found.imputed) == (12, 3)
    assert found.missing_information > 0.0


def test_gaps_that_the_analysis_converts_are_imputed_all_the_same(wide_folder: Path) -> None:
    done = analyze([release_of_tables(wide_folder)], Options(conversion=AUTHORS_CONVERSION), DRAWS)
    found = done.imputed["imagenet-1k"]
    assert isinstance(found, Imputed)
    assert (found.n, found.imputed) == (12, 3)
    assert len(done.study.sections[0].points) == 12


def test_the_conversion_is_fitted_to_papers_that_report_both(of_tables: Analysis) -> None:
    fit = of_tables.conversion.fit
    assert isinstance(fit, Fit)
    assert {point.basis for point in of_tables.conversion.points} == {"reported"}
    assert fit.slope == pytest.approx(1.7, abs=0.1), "operations grow by half where times double"
    (row,) = of_tables.conversion.rows()
    assert row["n"] == fit.n
    assert row["convention"] == of_tables.study.convention


def test_who_reports_is_counted_and_weighed(of_tables: Analysis) -> None:
    first = of_tables.reporting[0]
    whole = next(row for row in first.rows() if row["by"] == "origin")
    assert (whole["benchmark"], whole["group"], whole["papers"], whole["reporting"]) == ("imagenet-1k", "wide", 12, 9)  # fmt: skip
    assert isinstance(first.weighted, Weighted)
    assert first.check("by some rule")["convention"] == "by some rule"


def test_what_cannot_be_said_says_why(
    plant: Callable[..., Tables], add_paper: AddPaper, write_release: WriteRelease
) -> None:
    tables = plant(papers=0)
    add_paper(tables, "2401.00001", 0.25, wall_time_s=3600.0, count=8.0)
    done = analyze([load_release(write_release(tables))], Options(), DRAWS)
    assert isinstance(done.imputed["imagenet-1k"], NoFit)
    assert isinstance(done.conversion.fit, NoFit)
    rows = [*done.imputed_rows(), *done.conversion.rows(), done.reporting[0].check("")]
    assert all(row["no_fit"] for row in rows)


def test_points_lead_to_their_evidence(
    tables: Tables, write_release: WriteRelease, add_evidence: Callable[[Tables, str, str, float], None]
) -> None:
    add_evidence(tables, "2401.00003/result/net", "score", 80.0)
    add_evidence(tables, "2401.00003/run/net.training", "wall_time_s", 7200.0)
    add_evidence(tables, "somewhere/else", "wall_time_s", 7200.0)
    done = analyze([load_release(write_release(tables))], Options(), DRAWS)
    assert set(done.evidence) == {"2401.00003/result/net", "2401.00003/run/net.training"}
    (cell,) = done.evidence["2401.00003/result/net"]
    assert (cell.column_name, cell.page, cell.quote) == ("score", 3, "some words")


def test_a_cell_that_may_be_wrong_widens_the_interval(
    tables: Tables,
    write_release: WriteRelease,
    add_evidence: Callable[[Tables, str, str, float], None],
    tmp_path: Path,
) -> None:
    surely = analyze([load_release(write_release(tables))], Options(), 200).imputed["imagenet-1k"]
    (tmp_path / "0.1.0").rename(tmp_path / "sure")
    for row in tables["training_runs"]:
        add_evidence(tables, str(row["run_id"]), "wall_time_s", 7200.0)
    doubted = analyze([load_release(write_release(tables))], Options(), 200).imputed["imagenet-1k"]
    assert isinstance(surely, Imputed)
    assert isinstance(doubted, Imputed)
    assert doubted.se > surely.se


def test_the_same_release_gives_the_same_analysis(tables: Tables, write_release: WriteRelease) -> None:
    release = load_release(write_release(tables))
    first, second = (analyze([release], Options(), DRAWS) for _ in range(2))
    assert first == second
    assert replace(first, evidence={}) == second


def test_what_the_next_step_takes_and_what_moved_since_belong_to_it(wide_folder: Path) -> None:
    release = release_of_tables(wide_folder)
    done = analyze([release], Options(), DRAWS, targets=[0.123], since=[release])
    assert 0.123 in {item.target.error for item in done.projections.items}
    assert done.moved is not None
    assert {row["n"] for row in done.moved.rows() if row["benchmark"] == "imagenet-1k"} == {9}
    assert analyze([release], Options(), DRAWS).moved is None
