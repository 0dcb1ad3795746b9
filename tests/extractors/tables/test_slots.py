"""Numbers with their headers and models, whichever way a table is turned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from extractors.documents.model import Table
from extractors.tables.rows import labelled_rows
from extractors.tables.slots import Slot, names_metric, order_of
from extractors.tables.slots import slots_of as slots_of_rows


def slots_of(table: Table) -> tuple[Slot, ...]:
    return slots_of_rows(table, labelled_rows(table))


def test_models_in_rows_are_labels_and_columns_say_what_is_measured(table: Callable[..., Table]) -> None:
    slots = slots_of(table([["Model", "Top-1", "Top-5"], ["NewNet", "76.1", "93.0"]]))
    assert [(slot.label, slot.header) for slot in slots] == [("NewNet", ("Top-1",)), ("NewNet", ("Top-5",))]


def test_models_in_columns_are_labels_too(table: Callable[..., Table]) -> None:
    slots = slots_of(
        table([["", "OldNet", "NewNet"], ["top-1 error", "24.1", "22.9"], ["FLOPs", "3.8", "3.9"]])
    )
    assert (slots[1].label, slots[1].header) == ("NewNet", ("top-1 error",))


def test_the_data_in_a_models_name_does_not_say_what_is_measured(table: Callable[..., Table]) -> None:
    slots = slots_of(table([["", "Ours-JFT", "OldNet"], ["ImageNet", "88.1", "87.2"]]))
    assert (slots[0].label, slots[0].header) == ("Ours-JFT", ("ImageNet",))


def test_beside_boxes_a_letter_says_that_masks_are_meant_and_not_a_size(table: Callable[..., Table]) -> None:
    header = ["Model", "APb", "APb50", "APm", "APm50", "APM"]
    slots = slots_of(table([header, ["NewDet", "41.0", "60.2", "37.1", "57.8", "44.0"]]))
    assert [slot.header[0] for slot in slots] == ["APb", "APb50", "mask AP", "mask AP50", "APM"]
    alone = slots_of(table([["Model", "AP", "APm"], ["NewDet", "41.0", "44.0"]]))
    assert [slot.header[0] for slot in alone] == ["AP", "APm"]


def test_a_row_of_metrics_below_the_header_goes_on_with_it(table: Callable[..., Table]) -> None:
    rows = [["", "COCO val", "COCO test-dev"], ["metric", "AP50", "AP"], ["NewDet", "61.0", "41.2"]]
    assert slots_of(table(rows))[1].header == ("COCO test-dev", "AP")


def test_several_rows_of_headers_below_the_header_add_up(table: Callable[..., Table]) -> None:
    rows = [
        ["data", "train"],
        ["test", "COCO val"],
        ["mAP", "@[.5, .95]"],
        ["OldDet", "31.2"],
        ["MidDet", "33.0"],
        ["NewDet", "34.9"],
        ["mAP", "AP50"],
        ["NewDet", "55"],
    ]
    headers = [slot.header for slot in slots_of(table(rows))]
    assert headers == [*[("train", "COCO val", "@[.5, .95]")] * 3, ("train", "AP50")]


def test_the_next_header_ends_a_spanning_one(table: Callable[..., Table]) -> None:
    rows = [["System", "Dev", "", "Test"], ["", "EM", "F1", "EM"], ["A", "80.1", "88.0", "79.9"]]
    drawn = table(rows, header_rows=2)
    dev = drawn.rows[0][1]
    assert dev
    wide = replace(
        drawn, rows=((drawn.rows[0][0], replace(dev, column_span=3), *drawn.rows[0][2:]), *drawn.rows[1:])
    )
    assert [slot.header for slot in slots_of(wide)] == [("Dev", "EM"), ("Dev", "F1"), ("Test", "EM")]


def test_a_data_row_taken_for_a_header_is_no_header(table: Callable[..., Table]) -> None:
    rows = [["OldDet", "71.2"], ["NewDet", "73.4"]]
    assert slots_of(table(rows))[0].header == ()


def test_whether_a_table_names_its_metrics_is_told(table: Callable[..., Table]) -> None:
    assert names_metric(slots_of(table([["Model", "BLEU"], ["A", "28.1"]])))
    assert not names_metric(slots_of(table([["Model", "CIFAR-10"], ["A", "3.1"]])))


def test_a_line_of_the_header_below_it_counts_for_all_columns_that_it_spans(
    table: Callable[..., Table],
) -> None:
    rows = [
        ["", "training", "training"],
        ["data", "COCO val", ""],
        ["mAP", "@.5", "@[.5, .95]"],
        *(["Net", "41.5", "21.2"] for _ in range(4)),
    ]
    grid = table(rows, "Detection.")
    spanning = [
        [replace(cell, column_span=2) if cell and cell.text == "COCO val" else cell for cell in row]
        for row in grid.rows
    ]
    headers = [slot.header for slot in slots_of(replace(grid, rows=tuple(map(tuple, spanning))))]
    assert headers[:2] == [("training", "COCO val", "@.5"), ("training", "COCO val", "@[.5, .95]")]


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([["A", "24.0", "7.1"], ["B", "22.9", "6.3"]], "lower"),
        ([["A", "76.0", "92.9"], ["B", "77.1", "93.7"]], "higher"),
        ([["A", "24.0", "7.1"], ["B", "77.1", "93.7"]], None),
        ([["A", "24.0", "-"], ["B", "22.9", "-"]], None),
    ],
)
def test_of_top_1_and_top_5_the_greater_tells_which_scores_are_better(
    table: Callable[..., Table], rows: list[list[str]], order: str | None
) -> None:
    assert order_of(slots_of(table([["Net", "top-1", "top-5"], *rows]))) == order
