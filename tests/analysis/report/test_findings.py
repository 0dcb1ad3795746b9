from dataclasses import replace

import pytest

from analysis.report.contents import Contents
from analysis.report.findings import counts, findings


def test_the_slope_is_said_as_what_it_means(contents: Contents) -> None:
    first = next(iter(findings(contents)))
    assert first.startswith(
        "ImageNet classification (ILSVRC 2012): ten times the compute goes with an error "
    )
    assert "by HC3 errors, 27 points" in first
    assert "half the error goes with" in first


@pytest.mark.parametrize(
    ("low", "words"),
    [(-0.01, "whether errors fall with compute cannot be told"), (0.002, "more than 10^20 times")],
)
def test_a_slope_that_may_be_nothing_promises_nothing(contents: Contents, low: float, words: str) -> None:
    robust = contents.robust
    rows = tuple(
        {**row, "low": low} if row.get("term") == "log10(burden)" else row for row in robust.estimates
    )
    analysis = replace(contents.analysis, robust=replace(robust, estimates=rows))
    assert words in next(iter(findings(replace(contents, analysis=analysis))))


def test_who_reports_and_what_is_far_are_said(contents: Contents) -> None:
    said = "\n".join(findings(contents))
    assert "Of 36 papers with a result, 32 (89%) report enough to compute what their training took." in said
    assert "projections lie more than two powers of ten outside the burdens that were seen" in said
    assert "imagenet-1k: the slope went from " in said


def test_counts_are_of_papers_and_points(contents: Contents) -> None:
    assert counts(contents) == {
        "benchmarks with points": 2, "benchmarks with a fit": 1, "points": 32, "papers with a point": 32, "papers without one": 4,
    }  # fmt: skip


def test_nothing_fitted_is_said(empty: Contents) -> None:
    assert list(findings(empty)) == [
        "No paper gives a point: none has both a result on a tracked benchmark and a training burden."
    ]


def test_a_slope_that_did_not_move_is_no_finding(contents: Contents) -> None:
    moved = contents.movement
    assert moved is not None
    still = replace(moved.benchmarks[0], after=moved.benchmarks[0].before)
    analysis = replace(contents.analysis, moved=replace(moved, benchmarks=(still, *moved.benchmarks[1:])))
    assert not [
        line for line in findings(replace(contents, analysis=analysis)) if "the slope went from" in line
    ]
    assert not [line for line in findings(contents) if "of at least 8 for a slope" in line]
