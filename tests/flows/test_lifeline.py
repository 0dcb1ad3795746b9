"""What was started for a process ends with it, however that ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.settings import Settings, environment_of

_ANY = """
import subprocess, time
from flows.lifeline import Lifeline
with Lifeline() as lifeline:
    lifeline.hold(subprocess.Popen(["sleep", "600"]).pid)
    print("up", flush=True)
    time.sleep(600)
"""
_CRAWL = """
import time
from flows.prefect_home import prepare_prefect
from flows.settings import load_settings
prepare_prefect(load_settings())
from flows.nightly import with_server
def flow():
    print("up", flush=True)
    time.sleep(600)
with_server(flow)
"""
_SCHEDULE = """
import time
from flows.progress import in_silence
from flows.serve import free_port, prefect_server
from flows.settings import load_settings
with prefect_server(load_settings(), free_port(), in_silence()):
    print("up", flush=True)
    time.sleep(600)
"""
_LONGEST_SECONDS = 60

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="tells processes by /proc")


def state_and_parent(pid: int) -> tuple[str, int]:
    """What the system says of a process; Z is one that ended and was not asked after, X one that is gone."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    return said[0], int(said[1])


def is_there(pid: int) -> bool:
    """Whether it runs."""
    return state_and_parent(pid)[0] not in "XZ"


def children(pid: int) -> list[int]:
    """The processes that one started."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if state_and_parent(number)[1] == pid]


def started(program: str, settings: Settings, home: Path) -> tuple["subprocess.Popen[str]", list[int]]:
    """A program that is up, with what it started."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))}
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        env=plain | environment_of(settings) | {"HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    return running, children(running.pid)


def left(of: list[int]) -> list[int]:
    """Those that do not end, which are killed then."""
    began = time.monotonic()
    while any(map(is_there, of)) and time.monotonic() - began < _LONGEST_SECONDS:
        time.sleep(0.1)
    stayed = [pid for pid in of if is_there(pid)]
    for pid in stayed:
        os.kill(pid, signal.SIGKILL)
    return stayed


@pytest.mark.parametrize("program", [_ANY, _CRAWL, _SCHEDULE], ids=["any", "crawl", "schedule"])
def test_what_a_killed_process_started_ends_with_it(program: str, settings: Settings, tmp_path: Path) -> None:
    """Prefect's server stayed for ever, with 230 MB, when a crawl was killed."""
    running, those = started(program, settings, tmp_path)
    assert those
    with running:
        running.kill()
    assert left(those) == []


def test_what_is_no_longer_held_stays(settings: Settings, tmp_path: Path) -> None:
    freed = _ANY.replace("    print", "print").replace("    time.sleep", "time.sleep")
    running, those = started(freed, settings, tmp_path)
    assert len(those) == 1, "the watcher is gone"
    with running:
        running.kill()
    time.sleep(0.5)
    assert is_there(those[0])
    os.kill(those[0], signal.SIGKILL)
