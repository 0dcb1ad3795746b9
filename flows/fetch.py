"""One PDF over the polite session, or a sentence about what came instead.

Only what can be told from the outside is checked: status, size, first and last bytes. Whether the pages can be read
is the reader's matter; a file that fails here is not stored, so that the next night asks for it again.
"""

from __future__ import annotations

from http import HTTPStatus

import requests

from extractors.documents.challenge import is_challenge_page
from extractors.facts.errors import (
    ChallengePageError,
    DamagedDocumentError,
    NotADocumentError,
    RefusedRequestError,
)

_HEAD_BYTES = 1024
"""The header may follow a little junk (ISO 32000-1, annex H.3.4.1)."""
_TAIL_BYTES = 65_536


def fetch_pdf(session: requests.Session, url: str) -> bytes:
    """The PDF at an address.

    Raises:
        SourceError: the service did not give it.
        DocumentError: what came is not a whole PDF.
    """
    try:
        answer = session.get(url)
    except requests.RequestException as error:
        raise RefusedRequestError(f"the service leads nowhere ({type(error).__name__})", where=url) from error
    if answer.status_code != HTTPStatus.OK:
        status = f"{answer.status_code} {answer.reason}".strip()
        raise RefusedRequestError(f"the service answered {status}", where=url)
    return checked_pdf(answer.content, url)


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
