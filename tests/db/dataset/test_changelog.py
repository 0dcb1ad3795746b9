"""The change log of the data sums a release up and goes on with the ones before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from db.dataset.changelog import NAMED, News, first_section, section
from db.dataset.changes import Change, Reason, Standing
from db.dataset.release import build_release
from db.events import Rejected
from extractors.facts.ids import CellKey, PaperId

if TYPE_CHECKING:
    from pathlib import Path

    from tests.db.dataset.conftest import World

AS_OF = datetime(2026, 11, 20, 3, tzinfo=UTC)
PAPER = "2403.00042"


def change(number: int, *, by_person: bool = True, reason: str = "ada corrected it.") -> Change:
    return Change(
        PaperId(PAPER), f"{PAPER}/run/r{number}", "count", "changed",
        Standing("a", "8.0"), Standing("b", "16.0"), "stayed", Reason(reason, "person" if by_person else "machine"),
    )  # fmt: skip


def told(*changes: Change) -> str:
    news = News()
    for one in changes:
        news.add(one)
    return section("0.1.1", AS_OF, news)


def test_corrections_are_listed_with_reasons_and_fields_are_counted() -> None:
    said = told(change(1, reason="ada corrected it: two nodes."))
    assert said.splitlines()[:3] == [
        "## 0.1.1 - 2026-11-20",
        "",
        "0 cells added, 1 cell changed, 0 cells removed.",
    ]
    assert "| `run.count` | 0 | 1 | 0 |" in said
    assert rf"- {PAPER}/run/r1\#count: 8.0 → 16.0. ada corrected it: two nodes." in said


def test_strangers_words_stay_words() -> None:
    said = told(change(1, reason="<script>alert(1)</script> [x](http://y) *z* | `q`"))
    assert r"\<script\>alert(1)\</script\> \[x\](http://y) \*z\* \| \`q\`" in said


def test_of_many_corrections_the_first_are_named_and_the_rest_counted() -> None:
    said = told(*(change(number) for number in range(NAMED + 7)))
    assert said.count("ada corrected it.") == NAMED
    assert said.endswith("- and 7 more\n")


def test_what_machines_changed_is_counted_by_reason() -> None:
    said = told(*(change(number, by_person=False, reason="Read anew.") for number in range(3)))
    assert "### What else changed cells\n\n- 3 cells: Read anew.\n" in said
    assert "What people changed" not in said


def test_a_first_release_says_how_much_there_is() -> None:
    assert first_section("0.1.0", AS_OF, 1, 16).endswith("The first release: 16 cells of 1 paper.\n")


def test_the_newest_release_comes_first_and_the_list_has_what_changed(world: World, tmp_path: Path) -> None:
    world.read(PAPER)
    build_release(world.engine, tmp_path)
    world.say(CellKey.parse(f"{PAPER}/run/sparsenet.training#count"), Rejected(), reason="no")
    world.read("2403.00043")
    folder = build_release(world.engine, tmp_path).folder
    log = (folder / "CHANGELOG.md").read_text()
    assert [line for line in log.splitlines() if line.startswith("## ")] == [
        "## 0.2.0 - 2026-11-21",
        "## 0.1.0 - 2026-11-20",
    ]
    assert "### Papers that came\n\n2403.00043." in log
    listed = pd.read_csv(folder / "changes.csv", dtype=str)
    assert dict(listed["change"].value_counts()) == {"added": 16, "removed": 1}
    assert listed["before"][0] == "8.0"
