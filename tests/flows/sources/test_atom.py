"""arXiv's API through the arxiv package, against the stand-in and against recorded answers, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.papers import FileOf
from extractors.facts.errors import (
    ChallengePageError,
    NotFoundError,
    RateLimitedError,
    RefusedRequestError,
    UnreachableError,
)
from extractors.facts.ids import ArxivId, PaperId
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.query import compile_query
from flows.demo.standin import Fault, StandIn
from flows.http import polite_session
from flows.settings import Settings
from flows.sources import Window
from flows.sources.atom import AtomSource, query_of, spans_of
from tests.fetched import bytes_of

EARLIER = datetime(2020, 1, 1, tzinfo=UTC)
SPRING = Window(datetime(2024, 2, 12, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
MARCH = Window(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 31, 23, 59, tzinfo=UTC))


def source_of(settings: Settings, clock: PlayedClock, page_size: int = 5) -> AtomSource:
    session = polite_session(settings.politeness, clock)
    urls = settings.arxiv_pdf_url, settings.html_url, settings.arxiv_api_url
    return AtomSource(session, *urls, settings.categories, page_size)


@pytest.fixture
def source(settings: Settings, clock: PlayedClock) -> AtomSource:
    return source_of(settings, clock)


def test_every_paper_of_the_window_is_listed_page_by_page_oldest_first(
    source: AtomSource, arxiv: StandIn
) -> None:
    pages = list(source.pages(MARCH))
    listings = [listing for page in pages for listing in page.listings]
    expected = [s for s in arxiv.current() if not set(s.categories).isdisjoint(source.categories)]
    assert sorted(listing.paper_id for listing in listings) == sorted(sample.id for sample in expected)
    updates = [listing.updated for listing in listings if listing.updated]
    assert updates == sorted(updates)
    assert {len(page.listings) for page in pages[:-1]} == {5}
    assert not any(page.problems for page in pages)


moments = st.integers(0, 3_000_000).map(lambda minutes: EARLIER + timedelta(minutes=minutes))


@given(moments, st.timedeltas(timedelta(), timedelta(days=400)))
def test_spans_are_the_window_without_gaps_or_doubles_and_a_token_leaves_the_rest(
    since: datetime, length: timedelta
) -> None:
    spans = spans_of(Window(since, since + length, is_open=True))
    assert (spans[0].since, spans[-1].until) == (since, since + length)
    for before, after in pairwise(spans):
        assert after.since - before.until == timedelta(minutes=1), (
            "its times are in minutes, both ends included"
        )
    middle = spans[len(spans) // 2]
    assert (
        spans_of(Window(since, since + length, is_open=True), middle.since.isoformat())
        == spans[len(spans) // 2 :]
    )


def test_a_window_goes_on_with_the_span_that_its_token_names(source: AtomSource, arxiv: StandIn) -> None:
    pages = list(source.pages(SPRING))
    token = next(page.token for page in pages if page.token and page.token > SPRING.since.isoformat())
    rest = pages[[page.token for page in pages].index(token) + 1 :]
    assert rest and list(source.pages(SPRING, token)) == rest
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]


def test_an_empty_month_among_others_is_asked_for_twice_and_told(source: AtomSource, arxiv: StandIn) -> None:
    year = Window(datetime(2024, 1, 1, tzinfo=UTC), SPRING.until)
    told = [problem for page in source.pages(year) for problem in page.problems]
    assert told == [
        f"arXiv has no paper of {span}, as it says twice"
        for span in ("2024-01-01 to 2024-01-31", "2024-02-01 to 2024-03-02")
    ]
    assert len(arxiv.seen) == 4 + 4, "twice each, and four pages of the month that has papers"


def test_an_empty_month_that_was_a_slip_is_not_believed(source: AtomSource, arxiv: StandIn) -> None:
    listed = [page.listings for page in source.pages(SPRING)]
    arxiv.misbehave(Fault("empty"))
    assert [page.listings for page in source.pages(SPRING)] == listed


def test_a_listing_keeps_what_the_entry_says_and_the_entry_itself(source: AtomSource, arxiv: StandIn) -> None:
    listing = next(source.pages(MARCH)).listings[0]
    sample = arxiv.named(listing.paper_id)
    assert sample
    assert (listing.version, listing.title, listing.abstract) == (
        sample.version,
        sample.title,
        sample.abstract,
    )
    assert (listing.authors, listing.categories) == (sample.authors, sample.categories)
    assert (listing.published, listing.updated) == (sample.published, sample.updated)
    assert listing.pdf_url == f"https://arxiv.org/pdf/{sample.name}"
    assert sample.title.encode() in listing.raw


def test_a_window_without_papers_is_one_empty_page(source: AtomSource) -> None:
    quiet = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
    assert [page.listings for page in source.pages(quiet)] == [()]


def test_one_paper_is_listed_by_its_id(source: AtomSource) -> None:
    assert source.listed(ArxivId("2403.99115")).version == 2
    first = source.listed(ArxivId("2403.99115", 1))
    assert (first.paper_id, first.version) == ("2403.99115", 1)
    assert first.title and first.raw.startswith(b"<")


@pytest.mark.parametrize("id", [ArxivId("2403.00009"), ArxivId("2403.99115", 7)])
def test_a_paper_that_arxiv_has_not_is_not_found(id: ArxivId, source: AtomSource) -> None:
    with pytest.raises(NotFoundError, match=f"no paper {id}"):
        source.listed(id)


def test_only_papers_of_arxiv_are_fetched_from_it(source: AtomSource) -> None:
    web = "https://example.org/net.pdf"
    assert source.can_fetch(FileOf(PaperId("2403.99101"), 1, None, web))
    assert not source.can_fetch(FileOf(PaperId("file:0123456789ab"), 1, None, web, "html"))
    assert not source.can_fetch(FileOf(PaperId("doi:10.1000/x"), 1, None, web))


def test_the_query_asks_for_new_and_for_revised_papers() -> None:
    assert query_of(("cs.CV", "cs.LG"), MARCH) == (
        "(cat:cs.CV OR cat:cs.LG) AND (submittedDate:[202403010000 TO 202403312359]"
        " OR lastUpdatedDate:[202403010000 TO 202403312359])"
    )


@given(
    since=st.integers(0, 30 * 24 * 60).map(lambda minutes: MARCH.since + timedelta(minutes=minutes)),
    length=st.timedeltas(timedelta(0), timedelta(days=20)),
    age=st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_the_query_selects_exactly_the_papers_of_the_window(
    since: datetime, length: timedelta, age: timedelta
) -> None:
    window = Window(since, since + length)
    paper = replace(catalogue()[0], published=EARLIER, updated=MARCH.since + age)
    last_minute = window.until.replace(second=0, microsecond=0)
    selected = compile_query(query_of(("cs.CV",), window))(paper)
    assert selected == (window.since <= paper.updated <= last_minute)


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault("challenge"), ChallengePageError, "challenge page"),
        (Fault("error-feed"), RefusedRequestError, "answered with an error: the query could not be parsed"),
        (Fault("busy", times=9), RateLimitedError, "answered 503"),
        (Fault("broken", times=9), RefusedRequestError, "answered 500"),
        (Fault("moved", times=99), RefusedRequestError, r"leads nowhere \(TooManyRedirects\)"),
    ],
)
def test_an_answer_that_is_no_result_is_never_taken_for_an_empty_one(
    fault: Fault, error: type[Exception], said: str, source: AtomSource, arxiv: StandIn
) -> None:
    arxiv.misbehave(fault)
    with pytest.raises(error, match=said):
        list(source.pages(MARCH))


def test_an_empty_page_in_the_middle_is_asked_for_again(
    settings: Settings, clock: PlayedClock, arxiv: StandIn
) -> None:
    pages = source_of(settings, clock, page_size=2).pages(MARCH)
    first = next(pages)
    arxiv.misbehave(Fault("hollow", path="/api"))
    rest = list(pages)
    everything = [listing.paper_id for page in (first, *rest) for listing in page.listings]
    assert len(everything) == len(set(everything)) > 4


def test_pages_that_stay_empty_are_an_error_and_the_pages_before_are_good(
    settings: Settings, clock: PlayedClock, arxiv: StandIn
) -> None:
    pages = source_of(settings, clock, page_size=2).pages(MARCH)
    assert len(next(pages).listings) == 2
    arxiv.misbehave(Fault("hollow", path="/api", times=9))
    with pytest.raises(RefusedRequestError, match="incomplete"):
        list(pages)


def test_an_arxiv_that_cannot_be_reached_is_said_so(settings: Settings, clock: PlayedClock) -> None:
    nowhere = settings.model_copy(
        update={"arxiv_api_url": "http://127.0.0.1:9/api/query", "request_tries": 1}
    )
    with pytest.raises(UnreachableError, match="no connection"):
        list(source_of(nowhere, clock).pages(MARCH))


def test_the_pdf_comes_from_the_address_in_the_settings(source: AtomSource, arxiv: StandIn) -> None:
    sample = arxiv.current()[0]
    file = FileOf(PaperId(sample.id), sample.version, None, f"https://arxiv.org/pdf/{sample.name}")
    assert source.can_fetch(file)
    assert bytes_of(source.fetch(file)) == pdf_of(sample)
    assert source.address(file) == f"{arxiv.pdf_url}/{sample.name}"


def test_the_page_of_a_paper_is_fetched_beside_its_pdf(
    source: AtomSource, arxiv: StandIn, page: bytes
) -> None:
    sample, arxiv.html = catalogue()[0], lambda _: page
    file = FileOf(PaperId(sample.id), sample.version, None, f"https://arxiv.org/pdf/{sample.name}", "html")
    assert source.can_fetch(file)
    assert (bytes_of(source.fetch(file)), source.address(file)) == (page, f"{arxiv.html_url}/{sample.name}")


@pytest.mark.corpus
def test_recorded_answers_of_arxiv_become_listings(
    shared: Path, settings: Settings, clock: PlayedClock
) -> None:
    """Each recorded single-id answer of 2026 is served as it was and read by the same source."""
    for recorded in sorted((shared / "arxiv" / "atom").glob("id_*.xml")):
        answer = recorded.read_bytes()
        with _replaying(answer) as url:
            asked = settings.model_copy(update={"arxiv_api_url": f"{url}/api/query"})
            pages = source_of(asked, clock, page_size=100).pages(MARCH)
            if b"api/errors" in answer:
                with pytest.raises(RefusedRequestError, match="incorrect id format for abc"):
                    list(pages)
            else:
                listings = [listing for page in pages for listing in page.listings]
                assert len(listings) == answer.count(b"<entry>")
                assert all(listing.title and listing.authors and listing.categories for listing in listings)


@contextmanager
def _replaying(answer: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
