"""`burden release diff` as a person runs it: text, JSON and a page, from folders alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.command import Done

if TYPE_CHECKING:
    from tests.released import Releases

Burden = Callable[..., Done]
REASON = "ada corrected it on 2026-11-24: two [31mnodes."


def test_two_versions_are_told_by_paper_and_cell(burden: Burden, releases: Releases) -> None:
    done = burden("release", "diff", "0.1.0", "0.1.1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "0.1.0 to 0.1.1",
        "  Cells: 0 added, 1 changed, 0 removed; 1 say the same.",
        "  Papers: 0 came, 0 went, 1 are in both.",
        "2401.00001",
        f"  changed  run/net#count: 8 devices -> 16 devices. {REASON}",
    ]


def test_two_folders_need_no_database(burden: Burden, releases: Releases, tmp_path: Path) -> None:
    shutil.move(releases.data / "releases", tmp_path / "fetched")
    shutil.rmtree(releases.data)
    done = burden("release", "diff", tmp_path / "fetched" / "0.1.1", tmp_path / "fetched" / "0.1.0")
    assert done.returncode == 0
    assert "16 devices -> 8 devices" in done.stdout
    assert not releases.data.exists()
    again = burden("release", "diff", "0.1.1", "0.1.0", "--in", tmp_path / "fetched")
    assert again.stdout == done.stdout


def test_json_is_one_object_a_line(burden: Burden, releases: Releases) -> None:
    summary, cell = map(json.loads, burden("release", "diff", "0.1.0", "0.1.1", "--json").stdout.splitlines())
    assert summary["cells"] == {"added": 0, "changed": 1, "removed": 0, "same": 1}
    assert summary["fields"] == [{"field": "run.count", "change": "changed", "cells": 1}]
    assert (cell["line"], cell["kind"], cell["reason"]) == ("cell", "changed", REASON)
    assert (cell["before"]["value"], cell["after"]["value"]) == ("8.0", "16.0")


def test_a_page_is_written_whole(burden: Burden, releases: Releases, tmp_path: Path) -> None:
    out = tmp_path / "diff.html"
    assert burden("release", "diff", "0.1.0", "0.1.1", "--html", out).stdout == f"{out}\n"
    assert "16 devices" in out.read_text()
    assert [path.name for path in tmp_path.glob("*.part")] == []
    failed = burden("release", "diff", "0.1.0", "0.1.1", "--html", tmp_path / "no" / "diff.html")
    assert (failed.returncode, "cannot be written" in failed.stderr) == (1, True)


def test_what_is_not_there_is_said(burden: Burden, releases: Releases, tmp_path: Path) -> None:
    done = burden("release", "diff", "0.1.0", "9.9.9")
    assert (done.returncode, "there is no folder" in done.stderr) == (2, True)
    done = burden("release", "diff", "", "0.1.0")
    assert (done.returncode, "no release is named" in done.stderr) == (2, True)
    assert "holds no release" in burden("release", "diff", "0.1.0", tmp_path).stderr
