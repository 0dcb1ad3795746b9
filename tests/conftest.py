"""Fixtures for every test: where the repository is, and the labelled corpus beside it."""

import os
import shutil
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest
from hypothesis import settings

from flows.cli import one_thread_of_algebra
from tests.browser import Browser, running

one_thread_of_algebra()

# Tests start many hundred processes of ours: where bytecode must not be kept, each would compile what it imports anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

pytest_plugins = ["tests.databases"]

REPOSITORY = Path(__file__).resolve().parents[1]
LONGEST = (
    "tests/flows/test_serve.py",
    "tests/flows/test_nightly.py",
    "tests/flows/test_quickstart.py",
    "tests/benchmarks/test_fuzzing.py",
    "tests/flows/test_papers.py",
    "tests/flows/cli/test_analyze.py",
    "tests/db/dataset/test_beside.py",
    "tests/flows/test_desk.py",
    "tests/flows/test_scheduled.py",
    "tests/benchmarks/test_faults.py",
    "tests/extractors/documents/test_round_trip.py",
    "tests/db/dataset/test_publish.py",
    "tests/annotation/screen/paper/test_screen.py",
    "tests/flows/cli/test_calibrate.py",
    "tests/extractors/test_nonsense.py",
    "tests/analysis/test_whole.py",
)
"""Files of tests that take half a minute and more: the first to begin, so that no core waits for the other's last one."""

settings.register_profile("home", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files are written anew only when somebody asks."""
    parser.addoption(
        "--write-goldens", action="store_true", help="write what rules read now into their golden files"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first; the order within a file stays."""
    ranks = {REPOSITORY / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled papers and reference tables; tests that use it carry the mark `corpus`."""
    folder = Path(os.environ.get("BURDEN_SHARED") or REPOSITORY.parent / "shared")
    if not (folder / "corpus" / "gold.jsonl").is_file():
        pytest.skip(f"no labelled corpus in {folder}; set BURDEN_SHARED to the folder that has it")
    return folder


@pytest.fixture(scope="module")
def own_forkserver() -> Iterator[None]:
    """For modules that have processes forked from one that loaded something else than the readers of papers.

    There is one such process in each, and it goes on with what it began with: every reader would load everything anew.
    """
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    yield
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium; where CI has none, somebody has to say that pages go untried."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI") and not os.environ.get("BURDEN_WITHOUT_BROWSER"):
            pytest.fail("no Chromium: install it, or say with BURDEN_WITHOUT_BROWSER=1 that pages go untried")
        pytest.skip("no Chromium: install it to try the page")
    with running(program, tmp_path_factory.mktemp("profile")) as found:
        yield found
