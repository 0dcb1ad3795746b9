"""Services are asked once each, politely, and what they say is told."""

from datetime import UTC, datetime

import pytest

from flows.clock import PlayedClock, SystemClock
from flows.demo.standin import Fault, FaultKind, StandIn
from flows.doctor.judge import services
from flows.doctor.services import ask, questions
from flows.gate import OpenGate
from flows.settings import Settings
from tests.flows.doctor.conftest import Doctor, named, wrong


def test_a_service_is_asked_once_with_the_contact(settings: Settings, arxiv: StandIn) -> None:
    (answered,) = ask(settings, SystemClock(), OpenGate())
    assert answered.trouble is None
    assert [(seen.path, seen.user_agent) for seen in arxiv.seen] == [
        ("/oai?verb=Identify", "burden/0.1 (+ops@example.org)")
    ]


def test_each_host_of_arxiv_is_asked_for_what_every_machine_may_ask_for() -> None:
    assert list(questions(Settings()).values()) == [
        "https://oaipmh.arxiv.org/oai?verb=Identify",
        "https://export.arxiv.org/robots.txt",
        "https://arxiv.org/robots.txt",
    ]
    assert len(questions(Settings(html="never"))) == 2


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("busy", "warn"), ("broken", "fail"), ("challenge", "fail"), ("error-feed", "fail"), ("astray", "fail")],
)
def test_a_service_in_trouble_is_told_and_not_asked_again(
    sound: Settings, doctor: Doctor, arxiv: StandIn, kind: FaultKind, outcome: str
) -> None:
    arxiv.misbehave(Fault(kind))
    found = doctor(offline=False)
    assert list(wrong(found).values()) == [outcome]
    assert len(arxiv.seen) == 1


def test_what_a_busy_service_asks_for_holds_for_the_next_night(
    sound: Settings, doctor: Doctor, arxiv: StandIn
) -> None:
    arxiv.misbehave(Fault("busy", retry_after="900"))
    doctor(offline=False)
    again = doctor(offline=False)
    assert len(arxiv.seen) == 1
    (outcome,) = wrong(again).values()
    assert outcome == "warn"


def test_a_clock_that_is_years_behind_is_told(settings: Settings) -> None:
    clock = PlayedClock(datetime(2024, 4, 1, tzinfo=UTC))
    check = services(ask(settings, clock, OpenGate()))[-1]
    assert (check.name, check.outcome) == ("clock", "fail")
    assert " s behind 127.0.0.1:" in check.what


def test_offline_nobody_is_asked(sound: Settings, doctor: Doctor, arxiv: StandIn) -> None:
    assert named(doctor(), "clock").what == "offline, as asked"
    assert arxiv.seen == []


def test_arxiv_is_not_asked_without_a_contact(sound: Settings, doctor: Doctor) -> None:
    found = doctor(
        offline=False,
        contact="",
        arxiv_api_url="https://export.arxiv.org/api/query",
        request_interval_seconds=3.0,
    )
    assert wrong(found) == {"contact": "fail"}
    assert named(found, "reach").outcome == "skipped"
