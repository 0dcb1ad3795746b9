"""The schedule, once for real: a server of our own starts, a cron string fires, a night runs, everything stops."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.engine import open_database, snapshot
from db.runs import last_run
from extractors.facts.errors import StoreError
from flows.demo.standin import stand_in
from flows.settings import Settings, environment_of

_PROGRAM = """
import sys
from flows.progress import on_terminal
from flows.serve import serve
from flows.settings import load_settings
if __name__ == "__main__":
    settings = load_settings()
    serve(settings, sys.argv[1], on_terminal())
"""
_LONGEST_SECONDS = 300


def night_seen(settings: Settings) -> str:
    """The key of the last night, once there is one."""
    if not (settings.data_dir / "burden.sqlite").exists():
        return ""
    engine = open_database(settings.database)
    try:
        with snapshot(engine) as session:
            row = last_run(session)
            return row.run_key if row and row.ended_at else ""
    except StoreError:
        return ""
    finally:
        engine.dispose()


def test_a_schedule_fires_without_a_server_set_up_by_anybody(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(_PROGRAM)
    with stand_in() as arxiv:
        settings = Settings(
            data_dir=tmp_path / "data",
            arxiv_api_url=arxiv.api_url,
            arxiv_pdf_url=arxiv.pdf_url,
            request_interval_seconds=0,
            contact="ops@example.org",
        )
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))
        }
        hasty = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "HOME": str(tmp_path)}
        serving = subprocess.Popen(
            [sys.executable, tmp_path / "program.py", "* * * * *"],
            env=plain | environment_of(settings) | hasty,
            stderr=subprocess.PIPE,
            text=True,
        )
        began = time.monotonic()
        while not (key := night_seen(settings)) and time.monotonic() - began < _LONGEST_SECONDS:
            assert serving.poll() is None, serving.stderr.read() if serving.stderr else ""
            time.sleep(0.5)
        serving.send_signal(signal.SIGTERM)
        said = serving.communicate(timeout=60)[1]
    assert key.startswith("nightly 20"), said
    assert "The night runs at '* * * * *' (UTC)." in said
    assert not list(tmp_path.glob(".prefect*"))


@pytest.mark.parametrize("cron", ["every night", "99 2 * * *"])
def test_a_schedule_that_says_nothing_is_refused_in_one_sentence(cron: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(_PROGRAM)
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", cron],
        env=os.environ | {"BURDEN_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert f"UsageError: {cron!r} is not a schedule" in done.stderr
    assert not (tmp_path / "data" / "logs").exists(), "no server was started for it"
