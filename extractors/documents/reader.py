"""Any paper's bytes to a `Document`: a PDF or an HTML page, told apart by how they begin."""

from __future__ import annotations

from extractors.documents.challenge import looks_like_html
from extractors.documents.html import HtmlLimits, read_html
from extractors.documents.model import Document
from extractors.documents.opening import Limits
from extractors.documents.pdf import read_pdf


def read_document(data: bytes, limits: Limits | None = None, html: HtmlLimits | None = None) -> Document:
    """The document in a PDF or in a LaTeXML page.

    Args:
        data: the file.
        limits: what a PDF may be at most.
        html: what a page may be at most.

    Raises:
        DocumentError: neither a readable PDF nor a readable page.
        ChallengePageError: a page that asks a person to prove to be one.
    """
    return read_html(data, html) if looks_like_html(data) else read_pdf(data, limits)
