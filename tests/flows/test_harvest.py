"""A harvest loses no paper: it goes on where it was left, begins anew where it must, and its watermark is the feed's own time."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import migrate, open_database, snapshot
from db.harvests import Reached, reached
from db.tables import PaperRow, PaperVersionRow
from extractors.facts.errors import SilentSourceError
from flows.clock import PlayedClock
from flows.demo.catalogue import Sample, catalogue
from flows.demo.standin import Fault, StandIn, stand_in
from flows.harvest import harvest
from flows.night import Night, Order, Steps, Summary, open_night, run
from flows.settings import Settings, environment_of
from flows.steps import summarise

FIRST = catalogue()[0]
NOW = datetime(2024, 4, 1, 2, 30, tzinfo=UTC)
PART = "cs"


def nothing(_: Night) -> None:
    """A step left out."""


HARVEST = Steps(harvest, nothing, nothing, nothing, nothing, summarise, close=nothing)


def paper(n: int, day: int, version: int = 1, **more: object) -> Sample:
    came = datetime(2024, 3, day, 12, tzinfo=UTC)
    return replace(FIRST, id=f"2403.{n:05}", version=version, published=came, updated=came, **more)  # type: ignore[arg-type]


PAPERS = tuple(paper(n, 26 + n // 3) for n in range(12))
"""Twelve papers of the last days of March."""


@pytest.fixture
def arxiv() -> Iterator[StandIn]:
    """Twelve papers, two a page."""
    with stand_in(PAPERS, as_of=NOW) as running:
        running.per_page = 2
        yield running


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied: making one takes longer than most harvests here."""
    path = tmp_path_factory.mktemp("migrated") / "burden.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def settings(settings: Settings, migrated: Path) -> Settings:
    """One set, so that requests can be counted."""
    settings.data_dir.mkdir()
    shutil.copy(migrated, settings.data_dir)
    return settings.model_copy(update={"oai_sets": (PART,)})


@pytest.fixture
def harvested(settings: Settings, clock: PlayedClock, arxiv: StandIn) -> Callable[..., Summary]:
    """Harvests at the stand-in's time, or by a clock of its own."""

    def ran(order: Order | None = None, at: datetime | None = None) -> Summary:
        clock.passed = ((at or arxiv.now()) - clock.start).total_seconds() + requests_of(arxiv)
        with open_night(settings, order or Order(), clock=clock) as night:
            return run(night, HARVEST)

    return ran


def state(engine: Engine) -> Reached:
    with snapshot(engine) as opened:
        return reached(opened, "oai", PART)


def names(engine: Engine) -> list[str]:
    with snapshot(engine) as opened:
        rows = opened.exec(select(PaperVersionRow)).all()
        return sorted(f"{row.paper_id}v{row.version}" for row in rows)


def all_names(arxiv: StandIn) -> list[str]:
    return sorted(sample.name for shown in arxiv.shown() for sample in shown.versions)


def requests_of(arxiv: StandIn) -> int:
    return len(arxiv.seen)


# Whole harvests


def test_the_watermark_is_the_feeds_time_when_the_harvest_began_and_never_ours(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    summary = harvested(at=NOW + timedelta(hours=5))
    assert summary.counts == {"listed": 12, "new": 12}
    assert names(engine) == all_names(arxiv)
    assert state(engine) == Reached(NOW, None)


def test_a_night_looks_back_a_week_behind_the_watermark_and_finds_what_appeared_late(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    late = paper(99, 28, announced=NOW + timedelta(days=5))
    arxiv.samples = (*PAPERS, late)
    harvested()
    assert late.name not in names(engine)
    arxiv.as_of = NOW + timedelta(days=2)
    arxiv.samples = (*arxiv.samples, paper(98, 31))
    assert harvested().counts["new"] == 1
    assert (
        "from=2024-03-25" in arxiv.seen[-1].path
        or "from=2024-03-25" in arxiv.seen[requests_of(arxiv) // 2].path
    )
    arxiv.as_of = NOW + timedelta(days=5)
    # the watermark is two days on, and the week behind it still holds the day of the late one
    assert harvested().counts["new"] == 1
    assert names(engine) == all_names(arxiv)


def test_a_harvest_repeated_finds_everything_known(harvested: Callable[..., Summary], engine: Engine) -> None:
    harvested()
    before = names(engine)
    assert harvested().counts == {"listed": 12}
    assert names(engine) == before


def test_a_window_in_the_past_moves_the_watermark_to_its_end_at_most(
    harvested: Callable[..., Summary], engine: Engine
) -> None:
    harvested(Order(since=date(2024, 3, 20), until=date(2024, 3, 27)))
    assert len(names(engine)) == 6
    assert state(engine).watermark == datetime(2024, 3, 27, 23, 59, 59, 999999, tzinfo=UTC)


def test_sets_have_watermarks_of_their_own_and_a_paper_in_two_is_one_paper(
    settings: Settings, clock: PlayedClock, engine: Engine
) -> None:
    both = settings.model_copy(update={"oai_sets": ("cs:cs:CV", "cs:cs:LG", "stat")})
    with open_night(both, Order(), clock=clock) as night:
        assert run(night, HARVEST).counts == {"listed": 12, "new": 12}
    with snapshot(engine) as opened:
        marks = {part: reached(opened, "oai", part).watermark for part in both.oai_sets}
    assert marks == {"cs:cs:CV": NOW, "cs:cs:LG": NOW, "stat": None}, "nothing came of the last"


# Left in the middle


def left_after(pages: int, harvested: Callable[..., Summary], arxiv: StandIn) -> None:
    """A harvest that breaks after some pages."""
    arxiv.misbehave(Fault("error-feed", path="/oai", after=pages))
    assert harvested().outcome == "partial"


@pytest.mark.parametrize("pages", range(1, 6))
def test_a_harvest_goes_on_behind_the_last_page_that_was_stored(
    pages: int, harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    left_after(pages, harvested, arxiv)
    assert len(names(engine)) == 2 * pages
    assert state(engine).watermark is None
    asked = requests_of(arxiv)
    arxiv.as_of = NOW + timedelta(days=1)
    summary = harvested()
    assert requests_of(arxiv) - asked == 6 - pages
    assert summary.counts["new"] == 12 - 2 * pages
    assert names(engine) == all_names(arxiv)
    assert state(engine) == Reached(NOW, None), "when it began, not when it went on"


_PROGRAM = """
import os, signal
import flows.harvest as steps
from flows.night import Order, Steps, open_night, run
from flows.settings import load_settings
from tests.flows.test_harvest import HARVEST

left, store = 3, steps._store_page
def dies(*given):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    store(*given)
steps._store_page = dies
with open_night(load_settings(), Order()) as night:
    run(night, HARVEST)
"""


def test_a_process_killed_between_pages_loses_nothing_and_doubles_nothing(
    settings: Settings, tmp_path: Path, engine: Engine
) -> None:
    today = datetime.now(UTC).replace(microsecond=0)
    recent = tuple(
        replace(sample, updated=today - timedelta(days=1, minutes=n)) for n, sample in enumerate(PAPERS)
    )
    (tmp_path / "program.py").write_text(_PROGRAM)
    with stand_in(recent) as arxiv:
        arxiv.per_page = 2
        moved = settings.model_copy(update={"arxiv_pdf_url": arxiv.pdf_url, "arxiv_api_url": arxiv.api_url})
        environment = os.environ | environment_of(moved) | {"PYTHONPATH": str(Path(__file__).parents[2])}
        killed = subprocess.run([sys.executable, tmp_path / "program.py"], check=False, env=environment)
        assert killed.returncode == -signal.SIGKILL
        assert len(names(engine)) == 4, "the third page came, and was not stored"
        with open_night(moved, Order()) as night:
            assert run(night, HARVEST).counts == {"listed": 8, "new": 8}
        assert names(engine) == all_names(arxiv)
        assert requests_of(arxiv) == 3 + 4
    mark = state(engine).watermark
    assert mark is not None
    assert today <= mark


def test_a_token_that_expired_begins_the_window_anew_and_what_was_stored_is_known(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    left_after(3, harvested, arxiv)
    arxiv.as_of = NOW + timedelta(days=1)
    arxiv.misbehave(Fault("bad-token", path="/oai"))
    summary = harvested()
    assert (summary.counts["listed"], summary.counts["new"]) == (12, 6)
    assert names(engine) == all_names(arxiv)
    assert state(engine) == Reached(arxiv.as_of, None), "when it began anew"


def test_a_feed_that_wants_to_be_left_alone_is_and_the_next_night_goes_on(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    arxiv.misbehave(Fault("busy", path="/oai", after=2, retry_after="7200"))
    left = harvested()
    assert left.outcome == "partial" and left.note.startswith("Rate limited, resumable: the service asks to")
    assert (len(names(engine)), state(engine).watermark) == (4, None)
    asked = requests_of(arxiv)
    assert "Rate limited" in harvested(at=NOW + timedelta(hours=1)).note
    assert requests_of(arxiv) == asked, "the service is not even asked before its time"
    harvested(at=NOW + timedelta(hours=3))
    assert names(engine) == all_names(arxiv)


def test_tokens_that_always_expire_end_the_night_and_the_next_one_begins_the_same_window(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    arxiv.misbehave(Fault("bad-token", path="/oai?verb=ListRecords&resumptionToken", times=3))
    assert "badResumptionToken" in harvested().note
    assert state(engine).watermark is None
    arxiv.as_of = NOW + timedelta(days=3)
    harvested()
    assert names(engine) == all_names(arxiv)


def test_a_feed_that_goes_in_circles_ends_the_night_and_is_begun_anew(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    arxiv.misbehave(Fault("same-token", path="/oai?verb=ListRecords&resumptionToken"))
    assert "circles" in harvested().note
    assert state(engine) == Reached(None, None), "the token that leads nowhere is forgotten"
    harvested()
    assert names(engine) == all_names(arxiv)


def test_a_token_of_another_window_is_not_used(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    left_after(2, harvested, arxiv)
    harvested(Order(since=date(2024, 3, 26), until=date(2024, 3, 26)))
    assert "from=2024-03-26&until=2024-03-26" in arxiv.seen[-2].path
    harvested()
    assert names(engine) == all_names(arxiv)


# Clocks and silence


def test_a_feed_from_the_future_is_kept_but_moves_no_watermark(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    arxiv.as_of = NOW + timedelta(days=900)
    summary = harvested(Order(since=date(2024, 3, 20)), at=NOW)
    assert (summary.outcome, summary.counts["new"]) == ("partial", 12)
    assert "the watermark of cs stays until they agree" in summary.note
    assert state(engine) == Reached(None, None)


def test_our_own_clock_may_stand_still_or_jump_without_losing_a_paper(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    harvested()
    arxiv.as_of = NOW + timedelta(days=30)
    arxiv.samples = (*PAPERS, paper(50, 31), paper(51, 31, announced=NOW + timedelta(days=1)))
    harvested(at=NOW + timedelta(days=400))
    assert names(engine) == all_names(arxiv)
    assert state(engine).watermark == arxiv.as_of


def test_a_night_without_papers_is_an_alarm_and_moves_nothing(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    harvested()
    arxiv.as_of = NOW + timedelta(days=1)
    arxiv.misbehave(Fault("empty", path="/oai"))
    with pytest.raises(SilentSourceError, match="oai: cs, 2024-03-25"):
        harvested()
    assert state(engine) == Reached(NOW, None)


def test_a_harvest_whose_papers_came_before_it_was_left_is_not_silent(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    left_after(5, harvested, arxiv)
    arxiv.misbehave(Fault("empty", path="/oai"))
    assert harvested().outcome == "done"
    assert state(engine) == Reached(NOW, None)


# Withdrawn and changed papers


def test_a_withdrawn_paper_is_kept_and_marked_and_may_come_back(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    harvested()
    notice = paper(0, 31, 2, withdrawn=True, comment="Withdrawn: an error in Lemma 2.")
    arxiv.samples, arxiv.as_of = (*PAPERS, notice), NOW + timedelta(days=1)
    assert harvested().counts == {"listed": 12, "revised": 1, "withdrawn": 1}
    assert withdrawn(engine) == {notice.id: "Withdrawn: an error in Lemma 2."}
    assert harvested().counts == {"listed": 12}, "it is known"
    arxiv.samples = (*arxiv.samples, replace(notice, version=3, withdrawn=False, comment=None))
    assert harvested().counts == {"listed": 12, "revised": 1}
    assert withdrawn(engine) == {}
    assert names(engine) == all_names(arxiv)


def test_a_deleted_record_is_a_withdrawn_paper(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    harvested()
    arxiv.deleted, arxiv.as_of = {PAPERS[4].id: NOW}, NOW + timedelta(days=1)
    assert harvested().counts == {"listed": 11, "withdrawn": 1}
    assert withdrawn(engine) == {PAPERS[4].id: "arXiv deleted the record."}


def withdrawn(engine: Engine) -> dict[str, str | None]:
    with snapshot(engine) as opened:
        rows = opened.exec(select(PaperRow)).all()
        return {row.paper_id: row.withdrawn_reason for row in rows if row.withdrawn_at}


def test_what_a_later_listing_says_otherwise_is_kept_beside_the_first(
    harvested: Callable[..., Summary], arxiv: StandIn, engine: Engine
) -> None:
    harvested()
    arxiv.samples = (replace(PAPERS[0], comment="Accepted at a conference"), *PAPERS[1:])
    assert harvested().counts == {"listed": 12, "relisted": 1}
    with snapshot(engine) as opened:
        row = opened.get_one(PaperVersionRow, (PAPERS[0].id, 1))
        assert row.comment == PAPERS[0].comment
        assert b"Accepted at a conference" in (row.relisted or b"")


def test_two_harvests_at_once_on_one_database_both_come_to_the_end(
    settings: Settings, arxiv: StandIn, engine: Engine, tmp_path: Path
) -> None:
    def on_a_machine(number: int) -> int:
        own = settings.model_copy(
            update={"data_dir": tmp_path / str(number), "database_url": settings.database}
        )
        with open_night(own, Order(key=f"machine {number}"), clock=PlayedClock(NOW)) as night:
            return run(night, HARVEST).counts["listed"]

    with open_night(settings, Order()):
        pass
    with ThreadPoolExecutor(2) as machines:
        # the second to begin may find where the first is, and go on from there
        assert max(machines.map(on_a_machine, range(2))) == 12
    assert names(engine) == all_names(arxiv)
    assert state(engine) == Reached(NOW, None)
