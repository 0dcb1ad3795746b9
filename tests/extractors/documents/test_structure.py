"""Sections, regions and kinds of paragraphs, as a whole typeset paper has them."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Document, Paragraph
from extractors.documents.structure import CAPTION, is_heading, label_of

Read = Callable[[str], Document]

PAPER = """
#set page(
  header: context [#h(1fr) Learning to Read in Small Steps],
  footer: context align(center, counter(page).display()),
)
#show heading: it => block(text(12pt, strong(it.body)))
#align(center)[#text(17pt)[Learning to Read in Small Steps]

A. Writer and B. Reader]
= Abstract
We train small readers and say what it takes. #lorem(30)
= 1 Introduction
Readers are costly.#footnote[Code comes with the final version of this work.] #lorem(290)
== 1.1 Motivation
#lorem(230)
= 2 Results
Table 1 shows that reading works. #lorem(180)
#figure(
  booktabs(3, ([Model], [Acc], [Time]), [A], [1.0], [2.0], [B], [3.0], [4.0]),
  caption: [What reading takes. Numbers are means over three runs with three seeds, and higher is better in all of them.],
)
#lorem(50)
= Acknowledgements
We thank the other one.
= References
[1] A. Writer. A paper that was read before. 2019.

[2] B. Reader. Another paper. 2020.
#pagebreak()
= A Training Details
We train on 8 cards for three days. #lorem(20)
"""


@pytest.fixture
def paper(read: Read) -> Document:
    return read(PAPER)


def one(document: Document, beginning: str) -> Paragraph:
    (found,) = [p for p in document.paragraphs if p.text.startswith(beginning)]
    return found


def test_the_title_is_the_largest_line_of_the_first_page(paper: Document) -> None:
    assert paper.title == "Learning to Read in Small Steps"


def test_a_title_goes_on_in_small_capitals_and_ends_at_authors_of_its_size(read: Read) -> None:
    source = (
        "#align(center)[#text(17pt)[A LONG TITLE THAT GOES]\\ #text(14pt)[ON BELOW]\\ #text(14pt)[A. Writer]]"
    )
    assert read(source).title == "A LONG TITLE THAT GOES ON BELOW"


def test_the_first_long_paragraph_is_the_abstract_where_nothing_names_it(read: Read) -> None:
    document = read("#text(17pt)[A Title]\n\nA. Writer\n\n#lorem(80)\n\nAnother one. #lorem(80)")
    assert [p.region for p in document.paragraphs if p.kind == "text"][-2:] == ["abstract", "body"]


def test_headings_are_told_by_their_type(paper: Document) -> None:
    headings = [p.text for p in paper.paragraphs if p.kind == "heading" and p.page and p.region != "front"]
    assert headings == [
        "Abstract",
        "1 Introduction",
        "1.1 Motivation",
        "2 Results",
        "Acknowledgements",
        "References",
        "A Training Details",
    ]


@pytest.mark.parametrize(
    ("beginning", "region", "section"),
    [
        ("A. Writer and B. Reader", "front", ""),
        ("We train small readers", "abstract", "Abstract"),
        ("Readers are costly", "body", "1 Introduction"),
        ("Table 1 shows", "body", "2 Results"),
        ("We thank", "acknowledgements", "Acknowledgements"),
        ("[1] A. Writer", "references", "References"),
        ("We train on 8 cards", "appendix", "A Training Details"),
    ],
)
def test_text_belongs_to_a_region_and_a_section(
    beginning: str, region: str, section: str, paper: Document
) -> None:
    found = one(paper, beginning)
    assert (found.kind, found.region, found.section) == ("text", region, section)


def test_statements_have_the_appendix_and_not_the_references(paper: Document) -> None:
    stated = " ".join(p.text for p in paper.statements())
    assert "We train on 8 cards" in stated
    assert "Another paper" not in stated and "We thank" not in stated


def test_a_footnote_is_one(paper: Document) -> None:
    found = one(paper, "¹Code comes with")
    assert (found.kind, found.page) == ("footnote", 1)


def test_a_caption_has_all_its_lines_and_its_label(paper: Document) -> None:
    found = one(paper, "Table 1: What reading takes.")
    assert (found.kind, found.label) == ("caption", "Table 1")
    assert found.text.endswith("higher is better in all of them.")


def test_a_float_on_the_page_of_the_references_is_none_of_them(paper: Document) -> None:
    found, references = one(paper, "Table 1: What"), one(paper, "[1] A. Writer")
    assert found.page == references.page
    assert found.region == "body"
    assert found in list(paper.statements())


def test_a_sentence_that_begins_with_a_label_is_no_caption(paper: Document) -> None:
    assert one(paper, "Table 1 shows that reading works.").kind == "text"


def test_running_headers_and_page_numbers_are_dropped(paper: Document) -> None:
    texts = [p.text for p in paper.paragraphs]
    assert sum("Learning to Read in Small Steps" in text for text in texts) == 1
    assert not [text for text in texts if text.strip().isdigit()]


def test_a_paragraph_goes_on_over_a_page(read: Read) -> None:
    document = read("#set page(height: 300pt)\n" + "and so it goes on " * 120)
    (found,) = document.paragraphs
    assert {word.box.page for word in found.words} == {1, 2}
    assert found.text.split() == ["and", "so", "it", "goes", "on"] * 120


def test_numbers_of_lines_rise_over_a_page(read: Read) -> None:
    (found,) = read("#set page(height: 300pt)\n" + "and so it goes on " * 120).paragraphs
    lines = [word.line for word in found.words]
    assert lines == sorted(lines)


def test_a_paragraph_that_ended_does_not_go_on(read: Read) -> None:
    document = read("#set page(height: 300pt)\nThis is the end.\n#pagebreak()\n3 cards were used.")
    assert [p.text for p in document.paragraphs] == ["This is the end.", "3 cards were used."]


def test_a_paragraph_goes_on_with_a_name_on_the_next_page(read: Read) -> None:
    document = read("#set page(height: 300pt)\n" + "and so it goes On " * 120)
    assert len(document.paragraphs) == 1


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("*Training.*", "Training"),
        ("_Training._", "Training"),
        ("_Hardware and schedule:_", "Hardware and schedule"),
        ("_1) Training:_", "1) Training"),
        ("_*Training.*_", "Training"),
        ("_Training_", ""),
        ("_e.g._", ""),
        ("*Training*", ""),
    ],
)
def test_a_beginning_set_apart_is_the_section_of_its_paragraph(printed: str, title: str, read: Read) -> None:
    style = "#show heading: it => block(text(12pt, strong(it.body)))\n"
    document = read(f"{style}= 4 Experiments\n{printed} We train. #lorem(20)\n\nMore of it. #lorem(20)")
    section = f"4 Experiments / {title}" if title else "4 Experiments"
    assert [p.section for p in document.paragraphs if p.kind in ("text", "list")] == [section, section]


def test_italics_that_end_a_sentence_begun_before_are_no_title(read: Read) -> None:
    source = "#set page(height: 150pt)\n= 1 Introduction\nThis one was published in\n#pagebreak()\n_Nature._ We read it. #lorem(10)"
    assert not [p.section for p in read(source).paragraphs if "Nature" in p.section]


def test_compounds_of_the_paper_keep_their_hyphens(read: Read) -> None:
    source = (
        "#set page(width: 300pt)\n#set text(hyphenate: true)\nself-attention. "
        + "self-attention is good. " * 60
    )
    (found,) = read(source).paragraphs
    assert set(found.text.split()) == {"self-attention.", "self-attention", "is", "good."}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Table 3: Results", "Table 3"),
        ("TABLE IV", "Table IV"),
        ("Tab. 2. Results", "Table 2"),
        ("Fig. 7 | A plot", "Figure 7"),
        ("Figure A.1: More", "Figure A.1"),
        ("Algorithm 1 Training", "Algorithm 1"),
        ("A table", ""),
        ("Tables are long", ""),
    ],
)
def test_labels_of_captions(text: str, label: str) -> None:
    assert label_of(text) == label


def test_a_mark_sets_a_caption_apart() -> None:
    marks = [
        found["mark"] for text in ("Table 3: A", "Table 3. A", "Table 3 A") if (found := CAPTION.match(text))
    ]
    assert marks == [":", ".", None]


@pytest.mark.parametrize(
    ("text", "size", "bold", "expected"),
    [
        ("3.2 Training", 10, True, True),
        ("3.2 Training", 12, False, True),
        ("3.2 Training", 10, False, False),
        ("References", 10, False, True),
        ("References", 8, False, False),
        ("IV. EXPERIMENTS", 10, False, True),
        ("Appendix B. Data", 10, True, True),
        ("An unnumbered heading", 12, False, True),
        ("Bold words in a line", 10, True, False),
        ("3 Results,", 12, True, False),
        ("3.2", 12, True, False),
        ("A heading " * 12, 12, True, False),
    ],
)
def test_what_a_heading_is(text: str, size: float, bold: bool, expected: bool) -> None:
    assert is_heading(text, size, 10, bold=bold) is expected
