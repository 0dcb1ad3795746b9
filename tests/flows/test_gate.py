"""Processes that share a database share their turns; each `SharedGate` stands for one."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine

from db.engine import open_database
from extractors.facts.errors import RateLimitedError, UnreachableError
from flows.clock import PlayedClock
from flows.demo.standin import Fault, StandIn
from flows.gate import SharedGate, gate_of
from flows.http import polite_session
from flows.settings import Politeness, Settings
from tests.databases import migrated

RULES = Politeness(hosts=frozenset({"127.0.0.1"}), margin_seconds=0.0, jitter=0.0)
PDF = "/pdf/2403.99101v1"


@pytest.fixture
def process(settings: Settings, engine: Engine, clock: PlayedClock) -> Callable[..., requests.Session]:
    """One more process, as far as the gate can tell."""
    settings.data_dir.mkdir()
    migrated(engine)
    return lambda rules=RULES: polite_session(rules, clock, SharedGate(engine, clock))


def test_processes_keep_their_distance(
    process: Callable[..., requests.Session], arxiv: StandIn, clock: PlayedClock
) -> None:
    for asking in (process(), process(), process()):
        assert asking.get(arxiv.url + PDF).ok
    assert clock.passed == pytest.approx(6.0)


def test_two_with_databases_of_their_own_keep_their_distance_by_a_gate_they_share(
    settings: Settings, tmp_path: Path, arxiv: StandIn, clock: PlayedClock
) -> None:
    shared = settings.model_copy(update={"gate_url": f"sqlite:///{tmp_path / 'gate.sqlite'}"})
    for name in ("one", "other"):
        own = open_database(f"sqlite:///{tmp_path / name}.sqlite")
        with gate_of(shared, own, clock) as gate:
            assert polite_session(RULES, clock, gate).get(arxiv.url + PDF).ok
        own.dispose()
    assert clock.passed == pytest.approx(3.0)


def test_a_process_that_starts_anew_waits_as_the_one_before_was_asked_to(
    process: Callable[..., requests.Session], arxiv: StandIn, clock: PlayedClock
) -> None:
    arxiv.misbehave(Fault("busy", retry_after="90"))
    with pytest.raises(RateLimitedError):
        process(replace(RULES, tries=1)).get(arxiv.url + PDF)
    assert process().get(arxiv.url + PDF).ok
    assert clock.passed == pytest.approx(90.0)


def test_a_service_that_wants_to_be_left_alone_for_long_is_not_even_asked(
    process: Callable[..., requests.Session], arxiv: StandIn, clock: PlayedClock
) -> None:
    arxiv.misbehave(Fault("busy", retry_after="7200"))
    for _ in range(2):
        with pytest.raises(RateLimitedError, match="asks to wait 7200 s"):
            process().get(arxiv.url + PDF)
    assert len(arxiv.seen) == 1 and not clock.passed


def test_a_turn_is_given_back_when_the_request_fails(
    process: Callable[..., requests.Session], arxiv: StandIn, clock: PlayedClock
) -> None:
    arxiv.misbehave(Fault("dropped"))
    with pytest.raises(UnreachableError):
        process(replace(RULES, tries=1)).get(arxiv.url + PDF)
    assert process().get(arxiv.url + PDF).ok
    assert timedelta(seconds=clock.passed) == timedelta(seconds=3)


def test_the_turn_of_a_process_that_was_killed_is_free_at_once(
    settings: Settings, process: Callable[..., requests.Session], arxiv: StandIn, clock: PlayedClock
) -> None:
    program = (
        "import sys, time\nfrom db.engine import open_database\nfrom flows.clock import PlayedClock, datetime\n"
        "from flows.gate import SharedGate\nfrom datetime import UTC\n"
        f"gate = SharedGate(open_database({settings.database!r}), PlayedClock(datetime.fromisoformat({clock.now().isoformat()!r})))\n"
        "print(gate.enter('127.0.0.1', 3.0, 300.0), flush=True)\ntime.sleep(600)\n"
    )
    asking = process()
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "0.0\n"
        other.kill()
    assert asking.get(arxiv.url + PDF).ok
    assert clock.passed == pytest.approx(3.0)
