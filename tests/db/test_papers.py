"""Metadata is kept as received, and a watermark moves only with the rows it stands for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from db.engine import session, snapshot
from db.papers import (
    Harvested,
    Listing,
    file_of,
    listing_of,
    move_watermark,
    record_file,
    record_listings,
    record_screening,
    source_state,
    to_fetch,
    to_read,
    unscreened,
)
from db.tables import ReadingRow
from extractors.facts.ids import PaperId

AT = datetime(2026, 11, 23, tzinfo=UTC)
FIRST = Listing(
    PaperId("2401.00001"),
    1,
    "A Net",
    "We train a net.",
    ("A. Author",),
    ("cs.CV",),
    AT - timedelta(days=3),
    AT - timedelta(days=3),
    b"<entry/>",
    "https://papers.example/pdf/2401.00001v1",
)
SECOND = replace(FIRST, version=2, title="A Better Net", pdf_url="https://papers.example/pdf/2401.00001v2")
SHA, OTHER = "a" * 64, "b" * 64


def relevant(opened: Session, listing: Listing, decision: str = "relevant") -> None:
    record_screening(
        opened,
        listing.paper_id,
        listing.version,
        stage="listing",
        decision=decision,
        domains=["image-classification"],
        reason="Names ImageNet.",
        at=AT,
    )


def test_a_listing_comes_back_as_it_was_received(engine: Engine) -> None:
    with session(engine) as opened:
        assert record_listings(opened, "arxiv", [FIRST], AT) == Harvested(1, 0, 0)
    with snapshot(engine) as opened:
        assert listing_of(opened, FIRST.paper_id) == FIRST


def test_a_version_seen_again_is_left_as_it_was(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        assert record_listings(opened, "arxiv", [replace(FIRST, title="Changed")], AT) == Harvested(0, 0, 1)
        assert listing_of(opened, FIRST.paper_id) == FIRST


@pytest.mark.parametrize("order", [[FIRST, SECOND], [SECOND, FIRST]])
def test_the_newest_version_counts_in_whatever_order_they_come(engine: Engine, order: list[Listing]) -> None:
    with session(engine) as opened:
        assert record_listings(opened, "arxiv", order, AT) == Harvested(1, 1, 0)
        assert listing_of(opened, FIRST.paper_id) == SECOND
        assert listing_of(opened, FIRST.paper_id, 1) == FIRST
        assert unscreened(opened) == (SECOND,)


def test_a_watermark_is_lost_with_the_rows_it_stands_for(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), session(engine) as opened:  # noqa: PT012
        record_listings(opened, "arxiv", [FIRST], AT)
        move_watermark(opened, "arxiv", AT, AT)
        _ = 1 / 0
    with snapshot(engine) as opened:
        assert source_state(opened, "arxiv") is None
        assert listing_of(opened, FIRST.paper_id) is None


def test_a_watermark_never_moves_back(engine: Engine) -> None:
    with session(engine) as opened:
        move_watermark(opened, "arxiv", AT, AT)
        move_watermark(opened, "arxiv", AT - timedelta(days=9), AT, token="page-2")
        move_watermark(opened, "arxiv", None, AT, token="page-3")
        state = source_state(opened, "arxiv")
        assert state is not None
        assert (state.watermark, state.token) == (AT, "page-3")


def test_only_relevant_papers_without_a_file_are_fetched(engine: Engine) -> None:
    other = replace(FIRST, paper_id=PaperId("2401.00002"))
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST, other], AT)
        assert to_fetch(opened) == ()
        relevant(opened, FIRST)
        relevant(opened, other, "irrelevant")
        assert unscreened(opened) == ()
        assert [(file.paper_id, file.url) for file in to_fetch(opened)] == [(FIRST.paper_id, FIRST.pdf_url)]
        record_file(opened, FIRST.paper_id, 1, sha256=SHA, size=7, at=AT)
        assert to_fetch(opened) == ()


def read(opened: Session, sha256: str, extractor: str = "burden-1") -> None:
    opened.add(
        ReadingRow(
            sha256=sha256,
            extractor=extractor,
            paper_id=FIRST.paper_id,
            version=1,
            title="",
            pages=1,
            read_at=AT,
        )
    )
    opened.flush()


def test_a_version_is_fetched_in_each_medium_by_itself(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        relevant(opened, FIRST)
        record_file(opened, FIRST.paper_id, 1, sha256=SHA, size=7, at=AT)
        assert (to_fetch(opened), [file.media for file in to_fetch(opened, "html")]) == ((), ["html"])
        assert len(to_fetch(opened, "html", unread_by="burden-1")) == 1
        read(opened, SHA)
        assert to_fetch(opened, "html", unread_by="burden-1") == ()
        assert len(to_fetch(opened, "html", unread_by="burden-2")) == 1
        record_file(opened, FIRST.paper_id, 1, sha256=OTHER, size=9, at=AT, media="html")
        assert to_fetch(opened, "html") == ()


@pytest.mark.parametrize("sha256", [SHA, OTHER])
def test_a_version_is_read_when_one_of_its_files_is(engine: Engine, sha256: str) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        record_file(opened, FIRST.paper_id, 1, sha256=SHA, size=7, at=AT)
        record_file(opened, FIRST.paper_id, 1, sha256=OTHER, size=9, at=AT, media="html")
        found = [(file.media, file.sha256) for file in to_read(opened, "burden-1")]
        assert found == [("html", OTHER), ("pdf", SHA)]
        read(opened, sha256)
        assert to_read(opened, "burden-1") == ()


def test_a_file_is_read_once_by_each_extractor_whosever_it_is(engine: Engine) -> None:
    twin = replace(FIRST, paper_id=PaperId("2401.00002"))
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST, twin], AT)
        for listing in (FIRST, twin):
            record_file(opened, listing.paper_id, 1, sha256=SHA, size=7, at=AT)
        papers = [(file.paper_id, file.sha256) for file in to_read(opened, "burden-1")]
        assert papers == [(FIRST.paper_id, SHA), (twin.paper_id, SHA)]
        read(opened, SHA)
        assert to_read(opened, "burden-1") == ()
        assert len(to_read(opened, "burden-2")) == 2


def test_a_file_is_known_by_its_bytes_in_the_newest_version_that_has_them(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "test", [FIRST, SECOND], AT)
        for version in (1, 2):
            record_file(opened, FIRST.paper_id, version, sha256=SHA, size=1, at=AT)
        record_file(opened, FIRST.paper_id, 2, sha256=OTHER, size=1, at=AT, media="html")
        found = [file_of(opened, FIRST.paper_id, sign * 64) for sign in "abc"]
        assert [(file.version, file.media) for file in found if file] == [(2, "pdf"), (2, "html")]
        assert found[2] is None
        assert file_of(opened, "2401.99999", "a" * 64) is None
