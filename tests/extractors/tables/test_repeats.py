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
