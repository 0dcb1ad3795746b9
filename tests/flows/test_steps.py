"""What each step does when its world misbehaves: nothing is lost, nothing is believed lightly, the rest go on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db.alarms import open_alarms
from db.engine import session, snapshot
from db.harvests import move_watermark, reached
from db.models import choose, judge_of
from db.rejudging import judged_otherwise
from db.runs import last_run
from db.screening_tables import ScreeningRow
from db.tables import PaperRow
from extractors.confidence import Linear, Model
from extractors.facts.errors import SilentSourceError
from extractors.facts.fields import Family
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.night import Night, Order, Summary, open_night
from flows.settings import Settings
from flows.steps import PLAIN

MARCH = Order("atom", since=date(2024, 3, 1), until=date(2024, 3, 31))


def watermark(engine: Engine, settings: Settings) -> datetime | None:
    with snapshot(engine) as opened:
        return reached(opened, "atom", " ".join(sorted(settings.categories))).watermark


# Harvest


def test_a_harvest_that_brought_nothing_moves_no_watermark_and_says_why_in_its_row(
    night: Callable[..., Summary], arxiv: StandIn, engine: Engine, settings: Settings
) -> None:
    arxiv.misbehave(Fault("empty"))
    with pytest.raises(SilentSourceError) as raised:
        night(MARCH)
    assert watermark(engine, settings) is None
    with snapshot(engine) as opened:
        row = last_run(opened)
        assert row
        assert (row.outcome, row.note) == ("failed", str(raised.value))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("challenge", path="/api"), "The source failed, resumable: arXiv answered with a challenge"),
        (Fault("error-feed", path="/api"), "The source failed, resumable: arXiv answered with an error"),
        (Fault("busy", path="/api", retry_after="9999"), "Rate limited, resumable: the service asks to wait"),
    ],
)
def test_a_source_that_fails_is_left_alone_and_what_is_here_is_read_all_the_same(
    fault: Fault,
    said: str,
    night: Callable[..., Summary],
    arxiv: StandIn,
    engine: Engine,
    settings: Settings,
) -> None:
    """A challenge page in the feed used to end the night, with papers waiting in the store."""
    arxiv.samples = catalogue()[:1]
    night(replace(MARCH, until=date(2024, 3, 11)))
    reached_before, asked = watermark(engine, settings), len(arxiv.seen)
    arxiv.misbehave(fault)
    summary = night(MARCH, PLAIN)
    assert (summary.outcome, summary.note.startswith(said)) == ("partial", True)
    assert summary.counts["read"] > 0
    assert (len(arxiv.seen), watermark(engine, settings)) == (asked + 1, reached_before)
    with snapshot(engine) as opened:
        raised = {alarm.kind for alarm in open_alarms(opened)}
    assert ("feed" in raised) == (fault.kind != "busy"), "one busy night is no misfortune"


def test_pages_before_a_failure_are_kept_but_the_watermark_stays(
    night: Callable[..., Summary], arxiv: StandIn, engine: Engine, settings: Settings
) -> None:
    away = night(MARCH, arxiv_api_url="http://127.0.0.1:9/api/query", request_tries=1)
    assert away.note.startswith("The service is away, resumable: no connection")
    arxiv.misbehave(Fault("error-feed", path="/api", after=2))
    assert night(MARCH, page_size=3).outcome == "partial"
    with snapshot(engine) as opened:
        kept = len(opened.exec(select(PaperRow)).all())
    assert 0 < kept < len(arxiv.current())
    assert watermark(engine, settings) is None
    night(MARCH, page_size=3)
    assert watermark(engine, settings) is not None


def test_an_empty_weekend_is_no_failure_but_moves_no_watermark(
    night: Callable[..., Summary], engine: Engine, settings: Settings
) -> None:
    saturday = date(2020, 1, 4)
    assert night(Order("atom", since=saturday, until=saturday + timedelta(days=1))).outcome == "done"
    assert watermark(engine, settings) is None
    with pytest.raises(SilentSourceError, match="2020-01-03 to 2020-01-05"):
        night(Order("atom", since=saturday - timedelta(days=1), until=saturday + timedelta(days=1)))


def test_a_window_that_leaves_a_gap_behind_the_watermark_does_not_move_it(
    night: Callable[..., Summary], engine: Engine, settings: Settings
) -> None:
    before = datetime(2024, 2, 1, tzinfo=UTC)
    with open_night(settings, MARCH), session(engine) as opened:
        move_watermark(opened, "atom", " ".join(sorted(settings.categories)), before, before)
    night(MARCH)
    assert watermark(engine, settings) == before
    night(Order("atom", since=date(2024, 1, 30), until=date(2024, 3, 31)))
    assert watermark(engine, settings) > before  # type: ignore[operator]


def test_an_empty_folder_is_a_failure(night: Callable[..., Summary], tmp_path: Path) -> None:
    with pytest.raises(SilentSourceError):
        night(Order(source="folder", folder=tmp_path))


# Screening


def test_every_listed_paper_is_screened_with_a_reason(night: Callable[..., Summary], engine: Engine) -> None:
    summary = night()
    with snapshot(engine) as opened:
        rows = [(row.decision, row.reason) for row in opened.exec(select(ScreeningRow))]
    assert len(rows) == summary.counts["listed"]
    assert all(reason for _, reason in rows)
    assert {decision for decision, _ in rows} == {"relevant", "irrelevant"}


# Routing


def test_another_promise_moves_the_border_between_published_and_queued(
    night: Callable[..., Summary], tmp_path: Path
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "good.pdf").write_bytes(pdf_of(catalogue()[0]))
    order = Order(source="folder", folder=tmp_path / "papers")
    before = night(order, PLAIN).counts
    lenient = night(order, PLAIN, promised_precision=0.1).counts
    assert lenient.get("cells queued", 0) < before["cells queued"]
    assert night(order, PLAIN).counts["cells queued"] == before["cells queued"]


def test_a_model_chosen_while_the_night_is_at_work_judges_its_papers(
    night: Callable[..., Summary], engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "good.pdf").write_bytes(pdf_of(catalogue()[0]))
    sceptic = Model("sceptic", {family: Linear(-9.0) for family in get_args(Family)})

    def choose_then_route(at_work: Night) -> None:
        with session(at_work.engine) as opened:
            choose(opened, sceptic, at_work.clock.now())
        PLAIN.route(at_work)

    done = night(Order("folder", tmp_path / "papers"), replace(PLAIN, route=choose_then_route))
    assert done.counts["cells rejected"] > 0
    assert "cells queued" not in done.counts
    with snapshot(engine) as opened:
        assert judged_otherwise(opened, judge_of(opened, Settings().promise)) == ()
