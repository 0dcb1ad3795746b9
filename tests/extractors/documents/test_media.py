"""A file goes to the reader that its bytes belong to."""

from collections.abc import Callable

import pytest

from extractors.documents.media import read_document
from extractors.facts.errors import NotADocumentError

HandMade = Callable[..., bytes]


def test_a_pdf_is_read_as_one(hand_made: HandMade) -> None:
    document = read_document(hand_made(["BT /F1 12 Tf 72 700 Td (A line of text) Tj ET"]))
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line of text"]
    assert document.pages[0].width == 612


def test_a_page_of_html_is_read_as_one() -> None:
    page = (
        b'<!DOCTYPE html><html><body><article class="ltx_document"><div class="ltx_para" id="p1">'
        b'<p class="ltx_p">A line of text</p></div></article></body></html>'
    )
    document = read_document(page)
    assert [paragraph.text for paragraph in document.paragraphs] == ["A line of text"]
    assert document.pages[0].width == 0


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x89PNG", b"plain text"])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(NotADocumentError):
        read_document(data)
