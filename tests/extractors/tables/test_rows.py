"""Rows with their labels and groups."""

from __future__ import annotations

from collections.abc import Callable

from extractors.documents.model import Table
from extractors.tables.rows import labelled_rows, number_columns

GROUPED = [
    ["Method", "Data", "Top-1"],
    ["Published", "", ""],
    ["OldNet [3]", "web", "70.1"],
    ["Ours", "", ""],
    ["NewNet", "web", "75.0"],
    ["", "books", "76.2"],
]


def test_columns_of_numbers_are_told_from_columns_of_text(table: Callable[..., Table]) -> None:
    assert number_columns(table([["Net", "Size", "Top-1"], ["A", "25M", "70.1"], ["B", "-", "71"]])) == (1, 2)


def test_a_row_with_one_text_is_the_heading_of_the_rows_below(table: Callable[..., Table]) -> None:
    rows = labelled_rows(table(GROUPED))
    assert [(row.label, row.group) for row in rows][:2] == [
        ("OldNet [3] web", "Published"),
        ("NewNet web", "Ours"),
    ]


def test_a_name_that_spans_rows_is_carried_down(table: Callable[..., Table]) -> None:
    assert labelled_rows(table(GROUPED))[-1].label == "NewNet books"


def test_an_empty_table_has_no_rows(table: Callable[..., Table]) -> None:
    assert labelled_rows(table([["Method", "Top-1"]])) == ()
