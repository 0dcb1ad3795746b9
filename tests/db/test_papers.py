"""Metadata is kept as received, and what is withdrawn is kept and marked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from db.engine import session, snapshot
from db.papers import (
    Harvested,
    Listing,
    Withdrawal,
    file_of,
    listing_of,
    record_file,
    record_listings,
    record_withdrawals,
    to_fetch,
    to_read,
    to_read_again,
)
from db.screenings import record_screening, to_screen
from db.tables import PaperRow, PaperVersionRow, ReadingRow
from extractors.facts.ids import PaperId

AT = datetime(2026, 11, 23, tzinfo=UTC)
LATER = AT + timedelta(days=1)
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
RULES = "0" * 64
"""Of rules that decided nothing so far."""


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


def test_a_version_seen_again_is_left_as_it_was_and_what_it_now_says_is_kept_beside(engine: Engine) -> None:
    otherwise = replace(FIRST, title="Changed", raw=b"<other/>")
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        assert record_listings(opened, "arxiv", [otherwise], LATER) == Harvested(0, 0, 1, 1)
        assert listing_of(opened, FIRST.paper_id) == FIRST
        row = opened.get_one(PaperVersionRow, (FIRST.paper_id, 1))
        assert (row.relisted, row.relisted_at) == (b"<other/>", LATER)
        assert record_listings(opened, "arxiv", [otherwise], LATER) == Harvested(0, 0, 1)
        assert record_listings(opened, "arxiv", [replace(FIRST, raw=b"<first again/>")], LATER) == Harvested(
            0, 0, 1
        )
        assert row.relisted is None, "it says again what it said at first"


@pytest.mark.parametrize(
    "same",
    [
        replace(FIRST, authors=("Author, A.",), licence="http://creativecommons.org/licenses/by/4.0/"),
        replace(FIRST, title="", abstract="", categories=(), comment=None),
    ],
    ids=["another spelling", "less"],
)
def test_what_sources_only_write_differently_is_no_change(engine: Engine, same: Listing) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        assert record_listings(opened, "oai", [replace(same, raw=b"<oai/>")], LATER) == Harvested(0, 0, 1)


@pytest.mark.parametrize("order", [[FIRST, SECOND], [SECOND, FIRST]])
def test_the_newest_version_counts_in_whatever_order_they_come(engine: Engine, order: list[Listing]) -> None:
    with session(engine) as opened:
        assert record_listings(opened, "arxiv", order, AT) == Harvested(1, 0, 0)
        assert listing_of(opened, FIRST.paper_id) == SECOND
        assert listing_of(opened, FIRST.paper_id, 1) == FIRST
        assert [(due.paper_id, due.version) for due in to_screen(opened, RULES)] == [(FIRST.paper_id, 2)]


def test_a_known_paper_is_revised_once_however_many_versions_came(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [SECOND], AT)
        found = record_listings(opened, "arxiv", [FIRST, SECOND], AT)
        assert found == Harvested(0, 0, 1), "an older version that comes late revises nothing"
        third, fourth = replace(FIRST, version=3), replace(FIRST, version=4, title="The Best Net")
        assert record_listings(opened, "arxiv", [third, fourth], AT) == Harvested(0, 1, 0)
        assert listing_of(opened, FIRST.paper_id) == fourth


def test_a_batch_of_more_papers_than_a_query_asks_for_is_stored_whole(engine: Engine) -> None:
    many = [replace(FIRST, paper_id=PaperId(f"2401.{n:05}")) for n in range(1, 503)]
    with session(engine) as opened:
        assert record_listings(opened, "arxiv", many, AT) == Harvested(502, 0, 0)
        assert record_listings(opened, "arxiv", many, AT) == Harvested(0, 0, 502)


def test_two_harvests_that_bring_the_same_at_once_store_it_once(engine: Engine) -> None:
    many, met = [replace(FIRST, paper_id=PaperId(f"2401.{n:05}")) for n in range(1, 200)], Barrier(4)

    def store(_: int) -> Harvested:
        met.wait()
        with session(engine) as opened:
            return record_listings(opened, "arxiv", many, AT)

    with ThreadPoolExecutor(4) as machines:
        found = list(machines.map(store, range(4)))
    assert sorted((one.new, one.known) for one in found) == [(0, 199), (0, 199), (0, 199), (199, 0)]


def test_a_withdrawn_paper_is_kept_and_marked_but_neither_fetched_nor_read(engine: Engine) -> None:
    gone = Withdrawal(FIRST.paper_id, LATER, "An error in Lemma 2.")
    unknown = Withdrawal(PaperId("2401.00009"), LATER, "Never seen.")
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST, SECOND], AT)
        relevant(opened, SECOND)
        record_file(opened, FIRST.paper_id, 2, sha256=SHA, size=7, at=AT)
        assert to_read(opened) != ()
        assert record_withdrawals(opened, [gone, unknown]) == 1
        assert record_withdrawals(opened, [gone]) == 0, "it was known"
        row = opened.get_one(PaperRow, FIRST.paper_id)
        assert (row.withdrawn_at, row.withdrawn_reason) == (LATER, "An error in Lemma 2.")
        assert (to_read(opened), to_fetch(opened, "html")) == ((), ())
        assert listing_of(opened, FIRST.paper_id) == SECOND


def test_a_paper_that_its_source_lists_again_stands(engine: Engine) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        record_withdrawals(opened, [Withdrawal(FIRST.paper_id, AT, "By mistake.")])
        record_withdrawals(opened, [], [FIRST.paper_id, "2401.00009"])
        assert opened.get_one(PaperRow, FIRST.paper_id).withdrawn_at is None


def test_only_relevant_papers_without_a_file_are_fetched(engine: Engine) -> None:
    other = replace(FIRST, paper_id=PaperId("2401.00002"))
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST, other], AT)
        assert to_fetch(opened) == ()
        relevant(opened, FIRST)
        relevant(opened, other, "irrelevant")
        assert to_screen(opened, RULES) == ()
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
        assert len(to_fetch(opened, "html", unread=True)) == 1
        read(opened, SHA)
        assert to_fetch(opened, "html", unread=True) == ()
        record_file(opened, FIRST.paper_id, 1, sha256=OTHER, size=9, at=AT, media="html")
        assert to_fetch(opened, "html") == ()


@pytest.mark.parametrize("sha256", [SHA, OTHER])
def test_a_version_is_read_when_one_of_its_files_is(engine: Engine, sha256: str) -> None:
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST], AT)
        record_file(opened, FIRST.paper_id, 1, sha256=SHA, size=7, at=AT)
        record_file(opened, FIRST.paper_id, 1, sha256=OTHER, size=9, at=AT, media="html")
        found = [(file.media, file.sha256) for file in to_read(opened)]
        assert found == [("html", OTHER), ("pdf", SHA)]
        read(opened, sha256)
        assert to_read(opened) == ()


def test_a_file_is_read_once_by_each_extractor_as_that_of_the_first_who_has_it(engine: Engine) -> None:
    twin = replace(FIRST, paper_id=PaperId("2401.00002"))
    with session(engine) as opened:
        record_listings(opened, "arxiv", [FIRST, twin], AT)
        for listing in (FIRST, twin):
            record_file(opened, listing.paper_id, 1, sha256=SHA, size=7, at=AT)
        papers = [(file.paper_id, file.sha256) for file in to_read(opened)]
        assert papers == [(FIRST.paper_id, SHA)]
        read(opened, SHA)
        assert to_read(opened) == ()
        assert to_read_again(opened, "burden-1") == ()
        assert [file.paper_id for file in to_read_again(opened, "burden-2")] == [FIRST.paper_id]
        assert to_read_again(opened, "burden-2", [twin.paper_id]) == ()


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
