"""The same file under two ids is read and counted once, as the first's, for as long as both stand and are the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from db.cells import Judge
from db.dataset.source import load_source, papers_of
from db.duplicates import Duplicate, duplicate_of, duplicates
from db.engine import session, snapshot
from db.papers import Listing, Withdrawal, record_file, record_listings, record_withdrawals, to_read
from db.queue import waiting
from db.readings import save
from db.refresh import doctor
from db.standing import Followed, follow
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
ARXIV, OUTSIDE, THIRD = PaperId("2401.00001"), PaperId("doi:10.1000/net"), PaperId("2401.00003")
SAME, OTHER, PAGE = "a" * 64, "b" * 64, "c" * 64
FAMILY = Linear(0.0, {"sure": 9.0, "unsure": 0.5})
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))
POLICY = JUDGE.policy


def listing(paper: PaperId, version: int = 1) -> Listing:
    return Listing(paper, version, "A Net", "", (), (), AT, AT, b"")


def came(opened: Session, paper: PaperId, sha256: str, days: int = 0, version: int = 1, **more: str) -> None:
    """The file of a version, so many days after the first."""
    record_listings(opened, "test", [listing(paper, version)], AT)
    at = AT + timedelta(days=days)
    record_file(opened, paper, version, sha256=sha256, size=1, at=at, **more)  # type: ignore[arg-type]


def read(opened: Session, paper: PaperId, sha256: str = SAME, version: int = 1, mood: str = "sure") -> None:
    evidence = Evidence(sha256, 1, None, "Training", "on 8 devices", "test.rule")
    key = CellKey(EntityId(paper, "run", "net"), "count")
    found = Proposal(key, Quantity.exact(8, "devices"), evidence, features={mood: 1.0})
    assert save(
        opened, Reading(sha256, "burden-1", paper, "A Net", 9, (found,)), JUDGE, AT, version=version
    ).new
    assert doctor(opened, JUDGE) == ()


def to_be_read(opened: Session) -> list[str]:
    return [f"{file.paper_id}v{file.version}" for file in to_read(opened)]


def released(opened: Session) -> list[str]:
    """The papers whose facts a release has."""
    return [facts.id for facts in papers_of(opened, load_source(opened))]


@pytest.fixture
def twins(engine: Engine) -> Engine:
    """Two papers of one file; the first is read."""
    with session(engine) as opened:
        came(opened, OUTSIDE, SAME)
        came(opened, ARXIV, SAME, days=1)
        read(opened, OUTSIDE)
    return engine


def test_the_second_is_a_duplicate_of_the_first_and_says_why(twins: Engine) -> None:
    with snapshot(twins) as opened:
        found = Duplicate(ARXIV, 1, OUTSIDE, 1, SAME, AT + timedelta(days=1))
        assert duplicates(opened) == (found,)
        assert found.reason == "the same file as doi:10.1000/netv1"
        assert (duplicate_of(opened, ARXIV), duplicate_of(opened, OUTSIDE)) == (found, None)
        assert to_be_read(opened) == []
        assert released(opened) == [OUTSIDE]


def test_where_the_first_is_withdrawn_the_second_is_read_until_it_is_back(twins: Engine) -> None:
    with session(twins) as opened:
        record_withdrawals(opened, [Withdrawal(OUTSIDE, AT, "An error.")])
        assert duplicates(opened) == ()
        assert to_be_read(opened) == [f"{ARXIV}v1"]
        read(opened, ARXIV)
        assert released(opened) == [ARXIV]
        record_withdrawals(opened, [], standing=[OUTSIDE])
        assert [one.paper for one in duplicates(opened)] == [ARXIV]
        assert released(opened) == [OUTSIDE], "counted once, as at first"


@pytest.mark.parametrize("changed", [OUTSIDE, ARXIV])
def test_a_new_version_with_other_bytes_ends_it_and_nothing_is_lost(twins: Engine, changed: PaperId) -> None:
    with session(twins) as opened:
        came(opened, changed, OTHER, days=2, version=2)
        assert f"{changed}v2" in to_be_read(opened)
        if changed == OUTSIDE:
            assert [one.paper for one in duplicates(opened)] == [ARXIV], "until the new version is read"
        read(opened, changed, OTHER, version=2)
        assert duplicates(opened) == ()
        if changed == OUTSIDE:
            assert to_be_read(opened) == [f"{ARXIV}v1"]
            read(opened, ARXIV)
        assert to_be_read(opened) == []
        assert released(opened) == sorted([ARXIV, OUTSIDE])


def test_a_new_version_that_is_listed_and_not_here_yet_changes_nothing(twins: Engine) -> None:
    with session(twins) as opened:
        record_listings(opened, "test", [listing(OUTSIDE, 2)], AT)
        assert [one.paper for one in duplicates(opened)] == [ARXIV]


def test_of_three_the_first_is_read_and_of_two_pairs_the_middle_one_holds_nobody_back(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, OUTSIDE, SAME)
        came(opened, ARXIV, SAME, days=1)
        came(opened, ARXIV, PAGE, days=1, media="html")
        came(opened, THIRD, PAGE, days=2, media="html")
        assert [(one.paper, one.original) for one in duplicates(opened)] == [(ARXIV, OUTSIDE)]
        assert to_be_read(opened) == [f"{THIRD}v1", f"{OUTSIDE}v1"]
        came(opened, THIRD, SAME, days=2)
        assert [(one.paper, one.original) for one in duplicates(opened)] == [
            (ARXIV, OUTSIDE),
            (THIRD, OUTSIDE),
        ]


def test_a_file_of_two_versions_of_one_paper_is_no_duplicate(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, ARXIV, SAME)
        came(opened, ARXIV, SAME, version=2)
        assert duplicates(opened) == ()


# The queue follows


def asked(opened: Session) -> list[str]:
    return [item.key.entity.paper for item in waiting(opened)]


def test_what_waits_of_a_withdrawn_paper_leaves_the_queue_and_comes_back_with_it(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, ARXIV, SAME)
        read(opened, ARXIV, mood="unsure")
        before = waiting(opened)
        record_withdrawals(opened, [Withdrawal(ARXIV, AT, "An error.")])
        assert follow(opened, POLICY, AT) == Followed(1, 0)
        assert (waiting(opened), follow(opened, POLICY, AT)) == ((), Followed(0, 0))
        record_withdrawals(opened, [], standing=[ARXIV])
        assert follow(opened, POLICY, AT) == Followed(0, 1)
        assert (waiting(opened), len(before)) == (before, 1)


def test_a_new_reading_does_not_bring_a_withdrawn_paper_back_into_the_queue(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, ARXIV, SAME)
        read(opened, ARXIV, mood="unsure")
        record_withdrawals(opened, [Withdrawal(ARXIV, AT, "An error.")])
        follow(opened, POLICY, AT)
        came(opened, ARXIV, OTHER, days=1, version=2)
        evidence = Evidence(OTHER, 1, None, "Training", "on 9 devices", "test.rule")
        key = CellKey(EntityId(ARXIV, "run", "net"), "count")
        found = Proposal(key, Quantity.exact(9, "devices"), evidence, features={"unsure": 1.0})
        save(opened, Reading(OTHER, "burden-1", ARXIV, "A Net", 9, (found,)), JUDGE, AT, version=2)
        assert asked(opened) == []
        record_withdrawals(opened, [], standing=[ARXIV])
        follow(opened, POLICY, AT)
        assert asked(opened) == [ARXIV]


def test_what_is_sure_by_the_time_its_paper_is_back_asks_nobody(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, ARXIV, SAME)
        read(opened, ARXIV, mood="unsure")
        record_withdrawals(opened, [Withdrawal(ARXIV, AT, "An error.")])
        follow(opened, POLICY, AT)
        came(opened, ARXIV, OTHER, days=1, version=2)
        read(opened, ARXIV, OTHER, version=2)
        record_withdrawals(opened, [], standing=[ARXIV])
        assert follow(opened, POLICY, AT) == Followed(0, 1)
        assert asked(opened) == []


def test_what_waits_of_a_duplicate_leaves_the_queue_too(engine: Engine) -> None:
    with session(engine) as opened:
        came(opened, ARXIV, OTHER, days=1)
        read(opened, ARXIV, OTHER, mood="unsure")
        came(opened, OUTSIDE, SAME)
        came(opened, ARXIV, SAME, days=2, version=2)
        assert follow(opened, POLICY, AT) == Followed(1, 0)
        assert [replace(one, since=AT).reason for one in duplicates(opened)] == [
            "the same file as doi:10.1000/netv1"
        ]
