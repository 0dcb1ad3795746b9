"""arXiv's files, wherever their listing came from: PDFs, and pages of HTML."""

from __future__ import annotations

from dataclasses import dataclass

import requests

from db.papers import FileOf
from extractors.facts.errors import ParseError
from extractors.facts.ids import ArxivId
from flows.fetch import Fetched, fetch_html, fetch_pdf


@dataclass(frozen=True, slots=True)
class ArxivFiles:
    """The files of papers that have an id of arXiv."""

    session: requests.Session
    pdf_url: str
    html_url: str

    def can_fetch(self, file: FileOf) -> bool:
        """Whether the file is arXiv's, and not one from elsewhere on the web."""
        return is_arxiv_id(file.paper_id) and (file.url or "").startswith(("https://", "http://"))

    def address(self, file: FileOf) -> str:
        """Where the settings say that it is, whatever the listing linked to."""
        site = self.html_url if file.media == "html" else self.pdf_url
        return f"{site}/{ArxivId(file.paper_id, file.version)}"

    def fetch(self, file: FileOf) -> Fetched | None:
        """The paper's PDF, or its page of HTML; None where it is the one that the file is known by.

        Raises:
            NotFoundError: there is no such file.
            SourceError: arXiv did not give it.
            DocumentError: what it gave is not a whole PDF, or not a whole page of a paper.
        """
        fetched = fetch_html if file.media == "html" else fetch_pdf
        return fetched(self.session, self.address(file), file.known_by)


def is_arxiv_id(paper: str) -> bool:
    """Whether a paper is known by an id of arXiv."""
    try:
        return ArxivId.parse(paper).paper == paper
    except ParseError:
        return False
