"""Whether the services answer: one request to each host, through the polite session and the gate that all processes share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from extractors.documents.challenge import is_challenge_page
from extractors.facts.errors import BurdenError, ChallengePageError, RefusedRequestError
from flows.clock import Clock
from flows.gate import Gate
from flows.http import polite_session
from flows.settings import Settings

_LONGEST_WAIT_SECONDS = 60.0
"""A person sits before this; a service that wants to be left alone for longer is not asked."""
_ANSWERS = (HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
"""A host without a robots.txt answers too."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking one host."""

    host: str
    ahead_seconds: float | None = None
    """By how much our clock is ahead of its; None where it did not say what time it is."""
    trouble: BurdenError | None = None


def questions(settings: Settings) -> dict[str, str]:
    """What to ask of each host: the feed for its name, others for their robots.txt, which every machine may ask for."""
    found = {_host(settings.oai_url): f"{settings.oai_url}?verb=Identify"}
    others = [settings.arxiv_api_url, settings.arxiv_pdf_url]
    for url in others if settings.html == "never" else [*others, settings.html_url]:
        parts = urlsplit(url)
        found.setdefault(_host(url), f"{parts.scheme}://{parts.netloc}/robots.txt")
    return found


def _host(url: str) -> str:
    """Host and port; what a person may have put before them to log in is nobody's to see."""
    return urlsplit(url).netloc.rpartition("@")[2]


def ask(settings: Settings, clock: Clock, gate: Gate) -> tuple[Answered, ...]:
    """Ask every host that nights ask, once; it may take some seconds a host, for that is the service's due."""
    once = replace(settings.politeness, tries=1, longest_wait_seconds=_LONGEST_WAIT_SECONDS)
    with polite_session(once, clock, gate) as session:
        return tuple(_ask(session, clock, host, url) for host, url in questions(settings).items())


def _ask(session: requests.Session, clock: Clock, host: str, url: str) -> Answered:
    try:
        response = session.get(url)
        ahead = _ahead(response, clock)
        _check(response, url)
    except requests.RequestException as error:
        what = f"the service leads nowhere ({type(error).__name__})"
        return Answered(host, trouble=RefusedRequestError(what, where=url))
    except BurdenError as error:
        return Answered(host, trouble=error)
    return Answered(host, ahead)


def _check(response: requests.Response, url: str) -> None:
    if response.status_code not in _ANSWERS:
        status = f"{response.status_code} {response.reason}".strip()
        raise RefusedRequestError(
            f"the service answered {status}", where=url, remedy="Check its address in the settings"
        )
    if is_challenge_page(response.content):
        raise ChallengePageError("a challenge page came", where=url, remedy="Try again later")


def _ahead(response: requests.Response, clock: Clock) -> float | None:
    """Our time less that of the answer, which a cache between may have kept for `Age` seconds (RFC 9111, section 5.1)."""
    try:
        told = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        return None
    age = response.headers.get("Age", "")
    if told.tzinfo is None:
        return None
    return (clock.now() - told - timedelta(seconds=int(age) if age.isdecimal() else 0)).total_seconds()
