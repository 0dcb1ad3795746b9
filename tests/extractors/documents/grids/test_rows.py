"""Rows of typeset tables: wrapped cells are one row, cells between rows span them, titles and groups stay rows."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Table

Read = Callable[[str], Document]
Grid = Callable[[str], Table]


def texts(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in table.rows]


def spans(table: Table) -> dict[str, tuple[int, int]]:
    return {
        cell.text: (cell.row, cell.row_span)
        for row in table.rows
        for cell in row
        if cell and cell.row_span > 1
    }


@pytest.mark.parametrize("align", ["top", "horizon", "bottom"])
def test_a_wrapped_header_is_one_row(align: str, grid: Grid) -> None:
    table = grid(f"""table(
      columns: 4, stroke: none, align: center + {align}, table.hline(), [Model], [Training \\ sentences], [Time \\ (hours)],
      [Error], table.hline(), [One], [100], [2.5], [4.2], [Two], [200], [3.5], [3.9], table.hline())""")
    assert texts(table)[0] == ["Model", "Training sentences", "Time (hours)", "Error"]
    assert (len(table.rows), table.header_rows) == (3, 1)


def test_a_label_wrapped_before_a_bracket_is_one_row(grid: Grid) -> None:
    cells = "[Alpha net], [12.0], [4.2], [Beta net \\ (two-stage)], [25.0], [3.9], [Gamma], [60.0], [3.3]"
    table = grid(f"booktabs(3, ([Model], [Params], [Error]), {cells})")
    assert [row[0] for row in texts(table)] == ["Model", "Alpha net", "Beta net (two-stage)", "Gamma"]


def test_a_label_between_two_rows_spans_them(grid: Grid) -> None:
    cells = """table.cell(rowspan: 2, align: horizon)[Small], [A], [1.0], [B], [2.0], table.hline(stroke: 0.3pt),
      table.cell(rowspan: 4, align: horizon)[Large], [C], [3.0], [D], [4.0], [E], [5.0], [F], [6.0]"""
    table = grid(f"booktabs(3, ([Group], [Model], [Score]), {cells})")
    assert spans(table) == {"Small": (1, 2), "Large": (3, 4)}
    assert [row[1] for row in texts(table)] == ["Model", "A", "B", "C", "D", "E", "F"]


@pytest.mark.parametrize("title", ["Two-stage:", "_Two-stage_"])
def test_a_title_tight_above_its_row_is_a_row(title: str, grid: Grid) -> None:
    cells = f"""[A], [1.0], [2.0], [B], [3.0], [4.0], table.hline(stroke: 0.3pt),
      table.cell(inset: (bottom: 0pt))[{title}], [], [], [C], [5.0], [6.0]"""
    table = grid(f"booktabs(3, ([Model], [Score], [Time]), {cells})")
    assert [row[0] for row in texts(table)] == ["Model", "A", "B", title.strip("_"), "C"]


@pytest.mark.parametrize("values", [("8 × 16 × 16", "4 × 32 × 32"), ("SGD", "Adam")])
def test_groups_of_rows_between_ruling_lines_stay_rows(values: tuple[str, str], grid: Grid) -> None:
    rule = "table.hline(stroke: 0.3pt)"
    cells = [f"[Layer {name}], [{values[at % 2]}]" for at, name in enumerate("ABCDEFG")]
    table = grid(
        f"booktabs(2, ([Name], [Value]), {cells[0]}, {rule}, {', '.join(cells[1:3])}, {rule}, {', '.join(cells[3:])})"
    )
    assert [row[0] for row in texts(table)] == ["Name", *(f"Layer {name}" for name in "ABCDEFG")]


def test_rows_of_words_between_ruling_lines_stay_rows_where_all_have_all_cells(grid: Grid) -> None:
    kinds = [
        ("plain search", "every frame", "dense", "false"),
        ("coarse search", "every third frame", "sparse", "false"),
        ("guided search", "every frame", "dense", "true"),
        ("our search", "as it comes", "sparse, nested", "true"),
        ("our search, twice", "as it comes", "sparse, nested", "both"),
    ]
    lines = ["".join(f"[{cell}]," for cell in row) for row in kinds]
    line = "table.hline(stroke: 0.4pt),"
    body = f"{lines[0]}{line}{lines[1]}{lines[2]}{line}{lines[3]}{lines[4]}"
    table = grid(
        f"table(columns: 4, stroke: none, {line} [method], [looks at], [use], [again], {line} {body} {line})"
    )
    assert texts(table)[1:] == [list(row) for row in kinds]


def test_lines_between_two_ruling_lines_are_one_row_where_most_rows_are_of_one_line(grid: Grid) -> None:
    cells = """[A], [No], [B], [Yes], [C], [No], [Near the origin], [Yes \\ (about half of \\ what is shown \\ there)]"""
    table = grid(f"table(columns: 2, [Property], [Value], {cells})")
    assert [row[1] for row in texts(table)][3:] == ["No", "Yes (about half of what is shown there)"]


@pytest.mark.parametrize("inset", [2.5, 5, 9])
def test_a_label_between_rows_is_no_row_however_far_these_stand_apart(inset: float, grid: Grid) -> None:
    cells = """table.cell(rowspan: 2, align: horizon)[Small], [A], [1.0], [B], [2.0],
      table.cell(rowspan: 2, align: horizon)[Large], [C], [3.0], [D], [4.0]"""
    table = grid(
        f"{{set table(inset: (x: 5pt, y: {inset}pt)); booktabs(3, ([Group], [Model], [Score]), {cells})}}"
    )
    assert spans(table) == {"Small": (1, 2), "Large": (3, 2)}


def test_a_header_between_two_header_rows_spans_them(grid: Grid) -> None:
    head = """(table.cell(rowspan: 2, align: horizon)[Model], table.cell(colspan: 2)[Accuracy], table.cell(rowspan: 2, align: horizon)[Size],
      table.hline(start: 1, end: 3, stroke: 0.3pt), [top-1], [top-5])"""
    table = grid(f"booktabs(4, {head}, [One], [71.0], [90.1], [12M], [Two], [72.5], [91.2], [25M])")
    assert texts(table)[:2] == [["Model", "Accuracy", None, "Size"], [None, "top-1", "top-5", None]]
    assert spans(table) == {"Model": (0, 2), "Size": (0, 2)}


def test_a_title_over_a_group_is_a_row_of_its_own(grid: Grid) -> None:
    cells = """table.cell(colspan: 3, align: left)[_Methods of others_], [A], [1.0], [2.0], [B], [3.0], [4.0],
      table.cell(colspan: 3, align: left)[_Our methods_], [C], [5.0], [6.0], [D], [7.0], [8.0]"""
    table = grid(f"booktabs(3, ([Model], [Score], [Time]), {cells})")
    assert [row[0] for row in texts(table)] == [
        "Model",
        "Methods of others",
        "A",
        "B",
        "Our methods",
        "C",
        "D",
    ]


def test_a_label_with_blank_cells_at_the_end_is_a_row_of_its_own(grid: Grid) -> None:
    table = grid(
        "booktabs(3, ([Model], [A], [B]), [One], [1.0], [2.0], [Two], [3.0], [4.0], [Three], [], [])"
    )
    assert [row[0] for row in texts(table)] == ["Model", "One", "Two", "Three"]


def test_rows_of_numbers_are_never_one(grid: Grid) -> None:
    cells = ", ".join(f"[R{i}], [{i}.0], [{i}.5]" for i in range(8))
    table = grid(f"{{set table(inset: (y: 1pt)); booktabs(3, ([M], [A], [B]), {cells})}}")
    assert len(table.rows) == 9


BLOCKS = """#set table(inset: (x: 5pt, y: 3pt))
  #let block(..lines) = stack(dir: ttb, spacing: 5.5pt, ..lines)
  #figure(table(columns: 4, stroke: none, align: center + horizon, table.hline(), [Stage], [Output], [Net], [Wider net], table.hline(),
  [one], [8×8], [5×5, stride 2], [5×5, stride 2], table.hline(),
  table.cell(rowspan: 2)[two], table.cell(rowspan: 2)[4×4], [3×3 pool], [3×3 pool], table.hline(start: 2),
  block[1×1, 6][3×3, 6][1×1, 24], block[1×1, 8][3×3, 8][1×1, 32], table.hline(),
  [three], [2×2], block[1×1, 9][3×3, 9][1×1, 36], block[1×1, 12][3×3, 12][1×1, 48], table.hline(),
  [], [1×1], block[average pool][classes], block[average pool][classes], table.hline(),
  table.cell(colspan: 2)[Params], [1.2M], [3.4M], table.hline()), caption: [A table.])"""


def test_lines_between_ruling_lines_are_one_row_of_an_architecture(read: Read) -> None:
    (table,) = read(BLOCKS).tables
    assert texts(table)[3:7] == [
        [None, "4×4", "1×1, 6 3×3, 6 1×1, 24", "1×1, 8 3×3, 8 1×1, 32"],
        ["three", "2×2", "1×1, 9 3×3, 9 1×1, 36", "1×1, 12 3×3, 12 1×1, 48"],
        [None, "1×1", "average pool classes", "average pool classes"],
        ["Params", None, "1.2M", "3.4M"],
    ]
    assert spans(table) == {"two": (2, 2)}
    assert [cell.column_span for cell in table.rows[-1] if cell] == [2, 1, 1]


def test_a_line_of_brackets_below_cells_is_the_rest_of_them(grid: Grid) -> None:
    cells = """[Mean \\ (deviation)], [81.2 \\ (0.4)], [64.0 \\ (1.2)], table.hline(stroke: 0.3pt), [Setting], [Films \\ (20)], [Books \\ (2.5k)],
      table.hline(stroke: 0.3pt), [A], [3.0], [4.0], [B], [5.0], [6.0]"""
    table = grid(f"booktabs(3, ([Data], [One], [Two]), {cells})")
    assert texts(table)[1:3] == [
        ["Mean (deviation)", "81.2 (0.4)", "64.0 (1.2)"],
        ["Setting", "Films (20)", "Books (2.5k)"],
    ]


TALL = """#set table(inset: (x: 5pt, y: 2.5pt))
  #figure(table(columns: 4, stroke: 0.5pt, align: horizon, [Stage], [Size], [Steps], [Made of],
  [input], [64], [1], table.cell(rowspan: 4)[A stack of blocks that halve \\ what they see, each with \\ as many filters as the \\ one before it and \\ a sum at its end],
  [first block], [32], [3], [second block], [16], [4], [third block], [8], [6],
  [pooling over all \\ that is left], table.cell(align: bottom)[1], table.cell(align: bottom)[–], [one mean for each of \\ the filters],
  [layer of \\ classes], [10 \\ 20], [1], [weights and \\ offsets]), caption: [A table.])"""


def test_lines_of_text_between_ruling_lines_of_the_labels_are_one_row_beside_a_cell_of_several(
    read: Read,
) -> None:
    (table,) = read(TALL).tables
    assert texts(table)[1:] == [
        [
            "input",
            "64",
            "1",
            "A stack of blocks that halve what they see, each with as many filters as the one before it and a sum at its end",
        ],
        ["first block", "32", "3", None],
        ["second block", "16", "4", None],
        ["third block", "8", "6", None],
        ["pooling over all that is left", "1", "–", "one mean for each of the filters"],
        ["layer of classes", "10 20", "1", "weights and offsets"],
    ]
    assert [span for text, span in spans(table).items() if text.startswith("A stack")] == [(1, 4)]


def test_numbers_beside_ruled_labels_stay_in_their_rows_where_no_line_runs_between_them(grid: Grid) -> None:
    rows = ", ".join(f"[{name}], [{n}], [{n}.5], table.hline(end: 2)" for n, name in enumerate("ABCDE"))
    table = grid(f"booktabs(3, ([Model], [Size], [Score]), {rows})")
    assert texts(table)[1:] == [[name, str(n), f"{n}.5"] for n, name in enumerate("ABCDE")]
    assert spans(table) == {}
