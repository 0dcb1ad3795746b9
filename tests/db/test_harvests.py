"""A watermark moves only with the rows it stands for, and a token stays with its window."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db.engine import session, snapshot
from db.harvests import Reached, Unfinished, move_watermark, note_unfinished, reached
from db.papers import Listing, listing_of, record_listings
from extractors.facts.ids import PaperId

AT = datetime(2026, 11, 23, tzinfo=UTC)
LISTING = Listing(PaperId("2401.00001"), 1, "A Net", "", (), (), AT, AT, b"")
HALFWAY = Unfinished("page-2", AT - timedelta(days=7), None, AT)


def test_a_watermark_is_lost_with_the_rows_it_stands_for(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), session(engine) as opened:  # noqa: PT012
        record_listings(opened, "oai", [LISTING], AT)
        move_watermark(opened, "oai", "cs", AT, AT)
        _ = 1 / 0
    with snapshot(engine) as opened:
        assert reached(opened, "oai", "cs") == Reached(None, None)
        assert listing_of(opened, LISTING.paper_id) is None


def test_a_watermark_never_moves_back(engine: Engine) -> None:
    with session(engine) as opened:
        move_watermark(opened, "oai", "cs", AT, AT)
        move_watermark(opened, "oai", "cs", AT - timedelta(days=9), AT)
        assert reached(opened, "oai", "cs") == Reached(AT, None)
        assert reached(opened, "oai", "stat") == Reached(None, None), "every part has its own"


def test_an_unfinished_harvest_is_kept_with_its_window_until_it_ends(engine: Engine) -> None:
    with session(engine) as opened:
        move_watermark(opened, "oai", "cs", AT, AT)
        note_unfinished(opened, "oai", "cs", HALFWAY, AT)
    with session(engine) as opened:
        assert reached(opened, "oai", "cs") == Reached(AT, HALFWAY)
        move_watermark(opened, "oai", "cs", AT + timedelta(days=1), AT)
        assert reached(opened, "oai", "cs") == Reached(AT + timedelta(days=1), None)


def test_a_harvest_that_has_to_begin_anew_forgets_its_token_and_keeps_its_watermark(engine: Engine) -> None:
    with session(engine) as opened:
        move_watermark(opened, "oai", "cs", AT, AT)
        note_unfinished(opened, "oai", "cs", HALFWAY, AT)
        note_unfinished(opened, "oai", "cs", None, AT)
        assert reached(opened, "oai", "cs") == Reached(AT, None)
