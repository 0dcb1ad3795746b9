"""Tables and pages set sideways read as if they stood upright, and their boxes are those of the page as it is shown."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.characters import Bar, Rule
from extractors.documents.model import Document
from extractors.documents.turned import Turn
from extractors.facts.evidence import Box

Read = Callable[[str], Document]
HandMade = Callable[..., bytes]
TABLE = "#figure(caption: [Scores of both.], booktabs(3, ([Model], [Score], [Days]), [Small], [71.2], [1], [Large], [75.9], [12]))"
GRID = [["Model", "Score", "Days"], ["Small", "71.2", "1"], ["Large", "75.9", "12"]]


def sideways(degrees: int, body: str = TABLE) -> str:
    return f"A line that stands upright before the table.\n\n#rotate({-degrees}deg, reflow: true)[#block(width: 400pt)[{body}]]"


def texts(document: Document) -> list[list[list[str]]]:
    return [[[cell.text if cell else "" for cell in row] for row in table.rows] for table in document.tables]


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_table_set_sideways_has_its_cells(degrees: int, read: Read) -> None:
    document = read(sideways(degrees))
    table = document.tables[0]
    assert texts(document) == [GRID]
    assert (table.label, table.header_rows, table.turned) == ("Table 1", 1, degrees)
    assert table.caption is not None
    assert table.caption.text == "Table 1: Scores of both."


@pytest.mark.parametrize("degrees", [90, 270])
def test_its_boxes_are_those_of_the_page_as_it_is_shown(degrees: int, read: Read) -> None:
    document = read(sideways(degrees))
    table, page = document.tables[0], document.pages[0]
    first, last = table.rows[0][0], table.rows[2][2]
    assert first is not None
    assert last is not None
    step = 1 if degrees == 90 else -1
    assert step * first.box.x0 < step * last.box.x0, (
        "rows follow each other from the left of the page, or the right"
    )
    assert step * first.box.top > step * last.box.top, "columns run up the page, or down"
    for cell in (first, last):
        assert 0 < cell.box.x0 < cell.box.x1 < page.width
        assert 0 < cell.box.top < cell.box.bottom < page.height
        assert table.box.x0 - 1 < cell.box.x0
        assert cell.box.bottom < table.box.bottom + 1


@pytest.mark.parametrize("degrees", [90, 270])
def test_the_text_beside_it_stays_and_the_page_counts_once(degrees: int, read: Read) -> None:
    document = read(sideways(degrees))
    assert document.paragraphs[0].text == "A line that stands upright before the table."
    assert len(document.pages) == 1
    assert document.problems == ()


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_page_set_sideways_as_a_whole_reads_on(degrees: int, read: Read) -> None:
    body = "This page was turned to make room. It has two lines of text, which nobody should have to read sideways."
    document = read(f"#rotate({-degrees}deg, reflow: true)[#block(width: 300pt)[{body}]]")
    assert [paragraph.text for paragraph in document.paragraphs] == [body]
    assert document.problems == ()


def test_labels_of_a_figure_are_no_text(read: Read) -> None:
    document = read(
        "Some text that is longer than the label.\n\n#rotate(-90deg, reflow: true)[Accuracy in percent]"
    )
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Some text that is longer than the label."
    ]


def test_headers_that_run_up_their_columns_are_headers(read: Read) -> None:
    def up(name: str) -> str:
        return f"[#rotate(-90deg, reflow: true)[{name}]]"

    cells = "[Small], [71.2], [61.3], [Large], [75.9], [63.1]"
    source = f"#figure(caption: [Scores.], booktabs(3, ([Model], {up('Pale skin')}, {up('Bald')}), {cells}))"
    document = read(source)
    assert texts(document) == [
        [["Model", "Pale skin", "Bald"], ["Small", "71.2", "61.3"], ["Large", "75.9", "63.1"]]
    ]


@given(st.sampled_from([90, 270]), st.integers(0, 500), st.integers(0, 500), st.integers(1, 90))
def test_ruling_lines_take_the_same_way_as_boxes(degrees: int, x: int, y: int, length: int) -> None:
    turn = Turn(degrees, 600, 800)
    (flat,), (tall,) = turn.lines([Rule(x, x + length, y)], [Bar(x, y, y + length)])
    assert turn.back(Box(1, flat.x0, flat.y, flat.x1, flat.y)) == Box(1, x, y, x, y + length)
    assert turn.back(Box(1, tall.x, tall.top, tall.x, tall.bottom)) == Box(1, x, y, x + length, y)
