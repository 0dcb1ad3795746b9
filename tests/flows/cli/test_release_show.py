"""`burden release show` as a person runs it: a published cell with its evidence, its history and its place in the paper."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from db.events import Rejected
from extractors.documents.draw import RED
from tests.command import Done
from tests.released import COUNT, STEPS

if TYPE_CHECKING:
    from tests.released import Releases

Burden = Callable[..., Done]


def test_all_that_is_known_of_a_cell(burden: Burden, releases: Releases) -> None:
    done = burden("release", "show", str(COUNT))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "2401.00001/run/net#count in release 0.1.1",
        "  value       16 devices",
        "  column      training_runs.count",
        "  printed     16",
        "  quote       “Eight devices”",
        "  place       page 1, Training, version 1 of the paper",
        "  rule        test.rule",
        "  read by     a person",
        "  status      reviewed",
        "  reviewers   ada, on 2026-11-24",
        "  releases    0.1.0 (2026-11-23) 8.0",
        "              0.1.1 (2026-11-24) 16.0: ada corrected it on 2026-11-24: two [31mnodes.",
        "  entries     2026-11-24 ada: corrected, two  [31mnodes",
    ]


def test_of_an_older_release_what_it_said(burden: Burden, releases: Releases) -> None:
    said = json.loads(burden("release", "show", str(COUNT), "--release", "0.1.0", "--json").stdout)
    assert (said["release"], said["value"], said["extractor"]) == ("0.1.0", "8.0", "burden-0.1.0")
    assert [step["version"] for step in said["history"]] == ["0.1.0", "0.1.1"]
    assert [entry["kind"] for entry in said["entries"]] == ["corrected"]


def test_its_place_is_drawn(burden: Burden, releases: Releases, tmp_path: Path) -> None:
    out = tmp_path / "place.png"
    assert burden("release", "show", str(COUNT), "--picture", out).returncode == 0
    image = Image.open(io.BytesIO(out.read_bytes()))
    assert RED in {colour for _, colour in image.getcolors(image.width * image.height) or []}


def test_without_a_database_there_is_the_evidence(burden: Burden, releases: Releases, tmp_path: Path) -> None:
    shutil.move(releases.data / "releases" / "0.1.1", tmp_path / "fetched")
    shutil.rmtree(releases.data)
    done = burden("release", "show", str(COUNT), "--release", tmp_path / "fetched")
    assert "  quote       “Eight devices”" in done.stdout
    assert done.stdout.endswith("  history     no database is here\n")
    assert not releases.data.exists()


def test_a_cell_that_is_not_published_has_a_sentence(burden: Burden, releases: Releases) -> None:
    waiting = burden("release", "show", str(STEPS))
    assert waiting.returncode == 2
    assert "release 0.1.1 does not publish 2401.00001/run/net#steps. It waits for review" in waiting.stderr
    releases.say(COUNT, Rejected(), "no")
    releases.build()
    gone = burden("release", "show", str(COUNT))
    assert "It left the dataset with 0.1.2: ada rejected it on 2026-11-24: no." in gone.stderr
    assert "is not a cell" in burden("release", "show", "nonsense").stderr or gone.returncode == 2
