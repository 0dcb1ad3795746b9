"""`burden export` and `burden import` as a person runs them, on a real database."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.annotators import add_annotator
from db.cells import Judge
from db.engine import open_database, session, snapshot
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
from tests.command import Done, command
from tests.databases import migrated
from tests.models import model_of

if TYPE_CHECKING:
    from tests.released import Releases

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, SHA256 = PaperId("2401.00001"), "1" * 64
RUN = EntityId(PAPER, "run", "net")
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
    migrated(engine)
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


def burden(folder: Path, *words: str) -> Done:
    environment = {
        "BURDEN_DATA_DIR": str(folder),
        "BURDEN_PROMISED_PRECISION": "1",
        "PATH": "",
        "LOGNAME": "ann",
    }
    return command(*words, env=environment, cwd=folder)


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


# A spreadsheet


def test_a_sheet_goes_out_and_its_answers_come_back_once(folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    assert burden(folder, "export", "csv", "--out", str(sheet)).returncode == 0
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfcell,seen,")
    lines = sheet.read_text("utf-8-sig").splitlines()
    answered = [
        f"{line[:-2]}correct,16,odd" if "#count" in line else f"{line[:-2]}yes,," for line in lines[1:]
    ]
    sheet.write_text("\r\n".join([lines[0], *answered]), "utf-8-sig")
    tried = burden(folder, "import", "csv", str(sheet), "--as", "bob", "--dry-run")
    assert (tried.returncode, tried.stdout) == (
        3,
        "1 answers would be imported, 0 are here already, 1 would be refused, 0 are blank.\n",
    )
    assert state(folder, "count") == ("queued", 8, 0)
    done = burden(folder, "import", "csv", str(sheet), "--as", "bob")
    assert (done.returncode, done.stdout) == (
        3,
        "1 answers were imported, 0 are here already, 1 were refused, 0 are blank.\n",
    )
    assert "'yes' is no decision" in done.stderr
    assert re.match(r"burden: row [23]: ", done.stderr)
    assert state(folder, "count") == ("reviewed", 16, 1)
    again = burden(folder, "import", "csv", str(sheet), "--as", "bob")
    assert again.stdout.startswith("0 answers were imported, 1 are here already")
    assert state(folder, "count") == ("reviewed", 16, 1)


@pytest.mark.parametrize("kind", ["csv", "label-studio", "authors"])
def test_somebody_unknown_imports_nothing(folder: Path, tmp_path: Path, kind: str) -> None:
    files = {
        "csv": "cell,seen,decision,value,reason\r\n2401.00001/run/net#count,q1.2,accept,,\r\n",
        "label-studio": "[]",
        "authors": "paper: 2401.00001\nabcdefgh [x] right\n",
    }
    file = tmp_path / "file"
    file.write_text(files[kind], "utf-8")
    done = burden(folder, "import", kind, str(file), "--as", "eve")
    assert (done.returncode, "'eve' is not an annotator here" in done.stderr) == (2, True)
    assert state(folder, "count") == ("queued", 8, 0)


# Label Studio


def test_what_several_people_annotated_needs_to_be_told_apart(folder: Path, tmp_path: Path) -> None:
    assert burden(folder, "export", "label-studio", "--out", str(tmp_path / "ls")).returncode == 0
    assert (tmp_path / "ls" / "labelling.xml").read_text("utf-8").startswith("<View>")
    tasks = json.loads((tmp_path / "ls" / "tasks.json").read_text("utf-8"))
    for user, task in enumerate(tasks, 3):
        said = {
            "from_name": "decision",
            "to_name": "quote",
            "type": "choices",
            "value": {"choices": ["accept"]},
        }
        task["annotations"] = [{"id": user, "completed_by": user, "result": [said], "lead_time": 4.5}]
    file = tmp_path / "export.json"
    file.write_text(json.dumps(tasks), "utf-8")
    done = burden(folder, "import", "label-studio", str(file))
    assert (done.returncode, "nothing says who 3, 4 is" in done.stderr) == (2, True)
    wrong = burden(folder, "import", "label-studio", str(file), "--user", "3=ann", "--user", "4=eve")
    assert (wrong.returncode, "'eve' is not an annotator" in wrong.stderr) == (2, True)
    told = burden(folder, "import", "label-studio", str(file), "--user", "3=ann", "--user", "4=bob")
    assert (told.returncode, told.stdout.startswith("2 answers were imported")) == (0, True)
    assert {state(folder, field)[0] for field in ("count", "wall_time")} == {"reviewed"}


# Authors


def test_what_an_author_ticks_in_a_mail_is_decided(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "authors"
    assert burden(folder, "export", "authors", str(PAPER), "--out", str(out)).returncode == 0
    assert sorted(path.name for path in out.iterdir()) == ["2401.00001.html", "2401.00001.txt"]
    mail = (out / "2401.00001.txt").read_text("utf-8").replace("your name: ", "your name: Jo Doe")
    reply = tmp_path / "reply.txt"
    reply.write_text(
        "".join(f"> {line}\n" for line in mail.replace("[ ] right", "[x] right", 1).splitlines()), "utf-8"
    )
    done = burden(folder, "import", "authors", str(reply), "--as", "bob")
    assert (done.returncode, done.stdout) == (
        0,
        "1 answers were imported, 0 are here already, 0 were refused, 1 are blank.\n",
    )
    assert state(folder, "count") == ("reviewed", 8, 1)


def test_a_paper_that_is_not_there_has_no_page(folder: Path, tmp_path: Path) -> None:
    done = burden(folder, "export", "authors", "2999.00001", "--out", str(tmp_path / "authors"))
    assert (done.returncode, "there is no paper 2999.00001" in done.stderr) == (2, True)
    assert not (tmp_path / "authors").exists()


def test_a_file_far_too_large_is_refused_unread(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "large"
    with file.open("wb") as opened:
        opened.truncate(10**12)
    done = burden(folder, "import", "csv", str(file))
    assert (done.returncode, "has more than 64,000,000 bytes" in done.stderr) == (1, True)


# Corrections

CORRECTION = """
- cell: 2401.00001/run/net#count
  value: 16
  expect: 8
  reason: two nodes of eight
  source: a mail
  by: grace
"""


def test_corrections_are_taken_once_and_as_a_whole(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "corrections.yml"
    file.write_text(CORRECTION)
    tried = burden(folder, "import", "corrections", str(file), "--dry-run")
    assert tried.stdout == "1 corrections would be imported, 0 are here already.\n"
    assert state(folder, "count") == ("queued", 8, 0)
    file.write_text(
        CORRECTION + CORRECTION.replace("#count", "#wall_time").replace("expect: 8", "expect: 9 days")
    )
    refused = burden(folder, "import", "corrections", str(file))
    assert (refused.returncode, refused.stdout) == (1, "Nothing was imported: some corrections do not fit.\n")
    assert "burden: line 9: 2401.00001/run/net#wall_time holds" in refused.stderr
    assert state(folder, "count") == ("queued", 8, 0)
    file.write_text(CORRECTION)
    done = burden(folder, "import", "corrections", str(file))
    assert (done.returncode, done.stdout) == (0, "1 corrections were imported, 0 are here already.\n")
    assert state(folder, "count") == ("reviewed", 16, 1)
    again = burden(folder, "import", "corrections", str(file))
    assert again.stdout == "0 corrections were imported, 1 are here already.\n"
    assert state(folder, "count") == ("reviewed", 16, 1)


def test_a_file_of_corrections_that_is_none_changes_nothing(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "corrections.yml"
    file.write_text("- {cell: ")
    done = burden(folder, "import", "corrections", str(file))
    assert (done.returncode, "the file is no YAML" in done.stderr) == (1, True)
    file.write_text("- cell: x\n")
    done = burden(folder, "import", "corrections", str(file))
    assert (done.returncode, "line 1" in done.stderr) == (1, True)


def test_the_reason_of_a_correction_is_in_the_change_log_of_the_next_release(
    releases: Releases, tmp_path: Path
) -> None:
    file = tmp_path / "corrections.yml"
    file.write_text(CORRECTION.replace("value: 16", "value: 24").replace("expect: 8", "expect: 16"))
    add_people(releases.data)
    assert burden(releases.data, "import", "corrections", str(file)).returncode == 0
    built = releases.build()
    with (built / "changes.csv").open(encoding="utf-8", newline="") as opened:
        rows = {row["cell"]: row for row in csv.DictReader(opened)}
    row = rows[f"{RUN}#count"]  # the packaged model, which judges here, leaves others to people
    assert (row["change"], row["before"], row["after"]) == ("changed", "16.0", "24.0")
    assert row["reason"].startswith("correction by grace corrected it on ")
    assert row["reason"].endswith(": two nodes of eight; source: a mail; imported by ann.")
    assert row["reason"].partition(": ")[2] in (built / "CHANGELOG.md").read_text()


def add_people(folder: Path) -> None:
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        add_annotator(opened, "ann", "senior", AT)
    engine.dispose()
