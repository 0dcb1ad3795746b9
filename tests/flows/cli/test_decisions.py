"""Review by single commands, over a pipe, on a real database; the data folder is that of `test_review`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.annotators import add_annotator
from db.cells import Judge
from db.engine import open_database, session
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.readings import save
from extractors.confidence import Linear
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading, Rival
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.command import Done, command
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 30, tzinfo=UTC)
PAPER, SHA256 = PaperId("2401.00001"), "1" * 64
RUN = EntityId(PAPER, "run", "net")
COUNT, TIME = CellKey(RUN, "count"), CellKey(RUN, "wall_time")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a count, which two people are to decide, and a time."""
    engine = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    migrated(engine)
    words = Evidence(SHA256, 4, None, "Training", "Eight devices \x1b[31mran for one day.", "test.rule")
    facts = (
        Proposal(
            COUNT, Quantity.exact(8, "devices", "Eight"), words, (Rival(Quantity.exact(4, "devices"), words),)
        ),
        Proposal(TIME, Quantity.exact(86_400, "s", "one day"), words),
    )
    judge = Judge.of(
        model_of({"training": Linear(0.0)}), Promise(0.9, 0.1), ReviewPolicy(second_fields=("run.count",))
    )
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=SHA256, size=1, at=AT)
        save(opened, Reading(SHA256, "burden-1", PAPER, "A Net", 9, facts), judge, AT)
        for name in ("ann", "bob", "cyd"):
            add_annotator(opened, name, "annotator", AT)
    engine.dispose()
    return tmp_path


def burden(folder: Path, *words: str, who: str = "ann", keys: str = "") -> Done:
    environment = {
        "BURDEN_PROMISED_PRECISION": "1",
        "BURDEN_DATA_DIR": str(folder),
        "PATH": "",
        "BURDEN_ANNOTATOR": who,
    }
    return command(*words, env=environment, keys=keys)


def told(folder: Path, *command: str, who: str = "ann") -> dict[str, object]:
    done = burden(folder, "review", *command, "--json", who=who)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def taken(folder: Path, who: str = "ann", *more: str) -> dict[str, object]:
    item = told(folder, "next", *more, who=who)["item"]
    assert isinstance(item, dict)
    return item


def test_an_item_is_taken_and_decided_by_two_commands(folder: Path) -> None:
    item = taken(folder)
    assert (item["cell"], item["probability"], item["shown"]) == (
        str(COUNT),
        0.5,
        "8 devices, printed “Eight”",
    )
    assert taken(folder)["cell"] == str(COUNT)
    done = told(folder, "accept", "--candidate", "2")
    assert (done["cell"], done["status"], done["shown"]) == (str(COUNT), "reviewed", "4 devices")
    assert taken(folder)["cell"] == str(TIME)
    assert told(folder, "correct", "2 days")["shown"] == "172,800 s, printed “2 days”"
    assert told(folder, "next")["item"] is None


def test_undo_goes_back_and_what_was_taken_back_waits_again(folder: Path) -> None:
    taken(folder)
    told(folder, "not-reported")
    assert told(folder, "undo")["undone"] == str(COUNT)
    assert told(folder, "undo")["undone"] is None
    assert taken(folder)["cell"] == str(COUNT)


def test_nothing_is_decided_that_was_not_taken(folder: Path) -> None:
    done = burden(folder, "review", "accept")
    assert (done.returncode, done.stdout) == (2, "")
    assert "ann holds no item. Take one with: burden review next" in done.stderr


def test_an_answer_to_another_cell_than_the_one_taken_is_refused(folder: Path) -> None:
    taken(folder)
    done = burden(folder, "review", "accept", "--cell", str(TIME))
    assert done.returncode != 0
    assert f"ann holds {COUNT}" in done.stderr
    assert burden(folder, "review", "accept", "--cell", str(COUNT)).returncode == 0


def test_what_is_given_back_is_free_and_what_is_skipped_comes_last(folder: Path) -> None:
    taken(folder)
    told(folder, "skip")
    assert taken(folder)["cell"] == str(TIME)
    told(folder, "leave")
    assert taken(folder, "bob")["cell"] == str(TIME)


def test_a_value_that_is_none_of_the_field_changes_nothing(folder: Path) -> None:
    taken(folder)
    done = burden(folder, "review", "correct", "soon")
    assert done.returncode != 0
    assert "'soon' is not a value of run.count" in done.stderr
    assert burden(folder, "review", "accept", "--candidate", "7").returncode == 2
    assert burden(folder, "review", "reject").returncode == 2
    assert told(folder, "reject", "--reason", "of the server")["status"] == "rejected"


def test_two_people_decide_blind_and_a_third_settles_it(folder: Path) -> None:
    taken(folder)
    told(folder, "accept", "--reason", "plainly")
    taken(folder)
    told(folder, "accept")
    seen = taken(folder, "bob")
    assert (seen["cell"], seen["shown"], seen["opinions"]) == (
        str(COUNT),
        "8 devices, printed “Eight”",
        [],
    )
    told(folder, "accept", "--candidate", "2", who="bob")
    assert "Nothing waits for you." in burden(folder, "adjudicate", who="bob").stdout
    settled = taken(folder, "cyd", "--adjudicate")
    opinions = settled["opinions"]
    assert isinstance(opinions, list)
    assert [(opinion["who"], opinion["shown"], opinion["reason"]) for opinion in opinions] == [
        ("ann", "8 devices, printed “Eight”", "plainly"),
        ("bob", "4 devices", ""),
    ]
    assert "Nothing waits for you." in burden(folder, "adjudicate", who="cyd").stdout, "a command holds it"
    told(folder, "leave", "--adjudicate", who="cyd")
    shown = burden(folder, "adjudicate", who="cyd", keys="2\n").stdout
    assert all(words in shown for words in ("ann", "8 devices", "plainly", "bob", "4 devices"))
    assert told(folder, "next", "--adjudicate", who="cyd")["item"] is None


def test_what_is_shown_cannot_steer_the_terminal(folder: Path) -> None:
    shown = burden(folder, "review", "next").stdout
    assert "ran for one day" in shown
    assert "\x1b" not in shown
