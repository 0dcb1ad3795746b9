"""Grids of typeset tables: columns told apart by gaps, headers by rules, numbers kept whole."""

from collections.abc import Callable

import pytest

from extractors.documents.characters import Rule
from extractors.documents.grids.grid import grid_of
from extractors.documents.model import Document, Table, Word
from extractors.facts.evidence import Box

Read = Callable[[str], Document]


@pytest.fixture
def grid(read: Read) -> Callable[[str], Table]:
    def only(table: str) -> Table:
        (found,) = read(f"#lorem(30)\n#figure({table}, caption: [A table.])\n#lorem(30)").tables
        return found

    return only


Grid = Callable[[str], Table]


def texts(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in table.rows]


SPANNED = """booktabs(
  6,
  ([], table.cell(colspan: 2)[ImageNet], table.cell(colspan: 2)[Places], [], table.hline(start: 1, end: 3, stroke: 0.3pt),
   table.hline(start: 3, end: 5, stroke: 0.3pt), [Model], [top-1], [top-5], [top-1], [top-5], [Params]),
  [Ours], [76.3], [92.1], [54.0], [84.1], [25.6M], [Base], [74.0], [91.0], [52.2], [83.0], [24.0M],
  [Old], [70.0], [90.0], [50.1], [80.9], [60.0M])"""


def test_a_header_spans_what_its_rule_covers(grid: Grid) -> None:
    table = grid(SPANNED)
    assert table.header_rows == 2
    assert [table.header(column) for column in range(6)] == [
        ("Model",),
        ("ImageNet", "top-1"),
        ("ImageNet", "top-5"),
        ("Places", "top-1"),
        ("Places", "top-5"),
        ("Params",),
    ]


def test_a_spanning_header_is_stored_once(grid: Grid) -> None:
    top = grid(SPANNED).rows[0]
    assert [(cell.text, cell.column, cell.column_span) for cell in top if cell] == [
        ("ImageNet", 1, 2),
        ("Places", 3, 2),
    ]


def test_a_header_without_a_rule_spans_what_it_stands_over(grid: Grid) -> None:
    bare = SPANNED.replace("table.hline(start: 1, end: 3, stroke: 0.3pt),", "")
    bare = bare.replace("table.hline(start: 3, end: 5, stroke: 0.3pt),", "")
    assert [grid(bare).header(column)[0] for column in range(1, 5)] == [
        "ImageNet",
        "ImageNet",
        "Places",
        "Places",
    ]


def test_a_header_spans_those_below_it_though_others_have_none_below(grid: Grid) -> None:
    head = """([], [], table.cell(colspan: 3)[Results],
      table.hline(start: 2, end: 5, stroke: 0.3pt), [Mask], [Same], [Films], table.cell(colspan: 2)[Names], [], [], [Tuned], [Tuned], [Frozen])"""
    cells = "[80%], [10%], [84.2], [95.4], [94.9], [100%], [0%], [84.3], [94.9], [94.0]"
    table = grid(f"booktabs(5, {head}, {cells})")
    assert [table.header(column) for column in (0, 3, 4)] == [
        ("Mask",),
        ("Results", "Names", "Tuned"),
        ("Results", "Names", "Frozen"),
    ]


@pytest.mark.parametrize("align", ["left", "center"])
def test_the_title_of_a_group_is_one_cell_over_its_columns(align: str, grid: Grid) -> None:
    title = f"table.cell(colspan: 3, align: {align})[_Models that were trained by others:_]"
    table = grid(f"booktabs(3, ([Model], [Score], [Days]), [A], [71.2], [1], {title}, [B], [75.9], [12])")
    found = table.rows[2][0]
    assert found is not None
    assert (found.text, found.column_span > 1) == ("Models that were trained by others:", True)
    assert texts(table)[2][1:] == [None, None]


def test_headers_over_two_columns_are_not_parted_where_these_have_their_own(grid: Grid) -> None:
    cells = "[A], [71.2], [80.1], [61.0], [70.3], [B], [75.9], [82.2], [65.0], [72.4]"
    head = "([Model], table.cell(colspan: 2)[Data 2.0 dev], table.cell(colspan: 2)[Data 2.0 test], [], [EM], [F1], [EM], [F1])"
    table = grid(f"booktabs(5, {head}, {cells})")
    assert [table.header(column) for column in (1, 4)] == [("Data 2.0 dev", "EM"), ("Data 2.0 test", "F1")]


def test_a_value_with_its_deviation_is_one_cell(grid: Grid) -> None:
    cells = "[Ours], [76.3 ± 0.2], [92.1 ± 0.1], [Base], [74.0 ± 0.3], [91.0 ± 0.1], [Old], [70.1 ± 0.4], [90.0 ± 0.2]"
    found = texts(grid(f"booktabs(3, ([Model], [Top-1], [Top-5]), {cells})"))
    assert found[1] == ["Ours", "76.3 ± 0.2", "92.1 ± 0.1"]


def test_a_value_with_its_gain_is_one_cell(grid: Grid) -> None:
    cells = "[Ours], [38.5 (+0.4)], [57.9 (+1.1)], [Base], [38.1 (+0.0)], [56.8 (+0.0)], [Old], [35.0 (-3.1)], [55.1 (-1.7)]"
    found = texts(grid(f"booktabs(3, ([Model], [AP], [AP50]), {cells})"))
    assert found[3] == ["Old", "35.0 (-3.1)", "55.1 (-1.7)"]


@pytest.mark.parametrize("inset", [1.9, 2.2, 2.6, 4.0])
def test_numbers_in_tight_columns_are_cells_of_their_own(inset: float, grid: Grid) -> None:
    values = [[f"{20 + line}.{column}" for column in range(5)] for line in range(4)]
    body = ", ".join(f"[R{line}], " + ", ".join(f"[{v}]" for v in row) for line, row in enumerate(values))
    table = grid(
        f"table(columns: 6, stroke: none, inset: (x: {inset}pt, y: 3pt), table.hline(), [M], [en], [de], [fr],"
        f" [cs], [ru], table.hline(), {body}, table.hline())"
    )
    assert [row[1:] for row in texts(table)[1:]] == values
    assert texts(table)[0] == ["M", "en", "de", "fr", "cs", "ru"]


def test_empty_cells_are_none_and_keep_their_place(grid: Grid) -> None:
    cells = (
        "[A], [], [2.0], [B], [3.0], [], [C], [1.0], [4.0], table.hline(stroke: 0.3pt), [Ours], [5.0], [6.0]"
    )
    found = texts(grid(f"booktabs(3, ([Model], [Acc], [Time]), {cells})"))
    assert found[1:] == [["A", None, "2.0"], ["B", "3.0", None], ["C", "1.0", "4.0"], ["Ours", "5.0", "6.0"]]


def test_labels_of_several_words_are_one_cell(grid: Grid) -> None:
    cells = "[Our large model], [76.3], [1.5 days], [A base line (ours)], [74.0], [13 hours], [Older work], [70.1], [2 days]"
    found = texts(grid(f"booktabs(3, ([Model name], [Top-1 (%)], [Training time]), {cells})"))
    assert found[0] == ["Model name", "Top-1 (%)", "Training time"]
    assert found[2] == ["A base line (ours)", "74.0", "13 hours"]


def test_powers_stand_in_their_cell(grid: Grid) -> None:
    cells = "[Ours], [$3.3 dot 10^18$], [28.4], [Base], [$1.0 dot 10^20$], [26.4], [Old], [$2.3 dot 10^19$], [25.2]"
    found = texts(grid(f"booktabs(3, ([Model], [FLOPs], [BLEU]), {cells})"))
    assert [row[1] for row in found[1:]] == ["3.3 ⋅ 10^18", "1.0 ⋅ 10^20", "2.3 ⋅ 10^19"]


def test_bold_cells_are_told(grid: Grid) -> None:
    table = grid("booktabs(2, ([Model], [Acc]), [A], [*91.5*], [B], [90.2], [C], [88.0])")
    assert [cell.text for row in table.body() for cell in row if cell and cell.bold] == ["91.5"]


def test_rows_are_rectangular(grid: Grid) -> None:
    assert {len(row) for row in grid(SPANNED).rows} == {6}


def test_cells_know_where_they_stand(grid: Grid) -> None:
    for index, row in enumerate(grid(SPANNED).rows):
        for column, cell in enumerate(row):
            assert cell is None or (cell.row, cell.column) == (index, column)


def words(baseline: float, *texts: str, width: float = 60) -> list[Word]:
    return [
        Word(text, Box(1, width * i, baseline - 7, width * i + 5 * len(text), baseline + 2), 10)
        for i, text in enumerate(texts)
    ]


def test_one_row_is_no_grid() -> None:
    assert grid_of(words(100, "a", "1", "2"), []) is None


def test_one_column_is_no_grid() -> None:
    assert grid_of([*words(100, "a"), *words(112, "b"), *words(124, "c")], []) is None


def test_no_words_are_no_grid() -> None:
    assert grid_of([], []) is None


def test_running_text_is_no_grid() -> None:
    sentence = ["we", "see", "that", "all", "of", "them", "do", "better", "than", "before", "here"]
    assert grid_of([w for y in (100, 112, 124) for w in words(y, *sentence, width=28)], []) is None


def test_running_text_in_a_column_between_a_table_s_lines_is_a_cell() -> None:
    sentence = ["we", "see", "that", "all", "of", "them", "do", "better", "than", "before", "here"]

    def line(y: float, label: str) -> list[Word]:
        told = [Word(w, Box(1, 200 + 28 * i, y - 7, 225 + 28 * i, y + 2), 10) for i, w in enumerate(sentence)]
        return [*words(y, label), *told]

    lines = [line(100, "Task"), line(112, "One"), line(124, "Two"), line(136, "Three")]
    within = [word for found in lines for word in found]
    rules = [Rule(0, 510, 90), Rule(0, 510, 104), Rule(0, 510, 140)]
    found = grid_of(within, rules)
    assert found is not None and (len(found.rows), len(found.rows[0])) == (4, 2)
    assert grid_of(within, rules[1:]) is None
    across = [w for found in lines for w in found if w.box.x0 >= 200]
    across += [Word("4.0", Box(1, x, 141, x + 20, 150), 10) for x in (200, 480)]
    assert grid_of(across, [Rule(200, 510, y) for y in (90, 104, 152)]) is None


def test_without_rules_the_header_ends_where_numbers_begin() -> None:
    found = grid_of(
        [*words(100, "Model", "Acc", "Time"), *words(112, "A", "1.0", "2"), *words(124, "B", "3.0", "4")], []
    )
    assert found is not None and found.header_rows == 1
