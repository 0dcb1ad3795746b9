"""Marks of rows that a caption explains."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.documents.model import Table
from extractors.mentions import setting_in
from extractors.tables.marks import legend_of, said_by_marks, without_marks

CAPTION = "Detection on COCO. S denotes multi-scale testing, and * means an ensemble."


@pytest.fixture
def marked(table: Callable[..., Table]) -> Table:
    """A table with a column S and rows with stars."""
    rows = [["Method", "S", "AP"], ["ZipNet", "", "31.0"], ["ZipNet", "✓", "32.0"], ["ZipNet*", "", "33.0"]]
    return table(rows, CAPTION)


def test_what_a_mark_means_is_not_said_of_all_rows() -> None:
    assert setting_in(CAPTION) is not None
    assert setting_in(without_marks(CAPTION)) is None
    assert without_marks("Results with multi-scale testing.") == "Results with multi-scale testing."


def test_a_mark_holds_for_the_rows_that_have_it(marked: Table) -> None:
    said = [
        said_by_marks(marked, row, label, legend_of(CAPTION))
        for row, label in enumerate(("", "ZipNet", "ZipNet", "ZipNet*"))
    ]
    assert said == ["", "", "multi-scale testing", "an ensemble"]


def test_a_caption_without_marks_says_nothing(marked: Table) -> None:
    assert said_by_marks(marked, 3, "ZipNet*", legend_of("Detection on COCO.")) == ""


@pytest.mark.parametrize(
    ("caption", "label", "said"),
    [
        ("On COCO. †: multi-scale testing.", "ZipNet†", "multi-scale"),
        ("On COCO. MS: multi-scale testing.", "ZipNet (MS)", "multi-scale"),
        ("On COCO. MS: multi-scale testing.", "ZipNet-L", None),
        ("On COCO. The row “zip++” is an ensemble of 0.9 and 1.1.", "zip++", "ensemble"),
        ("On COCO. The row “zip++” is an ensemble.", "zip", None),
    ],
)
def test_a_caption_may_speak_of_single_rows(
    marked: Table, caption: str, label: str, said: str | None
) -> None:
    assert setting_in(without_marks(caption)) is None
    assert setting_in(said_by_marks(marked, 1, label, legend_of(caption))) == said
