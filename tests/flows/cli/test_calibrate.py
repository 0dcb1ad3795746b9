"""`burden calibrate`, as a person runs it: it learns from review, and refuses what is worse than the present model."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlmodel import select
from typer.testing import CliRunner

import flows.calibration
from annotation.calibration.calibrating import Calibration
from annotation.calibration.report import write
from db.cells import Judge
from db.engine import open_database, session, snapshot
from db.events import Accepted, Envelope, ProposalKey, Rejected
from db.log import append
from db.models import choose, current
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.tables import CellRow
from extractors.confidence import Linear, Model
from extractors.facts.errors import BurdenError, ConflictError, GateError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId, file_paper_id
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.judgements import Judgement
from extractors.promise import Promise
from flows.calibration import Labelled
from flows.cli.root import app
from flows.clock import SystemClock
from flows.settings import load_settings
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 20, tzinfo=UTC)
JUDGE = Judge.of(model_of({"training": Linear(0.0)}), Promise())
PAPERS, EACH = 16, 3
TRUE = Linear(0.5, {"telling": 3.0})
"""How likely the made values are to be right."""
Run = Callable[..., str]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BURDEN_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def calibrate(*words: str) -> str:
    return CliRunner().invoke(app, ["calibrate", *words], catch_exceptions=False).stdout


def refused(kind: type[BurdenError], *words: str) -> str:
    with pytest.raises(kind) as raised:
        calibrate(*words)
    return str(raised.value)


@pytest.fixture
def reviewed(data: Path, decided: Path) -> Path:
    """A database of papers whose values somebody has decided, and one more that waits."""
    shutil.copytree(decided, data)
    return data


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It, to be copied."""
    data = tmp_path_factory.mktemp("decided")
    engine = open_database(f"sqlite:///{data / 'burden.sqlite'}")
    migrated(engine)
    random = np.random.default_rng(1)
    for number in range(PAPERS + 1):
        paper, sha = PaperId(f"2401.{number + 1:05}"), f"{number:064x}"
        runs = [EntityId(paper, "run", f"run-{n}") for n in range(EACH)]
        telling = [float(x) for x in random.normal(size=EACH)]
        right = [bool(random.random() < TRUE.probability({"telling": x})) for x in telling]
        evidence = Evidence(sha, 1, None, "Training", "on 8 GPUs", "test.rule")
        eight = Quantity.exact(8, "devices", "8")
        facts = [
            Proposal(
                CellKey(run, "count"),
                eight,
                evidence,
                features={"telling": x, f"of-{number}": 1.0 if is_right else -1.0},
            )
            for run, x, is_right in zip(runs, telling, right, strict=True)
        ]
        with session(engine) as opened:
            record_listings(opened, "test", [Listing(paper, 1, "A Net", "", (), (), AT, AT, b"")], AT)
            record_file(opened, paper, 1, sha256=sha, size=1, at=AT)
            save(opened, Reading(sha, "burden-1", paper, "A Net", 9, tuple(facts)), JUDGE, AT)
        if number == PAPERS:
            continue
        for run, is_right in zip(runs, right, strict=True):
            about = Envelope(str(uuid4()), AT + timedelta(hours=1), "ada", "annotator", run, "count")
            event = Accepted(ProposalKey(sha, "burden-1", 0), eight, evidence) if is_right else Rejected()
            with session(engine) as opened:
                append(opened, about, event, JUDGE)
    engine.dispose()
    return data


def judging(data: Path) -> tuple[Model, set[str | None]]:
    """The model that judges, and the models by which the undecided cells were judged."""
    engine = open_database(f"sqlite:///{data / 'burden.sqlite'}")
    with snapshot(engine) as opened:
        undecided = opened.exec(select(CellRow).where(CellRow.status != "rejected"))
        found = current(opened), {row.model_sha for row in undecided if row.decided_at is None}
    engine.dispose()
    return found


def test_what_people_decided_makes_a_model_that_judges_what_waits(reviewed: Path) -> None:
    said = json.loads(calibrate("--json"))
    model, by = judging(reviewed)
    assert said["installed"] is True
    assert said["judged"] == PAPERS * EACH
    assert model.sha256 == said["model"]["sha256"]
    assert by == {model.sha256}
    assert model.fields["run.count"].weights["telling"] > 0.5
    assert (reviewed / "calibration" / "report.md").is_file()


def test_a_dry_run_reports_and_installs_nothing(reviewed: Path, tmp_path: Path) -> None:
    before = judging(reviewed)
    said = calibrate("--dry-run", "--out", str(tmp_path / "report"))
    assert judging(reviewed) == before
    assert f"{PAPERS * EACH} judged values of {PAPERS} papers." in said
    assert "Nothing is installed." in said
    assert (tmp_path / "report" / "model.json").is_file()


def test_a_model_that_is_worse_is_refused_and_the_present_one_stays(reviewed: Path) -> None:
    engine = open_database(f"sqlite:///{reviewed / 'burden.sqlite'}")
    # it knows what each paper has of its own, from which nobody who has not seen the paper can learn
    knowing = Linear(0.0, {f"of-{number}": 5.0 for number in range(PAPERS + 1)})
    with session(engine) as opened:
        choose(opened, Model("present", {"training": knowing}), AT)
    engine.dispose()
    assert "not installed: its Brier score over all values is" in refused(GateError)
    assert judging(reviewed)[0].version == "present"


def test_a_model_is_not_installed_over_one_that_was_chosen_meanwhile(
    reviewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(done: Calibration, folder: Path) -> tuple[str, ...]:
        engine = open_database(f"sqlite:///{reviewed / 'burden.sqlite'}")
        with session(engine) as opened:
            choose(opened, Model("other", {"training": TRUE}), AT)
        engine.dispose()
        return write(done, folder)

    monkeypatch.setattr(flows.calibration, "write", meanwhile)
    assert "meanwhile somebody chose another" in refused(ConflictError)
    assert judging(reviewed)[0].version == "other"


def test_labels_need_the_papers_they_are_about(data: Path) -> None:
    assert "go together" in refused(UsageError, "--labels", "gold.jsonl")


def test_nothing_judged_is_said_in_words(data: Path) -> None:
    assert "0 judged values of 0 papers are too few" in refused(UsageError)
    assert not data.exists()


def test_a_labelled_paper_that_cannot_be_read_is_named_and_the_others_go_on(
    reviewed: Path, tmp_path: Path
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "broken.pdf").write_bytes(b"no paper")
    (tmp_path / "labels.jsonl").write_text('{"file": "broken.pdf", "training": []}\n')
    ran = CliRunner().invoke(
        app, ["calibrate", "--labels", "labels.jsonl", "--papers", "papers", "--dry-run"]
    )
    assert ran.exit_code == 3
    assert "broken.pdf" in ran.stderr
    assert f"{PAPERS * EACH} judged values" in ran.stdout


def test_a_name_in_labels_does_not_steer_the_terminal(data: Path, tmp_path: Path) -> None:
    line = '{"file": "\\u001b[31mred.pdf"}\n'
    (tmp_path / "labels.jsonl").write_text(line * 2)
    command = [sys.executable, "-c", "from flows.cli import main; main()"]
    words = ["calibrate", "--labels", "labels.jsonl", "--papers", "."]
    ran = subprocess.run([*command, *words], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (ran.returncode, "red.pdf is labelled twice" in ran.stderr) == (2, True)
    assert "\x1b" not in ran.stderr


def test_a_labelled_paper_is_one_with_the_reviewed_one_whose_file_it_is(reviewed: Path) -> None:
    # it has no stamp that says which paper it is
    run_, unnamed = EntityId(file_paper_id("0" * 64), "run", "run-0"), file_paper_id("0" * 64)
    evidence = Evidence("0" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")
    fact = Proposal(CellKey(run_, "count"), Quantity.exact(8, "devices"), evidence)
    labelled = Labelled([Judgement.of(fact, "labels", right=True)], files={unnamed: "0" * 64})
    done = flows.calibration.run(load_settings(), SystemClock(), labelled, None, install=False)
    assert len(done.calibration.model.seen) == PAPERS
    assert len(done.calibration.trial) == (PAPERS - 1) * EACH + 1
