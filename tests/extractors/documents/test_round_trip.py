"""Tables round-tripped from their sources: what was typeset comes back cell for cell, in every style that papers use.

What a family of tables demands is what a person reads on the page. A family that does not come back yet is marked so,
strictly, so that the mark goes when it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.documents.model import Document
from tests.extractors.documents.table_contents import Content, make
from tests.extractors.documents.table_families import FAMILIES
from tests.extractors.documents.table_styles import Style, differences, document_source, fits

Read = Callable[[str], Document]

MISSED: dict[str, tuple[int, str]] = {
    "none, caption below": (1, "three rows with tight gaps"),
    "inner, caption above": (1, "a last row below all lines, with M behind all numbers"),
    "wide, booktabs, caption below": (
        8,
        "heads in the margin's height that return are taken for page headers",
    ),
    "wide, none, caption above": (8, "tables over both columns go on into the prose of both"),
    "wide, none, caption below": (8, "heads in the margin's height that return are taken for page headers"),
    "float at the head of a column": (
        8,
        "heads in the margin's height that return are taken for page headers",
    ),
    "head two bare": (3, "headers centred over two columns"),
    "head units": (5, "the bracket behind a power stands apart"),
    "head two bare, no rules": (1, "headers centred over two columns"),
    "head two bare, full": (1, "headers centred over two columns"),
    "head two tall, full": (1, "headers centred over two columns"),
    "head units, two columns": (2, "the bracket behind a power stands apart"),
    "head wrapped, no rules": (2, "headers of two lines without lines of the table"),
    "head corner, no rules": (1, "a head with an empty corner beside its caption"),
    "labels groups": (6, "titles of groups wider than their column are parted"),
    "labels centred groups": (8, "titles of groups in the middle of the table"),
    "labels multirow": (1, "labels over rows that stand close to the next column"),
    "labels wrapped, no rules": (5, "labels of two lines without lines of the table"),
    "labels groups, no rules": (8, "titles of groups wider than their column are parted"),
    "labels multirow, full": (2, "labels over rows that stand close to the next column"),
    "values empty": (1, "a row with a label only is put to its neighbour"),
    "values sentences": (8, "cells of two and three lines"),
    "values sentences, full": (6, "cells of two and three lines"),
    "values empty, no rules": (3, "empty cells without lines of the table"),
    "set left, no rules": (1, "two columns of numbers only"),
    "gaps of 4 pt, no rules": (2, "rows that stand as close as prose"),
    "40 rows in groups": (8, "titles of groups wider than their column are parted"),
}
"""Families that do not come back yet: how many of their tables, and where it fails."""


def cases(names: Iterable[str]) -> list[ParameterSet]:
    """Families as parameters, marked where they are known not to come back."""

    def marks(name: str) -> list[pytest.MarkDecorator]:
        return [pytest.mark.xfail(strict=True, reason=MISSED[name][1])] if name in MISSED else []

    return [pytest.param(name, id=name, marks=marks(name)) for name in names]


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(["", *(f"{label}: {line}" for label, lines in found.items() for line in lines)])


@pytest.fixture
def missed(read: Read) -> Callable[[str], dict[str, list[str]]]:
    """What of a family came back otherwise than it was written, by table."""

    def compare(name: str) -> dict[str, list[str]]:
        tables = FAMILIES[name].tables(name)
        return differences([sample for sample, _ in tables], read(document_source(tables)))

    return compare


Missed = Callable[[str], dict[str, list[str]]]


@pytest.mark.parametrize("name", cases(FAMILIES))
def test_tables_come_back_cell_for_cell(name: str, missed: Missed) -> None:
    found = missed(name)
    assert not found, told(found)


@pytest.mark.parametrize("name", MISSED)
def test_no_more_tables_are_missed_than_are_known(name: str, missed: Missed) -> None:
    found = missed(name)
    assert len(found) <= MISSED[name][0], told(found)


STYLES = st.builds(
    Style,
    rules=st.sampled_from(("booktabs", "full", "vertical")),
    side=st.sampled_from(("above", "below")),
    layout=st.sampled_from(("one", "two", "pair")),
    align=st.sampled_from(("center", "right", "left")),
    gap=st.floats(7, 40),
    size=st.sampled_from((7, 8, 9, 10)),
    pad=st.floats(1.6, 4),
    font=st.sampled_from(("New Computer Modern", "Libertinus Serif")),
)
CONTENTS = st.builds(
    Content,
    head=st.sampled_from(("one", "corner", "wrapped", "bold")),
    labels=st.sampled_from(("plain", "long")),
    values=st.sampled_from(
        ("numbers", "deviations", "percents", "missing", "powers", "marks", "gains", "mixed")
    ),
    rows=st.integers(3, 12),
    columns=st.integers(3, 7),
    best=st.booleans(),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(style=STYLES, contents=st.lists(CONTENTS, min_size=2, max_size=2), seed=st.integers(0, 2**32))
def test_styles_and_contents_cross(style: Style, contents: list[Content], seed: int, read: Read) -> None:
    samples = [make(content, Random(seed)) for content in contents]
    samples = [sample for sample in samples if fits(sample, style)]
    if samples:
        found = differences(samples, read(document_source([(sample, style) for sample in samples])))
        assert not found, told(found)
