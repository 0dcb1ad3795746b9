"""The nightly feed over real HTTP: every version comes, tokens are used and begun anew, and nothing goes on for ever."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from extractors.facts.errors import ChallengePageError, RefusedRequestError, SourceError, UnreachableError
from extractors.facts.ids import PaperId
from flows.clock import PlayedClock
from flows.demo.catalogue import Sample, catalogue
from flows.demo.standin import Fault, StandIn, stand_in
from flows.gate import OpenGate
from flows.http import polite_session
from flows.night import oai_source
from flows.settings import Settings
from flows.sources import Page, Window
from flows.sources.oai import OaiFeed, OaiSource, set_of

NOW = datetime(2024, 4, 1, 2, 30, tzinfo=UTC)
MARCH = Window(datetime(2024, 3, 1, tzinfo=UTC), NOW, is_open=True)
FIRST = catalogue()[0]
NOTICE = replace(
    FIRST,
    version=2,
    updated=FIRST.updated + timedelta(days=3),
    withdrawn=True,
    comment="An error in Section 3.",
)


@pytest.fixture
def feed(settings: Settings, clock: PlayedClock, arxiv: StandIn) -> OaiFeed:
    """All of computer science, three records a page."""
    arxiv.per_page = 3
    return feed_of(settings, clock)


def feed_of(settings: Settings, clock: PlayedClock) -> OaiFeed:
    return OaiFeed(polite_session(settings.politeness, clock), settings.oai_url, settings.oai_prefix, "cs")


def asked(arxiv: StandIn) -> list[dict[str, str]]:
    """What was asked for, request by request."""
    return [
        {name: one for name, (one,) in parse_qs(urlsplit(seen.path).query).items()} for seen in arxiv.seen
    ]


def names(pages: list[Page]) -> list[str]:
    return [f"{found.paper_id}v{found.version}" for page in pages for found in page.listings]


def expected(arxiv: StandIn, group: str = "cs") -> set[str]:
    """Every version of every paper of a group."""
    shown = [
        paper for paper in arxiv.shown() if any(c.startswith(group) for c in paper.versions[-1].categories)
    ]
    return {sample.name for paper in shown for sample in paper.versions}


# Lists


def test_every_version_of_every_paper_comes_once_over_several_pages(feed: OaiFeed, arxiv: StandIn) -> None:
    pages = list(feed.pages(MARCH))
    assert len(names(pages)) == len(set(names(pages)))
    assert set(names(pages)) == expected(arxiv)
    assert any(name.endswith("v2") for name in names(pages))
    assert [page.is_first for page in pages] == [True] + [False] * (len(pages) - 1)
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert [page.token is None for page in pages] == [page.is_last for page in pages]
    assert {page.told_at for page in pages} == {NOW}
    assert len(pages) == len(arxiv.seen) > 2


def test_the_newest_version_has_the_metadata_and_older_ones_only_their_dates(
    arxiv: StandIn, feed: OaiFeed
) -> None:
    revised = next(paper for paper in arxiv.shown() if len(paper.versions) > 1)
    found = {
        one.version: one
        for page in feed.pages(MARCH)
        for one in page.listings
        if one.paper_id == revised.versions[0].id
    }
    old, new = found[1], found[2]
    sample = revised.versions[-1]
    assert (new.title, new.abstract, new.authors) == (sample.title, sample.abstract, sample.authors)
    assert (new.categories, new.comment, new.licence) == (sample.categories, sample.comment, sample.licence)
    assert (new.published, new.updated) == (sample.published, sample.updated)
    assert (old.title, old.abstract, old.authors, old.comment) == ("", "", (), None)
    assert (old.updated, old.pdf_url) == (sample.published, f"https://arxiv.org/pdf/{sample.id}v1")
    assert b"<title>" in new.raw
    assert b"<title>" not in old.raw


@pytest.mark.parametrize(
    ("window", "arguments"),
    [
        (MARCH, {"from": "2024-03-01"}),
        (replace(MARCH, is_open=False), {"from": "2024-03-01", "until": "2024-04-01"}),
        (Window(datetime(1991, 8, 14, tzinfo=UTC), NOW, is_open=True), {}),
    ],
    ids=["until now", "until a day", "from the beginning"],
)
def test_a_list_is_asked_for_by_the_day_and_its_pages_by_their_token_alone(
    window: Window, arguments: dict[str, str], feed: OaiFeed, arxiv: StandIn
) -> None:
    pages = list(feed.pages(window))
    first, *others = asked(arxiv)
    assert first == {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": "cs"} | arguments
    assert others == [{"verb": "ListRecords", "resumptionToken": page.token} for page in pages[:-1]]


def test_a_token_leads_behind_its_page(feed: OaiFeed) -> None:
    whole = list(feed.pages(MARCH))
    rest = list(feed.pages(MARCH, whole[0].token))
    assert names(rest) == names(whole[1:])
    assert not any(page.is_first for page in rest)


def test_a_window_without_papers_is_one_empty_page(feed: OaiFeed) -> None:
    quiet = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
    assert list(feed.pages(quiet)) == [Page((), is_first=True, is_last=True, told_at=NOW)]


@pytest.mark.parametrize("after", [0, 1])
def test_a_page_without_records_is_passed_over(after: int, feed: OaiFeed, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("hollow", path="/oai", times=2, after=after))
    pages = list(feed.pages(MARCH))
    assert [bool(page.listings) for page in pages[:4]] == (
        [False, False, True, True] if not after else [True, False, True, False]
    )
    assert set(names(pages)) == expected(arxiv)


# Tokens that are refused, and lists without end


def test_a_refused_token_begins_the_window_anew(feed: OaiFeed, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("bad-token", path="/oai?verb=ListRecords&resumptionToken", after=1))
    pages = list(feed.pages(MARCH))
    assert [page.is_first for page in pages[:4]] == [True, False, True, False]
    assert set(names(pages)) == expected(arxiv)
    assert names(pages[:2]) == names(pages[2:4]), "the same again; who stores them knows them"


def test_a_stored_token_that_expired_meanwhile_does_too(feed: OaiFeed, arxiv: StandIn) -> None:
    pages = list(feed.pages(MARCH, "from-last-year"))
    assert pages[0].is_first
    assert set(names(pages)) == expected(arxiv)


def test_tokens_that_are_always_refused_end_the_night(feed: OaiFeed, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("bad-token", path="/oai?verb=ListRecords&resumptionToken", times=9))
    with pytest.raises(RefusedRequestError, match="answered badResumptionToken"):
        list(feed.pages(MARCH))
    assert len(arxiv.seen) == 6, "three beginnings, each with a token that was refused"


def test_a_token_that_comes_back_is_not_followed_and_not_handed_on(feed: OaiFeed, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("same-token", path="/oai?verb=ListRecords&resumptionToken", times=99))
    pages: list[Page] = []

    def collect() -> None:
        for page in feed.pages(MARCH):
            pages.append(page)  # noqa: PERF402  # what came before the error counts

    with pytest.raises(RefusedRequestError, match="goes round in circles"):
        collect()
    assert [page.token is None for page in pages] == [False, True]
    assert not pages[-1].is_last


def test_pages_that_are_empty_for_ever_end(feed: OaiFeed, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("hollow", path="/oai", times=99))
    with pytest.raises(RefusedRequestError, match="circles"):
        list(feed.pages(MARCH))
    assert len(arxiv.seen) < 30


# Answers that are none


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault("challenge", times=9), ChallengePageError, "challenge page"),
        (Fault("truncated", times=9), RefusedRequestError, "cannot be read"),
        (Fault("error-feed", times=9), RefusedRequestError, "answered 400"),
        (Fault("dropped", times=9), UnreachableError, "connection broke"),
    ],
    ids=lambda given: given.kind if isinstance(given, Fault) else "",
)
def test_what_is_no_page_is_an_error_and_never_an_empty_list(
    fault: Fault, error: type[SourceError], said: str, feed: OaiFeed, arxiv: StandIn
) -> None:
    arxiv.misbehave(fault)
    with pytest.raises(error, match=said):
        list(feed.pages(MARCH))


def test_a_torn_page_is_asked_for_again(feed: OaiFeed, arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("truncated", after=1, times=2))
    assert set(names(list(feed.pages(MARCH)))) == expected(arxiv)


def test_what_arxiv_will_not_do_is_said(feed: OaiFeed) -> None:
    said = "answered cannotDisseminateFormat.*Check BURDEN_OAI_PREFIX"  # not to try it again every night
    with pytest.raises(RefusedRequestError, match=said):
        list(replace(feed, prefix="oai_rdf").pages(MARCH))


# Withdrawn papers


@pytest.fixture
def few(settings: Settings) -> Iterator[StandIn]:
    """Two papers, the first of which is withdrawn later."""
    with stand_in((FIRST, NOTICE, catalogue()[1]), as_of=NOW) as running:
        yield running


def feed_at(running: StandIn, settings: Settings, clock: PlayedClock) -> OaiFeed:
    moved = settings.model_copy(update={"arxiv_pdf_url": running.pdf_url, "arxiv_api_url": running.api_url})
    return feed_of(moved, clock)


def test_a_notice_of_withdrawal_is_a_version_without_a_file_and_says_why(
    few: StandIn, settings: Settings, clock: PlayedClock
) -> None:
    (page,) = feed_at(few, settings, clock).pages(MARCH)
    (withdrawal,) = page.withdrawn
    assert (withdrawal.paper_id, withdrawal.at) == (PaperId(FIRST.id), NOTICE.updated)
    assert withdrawal.reason == "An error in Section 3."
    assert page.standing == (PaperId(catalogue()[1].id),)
    addresses = {(one.paper_id, one.version): one.pdf_url for one in page.listings}
    assert addresses[PaperId(FIRST.id), 2] is None
    assert addresses[PaperId(FIRST.id), 1] is not None


def test_a_deleted_record_is_a_withdrawal_without_a_listing(
    few: StandIn, settings: Settings, clock: PlayedClock
) -> None:
    few.deleted[FIRST.id] = NOW - timedelta(days=1)
    (page,) = feed_at(few, settings, clock).pages(MARCH)
    assert [withdrawal.paper_id for withdrawal in page.withdrawn] == [FIRST.id]
    assert {listing.paper_id for listing in page.listings} == {catalogue()[1].id}


# The source


@pytest.mark.parametrize(
    ("category", "found"),
    [
        ("cs.LG", "cs:cs:LG"),
        ("stat.ML", "stat:stat:ML"),
        ("eess.AS", "eess:eess:AS"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.CO", "physics:astro-ph:CO"),
        ("physics.comp-ph", "physics:physics:comp-ph"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
    ],
)
def test_a_category_is_a_set(category: str, found: str) -> None:
    assert set_of(category) == found


def test_the_sets_are_those_of_the_categories_unless_the_settings_name_others(
    settings: Settings, clock: PlayedClock
) -> None:
    assert selections(oai_source(settings, clock, OpenGate())) == [
        "cs:cs:CL",
        "cs:cs:CV",
        "cs:cs:LG",
        "cs:cs:NE",
        "eess:eess:AS",
        "stat:stat:ML",
    ]
    named = settings.model_copy(update={"oai_sets": ("cs", "stat")})
    assert selections(oai_source(named, clock, OpenGate())) == ["cs", "stat"]


def selections(source: OaiSource) -> list[str]:
    return [feed.selection for feed in source.feeds]


def samples(number: int) -> tuple[Sample, ...]:
    """As many papers, a few each day of March."""
    days = [NOW.replace(day=1, month=3) + timedelta(days=n % 28) for n in range(number)]
    return tuple(
        replace(FIRST, id=f"2403.{n:05}", published=day, updated=day) for n, day in enumerate(days, 1)
    )


@pytest.mark.parametrize("per_page", [1, 7, 40, 41])
def test_no_record_is_lost_or_doubled_wherever_pages_break(
    per_page: int, settings: Settings, clock: PlayedClock
) -> None:
    with stand_in(samples(40), as_of=NOW) as running:
        running.per_page = per_page
        found = names(list(feed_at(running, settings, clock).pages(MARCH)))
    assert sorted(found) == sorted(sample.name for sample in samples(40))
