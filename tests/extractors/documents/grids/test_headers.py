"""Header lines: how many, and what each header stands over."""

from extractors.documents.characters import Bar, Rule
from extractors.documents.grids.headers import header_lines, reaches, split, wide_rules
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


NAMES = [("Model", 0.0), ("top-1", 50.0), ("top-5", 100.0)]
BODY = [[("One", 0.0), ("1.0", 50.0), ("2.0", 100.0)], [("Two", 0.0), ("3.0", 50.0), ("4.0", 100.0)]]
SPANNING = [("ImageNet", 65.0)]
COLUMNS = [(0.0, 25.0), (50.0, 75.0), (100.0, 125.0)]


def test_the_header_ends_at_the_first_inner_line() -> None:
    table = lines(SPANNING, NAMES, *BODY)
    assert header_lines(table, [Rule(0, 125, 90), Rule(0, 125, 117), Rule(0, 125, 150)]) == 2


def test_a_line_that_is_short_does_not_end_it() -> None:
    table = lines(SPANNING, NAMES, *BODY)
    rules = [Rule(50, 125, 105), Rule(0, 125, 117)]
    assert wide_rules(table, rules) == [117]
    assert header_lines(table, rules) == 2


def test_without_lines_the_header_ends_where_numbers_begin() -> None:
    assert header_lines(lines(NAMES, *BODY), []) == 1


def test_a_line_between_a_spanning_header_and_its_headers_is_within_the_header() -> None:
    table = lines(SPANNING, NAMES, *BODY)
    assert header_lines(table, [Rule(0, 125, 105), Rule(0, 125, 117)]) == 2


def test_a_header_reaches_as_far_as_its_own_line() -> None:
    (line,) = lines(SPANNING)
    assert reaches(line, None, COLUMNS, [Rule(50, 100, 105)]) == [(50, 105)]


def test_a_header_without_a_line_reaches_over_the_columns_it_is_centred_on() -> None:
    line, below = lines(SPANNING, NAMES)
    assert reaches(line, below, COLUMNS, []) == [(50, 125)]


def test_a_header_over_one_column_reaches_no_further() -> None:
    line, below = lines([("Data", 51.0), ("Time", 102.0)], NAMES)
    assert reaches(line, below, COLUMNS, []) == [(51, 71), (102, 122)]


def test_a_line_drawn_in_pieces_ends_the_header() -> None:
    table = lines([("Data", 0.0), ("Length", 65.0)], [("Steps", 0.0), ("64", 50.0), ("128", 100.0)], *BODY)
    pieces = [Rule(0, 25, 117), Rule(45, 125, 117)]
    assert wide_rules(table, pieces) == [117]
    assert header_lines(table, pieces) == 2


def test_pieces_below_spanning_headers_do_not_end_it() -> None:
    names = [("Model", 0.0), ("Data", 30.0), ("1", 60.0), ("2", 90.0), ("4", 120.0)]
    table = lines(
        [("Setup", 15.0), ("Steps", 90.0)], names, *[[(text, x) for _, x in names] for text in "abc"]
    )
    assert wide_rules(table, [Rule(0, 50, 105), Rule(60, 125, 105)]) == []


def test_numbers_without_a_label_below_a_spanning_header_are_headers() -> None:
    table = lines([("Width", 0.0), ("Layers", 72.0)], [("3", 55.0), ("5", 105.0)], *BODY)
    assert header_lines(table, []) == 2
    assert header_lines(lines(NAMES, [("3", 55.0), ("5", 105.0)], *BODY), []) == 1


def test_sizes_in_order_over_measured_numbers_are_headers() -> None:
    sizes = [("Method", 0.0), ("128", 50.0), ("256", 100.0), ("512", 150.0)]
    measured = [[(name, 0.0), ("0.2", 50.0), ("0.5", 100.0), ("1.1", 150.0)] for name in ("One", "Two")]
    counted = [[(name, 0.0), ("20", 50.0), ("50", 100.0), ("110", 150.0)] for name in ("One", "Two")]
    assert header_lines(lines(sizes, *measured), []) == 1
    assert header_lines(lines(sizes, *counted), []) == 0


def test_sizes_in_order_between_lines_below_a_spanning_header_are_headers() -> None:
    sizes = [("Method", 0.0), ("128", 50.0), ("256", 100.0), ("512", 150.0)]
    measured = [[(name, 0.0), ("0.2", 50.0), ("0.5", 100.0), ("1.1", 150.0)] for name in ("One", "Two")]
    table = lines([("Length", 92.0)], sizes, *measured)
    assert header_lines(table, [Rule(0, 165, y) for y in (90.0, 105.0, 117.0, 129.0)]) == 2


def test_a_line_that_begins_behind_a_short_label_does_not_part_the_table() -> None:
    table = lines(
        [("Group", 0.0), ("Top", 100.0), ("Best", 180.0)], [("A", 2.0), ("1.0", 100.0), ("2.0", 180.0)]
    )
    assert wide_rules(table, [Rule(12, 200, 105)]) == []
    assert wide_rules(table, [Rule(4, 200, 105)]) == [105]


def test_words_over_numbers_are_headers_beside_ranges() -> None:
    named = [("Method", 0.0), ("AR", 50.0), ("AP", 80.0), ("0-25", 110.0), ("25-50", 140.0), ("50-90", 170.0)]
    body = [[(name, 0.0), *((f"{x:.1f}", x) for _, x in named[1:])] for name in ("One", "Two")]
    assert header_lines(lines(named, *body), []) == 1
    assert header_lines(lines([("Zero", 0.0), *body[0][1:]], *body), []) == 0


def test_headers_over_repeated_names_reach_over_one_set_each() -> None:
    columns = [(30.0 * index, 30.0 * index + 20) for index in range(7)]
    below = [("Model", 0.0), *((name, 30.0 + 30 * index) for index, name in enumerate(["P", "R", "F1"] * 2))]
    (line, under) = lines([("MUC", 63.0), ("B3", 155.0)], below)
    assert reaches(line, under, columns, []) == [(30, 100), (120, 190)]


def test_headers_that_stand_as_close_as_words_are_parted_over_their_columns() -> None:
    columns = [(0.0, 25.0), (50.0, 65.0), (69.0, 84.0)]
    (line, below) = lines([("Model", 0), ("one", 50), ("two", 69)], [("a", 55), ("b", 74)])
    assert [chunk.text for chunk in line.chunks] == ["Model", "one two"]
    assert [chunk.text for chunk in split(line, [], columns).chunks] == ["Model", "one", "two"]
    assert split(line, [below], columns) == line


def test_headers_as_tight_as_words_need_not_stand_in_the_middle_of_their_columns() -> None:
    columns = [(0.0, 25.0), (51.0, 56.0), (69.0, 79.0), (90.0, 100.0)]
    named = [("Model", 0.0), ("Mixing", 47.0), ("one", 79.0 - 10), ("two", 79.0 + 9)]
    (line, below) = lines(named, [("a", 51), ("b", 69), ("c", 90)])
    assert [chunk.text for chunk in line.chunks] == ["Model", "Mixing one two"]
    assert [chunk.text for chunk in split(line, [], columns).chunks] == ["Model", "Mixing", "one", "two"]
    assert split(line, [below], columns) == line


def test_the_title_of_the_first_group_is_below_the_header() -> None:
    assert header_lines(lines(NAMES, [("Models-of-others", 0.0)], *BODY), []) == 1


def test_a_header_alone_between_vertical_lines_reaches_from_one_to_the_other() -> None:
    columns = [(0.0, 25.0), (50.0, 65.0), (80.0, 95.0), (110.0, 125.0)]
    line, below = lines([("Tasks", 77.0)], [("Model", 0), ("a", 55), ("b", 85), ("c", 115)])
    assert reaches(line, None, columns, [], [Bar(40, 90, 130)]) == [(50, 125)]
    (aside, _) = lines([("Tasks", 105.0)], [("Model", 0), ("a", 55), ("b", 85), ("c", 115)])
    assert reaches(aside, below, columns, [], [Bar(40, 90, 130)]) == [(105, 130)]


def test_headers_reach_over_no_columns_of_their_neighbours() -> None:
    columns = [(40.0 * index, 40.0 * index + 20) for index in range(6)]
    names = [(name, 40.0 * index) for index, name in enumerate(("Data", "A", "B", "C", "D", "Mean"))]
    line, below = lines([("Open-Domain-Answers", 42.5), ("Talk", 160.0)], names)
    assert reaches(line, below, columns, []) == [(40, 140), (160, 180)]


def test_of_two_runs_of_columns_a_header_reaches_over_the_one_it_is_better_centred_on() -> None:
    columns = [(0.0, 20.0), (100.0, 104.0), *((110.0 + 40 * at, 130.0 + 40 * at) for at in range(6))]
    names = [(name, x0) for name, (x0, _) in zip("ABCDEFGH", columns, strict=True)]
    line, below = lines([("Downstream-tasks", 180.0)], names)
    assert reaches(line, below, columns, []) == [(110, 330)]


def test_headers_half_a_line_beside_others_are_not_too_many_for_a_header() -> None:
    words = [
        Word(text, Box(1, x, 93 + y, x + 5 * len(text), 102 + y), 10)
        for text, x, y in [
            *(("Detection", 50, 0), ("Backbone", 0, 6), ("SSD", 40, 12), ("RCNN", 90, 12)),
            *(("Network", 0, 18), ("(mAP)", 40, 24), ("(mAP)", 90, 24)),
            *(
                (text, x, 40.0 + 12 * at)
                for at in range(4)
                for text, x in (("A", 0), ("1.0", 40), ("2.0", 90))
            ),
        ]
    ]
    assert header_lines(lines_of(words), [Rule(0, 115, 131)]) == 5
    assert header_lines(lines_of(words), []) == 5
