"""Tables that print rows of others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Table
from extractors.tables.repeats import Repeats
from extractors.tables.rows import labelled_rows


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["b", "5.5", "61.2", "40.3"], ("First.",)),
        (["b", "61.2/40.3", "5.5", "-"], ("First.",)),
        (["b", "61.2", "40.3", "7.5"], ()),
        (["b", "5", "61", "40"], ()),
    ],
)
def test_three_numbers_of_a_row_in_another_row_are_that_row_again(
    row: list[str], found: tuple[str, ...], table: Callable[..., Table]
) -> None:
    first = table([["", "x", "y", "z"], ["a", "61.2", "40.3", "5.5"], ["c", "5", "61", "40"]], "First.")
    second = table([["", "x", "y", "z"], row], "Second.")
    repeats = Repeats([(one, labelled_rows(one)) for one in (first, second)])
    assert repeats.captions_of(second) == found
    assert repeats.captions_of(first) == (("Second.",) if found else ())


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        (("91.12", "90.31", "88.26"), True),
        (("91.12", "90.31", "88.2"), False),
        (("91.1", "90.3", "88.2"), False),
    ],
)
def test_three_fine_numbers_in_whichever_rows_are_of_the_same_data(
    scores: tuple[str, ...], found: bool, table: Callable[..., Table]
) -> None:
    first = table([["Model", "F1"], ["a", scores[0]], ["b", scores[1]], ["c", scores[2]]], "First.")
    second = table([["Variant", "F1"], ["x", "91.12"], ["y", "88.26"], ["z", "90.31"]], "Second.")
    repeats = Repeats([(one, labelled_rows(one)) for one in (first, second)])
    assert repeats.captions_of(second) == (("First.",) if found else ())
