"""`burden release build`, as a person runs it on a database that has been read into."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from db.cells import Judge
from db.engine import open_database, session
from db.papers import Listing, record_file, record_listings
from db.readings import save
from extractors.confidence import Linear
from extractors.facts.errors import GateError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity
from extractors.promise import Promise
from flows.cli.release import app
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 20, tzinfo=UTC)
PAPER, SHA256 = PaperId("2403.00042"), "a" * 64
SURE = Linear(9.0, {})
Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `burden release`, with its data in a folder of the test; errors come as they were raised."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BURDEN_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(app, words, catch_exceptions=False).stdout


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database in which one paper reports parameters."""
    (tmp_path / "data").mkdir()
    engine = open_database(f"sqlite:///{tmp_path / 'data' / 'burden.sqlite'}")
    migrated(engine)
    judge = Judge.of(model_of({"training": SURE, "costs": SURE, "scores": SURE}), Promise(0.9, 0.1))
    evidence = Evidence(SHA256, 1, None, "Models", "25.6M parameters", "test.rule")
    cell = CellKey(EntityId(PAPER, "model", "net"), "parameters")
    proposal = Proposal(cell, Quantity.exact(25.6e6, "parameters", "25.6M"), evidence)
    name = CellKey(EntityId(PAPER, "model", "other"), "name")
    other = Proposal(name, Name("other", "Other Net"), evidence)
    with session(engine) as opened:
        record_listings(opened, "test", [Listing(PAPER, 1, "A Net", "", (), (), AT, AT, b"")], AT)
        record_file(opened, PAPER, 1, sha256=SHA256, size=1, at=AT)
        save(opened, Reading(SHA256, "burden-0.1.0", PAPER, "A Net", 9, (proposal, other)), judge, AT)
    engine.dispose()
    return tmp_path / "data"


def test_a_release_goes_to_the_data_folder_and_says_what_it_has(run: Run, database: Path) -> None:
    said = run("build")
    assert said.startswith(f"Release 0.1.0 is in {database / 'releases' / '0.1.0'}.")
    assert "1 papers, 1 models, 0 training runs" in said
    assert "1 more name what has no published fact, and have no row" in said
    assert "No table is empty but the one of withdrawn papers. Not so 2 times: training_runs, results" in said
    assert "Nothing changed since release 0.1.0" in run("build")


def test_json_says_the_same_to_programs(run: Run, database: Path, tmp_path: Path) -> None:
    said = json.loads(run("build", "--out", str(tmp_path / "out"), "--version", "2.0.0", "--json"))
    assert (said["version"], said["new"], said["cells"]) == ("2.0.0", True, {"automatic": 1})
    assert Path(said["folder"], "datapackage.json").is_file()
    assert {check["name"] for check in said["checks"]} >= {"keys", "references", "evidence"}


def test_a_version_that_is_there_is_refused_by_a_gate(run: Run, database: Path) -> None:
    (database / "releases" / "0.1.0").mkdir(parents=True)
    with pytest.raises(GateError) as refused:
        run("build")
    assert refused.value.exit_code == 4


def test_without_a_database_it_says_what_to_do_and_makes_nothing(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no database yet"):
        run("build")
    assert not list(tmp_path.iterdir())


def test_help_loads_neither_the_database_nor_prefect() -> None:
    program = "import sys; import flows.cli.release; print([name for name in ('sqlmodel', 'pyarrow', 'prefect', 'spacy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_release_is_published_in_a_folder_and_once_is_enough(
    run: Run, database: Path, tmp_path: Path
) -> None:
    run("build")
    place = tmp_path / "published"
    assert f"Release 0.1.0 is published in {place}" in run("publish", "0.1.0", "--to", str(place))
    assert run("publish", "0.1.0", "--to", str(place)) == f"Release 0.1.0 was published in {place} already.\n"
    said = json.loads(run("publish", "0.1.0", "--to", str(place), "--json"))
    assert (said["new"], said["files"]) == (False, 0)
    assert json.loads((place / "releases.json").read_text())["releases"][0]["sha256"] == said["sha256"]


def test_a_check_shows_every_check_and_what_would_be_published(run: Run, database: Path) -> None:
    said = run("check")
    assert "holds     keys" in said
    assert "look      tables" in said
    assert said.endswith("Release 0.1.0 would be built: 1 automatic cells; 1 added, 0 removed, 0 changed.\n")
    assert not list((database / "releases").glob("[0-9.]*"))


@pytest.mark.usefixtures("run", "database")
def test_on_a_terminal_what_a_check_says_is_wrapped_beneath_itself() -> None:
    """A real terminal of 80 columns, as a person's."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    program = "from flows.cli.release import app; app()"
    with subprocess.Popen([sys.executable, "-c", program, "check"], stdout=theirs, env=environment):
        os.close(theirs)
        said = _all_of(ours).splitlines()
    assert max(map(len, said[:-2])) <= 80
    place = next(number for number, line in enumerate(said) if line.startswith("holds     known"))
    assert said[place].index("Every row") == len(said[place + 1]) - len(said[place + 1].lstrip())


def _all_of(terminal: int) -> str:
    read = bytearray()
    while True:
        try:
            some = os.read(terminal, 4096)
        except OSError:  # how a terminal of Linux ends
            some = b""
        if not some:
            os.close(terminal)
            return read.decode()
        read += some


def test_a_check_ends_with_4_where_a_build_would_be_refused(
    run: Run, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURDEN_MOST_UNREVIEWED", "0.5")
    refused = CliRunner().invoke(app, ["check"])
    assert refused.exit_code == 4
    assert "REFUSES   unreviewed" in refused.stdout
    assert refused.stdout.endswith(
        "Release 0.1.0 would be refused by unreviewed. With --reason, these may be accepted: unreviewed.\n"
    )
    as_json = CliRunner().invoke(app, ["check", "--json"])
    checks = {check["name"]: check for check in json.loads(as_json.stdout)["checks"]}
    assert (as_json.exit_code, checks["unreviewed"]["observed"], checks["unreviewed"]["bound"]) == (
        4,
        1.0,
        0.5,
    )
    accepted = CliRunner().invoke(app, ["check", "--accept", "unreviewed", "--reason", "A first try."])
    assert (accepted.exit_code, "(accepted: A first try.)" in accepted.stdout) == (0, True)
    assert run("build", "--accept", "unreviewed", "--reason", "A first try.").startswith(
        "Release 0.1.0 is in"
    )
