"""Benchmarks, metrics, splits and settings as texts name them."""

from __future__ import annotations

import pytest

from extractors.facts.benchmarks import catalogue
from extractors.mentions import OTHER_DATA, UNTRACKED, benchmark_hits, metric_hits, setting_in, split_in


def benchmarks(text: str, wide: str = "") -> set[str]:
    return {id for hit in benchmark_hits(text, wide) for id in hit.ids}


@pytest.mark.parametrize("benchmark", [one.id for one in catalogue().benchmark])
def test_each_benchmark_is_found_by_each_of_its_names(benchmark: str) -> None:
    known = catalogue().benchmarks()[benchmark]
    companion = known.companions[0] if known.companions else ""
    missed = [name for name in known.aliases if benchmark not in benchmarks(name, companion)]
    assert missed == []


@pytest.mark.parametrize("metric", [one.id for one in catalogue().metric])
def test_each_metric_is_found_by_each_of_its_names(metric: str) -> None:
    known = catalogue().metrics()[metric]
    missed = [name for name in known.aliases if all(metric not in hit.ids for hit in metric_hits(name))]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ImageNet-21k", set()),
        ("pre-trained on ImageNet", set()),
        ("MNLI", {OTHER_DATA}),
        ("COCO keypoint", {"coco-keypoints"}),
        ("COCO captioning", set()),
        ("semantic segmentation on VOC 2012", {OTHER_DATA}),
        ("CrowdPose test set", {OTHER_DATA}),
        ("RT'02", {OTHER_DATA}),
        ("English-German", set()),
        ("WMT14 English-German", {"wmt14-en-de"}),
        ("SQuAD 2.0", {"squad-2.0"}),
        ("SQuAD", {"squad-1.1"}),
        ("SuperGLUE", {OTHER_DATA}),
        ("GLUE", {"glue"}),
    ],
)
def test_confusable_names_are_told_apart(text: str, expected: set[str]) -> None:
    assert benchmarks(text) == expected


def test_a_companion_may_stand_farther_away() -> None:
    assert benchmarks("En-De", "results on WMT14") == {"wmt14-en-de"}


def test_costs_are_no_metrics() -> None:
    assert [hit.ids for hit in metric_hits("FLOPs")] == [(UNTRACKED,)]


def test_splits_are_those_of_the_benchmark() -> None:
    assert split_in("coco-detection", "COCO test-dev") == "test-dev"
    assert split_in("librispeech", "test-other") == "test-other"
    assert split_in("imagenet-gen", "test") is None


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("10-crop testing", "multi-crop"),
        ("an ensemble of single models", "ensemble"),
        ("single-model", "single"),
        ("multi-scale testing", "multi-scale"),
        ("a network", None),
        ("4 gated nets", "ensemble"),
        ("4 systems combined", "ensemble"),
        ("5 \u00d7 ZipNet", "ensemble"),
        ("block with 5 \u00d7 ZipNet", None),
        ("gated block × 6", None),
        ("all entries use one net (no ensembling)", None),
        ("a single model without multi-scale testing", "single"),
        ("with multi-scale training", None),
        ("with multi-scale training and testing", "multi-scale"),
        ("the multi-model results", "ensemble"),
        ("trained on a single machine", None),
    ],
)
def test_the_way_of_testing_is_read(text: str, setting: str | None) -> None:
    assert setting_in(text) == setting


def test_of_two_tasks_on_one_data_set_the_title_tells_which_is_meant() -> None:
    title = "Human Pose Estimation with Fewer Joints"
    assert {id for hit in benchmark_hits("COCO val2017", "", title) for id in hit.ids} == {"coco-keypoints"}


def test_the_split_named_last_is_that_of_the_lowest_line() -> None:
    assert split_in("switchboard", "Hub5'00 CH", last=True) == "callhome"


def test_a_threshold_may_be_set_raised() -> None:
    assert metric_hits("AP⁷⁵")[0].ids == ("ap75",)
    assert UNTRACKED in metric_hits("AP mk 50")[0].ids


def test_what_models_were_trained_on_is_not_the_split() -> None:
    caption = "We train on train+val and evaluate on test-dev."
    assert split_in("coco-detection", caption) == "test-dev"
