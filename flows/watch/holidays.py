"""Days on which few papers come, or none, and nothing is wrong.

arXiv announces no papers on weekends and on some holidays of the United States (https://info.arxiv.org/help/availability.html),
which move from year to year; around them, and between Christmas and New Year, few are submitted. Days are those of the
announcement in UTC, so a holiday's own day and the next count. The volume of such days is neither judged nor learned from.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6


def is_quiet(day: date) -> bool:
    """Whether nothing follows from few papers on this day."""
    return day.weekday() >= _SATURDAY or day in quiet_days(day.year)


@cache
def quiet_days(year: int) -> frozenset[date]:
    """The holidays of a year, with the days after them, and the days around Christmas and New Year."""
    thanksgiving = _nth(year, 11, _THURSDAY, 4)
    holidays = (
        _nth(year, 1, _MONDAY, 3),  # Martin Luther King
        _nth(year, 6, _MONDAY, 1) - timedelta(days=7),  # Memorial Day: the last Monday of May
        _observed(date(year, 6, 19)),  # Juneteenth
        _observed(date(year, 7, 4)),
        _nth(year, 9, _MONDAY, 1),  # Labor Day
        thanksgiving,
        thanksgiving + timedelta(days=1),
    )
    around = {day + timedelta(days=n) for day in holidays for n in (0, 1)}
    turn = {date(year, 12, 23) + timedelta(days=n) for n in range(9)}
    return frozenset(around | turn | {date(year, 1, n) for n in range(1, 4)})


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after."""
    return day + timedelta(days={_SATURDAY: -1, _SUNDAY: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
