"""A stand-in for arXiv on loopback: a real HTTP server that answers as arXiv does, and misbehaves on request.

It serves `/api/query`, `/oai` and `/pdf/ID` from the sample papers, and `/html/ID` where it is given pages. Tests and the quickstart run the real client
against it; nothing here is imported by the client. What it can do wrong is a list of faults, used up one by one.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from extractors.facts.errors import ParseError
from flows.clock import SystemClock
from flows.demo.catalogue import Sample, catalogue, pdf_of
from flows.demo.feed import Ask, error_feed, feed_of
from flows.demo.oai import Mischief, Shown, oai_page
from flows.demo.query import compile_query

FaultKind = Literal[
    "busy",
    "broken",
    "challenge",
    "error-feed",
    "truncated",
    "dropped",
    "slow",
    "empty",
    "hollow",
    "moved",
    "astray",
    "bad-token",
    "same-token",
]

_CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    b"<h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue.</p>"
    b"<script>window.challenge = 1;</script></body></html>"
)
_MISSING = (
    b"<!DOCTYPE html><html><head><title>No HTML</title></head><body><h1>No HTML for this paper</h1>"
    b"<p>HTML is not available for the source.</p></body></html>"
)
_ATOM, _HTML, _PDF = "application/atom+xml; charset=utf-8", "text/html; charset=utf-8", "application/pdf"
_XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong with the next requests whose path begins as given."""

    kind: FaultKind
    path: str = "/"
    times: int = 1
    after: int = 0
    """How many fitting requests pass before it happens."""
    retry_after: str = ""
    """Header of a busy answer; empty for none."""
    status: int = 503
    """Of a busy answer; 429 is the other way to say so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    path: str
    at: float
    """Seconds on the stand-in's clock."""
    user_agent: str
    unless: str = ""
    """`If-None-Match`: what the client knows the answer by."""


@dataclass(slots=True)
class StandIn:
    """What the stand-in knows and what it has been asked."""

    samples: Sequence[Sample]
    as_of: datetime | None = None
    """Show only what had come by then, so that nights can be played one after another."""
    pdf: Callable[[Sample], bytes] = pdf_of
    html: Callable[[Sample], bytes | None] = lambda _: None
    """The pages that it has of papers; none of most, as arXiv."""
    deleted: dict[str, datetime] = field(default_factory=dict)
    """Papers whose records are gone from the feed, and since when; their ids are known for ever."""
    per_page: int = 100
    """Records on a page of the feed."""
    tells_size: bool = False
    """Whether its tokens say how many records the whole list has, as the protocol allows."""
    tick: Callable[[], float] = time.monotonic
    """The clock that requests are timed by; a played one where the client's waits are played."""
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    """Address of the running server."""
    _faults: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def api_url(self) -> str:
        """For the setting `arxiv_api_url`."""
        return f"{self.url}/api/query"

    @property
    def oai_url(self) -> str:
        """For the setting `arxiv_oai_url`."""
        return f"{self.url}/oai"

    @property
    def pdf_url(self) -> str:
        """For the setting `arxiv_pdf_url`."""
        return f"{self.url}/pdf"

    @property
    def html_url(self) -> str:
        """For the setting `arxiv_html_url`."""
        return f"{self.url}/html"

    def misbehave(self, *faults: Fault) -> None:
        """Line up faults; each is used `times` times, in order, by the requests it fits."""
        with self._lock:
            self._faults += [replace(f, times=1) for f in faults for _ in range(f.times)]

    def behave(self) -> list[Fault]:
        """Forget the faults that nothing has used; those that were left."""
        with self._lock:
            left, self._faults = self._faults, []
        return left

    def note(self, path: str, user_agent: str, unless: str = "") -> Fault | None:
        """Record a request, and take the fault that awaits it."""
        with self._lock:
            self.seen.append(Seen(path, self.tick(), user_agent, unless))
            fitting = next((fault for fault in self._faults if path.startswith(fault.path)), None)
            if fitting is None:
                return None
            self._faults.remove(fitting)
            if fitting.after:
                self._faults.insert(0, replace(fitting, after=fitting.after - 1))
                return None
            return fitting

    def now(self) -> datetime:
        """What time it is where it stands."""
        return self.as_of or SystemClock().now()

    def shown(self) -> list[Shown]:
        """Each paper that has come, with all of its versions that have."""
        versions: dict[str, list[Sample]] = {}
        for sample in sorted(self.samples, key=lambda sample: (sample.id, sample.version)):
            if self.as_of is None or (sample.announced or sample.updated) <= self.as_of:
                versions.setdefault(sample.id, []).append(sample)
        gone = {id: at for id, at in self.deleted.items() if self.as_of is None or at <= self.as_of}
        return [Shown(tuple(found), gone.get(id)) for id, found in versions.items()]

    def current(self) -> list[Sample]:
        """The latest version of each paper that has come and is still there."""
        return [paper.versions[-1] for paper in self.shown() if not paper.gone]

    def named(self, name: str) -> Sample | None:
        """The version called `2403.99101v2`, or the latest of `2403.99101`."""
        exact = next((sample for sample in self.samples if sample.name == name), None)
        return exact or next((sample for sample in self.current() if sample.id == name), None)


@contextmanager
def stand_in(samples: Sequence[Sample] | None = None, as_of: datetime | None = None) -> Iterator[StandIn]:
    """A running stand-in on a free port of 127.0.0.1, stopped at the end."""
    state = StandIn(catalogue() if samples is None else samples, as_of)
    server = _Server(state)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def search(state: StandIn, ask: Ask, sort_by: str, order: str) -> list[Sample]:
    """The samples that a query or a list of ids asks for, in order.

    Raises:
        ParseError: the query cannot be read, or an id is malformed.
    """
    found = state.current()
    if ask.id_list:
        found = [sample for name in ask.id_list.split(",") if (sample := state.named(_checked_id(name)))]
    if ask.search_query:
        found = list(filter(compile_query(ask.search_query), found))
    if sort_by in ("submittedDate", "lastUpdatedDate"):
        by_submission = sort_by == "submittedDate"
        found.sort(key=lambda sample: (sample.published if by_submission else sample.updated, sample.id))
        return found if order == "ascending" else found[::-1]
    return found


def _checked_id(name: str) -> str:
    if not name[:1].isdigit() and "/" not in name:
        raise ParseError(f"incorrect id format for {name}")
    return name


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: StandIn) -> None:
        self.state = state
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the play; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # passed on as it came


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        unless = self.headers.get("If-None-Match", "")
        fault = self.server.state.note(self.path, self.headers.get("User-Agent", ""), unless)
        target = urlsplit(self.path)
        if fault and fault.kind in _EARLY:
            self._fail(fault)
        elif target.path == "/api/query":
            self._query(parse_qs(target.query), fault)
        elif target.path == "/oai":
            self._oai(parse_qs(target.query), fault)
        else:
            self._paper(target.path, fault)

    def _paper(self, path: str, fault: Fault | None) -> None:
        state = self.server.state
        _, medium, name = (*path.split("/", 2), "")[:3]
        sample = state.named(name.removesuffix(".pdf")) if medium in ("pdf", "html") else None
        if sample is None or sample.withdrawn:
            self._answer(404, _HTML, b"<html><body><h1>404 Not Found</h1></body></html>")
        elif medium == "pdf":
            self._file(_PDF, state.pdf(sample), fault)
        elif page := state.html(sample):
            self._file(_HTML, page, fault)
        else:
            self._answer(404, _HTML, _MISSING)

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "challenge":
            self._answer(200, _HTML, _CHALLENGE)
        elif fault.kind in ("moved", "astray"):
            self._redirect("http://elsewhere.example" if fault.kind == "astray" else self.server.state.url)
        elif fault.kind == "error-feed":
            self._answer(400, _ATOM, error_feed("the query could not be parsed", self.server.state.now()))
        else:
            status = fault.status if fault.kind == "busy" else 500
            self._answer(status, _HTML, b"<html><body>Rate exceeded.</body></html>", fault.retry_after)

    def _redirect(self, site: str) -> None:
        self.send_response(301)
        self.send_header("Location", site + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _query(self, given: dict[str, list[str]], fault: Fault | None) -> None:
        one = {name: values[0] for name, values in given.items()}
        try:
            ask = Ask(
                one.get("search_query", ""),
                one.get("id_list", ""),
                int(one.get("start", "0")),
                int(one.get("max_results", "10")),
            )
            found = search(self.server.state, ask, one.get("sortBy", ""), one.get("sortOrder", "descending"))
        except (ParseError, ValueError) as error:
            what = error.what if isinstance(error, ParseError) else "start and max_results must be integers"
            self._answer(400, _ATOM, error_feed(what, self.server.state.now()))
            return
        found = [] if fault and fault.kind == "empty" else found
        hollow = fault is not None and fault.kind == "hollow"
        self._answer(200, _ATOM, feed_of(ask, found, self.server.state.now(), hollow=hollow))

    def _oai(self, given: dict[str, list[str]], fault: Fault | None) -> None:
        state, kind = self.server.state, fault.kind if fault else ""
        wrong = Mischief(kind == "empty", kind == "hollow", kind == "same-token", kind == "bad-token")
        one = {name: values[0] for name, values in given.items()}
        self._file(
            _XML,
            oai_page(one, state.shown(), state.now(), state.per_page, wrong, tells_size=state.tells_size),
            fault,
        )

    def _file(self, kind: str, data: bytes, fault: Fault | None) -> None:
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"' if kind != _XML else ""
        if fault is None and etag and self.headers.get("If-None-Match") == etag:
            self._answer(304, kind, b"")
            return
        match fault and fault.kind:
            case "truncated":
                self._answer(200, kind, data[: len(data) // 2])
            case "dropped":
                self._head(200, kind, len(data), "")
                self.wfile.write(data[: len(data) // 2])
                self.close_connection = True
            case "slow":
                self._drip(kind, data)
            case _:
                self._answer(200, kind, data, etag=etag)

    def _drip(self, kind: str, data: bytes) -> None:
        self._head(200, kind, len(data), "")
        for at in range(0, len(data), max(len(data) // 20, 1)):
            self.wfile.write(data[at : at + max(len(data) // 20, 1)])
            self.wfile.flush()
            time.sleep(0.1)

    def _answer(self, status: int, kind: str, body: bytes, retry_after: str = "", etag: str = "") -> None:
        self._head(status, kind, len(body), retry_after, etag)
        self.wfile.write(body)

    def _head(self, status: int, kind: str, length: int, retry_after: str, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was asked is in `StandIn.seen`."""


_EARLY: frozenset[FaultKind] = frozenset({"busy", "broken", "challenge", "error-feed", "moved", "astray"})
