"""A backfill: the story of the night for days of the past, beside the nights.

It takes the steps of the night, and differs in what it leaves alone. How far it is has rows of its own, so that the watermark
of the nights never moves; its papers are its own from the page on that lists them, so that a night which is at work meanwhile neither
fetches them too nor is kept up by them. Its run is named by what it is asked for: the same command goes on where it was left, and does nothing
where it is done, unless it is told to ask again, which is another run with its own place in the source. Both take turns at arXiv, whose pace holds for all together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256

from sqlalchemy import Engine

from db.engine import snapshot
from db.runs import BACKFILL, NIGHTLY, reports_before
from extractors.facts.errors import RepeatedRunError, UsageError
from flows.clock import Clock, SystemClock
from flows.estimate import RECORDS_A_PAGE, counted, expected, foretold
from flows.files import due
from flows.gate import gate_of
from flows.night import Night, Order, Steps, database_of, open_work, outcome_of, source_of
from flows.progress import Telling
from flows.screening import screen
from flows.settings import Settings
from flows.sources import Source
from flows.sources.submitted import Submitted
from flows.steps import PLAIN
from flows.watch.closing import known_reports

ONCE_MORE = "Add --again to ask for these days once more"
_NIGHTS_KNOWN = 28
"""Newest reports that an estimate goes by."""


@contextmanager
def open_backfill(
    settings: Settings, order: Order, *, clock: Clock | None = None, telling: Telling | None = None
) -> Iterator[Night]:
    """A backfill ready to run, or to go on.

    Raises:
        UsageError: the order names no days, or days that are not over, or a source without days; or the real arXiv is asked without a contact address.
        StoreError: the data folder or the database cannot be written.
        ConflictError: another backfill is at work in this data folder, or on this database.
        RepeatedRunError: this very one is, or is done.
    """
    clock = clock or SystemClock()
    _refuse(order, clock.now().date())
    with database_of(settings) as engine, gate_of(settings, engine, clock) as gate:
        source = source_of(settings, order, clock, gate)
        if order.source == "bulk":
            source = Submitted(source)
        named = _named(engine, source, order)
        with open_work(settings, engine, source, BACKFILL, named, clock=clock, telling=telling) as night:
            yield night


def _refuse(order: Order, today: date) -> None:
    if order.source == "folder":
        raise UsageError("the papers of a folder have no days", remedy="Run burden crawl --source folder")
    if order.since is None or order.until is None:
        raise UsageError("a backfill needs its first and its last day", remedy="Add --from and --to")
    if order.until >= today:
        raise UsageError(
            f"the last day {order.until} is not over", remedy="What is new comes with burden crawl"
        )


def _named(engine: Engine, source: Source, order: Order) -> Order:
    """The order with the name of its run: where these days were done and are asked for again, of one that was not done yet.

    Raises:
        RepeatedRunError: they are done, and not asked for again.
    """
    turn, key = 1, key_of(source, order)
    while (outcome := outcome_of(engine, key)) in {"done", "partial"}:
        if not order.again:
            if outcome == "partial":
                break
            raise RepeatedRunError(f"the run {key!r} is already done", remedy=ONCE_MORE)
        turn += 1
        key = key_of(source, replace(order, turn=turn))
    return replace(order, key=key, turn=turn)


def key_of(source: Source, order: Order) -> str:
    """The run's name: what is asked of which source; the selection, which is long, as the start of its hash."""
    selection = " ".join(sorted(feed.selection for feed in source.feeds))
    key = f"{BACKFILL} {source.name} {order.since} to {order.until} {sha256(selection.encode()).hexdigest()[:6]}"
    return key if order.turn == 1 else f"{key} ({order.turn})"


def foresee(night: Night) -> str:
    """What it will take, as far as can be known before anything is asked."""
    if night.source.name == "bulk":
        return "All of it comes from bulk files, without a request to arXiv's services."
    with snapshot(night.engine) as opened:
        known = known_reports(reports_before(opened, NIGHTLY, night.clock.now(), _NIGHTS_KNOWN))
    selection = " ".join(feed.selection for feed in night.source.feeds)
    nights = [one for one in known if (one.source, one.selection) == (night.source.name, selection)]
    a_page = night.settings.page_size if night.source.name == "atom" else RECORDS_A_PAGE
    return foretold(expected(night.window, nights, a_page), night.settings.request_interval_seconds)


def weigh(night: Night) -> None:
    """Tell what is left to do, when what rules that changed meanwhile say is known; what a backfill lists is screened at once."""
    screen(night)
    is_asked = night.source.name != "bulk"
    seconds = night.settings.request_interval_seconds
    night.telling.note(counted(len(due(night)), seconds, is_asked=is_asked))


PLAIN_BACKFILL: Steps = replace(PLAIN, screen=weigh)
"""The steps as they are, for whoever needs no Prefect."""
