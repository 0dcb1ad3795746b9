"""`burden doctor` as a person types it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from db.store import open_store
from flows.cli.codes import DONE, FAILED, PARTIAL
from flows.settings import Settings, environment_of
from tests.command import Done, command
from tests.flows.doctor.conftest import aged, file_of, sound  # noqa: F401  # the fixture

pytestmark = pytest.mark.usefixtures("sound")

Burden = Callable[..., Done]


@pytest.fixture
def burden(settings: Settings, tmp_path: Path) -> Burden:
    """The command with the settings of the stand-in."""

    def ran(*words: str, **changed: str) -> Done:
        return command(*words, env={**os.environ, **environment_of(settings), **changed}, cwd=tmp_path)

    return ran


def test_all_is_well(burden: Burden) -> None:
    done = burden("doctor")
    assert (done.returncode, done.stderr) == (DONE, "")
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"ok"}


def test_what_is_wrong_is_told_with_what_to_do(burden: Burden) -> None:
    contact = {"BURDEN_CONTACT": "", "BURDEN_ARXIV_API_URL": "https://export.arxiv.org/api/query"}
    done = burden("doctor", "--offline", BURDEN_REQUEST_INTERVAL_SECONDS="3", **contact)
    assert done.returncode == FAILED
    at = next(n for n, line in enumerate(done.stdout.splitlines()) if line.startswith("fail"))
    assert "contact" in done.stdout.splitlines()[at]
    assert "Set BURDEN_CONTACT" in done.stdout.splitlines()[at + 1]


def test_settings_that_cannot_be_read_are_a_finding_too(burden: Burden) -> None:
    done = burden("doctor", "--json", BURDEN_WORKERS="many")
    assert done.returncode == FAILED
    assert json.loads(done.stdout)["checks"][0]["name"] == "settings"


def test_mended_is_done_and_mended_with_something_left_is_partial(burden: Burden, settings: Settings) -> None:
    store = open_store(settings.store)

    def leave(data: bytes) -> None:
        aged(file_of(settings, store.put(data)))

    leave(b"one")
    assert burden("doctor", "--offline").returncode == DONE, "it takes room, and no more"
    done = burden("doctor", "--offline", "--mend", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["outcome"], len(told["mended"])) == (DONE, "ok", 1)
    leave(b"another")
    other = {"BURDEN_ARXIV_PDF_URL": "https://papers.example/pdf", "BURDEN_REQUEST_INTERVAL_SECONDS": "3"}
    other |= {"BURDEN_CONTACT": ""}
    done = burden("doctor", "--offline", "--mend", **other)
    assert (done.returncode, done.stdout.startswith("mended ")) == (PARTIAL, True)
