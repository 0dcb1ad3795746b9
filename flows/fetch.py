"""One PDF or page of HTML over the polite session, or a sentence about what came instead.

A file that is here already is asked for by what the service knows it by, and not sent again where it is the same (RFC 9110, 13).

Only what can be told from the outside is checked: status, size, first and last bytes. Whether the pages can be read
is the reader's matter; a file that fails here is not stored, so that the next night asks for it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

import requests

from db.papers import UNKNOWN, Validators
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
_SENDABLE = re.compile(r"[!-~][ -~]{0,299}")
"""A header's value that can be stored and sent back."""
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came."""

    data: bytes
    known_by: Validators = UNKNOWN
    """By what the service says it knows it again."""


def fetch_pdf(session: requests.Session, url: str, known_by: Validators = UNKNOWN) -> Fetched | None:
    """The PDF at an address; None where the service says that it is the one that is known.

    Raises:
        NotFoundError: there is none.
        SourceError: the service did not give it.
        DocumentError: what came is not a whole PDF.
    """
    answer = answer_at(session, url, known_by)
    return Fetched(checked_pdf(answer.content, url), validators_of(answer)) if answer else None


def fetch_html(session: requests.Session, url: str, known_by: Validators = UNKNOWN) -> Fetched | None:
    """The page that LaTeXML made of a paper, at an address; None where the service says that it is the one that is known.

    Raises:
        NotFoundError: the paper has none, as many have not.
        SourceError: the service did not give it.
        DocumentError: what came is not a whole page of a paper.
    """
    answer = answer_at(session, url, known_by)
    return Fetched(checked_html(answer.content, url), validators_of(answer)) if answer else None


def answer_at(
    session: requests.Session, url: str, known_by: Validators = UNKNOWN
) -> requests.Response | None:
    """What a service answers at an address, if it gives something; None where it says that it is what is known.

    Raises:
        NotFoundError: it has no such thing.
        SourceError: it did not give it.
    """
    unless = {"If-None-Match": known_by.etag, "If-Modified-Since": known_by.modified}
    try:
        answer = session.get(url, headers={name: text for name, text in unless.items() if text})
    except requests.RequestException as error:
        raise RefusedRequestError(f"the service leads nowhere ({type(error).__name__})", where=url) from error
    if answer.status_code == HTTPStatus.NOT_MODIFIED and known_by != UNKNOWN:
        return None
    if answer.status_code != HTTPStatus.OK:
        status = f"{answer.status_code} {answer.reason}".strip()
        refused = NotFoundError if answer.status_code in _GONE else RefusedRequestError
        raise refused(f"the service answered {status}", where=url)
    return answer


def validators_of(answer: requests.Response) -> Validators:
    """By what a service knows again what it gave; what could not be sent back as it is is left out."""
    etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    return Validators(*(text if _SENDABLE.fullmatch(text) else None for text in (etag, modified)))


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
