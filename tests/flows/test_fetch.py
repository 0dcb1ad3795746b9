"""What a fetch makes of a good answer and of each kind of bad one, over real HTTP on loopback."""

import pytest
import requests

from extractors.facts.errors import (
    ChallengePageError,
    DamagedDocumentError,
    NotADocumentError,
    RateLimitedError,
    RefusedRequestError,
)
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.fetch import checked_pdf, fetch_pdf
from flows.http import polite_session
from flows.settings import Settings

SAMPLE = catalogue()[0]


@pytest.fixture
def session(settings: Settings, clock: PlayedClock) -> requests.Session:
    return polite_session(settings.politeness, clock)


def test_a_pdf_arrives_as_it_is(session: requests.Session, arxiv: StandIn) -> None:
    assert fetch_pdf(session, f"{arxiv.pdf_url}/{SAMPLE.name}") == pdf_of(SAMPLE)


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
