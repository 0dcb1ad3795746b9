"""Rows with their labels and groups."""

from __future__ import annotations

from collections.abc import Callable

from extractors.documents.model import Table
from extractors.tables.rows import labelled_rows

GROUPED = [
    ["Method", "Data", "Top-1"],
    ["Published", "", ""],
    ["OldNet [3]", "web", "70.1"],
    ["Ours", "", ""],
    ["NewNet", "web", "75.0"],
    ["", "books", "76.2"],
]


def test_a_row_with_one_text_is_the_heading_of_the_rows_below(table: Callable[..., Table]) -> None:
    rows = labelled_rows(table(GROUPED))
    assert [(row.label, row.group) for row in rows][:2] == [
        ("OldNet [3] web", "Published"),
        ("NewNet web", "Ours"),
    ]


def test_all_that_is_said_of_a_row_in_words_is_in_its_notes(table: Callable[..., Table]) -> None:
    assert [row.notes for row in labelled_rows(table(GROUPED))] == [
        "OldNet [3] web",
        "NewNet web",
        "NewNet books",
    ]


def test_a_name_that_spans_rows_is_carried_down(table: Callable[..., Table]) -> None:
    assert labelled_rows(table(GROUPED))[-1].label == "NewNet books"


def test_an_empty_table_has_no_rows(table: Callable[..., Table]) -> None:
    assert labelled_rows(table([["Method", "Top-1"]])) == ()


def test_a_row_is_named_by_what_stands_over_its_columns_of_numbers(table: Callable[..., Table]) -> None:
    rows = [["Method", "", "error"], ["", "OldNet [3]", "9.1"], ["ZipNet", "20", "8.7"], ["", "32", "7.5"]]
    found = labelled_rows(table(rows))
    assert [(row.label, row.notes) for row in found][:2] == [("OldNet [3]",) * 2, ("ZipNet",) * 2]
