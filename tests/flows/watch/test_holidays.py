"""Days on which few papers mean nothing."""

from datetime import date

import pytest

from flows.watch.holidays import is_quiet


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-20", "2025-05-26", "2025-06-19", "2025-07-04", "2026-07-03", "2025-09-01", "2025-11-27", "2025-11-28",
        "2026-11-26", "2025-12-24", "2026-01-01", "2025-06-20", "2026-02-28",
    ],
)  # fmt: skip
def test_holidays_the_days_after_and_weekends_are_quiet(day: str) -> None:
    assert is_quiet(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day", ["2025-01-13", "2025-05-19", "2025-11-20", "2025-12-22", "2026-01-05", "2026-11-19"]
)
def test_working_days_are_not(day: str) -> None:
    assert not is_quiet(date.fromisoformat(day))
