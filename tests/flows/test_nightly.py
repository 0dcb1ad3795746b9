"""The real flow under Prefect, by `burden crawl` in processes of its own: Prefect reads its surroundings at import."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.codes import DONE, FAILED, INTERRUPTED, PARTIAL
from flows.demo.standin import Fault, StandIn
from flows.settings import Settings, environment_of

_BURDEN = "from flows.cli import main; main()"


@pytest.fixture
def crawl(
    settings: Settings, tmp_path: Path, prefect_api: str
) -> Callable[..., subprocess.CompletedProcess[str]]:
    (tmp_path / "home").mkdir()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))}
    surroundings = {"HOME": str(tmp_path / "home"), "PREFECT_API_URL": prefect_api}

    def ran(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", _BURDEN, "crawl", *arguments],
            env=plain | environment_of(settings) | surroundings | changed,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return ran


MARCH = ("--since", "2024-03-11", "--until", "2024-03-11")


def test_a_crawl_is_a_prefect_flow_that_tells_its_own_story_and_writes_nowhere_else(
    crawl: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = crawl(*MARCH)
    assert done.returncode == DONE, done.stderr
    assert done.stdout == ""
    said = [line.split()[0] for line in done.stderr.splitlines() if line.strip()]
    assert said[:6] == ["Starting", "harvest", "screen", "read", "route", "Night"]
    assert "prefect." not in done.stderr.lower()
    assert list((tmp_path / "home").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"home", "data"}


def test_a_crawl_that_lost_a_paper_is_partial(
    crawl: Callable[..., subprocess.CompletedProcess[str]], arxiv: StandIn
) -> None:
    arxiv.misbehave(Fault("challenge", path="/pdf", times=99))
    done = crawl(*MARCH)
    assert done.returncode == PARTIAL, done.stderr
    assert "fetch failed" in done.stderr


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("empty", times=6), "burden: no papers came where some should have"),
    ],
)
def test_a_crawl_that_failed_says_one_sentence(
    fault: Fault, said: str, crawl: Callable[..., subprocess.CompletedProcess[str]], arxiv: StandIn
) -> None:
    arxiv.misbehave(fault)
    done = crawl(*MARCH)
    assert done.returncode == FAILED
    assert done.stderr.splitlines()[-1].startswith(said)
    assert "Traceback" not in done.stderr


def test_a_prefect_server_that_does_not_answer_is_said_so(
    crawl: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = crawl(*MARCH, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == FAILED
    assert done.stderr.splitlines()[-1].startswith("burden: Prefect has no server: Failed to reach API at")
    assert "Traceback" not in done.stderr


def test_who_stops_a_crawl_at_the_terminal_is_told_so_and_what_ends_is_all_of_it(
    settings: Settings, tmp_path: Path, arxiv: StandIn
) -> None:
    """Ctrl-C ended Prefect's server first; the flow then asked that for a minute, and failed with a traceback."""
    arxiv.misbehave(Fault("slow", path="/pdf", times=99))
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))}
    command = [sys.executable, "-c", _BURDEN, "crawl", *MARCH]
    with subprocess.Popen(
        command,
        env=plain | environment_of(settings) | {"HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as crawl:
        while crawl.poll() is None and not any(one.path.startswith("/pdf") for one in arxiv.seen):
            time.sleep(0.1)
        os.killpg(crawl.pid, signal.SIGINT)
        said = crawl.communicate(timeout=300)[1]
    assert crawl.returncode == INTERRUPTED
    assert said.endswith("burden: stopped; what was finished is kept.\n")
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(crawl.pid, 0)
