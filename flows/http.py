"""One HTTP session for everything that leaves the machine, and it is polite.

The rules live in the adapter, below redirects and retries, so that no caller can go around them: only allowed hosts,
one request at a time to a service and at least an interval apart, by whichever process (see `flows.gate`), a limit on time
and size, `Retry-After` honoured in both its forms, a bounded number of tries, and a user agent that says who asks. What an
answer means (a feed, a PDF, a challenge page) is not decided here. arXiv's rules: https://info.arxiv.org/help/api/tou.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from io import BytesIO
from random import Random
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError as TransportError

from extractors.facts.errors import (
    OversizedDocumentError,
    RateLimitedError,
    RefusedRequestError,
    SourceError,
    UnreachableError,
)
from flows.clock import Clock, SystemClock
from flows.gate import Gate, OpenGate
from flows.settings import Politeness

_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_BROKEN: Final = frozenset(
    {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
)
_CHUNK: Final = 65_536
_LOOK_AGAIN_SECONDS: Final = 1.0
"""How often to see whether another process has given its turn back early."""


@dataclass(slots=True)
class _Turn:
    """Whose turn it is at one service among the threads of this process, and since when it has been left in peace."""

    service: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_start: float | None = None


class PoliteAdapter(HTTPAdapter):
    """Sends requests as `Politeness` says; shared by all threads of a process."""

    def __init__(self, politeness: Politeness, clock: Clock, gate: Gate) -> None:
        super().__init__(max_retries=0)
        self._politeness, self._clock, self._gate = politeness, clock, gate
        self._random = Random()  # noqa: S311  # spreads tries, keeps no secret
        self._turns: dict[str, _Turn] = {}
        self._turns_lock = threading.Lock()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002  # bodies are always read here, within their limits
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,  # noqa: ARG002  # never without
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one request, with its turns, waits and tries; the answer's body has arrived whole.

        Raises:
            RefusedRequestError: the host is not on the allow list, or the service failed at every try.
            RateLimitedError: the service is busy and stays so, or asks for a wait that is too long.
            UnreachableError: no connection, no answer in time, or the connection broke, at every try.
            OversizedDocumentError: the body is beyond the limit.
        """
        turn = self._turn_at(request.url or "")
        request.headers["User-Agent"] = user_agent(self._politeness.contact)

        def once() -> requests.Response:
            limits = (self._politeness.connect_seconds, self._politeness.read_seconds)
            response = super(PoliteAdapter, self).send(request, True, limits, verify, cert, proxies)
            with closing(response.raw):
                body = self._body(response)
            response.raw = BytesIO(body)
            return response

        with turn.lock:
            return self._until_answered(turn, once, request.url or "")

    def _until_answered(
        self, turn: _Turn, once: Callable[[], requests.Response], url: str
    ) -> requests.Response:
        last = self._politeness.tries
        for tried in range(1, last + 1):
            asked = 0.0
            try:
                with self._taken(turn, url):
                    response = once()
                if response.status_code not in _BUSY | _BROKEN:
                    return response
                asked = self._asked_wait(response, turn, url)
                if tried == last:
                    raise _trouble(response, url)
            except (requests.RequestException, TransportError, OSError) as error:
                if tried == last:
                    raise UnreachableError(_in_words(error), where=url, remedy="Try again later") from error
            self._clock.sleep(max(asked, self._backoff(tried)))
        raise UnreachableError("no try is allowed", where=url, remedy="Set request_tries to 1 or more")

    def _backoff(self, tried: int) -> float:
        """Seconds to leave a service alone that failed; a part is by chance, or all whom it refused would come back together."""
        least = self._politeness.backoff_seconds * (1 << (tried - 1))
        return least * (1 + self._politeness.jitter * self._random.random())

    @contextmanager
    def _taken(self, turn: _Turn, url: str) -> Iterator[None]:
        """The service to ourselves, once it has been left in peace long enough by everybody.

        Raises:
            RateLimitedError: it asked, us or another process, to be left alone for too long to be waited for.
        """
        rules, interval = self._politeness, self._interval_before(url)
        if turn.last_start is not None:
            while (early := turn.last_start + interval - self._clock.monotonic()) > 0:
                self._clock.sleep(early)
        while (
            early := self._gate.enter(turn.service, interval, rules.connect_seconds + rules.total_seconds)
        ) > 0:
            self._wait_at_most(early, url)
            self._clock.sleep(min(early, _LOOK_AGAIN_SECONDS))
        turn.last_start = self._clock.monotonic()
        try:
            yield
        finally:
            self._gate.leave(turn.service)

    def _wait_at_most(self, seconds: float, url: str) -> None:
        if seconds > self._politeness.longest_wait_seconds:
            raise RateLimitedError(
                f"the service asks to wait {seconds:.0f} s", where=url, remedy="Resume later"
            )

    def _interval_before(self, url: str) -> float:
        """How long a service is left in peace before a request: longer before one for a page of its website."""
        rules = self._politeness
        is_html = urlsplit(url).path.startswith(rules.html_path)
        least = rules.html_interval_seconds if is_html else rules.interval_seconds
        return least + rules.margin_seconds if least else 0.0

    def _body(self, response: requests.Response) -> bytes:
        """The decoded body, read within the limits of size and time."""
        began, parts, size = self._clock.monotonic(), [], 0
        for part in response.raw.stream(_CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > self._politeness.max_bytes:
                most = f"{self._politeness.max_bytes:,} bytes"
                raise OversizedDocumentError(f"the answer is larger than {most}", where=response.url)
            if self._clock.monotonic() - began > self._politeness.total_seconds:
                slow = f"the answer took longer than {self._politeness.total_seconds:g} s"
                raise requests.ReadTimeout(slow)
        return b"".join(parts)

    def _asked_wait(self, response: requests.Response, turn: _Turn, url: str) -> float:
        """How long the service asks to be left alone, which holds for whoever asks next."""
        asked = retry_after(response.headers.get("Retry-After"), self._clock)
        if asked:
            self._gate.put_off(turn.service, asked)
        self._wait_at_most(asked, url)
        return asked

    def admit(self, url: str) -> None:
        """Let only the hosts be asked that are allowed.

        Raises:
            RefusedRequestError: another host.
        """
        host = urlsplit(url).hostname or ""
        if host not in self._politeness.hosts:
            allowed = ", ".join(sorted(self._politeness.hosts))
            raise RefusedRequestError(
                f"{host or url!r} is not a host to ask", where=url, remedy=f"Allowed: {allowed}"
            )

    def _turn_at(self, url: str) -> _Turn:
        self.admit(url)
        host = urlsplit(url).hostname or ""
        service = _service(host)
        with self._turns_lock:
            return self._turns.setdefault(service, _Turn(service))


def polite_session(
    politeness: Politeness, clock: Clock | None = None, gate: Gate | None = None
) -> requests.Session:
    """A session whose every request goes through one `PoliteAdapter`.

    Args:
        politeness: how requests behave.
        clock: what they wait by.
        gate: what they share with other processes; without one they heed only each other.
    """
    session = requests.Session()
    adapter = PoliteAdapter(politeness, clock or SystemClock(), gate or OpenGate())
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def user_agent(contact: str) -> str:
    """Who asks, and where they can be reached."""
    return f"burden/0.1 (+{contact})" if contact else "burden/0.1"


def retry_after(header: str | None, clock: Clock) -> float:
    """Seconds that a `Retry-After` header asks for, from a number or an HTTP date; 0 where it says nothing.

    Source: RFC 9110, section 10.2.3.
    """
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    return max((moment - clock.now()).total_seconds(), 0.0) if moment.tzinfo else 0.0


def _service(host: str) -> str:
    """Hosts of one service share their turns: `export.arxiv.org` and `arxiv.org` are both arXiv."""
    is_name = not host.replace(".", "").isdigit() and ":" not in host
    return ".".join(host.split(".")[-2:]) if is_name else host


def _trouble(response: requests.Response, url: str) -> SourceError:
    status = f"{response.status_code} {response.reason}".strip()
    if response.status_code in _BUSY:
        return RateLimitedError(
            f"the service is busy and answered {status}", where=url, remedy="Resume later"
        )
    return RefusedRequestError(f"the service answered {status}", where=url, remedy="Try again later")


def _in_words(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return f"the connection broke ({type(error).__name__})"
