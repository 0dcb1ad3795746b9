"""A process beside writes the same files, and neither outlives the other's failure."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.dataset import beside
from db.dataset.beside import WORTH_IT, FilesBeside, writer
from db.dataset.part import Part
from db.dataset.release import build_release
from db.dataset.rowfiles import RowFiles, Writer, Written
from db.engine import open_database
from extractors.facts.errors import StoreError
from extractors.facts.ids import PaperId

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World

PAPERS = ("2403.00042", "2403.00043", "2403.00044")
STANDING_STILL = """
import signal, sys
from pathlib import Path
from db.dataset.beside import FilesBeside

with FilesBeside(Path(sys.argv[1])) as files:
    if sys.argv[2] == "half a row":
        files._rows_to.write(b"\\x80\\x05\\x95\\xff\\x00")
        files._rows_to.flush()
    print("there", flush=True)
    signal.pause()
"""
IN_LITTLE_ROOM = """
import os, resource, sys
from pathlib import Path
from db.dataset import beside
from db.dataset.release import build_release
from db.engine import open_database
from extractors.facts.errors import StoreError

beside.WORTH_IT = 0
engine, out = open_database(sys.argv[1]), Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    build_release(engine, out)
except StoreError as error:
    print(error)
"""


@pytest.fixture
def parts(world: World) -> list[Part]:
    for paper in PAPERS:
        world.read(paper)
    return world.parts()


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small a release, a process beside writes it."""
    monkeypatch.setattr(beside, "WORTH_IT", 0)


def written(files: Writer, parts: list[Part]) -> Written:
    with files:
        for part in parts:
            files.add(part)
        files.end()
        return files.written()


def send_without_end(files: Writer, parts: list[Part]) -> None:
    while True:
        files.add(parts[0])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_it_writes_the_same_files_byte_by_byte(parts: list[Part], tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    assert written(FilesBeside(there), parts) == written(RowFiles(here), parts)
    assert contents(there) == contents(here)


def test_however_few_rows_are_sent_together_the_files_are_the_same(
    parts: list[Part], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    monkeypatch.setattr(beside, "_AT_ONCE", 1)
    assert written(FilesBeside(there), parts) == written(RowFiles(here), parts)


@pytest.mark.usefixtures("always")
def test_a_release_has_the_same_bytes_whoever_wrote_its_rows(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for paper in PAPERS:
        world.read(paper)
    there = build_release(world.engine, tmp_path / "there").folder
    monkeypatch.setattr(beside, "WORTH_IT", WORTH_IT)
    here = build_release(world.engine, tmp_path / "here").folder
    assert contents(there) == contents(here)


def test_only_a_large_release_is_worth_a_process(tmp_path: Path) -> None:
    assert isinstance(writer(tmp_path, WORTH_IT - 1), RowFiles)
    assert isinstance(writer(tmp_path, WORTH_IT), FilesBeside)


@pytest.mark.parametrize("room", [0, 10_000, 40_000, 100_000, 200_000])
def test_where_there_is_no_room_it_is_said_as_if_it_had_been_written_here(
    parts: list[Part], world: World, tmp_path: Path, room: int
) -> None:
    assert parts
    command = [sys.executable, "-c", IN_LITTLE_ROOM, str(world.engine.url), str(tmp_path / "out"), str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("the release cannot be written: ")
    assert "Check that the folder is writable and has room." in done.stdout
    assert done.stderr == ""
    assert list((tmp_path / "out").glob(".draft-*")) == []


def test_what_fails_there_is_raised_here_and_tells_where_it_came_from(
    parts: list[Part], tmp_path: Path
) -> None:
    short = Part(PaperId("2403.00045"), {"papers": ({"paper_id": "2403.00045"},)})
    with pytest.raises(IndexError) as caught:
        written(FilesBeside(tmp_path), [*parts, short])
    assert "csv_tables.py" in caught.value.__notes__[0]


def test_what_fails_there_ends_a_reader_who_still_has_much_to_send(parts: list[Part], tmp_path: Path) -> None:
    (tmp_path / "papers.csv").mkdir()  # where a file is to be
    with FilesBeside(tmp_path) as files, pytest.raises(IsADirectoryError):
        send_without_end(files, parts)


def test_a_process_that_somebody_killed_is_said_to_have_ended(parts: list[Part], tmp_path: Path) -> None:
    with FilesBeside(tmp_path) as files:
        os.kill(files._process.pid, signal.SIGKILL)
        with pytest.raises(StoreError, match="ended by signal 9 before it was done"):
            send_without_end(files, parts)


def test_a_process_that_is_killed_after_the_last_row_is_noticed_too(
    parts: list[Part], tmp_path: Path
) -> None:
    with FilesBeside(tmp_path) as files:
        os.kill(files._process.pid, signal.SIGSTOP)
        for part in parts:
            files.add(part)
        files.end()
        os.kill(files._process.pid, signal.SIGKILL)
        with pytest.raises(StoreError, match="ended by signal 9"):
            files.written()


def test_a_reader_who_fails_leaves_no_process(parts: list[Part], tmp_path: Path) -> None:
    files = FilesBeside(tmp_path)
    with suppress(ZeroDivisionError), files:
        files.add(parts[0])
        raise ZeroDivisionError
    assert files._process.returncode == -signal.SIGKILL
    assert files._rows_to.closed and files._answer_from.closed


@pytest.mark.parametrize("sent", ["nothing", "half a row"])
def test_a_reader_who_is_killed_leaves_no_process_and_no_complaint(tmp_path: Path, sent: str) -> None:
    command = [sys.executable, "-c", STANDING_STILL, str(tmp_path), sent]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "there\n"
        while not (tmp_path / "epoch.csv").exists():  # the other is at work
            time.sleep(0.01)
        reader.kill()
        # Its standard error is the other's too: it ends when both are gone.
        assert reader.communicate(timeout=60) == ("", "")


def test_an_answer_that_nobody_waits_for_any_more_is_no_complaint(tmp_path: Path) -> None:
    """Its reader was killed after the last row."""
    answer_from, answer_to = os.pipe()
    os.close(answer_from)
    command = [sys.executable, "-m", "db.dataset.beside", str(tmp_path), str(answer_to)]
    done = subprocess.run(
        command, input=pickle.dumps([]), pass_fds=[answer_to], stderr=subprocess.PIPE, check=False
    )
    os.close(answer_to)
    assert (tmp_path / "burden.sqlite").stat().st_size > 0
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.usefixtures("always")
def test_the_next_build_removes_what_both_left(world: World, tmp_path: Path) -> None:
    world.read(PAPERS[0])
    script = "import sys; from pathlib import Path; from db.dataset import beside; from db.dataset.release import build_release; from db.engine import open_database; beside.WORTH_IT = 0; build_release(open_database(sys.argv[1]), Path(sys.argv[2]))"
    command = [sys.executable, "-c", script, str(world.engine.url), str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as builder:
        while builder.poll() is None and not list(tmp_path.glob(".draft-*/release/papers.csv")):
            time.sleep(0.001)
        builder.kill()
        builder.communicate(timeout=60)
    assert builder.returncode == -signal.SIGKILL
    assert list(tmp_path.glob(".draft-*")) != []
    assert build_release(world.engine, tmp_path).version == "0.1.0"
    assert list(tmp_path.glob(".draft-*")) == []


def test_files_of_the_folder_it_is_started_in_are_none_of_its_modules(
    parts: list[Part], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "db").mkdir(parents=True)
    for name in ("csv.py", "json.py", "db/__init__.py"):
        (elsewhere / name).write_text("raise SystemExit('a stranger')")
    monkeypatch.chdir(elsewhere)
    out = tmp_path / "out"
    out.mkdir()
    assert written(FilesBeside(out), parts).files


def test_what_a_library_prints_is_no_answer(
    parts: list[Part], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('loud')")
    monkeypatch.syspath_prepend(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    assert written(FilesBeside(out), parts).files


@pytest.mark.usefixtures("always")
def test_two_releases_at_once_each_have_their_own(world: World, tmp_path: Path) -> None:
    world.read(PAPERS[0])
    first = build_release(world.engine, tmp_path / "a").folder
    other = open_database(str(world.engine.url))
    again = build_release(other, tmp_path / "b").folder
    other.dispose()
    assert contents(first) == contents(again)
