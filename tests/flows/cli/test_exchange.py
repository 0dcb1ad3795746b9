"""`burden export` and `burden import` as a person runs them, on a real database."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.annotators import add_annotator
from db.cells import Judge
from db.engine import migrate, open_database, session, snapshot
from db.events import Corrected, Envelope
from db.log import append, last_seq
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import cell_state
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, SHA256 = PaperId("2401.00001"), "1" * 64
RUN = EntityId(PAPER, "run", "net")
COMMAND = "from flows.cli import main; main()"
FAMILY = Linear(0.0)
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))
WORDS = Evidence(SHA256, 4, None, "Training", "Eight devices ran for one day.", "test.rule")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with two values that wait."""
    return filled(tmp_path / "data")


def filled(folder: Path) -> Path:
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    migrate(engine)
    values = {
        "count": Quantity.exact(8, "devices", "Eight"),
        "wall_time": Quantity.exact(86_400, "s", "one day"),
    }
    facts = tuple(Proposal(CellKey(RUN, field), value, WORDS) for field, value in values.items())
    with session(engine) as opened:
        add_annotator(opened, "ann", "senior", AT)
        add_annotator(opened, "bob", "annotator", AT)
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=SHA256, size=1, at=AT)
        save(opened, Reading(SHA256, "burden-1", PAPER, "A Net", 9, facts), JUDGE, AT)
    engine.dispose()
    return folder


def burden(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"BURDEN_DATA_DIR": str(folder), "PATH": "", "PYTHONIOENCODING": "utf-8", "LOGNAME": "ann"}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *command],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=folder,
    )


def decide(folder: Path, number: float, uuid: str = "u1") -> None:
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        said = Corrected(Quantity.exact(number, "devices"), WORDS)
        append(opened, Envelope(uuid, AT, "ann", "annotator", RUN, "count"), said, JUDGE)
    engine.dispose()


def state(folder: Path, field: str) -> tuple[str, object, int]:
    """A cell's status and value, and how many entries the log has."""
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with snapshot(engine) as opened:
        found, entries = cell_state(opened, CellKey(RUN, field)), last_seq(opened)
    engine.dispose()
    return (
        (found.status, getattr(found.value, "value", None), entries) if found else ("unknown", None, entries)
    )


# The log


def test_a_log_goes_to_another_database_and_only_once(folder: Path, tmp_path: Path) -> None:
    decide(folder, 4)
    log = tmp_path / "log.jsonl"
    assert burden(folder, "export", "log", "--out", str(log)).returncode == 0
    assert [json.loads(line)["line"] for line in log.read_text("utf-8").splitlines()] == [
        "burden-log",
        "paper",
        "entity",
        "entry",
    ]
    other = filled(tmp_path / "other")
    tried = burden(other, "import", "log", str(log), "--dry-run")
    assert (tried.returncode, tried.stdout) == (0, "1 entries would be imported, 0 are here already.\n")
    assert state(other, "count") == ("queued", 8, 0)
    done = burden(other, "import", "log", str(log))
    assert (done.returncode, done.stdout) == (0, "1 entries were imported, 0 are here already.\n")
    assert state(other, "count") == ("reviewed", 4, 1)
    again = burden(other, "import", "log", str(log))
    assert (again.returncode, again.stdout) == (0, "0 entries were imported, 1 are here already.\n")
    assert state(other, "count") == ("reviewed", 4, 1)


def test_a_log_that_conflicts_is_told_by_line_and_left_out(folder: Path, tmp_path: Path) -> None:
    decide(folder, 4)
    exported = burden(folder, "export", "log").stdout
    other = filled(tmp_path / "other")
    decide(other, 2, "v1")
    file = tmp_path / "log.jsonl"
    file.write_text(exported, "utf-8")
    done = burden(other, "import", "log", str(file))
    assert done.returncode == 3
    assert done.stderr == "burden: line 4: something else was said here of 2401.00001/run/net#count\n"
    assert "1 of 1 papers were left as they are" in done.stdout
    assert state(other, "count") == ("reviewed", 2, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", "cell;decision\r\n", "\0"])
def test_a_file_that_is_no_log_is_refused(folder: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "wrong"
    file.write_text(text, "utf-8")
    done = burden(folder, "import", "log", str(file))
    assert done.returncode == 1
    assert done.stderr.startswith("burden: ")
    assert "Traceback" not in done.stderr


def test_a_folder_that_takes_no_file_is_told(folder: Path, tmp_path: Path) -> None:
    done = burden(folder, "export", "log", "--out", str(tmp_path / "none" / "log.jsonl"))
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)


@pytest.mark.parametrize("who", ["bob", "eve"])
def test_only_a_senior_speaks_for_others(folder: Path, tmp_path: Path, who: str) -> None:
    decide(folder, 4)
    file = tmp_path / "log.jsonl"
    assert burden(folder, "export", "log", "--out", str(file)).returncode == 0
    done = burden(folder, "import", "log", str(file), "--as", who)
    assert (done.returncode, who in done.stderr) == (2, True)


def test_a_file_that_is_not_there_is_told(folder: Path) -> None:
    done = burden(folder, "import", "log", "none.jsonl")
    assert (done.returncode, "No such file" in done.stderr) == (2, True)
