"""The flows and their deployments under a real Prefect: `prefect.yaml` deploys as it is, and a run that is repeated ends well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from flows.demo.catalogue import catalogue
from flows.demo.standin import StandIn
from flows.settings import Settings, environment_of

_PROGRAM = """
import json
from datetime import date
from flows.scheduled import backfill, reextract, release
days = date(2024, 3, 1), date(2024, 3, 31)
if __name__ == "__main__":
    first, again = (backfill(*days, return_state=True) for _ in range(2))
    print(json.dumps([first.name, again.name, again.message, reextract(store=True)["papers"], release()]))
"""


@pytest.fixture
def surroundings(settings: Settings, tmp_path: Path, prefect_api: str) -> dict[str, str]:
    """The environment of a machine with a Prefect server and our settings."""
    (tmp_path / "home").mkdir()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))}
    quiet = {
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    return (
        plain
        | environment_of(settings)
        | quiet
        | {"HOME": str(tmp_path / "home"), "PREFECT_API_URL": prefect_api}
    )


def ran(*words: str | Path, env: dict[str, str], cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=env, cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_deployments_are_taken_by_prefect_as_they_are(
    surroundings: dict[str, str], repository: Path, prefect_api: str
) -> None:
    pool = {"name": "burden", "type": "process"}
    requests.post(f"{prefect_api}/work_pools/", json=pool, timeout=30).raise_for_status()
    ran("-m", "prefect", "--no-prompt", "deploy", "--all", env=surroundings, cwd=repository)
    found = {
        one["name"]: one
        for one in requests.post(f"{prefect_api}/deployments/filter", json={}, timeout=30).json()
    }
    assert found.keys() == {"nightly", "backfill", "reextract", "release"}
    assert {one["work_pool_name"] for one in found.values()} == {"burden"}
    assert [one["schedule"]["cron"] for one in found["nightly"]["schedules"]] == ["30 2 * * *"]
    assert {name for name, one in found.items() if one["schedules"]} == {"nightly"}
    assert not any(one["pull_steps"] for one in found.values())
    asked = {
        name: set(one["parameter_openapi_schema"]["required"])
        for name, one in found.items()
        if one["parameter_openapi_schema"].get("required")
    }
    assert asked == {"backfill": {"since", "until"}}


def test_a_backfill_that_is_repeated_ends_well_and_the_other_flows_go_on_from_what_it_brought(
    surroundings: dict[str, str], tmp_path: Path, arxiv: StandIn
) -> None:
    arxiv.samples, arxiv.as_of = catalogue()[:1], None
    (tmp_path / "program.py").write_text(_PROGRAM)
    first, again, said, read_again, version = json.loads(
        ran(tmp_path / "program.py", env=surroundings, cwd=tmp_path)
    )
    assert (first, again) == ("Completed", "Repeated")
    assert "is already done" in said
    assert (read_again, version) == (0, "0.1.0")
