"""The story of `burden add`: papers that a person names are brought in and read by the steps of the night.

An id of arXiv is listed and fetched as the crawl does it; a file, or a PDF from an address elsewhere, is told by arXiv's stamp
on it, else by its bytes. What was screened out is read all the same: the person decided. Adding again changes nothing;
what failed before is tried again. One lock keeps this and the nights apart, so that services are asked one request at a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urldefrag, urlsplit

from sqlmodel import Session

from annotation.whole import WholePaper, whole_paper
from db.engine import session, snapshot
from db.papers import (
    UNKNOWN,
    Listing,
    Withdrawal,
    file_of_version,
    listing_of,
    papers_of,
    record_file,
    record_listings,
    to_fetch,
    to_read,
)
from db.refetching import file_at, note_same
from db.runs import acknowledge_failure, end_run, open_failures, record_failure, resolve_failure
from db.screenings import record_screening, screened
from db.tables import Outcome, PaperRow
from extractors.documents.challenge import looks_like_html
from extractors.facts.errors import BurdenError, ConflictError, ParseError, RefusedRequestError, UsageError
from extractors.facts.ids import ArxivId, PaperId
from flows.clock import Clock, SystemClock
from flows.elsewhere import fetch_elsewhere
from flows.fetch import Fetched
from flows.files import keep, subjects
from flows.gate import gate_of
from flows.night import ADDING, Night, atom_source, database_of, open_work, recorded
from flows.papers import fall_back, read
from flows.progress import Telling
from flows.settings import ARXIV_HOSTS, Settings
from flows.sources.folder import listing_of_file, read_file
from flows.sources.single import SingleSource

STAGE = "add"
"""Of failures to bring something in."""

Wish = ArxivId | Path | str
"""What is to be added: a paper of arXiv, a file, or an address."""
End = Literal["read", "known", "withdrawn", "duplicate", "failed"]
_WITHDRAWN = re.compile(r"withdr(?:aw|ew)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one thing that was to be added."""

    given: str
    """As it was typed."""
    end: End
    """known: it had been read already, and nothing changed. withdrawn, duplicate: it is not read, nor released."""
    paper: PaperId | None = None
    version: int | None = None
    title: str = ""
    values: int = 0
    """Facts that are known of the paper."""
    waiting: int = 0
    """Of these, how many people are asked to look at."""
    published: int = 0
    error: str = ""
    why: str = ""
    """Why it is not read, where that is no failure."""


def wish_of(text: str) -> Wish:
    """What a person means by an argument.

    Raises:
        UsageError: it is neither a file, an id of arXiv, nor an address.
    """
    path = Path(text)
    if path.is_file():
        return path
    if text and path.is_dir():
        raise UsageError(
            "a folder is not one paper", where=text, remedy="Run burden crawl --source folder --folder DIR"
        )
    is_address = text.lower().startswith(("https://", "http://"))
    on_arxiv = is_address and (urlsplit(text).hostname or "") in ARXIV_HOSTS
    try:
        return ArxivId.parse(urldefrag(text).url.partition("?")[0] if on_arxiv else text)
    except ParseError as error:
        if on_arxiv:
            raise UsageError(
                "this page of arXiv is no paper", where=text, remedy="Give the paper's id or abs address"
            ) from error
        if is_address:
            return urldefrag(text).url
        raise UsageError(
            f"{text!r} is neither a file, an arXiv id, nor an https address",
            remedy="Write 2007.05558, a path, or https://...",
        ) from error


def add_papers(
    settings: Settings,
    given: Sequence[str],
    who: str,
    *,
    clock: Clock | None = None,
    telling: Telling | None = None,
) -> list[Added]:
    """Bring papers in and read them.

    Args:
        settings: the settings.
        given: ids of arXiv, paths of files, addresses of PDFs, as typed.
        who: the person; the screening says so.
        clock: for tests.
        telling: where progress is told.

    Returns:
        What became of each, in order.

    Raises:
        UsageError: one of them is nothing that can be added, or arXiv is to be asked without a contact address.
        ConflictError: a night, or another addition, is running in this data folder.
    """
    wishes = {text: wish_of(text) for text in given}
    clock = clock or SystemClock()
    asks_arxiv = any(isinstance(wish, ArxivId) for wish in wishes.values())
    with database_of(settings) as engine, gate_of(settings, engine, clock) as gate:
        source = SingleSource(
            atom_source(settings, clock, gate) if asks_arxiv else None,
            elsewhere=lambda url, known_by: fetch_elsewhere(url, settings, clock, gate, known_by),
        )
        with open_work(settings, engine, source, ADDING, clock=clock, telling=telling) as night:
            told = _added(night, source, wishes, who)
    return [told[text] for text in given]


def _added(night: Night, source: SingleSource, wishes: Mapping[str, Wish], who: str) -> dict[str, Added]:
    with recorded(night):
        brought = {text: _brought(night, source, text, wish, who) for text, wish in wishes.items()}
        night.papers = frozenset(paper for paper in brought.values() if isinstance(paper, str))
        source.papers |= night.papers
        unread = _unread(night)
        read(night)
        fall_back(night)
        told = {text: _told(night, text, outcome, unread) for text, outcome in brought.items()}
        _end(night, list(told.values()))
    return told


# Bringing


def _brought(night: Night, source: SingleSource, text: str, wish: Wish, who: str) -> PaperId | BurdenError:
    """The paper, listed and with its file where that was brought along; or what was in the way."""
    try:
        if isinstance(wish, ArxivId):
            paper = _listed(night, source, wish)
        elif isinstance(wish, Path):
            data = read_file(wish, night.settings.max_pdf_bytes)
            listing = listing_of_file(data, wish.absolute().as_uri(), name=wish.name)
            paper = _kept(night, Fetched(data), listing, "file")
        else:
            paper = _fetched(night, source, wish)
    except BurdenError as error:
        with session(night.engine) as opened:
            record_failure(opened, STAGE, text, error, night.clock.now(), night.key)
        return error
    with session(night.engine) as opened:
        resolve_failure(opened, STAGE, text, night.clock.now())
        _choose(opened, night, paper, who)
    return paper


def _listed(night: Night, source: SingleSource, id: ArxivId) -> PaperId:
    """A paper of arXiv with its listing, which is asked for where it, or the version, is not known yet."""
    with snapshot(night.engine) as opened:
        known = listing_of(opened, id.paper)
    if source.arxiv is not None and (known is None or (id.version or 0) > known.version):
        listing = source.arxiv.listed(id)
        with session(night.engine) as opened:
            record_listings(opened, source.arxiv.name, [listing], night.clock.now())
    elif known is not None and id.version and id.version < known.version:
        night.notes.append(f"{id.paper} is known as v{known.version}; that is what is read.")
    return id.paper


def _fetched(night: Night, source: SingleSource, url: str) -> PaperId:
    """The paper at an address; one that came from there before is not sent again where it is the same."""
    with snapshot(night.engine) as opened:
        known = file_at(opened, url)
    fetched = source.elsewhere(url, known.known_by if known else UNKNOWN)
    if fetched is not None:
        return _kept(night, fetched, listing_of_file(fetched.data, url), "web")
    if known is None:
        raise RefusedRequestError("the service sent nothing", where=url, remedy="Try again later")
    with session(night.engine) as opened:
        note_same(opened, known, night.clock.now(), UNKNOWN)
    return known.paper_id


def _kept(night: Night, fetched: Fetched, listing: Listing, source: str) -> PaperId:
    """The paper of a file, which is in the store and in the database from now on."""
    data, now = fetched.data, night.clock.now()
    sha256 = keep(night, data)
    with session(night.engine) as opened:
        owner = papers_of(opened, [sha256]).get(sha256)
        if owner is not None:
            return owner
        _refuse_second(opened, listing, is_html=looks_like_html(data))
        record_listings(opened, source, [listing], now)
        record_file(
            opened,
            listing.paper_id,
            listing.version,
            sha256=sha256,
            size=len(data),
            at=now,
            media="html" if looks_like_html(data) else "pdf",
            url=listing.pdf_url,
            validators=fetched.known_by,
        )
    return listing.paper_id


def _refuse_second(opened: Session, listing: Listing, *, is_html: bool) -> None:
    """A version has one file of a medium, and what is read is the newest version."""
    name = f"{listing.paper_id}v{listing.version}"
    if file_of_version(opened, listing.paper_id, listing.version, "html" if is_html else "pdf"):
        raise ConflictError(f"{name} is here already, from another file", remedy="Nothing was changed")
    known = opened.get(PaperRow, listing.paper_id)
    if known is not None and known.latest > listing.version:
        raise ConflictError(
            f"a newer version than {name} is here: v{known.latest}", remedy="Nothing was changed"
        )


def _choose(opened: Session, night: Night, paper: PaperId, who: str) -> None:
    """Note that a person wants the paper read, whatever its listing says; and try again what failed."""
    known = opened.get_one(PaperRow, paper)
    found = screened(opened, paper)
    if found is None or found.decision != "relevant" or found.rules is not None:
        record_screening(
            opened,
            paper,
            known.latest,
            stage="listing",
            decision="relevant",
            domains=(),
            reason=f"Added by {who}.",
            at=night.clock.now(),
            run_key=night.key,
        )
    names = subjects(f"{paper}v{known.latest}")
    for failure in open_failures(opened):
        if failure.subject in names and failure.id is not None:
            acknowledge_failure(opened, failure.id, who, night.clock.now())


# Telling


def _unread(night: Night) -> frozenset[PaperId]:
    with snapshot(night.engine) as opened:
        return frozenset(file.paper_id for file in (*to_fetch(opened), *to_read(opened)))


def _told(night: Night, text: str, outcome: PaperId | BurdenError, unread: frozenset[PaperId]) -> Added:
    if isinstance(outcome, BurdenError):
        return Added(text, "failed", error=str(outcome))
    with snapshot(night.engine) as opened:
        paper = whole_paper(opened, outcome)
        names = subjects(f"{outcome}v{paper.version}")
        failed = [failure.reason for failure in open_failures(opened) if failure.subject in names]
    found = Added(
        text,
        "known",
        outcome,
        paper.version,
        paper.title,
        values=len(paper.facts),
        waiting=sum(cell.waits is not None for cell in paper.facts),
        published=sum(cell.state.published for cell in paper.facts),
    )
    if paper.withdrawn:
        return replace(found, end="withdrawn", why=_withdrawn(paper.withdrawn))
    if paper.duplicate:
        return replace(found, end="duplicate", why=paper.duplicate.reason)
    if outcome in _unread(night) or not paper.files:
        error = failed[-1] if failed else "It could not be fetched"
        return replace(found, end="failed", error=error + _seems_withdrawn(night, paper))
    return replace(found, end="read" if outcome in unread else "known")


def _withdrawn(it: Withdrawal) -> str:
    reason = it.reason.rstrip(".") or "no reason is given"
    return f"withdrawn on {it.at:%Y-%m-%d}: {reason}"


def _seems_withdrawn(night: Night, paper: WholePaper) -> str:
    """What its listing says of why arXiv has no file; only the nightly feed can tell that a paper is withdrawn for sure."""
    with snapshot(night.engine) as opened:
        listing = listing_of(opened, paper.id)
    says_so = listing is not None and _WITHDRAWN.search(listing.comment or "")
    return f" It seems to be withdrawn: arXiv's comment is “{listing.comment}”" if listing and says_so else ""


def _end(night: Night, told: Sequence[Added]) -> None:
    failed = sum(added.end == "failed" for added in told)
    outcome: Outcome = "done" if not failed else "failed" if failed == len(told) else "partial"
    counts = {name: number for name, number in night.counts.items() if number}
    with session(night.engine) as opened:
        end_run(opened, night.key, outcome, counts, night.clock.now(), " ".join(night.notes))
    for note in night.notes:
        night.telling.note(note)
