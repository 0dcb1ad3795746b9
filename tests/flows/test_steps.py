"""What each step does when its world misbehaves: nothing is lost, nothing is believed lightly, the rest go on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import open_database, session, snapshot
from db.papers import move_watermark, source_state
from db.runs import last_run, open_failures
from db.tables import CellRow, FailureRow, FileRow, PaperRow, ReadingRow, ScreeningRow
from extractors.facts.errors import (
    BurdenError,
    ChallengePageError,
    RefusedRequestError,
    SilentSourceError,
    UnreachableError,
)
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.night import Order, Steps, Summary, open_night, run
from flows.settings import Settings
from flows.steps import PLAIN

MARCH = Order(since=date(2024, 3, 1), until=date(2024, 3, 31))
UNREAD = replace(PLAIN, extract=lambda _: None)
"""The night without reading, for what happens before."""


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    found = open_database(settings.database)
    yield found
    found.dispose()


@pytest.fixture
def night(settings: Settings, clock: PlayedClock) -> Callable[..., Summary]:
    def ran(order: Order = MARCH, do: Steps = UNREAD, **changed: object) -> Summary:
        clock.sleep(60)
        with open_night(settings.model_copy(update=changed), order, clock=clock) as opened:
            return run(opened, do)

    return ran


def watermark(engine: Engine, settings: Settings) -> datetime | None:
    with snapshot(engine) as opened:
        state = source_state(opened, "atom", " ".join(sorted(settings.categories)))
        return state.watermark if state else None


# Harvest


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("challenge"), ChallengePageError),
        (Fault("error-feed"), RefusedRequestError),
        (Fault("empty"), SilentSourceError),
    ],
)
def test_a_harvest_that_failed_moves_no_watermark_and_says_why_in_its_row(
    fault: Fault,
    error: type[BurdenError],
    night: Callable[..., Summary],
    arxiv: StandIn,
    engine: Engine,
    settings: Settings,
) -> None:
    arxiv.misbehave(fault)
    with pytest.raises(error) as raised:
        night()
    assert watermark(engine, settings) is None
    with snapshot(engine) as opened:
        row = last_run(opened)
        assert row
        assert (row.outcome, row.note) == ("failed", str(raised.value))


def test_pages_before_a_failure_are_kept_but_the_watermark_stays(
    night: Callable[..., Summary], arxiv: StandIn, engine: Engine, settings: Settings
) -> None:
    with pytest.raises(UnreachableError):
        night(arxiv_api_url="http://127.0.0.1:9/api/query", request_tries=1)
    arxiv.misbehave(Fault("error-feed", path="/api", after=2))
    with pytest.raises(RefusedRequestError):
        night(page_size=3)
    with snapshot(engine) as opened:
        kept = len(opened.exec(select(PaperRow)).all())
    assert 0 < kept < len(arxiv.current())
    assert watermark(engine, settings) is None
    night(page_size=3)
    assert watermark(engine, settings) is not None


def test_an_empty_weekend_is_no_failure_but_moves_no_watermark(
    night: Callable[..., Summary], engine: Engine, settings: Settings
) -> None:
    saturday = date(2020, 1, 4)
    assert night(Order(since=saturday, until=saturday + timedelta(days=1))).outcome == "done"
    assert watermark(engine, settings) is None
    with pytest.raises(SilentSourceError, match="2020-01-03 to 2020-01-05"):
        night(Order(since=saturday - timedelta(days=1), until=saturday + timedelta(days=1)))


def test_a_window_that_leaves_a_gap_behind_the_watermark_does_not_move_it(
    night: Callable[..., Summary], engine: Engine, settings: Settings
) -> None:
    reached = datetime(2024, 2, 1, tzinfo=UTC)
    with open_night(settings, MARCH), session(engine) as opened:
        move_watermark(opened, "atom", reached, reached, set_name=" ".join(sorted(settings.categories)))
    night()
    assert watermark(engine, settings) == reached
    night(Order(since=date(2024, 1, 30), until=date(2024, 3, 31)))
    assert watermark(engine, settings) > reached  # type: ignore[operator]


# Screening


def test_every_listed_paper_is_screened_with_a_reason(night: Callable[..., Summary], engine: Engine) -> None:
    summary = night()
    with snapshot(engine) as opened:
        rows = [(row.decision, row.reason) for row in opened.exec(select(ScreeningRow))]
    assert len(rows) == summary.counts["listed"]
    assert all(reason for _, reason in rows)
    assert {decision for decision, _ in rows} == {"relevant", "irrelevant"}


# Fetch


def test_a_paper_that_cannot_be_fetched_is_recorded_and_fetched_the_next_night(
    night: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    arxiv.misbehave(Fault("truncated", path="/pdf"), Fault("challenge", path="/pdf"))
    first = night()
    assert (first.outcome, first.counts["fetch failed"]) == ("partial", 2)
    with snapshot(engine) as opened:
        reasons = sorted(row.error for row in open_failures(opened, "fetch"))
    assert reasons == ["ChallengePageError", "DamagedDocumentError"]
    second = night()
    assert (second.outcome, second.counts["fetched"]) == ("done", 2)
    with snapshot(engine) as opened:
        assert not open_failures(opened)
        assert len(opened.exec(select(FileRow)).all()) == first.counts["fetched"] + 2


def test_a_service_that_wants_to_be_left_alone_is_and_the_rest_come_the_next_night(
    night: Callable[..., Summary], arxiv: StandIn
) -> None:
    arxiv.misbehave(Fault("busy", path="/pdf", retry_after="86400"))
    first = night()
    assert first.outcome == "partial"
    assert "Fetching stopped early, to be resumed: the service asks to wait 86400 s" in first.note
    assert sum(request.path.startswith("/pdf") for request in arxiv.seen) == 1
    assert night().counts["fetched"] == first.counts["relevant"]


def test_a_paper_that_failed_too_often_is_left_alone(night: Callable[..., Summary], arxiv: StandIn) -> None:
    for _ in range(2):
        arxiv.misbehave(Fault("truncated", path="/pdf/2403.99101"))
        night(tries_per_paper=2)
    assert night(tries_per_paper=2).outcome == "done"
    assert sum(request.path.startswith("/pdf/2403.99101") for request in arxiv.seen) == 2


# Extraction, from a folder of good and bad files


def encrypted_pdf() -> bytes:
    """One empty page behind a password that nobody knows."""
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32),
    )
    data, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, 1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    trailer = b"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>"
    return data + b"xref\n0 5\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (table, trailer, len(data))


def test_a_folder_with_every_kind_of_bad_file_gives_readings_and_failures(
    night: Callable[..., Summary], engine: Engine, tmp_path: Path
) -> None:
    good = pdf_of(catalogue()[0])
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "good.pdf").write_bytes(good)
    (folder / "1701.00001v1.pdf").write_bytes(good[: len(good) // 2])
    (folder / "1701.00002v1.pdf").write_bytes(b"Dear colleague, the paper is attached.")
    (folder / "1701.00003v1.pdf").write_bytes(b"%PDF-1.7 nothing that a reader could use\n%%EOF\n")
    (folder / "1701.00004v1.pdf").write_bytes(b"<html><title>Are you a robot?</title>captcha</html>")
    (folder / "1701.00005v1.pdf").write_bytes(encrypted_pdf())
    summary = night(Order(source="folder", folder=folder), PLAIN)
    assert (summary.outcome, summary.counts["read"]) == ("partial", 1)
    with snapshot(engine) as opened:
        failed = {row.subject: (row.stage.split()[0], row.error) for row in open_failures(opened)}
        assert [row.paper_id for row in opened.exec(select(ReadingRow))] == [catalogue()[0].id]
        assert opened.exec(select(CellRow)).first()
        assert all(row.reason.count(". ") <= 1 for row in opened.exec(select(FailureRow)))
    assert failed == {
        "1701.00001v1": ("fetch", "DamagedDocumentError"),
        "1701.00002v1": ("fetch", "NotADocumentError"),
        "1701.00003v1": ("read", "DamagedDocumentError"),
        "1701.00004v1": ("fetch", "ChallengePageError"),
        "1701.00005v1": ("read", "EncryptedDocumentError"),
    }
    again = night(Order(source="folder", folder=folder), PLAIN)
    assert "read failed" not in again.counts, "what this extractor could not read it does not try again"


def test_an_empty_folder_is_a_failure(night: Callable[..., Summary], tmp_path: Path) -> None:
    with pytest.raises(SilentSourceError):
        night(Order(source="folder", folder=tmp_path))


# Routing


def test_another_promise_moves_the_border_between_published_and_queued(
    night: Callable[..., Summary], tmp_path: Path
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "good.pdf").write_bytes(pdf_of(catalogue()[0]))
    order = Order(source="folder", folder=tmp_path / "papers")
    before = night(order, PLAIN).counts
    lenient = night(order, PLAIN, publish_at=0.1).counts
    assert lenient.get("cells queued", 0) < before["cells queued"]
    assert night(order, PLAIN).counts["cells queued"] == before["cells queued"]
