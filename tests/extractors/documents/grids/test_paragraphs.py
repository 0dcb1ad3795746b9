"""Rows of running text without lines or gaps between them."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Table

Read = Callable[[str], Document]
Grid = Callable[[str], Table]


@pytest.fixture
def grid(read: Read) -> Grid:
    def only(cells: str) -> Table:
        (found,) = read(
            f"#set table(inset: (x: 6pt, y: 2.6pt))\n#set par(justify: false, leading: 5.2pt)\n#lorem(30)\n"
            f"#figure(booktabs(3, ([Topic], [Task], [Examples]), {cells}), caption: [A table.])\n#lorem(30)"
        ).tables
        return found

    return only


def texts(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in table.rows]


def test_a_row_of_text_goes_on_for_as_long_as_one_of_its_cells(grid: Grid) -> None:
    cells = """[Games], [Names of the cham- \\ pions (and their \\ towns)], [Chess (without \\ clocks), Go],
      [Sports \\ (indoors)], [Rules of ball games], [Hockey, net- \\ ball, squash (in \\ pairs), Judo],
      [Music], [Years of al- \\ bums], [Jazz from the ol- \\ den days]"""
    assert texts(grid(cells))[1:] == [
        ["Games", "Names of the champions (and their towns)", "Chess (without clocks), Go"],
        ["Sports (indoors)", "Rules of ball games", "Hockey, netball, squash (in pairs), Judo"],
        ["Music", "Years of albums", "Jazz from the olden days"],
    ]


def test_lines_of_text_that_are_all_whole_stay_rows(grid: Grid) -> None:
    cells = "[Games], [Names], [Chess, Go], [Sports], [Rules], [Judo], [Music], [Years], [Jazz], [Films], [Stars], [Noir]"
    assert [row[0] for row in texts(grid(cells))] == ["Topic", "Games", "Sports", "Music", "Films"]
