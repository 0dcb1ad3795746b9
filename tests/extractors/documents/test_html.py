"""Pages of papers in HTML: the same document as from a PDF, typed errors for all else, and no way to break it."""

import random
import re
from functools import reduce
from pathlib import Path

import pytest

from extractors.documents.html import HtmlLimits, read_html
from extractors.documents.model import NOWHERE, Document
from extractors.facts.errors import (
    ChallengePageError,
    DamagedDocumentError,
    DocumentError,
    NotADocumentError,
    OversizedDocumentError,
)
from extractors.facts.ids import ArxivId

BODY = (
    "<h1 class='ltx_title ltx_title_document'>A Paper of Ours</h1>"
    "<div class='ltx_abstract'><h6 class='ltx_title ltx_title_abstract'>Abstract</h6><p class='ltx_p'>We try.</p></div>"
    "<section id='S1' class='ltx_section'><h2 class='ltx_title ltx_title_section'>Training</h2>"
    "<div id='S1.p1' class='ltx_para'><p class='ltx_p'>It took <math alttext='2\\times 10^{18}'><semantics><mrow>"
    "<mn>2</mn><mo>×</mo><msup><mn>10</mn><mn>18</mn></msup></mrow><annotation>2\\times 10^{18}</annotation></semantics>"
    "</math> FLOPs<span class='ltx_note'><sup class='ltx_note_mark'>1</sup><span class='ltx_note_content'>In all.</span>"
    "</span> on 8&nbsp;GPUs.</p></div>"
    "<figure id='S1.T1' class='ltx_table'><figcaption class='ltx_caption'><span class='ltx_tag ltx_tag_table'>Table 1: "
    "</span>Costs.</figcaption><table class='ltx_tabular'><thead class='ltx_thead'><tr class='ltx_tr'>"
    "<th class='ltx_td ltx_th' colspan='2'>Model</th></tr></thead><tbody><tr class='ltx_tr'><td class='ltx_td' rowspan='2'>A"
    "</td><td class='ltx_td'>4.2</td></tr><tr class='ltx_tr'><td class='ltx_td'>7.9</td></tr></tbody></table></figure>"
    "</section>"
)


def page(body: str = BODY, head: str = "", before: str = "", around: str = "article") -> bytes:
    article = f"<{around} class='ltx_document'>{body}</{around}>"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{before}{article}</body></html>".encode()


def test_a_page_is_a_document() -> None:
    document = read_html(page())
    assert document.title == "A Paper of Ours"
    assert document.problems == ()
    assert [p.text for p in document.paragraphs if p.section == "Training"][1:] == [
        "It took 2 × 10^18 FLOPs¹ on 8 GPUs.",
        "¹ In all.",
        "Table 1: Costs.",
    ]
    assert [table.label for table in document.tables] == ["Table 1"]
    assert [(p.number, p.width) for p in document.pages] == [(1, 0)]
    assert {word.box for paragraph in document.paragraphs for word in paragraph.words} == {NOWHERE}


@pytest.mark.parametrize(
    "data",
    [
        page(around="div"),
        b"\xef\xbb\xbf" + page(),
        b"<?xml version='1.0' encoding='UTF-8'?>\n" + page(),
        page(before="<div class='package-alerts ltx_document'>Report errors</div>"),
        page(before="<nav class='ltx_page_navbar'>Contents</nav>"),
    ],
)
def test_pages_of_every_make_hold_the_same_paper(data: bytes) -> None:
    assert [p.text for p in read_html(data).paragraphs] == [p.text for p in read_html(page()).paragraphs]


WATERMARK = "<div id='watermark-tr'>arXiv:2401.01234v2 [cs.LG] 22 Jan 2024</div>"


def test_the_stamp_of_a_page_is_read() -> None:
    stamp = read_html(page(before=WATERMARK)).stamp
    assert stamp is not None
    assert (stamp.id, stamp.category, stamp.date) == (ArxivId("2401.01234", 2), "cs.LG", "22 Jan 2024")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<base href='/html/2401.01234v2/'>", ArxivId("2401.01234", 2)),
        ("<link rel='canonical' href='https://example.org/html/1707.01234'>", ArxivId("1707.01234")),
        (
            "<meta property='og:url' content='https://example.org/html/hep-th/9901001v1'>",
            ArxivId("hep-th/9901001", 1),
        ),
    ],
)
def test_a_page_without_a_stamp_names_itself_in_its_address(head: str, expected: ArxivId) -> None:
    stamp = read_html(page(head=head)).stamp
    assert stamp is not None and stamp.id == expected


@pytest.mark.parametrize("head", ["", "<base href='/html/9999.99/'>", "<base href='/abs/2401.01234'>"])
def test_a_page_that_names_no_paper_has_no_stamp(head: str) -> None:
    assert read_html(page(head=head)).stamp is None


@pytest.mark.parametrize("data", [b"", b"%PDF-1.5", b"plain text", b"<?xml version='1.0'?><feed/>"])
def test_what_is_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(NotADocumentError):
        read_html(data)


def test_a_page_of_something_else_is_no_document() -> None:
    with pytest.raises(NotADocumentError, match="LaTeXML"):
        read_html(b"<html><body><p>News of the day</p></body></html>")


def test_a_challenge_is_told_from_a_paper_about_challenges() -> None:
    with pytest.raises(ChallengePageError):
        read_html(b"<html><body>Please solve the captcha</body></html>")
    assert read_html(page("<p class='ltx_p'>We solve a captcha.</p>")).paragraphs


def test_an_empty_article_is_damaged() -> None:
    with pytest.raises(DamagedDocumentError):
        read_html(page(""))


@pytest.mark.parametrize("limits", [HtmlLimits(size=100), HtmlLimits(elements=10)])
def test_beyond_the_limits_a_page_is_refused(limits: HtmlLimits) -> None:
    with pytest.raises(OversizedDocumentError):
        read_html(page(), limits)


@pytest.mark.parametrize(
    "name", ["div", "section class='ltx_section'", "span", "ul class='ltx_itemize'", "b", "sup"]
)
def test_what_is_nested_too_deep_is_left_out_and_told(name: str) -> None:
    deep = f"<{name}>" * 5_000 + "deep" + f"</{name.split(maxsplit=1)[0]}>" * 5_000
    document = read_html(page(f"<p class='ltx_p'>Before.</p>{deep}"))
    assert document.paragraphs[0].text == "Before."
    assert "nested deeper" in document.problems[0]


@pytest.mark.parametrize("name", ["msup", "mrow", "mfrac", "mtext", "msqrt"])
def test_formulas_nested_too_deep_are_left_out_and_told(name: str) -> None:
    deep = f"<{name}>" * 3_000 + "<mn>1</mn>" + f"</{name}>" * 3_000
    document = read_html(page(f"<p class='ltx_p'>Before. <math>{deep}</math></p>"))
    assert document.paragraphs[0].text.startswith("Before.")
    assert "nested deeper" in document.problems[0]


def test_as_deep_as_allowed_everything_is_read() -> None:
    limits = HtmlLimits()
    deep = "<mrow>" * (limits.depth - 4) + "<mn>1</mn>" + "</mrow>" * (limits.depth - 4)
    document = read_html(page(f"<p class='ltx_p'>Before. <math>{deep}</math></p>"))
    assert (document.paragraphs[0].text, document.problems) == ("Before. 1", ())


ANNOTATED = "<math><semantics><mn>3</mn><annotation-xml>{}</annotation-xml><annotation>9</annotation></semantics></math>"


@pytest.mark.parametrize(
    "content", ["<cn>9</cn>", "<semantics><cn>9</cn></semantics>", "9<annotation>9</annotation>"]
)
def test_what_formulas_say_to_machines_is_not_read(content: str) -> None:
    body = f"<p class='ltx_p'>{ANNOTATED.format(content)} and {ANNOTATED.format(content)} end</p>"
    assert [p.text for p in read_html(page(body)).paragraphs] == ["3 and 3 end"]


def test_characters_that_cannot_be_decoded_are_told() -> None:
    document = read_html(page().replace(b"We try.", b"We try \xff\xfe."))
    assert document.problems == ("2 characters could not be decoded",)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with one thing done to it: a piece cut, doubled, moved, or replaced by what breaks readers."""
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice([1, 3, 20, 200])]
    tags = re.findall(rb"<[^>]*>", data) or [b"<"]
    hostile = [
        b"",
        b"<",
        b">",
        b"&#0;",
        b"&#x110000;",
        b"<!--",
        b"<![CDATA[",
        b"\0",
        b"\xff",
        b"<table>",
        b"</article>",
        b'"',
    ]
    put: bytes = chance.choice([*hostile, piece + piece, chance.choice(tags), chance.choice(tags) * 40])
    return data[:start] + put + data[start + chance.choice([0, len(piece)]) :]


@pytest.mark.parametrize("block", range(4))
def test_damaged_pages_are_read_or_refused(block: int) -> None:
    """Two thousand damaged pages in all."""
    for seed in range(block * 500, block * 500 + 500):
        chance = random.Random(seed)
        data = reduce(lambda made, _: mutated(made, chance), range(chance.randrange(1, 8)), page())
        try:
            document = read_html(data)
        except (DocumentError, ChallengePageError):
            continue
        assert_sound(document)


def assert_sound(document: Document) -> None:
    """Every paragraph has words and evidence, and every table is rectangular."""
    for paragraph in document.paragraphs:
        assert paragraph.evidence(document.sha256, "rule", 0, len(paragraph.text)).quote
    for table in document.tables:
        assert len({len(row) for row in table.rows}) == 1
        for cell in (cell for row in table.rows for cell in row if cell):
            assert table.evidence(document.sha256, "rule", cell).quote


FACTS = {
    "1707.08043.html": (1, 10),
    "1708.00137.html": (5, 59),
    "1803.07574.html": (1, 31),
}
"""Notes in the text and works cited of the recorded pages."""


@pytest.mark.corpus
@pytest.mark.parametrize("name", FACTS)
def test_recorded_pages_have_their_structure(name: str, shared: Path) -> None:
    document = read_html((shared / "arxiv" / "html" / name).read_bytes())
    footnotes, works = FACTS[name]
    kinds = [paragraph.kind for paragraph in document.paragraphs]
    cited = [p for p in document.paragraphs if p.region == "references" and p.kind == "list"]
    assert (kinds.count("footnote"), len(cited), kinds.count("title")) == (footnotes, works, 1)
    assert {"front", "abstract", "body", "references"} <= {p.region for p in document.paragraphs}
    assert_sound(document)


CONVERTED: list[tuple[str, int, int, list[list[str | None]]]] = [
    (
        "Table 1",
        3,
        1,
        [
            ["Net", "Vision", None, None, None],
            [None, "ImageNet", None, "COCO", None],
            [None, "top-1", "top-5", "AP", "AP50"],
            ["A", "1.0", "2.0", "3.0", "4.0"],
            ["B", "1.1", "2.1", "3.1", "4.1"],
        ],
    ),
    ("Table 2", 1, 1, [["Net", "Top-1", "Hours"], ["A", "71.2", "12"], ["B", "73.5", "14"]]),
    ("Table 3", 1, 1, [["Task", "Error"], ["X", "6.2"], ["Y", "6.5"]]),
    ("Table 4", 1, 1, [["Net", "Top-1", "Hours"], ["A", "71.2", "12"], ["B", "73.5", "14"]]),
    ("Table 5", 1, 1, [["Task", "Error"], ["X", "6.2"], ["Y", "6.5"]]),
    (
        "Table 6",
        1,
        2,
        [
            ["Task", "Net", "Score", "Days"],
            ["Published", None, None, None],
            ["GLUE", "A", "80.1±0.3", "3.5"],
            [None, "B", "81.2±0.1", "12.25"],
            ["Ours", None, None, None],
            ["SQuAD", "Net C (large)", "92.3±0.2", "1.5"],
        ],
    ),
    (
        "Table 7",
        2,
        1,
        [
            ["Arch", "RN18", None],
            ["Method", "Top 1", "Cost (×10^18)"],
            ["Basea", "71.2", "3.3"],
            ["Big", "73.5", "23"],
        ],
    ),
]
"""Label, header rows, columns of labels and texts of the tables in `converted.tex`."""


def test_a_page_as_latexml_converts_it_comes_back_table_for_table() -> None:
    """LaTeXML 0.8.7 made `converted.html` of `converted.tex`, which is written for this test."""
    document = read_html((Path(__file__).parent / "converted.html").read_bytes())
    assert document.title == "What Nets Cost"
    assert [
        (
            table.label,
            table.header_rows,
            table.stub,
            [[cell.text if cell else None for cell in row] for row in table.rows],
        )
        for table in document.tables
    ] == CONVERTED
    assert [p.text for p in document.paragraphs if p.kind == "text" and p.region == "body"] == [
        "We train for 3.5 days¹ on eight devices, at a cost of C = 6ND ≈ 3.1 × 10^23 FLOPs."
    ]
    assert [(label.texts, label.group) for label in document.tables[5].row_labels()] == [
        (("GLUE", "A"), "Published"),
        (("GLUE", "B"), "Published"),
        (("SQuAD", "Net C (large)"), "Ours"),
    ]
