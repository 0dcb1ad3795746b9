"""Papers of one or two typeset pages, and the evidence for words on them."""

import hashlib
from collections.abc import Callable
from functools import cache

import pytest

from extractors.documents.pdf import read_pdf
from extractors.facts.evidence import Box, Evidence

Typeset = Callable[[str], bytes]
Cite = Callable[[bytes, str], Evidence]


@cache
def _typeset(source: str) -> bytes:
    import typst

    style = "#set page(width: 612pt, height: 792pt, margin: 72pt)\n#set text(size: 10pt)\n"
    return typst.compile((style + source).encode(), format="pdf", ignore_system_fonts=True)


def _cite(data: bytes, word: str) -> Evidence:
    document = read_pdf(data)
    cells = [cell for table in document.tables for row in table.rows for cell in row if cell]
    words = [w for paragraph in document.paragraphs for w in paragraph.words]
    words += [w for cell in cells for w in cell.words]
    box = next(w.box for w in words if w.text == word)
    return Evidence(hashlib.sha256(data).hexdigest(), box.page, Box(*box), "", word, "test.rule")


@pytest.fixture(scope="session")
def typeset() -> Typeset:
    """Typeset a source, once each."""
    return _typeset


@pytest.fixture(scope="session")
def cite() -> Cite:
    """The evidence for a word of a PDF."""
    return _cite
