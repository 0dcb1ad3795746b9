"""What the models of a table's rows are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from extractors.documents.model import Table
from extractors.ownership import Ownership
from extractors.tables.name_bases import PaperNames
from extractors.tables.names import RowNames
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
        called = RowNames(made, rows, PaperNames(Ownership(("ZipNet",)), baseline="SlowNet-8"))
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
    assert named(rows) == ["ZipNet ImageNet", "ZipNet ImageNet+300M"]
    assert named(rows, "Transfer with SlowNet-4.") == ["SlowNet-4 ImageNet", "SlowNet-4 ImageNet+300M"]


def test_short_forms_of_what_is_changed_name_no_model(named: Named) -> None:
    rows = [["Loss", "AP"], ["hinge", "31.0"]]
    assert named(rows, "The effect of the box loss, ABC vs. XYZ.") == ["ZipNet hinge"]
    assert named(rows, "Influence of FoB on the OldNet-9 accuracy.") == ["OldNet-9 hinge"]


def test_columns_of_tick_marks_name_no_model_but_tell_its_rows_apart(named: Named) -> None:
    rows = [["MixUp2", "CutUp2 [8]", "top-1"], ["✓", "", "70.0"], ["✓", "✓", "71.0"]]
    assert named(rows, "Changes of training on SlowNet-4.") == [
        "SlowNet-4 (MixUp2)",
        "SlowNet-4 (MixUp2, CutUp2)",
    ]


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
    assert [RowNames(made, rows, PaperNames(Ownership())).has_change(slot) for slot in slots] == [True]


def test_an_ensemble_is_of_the_model_above(named: Named) -> None:
    assert named([["", "AP"], ["ZipNet", "31.0"], ["ensemble", "33.0"]]) == ["ZipNet", "ZipNet"]


def test_ours_is_the_one_proposed_model(named: Named) -> None:
    rows = [["Method", "AP"], ["Ours", "31.0"], ["Ours (w/o gates)", "30.0"], ["Full model", "31.0"]]
    assert named(rows) == ["ZipNet", "ZipNet (w/o gates)", "ZipNet"]


def test_a_size_or_a_change_is_of_the_model_in_the_title(named: Named) -> None:
    rows = [["Model", "AP"], ["OldNet-9", ""], ["small", "30.0"], ["MixUp", "31.0"], ["FastNet-2", "32.0"]]
    assert named(rows) == ["OldNet-9 small", "OldNet-9 MixUp", "FastNet-2"]


def test_a_baseline_that_the_table_does_not_name_is_the_one_that_the_text_names(named: Named) -> None:
    rows = [["Method", "AP"], ["Baseline", "30.0"], ["Baseline + gates", "31.0"]]
    assert named(rows) == ["SlowNet-8 Baseline", "SlowNet-8 + gates"]


def test_rows_beside_a_baseline_are_changes_of_the_model_in_the_caption(named: Named) -> None:
    rows = [["Method", "top-1"], ["Baseline", "70.0"], ["MixUp", "71.0"], ["ZipMix (ours)", "72.0"]]
    assert named(rows, "Training tricks on OldNet-9.") == [
        "OldNet-9 Baseline",
        "OldNet-9 MixUp",
        "OldNet-9 ZipMix",
    ]


def test_a_backbone_alone_is_inside_the_model_in_the_caption(named: Named) -> None:
    rows = [["Backbone", "AP"], ["OldNet-9", "31.0"]]
    assert named(rows, "ZipNet with several backbones.") == ["ZipNet OldNet-9"]
    assert named(rows, "Results on COCO.") == ["OldNet-9"]


def test_what_was_done_to_models_may_stand_over_the_columns(named: Named) -> None:
    rows = [["Model", "CIFAR-10", ""], ["", "baseline", "+ mixing"], ["OldNet-9", "6.0", "5.0"]]
    assert named(rows, header_rows=2) == ["OldNet-9 baseline", "OldNet-9 + mixing"]


def test_numbers_and_answers_are_said_with_what_stands_over_them(named: Named) -> None:
    rows = [["Number of layers", "AP"], ["24", "31.0"]]
    assert named(rows)[-1:] == ["ZipNet, Number of layers 24"]
    rows = [["shared?", "AP"], ["yes", "31.0"]]
    assert named(rows) == ["ZipNet, shared? yes"]


def test_dittos_repeat_the_name_above(named: Named) -> None:
    rows = [["Model", "Decoder", "WER"], ["ZipNet-S", "greedy", "4.0"], ['"', "beam", "3.0"]]
    assert named(rows) == ["ZipNet-S greedy", "ZipNet-S beam"]


def test_a_mark_is_part_of_a_name_that_the_table_prints_without_it_too(named: Named) -> None:
    rows = [["Model", "AP"], ["ZipNet", "30.0"], ["ZipNet*", "31.0"], ["ZipNet-B*", "32.0"]]
    assert named(rows) == ["ZipNet", "ZipNet*", "ZipNet-B*"]
    assert named([["Model", "AP"], ["OldNet [7]", "30.0"], ["OldNet*", "31.0"]])[1:] == ["OldNet"]
