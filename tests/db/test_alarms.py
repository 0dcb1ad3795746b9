"""An alarm is raised once for as long as it lasts, and stays red until a person has seen it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db.alarms import (
    Sign,
    acknowledge_alarm,
    all_alarms,
    note_delivery,
    open_alarms,
    raise_alarms,
    undelivered,
)
from db.engine import session
from extractors.facts.errors import ConflictError

FIRST = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
NIGHT = timedelta(days=1)
SILENT = Sign("silence", "listings", "Nothing came.")
RULE = Sign("yield of rule", "training.batch-size", "It stopped.")


def test_an_alarm_that_lasts_is_one_alarm_with_its_newest_words(engine: Engine) -> None:
    with session(engine) as opened:
        raise_alarms(opened, "atom", [SILENT, RULE], FIRST)
        raise_alarms(opened, "atom", [Sign("silence", "listings", "Still nothing.")], FIRST + NIGHT)
        silent, rule = open_alarms(opened)
    assert (silent.nights, silent.message, silent.raised_at) == (2, "Still nothing.", FIRST)
    assert (silent.ended_at, rule.ended_at) == (None, FIRST + NIGHT)


def test_an_alarm_that_ended_stays_red_and_comes_back_as_another(engine: Engine) -> None:
    with session(engine) as opened:
        for night, signs in enumerate([[SILENT], [], [SILENT]]):
            raise_alarms(opened, "atom", signs, FIRST + night * NIGHT)
        assert [alarm.raised_at for alarm in open_alarms(opened)] == [FIRST, FIRST + 2 * NIGHT]


def test_an_alarm_that_was_seen_says_nothing_more_while_it_lasts(engine: Engine) -> None:
    with session(engine) as opened:
        raise_alarms(opened, "atom", [SILENT], FIRST)
        seen = acknowledge_alarm(opened, open_alarms(opened)[0].id, "ada", FIRST)
        raise_alarms(opened, "atom", [SILENT], FIRST + NIGHT)
        assert open_alarms(opened) == ()
        assert [alarm.nights for alarm in all_alarms(opened)] == [2]
        assert acknowledge_alarm(opened, seen.id, "bob", FIRST + NIGHT).acknowledged_by == "ada"


def test_another_source_neither_ends_an_alarm_nor_doubles_it(engine: Engine) -> None:
    with session(engine) as opened:
        raise_alarms(opened, "atom", [SILENT], FIRST)
        raise_alarms(opened, "folder", [], FIRST + NIGHT)
        raise_alarms(opened, "atom", [SILENT], FIRST + 2 * NIGHT)
        assert [alarm.nights for alarm in open_alarms(opened)] == [2]


def test_what_was_told_or_seen_is_not_told_again(engine: Engine) -> None:
    with session(engine) as opened:
        raise_alarms(opened, "atom", [SILENT, RULE, Sign("disk", "data folder", "Full.")], FIRST)
        told, seen, left = (alarm.id for alarm in undelivered(opened))
        note_delivery(opened, [told], FIRST)
        acknowledge_alarm(opened, seen, "ada", FIRST)
        assert [alarm.id for alarm in undelivered(opened)] == [left]


def test_an_alarm_that_is_not_there_cannot_be_acknowledged(engine: Engine) -> None:
    with pytest.raises(ConflictError, match="no alarm 7"), session(engine) as opened:
        acknowledge_alarm(opened, 7, "ada", FIRST)
