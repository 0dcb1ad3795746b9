"""What of a label is a name."""

from __future__ import annotations

import pytest

from extractors.tables.name_parts import clean, marked_in, named_for_ours, telling_marks


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("OldNet [4] @608", "OldNet @608"),
        ("ZipNet (ours)", "ZipNet"),
        ("ZipNet (this work, 2018)", "ZipNet"),
        ("ZipNet (our implementation)", "ZipNet"),
        ("ZipNet (single)", "ZipNet"),
        ("ZipNet (ensemble)", "ZipNet"),
        ("ZipNet ✓ ✓ …", "ZipNet"),
        ("ZipNet [ours]", "ZipNet"),
        ("ours, Fast-RCNN on ZipNet", "Fast-RCNN on ZipNet"),
        ("ours", "ours"),
        ("ZipNet (5 models)", "ZipNet"),
        ("5 × ZipNet", "ZipNet"),
        ("ZipNet, ensemble of 8", "ZipNet"),
        ("ZipNMT Ensemble", "ZipNMT"),
        ("Snapshot Ensemble", "Snapshot Ensemble"),
        ("Ensemble", "Ensemble"),
        ("Zip- Net", "Zip-Net"),
        ("OldNet - 121", "OldNet - 121"),
        ("ZipNet†", "ZipNet"),
        ("ZipNet+", "ZipNet+"),
    ],
)
def test_citations_marks_and_roles_are_no_part_of_a_name(label: str, name: str) -> None:
    assert clean(label) == name


def test_marks_that_tell_names_apart_are_part_of_them() -> None:
    marks = telling_marks(["ZipNet", "ZipNet*", "OldNet [3]", "OldNet†"])
    assert marks == "*"
    assert clean("ZipNet∗", marks) == "ZipNet*"
    assert clean("OldNet†", marks) == "OldNet"


def test_sentences_introduce_names_with_marks() -> None:
    marked = marked_in(["The wider models are denoted as ZipNet*.", "OldNet* has θ*."])
    assert marked == {"ZipNet*"}
    assert clean("ZipNet* (ours)", "", marked) == "ZipNet*"
    assert clean("Other*", "", marked) == "Other"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Ours", "ZipNet"),
        ("Ours-L", "ZipNet-L"),
        ("Ours (ZipNet)", "ZipNet"),
        ("Proposed model + gates", "ZipNet + gates"),
        ("This work, wide", "ZipNet wide"),
        ("Complete-label mixing", "Complete-label mixing"),
        ("Full attention", "Full attention"),
        ("Our OldNet", "Our OldNet"),
    ],
)
def test_ours_stands_for_the_proposed_model(label: str, name: str) -> None:
    assert named_for_ours(label, "ZipNet") == name
    assert named_for_ours(label, "") == label
