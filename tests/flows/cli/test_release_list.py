"""`burden release list`, `yank` and `unyank` as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.command import Done

if TYPE_CHECKING:
    from tests.released import Releases

Burden = Callable[..., Done]


def test_releases_are_listed_and_what_was_taken_back_stays(burden: Burden, releases: Releases) -> None:
    before = burden("release", "list").stdout.splitlines()
    assert [line.split() for line in before] == [
        ["0.1.1", "2026-11-24", "2", "cells"],
        ["0.1.0", "2026-11-23", "2", "cells"],
    ]
    done = burden("release", "yank", "0.1.0", "--reason", "eight were \x1b[31msixteen")
    assert (done.returncode, done.stdout) == (
        0,
        "Release 0.1.0 is yanked: it stays listed, with the reason.\n",
    )
    said = burden("release", "list").stdout.splitlines()
    assert said[1].endswith("yanked: eight were [31msixteen")
    assert said[0] == before[0]
    beside = json.loads((releases.data / "releases" / "releases.json").read_text())["releases"]
    assert beside == [json.loads(line) for line in burden("release", "list", "--json").stdout.splitlines()]
    assert [one["yanked"] for one in beside] == [False, True]
    assert burden("release", "unyank", "0.1.0").stdout == "Release 0.1.0 counts again.\n"
    assert burden("release", "list").stdout.splitlines() == before


def test_where_it_was_published_it_is_taken_back_too(
    burden: Burden, releases: Releases, tmp_path: Path
) -> None:
    place = tmp_path / "public"
    for version in ("0.1.0", "0.1.1"):
        assert burden("release", "publish", version, "--to", place).returncode == 0

    def listed() -> list[bool]:
        return [one["yanked"] for one in json.loads((place / "releases.json").read_text())["releases"]]

    assert burden("release", "yank", "0.1.0", "--reason", "eight", "--to", place).returncode == 0
    assert listed() == [False, True]
    assert burden("release", "unyank", "0.1.0", "--to", place).returncode == 0
    assert listed() == [False, False]
    other = tmp_path / "other"
    done = burden("release", "yank", "0.1.0", "--reason", "x", "--to", place, "--to", other)
    assert (done.returncode, str(other) in done.stderr, other.exists()) == (2, True, False)
    assert listed() == [False, False]
    assert "yanked" not in burden("release", "list").stdout


def test_what_could_not_be_listed_so_is_said_and_listed_by_the_next_try(
    burden: Burden, releases: Releases, tmp_path: Path
) -> None:
    place = tmp_path / "public"
    assert burden("release", "publish", "0.1.0", "--to", place).returncode == 0

    def refused(*command: str) -> str:
        (place / ".publishing.lock").unlink(missing_ok=True)
        (place / ".publishing.lock").mkdir()
        done = burden("release", *command, "--to", place)
        (place / ".publishing.lock").rmdir()
        assert done.returncode == 1
        return done.stderr

    for command, is_yanked in ((("yank", "0.1.0", "--reason", "eight"), True), (("unyank", "0.1.0"), False)):
        said = refused(*command)
        assert "the database says so now, but a list does not" in said and "give the command again" in said
        assert burden("release", *command, "--to", place).returncode == 0
        (listed,) = json.loads((place / "releases.json").read_text())["releases"]
        assert listed["yanked"] is is_yanked


def test_what_cannot_be_taken_back_is_said(burden: Burden, releases: Releases) -> None:
    done = burden("release", "yank", "9.9.9", "--reason", "why")
    assert (done.returncode, "there is no release 9.9.9" in done.stderr) == (2, True)
    assert burden("release", "yank", "0.1.0").returncode == 2
    assert "was not yanked" in burden("release", "unyank", "0.1.0").stderr
