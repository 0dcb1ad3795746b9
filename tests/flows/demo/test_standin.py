"""The stand-in answers in arXiv's present format, as the arxiv package reads it, and misbehaves on request."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import arxiv as package
import pytest
import requests
from lxml import etree

from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn, stand_in
from flows.sources.oai_pages import Refusal, parse


@pytest.fixture
def client(arxiv: StandIn) -> package.Client:
    found = package.Client(page_size=3, delay_seconds=0, num_retries=0)
    found.query_url_format = arxiv.api_url + "?{}"
    return found


def test_the_arxiv_package_reads_every_paper_over_several_pages(
    client: package.Client, arxiv: StandIn
) -> None:
    search = package.Search("cat:cs.*", max_results=None, sort_by=package.SortCriterion.SubmittedDate)
    found = list(client.results(search))
    expected = [sample for sample in arxiv.current() if any(c.startswith("cs.") for c in sample.categories)]
    assert {result.get_short_id() for result in found} == {sample.name for sample in expected}
    assert found == sorted(found, key=lambda result: result.published, reverse=True)


def test_an_entry_says_what_the_catalogue_says(client: package.Client, arxiv: StandIn) -> None:
    sample = arxiv.current()[0]
    (found,) = client.results(package.Search(id_list=[sample.id]))
    assert (found.title, found.summary, found.comment) == (sample.title, sample.abstract, sample.comment)
    assert (found.published, found.updated) == (sample.published, sample.updated)
    assert [author.name for author in found.authors] == list(sample.authors)
    assert tuple(found.categories) == sample.categories
    assert found.pdf_url == f"https://arxiv.org/pdf/{sample.name}"


def test_only_the_latest_version_that_had_come_is_shown() -> None:
    first = catalogue()[0]
    revised = replace(first, version=2, updated=first.updated + timedelta(days=2))
    with stand_in((first, revised), as_of=first.updated) as early:
        assert early.current() == [first]
    with stand_in((first, revised)) as late:
        assert late.current() == [revised]
        assert late.named(first.name) == first


def test_a_pdf_is_served_by_its_id(arxiv: StandIn) -> None:
    sample = catalogue()[0]
    answer = requests.get(f"{arxiv.pdf_url}/{sample.name}", timeout=10)
    assert answer.content == pdf_of(sample)
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_page_is_served_by_its_id_where_there_is_one(arxiv: StandIn, page: bytes) -> None:
    one, other = catalogue()[:2]
    arxiv.html = lambda sample: page if sample == one else None
    answer = requests.get(f"{arxiv.html_url}/{one.name}", timeout=10)
    assert (answer.content, answer.headers["Content-Type"]) == (page, "text/html; charset=utf-8")
    missing = requests.get(f"{arxiv.html_url}/{other.name}", timeout=10)
    assert (missing.status_code, b"No HTML" in missing.content) == (404, True)


@pytest.mark.parametrize("path", ["/pdf/2403.00000v1", "/html/2403.00000v1", "/elsewhere", "/pdf", "//"])
def test_what_is_not_there_is_404(path: str, arxiv: StandIn) -> None:
    assert requests.get(arxiv.url + path, timeout=10).status_code == 404


@pytest.mark.parametrize(
    "query", ["search_query=colour:red", "id_list=abc", "search_query=cat:cs.CV&start=x"]
)
def test_a_bad_request_is_400_with_an_error_feed(query: str, arxiv: StandIn) -> None:
    answer = requests.get(f"{arxiv.api_url}?{query}", timeout=10)
    assert answer.status_code == 400
    assert b"https://arxiv.org/api/errors#" in answer.content


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("verb=Identify", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&colour=red", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&from=2024-3-1", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&from=2024-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&from=2005-09-15", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&from=2024-03-02&until=2024-03-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&until=2024-04-03", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXivRaw&set=econ", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=nonsense", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=arXivRaw", "badArgument"),
    ],
)
def test_the_feed_refuses_what_arxivs_refuses(query: str, code: str, arxiv: StandIn) -> None:
    answer = requests.get(f"{arxiv.oai_url}?{query}", timeout=10)
    found = parse(answer.content)
    assert answer.status_code == 200
    assert isinstance(found, Refusal)
    assert (found.code, found.told_at) == (code, arxiv.now())


def test_a_withdrawn_version_has_no_file() -> None:
    notice = replace(catalogue()[0], version=2, withdrawn=True)
    with stand_in((catalogue()[0], notice)) as running:
        codes = [requests.get(f"{running.pdf_url}/{notice.id}v{n}", timeout=10).status_code for n in (1, 2)]
    assert codes == [200, 404]


def test_faults_are_used_up_in_order_by_the_requests_they_fit(arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("challenge", path="/pdf"), Fault("busy", path="/api", retry_after="7"))
    api = f"{arxiv.api_url}?search_query=cat:cs.CV"
    busy, good = requests.get(api, timeout=10), requests.get(api, timeout=10)
    assert (busy.status_code, busy.headers["Retry-After"], good.status_code) == (503, "7", 200)
    challenge = requests.get(f"{arxiv.pdf_url}/{catalogue()[0].name}", timeout=10)
    assert (challenge.status_code, challenge.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.corpus
def test_the_feed_has_the_elements_of_a_recorded_one(shared: Path, arxiv: StandIn) -> None:
    recorded = next((shared / "arxiv" / "atom").glob("id_2104.12255v1*.xml")).read_bytes()
    ours = requests.get(f"{arxiv.api_url}?id_list={catalogue()[0].id}", timeout=10).content
    assert ours.splitlines()[:2] == recorded.splitlines()[:2]
    wanted, given = _shape(recorded), _shape(ours)
    assert wanted <= given


def _shape(feed: bytes) -> set[tuple[str, frozenset[str]]]:
    """Every element by its path and the names of its attributes."""
    root = etree.fromstring(feed)
    tree = root.getroottree()
    return {
        (re.sub(r"\[\d+\]", "", tree.getelementpath(element)), frozenset(map(str, element.attrib)))
        for element in root.iter()
    }


def test_the_feed_is_dated_as_the_night_that_is_played() -> None:
    with stand_in(as_of=datetime(2024, 3, 12, 2, 30, tzinfo=UTC)) as running:
        answer = requests.get(f"{running.api_url}?search_query=cat:cs.CV", timeout=10)
    assert b"<updated>2024-03-12T02:30:00Z</updated>" in answer.content
