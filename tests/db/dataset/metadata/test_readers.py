"""What a release says of itself is understood by the programs that read it: each is the real one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from db.dataset.metadata.examples import EXAMPLES, Example
from db.dataset.schema import TABLES

RUN = [example for example in EXAMPLES if example.language == "python"]
ROWS = {"papers": 2, "models": 2, "training_runs": 2, "results": 2, "evidence": 32}


def test_frictionless_finds_the_package_and_all_its_rows_valid(release: Path) -> None:
    import frictionless

    frictionless.system.trusted = True  # it reads what we wrote, by paths in its folder
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.flatten(["type", "title", "note"]) == []
    assert {task.name: task.stats["rows"] for task in report.tasks if task.name in ROWS} == ROWS


def test_frictionless_finds_what_is_wrong(release: Path) -> None:
    import frictionless

    runs = release / "training_runs.csv"
    runs.write_text(
        runs.read_text("utf-8").replace("2403.00042/model/sparsenet", "2403.00042/model/gone"), "utf-8"
    )
    found = {error[0] for error in frictionless.validate(str(release / "datapackage.json")).flatten(["type"])}
    assert {"hash-count", "foreign-key"} <= found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what it is made with
def test_croissant_is_valid_and_gives_the_rows_of_every_table(release: Path) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(str(release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert {record_set.id for record_set in dataset.metadata.record_sets} >= {table.name for table in TABLES}
    found = {name: list(dataset.records(name)) for name in ROWS}
    assert {name: len(rows) for name, rows in found.items()} == ROWS
    assert found["training_runs"][0]["training_runs/accelerator"] == b"NVIDIA Tesla V100"


def test_croissant_names_files_that_are_there_with_their_hashes(release: Path) -> None:
    listed = json.loads((release / "croissant.json").read_text("utf-8"))["distribution"]
    assert len(listed) > len(TABLES)
    for file in listed:
        assert hashlib.sha256((release / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]


@pytest.mark.parametrize("example", RUN, ids=lambda example: example.title)
def test_every_example_runs_as_it_is_printed(example: Example, release: Path) -> None:
    assert example.code.rstrip() in (release / "README.md").read_text("utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", example.code],
        cwd=release,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search("V100|imagenet-1k|SparseNet", done.stdout)


@pytest.fixture
def served(release: Path) -> Iterator[str]:
    """Address of Datasette with the release's database, started as the README says."""
    (example,) = (example for example in EXAMPLES if example.title == "Datasette")
    command = example.code.split()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *command, "--port", str(port)],
        cwd=release,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield _answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.communicate()


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("Datasette does not answer")


def _page(address: str) -> requests.Response:
    answer = requests.get(address, timeout=60)
    assert answer.status_code == 200, address
    return answer


def test_datasette_shows_tables_rows_facets_and_questions(served: str) -> None:
    assert "burden dataset 0.1.0" in _page(served).text
    runs: dict[str, Any] = _page(f"{served}/burden/training_runs.json?_facet=accelerator").json()
    facets = runs["facet_results"]
    found = facets.get("results", facets)["accelerator"]["results"]
    assert [(one["value"], one["count"]) for one in found] == [("NVIDIA Tesla V100", 2)]
    assert "How long the training took" in _page(f"{served}/burden/training_runs").text
    costliest = _page(f"{served}/burden/costliest").text
    assert "&lt;b&gt;or&lt;/b&gt;" in costliest and "<b>or</b>" not in costliest
    assert "2403.00042" in _page(f"{served}/burden/papers/2403~2E00042").text


def test_citation_files_say_who_what_and_when(release: Path) -> None:
    cited = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))
    assert (cited["cff-version"], cited["type"], cited["version"]) == ("1.2.0", "dataset", "0.1.0")
    assert cited["license"] == "CC-BY-4.0" and cited["authors"] and cited["date-released"] == "2026-11-20"
    deposit = json.loads((release / ".zenodo.json").read_text("utf-8"))
    assert (deposit["upload_type"], deposit["version"], deposit["license"]) == (
        "dataset",
        "0.1.0",
        "cc-by-4.0",
    )
    assert deposit["creators"] and deposit["publication_date"] == "2026-11-20"
