"""One turn at a service, whoever asks: by one statement, given back, or lost with whoever died."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db.engine import session
from db.gates import AHEAD, LONGEST, end_turn, take_turn

AT = datetime(2024, 3, 1, 2, 30, tzinfo=UTC)
THREE = timedelta(seconds=3)
HOLD = timedelta(seconds=60)
HOST = "arxiv.org"


def take(engine: Engine, who: str, at: datetime) -> datetime | None:
    with session(engine) as opened:
        return take_turn(opened, HOST, who, at, interval=THREE, until=at + HOLD)


def leave(engine: Engine, who: str, not_before: datetime | None = None) -> None:
    with session(engine) as opened:
        end_turn(opened, HOST, who, not_before=not_before)


def test_a_turn_is_free_once_it_is_given_back_and_the_interval_is_over(engine: Engine) -> None:
    assert take(engine, "a", AT) is None
    assert take(engine, "b", AT + THREE) == AT + HOLD
    leave(engine, "a")
    assert take(engine, "b", AT + THREE / 2) == AT + THREE
    assert take(engine, "b", AT + THREE) is None


def test_nobody_gives_back_the_turn_of_another(engine: Engine) -> None:
    take(engine, "a", AT)
    leave(engine, "b")
    assert take(engine, "b", AT + THREE) == AT + HOLD


def test_a_turn_ends_by_itself_when_its_holder_died(engine: Engine) -> None:
    take(engine, "dead", AT)
    assert take(engine, "b", AT + HOLD) is None
    leave(engine, "dead")
    assert take(engine, "c", AT + HOLD + THREE) == AT + 2 * HOLD


def test_what_a_service_asks_of_one_holds_for_all_and_is_never_shortened(engine: Engine) -> None:
    take(engine, "a", AT)
    leave(engine, "a", AT + timedelta(minutes=10))
    leave(engine, "c", AT + timedelta(minutes=5))
    assert take(engine, "b", AT + THREE) == AT + timedelta(minutes=10)
    assert take(engine, "b", AT + timedelta(minutes=10)) is None


def test_services_do_not_wait_for_each_other(engine: Engine) -> None:
    take(engine, "a", AT)
    with session(engine) as opened:
        assert take_turn(opened, "a.example", "b", AT, interval=THREE, until=AT + HOLD) is None


@pytest.mark.parametrize("back", [LONGEST + HOLD + THREE, timedelta(days=4000)])
def test_a_clock_that_was_set_back_shuts_no_gate(engine: Engine, back: timedelta) -> None:
    take(engine, "a", AT)
    leave(engine, "a", AT + THREE)
    assert take(engine, "b", AT - back) == AT - back + THREE, "as long as was asked, and no longer"
    assert take(engine, "b", AT - back + THREE) is None


def test_who_died_with_the_turn_before_the_clock_was_set_back_keeps_nobody_for_hours(engine: Engine) -> None:
    take(engine, "dead", AT)
    assert take(engine, "b", AT - timedelta(hours=3)) is None


def test_who_died_with_the_turn_loses_it_in_time_where_the_clock_was_set_back_a_little(
    engine: Engine,
) -> None:
    take(engine, "dead", AT)
    due = take(engine, "b", AT - timedelta(minutes=5))
    assert due is not None and due <= AT + HOLD


def test_a_wait_noted_by_a_clock_that_was_set_back_begins_now_and_is_as_long_as_was_asked(
    engine: Engine,
) -> None:
    take(engine, "a", AT)
    leave(engine, "a", AT + timedelta(hours=1))
    back = AT - timedelta(hours=20)
    assert take(engine, "b", back) == back + timedelta(hours=1)
    assert take(engine, "b", back + timedelta(minutes=30)) == back + timedelta(hours=1)
    assert take(engine, "b", back + timedelta(hours=1)) is None


@pytest.mark.parametrize("back", [AHEAD + THREE, timedelta(hours=3)])
def test_a_request_that_would_begin_in_the_future_was_noted_by_a_clock_that_is_set_back(
    engine: Engine, back: timedelta
) -> None:
    take(engine, "a", AT)
    leave(engine, "a")
    assert take(engine, "b", AT - back) is None
    assert take(engine, "c", AT - back) == AT - back + HOLD


def test_clocks_may_differ_a_little(engine: Engine) -> None:
    take(engine, "a", AT)
    leave(engine, "a")
    assert take(engine, "b", AT - AHEAD) == AT + THREE


def test_of_many_who_come_at_once_one_has_the_turn(engine: Engine) -> None:
    came, start = [], threading.Barrier(6)

    def come(who: str) -> None:
        start.wait()
        came.append(take(engine, who, AT))

    threads = [threading.Thread(target=come, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came.count(None) == 1 and len(came) == 6
