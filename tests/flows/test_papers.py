"""Files of every kind of goodness: each is fetched and read where it can be, in another medium where it cannot."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db.engine import session, snapshot
from db.events import Corrected, Envelope
from db.log import append
from db.models import judge_of
from db.papers import FileOf, Media
from db.refresh import cell_state, doctor, state_of
from db.runs import open_failures, record_failure
from db.tables import CellRow, FailureRow, FileRow, ReadingRow
from extractors.facts.errors import DamagedDocumentError
from extractors.facts.ids import CellKey, PaperId
from extractors.paper import EXTRACTOR
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.night import Order, Summary, open_night, run
from flows.papers import ways_to_read
from flows.settings import Html, Settings, environment_of
from flows.status import render, status_of
from flows.steps import PLAIN

FIRST = catalogue()[0]
NAME = FIRST.name
BROKEN = b"%PDF-1.7 nothing that a reader could use\n%%EOF\n"


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
    night: Callable[..., Summary], arxiv: StandIn, clock: PlayedClock
) -> None:
    arxiv.misbehave(Fault("busy", path="/pdf", retry_after="86400"))
    first = night()
    assert first.outcome == "partial"
    assert "Rate limited, resumable: the service asks to wait 86400 s" in first.note
    assert sum(request.path.startswith("/pdf") for request in arxiv.seen) == 1
    clock.sleep(86_400)
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
    night: Callable[..., Summary], engine: Engine, tmp_path: Path, settings: Settings, clock: PlayedClock
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
    with open_night(settings, Order(source="folder", folder=folder), clock=clock) as first:
        summary = run(first, PLAIN)
    assert (summary.outcome, summary.counts["read"]) == ("partial", 1)
    (reading,) = (phase for phase in first.telling.phases if phase.name == "read")
    assert reading.done == reading.total == 6, "a step for each paper, however it ends"
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


@pytest.mark.parametrize("html", ["never", "fallback", "always"])
def test_pages_of_a_folder_are_read_where_there_is_no_pdf_and_where_it_is_broken(
    html: str, night: Callable[..., Summary], engine: Engine, tmp_path: Path, page: bytes
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "1701.00001v1.html").write_bytes(page)
    (folder / "1701.00002v1.pdf").write_bytes(BROKEN)
    (folder / "1701.00002v1.html").write_bytes(page.replace(b"memory each", b"memory"))
    order = Order(source="folder", folder=folder)
    first, again = night(order, PLAIN, html=html), night(order, PLAIN, html=html)
    assert first.counts["read from html"] == (1 if html == "never" else 2)
    assert set(failures(engine)) == ({"1701.00002v1"} if html == "never" else set())
    assert (again.outcome, {"read", "html fetched"} & set(again.counts)) == ("done", set())


# One paper that is there in two media


@pytest.fixture
def single(arxiv: StandIn, page: bytes) -> StandIn:
    """The stand-in with one paper, whose PDF cannot be read, and a page of it."""
    arxiv.samples = (FIRST,)
    arxiv.pdf = lambda _: BROKEN
    arxiv.html = lambda _: page
    return arxiv


def asked_for(arxiv: StandIn, medium: str) -> list[str]:
    return [request.path for request in arxiv.seen if request.path.startswith(f"/{medium}/")]


def failures(engine: Engine) -> dict[str, str]:
    with snapshot(engine) as opened:
        return {row.subject: row.stage for row in open_failures(opened)}


def evidence(engine: Engine, field: str) -> tuple[str, dict[str, object]]:
    """Which file it is from, and the evidence that the cell of the training run cites."""
    with snapshot(engine) as opened:
        (row,) = opened.exec(select(CellRow).where(CellRow.field == field, CellRow.paper_id == FIRST.id))
        files = {file.sha256: file.media for file in opened.exec(select(FileRow))}
        cited = dict(row.evidence or {})
        return files[str(cited["sha256"])], cited


def test_a_paper_whose_pdf_is_broken_is_read_from_its_page_and_cites_its_parts(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    first = night(do=PLAIN, promised_precision=0.3)
    assert (first.outcome, first.counts["read"], first.counts["read from html"]) == ("done", 1, 1)
    assert first.counts["cells automatic"]
    assert failures(engine) == {}
    medium, cited = evidence(engine, "wall_time")
    assert (medium, cited["anchor"], cited["box"]) == ("html", "S3.p1", None)
    asked = len(single.seen)
    again = night(do=PLAIN, promised_precision=0.3)
    assert again.outcome == "done"
    assert not {"fetched", "html fetched", "read"} & set(again.counts)
    assert [seen.path for seen in single.seen[asked:] if not seen.path.startswith(("/api", "/oai"))] == []


def test_a_page_that_is_asked_for_first_is_read_and_its_evidence_placed_in_the_pdf(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.pdf = pdf_of
    first = night(do=PLAIN, html="always")
    assert (first.outcome, first.counts["fetched"], first.counts["html fetched"]) == ("done", 1, 1)
    assert (first.counts["read"], first.counts["read from html"]) == (1, 1)
    medium, cited = evidence(engine, "wall_time")
    assert (medium, cited["anchor"], cited["page"]) == ("pdf", "S3.p1", 2)
    assert cited["box"] is not None
    again = night(do=PLAIN, html="always")
    assert (again.outcome, "read" in again.counts) == ("done", False)
    assert (len(asked_for(single, "pdf")), len(asked_for(single, "html"))) == (1, 1)


def test_a_page_is_not_asked_for_where_the_settings_say_never_or_the_pdf_can_be_read(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    assert night(do=PLAIN, html="never").outcome == "partial"
    assert failures(engine) == {NAME: f"read {EXTRACTOR}"}
    assert asked_for(single, "html") == []
    assert night(do=PLAIN).counts["read from html"] == 1, "what another setting left is made up for"


def test_a_page_is_not_asked_for_where_the_pdf_can_be_read(
    night: Callable[..., Summary], single: StandIn
) -> None:
    single.pdf = pdf_of
    assert night(do=PLAIN).counts["read"] == 1
    assert asked_for(single, "html") == []


@pytest.mark.parametrize("html", ["fallback", "always"])
def test_a_paper_without_a_page_is_asked_for_it_once_and_that_is_no_trouble(
    html: str, night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.html = lambda _: None
    single.pdf = pdf_of if html == "always" else lambda _: BROKEN
    first, again = night(do=PLAIN, html=html), night(do=PLAIN, html=html)
    assert first.counts["without html"] == 1
    assert "fetch failed" not in first.counts
    assert (again.outcome, "without html" in again.counts) == ("done", False)
    assert asked_for(single, "html") == [f"/html/{NAME}"]
    assert set(failures(engine)) == (set() if html == "always" else {NAME})


def test_a_page_that_was_not_there_is_asked_for_again_after_a_week_then_two(
    night: Callable[..., Summary], single: StandIn, clock: PlayedClock, page: bytes
) -> None:
    single.html = lambda _: None
    asked = []
    for days in (0, 6, 2, 12, 3):
        clock.sleep(days * 86_400)
        night(do=PLAIN)
        asked.append(len(asked_for(single, "html")))
    assert asked == [1, 1, 2, 2, 3]
    clock.sleep(29 * 86_400)
    single.html = lambda _: page
    assert night(do=PLAIN).counts["read from html"] == 1


def test_a_pdf_that_never_comes_whole_is_made_up_for_by_the_page(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.misbehave(Fault("truncated", path="/pdf", times=9))
    first, second = night(do=PLAIN, tries_per_paper=2), night(do=PLAIN, tries_per_paper=2)
    assert "read" not in first.counts, "it may come the next night"
    assert second.counts["read from html"] == 1
    assert failures(engine) == {NAME: "fetch"}
    assert night(do=PLAIN, tries_per_paper=2).outcome == "done"


def test_a_page_that_did_not_come_is_asked_for_again_the_next_night(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.misbehave(Fault("challenge", path="/html"), Fault("truncated", path="/html"))
    for _ in range(2):
        assert night(do=PLAIN).outcome == "partial"
        assert failures(engine) == {NAME: f"read {EXTRACTOR}", f"{NAME}.html": "fetch html"}
    assert night(do=PLAIN).counts["read from html"] == 1
    assert failures(engine) == {}


def test_no_page_is_asked_for_in_a_night_in_which_the_service_wants_to_be_left_alone(
    night: Callable[..., Summary], single: StandIn
) -> None:
    single.samples = catalogue()[:2]
    single.misbehave(Fault("busy", path=f"/pdf/{catalogue()[1].name}", retry_after="86400"))
    assert night(do=PLAIN).counts["read failed"] == 1
    assert asked_for(single, "html") == []


def test_a_pdf_waits_for_its_page_where_that_is_to_be_read_first(
    night: Callable[..., Summary], single: StandIn, clock: PlayedClock
) -> None:
    single.pdf = pdf_of
    single.misbehave(Fault("busy", path="/html", retry_after="86400"))
    assert "read" not in night(do=PLAIN, html="always").counts
    clock.sleep(86_400)
    assert night(do=PLAIN, html="always").counts["read from html"] == 1


def test_a_page_that_cannot_be_read_is_made_up_for_by_the_pdf(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.pdf = pdf_of
    single.html = lambda _: (
        b"<!DOCTYPE html><html><body><article class='ltx_document'></article></body></html>"
    )
    summary = night(do=PLAIN, html="always")
    assert (summary.outcome, summary.counts["read"]) == ("done", 1)
    assert "read from html" not in summary.counts
    with snapshot(engine) as opened:
        files = {file.sha256: file.media for file in opened.exec(select(FileRow))}
        assert [files[row.sha256] for row in opened.exec(select(ReadingRow))] == ["pdf"]
        rows = {row.subject: row.resolved_at is not None for row in opened.exec(select(FailureRow))}
    assert rows == {f"{NAME}.html+pdf": True}


def test_a_page_is_read_alone_where_its_pdf_breaks_the_reader(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.pdf = pdf_of
    night(html="always")
    with session(engine) as opened:
        for subject in (f"{NAME}.html+pdf", NAME):
            crash = DamagedDocumentError("reading crashed with SIGSEGV", where=subject)
            record_failure(opened, f"read {EXTRACTOR}", subject, crash, datetime(2024, 3, 15, tzinfo=UTC))
    assert night(do=PLAIN, html="always").counts["read from html"] == 1
    assert evidence(engine, "wall_time")[0] == "html"
    assert failures(engine) == {}


def test_a_paper_that_no_way_leads_to_is_left_alone(
    night: Callable[..., Summary], single: StandIn, engine: Engine
) -> None:
    single.html = lambda _: (
        b"<!DOCTYPE html><html><body><article class='ltx_document'></article></body></html>"
    )
    first, again = night(do=PLAIN), night(do=PLAIN)
    assert (first.outcome, first.counts["read failed"]) == ("partial", 1)
    assert set(failures(engine)) == {NAME, f"{NAME}.html"}
    assert (again.outcome, "read failed" in again.counts) == ("done", False)


def test_papers_that_share_a_file_are_read_once_and_the_second_is_told_as_a_duplicate(
    night: Callable[..., Summary], single: StandIn, settings: Settings
) -> None:
    """The second of two ids with the same bytes used to count as read, without a word, whatever became of the first."""
    single.samples, single.pdf = catalogue()[:2], lambda _: pdf_of(FIRST)
    first = night(do=PLAIN)
    assert (first.outcome, first.counts["read"], first.counts["duplicates"]) == ("done", 1, 1)
    told = render(status_of(settings))
    assert "1, the same file under two ids: 2403.99102 is 2403.99101" in told
    brought = "2 listed (2 new, 0 revised), 2 screened (0 left out), 2 fetched, 1 read (1 with facts)"
    assert brought in " ".join(told.split()), "what the night brought"
    single.samples = (*single.samples, replace(catalogue()[1], version=2))
    single.pdf = lambda _: pdf_of(catalogue()[1])
    second = night(do=PLAIN)
    assert (second.outcome, second.counts["read"], "duplicates" in second.counts) == ("done", 1, False)
    assert "the same file under two ids" not in render(status_of(settings))


def test_what_people_decided_of_a_paper_that_is_withdrawn_stands_of_its_duplicate(
    night: Callable[..., Summary], single: StandIn, engine: Engine, settings: Settings, clock: PlayedClock
) -> None:
    """The second began its review anew, though people had looked at the very same pages."""
    samples = catalogue()[:2]
    single.samples, single.pdf = samples, lambda _: pdf_of(FIRST)
    night(do=PLAIN)
    with session(engine) as opened:
        cell = next(map(state_of, opened.exec(select(CellRow).where(CellRow.field == "count"))))
        assert cell.evidence is not None and cell.value is not None
        said = Envelope("said", clock.now(), "ann", "annotator", cell.key.entity, cell.key.field)
        append(opened, said, Corrected(cell.value, cell.evidence), judge_of(opened, settings.promise))
    withdrawn = replace(samples[0], version=2, withdrawn=True, comment="Withdrawn: it is listed twice.")
    single.samples = (*samples, withdrawn)
    clock.sleep(86_400)
    summary = night(do=PLAIN)
    assert summary.counts["decisions taken over"] == 1
    key = CellKey(replace(cell.key.entity, paper=PaperId(samples[1].id)), cell.key.field)
    with snapshot(engine) as opened:
        taken = cell_state(opened, key)
        assert taken is not None and (taken.status, taken.reviewers) == ("reviewed", ("ann",))
        assert doctor(opened, judge_of(opened, settings.promise)) == ()


_PROGRAM = """
from datetime import date
from flows.night import Order, open_night, run
from flows.settings import load_settings
from flows.steps import PLAIN
if __name__ == "__main__":
    with open_night(load_settings(), Order(since=date(2024, 3, 1), until=date(2024, 3, 31))) as night:
        run(night, PLAIN)
"""


@pytest.mark.parametrize("html", ["fallback", "always"])
def test_a_night_killed_between_pdf_and_page_loses_neither(
    html: Html,
    night: Callable[..., Summary],
    settings: Settings,
    single: StandIn,
    engine: Engine,
    tmp_path: Path,
) -> None:
    single.pdf = pdf_of if html == "always" else lambda _: BROKEN
    single.misbehave(Fault("slow", path="/html"))
    (tmp_path / "program.py").write_text(_PROGRAM)
    told = environment_of(settings.model_copy(update={"html": html}))
    killed = subprocess.Popen([sys.executable, tmp_path / "program.py"], env=told)
    while killed.poll() is None and not asked_for(single, "html"):
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    assert night(do=PLAIN, html=html).counts["read from html"] == 1
    assert (len(asked_for(single, "pdf")), len(asked_for(single, "html"))) == (1, 2)
    with snapshot(engine) as opened:
        assert sorted(opened.exec(select(FileRow.media))) == ["html", "pdf"]
        assert opened.exec(select(col(ReadingRow.version))).all() == [1]


PDF, HTML = (FileOf(PaperId(FIRST.id), 1, "a" * 64, None, media) for media in ("pdf", "html"))


@pytest.mark.parametrize(
    ("html", "files", "ways"),
    [
        ("never", (PDF, HTML), [NAME]),
        ("never", (HTML,), [f"{NAME}.html"]),
        ("fallback", (PDF, HTML), [NAME, f"{NAME}.html"]),
        ("fallback", (PDF,), [NAME]),
        ("always", (PDF, HTML), [f"{NAME}.html+pdf", NAME, f"{NAME}.html"]),
        ("always", (PDF,), [NAME]),
        ("always", (HTML,), [f"{NAME}.html"]),
    ],
)
def test_each_way_to_read_a_version_has_its_turn_and_its_name(
    html: Html, files: tuple[FileOf, ...], ways: list[str]
) -> None:
    given: dict[Media, FileOf] = {file.media: file for file in files}
    assert [way.subject for way in ways_to_read(given, html)] == ways
