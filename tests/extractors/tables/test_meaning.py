"""What columns measure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.facts.benchmarks import Direction
from extractors.tables.meaning import Meaning, Surroundings, header_metrics, meaning_of


def read(
    header: Sequence[str],
    caption: str = "",
    values: Sequence[float] = (),
    *,
    group: str = "",
    references: str = "",
    paper: tuple[str, ...] = (),
    bare: bool = False,
) -> Meaning | None:
    around = Surroundings(caption, references, "", paper)
    return meaning_of(header, group, "", around, values, bare=bare)


def said(meaning: Meaning | None) -> tuple[str, str] | None:
    return (meaning.benchmark, meaning.metric) if meaning else None


@pytest.mark.parametrize(
    ("header", "caption", "expected"),
    [
        (["top-1 err."], "Results on ImageNet validation.", ("imagenet-1k", "top1_error")),
        (["error (%)", "top-5"], "ImageNet validation", ("imagenet-1k", "top5_error")),
        (["Acc (%)"], "Top-5 accuracy on ImageNet.", ("imagenet-1k", "top5_accuracy")),
        (["AP"], "COCO test-dev.", ("coco-detection", "box_ap")),
        (["AP 50"], "COCO test-dev.", ("coco-detection", "ap50")),
        (["Avg. Precision, IoU:", "0.75"], "COCO test-dev.", ("coco-detection", "ap75")),
        (["Mask", "AP"], "Instance segmentation on COCO.", ("coco-detection", "mask_ap")),
        (["AP"], "Human pose estimation on COCO.", ("coco-keypoints", "keypoint_ap")),
        (["mAP"], "PASCAL VOC 2007 test.", ("pascal-voc-2007", "map")),
        (["SQuAD 2.0", "F1"], "", ("squad-2.0", "f1")),
        (["Dev", "EM"], "SQuAD 1.1 results.", ("squad-1.1", "em")),
        (["Test F1"], "CoNLL-2003 NER.", ("conll-2003-ner", "f1")),
        (["BLEU", "EN-DE"], "Results on WMT 2014 newstest2014.", ("wmt14-en-de", "bleu")),
        (["WER"], "LibriSpeech test-clean.", ("librispeech", "wer")),
        (["Medium"], "WIDER FACE validation.", ("wider-face", "ap_medium")),
        (["Avg."], "GLUE test results.", ("glue", "average_score")),
        (["C10+"], "Test error rates.", ("cifar-10", "error")),
        (["Test Err. (%)", "top-1"], "ImageNet.", ("imagenet-1k", "top1_error")),
        (["k-NN"], "Linear and k-NN evaluation on ImageNet.", ("imagenet-1k", "top1_accuracy")),
        (["Linear"], "Linear and k-NN evaluation on ImageNet.", ("imagenet-1k", "top1_accuracy")),
        (["FID"], "Class-conditional ImageNet.", ("imagenet-gen", "fid")),
    ],
)
def test_header_and_caption_together_say_what_is_measured(
    header: list[str], caption: str, expected: tuple[str, str]
) -> None:
    assert said(read(header, caption)) == expected


def test_an_accuracy_that_only_the_caption_names_is_that_of_the_first_guess() -> None:
    meaning = read(["ImageNet"], "Mean accuracies of three runs.", [88.1, 87.2], bare=True)
    assert said(meaning) == ("imagenet-1k", "top1_accuracy")


@pytest.mark.parametrize(
    ("header", "caption"),
    [
        (["FPS"], "COCO test-dev."),
        (["AP S"], "COCO test-dev."),
        (["mIoU"], "PASCAL VOC 2012 test."),
        (["SVHN"], "Error rates on CIFAR-10 and SVHN."),
        (["mAP"], "Results on ImageNet detection."),
        (["BLEU", "EN-DE"], "WMT16 results."),
        (["aero"], "PASCAL VOC 2007 test detection average precision."),
        (["Acc"], "Dev set of MNLI."),
        (["Linear"], "Kinds of attention on ImageNet."),
        ([], "ImageNet top-1 accuracy."),
    ],
)
def test_columns_of_other_things_mean_nothing_to_us(header: list[str], caption: str) -> None:
    assert read(header, caption) is None


def test_where_no_word_tells_error_from_accuracy_the_values_do() -> None:
    error, accuracy = read(["CIFAR-10"], "Results.", [3.4, 5.1]), read(["CIFAR-10"], "Results.", [96.6, 94.9])
    assert error and accuracy
    assert (error.metric, accuracy.metric) == ("error", "accuracy")
    assert error.values_decide


def test_the_paper_as_a_whole_tells_the_benchmark_of_a_telling_metric_only() -> None:
    assert said(read(["AP75"], paper=("coco-detection",))) == ("coco-detection", "ap75")
    assert read(["accuracy"], paper=("cifar-10",)) is None


def test_the_place_of_the_benchmark_is_kept_as_a_distance() -> None:
    in_header, in_text = (
        read(["ImageNet top-1 acc"]),
        read(["top-1 acc"], references="Table 2 is on ImageNet."),
    )
    assert in_header and in_text
    assert in_header.benchmark_distance == 0 < in_text.benchmark_distance


def test_split_and_setting_come_from_the_nearest_place() -> None:
    found = read(["test", "F1"], "SQuAD 1.1 dev and test, ensembles of four.")
    assert found
    assert (found.split, found.setting) == ("test", "ensemble")


def test_a_metric_in_the_caption_holds_for_bare_columns_only() -> None:
    assert said(read(["WideNet"], "CIFAR-100 accuracy.", bare=True)) == ("cifar-100", "accuracy")
    assert read(["WideNet"], "CIFAR-100 accuracy.") is None


def test_higher_lines_of_a_header_narrow_the_lower() -> None:
    assert header_metrics(["error", "top-1"]) == ("top1_error", "error")


@pytest.mark.parametrize(
    ("header", "caption"),
    [
        (["RT'03", "SWB"], "WER in percent."),
        (["DE"], "F1 on the test sets of CoNLL-2003."),
        (["mAP@[.5:.95] (large)"], "COCO test-dev."),
        (["Sampling"], "Seconds for a batch of CIFAR-10."),
    ],
)
def test_other_parts_of_the_data_and_other_facts_are_no_scores(header: list[str], caption: str) -> None:
    assert read(header, caption, [6.0], bare=True) is None


def test_top_1_is_telling_enough_for_the_paper_to_tell_the_benchmark_and_accuracy_is_not() -> None:
    assert said(read(["Top-1"], "", [77.0], paper=("imagenet-1k",))) == ("imagenet-1k", "top1_accuracy")
    assert read(["accuracy"], "", [77.0], paper=("imagenet-1k",)) is None


def test_a_data_set_without_its_year_is_the_one_that_the_paper_names_most_often() -> None:
    meaning = read(["mAP"], "Detection on PASCAL VOC.", [80.0], paper=("pascal-voc-2012", "pascal-voc-2007"))
    assert said(meaning) == ("pascal-voc-2012", "map")
    assert meaning is not None
    assert meaning.alternatives == 1
    assert read(["mAP"], "Image classification on VOC 2007.", [80.0]) is None


@pytest.mark.parametrize(
    ("header", "values", "order", "metric"),
    [
        ("top-1", [24.0, 22.9], "lower", "top1_error"),
        ("top-1", [76.0, 77.1], "higher", "top1_accuracy"),
        ("top-5", [6.5, 6.3], None, "top5_error"),
        ("top-1 acc.", [76.0, 77.1], "lower", "top1_accuracy"),
    ],
)
def test_numbers_overrule_a_word_that_stands_far_from_them(
    header: str, values: list[float], order: Direction | None, metric: str
) -> None:
    around = Surroundings("Results on ImageNet.", "Width improves accuracy and error.", "", ())
    assert said(meaning_of([header], "", "", around, values, bare=False, order=order)) == (
        "imagenet-1k",
        metric,
    )


def test_the_mean_of_average_precisions_by_class_is_the_result() -> None:
    caption = "Average precision on PASCAL VOC 2007 test."
    assert said(read(["mean"], caption, [76.0])) == ("pascal-voc-2007", "map")
    assert read(["boat"], caption, [66.0]) is None
    assert read(["mean"], "Seconds for an image of PASCAL VOC 2007.", [76.0]) is None
