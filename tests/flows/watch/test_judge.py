"""What is an alarm and what is none, night by night, on reports made for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.watch.judge import judge
from flows.watch.report import Disk, Found, RunReport, Steps
from flows.watch.thresholds import Thresholds

MONDAY = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ROOM = Disk(10**12, 2 * 10**12, 10**9)


def night(n: int, **changed: object) -> RunReport:
    """A night like all others: 400 papers arrive on a working day, 100 are read, half of them name a device."""
    began = MONDAY + n * DAY
    rests = began.weekday() >= 5
    new = 0 if rests else 400
    read = 0 if rests else 100
    found = {} if rests else {"run.accelerator": Found(50, 100, 300), "run.energy": Found(1, 1, 1)}
    steps = Steps(2000, new, 0, new, read, {}, read, 0, read, 0, read)
    report = RunReport(
        f"night {n}", "nightly", "atom", "cs.LG", False, "burden-1", began - 7 * DAY, began, began,
        began + DAY / 24, "done", steps, ROOM, fields=found, rules=found, watermark=began,
    )  # fmt: skip
    return replace(report, **changed)  # type: ignore[arg-type]


USUAL = [night(n) for n in range(42)]
"""Six weeks; the next night is a Monday's."""


def kinds(history: list[RunReport], today: RunReport) -> list[str]:
    return [f"{alarm.kind}: {alarm.subject}" for alarm in judge(history, today)]


def test_a_usual_night_raises_nothing_nor_does_a_weekend_nor_the_very_first_night() -> None:
    assert kinds(USUAL, night(42)) == []
    assert kinds(USUAL, night(47)) == []
    assert kinds([], night(0)) == []


@pytest.mark.parametrize(("new", "said"), [(390, []), (200, ["volume: papers"]), (0, ["volume: papers"])])
def test_half_of_the_papers_of_a_working_day_is_an_alarm(new: int, said: list[str]) -> None:
    few = replace(night(42).steps, new=new)
    assert kinds(USUAL, night(42, steps=few)) == said


@pytest.mark.parametrize(
    ("error", "first", "second"),
    [
        ("ChallengePageError", ["feed: listings"], ["feed: listings"]),
        ("RefusedRequestError", ["feed: listings"], ["feed: listings"]),
        ("UnreachableError", [], ["feed: listings"]),
        ("RateLimitedError", [], ["feed: listings"]),
    ],
)
def test_a_feed_that_fails_is_an_alarm_at_once_or_when_it_does_so_again_and_says_nothing_of_volume(
    error: str, first: list[str], second: list[str]
) -> None:
    few = replace(night(42).steps, new=3)
    cut = night(42, outcome="partial", feed_error=error, steps=few)
    assert kinds(USUAL, cut) == first
    assert kinds([*USUAL, cut], night(43, outcome="partial", feed_error=error, steps=few)) == second
    assert kinds([*USUAL, cut], night(43)) == []


def test_a_second_run_of_the_same_day_is_no_silence() -> None:
    again = night(42, key="again", steps=replace(night(42).steps, new=0), started_at=MONDAY + 42.5 * DAY)
    assert kinds([*USUAL, night(42)], again) == []


def test_few_papers_on_a_holiday_are_none() -> None:
    memorial = (datetime(2026, 5, 25, tzinfo=UTC) - MONDAY).days + 1
    weeks = [night(n) for n in range(memorial - 42, memorial)]
    nothing = replace(night(memorial).steps, new=0)
    assert kinds(weeks, night(memorial, steps=nothing)) == []
    assert kinds([night(n) for n in range(42)], night(42, steps=nothing)) == ["volume: papers"]


def test_a_rule_that_stops_is_told_by_its_name_and_one_that_is_rare_is_not() -> None:
    quiet = {"run.accelerator": Found(50, 100, 300)}
    assert kinds(USUAL, night(42, rules={})) == ["yield of rule: run.accelerator"]
    assert kinds(USUAL, night(42, rules=quiet)) == []


def test_a_field_that_is_found_half_as_often_is_told_on_the_second_night() -> None:
    half = {"run.accelerator": Found(25, 50, 150)}
    nights = [night(42, fields=half), night(43, fields=half)]
    alarms = judge([*USUAL, nights[0]], nights[1])
    assert [(alarm.kind, alarm.subject) for alarm in alarms] == [("yield of field", "run.accelerator")]
    assert "50 papers with it in the 200 papers of the last 2 nights" in alarms[0].message
    assert "would make it about 100" in alarms[0].message


def test_what_an_older_window_brings_is_no_measure_of_nights_and_is_not_measured() -> None:
    old = {"since": MONDAY - 900 * DAY, "until": MONDAY - 890 * DAY}
    strange = [night(n, key=f"old {n}", fields={}, rules={}, **old) for n in range(42)]
    assert kinds([*USUAL, *strange], night(42)) == []
    assert kinds(USUAL, night(42, fields={}, rules={}, **old)) == []


def test_other_sources_are_no_history() -> None:
    assert kinds(USUAL, night(42, source="folder", rules={})) == []


def test_one_failed_night_is_none_and_the_second_in_a_row_is_one() -> None:
    failed = {"outcome": "failed", "error": "UnreachableError", "note": "no connection"}
    assert kinds(USUAL, night(42, **failed)) == []
    assert kinds([*USUAL, night(42, **failed)], night(43, **failed)) == ["failed: nights"]


def test_a_watermark_that_stays_behind_and_a_disk_that_fills_are_told() -> None:
    assert kinds(USUAL, night(42, watermark=MONDAY + 38 * DAY)) == ["watermark: watermark"]
    assert kinds(USUAL, night(42, disk=Disk(10**9, 10**12, 10**9))) == ["disk: data folder"]
    fast = Disk(20 * 10**9, 10**12, 10**9 + 40 * 10**9)
    assert kinds(USUAL, night(42, disk=fast)) == ["disk: data folder"]


@pytest.mark.parametrize(("lost", "said"), [(1, []), (4, []), (60, ["errors: fetching"])])
def test_files_that_fail_are_told_when_they_are_many(lost: int, said: list[str]) -> None:
    steps = replace(night(42).steps, unfetched=lost)
    assert kinds(USUAL, night(42, steps=steps)) == said


def test_pages_that_all_fail_are_told_on_the_first_night_of_all() -> None:
    steps = replace(night(0).steps, fetched=0, unfetched=30, read=0)
    assert kinds([], night(0, steps=steps)) == ["errors: fetching"]


def looking_back(n: int, *, listed: float = 1.0, new: float = 1.0, **changed: Any) -> RunReport:
    """A night of a feed that lists again what came in the seven days before, or a share of it."""
    usual = night(n)
    week = sum(night(one).steps.arrived for one in range(n - 7, n))
    came = round(usual.steps.new * new)
    steps = replace(usual.steps, new=came, identified=round(week * listed) + came)
    began = usual.started_at
    usual = replace(usual, steps=steps, since=began - 8 * DAY, watermark_before=began - DAY)
    return replace(usual, **changed)


WEEKS = [looking_back(n) for n in range(42)]


@pytest.mark.parametrize(("share", "said"), [(0.9, []), (0.5, ["missing: listings"])])
def test_known_papers_that_are_not_listed_again_are_missed_even_on_a_weekend(
    share: float, said: list[str]
) -> None:
    assert kinds(WEEKS, looking_back(42)) == []
    assert kinds(WEEKS, looking_back(42, listed=share)) == said
    assert kinds([*WEEKS, *map(looking_back, range(42, 47))], looking_back(47, listed=share)) == said


@pytest.mark.parametrize(
    "why",
    [
        {"is_resumed": True},
        {"watermark_before": MONDAY + 39 * DAY},
        {"feed_error": "UnreachableError", "outcome": "partial"},
    ],
)
def test_nothing_is_missed_where_a_night_heard_the_rest_only_or_feeds_may_begin_on_different_days(
    why: dict[str, Any],
) -> None:
    assert kinds(WEEKS, looking_back(42, listed=0.3, **why)) == []


def test_what_one_long_window_brought_at_once_is_not_expected_again() -> None:
    filled = replace(looking_back(41).steps, new=4000)
    gap = looking_back(41, steps=filled, since=MONDAY + 20 * DAY, watermark_before=MONDAY + 27 * DAY)
    assert kinds([*WEEKS[:41], gap], looking_back(42)) == []


def test_half_of_what_a_rush_brings_is_told_and_the_end_of_the_rush_is_not() -> None:
    rush = [looking_back(n, new=1.4) for n in range(42, 45)]
    assert kinds([*WEEKS, *rush], looking_back(45)) == []
    broken = [looking_back(n, new=0.72) for n in (45, 46)]
    assert kinds([*WEEKS, *rush, broken[0]], broken[1]) == ["volume: papers"]


def test_thresholds_of_ones_own_are_what_is_judged_by() -> None:
    few = night(42, steps=replace(night(42).steps, new=200))
    assert judge(USUAL, few, Thresholds(volume_fall=0.3)) == ()
    assert judge(USUAL, night(42), Thresholds(free_bytes=10**13))[0].kind == "disk"
