"""What a fetch makes of a good answer and of each kind of bad one, over real HTTP on loopback."""

import pytest
import requests

from extractors.documents.html import HtmlLimits
from extractors.facts.errors import (
    ChallengePageError,
    DamagedDocumentError,
    NotADocumentError,
    NotFoundError,
    OversizedDocumentError,
    RateLimitedError,
    RefusedRequestError,
)
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.fetch import checked_html, checked_pdf, fetch_html, fetch_pdf
from flows.http import polite_session
from flows.settings import Settings
from tests.fetched import bytes_of

SAMPLE = catalogue()[0]


@pytest.fixture
def session(settings: Settings, clock: PlayedClock) -> requests.Session:
    return polite_session(settings.politeness, clock)


def test_a_pdf_arrives_as_it_is(session: requests.Session, arxiv: StandIn) -> None:
    assert bytes_of(fetch_pdf(session, f"{arxiv.pdf_url}/{SAMPLE.name}")) == pdf_of(SAMPLE)


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault("challenge"), ChallengePageError, "a challenge page came instead of a PDF"),
        (Fault("truncated"), DamagedDocumentError, "breaks off before its end"),
        (Fault("error-feed"), RefusedRequestError, "answered 400"),
        (Fault("busy", times=9), RateLimitedError, "answered 503"),
        (Fault("moved", times=99), RefusedRequestError, r"leads nowhere \(TooManyRedirects\)"),
    ],
)
def test_what_comes_instead_is_said_in_one_sentence(
    fault: Fault, error: type[Exception], said: str, session: requests.Session, arxiv: StandIn
) -> None:
    arxiv.misbehave(fault)
    with pytest.raises(error, match=said):
        fetch_pdf(session, f"{arxiv.pdf_url}/{SAMPLE.name}")


def test_a_paper_that_is_not_there_is_refused(session: requests.Session, arxiv: StandIn) -> None:
    with pytest.raises(RefusedRequestError, match="answered 404 Not Found"):
        fetch_pdf(session, f"{arxiv.pdf_url}/2403.00000v1")


def test_bytes_that_are_no_pdf_are_refused_with_their_place() -> None:
    with pytest.raises(NotADocumentError, match=r"not a PDF \(notes.txt\)"):
        checked_pdf(b"Dear colleague,", "notes.txt")


@pytest.fixture
def page_url(arxiv: StandIn, page: bytes) -> str:
    arxiv.html = lambda sample: page if sample == SAMPLE else None
    return f"{arxiv.html_url}/{SAMPLE.name}"


def test_a_page_arrives_as_it_is(session: requests.Session, page_url: str, page: bytes) -> None:
    assert bytes_of(fetch_html(session, page_url)) == page


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault("challenge"), ChallengePageError, "a challenge page came instead of a paper"),
        (Fault("truncated"), DamagedDocumentError, "the page breaks off before its end"),
        (Fault("error-feed"), RefusedRequestError, "answered 400"),
        (Fault("busy", times=9), RateLimitedError, "answered 503"),
    ],
)
def test_what_comes_instead_of_a_page_is_said_in_one_sentence(
    fault: Fault, error: type[Exception], said: str, session: requests.Session, arxiv: StandIn, page_url: str
) -> None:
    arxiv.misbehave(fault)
    with pytest.raises(error, match=said):
        fetch_html(session, page_url)


def test_that_a_paper_has_no_page_is_told_from_other_refusals(
    session: requests.Session, arxiv: StandIn, page_url: str
) -> None:
    with pytest.raises(NotFoundError, match="answered 404 Not Found"):
        fetch_html(session, f"{arxiv.html_url}/{catalogue()[1].name}")
    arxiv.html = lambda _: b"<!DOCTYPE html><html><body><h1>No HTML for '2403.99101'</h1></body></html>"
    with pytest.raises(NotFoundError, match="no HTML of this paper"):
        fetch_html(session, page_url)


def test_a_page_of_something_else_or_beyond_the_limit_is_refused(page: bytes) -> None:
    for other in (b"<!DOCTYPE html><html><body>Server Error</body></html>", b"%PDF-1.7 ltx_document %%EOF"):
        with pytest.raises(NotADocumentError, match=r"not the page of a paper .* \(here\)"):
            checked_html(other, "here")
    with pytest.raises(OversizedDocumentError, match="bytes, more than 100"):
        checked_html(page, "here", HtmlLimits(size=100))


def test_a_paper_about_captchas_is_no_challenge(page: bytes) -> None:
    about = page.replace(b"memory each", b"memory each to solve a captcha")
    assert checked_html(about, "here") == about
