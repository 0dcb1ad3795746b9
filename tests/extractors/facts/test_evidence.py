"""Evidence names a place that can exist."""

import pytest

from extractors.facts.errors import ParseError
from extractors.facts.evidence import QUOTE_LIMIT, Box, Evidence


def test_a_union_holds_both_boxes() -> None:
    assert Box(1, 10, 20, 30, 40).union(Box(1, 5, 25, 35, 30)) == Box(1, 5, 20, 35, 40)


def test_a_box_around_boxes_holds_all_and_reaches_no_further() -> None:
    boxes = [Box(3, x, 20 - x, x + 5, 40 - x) for x in (10, 2, 7)]
    assert Box.around(boxes) == Box(3, 2, 10, 15, 38)
    assert Box.around(boxes[:1]) == boxes[0]


def test_no_box_spans_two_pages() -> None:
    with pytest.raises(ParseError, match="pages 1 and 2"):
        Box(1, 0, 0, 1, 1).union(Box(2, 0, 0, 1, 1))


@pytest.mark.parametrize(("page", "x0", "x1"), [(0, 0, 1), (1, 2, 1)])
def test_an_impossible_box_is_refused(page: int, x0: float, x1: float) -> None:
    with pytest.raises(ParseError, match="not a box"):
        Box(page, x0, 0, x1, 1)


@pytest.mark.parametrize("quote", ["", "  ", "x" * (QUOTE_LIMIT + 1)])
def test_a_quote_is_neither_empty_nor_long(quote: str) -> None:
    with pytest.raises(ParseError, match="a quote has"):
        Evidence("0" * 64, 1, None, "Table 1", quote, "rule")


def test_a_box_stands_on_the_page_of_its_evidence() -> None:
    with pytest.raises(ParseError, match="box elsewhere"):
        Evidence("0" * 64, 1, Box(2, 0, 0, 1, 1), "Table 1", "eight", "rule")
