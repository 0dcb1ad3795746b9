"""What names a table's rows: columns at the left, names over several rows, titles of groups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.labels import is_absent, number_columns, row_labels

GROUPED: list[list[str | None]] = [
    ["Published", None, None],
    ["OldNet [3]", "web", "70.1"],
    ["Ours", None, None],
    ["NewNet", "web", "75.0"],
    [None, "books", "76.2"],
    [None, "-", "76.4"],
]
CELLS = st.sampled_from([None, "-", "NewNet", "76.2", "70.1 ± 0.3", "25M", "4.0 days", ""])


@pytest.mark.parametrize(
    "cells",
    [
        ["70.1", "-"],
        ["*70.1 (±0.2)", "n/a"],
        [".71 / .83", "∼8/3", None],
        ["25M", "3 days"],
        ["71.3% (+0.4)", "NewNet"],
        ["76.3 (ours)", "75"],
    ],
)
def test_a_column_is_one_of_numbers_if_half_of_what_it_says_is(cells: list[str | None]) -> None:
    assert number_columns([["Net", cell] for cell in cells]) == (1,)


@pytest.mark.parametrize(
    "cells", [["ResNet-50", "full"], ["[3]", "[4]"], ["-", None], ["V100", "3 by 3", "A100"]]
)
def test_a_column_of_texts_references_or_nothing_is_none(cells: list[str | None]) -> None:
    assert number_columns([[cell] for cell in cells]) == ()


def test_a_title_names_the_rows_below_it_and_a_name_goes_on_until_the_next() -> None:
    assert [(label.row, label.texts, label.group, label.carried) for label in row_labels(GROUPED, 2, 2)] == [
        (3, ("OldNet [3]", "web"), "Published", False),
        (5, ("NewNet", "web"), "Ours", False),
        (6, ("NewNet", "books"), "Ours", True),
        (7, ("NewNet",), "Ours", True),
    ]


def test_no_name_goes_on_below_a_title() -> None:
    rows: list[list[str | None]] = [["NewNet", "web"], ["Ours", None], [None, "76.2"]]
    assert [(label.texts, label.group) for label in row_labels(rows, 0, 1)] == [
        (("NewNet",), ""),
        ((), "Ours"),
    ]


def test_a_number_alone_in_its_row_is_no_title() -> None:
    assert [label.group for label in row_labels([[None, "76.2"], ["Net", "75.0"]], 0, 1)] == ["", ""]


@pytest.mark.parametrize("cell", ["", "-", "\N{EN DASH}", "n/a", " . ", "∅"])
def test_a_missing_value_is_told(cell: str) -> None:
    assert is_absent(cell)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width))))
def test_every_row_has_one_label_of_texts_of_the_table_at_most(rows: list[list[str | None]]) -> None:
    found = list(row_labels(rows, 1, 1))
    told = {text for row in rows for text in row}
    assert sorted({label.row for label in found}) == [label.row for label in found]
    assert {text for label in found for text in (*label.texts, label.group)} <= told | {""}
    assert set(number_columns(rows)) <= set(range(len(rows[0]) if rows else 0))


def test_a_name_that_spans_rows_ends_with_them() -> None:
    rows: list[list[str | None]] = [["OldNet", "web", "70.1"], [None, "books", "70.9"], [None, "web", "75.0"]]
    assert [label.texts for label in row_labels(rows, 0, 2, [2, 1, 1])] == [
        ("OldNet", "web"),
        ("OldNet", "books"),
        ("web",),
    ]
