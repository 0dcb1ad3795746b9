"""A report survives its JSON, says in a line how the night went, and is refused in a layout that nobody knows."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from extractors.facts.errors import DatasetError
from flows.watch.report import Backlog, Disk, Found, RunReport, Steps, as_markdown, line, report_from_json

BEGAN = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
REPORT = RunReport(
    key="nightly 2026-03-02",
    kind="nightly",
    source="atom",
    selection="cs.LG",
    is_chosen=False,
    extractor="burden-1",
    since=BEGAN - timedelta(days=7),
    until=BEGAN,
    started_at=BEGAN,
    ended_at=BEGAN + timedelta(minutes=41),
    outcome="partial",
    steps=Steps(1200, 300, 80, 380, 120, {"Listed | elsewhere": 260}, 118, 2, 117, 1, 110),
    disk=Disk(10, 20, 5),
    backlog=Backlog(2, 1, 900),
    seconds={"harvest": 12.5},
    fields={"run.count": Found(60, 150, 700)},
    rules={"training.<b>": Found(60, 150, 700)},
    failures={"fetch: UnreachableError": 2},
    watermark=BEGAN,
    note="Fetching stopped early.",
)


def test_a_report_survives_its_json_and_what_later_versions_add_to_it() -> None:
    plain = json.loads(json.dumps(REPORT.as_json()))
    assert report_from_json(plain) == report_from_json(plain | {"weather": "fine"}) == REPORT


@pytest.mark.parametrize(
    "broken", [{"layout": 2}, {"layout": None}, {"steps": "many"}, {"started_at": "noon"}]
)
def test_what_is_no_report_of_this_layout_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(DatasetError, match="report"):
        report_from_json(REPORT.as_json() | broken)


def test_the_line_says_what_became_of_the_papers() -> None:
    assert line(REPORT) == (
        "nightly 2026-03-02: partial in 41 min. 1,200 listed (300 new, 80 revised), 380 screened (260 left out), "
        "118 fetched, 117 read (110 with facts), 2 not fetched, 1 unreadable, 900 values waiting. Fetching stopped early."
    )


@pytest.mark.parametrize(("seconds", "told"), [(11.4, "11 s"), (100, "2 min"), (7_500, "2 h 5 min")])
def test_the_line_says_how_long_it_took_in_a_unit_that_fits(seconds: float, told: str) -> None:
    """A night of eleven seconds was done "in 0 min"."""
    quick = replace(REPORT, ended_at=REPORT.started_at + timedelta(seconds=seconds))
    assert f"partial in {told}. " in line(quick)


def test_what_strangers_wrote_is_no_markup_on_the_page() -> None:
    page = as_markdown(REPORT)
    assert r"| left out: Listed \| elsewhere | 260 |" in page
    assert r"training.\<b\>" in page
