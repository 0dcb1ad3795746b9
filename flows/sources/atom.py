"""arXiv's query API, through the arxiv package's client and parser over our own polite session.

The package builds the queries, turns the pages and reads the entries. Ours are the transport (see `flows.http`) and a
check of each answer before the package sees it: it takes an error, a challenge page or a torn feed for an
empty result, and an empty result must never be believed lightly.
Source: https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus

import arxiv
import requests
from lxml import etree

from db.papers import Listing
from extractors.documents.challenge import is_challenge_page
from extractors.facts.errors import ChallengePageError, NotFoundError, ParseError, RefusedRequestError
from extractors.facts.ids import ArxivId
from flows.sources import Feed, Page, Window
from flows.sources.arxiv_files import ArxivFiles

_NAMESPACES = {"atom": "http://www.w3.org/2005/Atom", "opensearch": "http://a9.com/-/spec/opensearch/1.1/"}
_NEEDED = tuple(f"{{{_NAMESPACES['atom']}}}{tag}" for tag in ("id", "updated", "published"))
_SPAN, _MINUTE = timedelta(days=31), timedelta(minutes=1)
"""What one query asks for: the API gives no more than 30,000 papers of a longer one. Its times are in minutes."""
_EMPTY_PAGE_TRIES = 3
"""arXiv now and then answers with an empty page in the middle of a result; asking again helps."""


@dataclass(slots=True)
class _Answers:
    """What the API has answered so far: checked, with each entry as it came."""

    total: int = 0
    """How many results the last page announced."""
    usable: int = 0
    """How many entries of the last page the arxiv package will turn into results."""
    faulty: tuple[str, ...] = ()
    """The ids of the others."""
    entries: dict[str, bytes] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether everything announced has come."""
        return len(self.entries) >= self.total

    def check(self, response: requests.Response, *_: object, **__: object) -> None:
        """Take in one answer; called by the session before the arxiv package sees it.

        Raises:
            ChallengePageError: the answer is a page meant for a browser.
            RefusedRequestError: the answer is an error, or no feed.
        """
        if response.is_redirect:
            return
        root = _feed(response)
        if message := root.findtext("atom:entry[atom:title='Error']/atom:summary", None, _NAMESPACES):
            raise RefusedRequestError(f"arXiv answered with an error: {message}", where=response.url)
        if response.status_code != HTTPStatus.OK:
            raise RefusedRequestError(f"arXiv answered {response.status_code}", where=response.url)
        self.total = int(root.findtext("opensearch:totalResults", "0", _NAMESPACES))
        entries = {
            entry.findtext("atom:id", "", _NAMESPACES): entry
            for entry in root.iterfind("atom:entry", _NAMESPACES)
        }
        self.faulty = tuple(id for id, entry in entries.items() if not all(map(entry.findtext, _NEEDED)))
        self.usable = len(entries) - len(self.faulty)
        self.entries |= {id: etree.tostring(entry, encoding="UTF-8") for id, entry in entries.items()}


@dataclass(frozen=True, slots=True)
class AtomSource(ArxivFiles):
    """New and revised papers of some categories."""

    api_url: str
    categories: tuple[str, ...]
    page_size: int = 200
    name: str = "atom"
    is_chosen: bool = False

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """All categories in one query."""
        return (self,)

    @property
    def selection(self) -> str:
        """The categories asked for."""
        return " ".join(sorted(self.categories))

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:
        """What was submitted or revised in the window, some days at once, and of these the oldest revision first.

        A token is the day from which on the window was not asked for yet.
        """
        spans = spans_of(window, token)
        for span, following in zip(spans, (*spans[1:], None), strict=True):
            for page in self._pages(span) if window == span else self._surely(span):
                left = following if page.is_last else span
                yield replace(
                    page,
                    is_last=left is None,
                    token=left.since.isoformat() if left else None,
                    share=window.share_until(left.since.date()) if left else 1.0,
                )

    def _surely(self, span: Window) -> Iterator[Page]:
        """The pages of a part of a window; that nothing came of it is not believed at once, and told."""
        pages = self._pages(span)
        if _is_empty(first := next(pages)):
            pages = self._pages(span)
            first = next(pages)
        nothing = (f"arXiv has no paper of {span}, as it says twice",)
        yield replace(first, problems=nothing) if _is_empty(first) else first
        yield from pages

    def _pages(self, window: Window) -> Iterator[Page]:
        search = arxiv.Search(
            query_of(self.categories, window),
            max_results=None,
            sort_by=arxiv.SortCriterion.LastUpdatedDate,
            sort_order=arxiv.SortOrder.Ascending,
        )
        answers, waiting = _Answers(), list[arxiv.Result]()
        for result in _explained(self._client(answers).results(search), self.api_url):
            waiting.append(result)
            if len(waiting) == answers.usable:
                yield self._page(waiting, answers)
                waiting = []
        if not answers.is_complete:
            gap = f"arXiv announced {answers.total} papers and gave {len(answers.entries)}"
            raise RefusedRequestError(gap, where=self.api_url, remedy="Run the night again")
        if not answers.usable:
            yield self._page([], answers)

    def listed(self, id: ArxivId) -> Listing:
        """The listing of one paper, of the newest version where none is named.

        Raises:
            NotFoundError: arXiv has no such paper.
            SourceError: it did not give it.
        """
        answers = _Answers()
        search = arxiv.Search(id_list=[str(id)], max_results=1)
        found = list(_explained(self._client(answers).results(search), self.api_url))
        listing = self._listing(found[0], answers.entries[found[0].entry_id]) if found else None
        if listing is None or listing.paper_id != id.paper or id.version not in (None, listing.version):
            raise NotFoundError(f"arXiv has no paper {id}", where=self.api_url, remedy="Check the id")
        return listing

    def _client(self, answers: _Answers) -> arxiv.Client:
        checking = requests.Session()
        checking.mount(self.api_url, self.session.get_adapter(self.api_url))
        checking.hooks["response"].append(answers.check)
        client = arxiv.Client(page_size=self.page_size, delay_seconds=0, num_retries=_EMPTY_PAGE_TRIES - 1)
        client.query_url_format = self.api_url + "?{}"
        client._session = checking  # noqa: SLF001  # the package has no public way to bring one's own session
        return client

    def _page(self, results: Sequence[arxiv.Result], answers: _Answers) -> Page:
        listings, problems = [], [f"an entry without id or dates was left out: {id}" for id in answers.faulty]
        for result in results:
            try:
                listings.append(self._listing(result, answers.entries[result.entry_id]))
            except ParseError as error:
                problems.append(f"an entry was left out: {error}")
        return Page(tuple(listings), tuple(problems), is_last=answers.is_complete)

    def _listing(self, result: arxiv.Result, raw: bytes) -> Listing:
        id = ArxivId.parse(result.entry_id)
        return Listing(
            paper_id=id.paper,
            version=id.version or 1,
            title=" ".join(result.title.split()),
            abstract=" ".join(result.summary.split()),
            authors=tuple(author.name for author in result.authors),
            categories=tuple(dict.fromkeys((result.primary_category, *result.categories))),
            published=result.published,
            updated=result.updated,
            pdf_url=result.pdf_url,
            comment=result.comment,
            raw=raw,
        )


def _is_empty(page: Page) -> bool:
    return page.is_last and not page.listings and not page.problems


def spans_of(window: Window, token: str | None = None) -> Sequence[Window]:
    """The window, or what a token leaves of it, as spans that are short enough for one query each."""
    since = datetime.fromisoformat(token) if token else window.since
    found = []
    while since + _SPAN <= window.until:
        found.append(Window(since, since + _SPAN - _MINUTE))
        since += _SPAN
    return [*found, Window(since, window.until, window.is_open)]


def query_of(categories: Sequence[str], window: Window) -> str:
    """The query for papers of any of the categories that came or were revised in the window."""
    any_of = " OR ".join(f"cat:{category}" for category in categories)
    span = f"[{window.since:%Y%m%d%H%M} TO {window.until:%Y%m%d%H%M}]"
    return f"({any_of}) AND (submittedDate:{span} OR lastUpdatedDate:{span})"


def _feed(response: requests.Response) -> etree._Element:
    content, where = response.content, response.url
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        if is_challenge_page(content):
            remedy = "Wait, and check that the contact address is set"
            raise ChallengePageError(
                "arXiv answered with a challenge page", where=where, remedy=remedy
            ) from error
        what = f"arXiv answered {response.status_code} with something that is not a feed"
        raise RefusedRequestError(what, where=where) from error
    if root.tag != f"{{{_NAMESPACES['atom']}}}feed":
        if is_challenge_page(content):
            raise ChallengePageError("arXiv answered with a challenge page", where=where)
        raise RefusedRequestError(f"arXiv answered {response.status_code} with no feed", where=where)
    return root


def _explained(results: Iterator[arxiv.Result], where: str) -> Iterator[arxiv.Result]:
    """The results, with the package's errors as ours."""
    try:
        yield from results
    except arxiv.ArxivError as error:
        raise RefusedRequestError(f"arXiv's answer is incomplete: {error.message}", where=where) from error
    except requests.RequestException as error:
        raise RefusedRequestError(f"arXiv leads nowhere ({type(error).__name__})", where=where) from error
    except ValueError as error:
        raise RefusedRequestError(f"arXiv's answer cannot be read: {error}", where=where) from error
