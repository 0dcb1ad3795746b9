"""A PDF from an address that a person typed: any public host, but nothing on this machine or in its networks.

The crawl asks only the hosts that its settings name. A typed address may lead anywhere, also by redirects, so each hop is
judged: https only, no credentials in it, and every address of its host a public one, before a connection is made and again of
the one that is connected to, because names can answer otherwise the second time. Where the settings' own services are on
loopback, as in the quickstart, loopback is no secret and may be asked. All other manners are those of `flows.http`.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from db.papers import UNKNOWN, Validators
from extractors.documents.challenge import is_challenge_page
from extractors.facts.errors import (
    ChallengePageError,
    NotADocumentError,
    RefusedRequestError,
    UnreachableError,
)
from flows.clock import Clock
from flows.fetch import Fetched, answer_at, checked_pdf, validators_of
from flows.gate import Gate
from flows.http import PoliteAdapter
from flows.settings import Politeness, Settings

REDIRECTS = 5
"""More lead nowhere."""
_PDF_TYPES = frozenset(
    {"", "application/pdf", "application/x-pdf", "application/octet-stream", "binary/octet-stream"}
)
"""What servers call a PDF; what it is, its bytes tell."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones (RFC 6052)."""
_REMEDY = "Fetch the PDF yourself and add the file"


def fetch_elsewhere(
    url: str, settings: Settings, clock: Clock, gate: Gate, known_by: Validators = UNKNOWN
) -> Fetched | None:
    """The PDF at an address that a person typed; None where the service says that it is the one that is known.

    Raises:
        RefusedRequestError: the address, or one that it leads to, is not to be asked, or the service refused.
        SourceError: the service did not give it.
        DocumentError: what came is no whole PDF, or too large.
    """
    session = requests.Session()
    session.max_redirects = REDIRECTS
    adapter = _GuestAdapter(settings.politeness, clock, gate, loopback=not settings.is_real_arxiv)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    answer = answer_at(session, url, known_by)
    if answer is None:
        return None
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _PDF_TYPES:
        if is_challenge_page(answer.content):
            raise ChallengePageError("a challenge page came instead of a PDF", where=url, remedy=_REMEDY)
        raise NotADocumentError(
            f"the address gave {kind}, not a PDF", where=url, remedy="Give the address of the PDF itself"
        )
    return Fetched(checked_pdf(answer.content, url), validators_of(answer))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, and neither of this machine nor of a network behind it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class _GuestAdapter(PoliteAdapter):
    """A polite adapter that asks any public host."""

    def __init__(self, politeness: Politeness, clock: Clock, gate: Gate, *, loopback: bool) -> None:
        self._loopback = loopback
        super().__init__(politeness, clock, gate)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Connections that check whom they reached; not on loopback's behalf."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        if not self._loopback:
            schemes = self.poolmanager.pool_classes_by_scheme
            self.poolmanager.pool_classes_by_scheme = {**schemes, "https": _PublicPool}

    def admit(self, url: str) -> None:
        """Refuse an address that is no business of a stranger's link."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.username is not None or parts.password is not None:
            raise RefusedRequestError("an address with a name or password in it is not asked", where=host)
        if parts.scheme != "https" and not self._loopback:
            raise RefusedRequestError("only https is asked", where=url, remedy=_REMEDY)
        addresses = _addresses(host, url)
        if self._loopback and all(ipaddress.ip_address(address).is_loopback for address in addresses):
            return
        if parts.scheme != "https":
            raise RefusedRequestError("only https is asked", where=url, remedy=_REMEDY)
        for address in addresses:
            _refuse_private(address, host)


class _PublicConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        opened = super()._new_conn()
        try:
            _refuse_private(opened.getpeername()[0], self.host)
        except RefusedRequestError:
            opened.close()
            raise
        return opened


class _PublicPool(HTTPSConnectionPool):
    ConnectionCls = _PublicConnection


def _addresses(host: str, url: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError("no such host", where=url, remedy="Check the address") from error
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def _refuse_private(address: str, host: str) -> None:
    if not is_public(address):
        raise RefusedRequestError(
            f"{host} is on this machine or in its network and is not asked", where=address, remedy=_REMEDY
        )
