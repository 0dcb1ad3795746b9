"""A run is done once; a failure stays red until it is seen or mended."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db.engine import session
from db.runs import (
    acknowledge_failure,
    begin_run,
    end_run,
    last_run,
    open_failures,
    record_failure,
    resolve_failure,
    settled,
)
from db.tables import Outcome
from extractors.facts.errors import ConflictError, DamagedDocumentError

AT = datetime(2026, 11, 23, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
BROKEN = DamagedDocumentError("the file ends too early", where="2401.00001")


def test_a_run_that_is_done_is_not_begun_again(engine: Engine) -> None:
    with session(engine) as opened:
        assert begin_run(opened, "nightly-2026-11-23", "nightly", AT)
        end_run(opened, "nightly-2026-11-23", "done", {"read": 12}, LATER)
        assert not begin_run(opened, "nightly-2026-11-23", "nightly", LATER)
        row = last_run(opened, "nightly")
        assert row is not None
        assert (row.outcome, row.counts, row.ended_at) == ("done", {"read": 12}, LATER)


@pytest.mark.parametrize("outcome", ["running", "partial", "failed"])
def test_a_run_that_did_not_finish_is_begun_again(engine: Engine, outcome: Outcome) -> None:
    with session(engine) as opened:
        begin_run(opened, "night", "nightly", AT)
        end_run(opened, "night", outcome, {}, LATER)
        assert begin_run(opened, "night", "nightly", LATER)


def test_a_run_that_was_never_begun_cannot_end(engine: Engine) -> None:
    with pytest.raises(ConflictError, match="never begun"), session(engine) as opened:
        end_run(opened, "night", "done", {}, AT)


def test_the_last_run_of_a_kind_is_the_one_that_began_last(engine: Engine) -> None:
    with session(engine) as opened:
        assert last_run(opened) is None
        begin_run(opened, "a", "nightly", LATER)
        begin_run(opened, "b", "backfill", AT)
        found = [row.run_key for row in (last_run(opened), last_run(opened, "backfill")) if row]
        assert found == ["a", "b"]


def test_a_failure_counts_its_tries_and_keeps_its_reason(engine: Engine) -> None:
    with session(engine) as opened:
        record_failure(opened, "read", "2401.00001", BROKEN, AT)
        record_failure(opened, "read", "2401.00001", BROKEN, LATER)
        (row,) = open_failures(opened, "read")
        assert (row.error, row.tries, row.first_at, row.last_at) == ("DamagedDocumentError", 2, AT, LATER)
        assert "ends too early" in row.reason


def test_a_failure_is_closed_by_success_or_by_a_person_and_opens_again(engine: Engine) -> None:
    with session(engine) as opened:
        record_failure(opened, "read", "2401.00001", BROKEN, AT)
        resolve_failure(opened, "read", "2401.00001", LATER)
        assert not open_failures(opened)
        record_failure(opened, "read", "2401.00001", BROKEN, LATER)
        (row,) = open_failures(opened)
        acknowledge_failure(opened, row.id or 0, "ada", LATER)
        assert not open_failures(opened)
        with pytest.raises(ConflictError):
            acknowledge_failure(opened, 99, "ada", LATER)


def test_what_is_settled_is_remembered_and_troubles_nobody(engine: Engine) -> None:
    with session(engine) as opened:
        record_failure(opened, "fetch html", "2401.00001v1", BROKEN, AT)
        assert not settled(opened, "fetch html")
        record_failure(opened, "fetch html", "2401.00001v1", BROKEN, LATER, settled=True)
        assert not open_failures(opened)
        assert [row.subject for row in settled(opened, "fetch html")] == ["2401.00001v1"]
        assert not settled(opened, "fetch")
