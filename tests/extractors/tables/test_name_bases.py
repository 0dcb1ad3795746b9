"""Which model the words around the rows of a table name."""

from __future__ import annotations

import pytest

from extractors.ownership import Ownership
from extractors.tables.name_bases import Bases, names_of_paper

BASES = Bases(Ownership(("ZipNet",)))


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("OldNet-9", "OldNet-9"),
        ("OldNet-9 [4]:", "OldNet-9"),
        ("Fine-tuning (ZipNet)", "ZipNet"),
        ("Methods with OldNet-9", ""),
        ("Published results", ""),
    ],
)
def test_a_title_may_be_the_name_of_a_model(title: str, model: str) -> None:
    assert BASES.titled(title) == model


@pytest.mark.parametrize(
    ("caption", "model"),
    [
        ("Results of ZipNet with a OldNet-9 backbone.", "ZipNet OldNet-9"),
        ("Detection using Fast R-CNN and our ZipNets.", "ZipNet Fast R-CNN"),
        ("Losses on OldNet-9.", "OldNet-9"),
        ("We follow OldNet-9.", ""),
        ("Top-1 accuracy on ImageNet.", ""),
    ],
)
def test_a_caption_says_which_model_its_table_is_of(caption: str, model: str) -> None:
    assert BASES.captioned(caption, ["small", "large"]) == model


def test_a_model_that_rows_name_is_not_what_they_change() -> None:
    assert BASES.captioned("Losses on OldNet-9.", ["OldNet-9", "FastNet-2"]) == ""


@pytest.mark.parametrize(
    ("sentence", "baseline"),
    [
        ("Our baseline is OldNet-9 with dropout.", "OldNet-9"),
        ("The baseline model uses a Transformer (base).", "Transformer (base)"),
        ("The baseline is 3% worse.", ""),
    ],
)
def test_a_sentence_says_what_the_baseline_is(sentence: str, baseline: str) -> None:
    assert names_of_paper([sentence], Ownership()).baseline == baseline
