"""What the models of a table's rows are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from extractors.documents.model import Table
from extractors.ownership import Ownership
from extractors.tables.names import RowNames, clean
from extractors.tables.rows import labelled_rows
from extractors.tables.slots import slots_of

Named = Callable[..., list[str | None]]


@pytest.fixture
def named(table: Callable[..., Table]) -> Named:
    """The names of the models of a table's numbers, in a paper that proposes ZipNet."""

    def names(
        cells: Sequence[Sequence[str]], caption: str = "Results.", header_rows: int = 1
    ) -> list[str | None]:
        made = table(cells, caption, header_rows)
        rows = labelled_rows(made)
        called = RowNames(made, rows, Ownership(("ZipNet",)))
        return [called.of(slot) for slot in slots_of(made, rows)]

    return names


def test_a_change_is_of_the_model_in_a_row_above(named: Named) -> None:
    rows = [["Model", "top-1"], ["ResNet-26", "70.1"], ["+ stirring", "71.0"], ["w/o noise", "69.5"]]
    assert named(rows) == ["ResNet-26", "ResNet-26 + stirring", "ResNet-26 w/o noise"]


def test_a_change_is_of_the_model_in_the_header(named: Named) -> None:
    rows = [["Refinement", "OldNet-9", "SlowNet-4"], ["", "top-1", "top-1"], ["plain", "70.1", "65.3"]]
    assert named(rows, header_rows=2) == ["OldNet-9 plain", "SlowNet-4 plain"]


def test_a_setting_is_of_the_model_in_the_caption(named: Named) -> None:
    rows = [["Loss", "AP"], ["hinge", "31.0"], ["focal", "32.0"]]
    assert named(rows, "Losses of the OldNet-9 detector.") == ["OldNet-9 hinge", "OldNet-9 focal"]
    assert named([["", "AP"], ["24 layers", "31.0"]], "Depths with ZipNet-L.") == ["ZipNet-L 24 layers"]


def test_a_model_over_the_labels_is_that_of_the_rows(named: Named) -> None:
    rows = [["OldNet-9 (wide)", "top-1 err"], ["Baseline", "16.4"], ["+ stirring", "15.8"]]
    assert named(rows) == ["OldNet-9 Baseline", "OldNet-9 + stirring"]


def test_a_data_set_names_no_model(named: Named) -> None:
    rows = [["Method", "AP"], ["ImageNet", "31.0"], ["ImageNet+300M", "32.0"]]
    assert named(rows) == [None, None]
    assert named(rows, "Transfer with SlowNet-4.") == ["SlowNet-4 ImageNet", "SlowNet-4 ImageNet+300M"]


def test_short_forms_of_what_is_changed_name_no_model(named: Named) -> None:
    rows = [["Loss", "AP"], ["hinge", "31.0"]]
    assert named(rows, "The effect of the box loss, ABC vs. XYZ.") == [None]
    assert named(rows, "Influence of FoB on the OldNet-9 accuracy.") == ["OldNet-9 hinge"]


def test_columns_of_tick_marks_name_no_model(named: Named) -> None:
    rows = [["MixUp2", "CutUp2", "top-1"], ["✓", "", "70.0"], ["✓", "✓", "71.0"]]
    assert named(rows, "Changes of training on SlowNet-4.") == ["SlowNet-4", "SlowNet-4"]


def test_the_title_of_a_group_is_no_part_of_a_name(named: Named) -> None:
    rows = [
        ["", "Method", "Backbone", "mAP"],
        ["Our Results", "Fast-RCNN [7]", "OldNet-9 [8]", "31.0"],
        ["", "", "ZipNet-S (ours)", "33.0"],
    ]
    assert named(rows) == ["Fast-RCNN OldNet-9", "Fast-RCNN ZipNet-S"]


def test_a_backbone_behind_other_columns_is_part_of_the_name(named: Named) -> None:
    rows = [
        ["Method", "schedule", "Backbone", "mAP"],
        ["Fast-RCNN [7]", "1x", "OldNet-9", "31.0"],
        ["", "", "ZipNet-S (ours)", "33.0"],
    ]
    assert named(rows)[-2:] == ["Fast-RCNN OldNet-9", "Fast-RCNN ZipNet-S"]


def test_training_data_beside_a_name_are_no_part_of_it(named: Named) -> None:
    rows = [["Method", "Data", "Network", "AP"], ["ZipNet", "trainval35k", "OldNet-9", "31.0"]]
    assert named(rows) == ["ZipNet OldNet-9"]


def test_a_row_tells_whether_another_place_names_its_model(table: Callable[..., Table]) -> None:
    made = table([["pre-training", "OldNet-9"], ["", "AP"], ["unlabelled", "31.0"]], "Results.", 2)
    rows = labelled_rows(made)
    slots = slots_of(made, rows)
    assert [RowNames(made, rows, Ownership()).has_change(slot) for slot in slots] == [True]


def test_an_ensemble_is_of_the_model_above(named: Named) -> None:
    assert named([["", "AP"], ["ZipNet", "31.0"], ["ensemble", "33.0"]]) == ["ZipNet", "ZipNet"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("OldNet [4] @608", "OldNet @608"),
        ("ZipNet (ours)", "ZipNet"),
        ("ZipNet (single)", "ZipNet"),
        ("ZipNet (ensemble)", "ZipNet"),
        ("ZipNet ✓ ✓ …", "ZipNet"),
        ("ZipNet [ours]", "ZipNet"),
        ("ours, Fast-RCNN on ZipNet", "Fast-RCNN on ZipNet"),
        ("ours", "ours"),
    ],
)
def test_citations_marks_and_roles_are_no_part_of_a_name(label: str, name: str) -> None:
    assert clean(label) == name
