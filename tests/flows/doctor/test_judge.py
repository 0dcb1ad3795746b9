"""What findings mean, from the findings alone."""

import pytest
from packaging.requirements import Requirement

from flows.doctor import judge
from flows.doctor.gather import Installed, RoomFound, packages
from flows.doctor.services import Answered
from flows.settings import Settings


def test_versions_beyond_a_cap_and_missing_packages_are_named() -> None:
    found = judge.versions(
        [
            Installed(Requirement("fastapi<0.151,>=0.115"), "0.155.1"),
            Installed(Requirement("sqlalchemy<2.1"), "2.0.58"),
            Installed(Requirement("prefect<3.9"), None),
        ]
    )
    assert found.outcome == "fail"
    assert found.what == "fastapi 0.155.1, needed <0.151,>=0.115; prefect is missing, needed <3.9"


def test_the_caps_of_prefects_companions_are_among_what_is_compared() -> None:
    caps = {one.needed.name: str(one.needed.specifier) for one in packages()}
    assert "<0.151" in caps["fastapi"]
    assert "<2.1" in caps["sqlalchemy"]
    assert "scikit-learn" not in caps, "an extra that nobody asked for is not needed"


@pytest.mark.parametrize(
    ("ahead", "outcome"),
    [
        (None, "skipped"),
        (4.9, "ok"),
        (-4.9, "ok"),
        (5.1, "warn"),
        (-60.0, "warn"),
        (61.0, "fail"),
        (-61.0, "fail"),
    ],
)
def test_a_clock_is_judged_by_how_far_it_is_off(ahead: float | None, outcome: str) -> None:
    assert judge.clock([Answered("a.example"), Answered("b.example", ahead)]).outcome == outcome


@pytest.mark.parametrize(
    ("free", "outcome"), [(3_000_000_000, "ok"), (1_000_000_000, "warn"), (1_000_000, "fail")]
)
def test_room_is_judged_as_alarms_judge_it_and_by_the_largest_paper(free: int, outcome: str) -> None:
    assert (
        judge.room(
            RoomFound("data", True, True, free), largest_file=80_000_000, least_free=2_000_000_000
        ).outcome
        == outcome
    )


def test_a_folder_that_cannot_be_written_is_a_failure() -> None:
    assert (
        judge.room(RoomFound("data", True, False, 3_000_000_000), largest_file=1, least_free=2).outcome
        == "fail"
    )


def test_a_store_that_cannot_be_written_is_a_failure() -> None:
    """Of a store that was mounted for reading only all was said to be well, and the next night failed."""
    found = judge.room(
        RoomFound("data", True, True, 3_000_000_000, "data/store"), largest_file=1, least_free=2
    )
    assert (found.outcome, found.what) == ("fail", "the store cannot be written (data/store)")


def test_an_address_in_the_clear_is_a_warning_and_secrets_in_it_are_not_shown() -> None:
    found = judge.hosts(Settings(arxiv_api_url="http://ada:secret@export.arxiv.org/api/query"))
    assert found.outcome == "warn"
    assert "secret" not in found.what
    assert judge.hosts(Settings()).outcome == "ok"
