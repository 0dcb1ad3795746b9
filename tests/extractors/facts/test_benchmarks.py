"""The benchmark catalogue: complete, consistent, and refused with a clear sentence where it is not."""

from __future__ import annotations

import pytest

from extractors.facts.benchmarks import Catalogue, catalogue, parse_catalogue
from extractors.facts.errors import OntologyError

TRACKED = {
    "imagenet-1k": {"top1_accuracy", "top5_accuracy", "top1_error", "top5_error"},
    "cifar-10": {"accuracy", "error", "fid", "inception_score", "bits_per_dim"},
    "cifar-100": {"accuracy", "error"},
    "imagenet-gen": {"fid", "inception_score"},
    "coco-detection": {"box_ap", "ap50", "ap75", "mask_ap"},
    "coco-keypoints": {"keypoint_ap"},
    "mpii": {"pckh"},
    "pascal-voc-2007": {"map"},
    "pascal-voc-2012": {"map"},
    "squad-1.1": {"em", "f1"},
    "squad-2.0": {"em", "f1"},
    "conll-2003-ner": {"f1"},
    "wmt14-en-de": {"bleu"},
    "wmt14-en-fr": {"bleu"},
    "librispeech": {"wer"},
    "switchboard": {"wer"},
    "wsj": {"wer"},
    "wider-face": {"ap_easy", "ap_medium", "ap_hard"},
    "ptb": {"perplexity"},
    "glue": {"average_score"},
}

SMALL = """
[[metric]]
id = "score"
name = "score"
aliases = ["score"]
direction = "higher"
unit = "percent"

[[benchmark]]
id = "toy"
name = "Toy"
domain = "toys"
aliases = ["Toy"]
primary = "score"
ranges = { score = [0, 100] }
"""


def test_every_benchmark_and_metric_of_the_labelling_guide_is_tracked() -> None:
    assert {b.id: set(b.ranges) for b in catalogue().benchmark} == TRACKED


def test_the_primary_metrics_are_those_whose_error_the_method_uses() -> None:
    benchmarks = catalogue().benchmarks()
    assert benchmarks["imagenet-1k"].primary == "top1_accuracy"
    assert benchmarks["coco-detection"].primary == "box_ap"
    assert benchmarks["squad-1.1"].primary == "em"
    assert benchmarks["conll-2003-ner"].primary == "f1"
    assert catalogue().metrics()["bleu"].error == "complement"


def test_error_and_accuracy_name_each_other() -> None:
    metrics = catalogue().metrics()
    assert metrics["top1_error"].counterpart == "top1_accuracy"
    assert metrics["top1_error"].better(20.0, 25.0)
    assert metrics["top1_accuracy"].better(80.0, 75.0)


def test_a_score_out_of_range_or_of_another_metric_is_implausible() -> None:
    wmt = catalogue().benchmarks()["wmt14-en-de"]
    assert wmt.plausible("bleu", 28.4)
    assert not wmt.plausible("bleu", 76.3)
    assert not wmt.plausible("f1", 28.4)


def test_a_small_catalogue_is_read() -> None:
    assert isinstance(parse_catalogue(SMALL), Catalogue)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[metric]]", "[[metric", "not TOML"),
        ('primary = "score"', 'primary = "f1"', "lacks its primary f1"),
        ("score = [0, 100]", "score = [100, 0]", "ends before it begins"),
        ("score = [0, 100]", "score = [0, 100], bleu = [0, 50]", "unknown metric bleu"),
        ('aliases = ["Toy"]', "aliases = []", "no aliases"),
        ('aliases = ["score"]', "aliases = []", "no aliases"),
        ('unit = "percent"', 'unit = "percent"\ncounterpart = "miss"', "do not name each other"),
        ('unit = "percent"', 'unit = "miles"', "percent"),
        ('domain = "toys"', 'domain = "toys"\ncolour = "red"', "benchmark.0.colour"),
    ],
)
def test_a_catalogue_that_breaks_its_rules_is_refused_with_the_reason(old: str, new: str, said: str) -> None:
    with pytest.raises(OntologyError, match=said.replace("[", r"\[")):
        parse_catalogue(SMALL.replace(old, new))


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(OntologyError, match="metric score is described twice"):
        parse_catalogue(SMALL + SMALL)
