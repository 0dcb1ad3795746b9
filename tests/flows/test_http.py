"""The polite session against the stand-in, over real HTTP on loopback; waiting is played, not slept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
import requests

from extractors.facts.errors import (
    OversizedDocumentError,
    RateLimitedError,
    RefusedRequestError,
    UnreachableError,
)
from flows.clock import PlayedClock, SystemClock
from flows.demo.standin import Fault, StandIn
from flows.http import polite_session, retry_after, user_agent
from flows.settings import ARXIV_HOSTS, Politeness

LOOPBACK = Politeness(
    hosts=frozenset({"127.0.0.1"}),
    contact="ops@example.org",
    margin_seconds=0.0,
    backoff_seconds=5.0,
    jitter=0.0,
)
PDF = "/pdf/2403.99101v1"


@pytest.fixture
def ask(arxiv: StandIn, clock: PlayedClock) -> Callable[..., requests.Response]:
    def asked(path: str = PDF, politeness: Politeness = LOOPBACK) -> requests.Response:
        return polite_session(politeness, clock).get(arxiv.url + path)

    return asked


def test_an_answer_arrives_whole(ask: Callable[..., requests.Response]) -> None:
    answer = ask()
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")


def test_the_user_agent_says_who_asks_even_when_a_caller_sets_another(
    arxiv: StandIn, clock: PlayedClock
) -> None:
    polite_session(LOOPBACK, clock).get(arxiv.url + PDF, headers={"user-agent": "arxiv.py/4"})
    assert arxiv.seen[-1].user_agent == "burden/0.1 (+ops@example.org)"
    assert user_agent("") == "burden/0.1"


def test_requests_keep_their_distance_over_all_threads(arxiv: StandIn, clock: PlayedClock) -> None:
    session = polite_session(LOOPBACK, clock)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(session.get, [arxiv.url + PDF] * 5))
    assert clock.sleeps == [3.0] * 4
    assert len(arxiv.seen) == 5


def test_requests_are_never_nearer_than_they_may_be_however_long_each_takes_to_arrive(
    arxiv: StandIn, clock: PlayedClock
) -> None:
    session = polite_session(replace(LOOPBACK, margin_seconds=0.02), clock)
    for _ in range(2):
        session.get(arxiv.url + PDF)
    assert clock.sleeps == [3.02]


def test_the_hosts_of_one_service_share_their_turns(arxiv: StandIn, clock: PlayedClock) -> None:
    session = polite_session(replace(LOOPBACK, hosts=ARXIV_HOSTS), clock)
    session.proxies = {"http": arxiv.url}
    for host, medium in (("export.arxiv.org", "pdf"), ("arxiv.org", "html"), ("arxiv.org", "pdf")):
        session.get(f"http://{host}/{medium}/2403.99101v1")
    assert clock.sleeps == [15.0, 3.0]


def test_each_try_waits_its_turn_too(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("busy", times=2))
    assert ask(politeness=replace(LOOPBACK, interval_seconds=8.0)).ok
    assert clock.sleeps == [5.0, 3.0, 10.0]


def test_a_wait_that_nobody_named_is_longer_by_chance_and_never_shorter(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("busy", times=3))
    assert ask(politeness=replace(LOOPBACK, interval_seconds=0, jitter=0.5)).ok
    assert all(least <= slept <= 1.5 * least for least, slept in zip((5, 10, 20), clock.sleeps, strict=True))
    assert clock.sleeps != [5, 10, 20]


def test_retry_after_in_seconds_is_honoured(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("busy", retry_after="77"))
    assert ask().ok
    assert clock.sleeps == [77.0]


def test_retry_after_as_a_date_is_honoured(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    moment = format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)
    arxiv.misbehave(Fault("busy", retry_after=moment))
    assert ask().ok
    assert clock.sleeps == [90.0]


@pytest.mark.parametrize("header", [None, "", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_retry_after_that_says_nothing_or_is_past_asks_for_no_wait(
    header: str | None, clock: PlayedClock
) -> None:
    assert retry_after(header, clock) == 0.0


def test_a_wait_of_hours_ends_as_rate_limited_without_waiting(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("busy", retry_after="86400"))
    with pytest.raises(RateLimitedError, match="wait 86400 s"):
        ask()
    assert clock.sleeps == []


def test_a_service_that_stays_busy_is_given_up_after_bounded_tries(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("busy", times=9))
    with pytest.raises(RateLimitedError, match="503"):
        ask()
    assert len(arxiv.seen) == LOOPBACK.tries
    assert clock.sleeps == [5.0, 10.0, 20.0]


def test_a_connection_that_drops_is_tried_again(
    arxiv: StandIn, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("dropped", path="/pdf"))
    whole = ask().content
    assert whole.rstrip().endswith(b"%%EOF")
    assert len(arxiv.seen) == 2


def test_a_service_that_fails_at_every_try_is_refused(
    arxiv: StandIn, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("broken", times=9))
    with pytest.raises(RefusedRequestError, match="500"):
        ask()


def test_nobody_listening_is_unreachable(clock: PlayedClock) -> None:
    with pytest.raises(UnreachableError, match="no connection"):
        polite_session(replace(LOOPBACK, tries=2), clock).get("http://127.0.0.1:9/")


def test_a_slow_drip_ends(arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("slow", path="/pdf"))
    hasty = replace(LOOPBACK, total_seconds=0.2, tries=1, interval_seconds=0)
    with pytest.raises(UnreachableError, match="no answer in time"):
        polite_session(hasty, SystemClock()).get(arxiv.url + PDF)


def test_a_body_beyond_the_limit_is_not_read_to_its_end(ask: Callable[..., requests.Response]) -> None:
    with pytest.raises(OversizedDocumentError, match="larger than 10,000 bytes"):
        ask(politeness=replace(LOOPBACK, max_bytes=10_000))


def test_a_host_that_is_not_allowed_is_never_asked(arxiv: StandIn, clock: PlayedClock) -> None:
    session = polite_session(replace(LOOPBACK, hosts=frozenset({"arxiv.org"})), clock)
    with pytest.raises(RefusedRequestError, match="not a host to ask"):
        session.get(arxiv.url + PDF)
    assert arxiv.seen == []


def test_a_redirect_to_a_host_that_is_not_allowed_is_not_followed(
    arxiv: StandIn, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("astray", path="/pdf"))
    with pytest.raises(RefusedRequestError, match=r"elsewhere\.example"):
        ask()
    assert len(arxiv.seen) == 1


def test_a_redirect_within_the_allowed_hosts_waits_its_turn(
    arxiv: StandIn, clock: PlayedClock, ask: Callable[..., requests.Response]
) -> None:
    arxiv.misbehave(Fault("moved", path="/pdf"))
    assert ask().content.startswith(b"%PDF-")
    assert clock.sleeps == [3.0]
