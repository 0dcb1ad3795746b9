"""`burden review` and `burden queue` as a person runs them, over a pipe, on a real database."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.annotators import add_annotator
from db.cells import Judge
from db.engine import open_database, session, snapshot
from db.log import history
from db.models import choose
from db.papers import Listing, record_file, record_listings
from db.queue import counts
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

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, SHA256 = PaperId("2401.00001"), "1" * 64
RUN = EntityId(PAPER, "run", "net")
COMMAND = "from flows.cli import main; main()"
FAMILY = Linear(0.0)
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with two values that wait."""
    engine = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    migrated(engine)
    evidence = Evidence(SHA256, 4, None, "Training", "Eight devices ran for one day.", "test.rule")
    values = {
        "count": Quantity.exact(8, "devices", "Eight"),
        "wall_time": Quantity.exact(86_400, "s", "one day"),
    }
    facts = tuple(Proposal(CellKey(RUN, field), value, evidence) for field, value in values.items())
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=SHA256, size=1, at=AT)
        save(opened, Reading(SHA256, "burden-1", PAPER, "A Net", 9, facts), JUDGE, AT)
        add_annotator(opened, "ann", "annotator", AT)
    engine.dispose()
    return tmp_path


def burden(folder: Path, *words: str, keys: str = "") -> Done:
    return command(*words, env=environment(folder), keys=keys)


def environment(folder: Path) -> dict[str, str]:
    # nothing is proven to be right always, so that all waits whatever the packaged model thinks of it
    return {
        "BURDEN_DATA_DIR": str(folder),
        "BURDEN_PROMISED_PRECISION": "1",
        "PATH": "",
        "PYTHONIOENCODING": "utf-8",
        "LOGNAME": "ann",
    }


def state(folder: Path, field: str) -> tuple[str, object]:
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with snapshot(engine) as opened:
        found = cell_state(opened, CellKey(RUN, field))
        held = counts(opened, datetime.now(UTC)).held
    engine.dispose()
    assert found is not None
    assert held == 0
    return found.status, found.value


def test_the_queue_says_what_waits(folder: Path) -> None:
    found = json.loads(burden(folder, "queue", "--json").stdout)
    assert (found["open"], found["papers"], found["by_field"]) == (2, 1, {"run.count": 1, "run.wall_time": 1})
    assert [item["cell"] for item in found["next"]] == [f"{RUN}#count", f"{RUN}#wall_time"]
    assert found["by_paper"] == {PAPER: 2}
    shown = burden(folder, "queue").stdout
    assert "2 values in 1 papers wait" in shown
    assert f"2  {PAPER}" in shown


def test_what_was_rejected_is_listed_with_reasons(folder: Path) -> None:
    burden(folder, "review", "--as", "ann", keys="r of the test server\nq\n")
    found = json.loads(burden(folder, "queue", "--rejected", "--json").stdout)
    assert found["rejected"] == 1
    (value,) = found["values"]
    assert (value["cell"], value["people"]) == (f"{RUN}#count", ["ann"])
    assert (value["value"]["value"], value["evidence"]["page"]) == (8, 4)
    assert value["reasons"] == ["ann: of the test server"]
    shown = burden(folder, "queue", "--rejected", "--paper", PAPER, "--field", "count").stdout
    assert "rejected values: 1" in shown
    assert f"{RUN}#count  8 devices, printed “Eight”  (by ann)" in shown
    assert "p. 4: “Eight devices ran for one day.”" in shown
    assert "rejected values: 0" in burden(folder, "queue", "--rejected", "--field", "model.flops").stdout


def test_what_waits_is_not_asked_for_by_field(folder: Path) -> None:
    done = burden(folder, "queue", "--field", "count")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Add --rejected" in done.stderr


def test_answers_over_a_pipe_decide_cells(folder: Path) -> None:
    done = burden(folder, "review", "--as", "ann", keys="a\nc 2 days\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing waits for you." in done.stdout
    assert state(folder, "count") == ("reviewed", Quantity.exact(8, "devices", "Eight"))
    assert state(folder, "wall_time") == ("reviewed", Quantity.exact(172_800, "s", "2 days"))


def test_an_answer_taken_back_is_asked_again_at_once(folder: Path) -> None:
    done = burden(folder, "review", "--as", "ann", keys="a\nu\nr not this\nq\n")
    assert f"Taken back: {RUN}#count" in done.stdout
    assert state(folder, "count")[0] == "rejected"
    assert state(folder, "wall_time")[0] == "queued"


def test_reviews_go_by_the_chosen_model(folder: Path) -> None:
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        choose(opened, JUDGE.model, AT)
    burden(folder, "review", "--as", "ann", keys="a\n")
    with snapshot(engine) as opened:
        found = cell_state(opened, CellKey(RUN, "count"))
    engine.dispose()
    assert found is not None
    assert (found.status, found.model_sha) == ("reviewed", JUDGE.sha256)


def test_the_end_of_the_input_holds_nothing(folder: Path) -> None:
    assert burden(folder, "review", "--as", "ann").returncode == 0
    assert state(folder, "count")[0] == "queued"


def test_skipping_all_ends_the_session(folder: Path) -> None:
    done = burden(folder, "review", "--as", "ann", keys="s\ns\n")
    assert "Nothing else waits for you; 2 for later." in done.stdout
    assert state(folder, "count")[0] == "queued"


def test_a_passed_over_item_stays_away_after_an_undo(folder: Path) -> None:
    done = burden(folder, "review", "--as", "ann", keys="s\na\nu\na\n")
    assert "Nothing else waits for you; 1 for later." in done.stdout
    assert (state(folder, "count")[0], state(folder, "wall_time")[0]) == ("queued", "reviewed")


def test_an_interrupt_at_the_prompt_loses_nothing_and_holds_nothing(folder: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "review", "--as", "ann"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(folder),
    )
    assert running.stdin and running.stdout
    running.stdin.write("a\n")
    running.stdin.flush()
    while "1 done, 1 left" not in running.stdout.readline():
        pass
    running.send_signal(signal.SIGINT)
    _, complaint = running.communicate()
    assert (running.returncode, complaint) == (0, "")
    assert state(folder, "count")[0] == "reviewed"
    assert state(folder, "wall_time")[0] == "queued"


def test_an_empty_folder_has_nothing_to_review(tmp_path: Path) -> None:
    burden(tmp_path, "annotators", "add", "ann")
    assert "Nothing waits for you." in burden(tmp_path, "review", "--as", "ann").stdout


def test_a_stranger_does_not_review(folder: Path) -> None:
    done = burden(folder, "review", "--as", "eve", keys="a\n")
    assert done.returncode == 2
    assert "'eve' is not an annotator here" in done.stderr
    assert state(folder, "count")[0] == "queued"


def test_who_reviews_is_the_setting_or_else_the_user(folder: Path) -> None:
    burden(folder, "review", keys="a\n")
    assert state(folder, "count")[0] == "reviewed"
    burden(folder, "annotators", "add", "bob")
    told = {**environment(folder), "BURDEN_ANNOTATOR": "bob"}
    command("review", env=told, keys="a\n")
    listed = json.loads(burden(folder, "annotators", "--json").stdout)["annotators"]
    assert [(someone["name"], someone["role"]) for someone in listed] == [
        ("ann", "annotator"),
        ("bob", "annotator"),
    ]
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with snapshot(engine) as opened:
        assert {entry.envelope.actor for entry in history(opened)} == {"ann", "bob"}
    engine.dispose()


def test_who_has_retired_does_not_review_until_called_back(folder: Path) -> None:
    burden(folder, "annotators", "retire", "ann")
    assert "ann no longer reviews" in burden(folder, "review", "--as", "ann").stderr
    assert "until" in burden(folder, "annotators").stdout
    assert "senior" in burden(folder, "annotators", "add", "ann", "--senior").stdout
    assert burden(folder, "review", "--as", "ann", keys="q\n").returncode == 0


@pytest.mark.parametrize("command", [("queue",), ("review", "--as", "ann")])
def test_reviewing_loads_neither_prefect_nor_the_reading_of_papers(
    command: tuple[str, ...], folder: Path
) -> None:
    script = (
        "import sys; from flows.cli import main\n"
        f"sys.argv = ['burden', *{command!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'spacy', 'pandas', 'pypdfium2', 'statsmodels'} & set(sys.modules)))\n"
    )
    env = {"BURDEN_DATA_DIR": str(folder), "PATH": ""}
    shown = subprocess.run(
        [sys.executable, "-c", script], input="", capture_output=True, text=True, check=True, env=env
    )
    assert shown.stdout.splitlines()[-1] == "[]"
