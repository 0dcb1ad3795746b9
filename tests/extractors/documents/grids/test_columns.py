"""Columns from gaps and vertical lines, and the pieces that stand in them."""

from extractors.documents.characters import Bar
from extractors.documents.grids.columns import (
    barred_columns,
    columns_of,
    covered,
    joined_by_names,
    parted_by_names,
    placed,
)
from extractors.documents.grids.lines import Line, lines_of
from extractors.documents.model import Word
from extractors.facts.evidence import Box


def lines(*rows: list[tuple[str, float]]) -> list[Line]:
    words = [
        Word(text, Box(1, x, 93 + 12 * index, x + 5 * len(text), 102 + 12 * index), 10)
        for index, row in enumerate(rows)
        for text, x in row
    ]
    return lines_of(words)


BODY = lines(
    [("One", 0), ("1.0", 50), ("2.0", 100)],
    [("Two", 0), ("3.0", 50), ("4.0", 100)],
    [("Three", 0), ("5.0", 50), ("6.0", 100)],
)


def test_columns_are_what_is_left_between_gaps() -> None:
    assert columns_of(BODY) == [(0, 25), (50, 65), (100, 115)]


def test_a_title_over_the_columns_does_not_join_them() -> None:
    titled = [*lines([("Methods-of-others-that-are-wide", 0)]), *BODY]
    assert len(columns_of(titled)) == 3


def test_a_column_of_one_cell_in_many_is_a_column() -> None:
    rows = [[("A", 0.0), ("1.0", 50.0)] for _ in range(14)]
    rows[3].append(("9.0", 100.0))
    assert len(columns_of(lines(*rows))) == 3


def test_a_vertical_line_parts_columns_that_touch() -> None:
    rows = lines(
        [("Longer", 0), ("1.0", 50)], [("A", 0), ("b", 20), ("2.0", 50)], [("C", 0), ("d", 20), ("3.0", 50)]
    )
    parted = [*lines([("A", 0), ("b", 20), ("1.0", 50)]), *rows[1:]]
    assert len(columns_of(rows)) == 2
    assert len(columns_of(parted, [Bar(15, 90, 130)])) == 3


def test_a_vertical_line_may_end_at_cells_that_span_what_it_parts() -> None:
    rows = lines(
        [("Spanning", 5), ("words", 47), ("1.0", 90)],
        [("Old", 0), ("2.0", 30), ("3.0", 90)],
        [("New", 0), ("4.0", 30), ("5.0", 90)],
        [("Ours", 0), ("6.0", 30), ("7.0", 90)],
    )
    assert columns_of(rows, [Bar(25, 104, 140)]) == [(0, 20), (30, 45), (90, 105)]


def test_a_title_that_begins_with_a_number_does_not_join_the_columns() -> None:
    titles = [[("2\u00d7", 0.0), ("the", 13.0), ("cost", 31.0), ("before:", 54.0)]] * 2
    rows = lines(*titles, *[[("Model", 0.0), ("1.0", 50.0), ("2.0", 100.0)]] * 3)
    assert columns_of(rows) == [(0, 25), (50, 65), (100, 115)]


def test_marks_that_stand_as_close_as_words_are_columns() -> None:
    marks = [("\u2713", 50.0), ("\u2717", 58.0), ("\u2713", 66.0)]
    rows = lines(*[[("Ours", 0.0), *marks[:count], ("1.0", 100.0)] for count in (1, 2, 3, 2)])
    assert columns_of(rows) == [(0, 20), (50, 55), (58, 63), (66, 71), (100, 115)]


def test_ranges_that_stand_as_close_as_words_are_columns() -> None:
    rows = lines(
        *[[("Ours", 0.0), ("13.5M", 50.0), ("21-29.3B", 78.0)], [("Old", 0.0), ("2M", 58.0), ("4B", 90.0)]]
        * 2
    )
    assert columns_of(rows) == [(0, 20), (50, 75), (78, 118)]


def test_what_reaches_into_a_gap_from_both_sides_makes_no_column() -> None:
    short = [[(f"Net-{index}", 75.0), ("1.0", 120.0)] for index in range(10)]
    rows = lines(
        *short,
        [("Block-of", 12.0), ("Attention", 55.0), ("2.0", 120.0)],
        [("Attention-net", 45.0), ("3.0", 120.0)],
    )
    assert [round(column[1]) for column in columns_of(rows)] == [100, 135]


def test_a_number_and_its_unit_under_one_header_are_one_column() -> None:
    head = lines([("Model", 0.0), ("Training-time", 50.0)])
    body = lines(*[[("Ours", 0.0), (time, 60.0), ("days", 79.0)] for time in ("4.7", "2.7")])
    apart = [(0.0, 20.0), (60.0, 75.0), (79.0, 99.0)]
    assert joined_by_names(apart, head, body) == [(0, 20), (60, 99)]
    assert joined_by_names(apart, lines([("Model", 0.0), ("Time", 54.0), ("Unit", 80.0)]), body) == apart
    assert joined_by_names(apart, head, lines([("Ours", 0.0), ("4.7", 60.0), ("2.3", 79.0)])) == apart
    assert joined_by_names(apart, head, [*body, *lines([("Ours", 0.0), ("days", 79.0)])]) == apart


def test_a_span_covers_the_columns_it_lies_over_or_is_nearest_to() -> None:
    columns = [(0.0, 25.0), (50.0, 65.0), (100.0, 115.0)]
    assert [covered(*span, columns) for span in ((45, 120), (52, 60), (70, 75), (200, 210))] == [
        [1, 2],
        [1],
        [1],
        [2],
    ]


def test_pieces_stand_in_their_columns_and_those_of_one_column_are_one() -> None:
    columns = [(0.0, 25.0), (50.0, 65.0), (100.0, 115.0)]
    (line,) = lines([("Two", 0), ("3.0", 50), ("wide-one", 70)])
    found = placed(line, [(0, 15), (50, 65), (70, 95)], columns, header=False)
    assert [([word.text for word in piece.words], piece.first, piece.last) for piece in found] == [
        (["Two"], 0, 0),
        (["3.0", "wide-one"], 1, 1),
    ]


def test_a_label_left_of_all_columns_is_a_column_though_it_is_alone() -> None:
    rows = lines([("1.0", 50), ("2.0", 100)], [("3.0", 50), ("4.0", 100)], [("5.0", 50), ("6.0", 100)])
    label = lines([("Base", 0)])[0]
    assert columns_of([rows[0], label, *rows[1:]]) == [(0, 20), (50, 65), (100, 115)]


def test_labels_that_read_up_their_rows_are_a_column() -> None:
    side = Word("Ours", Box(1, -9, 93, -1, 126), 10)
    words = [word for line in BODY for chunk in line.chunks for word in chunk.words]
    assert columns_of(lines_of([side, *words]))[:2] == [(-9, -1), (0, 25)]


def test_a_vertical_line_between_any_two_headers_parts_the_columns_whatever_stands_in_them() -> None:
    head = lines([("Model", 0), ("Data", 50), ("Time", 120)])
    wrapped = [("B", 0.0), ("long-enough", 40.0), ("2.0", 120.0)]
    body = lines([("A", 0), ("x", 40), ("y", 80), ("1.0", 120)], *[wrapped] * 4)
    bars = [Bar(35, 90, 130), Bar(110, 90, 130)]
    assert barred_columns(head, body, bars) == [(0, 5), (40, 95), (120, 135)]
    titled = [*body * 3, *lines([("a-title-over-the-first-lines", 0)])]
    assert barred_columns(head, titled, bars) == [(0, 5), (40, 95), (120, 135)]
    assert barred_columns(head, body, bars[:1]) == []
    assert barred_columns(lines([("A", 0), ("B", 40), ("C", 80), ("D", 120)]), body, bars) == []


def test_columns_below_one_header_between_vertical_lines_are_several() -> None:
    head = lines([("Model", 0), ("Data", 50), ("Time", 120)])
    body = lines(*[[("A", 0.0), ("1.0", 40.0), ("2.0", 80.0), ("3.0", 120.0)]] * 3)
    assert barred_columns(head, body, [Bar(35, 90, 130), Bar(110, 90, 130)]) == []


def test_two_headers_over_one_column_part_it_where_lines_have_a_cell_below_each() -> None:
    head = lines([("Layer", 0), ("Small", 40), ("Large", 80)])
    shared, own = [("A", 0.0), ("a-cell-for-both", 42.0)], [("B", 0.0), ("1.0", 45.0), ("2.0", 85.0)]
    columns = [(0.0, 5.0), (42.0, 117.0)]
    assert parted_by_names(columns, head, lines(shared, shared, own, own)) == [(0, 5), (45, 60), (85, 100)]
    assert parted_by_names(columns, head, lines(shared, shared, shared, own)) == columns
