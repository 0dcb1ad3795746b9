"""A typed address: public hosts over https only, at every hop, and a PDF at the end."""

import socket
import threading
from collections.abc import Callable

import pytest

from extractors.facts.errors import (
    BurdenError,
    ChallengePageError,
    DamagedDocumentError,
    NotADocumentError,
    NotFoundError,
    OversizedDocumentError,
    RefusedRequestError,
    UnreachableError,
)
from flows.clock import PlayedClock
from flows.demo.standin import Fault, StandIn
from flows.elsewhere import _PublicConnection, fetch_elsewhere, is_public
from flows.gate import OpenGate
from flows.settings import Settings
from tests.fetched import bytes_of

PDF = "/pdf/2403.99101v1"
REAL = Settings()
"""Settings whose services are arXiv's own: nothing on loopback is ours."""


@pytest.fixture
def fetched(arxiv: StandIn, settings: Settings, clock: PlayedClock) -> Callable[[str], bytes]:
    return lambda path: bytes_of(fetch_elsewhere(arxiv.url + path, settings, clock, OpenGate()))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::8.8.8.8", True),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x.pdf",
        "https://localhost/x.pdf",
        "https://[::1]/x.pdf",
        "https://2130706433/x.pdf",
        "https://0x7f.1/x.pdf",
        "https://10.0.0.1/x.pdf",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:192.168.0.1]/x.pdf",
        "http://8.8.8.8/x.pdf",
        "https://ann:secret@8.8.8.8/x.pdf",
    ],
)
def test_addresses_of_this_machine_and_its_networks_are_not_asked(url: str, clock: PlayedClock) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        fetch_elsewhere(url, REAL, clock, OpenGate())
    assert "secret" not in str(refused.value)


def test_loopback_is_not_asked_where_the_services_are_real(arxiv: StandIn, clock: PlayedClock) -> None:
    with pytest.raises(RefusedRequestError):
        fetch_elsewhere(arxiv.url + PDF, REAL, clock, OpenGate())
    assert arxiv.seen == []


def test_other_private_networks_are_not_asked_even_beside_a_stand_in(
    settings: Settings, clock: PlayedClock
) -> None:
    with pytest.raises(RefusedRequestError, match="in its network"):
        fetch_elsewhere("https://10.0.0.1/x.pdf", settings, clock, OpenGate())


def test_a_host_that_nobody_knows_is_said_so(clock: PlayedClock) -> None:
    with pytest.raises(UnreachableError, match="no such host"):
        fetch_elsewhere("https://no-such-host.invalid/x.pdf", REAL, clock, OpenGate())


def test_a_connection_that_ends_on_this_machine_is_dropped_before_anything_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[bytes] = []

        def listen() -> None:
            opened, _ = server.accept()
            with opened:
                heard.append(opened.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        with pytest.raises(RefusedRequestError, match="not asked"):
            _PublicConnection("127.0.0.1", server.getsockname()[1]).connect()
        thread.join()
    assert heard == [b""]


def test_a_pdf_arrives_whole(fetched: Callable[[str], bytes]) -> None:
    assert fetched(PDF).startswith(b"%PDF-")


def test_a_redirect_is_judged_like_the_address(fetched: Callable[[str], bytes], arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("moved"))
    assert fetched(PDF).startswith(b"%PDF-")
    arxiv.misbehave(Fault("astray"))
    with pytest.raises(BurdenError):
        fetched(PDF)


def test_going_round_in_circles_ends(fetched: Callable[[str], bytes], arxiv: StandIn) -> None:
    arxiv.misbehave(Fault("moved", times=20))
    with pytest.raises(RefusedRequestError, match="leads nowhere"):
        fetched(PDF)
    assert len(arxiv.seen) <= 7


@pytest.mark.parametrize(
    ("path", "fault", "error"),
    [
        ("/pdf/no-such", None, NotFoundError),
        (PDF, Fault("truncated"), DamagedDocumentError),
        (PDF, Fault("challenge"), ChallengePageError),
        (PDF, Fault("broken", times=9), RefusedRequestError),
        ("/api/query?id_list=2403.99101", None, NotADocumentError),
    ],
)
def test_what_is_no_pdf_is_told_by_what_it_is(
    path: str,
    fault: Fault | None,
    error: type[BurdenError],
    fetched: Callable[[str], bytes],
    arxiv: StandIn,
) -> None:
    if fault:
        arxiv.misbehave(fault)
    with pytest.raises(error):
        fetched(path)


def test_a_file_beyond_the_limit_is_refused(arxiv: StandIn, settings: Settings, clock: PlayedClock) -> None:
    small = settings.model_copy(update={"max_pdf_bytes": 1000})
    with pytest.raises(OversizedDocumentError):
        fetch_elsewhere(arxiv.url + PDF, small, clock, OpenGate())
