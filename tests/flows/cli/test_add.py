"""`burden add` as a person runs it: a file is read, what went wrong is said, and the exit code tells which."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.annotators import add_annotator
from db.engine import open_database, session
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import StandIn
from flows.settings import Settings, environment_of
from tests.command import Done, command
from tests.databases import migrated


@pytest.fixture
def environment(settings: Settings) -> Mapping[str, str]:
    """Where arXiv is the stand-in, and `ann` may review."""
    settings.data_dir.mkdir()
    engine = open_database(settings.database)
    migrated(engine)
    with session(engine) as opened:
        add_annotator(opened, "ann", "annotator", datetime(2026, 11, 23, tzinfo=UTC))
    engine.dispose()
    return {**os.environ, **environment_of(settings), "LOGNAME": "ann", "PYTHONIOENCODING": "utf-8"}


def burden(environment: Mapping[str, str], *words: str | Path) -> Done:
    return command(*words, env=environment)


def test_papers_are_added_and_what_was_read_is_said(
    environment: Mapping[str, str], arxiv: StandIn, tmp_path: Path
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdf_of(catalogue()[0]))
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\n\x1b[2J")
    done = burden(environment, "add", path, "2403.99102v1", tmp_path / "torn.pdf", "--json")
    assert done.returncode == 3
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert (first["end"], first["paper"], first["values"] > 20) == ("read", "2403.99101", True)
    assert (second["end"], second["paper"]) == ("read", "2403.99102")
    assert (third["end"], "breaks off" in third["error"]) == ("failed", True)
    again = burden(environment, "add", path)
    assert (again.returncode, again.stdout.count("\n")) == (0, 1)
    waiting = f"{first['values']} values: {first['waiting']} wait for review"
    assert f"Residual Stages for Image Recognition: known already, {waiting}" in again.stdout
    shown = burden(environment, "paper", "2403.99101").stdout
    assert f"{first['values']} values: {first['published']} published, {first['waiting']} to be" in shown


def test_what_fails_altogether_is_a_failure(environment: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\n")
    done = burden(environment, "add", tmp_path / "torn.pdf", "https://10.0.0.1/x.pdf")
    assert done.returncode == 1
    assert "torn.pdf: not added. the PDF breaks off" in done.stdout
    assert "is on this machine or in its network" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("add", "nonsense"), "neither a file, an arXiv id, nor an https address"),
        (("add", "2403.99101", "--as", "zoe"), "'zoe' is not an annotator"),
        (("add",), "Missing argument"),
    ],
)
def test_a_word_that_means_nothing_is_usage(
    command: tuple[str, ...], said: str, environment: Mapping[str, str]
) -> None:
    done = burden(environment, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
