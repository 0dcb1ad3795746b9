from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.conventions import Options
from analysis.load import load_release
from analysis.regressions import Fit, NoFit
from analysis.study import Section, study
from extractors.facts.measures import Convention

Tables = dict[str, list[dict[str, object]]]
WriteRelease = Callable[[Tables], Path]
SLOPE = 0.08


def imagenet(folder: Path, options: Options | None = None) -> Section:
    return next(
        item
        for item in study([load_release(folder)], options or Options()).sections
        if item.benchmark == "imagenet-1k"
    )


def polynomial(section: Section) -> Fit:
    fit = section.fits[0].result
    assert isinstance(fit, Fit)
    return fit


def test_the_planted_slope_is_found(tables: Tables, write_release: WriteRelease) -> None:
    fit = polynomial(imagenet(write_release(tables)))
    assert fit.n == 24
    assert abs(fit.slope - SLOPE) < 2 * fit.se


def test_two_standard_errors_hold_the_planted_slope_in_nine_of_ten_releases(
    plant: Callable[..., Tables], write_release: WriteRelease, tmp_path: Path
) -> None:
    held = 0
    for seed in range(30):
        folder = write_release(plant(seed=seed))
        fit = polynomial(imagenet(folder))
        held += abs(fit.slope - SLOPE) < 2 * fit.se
        folder.rename(tmp_path / f"seed-{seed}")
    assert held >= 27


def test_a_factor_on_all_burdens_moves_the_intercept_alone(
    tables: Tables, write_release: WriteRelease
) -> None:
    folder = write_release(tables)
    full, third = (
        polynomial(imagenet(folder)),
        polynomial(imagenet(folder, Options(Convention(utilisation=0.3)))),
    )
    assert third.slope == pytest.approx(full.slope)
    assert third.intercept > full.intercept


def test_every_benchmark_is_listed_with_the_reason_for_no_points(
    tables: Tables, write_release: WriteRelease
) -> None:
    sections = study([load_release(write_release(tables))], Options()).sections
    assert [(item.benchmark, item.no_points) for item in sections] == [
        ("imagenet-1k", ""),
        ("coco-detection", "no paper reports a result"),
        ("imagenet-gen", "its primary metric, fid, says no error rate"),
    ]


def test_equal_burdens_are_no_fit_in_words(tables: Tables, write_release: WriteRelease) -> None:
    for run in tables["training_runs"]:
        run["wall_time_s"] = 3600.0
    section = imagenet(write_release(tables))
    assert section.no_fit == "all points have the same burden (column burden, rows 1 to 24)"
    assert all(isinstance(item.result, NoFit) for item in section.fits)


def test_reasons_are_counted_the_commonest_first(tables: Tables, write_release: WriteRelease) -> None:
    for run in tables["training_runs"][:3]:
        run["wall_time_s"] = None
    tables["training_runs"][3]["accelerator"] = None
    section = imagenet(write_release(tables))
    assert list(section.reasons.items()) == [
        ("the training time is not reported", 3),
        ("the accelerator is not reported", 1),
    ]
    assert len(section.points) == 20


def test_results_without_burdens_are_no_points(tables: Tables, write_release: WriteRelease) -> None:
    tables["training_runs"].clear()
    assert imagenet(write_release(tables)).no_points == "no paper's best result has a burden"
