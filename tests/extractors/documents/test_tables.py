"""Tables of typeset pages: found by their captions, on either side, with rules or without, alone or side by side."""

from collections.abc import Callable

import pytest

from extractors.documents.characters import Bar, Rule
from extractors.documents.extents import Region
from extractors.documents.model import Document, Table, Word
from extractors.documents.tables import find_regions, side_of
from extractors.documents.words import Segment
from extractors.facts.evidence import Box

Read = Callable[[str], Document]

CELLS = "([Model], [Params], [Error]), [Alpha], [12M], [4.2], [Beta], [25M], [3.9], [Gamma], [60M], [3.3]"
GRID = [
    ["Model", "Params", "Error"],
    ["Alpha", "12M", "4.2"],
    ["Beta", "25M", "3.9"],
    ["Gamma", "60M", "3.3"],
]
BELOW = "#show figure.where(kind: table): set figure.caption(position: bottom)\n"


def texts(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in table.rows]


def figure(caption: str = "Sizes and errors.", cells: str = CELLS) -> str:
    return f"#figure(booktabs(3, {cells}), caption: [{caption}])\n"


@pytest.mark.parametrize("side", ["", BELOW])
@pytest.mark.parametrize("around", ["", "#lorem(60)\n"])
def test_a_table_is_found_on_either_side_of_its_caption(side: str, around: str, read: Read) -> None:
    (table,) = read(side + around + figure() + around).tables
    assert texts(table) == GRID
    assert (table.label, table.header_rows, table.page) == ("Table 1", 1, 1)
    assert table.caption is not None and table.caption.text == "Table 1: Sizes and errors."


def test_the_words_of_a_table_are_in_no_paragraph(read: Read) -> None:
    document = read("#lorem(40)\n" + figure() + "#lorem(40)")
    stated = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "Gamma" not in stated and "25M" not in stated
    assert stated.count("Lorem") == 2


@pytest.mark.parametrize("side", ["", BELOW])
def test_tables_that_follow_each_other_keep_their_captions(side: str, read: Read) -> None:
    other = (
        "([Data], [Top-1], [Top-5]), [One], [71.0], [90.1], [Two], [72.5], [91.2], [Three], [73.3], [92.0]"
    )
    document = read(side + figure("Costs.") + figure("Scores.", other) + figure("Costs again."))
    found = {table.label: texts(table)[1][0] for table in document.tables}
    assert found == {"Table 1": "Alpha", "Table 2": "One", "Table 3": "Alpha"}


@pytest.mark.parametrize("side", ["", BELOW])
def test_two_tables_side_by_side_are_two(side: str, read: Read) -> None:
    other = CELLS.replace("Alpha", "Delta").replace("Beta", "Eta").replace("Gamma", "Iota")
    left, right = figure("The left one.").lstrip("#"), figure("The right one.", other).lstrip("#")
    document = read(
        f"{side}#lorem(40)\n#grid(columns: (1fr, 1fr), column-gutter: 24pt, {left}, {right})\n#lorem(40)"
    )
    assert {table.label: [row[0] for row in texts(table)] for table in document.tables} == {
        "Table 1": ["Model", "Alpha", "Beta", "Gamma"],
        "Table 2": ["Model", "Delta", "Eta", "Iota"],
    }


@pytest.mark.parametrize("side", ["", BELOW])
def test_a_table_needs_no_rules(side: str, read: Read) -> None:
    bare = "table(columns: 3, stroke: none, " + CELLS.replace("(", "").replace(")", "") + ")"
    document = read(f"{side}#lorem(60)\n#figure({bare}, caption: [Bare.])\n#lorem(60)")
    assert [texts(table) for table in document.tables] == [GRID]


def test_a_table_with_rules_between_all_rows(read: Read) -> None:
    ruled = "table(columns: 3, " + CELLS.replace("(", "").replace(")", "") + ")"
    document = read(f"#lorem(60)\n#figure({ruled}, caption: [Ruled throughout.])\n#lorem(60)")
    assert [texts(table) for table in document.tables] == [GRID]


def test_a_table_in_a_column_stays_in_it(read: Read) -> None:
    source = "#set page(columns: 2, margin: 54pt)\n#lorem(60)\n" + figure() + "#colbreak()\n#lorem(200)"
    (table,) = read(source).tables
    assert texts(table) == GRID
    assert table.box.x1 < 306


def test_a_figure_s_caption_claims_no_table(read: Read) -> None:
    document = read("#figure(kind: image, booktabs(3, " + CELLS + "), caption: [A figure.])")
    assert document.tables == ()


def test_the_table_s_box_holds_its_cells(read: Read) -> None:
    (table,) = read(figure()).tables
    for cell in (cell for row in table.rows for cell in row if cell):
        assert table.box.union(cell.box) == table.box


def test_a_cell_s_evidence_is_its_row(read: Read) -> None:
    (table,) = read(figure()).tables
    cell = table.rows[2][1]
    assert cell is not None
    evidence = table.evidence("0" * 64, "a-rule", cell)
    assert (evidence.quote, evidence.anchor, evidence.page) == ("Beta | 25M | 3.9", "Table 1", 1)


def row(baseline: float, *cells: str, x: float = 100) -> list[Segment]:
    return [
        Segment(
            (Word(text, Box(1, x + 60 * i, baseline - 7, x + 60 * i + 40, baseline + 2), 10),), baseline, 10
        )
        for i, text in enumerate(cells)
    ]


def many(baseline: float, text: str, x: float) -> list[Segment]:
    """A line of text, 17 points a word, as one segment."""
    boxes = [
        Box(1, x + 17 * i, baseline - 7, x + 17 * i + 15, baseline + 2) for i in range(len(text.split()))
    ]
    words = tuple(Word(word, box, 10) for word, box in zip(text.split(), boxes, strict=True))
    return [Segment(words, baseline, 10)]


CAPTION = Box(1, 100, 90, 300, 100)
ROWS = [*row(125, "Model", "A", "B"), *row(140, "One", "1.0", "2.0"), *row(152, "Two", "3.0", "4.0")]
RULES = [Rule(98, 270, 114), Rule(98, 270, 129), Rule(98, 270, 157)]


def test_a_region_reaches_from_the_first_rule_to_the_last() -> None:
    region = find_regions(CAPTION, [], ROWS, RULES)[0]
    assert (region.x0, region.top, region.x1, region.bottom) == pytest.approx((98, 114, 270, 157), abs=1)
    assert all(region.holds(segment) for segment in ROWS)


def test_a_line_by_itself_close_above_the_first_rule_is_a_header() -> None:
    spanning = row(111, "On the first test", x=160)
    region = find_regions(CAPTION, [], [*spanning, *ROWS], RULES)[0]
    assert region.holds(spanning[0])


def test_the_end_of_a_text_above_the_first_rule_is_no_header() -> None:
    far = Box(1, 100, 170, 300, 180)
    text = [*row(99, "Text that ends", x=100), *row(111, "above the table.", x=100)]
    region = find_regions(far, [], [*text, *ROWS], RULES)[0]
    assert all(region.holds(segment) for segment in ROWS)
    assert not any(region.holds(segment) for segment in text)


def test_a_line_with_numbers_that_stands_off_the_first_rule_is_no_header() -> None:
    far = Box(1, 100, 170, 300, 180)
    header = row(98, "12", "A. Author", "3")
    region = find_regions(far, [], [*header, *ROWS], RULES)[0]
    assert not any(region.holds(segment) for segment in header)
    assert all(region.holds(segment) for segment in ROWS)


def test_a_table_is_as_high_as_the_vertical_line_through_it() -> None:
    spans = [*row(101, "Small models", x=160), *row(113, "Top-1 Top-5 Top-1 Top-5", x=160)]
    bar = Bar(150, 92, 157)
    below = Box(1, 100, 163, 300, 173)
    (rule,) = [Rule(98, 270, 117)]
    region = find_regions(below, [], [*spans, *ROWS], [rule], bars=[bar])[0]
    assert (region.top, region.bottom) == (92, 157)
    text = many(105, "which is what all of these models say of it", x=100)
    beside = find_regions(below, [], [*text, *ROWS], [rule], bars=[bar])[0]
    assert not beside.holds(text[0])


@pytest.mark.parametrize("names", ["Top-1 Top-5 Top-1 Top-5", "AP AR AP AR AP AR AP AR AP AR"])
def test_a_title_of_a_group_breaks_no_vertical_line_off(names: str) -> None:
    head = [*row(101, "Small models", x=160), *many(113, names, x=160)]
    body = [s for n in range(5) for s in row(140 + 12 * n, "One", "1.0", "2.0")]
    bars = [Bar(150, 92, 117), Bar(150, 131, 192)]
    title = row(128, "Results of others:")
    below = Box(1, 100, 200, 300, 210)
    region = find_regions(below, [], [*head, *title, *body], [Rule(98, 270, 117)], bars=bars)[0]
    assert (region.top, region.bottom) == (92, 192)


def test_text_between_two_lines_of_one_width_parts_them() -> None:
    below = Box(1, 100, 163, 300, 173)
    text = [
        s for n in range(4) for s in many(50 + 12 * n, "so that nobody has to read all of it again", x=100)
    ]
    region = find_regions(below, [], [*text, *ROWS], [Rule(98, 270, 38), *RULES])[0]
    assert region.top == pytest.approx(114, abs=1)


def test_a_last_row_below_all_lines_is_the_table_s_where_it_leaves_its_columns_apart() -> None:
    last = [
        Segment(tuple(word._replace(font="Bold") for word in segment.words), segment.baseline, 10)
        for segment in row(167, "All of these", "none", "most")
    ]
    text = many(179, "of all that we have read of it so far", x=100)
    region = find_regions(CAPTION, [], [*ROWS, *last, *text], RULES)[0]
    assert all(region.holds(segment) for segment in last)
    assert not region.holds(text[0])


def test_vertical_lines_beside_a_caption_and_the_line_across_them_are_a_table() -> None:
    below = Box(1, 100, 168, 300, 178)
    rows = [s for n in range(3) for s in row(30 + 60 * n, "a picture's", "words", "and more")]
    bars = [Bar(150, 20, 165), Bar(210, 20, 165)]
    (region,) = find_regions(below, [], rows, [Rule(98, 270, 36)], bars=bars)
    assert (region.x0, region.top, region.x1, region.bottom) == pytest.approx((98, 20, 270, 165), abs=1)
    assert find_regions(below, [Box(1, 100, 100, 300, 110)], rows, [Rule(98, 270, 36)], bars=bars) == []


def test_lines_over_one_more_column_make_a_table_wider() -> None:
    more = [*row(172, "Model", "C", "D", "Mean"), *row(184, "One", "1.0", "2.0", "1.5")]
    lower = [Rule(98, 325, y) for y in (163, 176, 189)]
    region = find_regions(CAPTION, [], [*ROWS, *more], [*RULES, *lower])[0]
    assert (region.x1, region.bottom) == pytest.approx((325, 184), abs=1)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_caption_may_stand_beside_its_table(side: str, read: Read) -> None:
    told = "block(width: 140pt)[Table 1: Sizes and errors of all the models that we train.]"
    panels = [told, f"booktabs(3, {CELLS})"]
    if side == "right":
        panels.reverse()
    beside = f"#grid(columns: 2, column-gutter: 16pt, align: horizon, {', '.join(panels)})"
    (table,) = read(f"#lorem(60)\n\n{beside}\n\n#lorem(60)").tables
    assert (table.label, texts(table)) == ("Table 1", GRID)


def test_text_beside_a_table_is_none_of_its_cells(read: Read) -> None:
    beside = f"#grid(columns: (1fr, auto), column-gutter: 14pt, lorem(60), {figure().strip().lstrip('#')})"
    (table,) = read(f"#lorem(40)\n\n{beside}\n\n#lorem(40)").tables
    assert texts(table) == GRID


def test_numbers_of_a_plot_above_a_table_stay_out_of_it() -> None:
    far = Box(1, 100, 170, 300, 180)
    labels = [
        Segment(tuple(word._replace(font="PlotSans") for word in segment.words), segment.baseline, 10)
        for segment in row(111, "0", "200", "400")
    ]
    region = find_regions(far, [], [*labels, *ROWS], RULES)[0]
    assert not any(region.holds(segment) for segment in labels)


def test_a_table_without_lines_may_be_wider_than_its_caption() -> None:
    narrow = Box(1, 160, 90, 290, 100)
    rows = [
        segment for line in range(4) for segment in row(112 + 12 * line, "Name", "1.0", "2.0", "3.0", "4.0")
    ]
    (region,) = find_regions(narrow, [], rows, [])
    assert all(region.holds(segment) for segment in rows)


def test_a_table_without_lines_may_have_a_header_as_tight_as_words() -> None:
    header = many(112, "Wide net [1] Wider net", 150)
    rows = [segment for line in (124, 136, 148) for segment in row(line, "Depth", "1.0", "2.0")]
    (region,) = find_regions(Box(1, 100, 90, 300, 100), [], [*header, *rows], [])
    assert all(region.holds(segment) for segment in [*header, *rows])


def test_a_line_of_text_above_numbers_of_a_plot_is_no_header() -> None:
    text = many(112, "as is told in what goes on behind it here", 100)
    ticks = [segment for line in (124, 136, 148) for segment in row(line, "0", "200", "400")]
    assert not any(r.holds(text[0]) for r in find_regions(Box(1, 100, 90, 300, 100), [], [*text, *ticks], []))


def test_two_columns_of_text_are_no_rows() -> None:
    line = "so that nobody has to read it again"
    text = [
        segment
        for n in range(6)
        for segment in row(112 + 12 * n, line, x=100) + row(112 + 12 * n, line, x=320)
    ]
    parted = [
        Segment(tuple(s.words[0]._replace(text=part) for part in line.split()), s.baseline, 10) for s in text
    ]
    assert find_regions(Box(1, 100, 90, 500, 100), [], parted, []) == []


def test_rules_beyond_another_caption_belong_to_it() -> None:
    other = Box(1, 100, 170, 300, 180)
    region = find_regions(CAPTION, [other], ROWS, [*RULES, Rule(98, 270, 195)])[0]
    assert region.bottom == 157


def test_rules_far_from_the_caption_are_not_its_table() -> None:
    far = [Rule(rule.x0, rule.x1, rule.y + 300) for rule in RULES]
    assert find_regions(CAPTION, [], [], far) == []


def test_nothing_beside_a_caption_is_no_region() -> None:
    assert find_regions(CAPTION, [], [], []) == []


def test_the_side_on_which_tables_stand_decides_between_two() -> None:
    above = [Segment(s.words, s.baseline - 90, 10) for s in ROWS]
    rules = [*RULES, *(Rule(r.x0, r.x1, r.y - 85) for r in RULES)]
    sides = {
        side: side_of(find_regions(CAPTION, [], [*above, *ROWS], rules, side)[0], CAPTION) for side in (1, -1)
    }
    assert sides == {1: 1, -1: -1}


def test_a_region_s_side() -> None:
    assert side_of(Region(0, 110, 100, 150, ()), CAPTION) == 1
    assert side_of(Region(0, 10, 100, 50, ()), CAPTION) == -1
