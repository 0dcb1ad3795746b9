"""Only people who were added review, under names that a log can hold."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db.annotators import Annotator, add_annotator, annotator, annotators, retire_annotator
from db.engine import session, snapshot
from extractors.facts.errors import ConflictError, UsageError

AT = datetime(2026, 11, 30, tzinfo=UTC)


def test_somebody_is_added_promoted_retired_and_comes_back(engine: Engine) -> None:
    with session(engine) as opened:
        assert add_annotator(opened, "ada", "annotator", AT) == Annotator("ada", "annotator", AT)
        assert add_annotator(opened, "ada", "senior", AT + timedelta(days=1)).added_at == AT
        assert annotator(opened, "ada").is_senior
        retire_annotator(opened, "ada", AT)
        with pytest.raises(ConflictError, match="ada no longer reviews since 2026-11-30"):
            annotator(opened, "ada")
        add_annotator(opened, "ada", "annotator", AT)
        assert not annotator(opened, "ada").is_senior


def test_unknown_names_are_refused_with_those_that_are_known(engine: Engine) -> None:
    with session(engine) as opened:
        for name in ("cyd", "ada", "bob"):
            add_annotator(opened, name, "annotator", AT)
        retire_annotator(opened, "cyd", AT)
    with snapshot(engine) as opened:
        assert [someone.name for someone in annotators(opened)] == ["ada", "bob", "cyd"]
        with pytest.raises(UsageError, match=r"'eve' is not an annotator here.*\(ada, bob\)"):
            annotator(opened, "eve")


@pytest.mark.parametrize("name", ["", " ada", "a b", "\x1b[2J", "a" * 65, "-x", "ada\n", "=cmd()"])
def test_a_name_that_logs_and_spreadsheets_cannot_hold_is_refused(name: str, engine: Engine) -> None:
    with session(engine) as opened, pytest.raises(UsageError, match="is no name for an annotator"):
        add_annotator(opened, name, "annotator", AT)


@pytest.mark.parametrize("name", ["lot", "LOT", "burden", "burden-0.8.0"])
def test_a_name_by_which_the_program_speaks_is_refused(name: str, engine: Engine) -> None:
    with session(engine) as opened, pytest.raises(UsageError, match="what the program calls itself"):
        add_annotator(opened, name, "annotator", AT)


def test_nobody_retires_whom_nobody_knows(engine: Engine) -> None:
    with session(engine) as opened, pytest.raises(UsageError, match="Run burden annotators add NAME"):
        retire_annotator(opened, "eve", AT)
