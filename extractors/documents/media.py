"""Which reader a file's bytes belong to."""

from __future__ import annotations

from extractors.documents.challenge import looks_like_html
from extractors.documents.html import read_html
from extractors.documents.model import Document
from extractors.documents.opening import Limits
from extractors.documents.pdf import read_pdf


def read_document(data: bytes, limits: Limits | None = None) -> Document:
    """The document in a PDF or in a page of HTML, told by how the bytes begin.

    Args:
        data: the file.
        limits: how much of a PDF is read.

    Raises:
        DocumentError: the bytes are neither, or cannot be read.
    """
    return read_html(data) if looks_like_html(data) else read_pdf(data, limits)
