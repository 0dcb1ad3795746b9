"""Panels under one caption: one table where those side by side share the labels of their rows, else each one of its own."""

from collections.abc import Callable

import pytest

from extractors.documents.characters import Rule
from extractors.documents.extents import Region
from extractors.documents.model import Document, Table
from extractors.documents.panels import around, panels_beside
from extractors.facts.evidence import Box

Read = Callable[[str], Document]

LEFT = "booktabs(3, ([Model], [Top-1], [Top-5]), [Alder], [71.2], [90.1], [Birch], [72.5], [91.3])"
RIGHT = "booktabs(2, ([BLEU], [Error]), [28.4], [4.2], [29.1], [3.9])"
NAMED = "booktabs(2, ([Data], [Error]), [Places], [4.2], [COCO], [3.9])"
TALL = "booktabs(2, ([Set], [Error]), [One], [4.2], [Two], [3.9], [Three], [7.7], [Four], [2.1])"
BELOW = "#show figure.where(kind: table): set figure.caption(position: bottom)\n"
CAPTION = (
    "caption: [Scores of two models, on the left with images and on the right with sentences of two sets.]"
)


def texts(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in table.rows]


def source(*panels: str) -> str:
    beside = f"grid(columns: {len(panels)}, column-gutter: 16pt, {', '.join(panels)})"
    return f"#lorem(40)\n#figure(kind: table, {beside}, {CAPTION})\n#lorem(40)"


@pytest.mark.parametrize("side", ["", BELOW])
def test_panels_that_share_their_labels_are_one_table(side: str, read: Read) -> None:
    (table,) = read(side + source(LEFT, RIGHT)).tables
    assert texts(table) == [
        ["Model", "Top-1", "Top-5", "BLEU", "Error"],
        ["Alder", "71.2", "90.1", "28.4", "4.2"],
        ["Birch", "72.5", "91.3", "29.1", "3.9"],
    ]


@pytest.mark.parametrize("side", ["", BELOW])
def test_panels_with_labels_of_their_own_are_tables_of_one_caption(side: str, read: Read) -> None:
    document = read(side + source(LEFT, NAMED))
    assert [table.label for table in document.tables] == ["Table 1", "Table 1"]
    assert [texts(table)[1] for table in document.tables] == [["Alder", "71.2", "90.1"], ["Places", "4.2"]]
    assert not any("COCO" in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("side", ["", BELOW])
def test_titles_of_panels_are_no_rows(side: str, read: Read) -> None:
    (table,) = read(side + source(titled(LEFT, "a"), titled(RIGHT, "b"))).tables
    assert len(table.rows) == 3


def test_titles_between_panels_are_no_rows_where_one_stands_below_the_last(read: Read) -> None:
    def panel(letter: str) -> str:
        return f"{LEFT}, text(8pt)[({letter}) On these]"

    stacked = f"stack(spacing: 5pt, {panel('a')}, {panel('b')})"
    (table,) = read(f"{BELOW}#lorem(40)\n#figure(kind: table, {stacked}, {CAPTION})\n#lorem(40)").tables
    assert [row[0] for row in texts(table)] == ["Model", "Alder", "Birch"] * 2


def titled(panel: str, letter: str) -> str:
    return f"stack(spacing: 5pt, {panel}, text(8pt)[({letter}) On these])"


def firsts(document: Document) -> list[tuple[str, str | None, int]]:
    return [(table.label, texts(table)[1][0], len(table.rows)) for table in document.tables]


@pytest.mark.parametrize("side", ["", BELOW])
@pytest.mark.parametrize("align", ["top", "bottom"])
def test_panels_of_other_heights_are_tables_of_one_caption(align: str, side: str, read: Read) -> None:
    panels = ", ".join(map(titled, (LEFT, TALL, NAMED), "abc"))
    beside = f"grid(columns: 3, column-gutter: 16pt, align: {align}, {panels})"
    found = firsts(read(f"{side}#lorem(40)\n#figure(kind: table, {beside}, {CAPTION})\n#lorem(40)"))
    assert sorted(found, key=str) == [
        ("Table 1", "Alder", 3),
        ("Table 1", "One", 5),
        ("Table 1", "Places", 3),
    ]


@pytest.mark.parametrize("side", ["", BELOW])
def test_panels_of_other_widths_below_each_other_are_tables_of_one_caption(side: str, read: Read) -> None:
    stacked = f"stack(spacing: 8pt, {titled(LEFT, 'a')}, {titled(TALL, 'b')})"
    document = read(f"{side}#lorem(40)\n#figure(kind: table, {stacked}, {CAPTION})\n#lorem(40)")
    assert firsts(document) == [("Table 1", "Alder", 3), ("Table 1", "One", 5)]


@pytest.mark.parametrize("side", ["", BELOW])
def test_a_table_with_a_caption_of_its_own_is_no_panel(side: str, read: Read) -> None:
    figures = "".join(f"#figure(kind: table, {panel}, {CAPTION})\n" for panel in (LEFT, TALL, NAMED))
    found = firsts(read(f"{side}#lorem(40)\n{figures}#lorem(40)"))
    assert found == [("Table 1", "Alder", 3), ("Table 2", "One", 5), ("Table 3", "Places", 3)]


def rules(x0: float, x1: float) -> tuple[Rule, ...]:
    return tuple(Rule(x0, x1, y) for y in (100, 112, 148))


REGION = Region(50, 100, 200, 148, rules(50, 200))
PAGE = [*rules(50, 200), *rules(220, 380)]
WIDE = Box(1, 60, 156, 370, 166)


def test_a_panel_has_its_lines_at_the_heights_of_the_first() -> None:
    (panel,) = panels_beside(REGION, WIDE, [], PAGE)
    assert (panel.x0, panel.x1, panel.top, panel.bottom) == (220, 380, 100, 148)
    lower = [*rules(50, 200), *(Rule(r.x0, r.x1, r.y + 20) for r in rules(220, 380))]
    assert panels_beside(REGION, WIDE, [], lower) == []


def test_what_stands_over_another_caption_is_no_panel() -> None:
    assert panels_beside(REGION, Box(1, 60, 156, 190, 166), [], PAGE) == []
    assert panels_beside(REGION, WIDE, [Box(1, 230, 80, 370, 90)], PAGE) == []


def test_panels_far_to_the_side_are_none() -> None:
    far = [*rules(50, 200), *rules(300, 460)]
    assert panels_beside(REGION, Box(1, 60, 156, 450, 166), [], far) == []


def test_panels_together_reach_from_the_first_to_the_last() -> None:
    whole = around([REGION, *panels_beside(REGION, WIDE, [], PAGE)])
    assert (whole.x0, whole.x1) == (50, 380)
    assert len(whole.rules) == 6
