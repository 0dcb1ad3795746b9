"""PDFs and pages told apart by how they begin."""

from collections.abc import Callable

import pytest

from extractors.documents.html import HtmlLimits
from extractors.documents.opening import Limits
from extractors.documents.reader import read_document
from extractors.facts.errors import NotADocumentError, OversizedDocumentError

PAGE = b"<html><body><article class='ltx_document'><p class='ltx_p'>We train.</p></article></body></html>"


def test_each_medium_has_its_reader(typeset: Callable[[str], bytes]) -> None:
    assert read_document(PAGE).paragraphs[0].text == "We train."
    assert read_document(typeset("We train.")).paragraphs[0].text == "We train."


def test_each_medium_has_its_limits(typeset: Callable[[str], bytes]) -> None:
    with pytest.raises(OversizedDocumentError):
        read_document(PAGE, html=HtmlLimits(size=10))
    with pytest.raises(OversizedDocumentError):
        read_document(typeset("We train."), Limits(size=10))


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(NotADocumentError):
        read_document(b"plain text")
