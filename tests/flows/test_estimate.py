"""An estimate goes by what nights brought, and says where it has nothing to go by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.estimate import Estimate, counted, expected, foretold
from flows.sources import Window
from flows.watch.report import Disk, RunReport, Steps

AT = datetime(2024, 4, 1, tzinfo=UTC)
NIGHT = RunReport(
    key="nightly",
    kind="nightly",
    source="oai",
    selection="cs",
    is_chosen=False,
    extractor="burden-1",
    since=AT - timedelta(days=8),
    until=AT,
    started_at=AT,
    ended_at=AT,
    outcome="done",
    steps=Steps(identified=2400, screened=300, chosen=60),
    disk=Disk(1, 1, 1),
)
MONTH = Window(AT - timedelta(days=30), AT)


def test_papers_and_files_follow_from_what_nights_listed_a_day_and_chose() -> None:
    other = replace(NIGHT, since=AT - timedelta(days=2), steps=Steps(identified=600, screened=100, chosen=20))
    assert expected(MONTH, [NIGHT, other], a_page=1000) == Estimate(9000, 9, 1800)


def test_nights_that_brought_nothing_tell_nothing() -> None:
    assert expected(MONTH, [], 1000) is None
    assert expected(MONTH, [replace(NIGHT, steps=Steps())], 1000) is None


def test_the_hours_are_those_that_the_pace_allows() -> None:
    said = foretold(Estimate(9000, 9, 1800), 3.0)
    assert said == (
        "By the nights so far, about 9,000 papers, 1,800 of them to be read: "
        "1,809 requests to arXiv, 1.5 h at one request every 3 s."
    )
    assert foretold(None, 3.0).startswith("No night has asked this source yet")


def test_what_is_left_is_counted_once_it_is_known() -> None:
    assert counted(0, 3.0, is_asked=True) == "No file is missing."
    assert counted(1200, 3.0, is_asked=True) == "1,200 files to fetch: 60 min at one request every 3 s."
    assert counted(1200, 3.0, is_asked=False) == "1,200 files to read, without a request."
