"""Reading stored papers again: the difference first, then the change; nothing that a person decided is touched, and nothing done twice."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from rich.console import Console
from sqlalchemy import Engine, text
from sqlmodel import select

import flows.reextract
from db.differences import Differences
from db.engine import open_database, session, snapshot
from db.events import Corrected, Envelope
from db.log import append
from db.models import judge_of
from db.papers import to_read_again
from db.refresh import cell_state, doctor, refresh
from db.runs import last_run
from db.tables import CellRow, FileRow, ProposalRow, ReadingRow
from extractors.facts.errors import ConflictError
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Quantity
from extractors.paper import EXTRACTOR
from flows.cli.codes import DONE, PARTIAL, USAGE
from flows.clock import PlayedClock, SystemClock
from flows.demo.catalogue import catalogue
from flows.demo.standin import stand_in
from flows.night import Order, open_night, run
from flows.progress import Telling
from flows.reextract import Rereading, compare, open_rereading, read, store
from flows.settings import Settings, environment_of
from flows.steps import PLAIN
from tests.command import Done, command

OLDER = "burden-0.1.0"
AT = datetime(2024, 4, 2, tzinfo=UTC)
PAPERS = catalogue()[:2]
PAPER = PaperId(PAPERS[0].id)


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder, contact="ops@example.org", workers=1)


def aged(engine: Engine) -> None:
    """Let an older extractor have read everything, and some of it otherwise: one value, one that it missed, one that is not there."""
    with session(engine) as opened:
        opened.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in ("reading", "proposal"):
            opened.connection().execute(text(f"UPDATE {table} SET extractor = '{OLDER}'"))
        counts = select(ProposalRow).where(ProposalRow.field == "count", ProposalRow.rank == 0)
        changed, *_ = opened.exec(counts.order_by(ProposalRow.entity_id)).all()
        changed.value = {**changed.value, "value": 64.0, "low": 64.0, "high": 64.0, "printed": "64"}
        scores = select(ProposalRow).where(ProposalRow.field == "epochs")
        for missed in opened.exec(scores).all():
            opened.delete(missed)
        never = {**changed.value, "value": 5.0, "low": 5.0, "high": 5.0, "unit": "epochs", "printed": "5"}
        opened.add(
            ProposalRow(
                sha256=changed.sha256,
                extractor=OLDER,
                paper_id=changed.paper_id,
                entity_id=changed.entity_id,
                field="steps",
                rank=0,
                value=never | {"unit": "steps"},
                evidence=changed.evidence,
                features={},
            )
        )
        opened.flush()
        judge = judge_of(opened, Settings().promise)
        for paper in PAPERS:
            refresh(opened, PaperId(paper.id), judge, AT)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose papers an older extractor read."""
    folder = tmp_path_factory.mktemp("aged") / "data"
    with stand_in(PAPERS) as arxiv:
        settings = settings_in(folder).model_copy(
            update={
                "arxiv_pdf_url": arxiv.pdf_url,
                "arxiv_api_url": arxiv.api_url,
                "request_interval_seconds": 0,
            }
        )
        march = Order(since=date(2024, 3, 1), until=date(2024, 3, 31))
        with open_night(settings, march, clock=PlayedClock(AT)) as night:
            run(night, PLAIN)
    engine = open_database(settings.database)
    aged(engine)
    engine.dispose()
    return folder


@pytest.fixture(scope="module")
def drafted(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with what the extractor of now reads as drafts: reading takes a worker, whose start takes longest."""
    folder = tmp_path_factory.mktemp("drafted") / "data"
    shutil.copytree(template, folder)
    with open_rereading(settings_in(folder), clock=PlayedClock(AT)) as work:
        read(work)
        assert not work.lost
    return folder


class Stopped(BaseException):
    """As a Ctrl-C in the middle."""


class Stopping(SystemClock):
    """A clock by which somebody stops a phase as its first paper is done."""

    looks = 0

    def monotonic(self) -> float:
        self.looks += 1
        if self.looks == 2:  # the first look is when the phase begins
            raise Stopped
        return super().monotonic()


@dataclass
class Aged:
    settings: Settings
    engine: Engine

    def compared(self) -> Differences:
        with open_rereading(self.settings, clock=PlayedClock(AT)) as work:
            read(work)
            return compare(work)

    def stored(self) -> Rereading:
        with open_rereading(self.settings, clock=PlayedClock(AT)) as work:
            read(work)
            store(work)
            return work

    def cells(self) -> list[tuple[object, ...]]:
        with snapshot(self.engine) as opened:
            rows = opened.exec(select(CellRow).order_by(CellRow.entity_id, CellRow.field)).all()
            return [(row.entity_id, row.field, row.status, json.dumps(row.value)) for row in rows]

    def changed_cell(self) -> CellKey:
        """The count that the older extractor read otherwise."""
        with snapshot(self.engine) as opened:
            rows = opened.exec(select(CellRow).where(CellRow.field == "count")).all()
            entity = next(row.entity_id for row in rows if row.value and row.value["value"] == 64.0)
        return CellKey.parse(f"{entity}#count")


@pytest.fixture
def old(drafted: Path, tmp_path: Path) -> Iterator[Aged]:
    shutil.copytree(drafted, tmp_path / "data")
    settings = settings_in(tmp_path / "data")
    engine = open_database(settings.database)
    yield Aged(settings, engine)
    engine.dispose()


def test_a_night_leaves_what_another_extractor_read_to_be_compared_first(old: Aged) -> None:
    with snapshot(old.engine) as opened:
        again = to_read_again(opened, EXTRACTOR)
        assert {file.paper_id for file in again} == {paper.id for paper in PAPERS}
        assert to_read_again(opened, OLDER) == ()


def test_the_difference_is_told_by_field_and_nothing_is_changed(old: Aged) -> None:
    before = old.cells()
    found = old.compared()
    assert (found.papers, found.overwritten) == (2, 0)
    count, epochs, steps = (found.fields[f"run.{name}"] for name in ("count", "epochs", "steps"))
    assert count.counts["changed"] == 1
    assert count.shift
    assert (epochs.counts["added"] > 0, steps.counts["gone"]) == (True, 1)
    assert old.cells() == before
    with snapshot(old.engine) as opened:
        assert {row.extractor for row in opened.exec(select(ReadingRow))} == {OLDER}
        assert (last_run(opened, "reextract"), doctor(opened, judge_of(opened, old.settings.promise))) == (
            None,
            (),
        )


def test_what_is_stored_is_what_the_difference_said(old: Aged) -> None:
    said = old.compared()
    with open_rereading(old.settings, clock=PlayedClock(AT)) as work:
        assert store(work).as_json() == said.as_json()
    with snapshot(old.engine) as opened:
        run_row = last_run(opened, "reextract")
        assert run_row and (run_row.outcome, run_row.counts["read"]) == ("done", 2)
        assert {
            row.run_key for row in opened.exec(select(ReadingRow).where(ReadingRow.extractor == EXTRACTOR))
        } == {run_row.run_key}
        assert doctor(opened, judge_of(opened, old.settings.promise)) == ()
    assert not list((old.settings.data_dir / "reextract").rglob("*.gz")), "drafts that are stored are gone"


def test_what_was_stored_is_not_due_again(old: Aged) -> None:
    old.stored()
    with open_rereading(old.settings, clock=PlayedClock(AT)) as work:
        assert not work.due


def test_who_is_stopped_while_storing_goes_on_with_the_rest(old: Aged) -> None:
    stopped_by = Telling(Console(quiet=True), Stopping())
    with open_rereading(old.settings, telling=stopped_by) as work, pytest.raises(Stopped):
        store(work)
    with snapshot(old.engine) as opened:
        stopped = last_run(opened, "reextract")
        assert stopped and (stopped.outcome, stopped.counts) == ("failed", {"read": 1})
    old.stored()
    with snapshot(old.engine) as opened:
        assert len(opened.exec(select(ReadingRow).where(ReadingRow.extractor == EXTRACTOR)).all()) == 2


def test_a_value_that_a_person_decided_stands_and_is_asked_about_again(old: Aged) -> None:
    key = old.changed_cell()
    decided = Quantity.exact(24, "devices", "24")
    with session(old.engine) as opened:
        judge = judge_of(opened, old.settings.promise)
        state = cell_state(opened, key)
        assert state and state.evidence
        envelope = Envelope(str(uuid4()), AT, "ada", "annotator", key.entity, key.field)
        append(opened, envelope, Corrected(decided, state.evidence), judge)
    found = old.compared()
    assert (found.overwritten, found.reopened, found.asked_again) == (0, 1, [key])
    assert "run.count" not in found.fields
    old.stored()
    with snapshot(old.engine) as opened:
        after = cell_state(opened, key)
    assert after and (after.value, after.status, after.look) == (decided, "reviewed", "machine-disagrees")


def test_papers_whose_bytes_are_gone_are_named_and_the_rest_go_on(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "data")
    settings = settings_in(tmp_path / "data")
    engine = open_database(settings.database)
    with snapshot(engine) as opened:
        lost = opened.exec(select(FileRow.sha256).where(FileRow.paper_id == PAPER)).one()
    engine.dispose()
    for file in (tmp_path / "data" / "store").rglob(f"*{lost[4:]}*"):
        file.unlink()
    done = burden(settings, "reextract", "--yes", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == PARTIAL
    assert (told[-1]["missing"], told[-1]["papers"], told[-1]["stored"]) == ([PAPERS[0].name], 1, True)


def test_more_papers_than_are_planned_together_are_all_read(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.reextract, "_AT_ONCE", 1)
    shutil.copytree(template, tmp_path / "data")
    with open_rereading(settings_in(tmp_path / "data"), clock=PlayedClock(AT)) as work:
        read(work)
        assert (len(work.due), work.lost) == (len(PAPERS), {})
        assert compare(work).papers == len(PAPERS)


def test_two_at_once_are_refused(old: Aged) -> None:
    again = open_rereading(old.settings)
    with open_rereading(old.settings), pytest.raises(ConflictError, match="another reextract is running"):
        again.__enter__()


# The command


def burden(settings: Settings, *words: str) -> Done:
    return command(*words, env=environment_of(settings))


def test_a_person_reads_the_difference_at_80_columns_and_is_asked(old: Aged) -> None:
    done = burden(old.settings, "reextract")
    assert done.returncode == DONE, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout.startswith(f"By {EXTRACTOR}, ")
    assert done.stdout.endswith("Nothing was stored; --yes stores it.\n"), "nobody is at a terminal"
    assert burden(old.settings, "reextract", "--yes").stdout.endswith("Stored.\n")
    assert burden(old.settings, "reextract").stdout.startswith("Nothing to do: ")


def test_changes_come_as_json_a_line_for_each_paper(old: Aged) -> None:
    done = burden(
        old.settings, "reextract", "--json", "--dry-run", "--papers", f"{PAPERS[0].id},{PAPERS[1].id}"
    )
    *papers, sums = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["paper"] for one in papers] == [paper.name for paper in PAPERS]
    kinds = [change["kind"] for one in papers for change in one["changes"]]
    assert kinds.count("changed") == sum(of.get("changed", 0) for of in sums["fields"].values()) > 0
    assert sums["stored"] is False


def test_a_paper_that_was_never_read_is_refused(old: Aged) -> None:
    done = burden(old.settings, "reextract", "--papers", "2401.00001")
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "never read: 2401.00001" in done.stderr
