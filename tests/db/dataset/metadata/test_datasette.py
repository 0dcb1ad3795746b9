"""Datasette, started as the README says, shows a release."""

from __future__ import annotations

import os
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

from db.dataset.metadata.examples import EXAMPLES


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


def test_a_row_leads_to_its_evidence_and_that_to_the_page_of_the_paper(served: str) -> None:
    run = "2403.00042/run/sparsenet.training"
    page = _page(f"{served}/burden/training_runs/{run.replace('.', '~2E').replace('/', '~2F')}").text
    assert f'href="/burden/evidence?run_id={run}"' in page
    rows: dict[str, Any] = _page(f"{served}/burden/evidence.json?run_id={run}&_shape=objects").json()
    assert {row["row_id"] for row in rows["rows"]} == {run}
    evidence = _page(f"{served}/burden/evidence_of_row?row_id={run}").text
    assert 'href="https://arxiv.org/pdf/2403.00042v1#page=5"' in evidence


def test_papers_and_models_are_found_by_words(served: str) -> None:
    found: list[dict[str, Any]] = _page(f"{served}/burden/find.json?words=SPARSEN&_shape=array").json()
    assert [one["model_id"] for one in found] == ["2403.00042/model/sparsenet", "2403.00043/model/sparsenet"]
    assert (
        _page(f"{served}/burden/find.json?words=%3C/b%3E+%22sums&_shape=array").json()[0]["paper_id"]
        == "2403.00042"
    )


def test_questions_fit_a_screen_and_times_are_no_megaseconds(served: str) -> None:
    described = _page(f"{served}/-/metadata.json").json()["databases"]["burden"]
    lines = [line for one in described["queries"].values() for line in one["sql"].splitlines()]
    assert max(map(len, lines)) <= 125
    assert "345600.0" in _page(f"{served}/burden/training_runs").text
