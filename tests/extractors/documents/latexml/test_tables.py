"""Grids of tables as LaTeXML writes them: spans, headers, wrapped cells, spacers, and limits."""

from collections.abc import Sequence

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.latexml.tables import Bounds, HtmlGrid, grid_of, is_layout
from extractors.documents.latexml.text import Inline, Style, words_of
from extractors.documents.model import Word


def tabular(content: str) -> Tag:
    page = BeautifulSoup(f"<html><body><table class='ltx_tabular'>{content}</table></body></html>", "lxml")
    assert page.table is not None
    return page.table


def words(cell: Tag) -> tuple[Word, ...]:
    return words_of(Inline().pieces(cell, Style()))


def grid(content: str, bounds: Bounds | None = None) -> HtmlGrid:
    found = grid_of(tabular(content), words, bounds or Bounds())
    assert found is not None
    return found


def texts(found: HtmlGrid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in found.rows]


def row(*cells: str, kind: str = "ltx_td", border: str = "") -> str:
    return (
        "<tr class='ltx_tr'>"
        + "".join(f"<td class='{kind} {border}'>{cell}</td>" for cell in cells)
        + "</tr>"
    )


HEAD = row("Model", "Params (M)", kind="ltx_td ltx_th ltx_th_column")
BODY = row("A", "4.2") + row("B", "<b class='ltx_font_bold'>7.9</b>")


def test_a_marked_header_is_the_header() -> None:
    found = grid(f"<thead class='ltx_thead'>{HEAD}</thead><tbody>{BODY}</tbody>")
    assert found.header_rows == 1
    assert texts(found) == [["Model", "Params (M)"], ["A", "4.2"], ["B", "7.9"]]


def test_headers_of_columns_are_a_header_without_a_group() -> None:
    two = row("", "Cost", kind="ltx_td ltx_th ltx_th_column") + HEAD
    assert grid(f"<tbody>{two}{BODY}</tbody>").header_rows == 2


def test_a_line_parts_an_unmarked_header_from_the_rows() -> None:
    head = row("Model", "Year") + row("", "2019")
    below = row("A", "4.2", border="ltx_border_t") + row("B", "7.9", border="ltx_border_t")
    assert grid(head + below).header_rows == 2
    above = row("Model", "2019", border="ltx_border_tt") + row("", "x", border="ltx_border_b") + BODY
    assert grid(above).header_rows == 2


def test_a_line_under_some_columns_parts_nothing() -> None:
    head = (
        "<tr class='ltx_tr'><td class='ltx_td'></td><td class='ltx_td ltx_border_b' colspan='2'>Cost</td></tr>"
        + row("Model", "FLOPs", "Hours", border="ltx_border_b")
    )
    assert grid(head + row("A", "1", "2") + row("B", "3", "4")).header_rows == 2


def test_lines_under_groups_of_headers_do_not_end_the_header() -> None:
    over = "<td class='ltx_td ltx_border_tt' rowspan='2'>Model</td><td class='ltx_td ltx_border_tt' colspan='4'>Cost</td>"
    head = f"<tr class='ltx_tr'>{over}</tr>" + row("a", "b", "c", "d", border="ltx_border_t")
    body = row("A", "1", "2", "3", "4", border="ltx_border_t") + row("B", "5", "6", "7", "8")
    assert grid(head + body).header_rows == 2
    bare = "<td class='ltx_td'></td>" + "<td class='ltx_td ltx_border_b' colspan='4'>Cost</td>"
    head = f"<tr class='ltx_tr'>{bare}</tr>" + row("Model", "a", "b", "c", "d")
    assert grid(head + body).header_rows == 2


def test_a_marked_title_over_the_columns_is_not_all_of_the_header() -> None:
    title = "<thead class='ltx_thead'><tr class='ltx_tr'><th class='ltx_td ltx_th' colspan='2'>(a) Costs</th></tr></thead>"
    head = row("Model", "Params", border="ltx_border_tt")
    body = row("A", "4.2", border="ltx_border_t") + row("B", "7.9")
    assert grid(f"{title}<tbody>{head}{body}</tbody>").header_rows == 2


def test_a_header_that_is_marked_in_part_goes_on_to_the_line() -> None:
    marked = f"<thead class='ltx_thead'>{HEAD}</thead>"
    body = row("A", "4.2", border="ltx_border_t") + row("B", "7.9")
    assert grid(f"{marked}<tbody>{row('', '(in millions)')}{body}</tbody>").header_rows == 2
    group = row("A", "4.2") + row("B", "7.9", border="ltx_border_t")
    assert grid(f"{marked}<tbody>{group}</tbody>").header_rows == 1


def test_a_header_that_spans_columns_goes_on_to_the_names_below_its_line() -> None:
    span = "<td class='ltx_td ltx_border_tt'>Arch</td><td class='ltx_td ltx_border_tt' colspan='2'>RN18</td>"
    names = row("Metric", "Top-1", "Hours", border="ltx_border_t")
    body = row("A", "71.2", "12", border="ltx_border_t") + row("B", "73.5", "14")
    assert grid(f"<tr class='ltx_tr'>{span}</tr>{names}{body}").header_rows == 2
    title = "<tr class='ltx_tr'><td class='ltx_td' colspan='3'>ImageNet</td></tr>"
    assert grid(title + names + body).header_rows == 2
    group = "<tr class='ltx_tr'><td class='ltx_td ltx_border_t' colspan='3'>Published</td></tr>"
    assert grid(f"<tr class='ltx_tr'>{span}</tr>{group}{body}").header_rows == 1


def test_without_marks_and_lines_numbers_end_the_header() -> None:
    assert grid(row("Model", "FLOPs") + row("", "(G)") + BODY).header_rows == 2


def test_bold_is_known_cell_for_cell() -> None:
    rows = grid(HEAD + BODY).rows
    assert [cell.bold for line in rows[1:] for cell in line if cell] == [False, False, False, True]


def test_spans_are_stored_once_and_cover_the_rest() -> None:
    content = (
        "<tr class='ltx_tr'><td class='ltx_td' rowspan='2'>M</td><td class='ltx_td' colspan='2'>Cost</td></tr>"
        + row("FLOPs", "Hours")
        + row("A", "1", "2")
    )
    found = grid(content)
    assert texts(found) == [["M", "Cost", None], [None, "FLOPs", "Hours"], ["A", "1", "2"]]
    first, spanning = found.rows[0][0], found.rows[0][1]
    assert first and spanning
    assert (first.row_span, spanning.column_span) == (2, 2)


def test_columns_and_rows_of_nothing_are_left_out() -> None:
    spacer = "<tr class='ltx_tr'><td class='ltx_td'></td></tr>"
    over = "<tr class='ltx_tr'><td class='ltx_td'>x</td><td class='ltx_td' colspan='3'>y</td></tr>"
    found = grid(over + spacer + row("A", "1", "", "2") + row("B", "3", "", "4"))
    assert texts(found) == [["x", "y", None], ["A", "1", "2"], ["B", "3", "4"]]
    wide = found.rows[0][1]
    assert wide and wide.column_span == 2


def test_a_table_within_a_cell_is_a_wrapped_cell() -> None:
    inner = "<table class='ltx_tabular'><tr class='ltx_tr'><td class='ltx_td'>Train</td></tr>{}</table>"
    wrapped = inner.format("<tr class='ltx_tr'><td class='ltx_td'>hours</td></tr>")
    content = row("Model", wrapped) + BODY
    assert not is_layout(tabular(content))
    assert texts(grid(content))[0] == ["Model", "Train hours"]


def test_columns_aligned_at_a_sign_or_the_point_are_one() -> None:
    head = "<tr class='ltx_tr'><td class='ltx_td'>Net</td><td class='ltx_td' colspan='2'>Top-1</td><td class='ltx_td' colspan='2'>Hours</td></tr>"
    sign = "<math class='ltx_Math'><mo>±</mo></math>"
    found = grid(head + row("A", f"71.2{sign}", "0.3", "12.", "5") + row("B", f"73{sign}", "1", "", ""))
    assert texts(found) == [["Net", "Top-1", "Hours"], ["A", "71.2±0.3", "12.5"], ["B", "73±1", None]]
    assert texts(grid(row("A", "71.2", "± 0.3") + row("B", "-", "") + row("C", "73", "±1"))) == [
        ["A", "71.2± 0.3"],
        ["B", "-"],
        ["C", "73±1"],
    ]


def test_columns_with_values_of_their_own_stay_apart() -> None:
    cells = [["No.", "Size"], ["1.", "12"], ["2.", "16"]]
    assert texts(grid("".join(row(*line) for line in cells))) == cells


def test_a_table_of_tables_only_places_them() -> None:
    inner = f"<table class='ltx_tabular'>{HEAD}{BODY}</table>"
    assert is_layout(tabular(row(inner, inner)))
    assert is_layout(tabular(row("<span class='ltx_caption'>Table 1: a</span>", "x")))


def test_one_cell_with_a_table_of_its_own_makes_no_layout_of_a_table() -> None:
    inner = f"<table class='ltx_tabular'>{row('a', 'b')}{row('c', 'd')}</table>"
    assert not is_layout(tabular(HEAD + BODY + row("C", inner)))
    assert is_layout(tabular(row("Both", "") + row(inner, inner)))


def test_spans_in_place_of_a_table_are_a_table() -> None:
    cells = "<span class='ltx_td ltx_colspan_2 ltx_colspan'>both</span>"
    lines = "".join(
        f"<span class='ltx_tr'>{line}</span>" for line in (cells, *["<span class='ltx_td'>1</span>" * 2] * 2)
    )
    page = BeautifulSoup(f"<html><body><span class='ltx_tabular'>{lines}</span></body></html>", "lxml").span
    assert page is not None
    found = grid_of(page, words, Bounds())
    assert found and texts(found) == [["both", None], ["1", "1"], ["1", "1"]]


@pytest.mark.parametrize("content", ["", row("alone"), row("a", "b"), row("a") + row("b")])
def test_a_single_row_or_column_is_no_table(content: str) -> None:
    assert grid_of(tabular(content), words, Bounds()) is None


def test_beyond_the_limits_cells_are_left_out() -> None:
    found = grid("".join(row("a", "b", "c") for _ in range(9)), Bounds(rows=4, columns=2))
    assert (len(found.rows), len(found.rows[0]), found.cut) == (4, 2, True)


@pytest.mark.parametrize("span", ["0", "-1", "x", "99999999999", "1e9", "\u0662"])
def test_spans_that_are_none_do_no_harm(span: str) -> None:
    found = grid(f"<tr><td rowspan='{span}' colspan='{span}'>a</td><td>b</td></tr>{row('1', '2')}")
    assert len(found.rows) == 2


@given(
    st.integers(2, 6).flatmap(
        lambda width: st.lists(
            st.lists(st.text("ab19.%±", max_size=5).map("a{}b".format), min_size=width, max_size=width),
            min_size=2,
            max_size=8,
        )
    )
)
def test_any_grid_comes_back_cell_for_cell(cells: Sequence[Sequence[str]]) -> None:
    assert texts(grid("".join(row(*line) for line in cells))) == [list(line) for line in cells]
