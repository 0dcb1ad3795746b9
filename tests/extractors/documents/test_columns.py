"""Columns: found by their gaps, read one after the other whatever the order of the stream."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.columns import Columns, down_columns, find_columns, in_order, line_by_line
from extractors.documents.model import Document, Word
from extractors.documents.structure import Block
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

Read = Callable[[str], Document]
HandMade = Callable[..., bytes]
LINE = "some words that fill a line well"


def segment(text: str, baseline: float, *, x: float = 72, size: float = 10, page: int = 1) -> Segment:
    words, at = [], x
    for part in text.split():
        end = at + 0.5 * size * len(part)
        words.append(Word(part, Box(page, at, baseline - 7, end, baseline + 2), size))
        at = end + 0.25 * size
    return Segment(tuple(words), baseline, size)


def column(x: float, top: float, lines: int) -> list[Segment]:
    return [segment(LINE, top + 12 * index, x=x) for index in range(lines)]


def across(top: float, lines: int) -> list[Segment]:
    return [segment(f"{LINE} {LINE} {LINE}", top + 12 * index) for index in range(lines)]


def block(*segments: Segment) -> Block:
    return Block(segments, "text", 792)


def found(*segments: Segment) -> list[tuple[int, int]]:
    """Left edge and number of lines of each column."""
    columns = find_columns(segments, (), 10, 612).boxes
    return [(round(box.x0), round((box.bottom - box.top - 10) / 12) + 1) for box in columns]


def test_a_page_of_full_lines_has_one_column() -> None:
    assert found(*across(100, 20)) == [(72, 20)]


def test_a_gap_parts_two_columns() -> None:
    assert found(*column(72, 100, 20), *column(320, 100, 12)) == [(72, 20), (320, 12)]


def test_three_columns_are_three() -> None:
    narrow = [segment("a few words in it", 100 + 12 * i, x=x) for x in (72, 240, 400) for i in range(9)]
    assert [x for x, _ in found(*narrow)] == [72, 240, 400]


def test_text_across_the_columns_is_read_before_what_is_below_it() -> None:
    page = [*column(72, 200, 20), *column(320, 200, 20), *across(100, 6)]
    assert found(*page) == [(72, 6), (72, 20), (320, 20)]


def test_a_page_that_ends_early_has_a_short_second_column() -> None:
    assert found(*column(72, 100, 30), *column(320, 100, 2)) == [(72, 30), (320, 2)]


def test_two_short_lines_beside_full_ones_are_no_column() -> None:
    assert found(*across(100, 20), *column(72, 340, 6), *column(320, 340, 2)) == [(72, 26)]


def test_authors_and_captions_in_the_middle_of_the_page_leave_the_gap_between_columns() -> None:
    middle = (72 + column(320, 0, 1)[0].x1) / 2
    width = segment(LINE, 0).x1 - 72
    lines = [segment(LINE, top, x=middle - width / 2) for top in (60, 72, 84, 500, 512, 524)]
    page = [*lines[:3], *column(72, 100, 12), *column(320, 100, 9)]
    boxes = find_columns(page, lines[3:], 10, 612).boxes
    assert [(round(box.x0), round(box.bottom)) for box in boxes[-2:]] == [(72, 232), (320, 196)]


def test_one_line_across_the_columns_parts_nothing() -> None:
    page = [*column(72, 100, 30), *column(320, 100, 30), *across(200, 1)]
    assert found(*page) == [(72, 30), (320, 30)]


def test_a_page_without_text_has_no_columns() -> None:
    assert found() == []
    assert Columns(()).place(0, 10, 10) == 0


def test_blocks_in_stream_order_stay_as_they_are() -> None:
    left, right = column(72, 100, 10), column(320, 100, 10)
    blocks = [block(*left[:5]), block(*left[5:]), block(*right)]
    assert in_order(blocks, find_columns([*left, *right], (), 10, 612)) == blocks


@given(st.permutations(range(6)))
def test_blocks_are_read_by_columns_where_the_stream_contradicts_them(order: list[int]) -> None:
    left, right = column(72, 200, 18), column(320, 200, 18)
    parts = [block(*side[at : at + 6]) for side in (left, right) for at in (0, 6, 12)]
    mixed = [parts[index] for index in order]
    assert in_order(mixed, find_columns([*left, *right], (), 10, 612)) == parts


def test_a_title_across_the_columns_comes_first() -> None:
    left, right = column(72, 200, 18), column(320, 200, 18)
    title = block(segment("A title across both of the columns", 100, x=150, size=16))
    blocks = [block(*right), block(*left), title]
    assert in_order(blocks, find_columns([*left, *right], (), 10, 612)) == [
        title,
        block(*left),
        block(*right),
    ]


def test_lines_that_go_across_the_columns_are_read_down_these() -> None:
    left, right = column(72, 100, 20), column(320, 100, 20)
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    columns = find_columns(mixed, (), 10, 612)
    assert line_by_line(mixed, columns)
    assert down_columns(mixed, columns) == [*left, *right]
    assert not line_by_line([*left, *right], columns)


def test_a_stream_across_two_columns_is_read_down_them(hand_made: HandMade) -> None:
    from extractors.documents.pdf import read_pdf

    rows = [
        f"BT /F1 9 Tf 72 {700 - 12 * i} Td (left number {i} of the lines in it) Tj ET"
        f" BT /F1 9 Tf 320 {700 - 12 * i} Td (right number {i} of the lines in it) Tj ET"
        for i in range(20)
    ]
    (paragraph,) = read_pdf(hand_made(["\n".join(rows)])).paragraphs
    assert [word for word in paragraph.text.split() if word in ("left", "right")] == ["left"] * 20 + [
        "right"
    ] * 20


def test_a_page_tells_its_columns_in_order(read: Read) -> None:
    source = "#set page(columns: 2)\n#lorem(900)"
    (first, *_) = read(source).pages
    assert [round(box.x0) for box in first.columns] == sorted(round(box.x0) for box in first.columns)
    assert len(first.columns) == 2


@pytest.mark.parametrize(("x0", "x1", "expected"), [(290, 320, True), (120, 150, False)])
def test_only_the_gap_between_columns_parts_a_line(x0: float, x1: float, expected: bool) -> None:
    columns = Columns((Box(1, 72, 100, 288, 700), Box(1, 320, 100, 540, 700)))
    assert columns.part(x0, x1, 300) is expected
