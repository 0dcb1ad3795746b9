"""What a person sees of a long run where there is no terminal, and what is guessed of its end."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from flows.clock import PlayedClock
from flows.progress import Telling, remaining, spoken


def test_off_a_terminal_a_long_phase_says_now_and_then_how_far_it_is() -> None:
    out, clock = StringIO(), PlayedClock(datetime(2024, 4, 1, tzinfo=UTC))
    with Telling(Console(file=out, width=80), clock).phase("read", 200) as phase:
        for n in range(200):
            clock.sleep(6)
            phase.result = f"{n + 1} read"
            phase.step()
    assert out.getvalue().splitlines() == [
        "read       50 of 200, about 15 min left  50 read",
        "read       100 of 200, about 10 min left  100 read",
        "read       150 of 200, about 5 min left  150 read",
        "read       200 of 200  200 read",
        "read       1200.0 s  200 read",
    ]


def test_what_goes_on_in_the_middle_is_told_with_its_end_by_its_own_pace() -> None:
    out, clock = StringIO(), PlayedClock(datetime(2024, 4, 1, tzinfo=UTC))
    with Telling(Console(file=out, width=80), clock).phase("harvest") as phase:
        phase.unit = "days"
        for n in range(50, 101):
            clock.sleep(60)
            phase.reach(n, 100)
        phase.reach(20, 100)
        assert phase.done == 100, "it never goes back"
    lines = out.getvalue().splitlines()
    assert lines[0] == "harvest    54 of 100 days, about 58 min left"
    assert lines[-2] == "harvest    99 of 100 days, about 61 s left"


def test_on_a_terminal_the_bar_begins_where_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    out = StringIO()
    with Telling(Console(file=out, width=100, force_terminal=True)).phase("harvest") as phase:
        phase.reach(50, 100)
        phase.reach(60, 100)
    assert "60/100" in out.getvalue()


def test_what_is_quickly_done_is_told_once() -> None:
    out = StringIO()
    clock = PlayedClock(datetime(2024, 4, 1, tzinfo=UTC))
    with Telling(Console(file=out, width=80), clock).phase("harvest") as phase:
        phase.step()
    assert out.getvalue() == "harvest       0.0 s\n"


@pytest.mark.parametrize(
    ("done", "total", "left"),
    [(0, 10, None), (5, None, None), (1, 200, None), (2, 200, 990.0), (200, 200, 0.0)],
)
def test_the_end_is_guessed_by_the_pace_once_there_is_one(
    done: int, total: int | None, left: float | None
) -> None:
    assert remaining(done, total, 10.0) == left


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (40, "40 s"),
        (89, "89 s"),
        (90, "2 min"),
        (5000, "83 min"),
        (5400, "1.5 h"),
        (172_800, "2 days"),
    ],
)
def test_a_span_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert spoken(seconds) == said
