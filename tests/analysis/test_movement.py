"""Planted movements: each is due to what was done, all of it and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.conventions import Options
from analysis.load import Release, load_release
from analysis.movement import EXCHANGED, HOW, KINDS, Moved, Movement, movement
from analysis.regressions import Fit
from analysis.study import study
from extractors.facts.errors import UsageError
from extractors.facts.measures import Convention

Tables = dict[str, list[dict[str, object]]]
OPTIONS = Options()


@pytest.fixture
def old(write_release: Callable[[Tables], Path], tables: Tables) -> Release:
    """24 papers on a line."""
    return load_release(write_release(tables))


def without(release: Release, *papers: str) -> Release:
    return replace(
        release,
        papers=tuple(row for row in release.papers if row.paper_id not in papers),
        models=tuple(row for row in release.models if row.paper_id not in papers),
        runs=tuple(row for row in release.runs if row.paper_id not in papers),
        results=tuple(row for row in release.results if row.paper_id not in papers),
    )


def longer(release: Release, paper: str, factor: float) -> Release:
    """A release in which one paper's training took so many times as long."""
    runs = tuple(
        replace(row, wall_time_s=row.wall_time_s * factor) if row.paper_id == paper and row.wall_time_s else row
        for row in release.runs
    )  # fmt: skip
    return replace(release, runs=runs)


def of_imagenet(found: Movement) -> Moved:
    return next(item for item in found.benchmarks if item.benchmark == "imagenet-1k")


def moved_by(found: Movement) -> set[str]:
    return {kind for kind, share in of_imagenet(found).shares.items() if abs(share) > 1e-12}


def slope_of(release: Release, options: Options = OPTIONS) -> float:
    fit = study([release], options).sections[0].fits[0].result
    assert isinstance(fit, Fit)
    return fit.slope


FIRST = ("2401.00000", "2401.00001", "2401.00002")


def test_a_release_has_not_moved_from_itself(old: Release) -> None:
    found = movement([old], [old], OPTIONS)
    assert of_imagenet(found).moved == 0.0
    assert set(of_imagenet(found).counts.values()) == {0}
    assert found.sentences[0].startswith("imagenet-1k: nothing changed, the slope stays 0.0")


def test_papers_that_came_move_it_as_new_papers(old: Release) -> None:
    found = movement([without(old, *FIRST)], [old], OPTIONS)
    assert moved_by(found) == {"new papers"}
    assert of_imagenet(found).counts["new papers"] == 3
    assert of_imagenet(found).shares["new papers"] == pytest.approx(of_imagenet(found).moved)
    assert {item.paper_id for item in of_imagenet(found).most} == set(FIRST)


def test_papers_that_left_move_it_as_papers_gone(old: Release) -> None:
    found = movement([old], [without(old, *FIRST)], OPTIONS)
    assert moved_by(found) == {"papers gone"}
    assert {item.what for item in of_imagenet(found).most} == {"paper gone"}


def test_a_corrected_time_moves_it_as_a_changed_cell_and_is_named_with_both_burdens(old: Release) -> None:
    found = movement([old], [longer(old, FIRST[0], 100.0)], OPTIONS)
    assert moved_by(found) == {"changed cells"}
    (change,) = of_imagenet(found).most
    assert change.burden_before is not None
    assert change.burden == pytest.approx(100.0 * change.burden_before)
    assert change.influence == pytest.approx(of_imagenet(found).moved)
    assert change.what.startswith("burden ") and ", now " in change.what


def test_a_time_that_was_filled_in_is_a_changed_cell_with_what_was_wanting(old: Release) -> None:
    runs = tuple(replace(row, wall_time_s=None) if row.paper_id == FIRST[0] else row for row in old.runs)
    gap = replace(old, runs=runs)
    filled = movement([gap], [old], OPTIONS)
    assert moved_by(filled) == {"changed cells"}
    assert of_imagenet(filled).most[0].what == "gives a burden now; before, the training time is not reported"
    emptied = movement([old], [gap], OPTIONS)
    assert of_imagenet(emptied).most[0].what == "gives no burden now: the training time is not reported"


def test_another_convention_moves_it_as_method(old: Release) -> None:
    runs = tuple(replace(row, accelerator="Tensor 2") if row.paper_id in FIRST else row for row in old.runs)
    release = replace(old, runs=runs)
    found = movement([release], [release], Options(Convention(tpu="chip")), OPTIONS)
    assert moved_by(found) == {"method"}
    assert of_imagenet(found).counts["method"] == 3
    assert (found.method_before == found.method) is False
    assert of_imagenet(found).before == pytest.approx(slope_of(release))
    assert of_imagenet(found).after == pytest.approx(slope_of(release, Options(Convention(tpu="chip"))))


def test_another_estimator_moves_it_as_method(old: Release) -> None:
    found = movement([old], [old], OPTIONS, estimator="theil-sen", estimator_before="ols")
    assert moved_by(found) == {"method"}
    assert found.method.endswith("; theil-sen") and found.method_before.endswith("; ols")
    assert "method " in found.sentences[0] and "nothing changed" not in found.sentences[0]


def test_papers_that_give_no_point_are_not_counted_among_those_that_came(old: Release) -> None:
    runs = tuple(row for row in old.runs if row.paper_id != FIRST[0])
    found = movement([without(old, *FIRST)], [replace(old, runs=runs)], OPTIONS)
    assert of_imagenet(found).counts["new papers"] == 2


def test_another_peak_rate_in_the_release_s_own_table_moves_it_as_method(old: Release) -> None:
    runs = tuple(replace(row, accelerator="Tensor 2") if row.paper_id in FIRST else row for row in old.runs)
    before = replace(old, runs=runs)
    rates = tuple(
        replace(row, tensor_flop_s=3.0 * (row.tensor_flop_s or 0.0)) if row.kind == "TPU" else row
        for row in old.accelerators
    )
    assert moved_by(movement([before], [replace(before, accelerators=rates)], OPTIONS)) == {"method"}


def test_all_at_once_adds_up_to_what_two_studies_differ_by(old: Release) -> None:
    before = without(old, *FIRST)
    after = longer(without(old, "2401.00010", "2401.00011"), "2401.00015", 30.0)
    options = Options(Convention(utilisation=0.5, rate="tensor"))
    found = movement([before], [after], options, OPTIONS)
    item = of_imagenet(found)
    assert item.before == pytest.approx(slope_of(before))
    assert item.after == pytest.approx(slope_of(after, options))
    assert sum(item.shares.values()) == pytest.approx(item.moved, abs=1e-12)
    assert moved_by(found) == {"new papers", "papers gone", "changed cells"}, (
        "a factor on all burdens moves no slope"
    )
    assert [item.counts[kind] for kind in KINDS] == [3, 2, 1, 21]


def test_there_and_back_the_kinds_change_places(old: Release) -> None:
    other = longer(without(old, *FIRST), "2401.00015", 30.0)
    there, back = movement([old], [other], OPTIONS), movement([other], [old], OPTIONS)
    turned = {"new papers": "papers gone", "papers gone": "new papers"}
    for kind in KINDS:
        share = of_imagenet(back).shares[turned.get(kind, kind)]
        assert of_imagenet(there).shares[kind] == pytest.approx(-share, abs=1e-12)


def test_the_paper_that_moves_it_most_is_named_first_and_no_more_than_asked(old: Release) -> None:
    after = longer(longer(old, FIRST[0], 1e4), FIRST[1], 1.1)
    found = movement([old], [after], OPTIONS, most=1)
    assert [item.paper_id for item in of_imagenet(found).most] == [FIRST[0]]
    assert FIRST[0] in of_imagenet(found).sentence


def test_a_benchmark_with_too_few_points_says_so_in_a_row(old: Release) -> None:
    few = without(old, *(row.paper_id for row in old.papers[5:]))
    found = movement([few], [old], OPTIONS)
    item = of_imagenet(found)
    assert item.sentence == "imagenet-1k: 5 points before, of at least 8 for a slope."
    (row,) = found.rows()
    assert (row["kind"], row["share"], row["reason"]) == (
        "all",
        None,
        "5 points before, of at least 8 for a slope",
    )
    assert len(item.most) == 10, "the papers are named all the same"


@pytest.mark.parametrize("shared", [0, 4])
def test_where_too_few_papers_stayed_those_that_came_and_those_that_left_are_one_kind(
    old: Release, shared: int
) -> None:
    papers = [row.paper_id for row in old.papers]
    before, after = without(old, *papers[12:]), without(old, *papers[: 12 - shared])
    item = of_imagenet(movement([before], [after], OPTIONS))
    assert item.moved is not None
    assert item.shares == {EXCHANGED: pytest.approx(item.moved), "changed cells": 0.0, "method": 0.0}
    assert item.counts[EXCHANGED] == 24 - shared
    assert f"papers exchanged {item.moved:+.4f} ({24 - shared})" in item.sentence


def test_rows_are_one_a_kind_and_name_both_methods(old: Release) -> None:
    rows = list(movement([without(old, *FIRST)], [old], OPTIONS).rows())
    assert [row["kind"] for row in rows] == list(KINDS)
    assert {row["convention"] for row in rows} == {f"{OPTIONS.name}; ols"}
    assert {row["how"] for row in rows} == {HOW}
    points = list(movement([without(old, *FIRST)], [old], OPTIONS).point_rows())
    assert {row["benchmark"] for row in points} == {"imagenet-1k"}
    assert all(row["kind"] == "new papers" and row["title"] for row in points)


def test_a_sentence_gives_slopes_size_and_shares(old: Release) -> None:
    sentence = movement([without(old, *FIRST)], [old], OPTIONS).sentences[0]
    assert "(n 21) to " in sentence and "of its standard error" in sentence
    assert "papers gone +0.0000 (0)" in sentence and "(3)" in sentence and "Alone: 2401.0000" in sentence


def test_what_is_no_choice_is_refused(old: Release) -> None:
    with pytest.raises(UsageError, match="is no form"):
        movement([old], [old], OPTIONS, form="linear")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="gives no movement"):
        movement([old], [old], OPTIONS, estimator="frontier")  # type: ignore[arg-type]
