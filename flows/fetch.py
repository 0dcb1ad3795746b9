"""One PDF or page of HTML over the polite session, or a sentence about what came instead.

Only what can be told from the outside is checked: status, size, first and last bytes. Whether the pages can be read
is the reader's matter; a file that fails here is not stored, so that the next night asks for it again.
"""

from __future__ import annotations

import re
from http import HTTPStatus

import requests

from extractors.documents.challenge import is_challenge_page, looks_like_html
from extractors.documents.html import HtmlLimits
from extractors.facts.errors import (
    BurdenError,
    ChallengePageError,
    DamagedDocumentError,
    NotADocumentError,
    NotFoundError,
    OversizedDocumentError,
    RefusedRequestError,
)

_HEAD_BYTES = 1024
"""The header may follow a little junk (ISO 32000-1, annex H.3.4.1)."""
_TAIL_BYTES = 65_536
_OTHER_PAGE_BYTES = 500_000
"""How much is looked at of a page that is no paper."""
_NO_PAGE = re.compile(rb"no html for|html is not available", re.IGNORECASE)
"""What arXiv says where it could not convert a paper, whatever the status."""
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def fetch_pdf(session: requests.Session, url: str) -> bytes:
    """The PDF at an address.

    Raises:
        NotFoundError: there is none.
        SourceError: the service did not give it.
        DocumentError: what came is not a whole PDF.
    """
    return checked_pdf(answer_at(session, url).content, url)


def fetch_html(session: requests.Session, url: str) -> bytes:
    """The page that LaTeXML made of a paper, at an address.

    Raises:
        NotFoundError: the paper has none, as many have not.
        SourceError: the service did not give it.
        DocumentError: what came is not a whole page of a paper.
    """
    return checked_html(answer_at(session, url).content, url)


def answer_at(session: requests.Session, url: str) -> requests.Response:
    """What a service answers at an address, if it gives something.

    Raises:
        NotFoundError: it has no such thing.
        SourceError: it did not give it.
    """
    try:
        answer = session.get(url)
    except requests.RequestException as error:
        raise RefusedRequestError(f"the service leads nowhere ({type(error).__name__})", where=url) from error
    if answer.status_code != HTTPStatus.OK:
        status = f"{answer.status_code} {answer.reason}".strip()
        refused = NotFoundError if answer.status_code in _GONE else RefusedRequestError
        raise refused(f"the service answered {status}", where=url)
    return answer


def checked_pdf(data: bytes, where: str) -> bytes:
    """The data as they are, where they begin and end as a PDF does.

    Raises:
        ChallengePageError: a page meant for a browser.
        NotADocumentError: something else that is not a PDF.
        DamagedDocumentError: a PDF that breaks off.
    """
    if b"%PDF-" not in data[:_HEAD_BYTES]:
        if is_challenge_page(data):
            raise ChallengePageError(
                "a challenge page came instead of a PDF", where=where, remedy="Try again later"
            )
        raise NotADocumentError("not a PDF", where=where)
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        raise DamagedDocumentError("the PDF breaks off before its end", where=where)
    return data


def checked_html(data: bytes, where: str, limits: HtmlLimits | None = None) -> bytes:
    """The data as they are, where they are a whole page with a paper in it.

    Raises:
        NotFoundError: a page that says that there is none.
        ChallengePageError: a page meant for a browser.
        NotADocumentError: something else that is not a paper.
        OversizedDocumentError: a page larger than any that is read.
        DamagedDocumentError: a page that breaks off.
    """
    most = (limits or HtmlLimits()).size
    if not looks_like_html(data) or b"ltx_document" not in data:
        raise _no_paper(data[:_OTHER_PAGE_BYTES], where)
    if len(data) > most:
        raise OversizedDocumentError(f"the page has {len(data):,} bytes, more than {most:,}", where=where)
    if b"</html>" not in data[-_TAIL_BYTES:].lower():
        raise DamagedDocumentError("the page breaks off before its end", where=where)
    return data


def _no_paper(page: bytes, where: str) -> BurdenError:
    if _NO_PAGE.search(page):
        return NotFoundError("the service has no HTML of this paper", where=where)
    if is_challenge_page(page):
        return ChallengePageError(
            "a challenge page came instead of a paper", where=where, remedy="Try again later"
        )
    return NotADocumentError("not the page of a paper that LaTeXML converted", where=where)
