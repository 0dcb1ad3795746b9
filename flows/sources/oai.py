"""arXiv's OAI-PMH feed as a source: what changed since a day, set by set, with every version of each paper.

Each set is a feed with a watermark of its own. A page carries the token that leads behind it and the service's own time,
so that who stores it can store these with it. How the bytes are read is in `flows.sources.oai_pages`; what is asked
follows https://info.arxiv.org/help/oa/index.html: `from` by the day, and `until` only for a window that ends in the past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus

import requests

from db.papers import Listing, Withdrawal
from extractors.documents.challenge import is_challenge_page
from extractors.facts.errors import ChallengePageError, ParseError, RefusedRequestError
from extractors.facts.ids import ArxivId
from flows.sources import Feed, Page, Window
from flows.sources.arxiv_files import ArxivFiles
from flows.sources.oai_pages import Answer, Deleted, Record, Refusal, Version, names_of, parse

EARLIEST = date(2005, 9, 16)
"""The first day that arXiv's feed knows; an earlier one is refused, and no day means from there on."""
_TRIES = 3
"""How often a page that came torn is asked for."""
_RESTARTS = 2
"""How often a window begins anew in one run because its token was refused."""
_EMPTY_IN_A_ROW = 20
_PAGES = 20_000
"""No list has more; arXiv as a whole has about 2,500 pages."""
_ELSE = "Run the night again"
_REMEDIES = {
    "cannotDisseminateFormat": "Check BURDEN_OAI_PREFIX",
    "noSetHierarchy": "Check BURDEN_OAI_SETS, and that BURDEN_ARXIV_OAI_URL is arXiv's feed",
    "badVerb": "Check that BURDEN_ARXIV_OAI_URL is arXiv's feed",
}
"""What to do about an answer that would be the same the next night."""
_PHYSICS = frozenset(
    [
        "astro-ph",
        "cond-mat",
        "gr-qc",
        "hep-ex",
        "hep-lat",
        "hep-ph",
        "hep-th",
        "math-ph",
        "nlin",
        "nucl-ex",
        "nucl-th",
        "physics",
        "quant-ph",
    ]
)
"""Archives in the set `physics`; every other archive is a set of its own name."""


def set_of(category: str) -> str:
    """The set that a category is: `cs.LG` is `cs:cs:LG`, `hep-th` is `physics:hep-th`.

    Source: https://github.com/arXiv/oaipmh (create_set_list.py)
    """
    archive, _, subject = category.partition(".")
    return ":".join(
        part for part in ("physics" if archive in _PHYSICS else archive, archive, subject) if part
    )


@dataclass(frozen=True, slots=True)
class OaiSource(ArxivFiles):
    """New, revised and withdrawn papers of some sets."""

    oai_url: str
    sets: tuple[str, ...]
    prefix: str = "arXivRaw"
    name: str = "oai"
    is_chosen: bool = False

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The sets, one after another."""
        return tuple(OaiFeed(self.session, self.oai_url, self.prefix, part) for part in self.sets)


@dataclass(frozen=True, slots=True)
class OaiFeed:
    """One set."""

    session: requests.Session
    url: str
    prefix: str
    selection: str

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:
        """What changed in the window, by day; or what is left of it behind a token, if that is still good.

        A token that is refused, as each is after a while, begins the window anew.

        Raises:
            SourceError: arXiv did not give what was asked, or would never come to an end.
        """
        used, restarts, empty = set[str](), 0, 0
        for _ in range(_PAGES):
            answer = self._asked(window, token)
            if isinstance(answer, Refusal):
                if answer.code == "noRecordsMatch":
                    yield Page((), is_first=token is None, is_last=True, told_at=answer.told_at)
                    return
                restarts += 1
                self._may_begin_anew(answer, token, restarts)
                used, token, empty = set(), None, 0
                continue
            used |= {token} if token else set()
            goes_on = answer.token.text if answer.token else None
            turns_back = goes_on in used
            page = _page(
                answer, None if turns_back else goes_on, is_first=token is None, is_last=goes_on is None
            )
            yield replace(page, share=_share(answer, window))
            if goes_on is None:
                return
            empty = 0 if answer.records or answer.deleted or answer.problems else empty + 1
            if turns_back or empty == _EMPTY_IN_A_ROW:
                raise self._refused("arXiv's feed goes round in circles and would never end")
            token = goes_on
        raise self._refused(f"arXiv's feed has more than {_PAGES:,} pages")

    def _may_begin_anew(self, refusal: Refusal, token: str | None, restarts: int) -> None:
        """A token that was refused is no misfortune, unless it is the rule."""
        if refusal.code != "badResumptionToken" or token is None or restarts > _RESTARTS:
            what = f"arXiv's feed answered {refusal.code}: {refusal.message[:300]}"
            raise self._refused(what, _REMEDIES.get(refusal.code, _ELSE))

    def _refused(self, what: str, remedy: str = _ELSE) -> RefusedRequestError:
        return RefusedRequestError(what, where=f"{self.url}, set {self.selection}", remedy=remedy)

    def _asked(self, window: Window, token: str | None) -> Answer | Refusal:
        """A page, asked for again where it came torn."""
        arguments = {"verb": "ListRecords", **({"resumptionToken": token} if token else self._list(window))}
        for left in reversed(range(_TRIES)):
            try:
                answer = self.session.get(self.url, params=arguments)
            except requests.RequestException as error:
                raise self._refused(f"arXiv's feed leads nowhere ({type(error).__name__})") from error
            try:
                return parse(answer.content)
            except ParseError as error:
                self._explain(answer, error, is_hopeless=not left)
        raise AssertionError("the last try returns or raises")

    def _list(self, window: Window) -> dict[str, str]:
        found = {"metadataPrefix": self.prefix, "set": self.selection}
        if window.since.date() > EARLIEST:
            found["from"] = f"{window.since:%Y-%m-%d}"
        if not window.is_open:
            found["until"] = f"{window.until:%Y-%m-%d}"
        return found

    def _explain(self, answer: requests.Response, error: ParseError, *, is_hopeless: bool) -> None:
        """Say what came instead of a page, unless it may only have been torn."""
        if is_challenge_page(answer.content):
            raise ChallengePageError(
                "arXiv answered with a challenge page",
                where=answer.url,
                remedy="Wait, and check that the contact address is set",
            ) from error
        if answer.status_code != HTTPStatus.OK:
            raise RefusedRequestError(f"arXiv answered {answer.status_code}", where=answer.url) from error
        if is_hopeless:
            raise RefusedRequestError(f"arXiv's feed cannot be read: {error}", where=answer.url) from error


# From the feed's values to ours


def _share(answer: Answer, window: Window) -> float | None:
    """How much of a window has come with a page: by the records of the whole list, where that is told, else by the days of change, which lists go by."""
    if answer.token is None:
        return 1.0
    days = [one.changed.date() for one in answer.records] + [one.changed.date() for one in answer.deleted]
    size, before = answer.token.list_size, answer.token.cursor
    if size and before is not None:
        return min((before + len(days) + len(answer.problems)) / size, 1.0)
    return window.share_until(max(days)) if days else None


def _page(answer: Answer, token: str | None, *, is_first: bool, is_last: bool) -> Page:
    withdrawn = [_withdrawal(record) for record in answer.records if record.is_withdrawn]
    return Page(
        listings=tuple(listing for record in answer.records for listing in listings_of(record)),
        problems=answer.problems,
        is_last=is_last,
        is_first=is_first,
        token=token,
        told_at=answer.told_at,
        withdrawn=(*withdrawn, *map(_deletion, answer.deleted)),
        standing=tuple(record.id for record in answer.records if not record.is_withdrawn),
    )


def listings_of(record: Record) -> Sequence[Listing]:
    """A listing of each version, oldest first. Of all but the newest the feed tells no more than when they came."""
    return [_listing(record, version) for version in record.versions]


def _listing(record: Record, version: Version) -> Listing:
    is_newest = version == record.newest
    is_notice = is_newest and record.is_withdrawn
    return Listing(
        paper_id=record.id,
        version=version.number,
        title=record.title if is_newest else "",
        abstract=record.abstract if is_newest else "",
        authors=names_of(record.authors) if is_newest else (),
        categories=record.categories if is_newest else (),
        published=record.versions[0].submitted if record.versions[0].number == 1 else None,
        updated=version.submitted,
        raw=record.raw if is_newest else version.raw,
        pdf_url=None if is_notice else f"https://arxiv.org/pdf/{ArxivId(record.id, version.number)}",
        licence=record.licence if is_newest else None,
        comment=record.comment if is_newest else None,
    )


def _withdrawal(record: Record) -> Withdrawal:
    reason = record.comment or "Withdrawn; arXiv lists no reason."
    return Withdrawal(record.id, record.newest.submitted, reason)


def _deletion(record: Deleted) -> Withdrawal:
    return Withdrawal(record.id, record.changed, "arXiv deleted the record.")
