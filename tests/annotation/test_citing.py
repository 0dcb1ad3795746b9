"""A typed page and quote become a real place, or a refusal that says what stands there."""

import re
from functools import cache

import pytest

from annotation.citing import Citation, cite, is_paged, place, suggestion
from extractors.documents.media import read_document
from extractors.documents.model import Document
from extractors.facts.errors import UsageError
from extractors.facts.evidence import QUOTE_LIMIT
from extractors.facts.values import Name, NotReported, Quantity
from flows.demo.catalogue import catalogue, pdf_of

PAGE = b"""<!DOCTYPE html><html><head><title>Larkspur</title></head><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Larkspur</h1>
<section id="S3" class="ltx_section"><h2 class="ltx_title ltx_title_section">3 Training</h2>
<div id="S3.p1" class="ltx_para"><p id="S3.p1.1" class="ltx_p">It was trained for 4.5&nbsp;days on 8 GPUs.</p></div>
<div id="S3.p2" class="ltx_para"><p id="S3.p2.1" class="ltx_p">Tuning took 4.5&nbsp;days on 8 GPUs once more.</p></div>
</section></article></body></html>"""
DAYS = Quantity.exact(388_800, "s", "4.5 days")
EIGHT = Quantity.exact(8, "devices", "8")


@cache
def pdf() -> Document:
    return read_document(pdf_of(catalogue()[0]))


def test_a_quote_from_a_sentence_gets_page_box_and_section() -> None:
    found = cite(pdf(), Citation("trained for 4.5 days on 8 NVIDIA V100 GPUs", 2), DAYS)
    assert (found.page, found.quote, found.rule) == (
        2,
        "trained for 4.5 days on 8 NVIDIA V100 GPUs",
        "annotator",
    )
    assert found.anchor == "4.1. Training details"
    assert found.sha256 == pdf().sha256
    assert found.box is not None
    whole = cite(pdf(), Citation("trained for 4.5 days on 8 NVIDIA V100 GPUs", 2), NotReported()).box
    assert whole is not None
    assert found.box.x1 - found.box.x0 < (whole.x1 - whole.x0) / 2


def test_the_words_are_stored_as_printed_however_they_were_typed() -> None:
    found = cite(pdf(), Citation("TRAINED  for 4.5 days, on 8  nvidia-V100 GPUs".replace(",", ""), 2), DAYS)
    assert found.quote == "trained for 4.5 days on 8 NVIDIA V100 GPUs"


def test_a_row_of_a_table_is_cited_by_its_cells() -> None:
    found = cite(
        pdf(), Citation("Larkspur-26 (ours) | 14.2 | 78.1", 2), Quantity.exact(78.1, "percent", "78.1")
    )
    assert (found.anchor, found.quote) == ("Table 2", "Larkspur-26 (ours) | 14.2 | 2.3 | 78.1 | 94.0")
    other = cite(
        pdf(), Citation("Larkspur-26 (ours) | 14.2 | 78.1", 2), Quantity.exact(14.2e6, "parameters", "14.2")
    )
    assert found.box and other.box and found.box.x0 > other.box.x1


@pytest.mark.parametrize(
    ("quote", "page", "what", "remedy"),
    [
        ("trained for 45 days on 8 NVIDIA V100 GPUs", 2, "do not stand there", "trained for 4.5 days on 8"),
        ("trained for 4.5 days on 8 NVIDIA V100 GPUs", 1, "do not stand there", "stand on page 2"),
        ("Zebras graze beside quiet rivers", 2, "do not stand there", "Copy them"),
        ("Larkspur-50", 2, r"stand there \d+ times", "a few more"),
        ("40 epochs", 9, "no page 9", "pages 1 to 3"),
        ("40 epochs", 0, "no page 0", "pages 1 to 3"),
        ("40 epochs", None, "page of the quote is missing", "Add --page"),
        ("   ", 2, "needs the words", "Quote them"),
        (" – ", 2, "do not stand there", "Copy them"),
        ("x" * (QUOTE_LIMIT + 1), 2, "at most 160", "Quote less"),
    ],
)
def test_a_quote_that_is_not_there_is_refused_with_what_is(
    quote: str, page: int | None, what: str, remedy: str
) -> None:
    with pytest.raises(UsageError) as refused:
        cite(pdf(), Citation(quote, page), DAYS)
    assert re.search(what, refused.value.what)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize("part", ["5 days on 8 NVIDIA V100 GPUs", "trained for 4.5 days on 8 NVIDIA V1"])
def test_a_quote_does_not_cut_a_number_or_a_word(part: str) -> None:
    with pytest.raises(UsageError, match="do not stand there"):
        cite(pdf(), Citation(part, 2), DAYS)


def test_the_nearest_words_can_be_asked_for() -> None:
    assert suggestion(pdf(), Citation("lasts for 400 epochs with a batch", 3)) == (
        "lasts for 40 epochs with a batch"
    )
    assert suggestion(pdf(), Citation("Zebras graze beside quiet rivers", 3)) is None


def test_in_html_the_element_takes_the_place_of_the_page() -> None:
    page = read_document(PAGE)
    assert not is_paged(page)
    found = cite(page, Citation("trained for 4.5 days on 8 GPUs"), DAYS)
    assert (found.page, found.box, found.quote) == (1, None, "trained for 4.5 days on 8 GPUs.")
    assert found.anchor.startswith("S3.p1")


def test_in_html_an_element_tells_equal_words_apart() -> None:
    page = read_document(PAGE)
    for anchor in ("S3.p1", "S3.p2"):
        assert cite(page, Citation("8 GPUs", anchor=anchor), EIGHT).anchor.startswith(anchor)
    with pytest.raises(UsageError, match="stand there 2 times"):
        cite(page, Citation("8 GPUs"), EIGHT)
    with pytest.raises(UsageError, match="do not stand there"):
        cite(page, Citation("8 GPUs", anchor="S9.p1"), Name("x", "x"))


def test_what_could_be_meant_is_told_instead_of_a_place() -> None:
    found = place(pdf(), Citation("trained for 4.5 days on 8 NVIDIA V100 GPUs", 2), (DAYS, EIGHT))
    assert [evidence.box is not None for evidence in found.evidence] == [True, True]
    assert found.evidence[0].box != found.evidence[1].box
    like = place(pdf(), Citation("trained for 4.6 days on 8 NVIDIA V100 GPUs", 2), (DAYS,))
    assert (like.evidence, like.quote, like.page) == ((), "trained for 4.5 days on 8 NVIDIA V100 GPUs", None)
    elsewhere = place(pdf(), Citation("trained for 4.5 days on 8 NVIDIA V100 GPUs", 1), (DAYS,))
    assert (elsewhere.evidence, elsewhere.quote, elsewhere.page) == ((), "", 2)
    far = place(pdf(), Citation("trained for 4.6 days on 8 NVIDIA V100 GPUs", 1), (DAYS,))
    assert (far.quote, far.page) == ("trained for 4.5 days on 8 NVIDIA V100 GPUs", 2)
    nothing = place(pdf(), Citation("Zebras graze beside quiet rivers", 2), (DAYS,))
    assert (nothing.quote, nothing.page) == ("", None) and "do not stand there" in nothing.refused
