"""Tables over two and three pages are one table, whether or not header or caption are printed again."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document

Read = Callable[[str], Document]
ABOVE = "#v(1fr)\nText before the table that fills the page.\n"
HEADER = "table.hline(), [Model], [Score], [Days], table.hline(stroke: 0.5pt)"


def rows(first: int, last: int) -> str:
    return ", ".join(f"[Model {n}], [{50 + n / 10:.1f}], [{n}]" for n in range(first, last))


def part(first: int, last: int, header: str = HEADER) -> str:
    end = "table.hline()" if header else ""
    return f"#align(center, table(columns: (90pt, 60pt, 60pt), stroke: none, {header}{',' * bool(header)} {rows(first, last)}, {end}))"


def caption(text: str) -> str:
    return f"#align(center)[Table 7: {text}]"


def labels(document: Document) -> list[list[str]]:
    return [[row[0].text if row[0] else "" for row in table.rows] for table in document.tables]


def expected(last: int) -> list[list[str]]:
    return [["Model", *(f"Model {n}" for n in range(last))]]


@pytest.mark.parametrize(
    ("again", "header"),
    [("", ""), ("", HEADER), (caption("Scores (continued)."), HEADER), (caption("Scores of all."), HEADER)],
)
def test_a_table_over_two_pages_is_one(again: str, header: str, read: Read) -> None:
    first = f"{ABOVE}\n{caption('Scores of all.')}\n{part(0, 9)}"
    document = read(
        f"{first}\n#pagebreak()\n{again}\n{part(9, 20, header)}\n\nText that goes on after the table."
    )
    assert labels(document) == expected(20)
    table = document.tables[0]
    assert (table.page, [box.page for box in table.continued], table.header_rows) == (1, [2], 1)
    assert [cell.text for cell in table.rows[20] if cell] == ["Model 19", "51.9", "19"]
    assert [cell.row for row in table.rows for cell in row if cell] == [
        n for n in range(21) for _ in range(3)
    ]
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "Text that goes on after the table." in texts
    assert not any("Model 9" in text for text in texts)


def test_evidence_stands_on_the_page_of_its_cell(read: Read) -> None:
    first = f"{ABOVE}\n{caption('Scores of all.')}\n{part(0, 9)}"
    table = read(f"{first}\n#pagebreak()\n{part(9, 20, '')}\n\nText.").tables[0]
    pages = {
        cell.text: table.evidence("0" * 64, "rule", cell).page for row in table.rows for cell in row if cell
    }
    assert (pages["Model 8"], pages["Model 9"]) == (1, 2)


def test_a_table_over_three_pages_is_one(read: Read) -> None:
    first = f"{ABOVE}\n{caption('Scores of all.')}\n{part(0, 9)}"
    document = read(f"{first}\n#pagebreak()\n{part(9, 42)}\n#pagebreak()\n{part(42, 50)}\n\nText.")
    assert labels(document) == expected(50)
    assert [box.page for box in document.tables[0].continued] == [2, 3]


@pytest.mark.parametrize(
    "after",
    [
        "Text on the next page, then a table.\n\n" + part(9, 20),
        caption("Other scores.").replace("7", "8") + "\n" + part(9, 20),
        part(9, 20) + "\n" + caption("Other scores.").replace("7", "8"),
        "#align(center, table(columns: (200pt, 60pt), stroke: none, [One], [1.5], [Two], [2.5], [Three], [3.5]))",
    ],
)
def test_what_does_not_go_on_is_not_taken_in(after: str, read: Read) -> None:
    document = read(f"{ABOVE}\n{caption('Scores of all.')}\n{part(0, 9)}\n#pagebreak()\n{after}")
    assert labels(document)[0] == expected(9)[0]


def test_a_table_with_text_below_it_does_not_go_on(read: Read) -> None:
    first = f"{ABOVE}\n{caption('Scores of all.')}\n{part(0, 9)}\n\nThis text ends the page, not the table."
    document = read(f"{first}\n#pagebreak()\n{part(9, 20)}")
    assert labels(document) == expected(9)
