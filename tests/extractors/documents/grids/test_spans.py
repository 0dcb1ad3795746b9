"""Cells of several rows of typeset tables: labels in the middle or on the first of them, and cells that no line parts."""

from collections.abc import Callable

from extractors.documents.model import Table

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


def test_a_header_of_two_lines_beside_spanning_headers_is_one_where_no_line_parts_it(grid: Grid) -> None:
    head = """[Training], table.cell(colspan: 2)[Test], table.cell(colspan: 2)[Dev],
      table.hline(start: 1, end: 5, stroke: 0.3pt), [stage], [P], [R], [P], [R]"""
    table = grid(
        f"booktabs(5, ({head}), [One], [1.0], [2.0], [3.0], [4.0], [Two], [5.0], [6.0], [7.0], [8.0])"
    )
    assert spans(table) == {"Training stage": (0, 2)}
    assert texts(table)[1] == [None, "P", "R", "P", "R"]


def test_a_label_of_two_lines_spans_the_rows_that_lines_part_beside_it(grid: Grid) -> None:
    rule = "table.hline(start: 1, end: 3, stroke: 0.3pt),"
    cells = f"""[One], [1.0], [2.0], table.hline(stroke: 0.3pt), [Layers of], [3.0], [4.0], {rule}
      [transition], [5.0], [6.0], table.hline(stroke: 0.3pt), [Four], [7.0], [8.0], {rule} [Five], [9.0], [9.5]"""
    table = grid(f"booktabs(3, ([Model], [Score], [Time]), {cells})")
    assert spans(table) == {"Layers of transition": (2, 2)}
    assert [row[0] for row in texts(table)] == ["Model", "One", "Layers of transition", None, "Four", "Five"]


def test_the_only_label_between_two_lines_spans_all_rows_there(grid: Grid) -> None:
    cells = """[], [A], [1.0], [Small], [B], [2.0], table.hline(stroke: 0.3pt), [Large], [C], [3.0], [], [D], [4.0]"""
    assert spans(grid(f"booktabs(3, ([Group], [Model], [Score]), {cells})")) == {
        "Small": (1, 2),
        "Large": (3, 2),
    }


def test_a_label_of_two_lines_beside_the_middle_of_four_rows_spans_them(grid: Grid) -> None:
    cells = """[], [A], [1.0], [made by], [B], [2.0], [people], [C], [3.0], [], [D], [4.0], table.hline(stroke: 0.3pt),
      [made by], [E], [5.0], [search], [F], [6.0]"""
    assert spans(grid(f"booktabs(3, ([Group], [Model], [Score]), {cells})")) == {"made by people": (1, 4)}


def test_labels_in_the_middle_of_rows_without_lines_are_told_apart_by_the_first(grid: Grid) -> None:
    tall = "table.cell(rowspan: {}, align: horizon)[{}]"
    cells = f"""{tall.format(2, "Small")}, [A], [1.0], [B], [2.0], {tall.format(3, "Large")}, [C], [3.0], [D], [4.0],
      [E], [5.0]"""
    assert spans(grid(f"booktabs(3, ([Group], [Model], [Score]), {cells})")) == {
        "Small": (1, 2),
        "Large": (3, 3),
    }


def test_marks_in_the_first_column_name_no_further_rows(grid: Grid) -> None:
    cells = "[×], [], [1.0], [], [×], [2.0], [], [], [3.0], [×], [×], [4.0]"
    assert spans(grid(f"booktabs(3, ([A], [B], [Score]), {cells})")) == {}


def test_a_label_on_the_first_of_its_rows_spans_them(grid: Grid) -> None:
    cells = "[Small], [A], [1.0], [], [B], [2.0], [Large], [C], [3.0], [], [D], [4.0]"
    assert spans(grid(f"booktabs(3, ([Group], [Model], [Score]), {cells})")) == {
        "Small": (1, 2),
        "Large": (3, 2),
    }


def test_a_label_in_the_middle_row_of_three_spans_them(grid: Grid) -> None:
    cells = """table.cell(rowspan: 3, align: horizon)[Small], [A], [1.0], [B], [2.0], [C], [3.0], table.hline(stroke: 0.3pt),
      table.cell(rowspan: 3, align: horizon)[Large], [D], [4.0], [E], [5.0], [F], [6.0]"""
    assert spans(grid(f"booktabs(3, ([Group], [Model], [Score]), {cells})")) == {
        "Small": (1, 3),
        "Large": (4, 3),
    }


def test_a_label_that_goes_on_beside_the_next_rows_is_one(grid: Grid) -> None:
    cells = """[Base], [A], [1.0], table.hline(stroke: 0.3pt), [Ours], [B], [2.0], [(small,], [C], [3.0], [distilled)], [D], [4.0],
      table.hline(stroke: 0.3pt), [Theirs], [E], [5.0], [(large)], [F], [6.0], [], [G], [7.0]"""
    table = grid(f"booktabs(3, ([Model], [Data], [Score]), {cells})")
    assert spans(table) == {"Ours (small, distilled)": (2, 3), "Theirs (large)": (5, 3)}


def test_labels_that_begin_alike_stay_labels(grid: Grid) -> None:
    cells = "[Ours], [A], [2.0], [(a) small], [B], [3.0], [(b) large], [C], [4.0], [w/ tricks], [D], [4.5]"
    table = grid(f"booktabs(3, ([Model], [Data], [Score]), {cells})")
    assert [row[0] for row in texts(table)] == ["Model", "Ours", "(a) small", "(b) large", "w/ tricks"]


def test_lines_of_a_label_with_a_pitch_of_their_own_are_one(grid: Grid) -> None:
    label = "#set par(leading: 6.4pt); Mixture \\ Over \\ Many \\ Experts"
    cells = f"""table.cell(rowspan: 6, align: horizon)[{label}], [A], [2.0], [B], [3.0], [C], [4.0], [D], [4.5], [E], [5.0],
      [F], [6.0], table.cell(rowspan: 3, align: horizon)[Dense], [G], [7.0], [H], [7.5], [I], [8.0]"""
    table = grid(f"[#set table(inset: (y: 4.2pt)); #booktabs(3, ([Model], [Data], [Score]), {cells})]")
    assert spans(table) == {"Mixture Over Many Experts": (1, 6), "Dense": (7, 3)}


def test_lines_beside_a_label_are_one_cell_where_other_labels_have_one(grid: Grid) -> None:
    cells = """table.cell(rowspan: 2, align: horizon)[A], [one], [1.0], table.cell(rowspan: 2, align: horizon)[fixed], [two], [2.0],
      table.cell(rowspan: 2, align: horizon)[B], [one], [3.0], [grows], [two], [4.0], [with time]"""
    table = grid(f"booktabs(4, ([Model], [Data], [Score], [Memory]), {cells})")
    assert spans(table) == {"A": (1, 2), "B": (3, 2), "fixed": (1, 2), "grows with time": (3, 2)}


def test_a_label_that_reads_up_its_rows_stands_beside_their_labels(grid: Grid) -> None:
    cells = """table.cell(colspan: 2)[Adaptive inputs of others], [1.0], [2.0], table.cell(colspan: 2)[Short], [1.5], [2.5],
      table.cell(colspan: 2)[Staged training], [1.6], [2.6], table.hline(stroke: 0.3pt),
      table.cell(rowspan: 2, inset: (x: 2pt), rotate(-90deg, reflow: true)[Theirs]), table.cell(align: left)[Length 512], [1.7], [2.7],
      table.cell(align: left)[Length 3072], [1.8], [2.8]"""
    table = grid(f"booktabs(4, (table.cell(colspan: 2)[Model], [Valid], [Test]), {cells})")
    assert texts(table)[1:] == [
        ["Adaptive inputs of others", None, "1.0", "2.0"],
        ["Short", None, "1.5", "2.5"],
        ["Staged training", None, "1.6", "2.6"],
        ["Theirs", "Length 512", "1.7", "2.7"],
        [None, "Length 3072", "1.8", "2.8"],
    ]
    assert spans(table) == {"Theirs": (4, 2)}


def test_labels_of_the_second_column_span_the_rows_in_whose_middle_they_stand(grid: Grid) -> None:
    task = "table.cell(rowspan: 3, align: horizon)"
    cells = f"""table.cell(rowspan: 6, align: horizon)[Theirs], {task}[Maths], [A], [1.0], [B], [2.0], [C], [3.0], {task}[Films],
      [A], [4.0], [B], [5.0], [C], [6.0], table.hline(stroke: 0.3pt), [Ours], [All], [A], [7.0]"""
    table = grid(f"booktabs(4, ([Family], [Task], [Size], [Score]), {cells})")
    assert spans(table) == {"Theirs": (1, 6), "Maths": (1, 3), "Films": (4, 3)}
