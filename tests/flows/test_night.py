"""Whole nights without Prefect, against the stand-in over real HTTP, with a real database and real worker processes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from db.engine import open_database, snapshot
from db.harvests import Reached, reached
from db.overview import overview
from db.runs import last_run
from db.screening_tables import ScreeningRow
from db.tables import FileRow, PaperRow, ReadingRow, RunRow
from extractors.facts.errors import ConflictError, StoreError, UsageError
from flows.clock import PlayedClock, SystemClock
from flows.demo.catalogue import catalogue
from flows.demo.standin import StandIn, stand_in
from flows.night import Night, Order, Steps, Summary, open_night, run
from flows.settings import Settings, environment_of
from flows.sources.oai import set_of
from flows.steps import PLAIN
from flows.watch.report import report_from_json

MARCH = Order(since=date(2024, 3, 1), until=date(2024, 3, 15))
REVISED = next(sample for sample in catalogue() if sample.version == 2)
FEW = tuple(s for s in catalogue() if s.id in (REVISED.id, catalogue()[0].id, catalogue()[-1].id))


def settings_for(arxiv: StandIn, folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        arxiv_api_url=arxiv.api_url,
        arxiv_pdf_url=arxiv.pdf_url,
        request_interval_seconds=0,
        contact="ops@example.org",
    )


def night_of(settings: Settings, order: Order = MARCH, do: Steps = PLAIN) -> Summary:
    with open_night(settings, order, clock=SystemClock()) as night:
        return run(night, do)


@pytest.fixture(scope="module")
def few_papers() -> Iterator[StandIn]:
    before_the_revision = max(s.updated for s in FEW if s is not REVISED)
    with stand_in(FEW, as_of=before_the_revision) as running:
        yield running


@pytest.fixture(scope="module")
def first_night(few_papers: StandIn, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Summary]:
    settings = settings_for(few_papers, tmp_path_factory.mktemp("nights") / "data")
    return settings, night_of(settings)


@pytest.fixture
def opened(first_night: tuple[Settings, Summary]) -> Iterator[Session]:
    engine = open_database(first_night[0].database)
    with snapshot(engine) as session:
        yield session
    engine.dispose()


def asked_for_pdfs(arxiv: StandIn) -> list[str]:
    return [request.path for request in arxiv.seen if request.path.startswith("/pdf")]


def test_a_night_takes_every_paper_from_its_listing_to_its_cells(
    first_night: tuple[Settings, Summary], opened: Session, few_papers: StandIn
) -> None:
    summary = first_night[1]
    papers = {row.paper_id for row in opened.exec(select(PaperRow))}
    relevant = {row.paper_id for row in opened.exec(select(ScreeningRow)) if row.decision == "relevant"}
    assert papers == {s.id for s in few_papers.current() if not set(s.categories).isdisjoint(CATEGORIES)}
    assert {row.paper_id for row in opened.exec(select(FileRow))} == relevant
    assert {row.paper_id for row in opened.exec(select(ReadingRow))} == relevant
    assert overview(opened).cells["automatic"] == summary.counts["cells automatic"] > 0
    assert (summary.outcome, summary.counts["read"]) == ("done", len(relevant))


CATEGORIES = Settings().categories


def test_a_night_leaves_its_row_and_moves_the_watermark(
    first_night: tuple[Settings, Summary], opened: Session, few_papers: StandIn
) -> None:
    run_row = opened.get(RunRow, first_night[1].key)
    assert run_row
    assert (run_row.outcome, run_row.counts) == ("done", first_night[1].counts)
    began = few_papers.now().replace(microsecond=0)
    assert reached(opened, "oai", set_of(FEW[0].primary_category)) == Reached(began, None)


def test_a_night_leaves_its_report_with_what_it_found_by_field_and_rule(
    first_night: tuple[Settings, Summary], opened: Session
) -> None:
    row = opened.get(RunRow, first_night[1].key)
    assert row and row.report
    report = report_from_json(row.report)
    assert report.steps.read == report.steps.with_facts == first_night[1].counts["read"]
    assert report.fields["run.accelerator"].papers > 0
    assert sum(found.facts for found in report.fields.values()) == sum(f.facts for f in report.rules.values())
    assert set(report.seconds) == {"harvest", "screen", "read", "route"}
    assert (report.backlog.to_fetch, report.backlog.to_read) == (0, 0)


def test_a_finished_night_repeated_fetches_and_reads_nothing_again(
    first_night: tuple[Settings, Summary], few_papers: StandIn
) -> None:
    before = asked_for_pdfs(few_papers)
    again = night_of(first_night[0])
    assert asked_for_pdfs(few_papers) == before
    assert again.outcome == "done"
    assert not {"new", "fetched", "read"} & set(again.counts)


def test_a_revised_paper_is_fetched_and_read_in_its_new_version(
    first_night: tuple[Settings, Summary], few_papers: StandIn
) -> None:
    settings, _ = first_night
    few_papers.as_of = None
    summary = night_of(settings)
    assert (summary.counts["revised"], summary.counts["fetched"], summary.counts["read"]) == (1, 1, 1)
    assert summary.counts["cells changed by revisions"] > 0
    engine = open_database(settings.database)
    with snapshot(engine) as session:
        versions = session.exec(select(ReadingRow.version).where(ReadingRow.paper_id == REVISED.id)).all()
    engine.dispose()
    assert sorted(versions) == [1, 2]


_PROGRAM = """
from datetime import date
from flows.night import Order, open_night, run
from flows.settings import load_settings
from flows.steps import PLAIN
if __name__ == "__main__":
    with open_night(load_settings(), Order(since=date(2024, 3, 1), until=date(2024, 3, 31))) as night:
        run(night, PLAIN)
"""


def test_a_night_killed_halfway_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    with stand_in(FEW) as arxiv:
        settings = settings_for(arxiv, tmp_path / "data")
        (tmp_path / "program.py").write_text(_PROGRAM)
        killed = subprocess.Popen([sys.executable, tmp_path / "program.py"], env=environment_of(settings))
        while killed.poll() is None and not asked_for_pdfs(arxiv):
            time.sleep(0.005)
        killed.kill()
        killed.wait()
        summary = night_of(settings)
        asked = asked_for_pdfs(arxiv)
    engine = open_database(settings.database)
    with snapshot(engine) as session:
        outcomes = session.exec(select(RunRow.outcome).order_by(col(RunRow.started_at))).all()
        holds = overview(session)
    engine.dispose()
    assert outcomes == ["failed", "done"]
    assert summary.counts["read"] == holds.readings == holds.files
    assert len(asked) - len(set(asked)) <= 1, (
        "only the paper on its way when the process died is asked for again"
    )


def test_two_nights_never_run_at_once_in_one_folder(settings: Settings, clock: PlayedClock) -> None:
    second = open_night(settings, MARCH)
    with open_night(settings, MARCH, clock=clock), pytest.raises(ConflictError, match="another crawl"):
        second.__enter__()


def test_a_schedule_that_fires_twice_does_the_work_once(settings: Settings, clock: PlayedClock) -> None:
    order = Order(since=date(2020, 1, 4), until=date(2020, 1, 4), key="nightly 2020-01-05T02:30:00")
    assert night_of(settings, order).outcome == "done"
    with pytest.raises(ConflictError, match="already done"):
        night_of(settings, order)


def test_a_crash_is_written_into_the_row_of_the_run(settings: Settings) -> None:
    def crash(night: Night) -> None:
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError):
        night_of(settings, MARCH, replace(PLAIN, harvest=crash))
    engine = open_database(settings.database)
    with snapshot(engine) as session:
        row = last_run(session)
        assert row
        assert (row.outcome, row.note) == ("failed", "RuntimeError: a defect")
    engine.dispose()


def test_without_dates_a_night_looks_back_a_week_from_now_and_then_from_the_watermark(
    settings: Settings, clock: PlayedClock
) -> None:
    with open_night(settings, Order(), clock=clock) as night:
        assert night.window.until == clock.now()
        assert (night.window.until - night.window.since).days == 7
    night_of(settings, Order(since=date(2020, 1, 4), until=date(2020, 1, 5)))
    with open_night(settings, Order(), clock=clock) as night:
        assert (night.window.until - night.window.since).days == 7, "an empty window moved no watermark"


def test_the_real_arxiv_is_refused_without_a_contact(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="without a contact address"),
        open_night(Settings(data_dir=tmp_path, contact=""), Order()),
    ):
        pass


def test_on_a_full_disk_no_night_begins_and_the_room_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefect's server gave up after two minutes, and its address was said to be wrong."""
    monkeypatch.setattr("flows.night.LEAST_FREE", 10**18)
    with (
        pytest.raises(StoreError, match=r"no room to work in: \d+\.\d MB are free.*Make room"),
        open_night(settings, MARCH),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "occupied").write_text("a file")
    blocked = settings.model_copy(update={"data_dir": tmp_path / "occupied" / "data"})
    with pytest.raises(StoreError, match="the data folder cannot be written"), open_night(blocked, Order()):
        pass


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"source": "folder"}, "needs the folder"),
        ({"folder": Path("papers")}, "Add --source folder"),
        ({"since": date(2024, 3, 2), "until": date(2024, 3, 1)}, "after the last"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(parts: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Order(**parts)  # type: ignore[arg-type]
