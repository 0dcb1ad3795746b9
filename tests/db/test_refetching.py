"""What was lost is asked for once, and what was replaced is known for ever."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from db.engine import session
from db.papers import UNKNOWN, Listing, Validators, record_file, record_listings
from db.refetching import (
    file_at,
    is_lost,
    lost,
    note_found,
    note_lost,
    replace_file,
    replaced,
    to_check,
    to_fetch_again,
)
from extractors.facts.ids import PaperId

AT = datetime(2026, 11, 23, tzinfo=UTC)
A, B = PaperId("2401.00001"), PaperId("2401.00002")
SHA, OTHER = "a" * 64, "b" * 64
URL, TAG = "https://example.org/a.pdf", Validators('"a"', None)


def fill(engine: Engine) -> None:
    """Two papers of one file, of which the service said by what it knows the first."""
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(id, 1, "", "", (), (), AT, AT, b"") for id in (A, B)], AT)
        record_file(opened, A, 1, sha256=SHA, size=1, at=AT, url=URL, validators=TAG)
        record_file(opened, B, 1, sha256=SHA, size=1, at=AT)


def test_a_lost_file_that_two_papers_share_is_asked_for_once_and_without_conditions(engine: Engine) -> None:
    fill(engine)
    with session(engine) as opened:
        assert (note_lost(opened, [SHA], AT), note_lost(opened, [SHA], AT)) == (1, 0)
        assert [(file.paper_id, file.known_by) for file in to_fetch_again(opened)] == [(A, UNKNOWN)]
        assert (is_lost(opened, SHA), lost(opened), file_at(opened, URL)) == (True, frozenset({SHA}), None)
        note_found(opened, SHA)
        assert (is_lost(opened, SHA), to_fetch_again(opened)) == (False, ())


def test_a_file_is_asked_about_only_where_the_service_said_by_what_it_knows_it(engine: Engine) -> None:
    fill(engine)
    with session(engine) as opened:
        later = AT + timedelta(days=8)
        assert [(file.paper_id, file.known_by) for file in to_check(opened, "pdf", later, 9)] == [(A, TAG)]
        assert to_check(opened, "pdf", AT, 9) == ()
        known = file_at(opened, URL)
        assert known is not None and known.known_by == TAG


def test_what_was_replaced_is_gone_only_when_nobody_else_has_it(engine: Engine) -> None:
    fill(engine)
    with session(engine) as opened:
        for paper, gone in ((A, set()), (B, {SHA})):
            note_lost(opened, [SHA], AT)
            file = next(file for file in to_fetch_again(opened))
            assert file.paper_id == paper
            replace_file(opened, file, sha256=OTHER, size=2, at=AT, url=URL, validators=UNKNOWN)
            assert replaced(opened) == gone
        assert to_fetch_again(opened) == ()
