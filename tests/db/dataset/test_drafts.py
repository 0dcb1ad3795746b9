"""What builders leave who are killed is named or removed by the next build, and what is at work is left alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.load import load_release
from db.dataset.drafts import drafting, settle
from db.dataset.release import build_release, check_release

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World

PAPER = "2403.00042"
BUILDER = """
import signal, sys
from pathlib import Path
from db.dataset.drafts import drafting
from db.dataset.recorded import last_release
from db.dataset.release import build_release, draft_release, prepare, record
from db.engine import open_database, session, snapshot

engine, out, until = open_database(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if until == "end":
    build_release(engine, out)
with drafting(out) as folder:
    with snapshot(engine) as opened:
        prepared = prepare(draft_release(opened, folder, last_release(opened)), out)
    if until == "recorded":
        with session(engine) as opened:
            record(opened, prepared)
    print("there", flush=True)
    signal.pause()
"""

IN_LITTLE_ROOM = """
import os, resource, sys
from pathlib import Path
from db.dataset.release import build_release
from db.engine import open_database
from extractors.facts.errors import StoreError

engine, out = open_database(sys.argv[1]), Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    build_release(engine, out)
except StoreError as error:
    print("StoreError")
    found = [os.readlink(f"/dev/fd/{number}") for number in os.listdir("/dev/fd") if os.path.islink(f"/dev/fd/{number}")]
    print([path for path in found if ".draft-" in path])
"""


def left_in(out: Path) -> list[str]:
    return sorted(path.name for path in out.glob(".draft-*"))


@contextmanager
def builder(world: World, out: Path, until: str) -> Iterator[subprocess.Popen[str]]:
    """A process that builds a release as far as is said, and then stands still."""
    command = [sys.executable, "-c", BUILDER, str(world.engine.url), str(out), until]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str]) -> None:
    """Wait until it stands still."""
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"


def test_what_a_killed_build_leaves_is_removed_by_the_next(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    with builder(world, tmp_path, "end") as process:
        while process.poll() is None and not list(tmp_path.glob(".draft-*/release/burden.sqlite")):
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert left_in(tmp_path) != []
    assert build_release(world.engine, tmp_path).version == "0.1.0"
    assert left_in(tmp_path) == []


def test_a_build_that_is_at_work_in_another_process_keeps_its_draft(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    with builder(world, tmp_path, "prepared") as process:
        stopped(process)
        at_work = left_in(tmp_path)
        assert build_release(world.engine, tmp_path).version == "0.1.0"
        assert left_in(tmp_path) == at_work
    assert not build_release(world.engine, tmp_path).new
    assert left_in(tmp_path) == []


def test_a_release_that_is_about_to_get_its_name_gets_it_from_its_builder_alone(
    world: World, tmp_path: Path
) -> None:
    world.read(PAPER)
    with builder(world, tmp_path, "recorded") as process:
        stopped(process)
        world.read("2403.00043")
        assert build_release(world.engine, tmp_path).version == "0.2.0"
        assert not (tmp_path / "0.1.0").exists()
    world.read("2403.00044")
    assert build_release(world.engine, tmp_path).version == "0.3.0"
    assert load_release(tmp_path / "0.1.0").version == "0.1.0"
    assert left_in(tmp_path) == []


def test_a_release_that_was_recorded_is_named_even_if_later_ones_were_built_elsewhere(
    world: World, tmp_path: Path
) -> None:
    world.read(PAPER)
    with builder(world, tmp_path / "here", "recorded") as process:
        stopped(process)
    world.read("2403.00043")
    assert build_release(world.engine, tmp_path / "elsewhere").version == "0.2.0"
    world.read("2403.00044")
    assert build_release(world.engine, tmp_path / "here").version == "0.3.0"
    assert load_release(tmp_path / "here" / "0.1.0").version == "0.1.0"
    assert left_in(tmp_path / "here") == []


def test_a_check_removes_its_own_draft_alone(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    with builder(world, tmp_path, "prepared") as process:
        stopped(process)
        before = left_in(tmp_path)
        check_release(world.engine, tmp_path)
        assert left_in(tmp_path) == before


def test_a_draft_that_is_gone_at_the_end_leaves_no_lock(tmp_path: Path) -> None:
    with drafting(tmp_path) as draft:
        assert left_in(tmp_path) == [draft.name, f"{draft.name}.lock"]
        draft.rmdir()
    assert left_in(tmp_path) == []


def test_a_draft_that_is_still_there_at_the_end_is_found(tmp_path: Path) -> None:
    with drafting(tmp_path) as draft:
        settle(tmp_path, dict)
        assert draft.exists()
    settle(tmp_path, dict)
    assert left_in(tmp_path) == []


def test_where_there_is_no_room_nothing_is_left_and_no_file_stays_open(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    command = [sys.executable, "-c", IN_LITTLE_ROOM, str(world.engine.url), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["StoreError", "[]"]
    assert left_in(tmp_path) == []
