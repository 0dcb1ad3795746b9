"""Elements told by their classes: what ends a paragraph, which region a section is, what holds what."""

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

from extractors.documents.latexml.parts import (
    Place,
    ends_paragraph,
    float_of,
    lone_captions,
    region_of,
    surveyed,
)
from extractors.documents.latexml.text import classes_of
from extractors.documents.model import Region


def elements(html: str) -> list[Tag]:
    body = BeautifulSoup(f"<html><body>{html}</body></html>", "lxml").body
    assert body is not None
    return [tag for tag in body.descendants if isinstance(tag, Tag)]


@pytest.mark.parametrize(
    ("kind", "title", "around", "expected"),
    [
        ("ltx_section", "1 Introduction", "front", "body"),
        ("ltx_section", "5 Acknowledgments", "body", "acknowledgements"),
        ("ltx_section", "Acknowledgement and funding", "body", "acknowledgements"),
        ("ltx_section", "References", "body", "references"),
        ("ltx_section", "References to earlier work", "body", "body"),
        ("ltx_section", "Supplementary material", "body", "appendix"),
        ("ltx_subsection", "A.1 Data", "appendix", "appendix"),
        ("ltx_appendix", "A Data", "body", "appendix"),
        ("ltx_bibliography", "Works", "body", "references"),
        ("ltx_acknowledgements", "", "body", "acknowledgements"),
        ("ltx_abstract", "", "front", "abstract"),
        ("ltx_paragraph", "", "acknowledgements", "acknowledgements"),
    ],
)
def test_a_section_has_its_region(kind: str, title: str, around: Region, expected: Region) -> None:
    assert region_of(frozenset({kind}), title, around) == expected


@pytest.mark.parametrize(
    ("html", "alone", "within"),
    [
        ("<p class='ltx_p'>x</p>", True, False),
        ("<div>x</div>", True, False),
        ("<div class='ltx_para'>x</div>", True, True),
        ("<ul class='ltx_itemize'></ul>", True, True),
        ("<span class='ltx_itemize'></span>", True, True),
        ("<span>x</span>", False, False),
        ("<table class='ltx_equation'></table>", False, False),
    ],
)
def test_a_paragraph_goes_on_over_its_own_lines(html: str, alone: bool, within: bool) -> None:
    tag = elements(html)[0]
    assert ends_paragraph(tag, classes_of(tag), Place()) == alone
    assert ends_paragraph(tag, classes_of(tag), Place(paragraph=True)) == within


def test_elements_around_paragraphs_and_tables_are_known() -> None:
    tags = elements("<div><span><span class='ltx_tabular'>x</span></span></div><div><b>y</b></div>")
    article = tags[0].parent
    assert article is not None
    holders, missing = surveyed(article)
    assert [id(tag) in holders for tag in tags] == [True, True, False, False, False]
    assert not missing


def test_the_float_around_an_element_is_the_nearest() -> None:
    outer, inner, leaf = elements(
        "<figure class='ltx_table'><figure class='ltx_figure'><b>x</b></figure></figure>"
    )
    assert (float_of(leaf), float_of(inner), float_of(outer)) == (inner, outer, None)


def test_a_caption_alone_in_its_float_is_that_of_the_table_beside_it() -> None:
    lone = "<span class='ltx_table'><span class='ltx_caption'>Table 1: Costs.</span></span>"
    page = elements(f"<div>{lone}<br><div><b class='ltx_tabular'>x</b></div></div>")
    table = page[-1]
    assert {key: tag.get_text() for key, tag in lone_captions(page[0]).items()} == {
        id(table): "Table 1: Costs."
    }


@pytest.mark.parametrize("rest", ["", "<img src='x.png'>", "<section class='ltx_section'>A</section>"])
def test_a_caption_with_nothing_beside_it_has_no_table(rest: str) -> None:
    lone = "<figure class='ltx_table'><figcaption class='ltx_caption'>Table 1: Costs.</figcaption></figure>"
    assert lone_captions(elements(f"<div>{lone}{rest}</div>")[0]) == {}
