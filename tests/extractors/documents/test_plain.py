"""A document as text and as JSON: everything with its page, nothing cut but long cells."""

import json
from collections.abc import Callable

from extractors.documents.model import Document, Page, Stamp
from extractors.documents.plain import as_object, table_lines, text_lines
from extractors.facts.ids import ArxivId

Read = Callable[[str], Document]
PAPER = """
#text(17pt)[*A Careful Study of Costs*]

#text(12pt)[*1 Introduction*]

We train on eight devices.#footnote[Some of them were slow.] It took three days.
#figure(caption: [Scores of both.], booktabs(3, ([Model], [Score], [Note]), [Small], [71.2], [], [*Large*], [*75.9*], [LONG]))

#text(12pt)[*References*]

[1] Somebody. Something. 2017.
""".replace("LONG", "word " * 12)


def test_text_shows_titles_regions_paragraphs_and_notes_with_their_pages(read: Read) -> None:
    shown = list(text_lines(read(PAPER)))
    assert shown[:2] == ["# A Careful Study of Costs", "1 page, 1 table"]
    assert "## 1 Introduction  (p. 1)" in shown
    assert any(line.startswith("We train on eight devices.") for line in shown)
    assert any(
        line.startswith("(footnote, p. 1)") and line.endswith("Some of them were slow.") for line in shown
    )
    assert shown.index("[references]") < shown.index("[1] Somebody. Something. 2017.")


def test_a_table_is_shown_once_as_a_grid_with_header_and_labels_apart_and_bold_cells_marked(
    read: Read,
) -> None:
    shown = list(text_lines(read(PAPER)))
    start = shown.index("(Table 1, p. 1, 3 x 3) Table 1: Scores of both.")
    assert sum("Scores of both." in line for line in shown) == 1
    assert [line.split("|")[0].strip() for line in shown[start + 3 : start + 5]] == ["Small", "*Large*"]
    assert set(shown[start + 2]) == set(" -+")
    assert shown[start + 3].startswith("  Small   || 71.2 ")
    assert "*Large* || *75.9*" in shown[start + 4]


def test_long_cells_are_cut_with_an_ellipsis(read: Read) -> None:
    row = list(table_lines(read(PAPER).tables[0]))[-1]
    assert row.endswith("…")


def test_tables_alone_come_without_the_text(read: Read) -> None:
    shown = list(text_lines(read(PAPER), tables_only=True))
    assert not any("We train" in line for line in shown)
    assert any(line.startswith("(Table 1") for line in shown)


def test_problems_and_the_stamp_are_said() -> None:
    stamp = Stamp(ArxivId.parse("2401.01234v2"), "", "cs.CL", "5 Jan 2024")
    document = Document("0" * 64, (Page(1, 612, 792),), "", (), (), stamp, ("page 1: no text layer",))
    assert list(text_lines(document)) == [
        "# (no title)",
        "1 page, 0 tables, arXiv:2401.01234v2 [cs.CL] 5 Jan 2024",
        "! page 1: no text layer",
    ]


def test_json_names_what_a_stamp_says() -> None:
    stamps = (None, Stamp(None, "1234567", "cs.CL", "5 Jan 2024"))
    found = [as_object(Document("0" * 64, (), "", (), (), stamp))["stamp"] for stamp in stamps]
    assert found == [None, {"id": None, "submission": "1234567", "category": "cs.CL", "date": "5 Jan 2024"}]


def test_json_has_everything_with_its_boxes(read: Read) -> None:
    document = read(PAPER)
    found = json.loads(json.dumps(as_object(document)))
    assert [p["text"] for p in found["paragraphs"]] == [p.text for p in document.paragraphs]
    assert all(box[0] == 1 and box[1] < box[3] for p in found["paragraphs"] for box in p["boxes"])
    table = found["tables"][0]
    assert (table["label"], table["rows"], table["columns"], table["header_rows"]) == ("Table 1", 3, 3, 1)
    assert (table["label_columns"], table["row_labels"]) == (
        1,
        [{"row": 1, "label": ["Small"], "group": ""}, {"row": 2, "label": ["Large"], "group": ""}],
    )
    cell = next(cell for cell in table["cells"] if cell["text"] == "75.9")
    assert (cell["row"], cell["column"], cell["bold"]) == (2, 1, True)
    assert table["boxes"][0][1] <= cell["box"][1] <= table["boxes"][0][3]
    assert found["pages"][0]["width"] == 612
