"""Pages laid out: columns in order, captions apart from sentences, margins dropped, prose kept out of tables."""

from collections.abc import Callable

import pytest

from extractors.documents.layout import Setting, body_size, lay_out, setting_of
from extractors.documents.model import Document, Word
from extractors.documents.words import RawPage, Segment
from extractors.facts.evidence import Box

Read = Callable[[str], Document]


def segment(text: str, baseline: float, *, x: float = 72, size: float = 10, page: int = 1) -> Segment:
    words, at = [], x
    for part in text.split():
        end = at + 0.5 * size * len(part)
        words.append(Word(part, Box(page, at, baseline - 7, end, baseline + 2), size))
        at = end + 0.25 * size
    return Segment(tuple(words), baseline, size)


def page_of(*found: Segment, number: int = 1) -> RawPage:
    return RawPage(number, 612, 792, found, ())


def prose(read: Read, source: str) -> list[str]:
    return [p.text for p in read(source).paragraphs if p.kind == "text"]


COLUMNS = """
#set page(columns: 2, margin: 54pt)
#place(top + center, scope: "parent", float: true)[#text(17pt)[A Title across Two Columns]]
The left column begins here. #lorem(120) The left column ends here.
#colbreak()
The right column begins here. #lorem(120) The right column ends here.
"""


def test_columns_are_read_one_after_the_other(read: Read) -> None:
    text = " ".join(p.text for p in read(COLUMNS).paragraphs)
    marks = [
        "A Title across",
        "left column begins",
        "left column ends",
        "right column begins",
        "right column ends",
    ]
    assert sorted(marks, key=text.index) == marks


def test_lines_of_two_columns_do_not_mix(read: Read) -> None:
    for paragraph in read(COLUMNS).paragraphs[1:]:
        assert max(word.box.x1 for word in paragraph.words) - paragraph.words[0].box.x0 < 250


def test_a_title_stands_across_the_columns(read: Read) -> None:
    assert read(COLUMNS).title == "A Title across Two Columns"


def test_paragraphs_part_at_indents(read: Read) -> None:
    source = "#set par(first-line-indent: 15pt, spacing: 0.65em)\nOne. #lorem(40)\n\nTwo. #lorem(40)\n\nThree. #lorem(40)"
    assert [text.split()[0] for text in prose(read, source)] == ["One.", "Two.", "Three."]


def test_prose_beside_a_figure_is_no_table(read: Read) -> None:
    source = """#grid(columns: (1fr, 1fr), column-gutter: 18pt, [#lorem(80)],
      figure(kind: table, supplement: [Table], rect(width: 150pt, height: 90pt), caption: [A table as a picture.]))"""
    document = read(source)
    assert document.tables == ()
    assert [p.label for p in document.paragraphs if p.kind == "caption"] == ["Table 1"]
    assert len(prose(read, source)[0].split()) == 80


def test_a_caption_ends_where_the_text_goes_on(read: Read) -> None:
    source = (
        "#figure(rect(), caption: [A box of ours.], placement: none)\nText goes on below the box. #lorem(30)"
    )
    assert [p.text for p in read(source).paragraphs if p.kind == "caption"] == ["Figure 1: A box of ours."]


@pytest.mark.parametrize(
    "start", ["Table 3 shows that", "Figure 2 has the rest, and", "Table 3 and Figure 2 say that"]
)
def test_a_sentence_about_a_table_is_text(start: str, read: Read) -> None:
    document = read(f"{start} it works. #lorem(30)")
    assert [p.kind for p in document.paragraphs] == ["text"]


def test_a_line_that_happens_to_begin_with_a_label_is_text() -> None:
    lines = [
        segment("We report all of our results for the larger models in", 300),
        segment("Table 3. The smaller ones are left for the appendix.", 312),
    ]
    blocks = lay_out(page_of(*lines), Setting(10)).blocks
    assert [block.kind for block in blocks] == ["text"]


def test_a_caption_in_smaller_type_needs_no_mark() -> None:
    lines = [segment("Some text stands above it.", 300), segment("Table 3 Results of ours", 340, size=8)]
    blocks = lay_out(page_of(*lines), Setting(10)).blocks
    assert [(block.kind, block.label) for block in blocks] == [("text", ""), ("caption", "Table 3")]


def test_small_marked_text_at_the_foot_is_a_footnote() -> None:
    lines = [segment("Text of the paper.", 300), segment("1 Equal contribution.", 700, size=8)]
    assert [b.kind for b in lay_out(page_of(*lines), Setting(10)).blocks] == ["text", "footnote"]


def test_the_body_s_size_is_that_of_most_text() -> None:
    pages = [page_of(segment("A Heading", 80, size=14), segment("Some more text than that", 120, size=9))]
    assert body_size(pages) == 9
    assert body_size([page_of()]) == 10


def test_an_empty_page_has_nothing() -> None:
    found = lay_out(page_of(), Setting(10))
    assert (found.blocks, found.tables) == ((), ())


def test_the_pages_setting_is_told_from_all_of_them() -> None:
    pages = [page_of(segment("A. Writer", 40), segment("Text. " * 8, 400), number=n) for n in range(1, 4)]
    found = setting_of(pages)
    assert (found.body, found.side) == (10, 0)
    assert found.repeated == {("A. Writer", 40)}


def test_items_of_a_list_are_apart(read: Read) -> None:
    document = read("Some text:\n- #lorem(30).\n- #lorem(30).\n+ #lorem(30).\n\nMore of it. #lorem(30)")
    assert [p.kind for p in document.paragraphs] == ["text", "list", "list", "list", "text"]


def test_paragraphs_part_at_wider_gaps(read: Read) -> None:
    source = "#set par(spacing: 0.9em)\nOne. #lorem(40).\n\nTwo. #lorem(40).\n\nThree. #lorem(40)."
    assert [text.split()[0] for text in prose(read, source)] == ["One.", "Two.", "Three."]


def test_entries_of_references_are_apart(read: Read) -> None:
    lines = [
        segment("[1] A. Writer. A paper.", 300),
        segment("In a journal.", 312),
        segment("[2] B. Reader.", 324),
    ]
    blocks = lay_out(page_of(*lines), Setting(10)).blocks
    assert [block.text for block in blocks] == ["[1] A. Writer. A paper. In a journal.", "[2] B. Reader."]


def test_sizes_that_differ_a_little_are_one() -> None:
    lines = [segment("text of the paper " * 3, 100 + 12 * i, size=10.7 + 0.1 * (i % 3)) for i in range(9)]
    references = [segment("references of it " * 4, 300 + 12 * i, size=10) for i in range(5)]
    assert body_size([page_of(*lines, *references)]) == pytest.approx(10.8, abs=0.11)
