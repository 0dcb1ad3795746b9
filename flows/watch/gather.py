"""The one place where a run's report is made: of the night's own counts and of the rows that name the run."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from db.engine import snapshot
from db.harvests import reached
from db.papers import to_fetch, to_read
from db.prisma import Flow, fates, fates_of, flow, released_papers
from db.queue import counts
from db.tables import OUTCOMES, RunRow
from db.yields import Yield, excluded_by, failures_of, screened_in, stored_bytes, yields_of
from extractors.facts.errors import ConflictError, StoreError
from extractors.screening import WANTED
from flows.watch.report import Backlog, Disk, Found, RunReport, Steps

if TYPE_CHECKING:
    from flows.night import Night


def gather(night: Night) -> RunReport:
    """The report of a run that has ended.

    Raises:
        ConflictError: it was never begun.
        StoreError: the database or the disk cannot be read.
    """
    with snapshot(night.engine) as opened:
        row = opened.get(RunRow, night.key)
        if row is None:
            raise ConflictError(f"run {night.key} was never begun", remedy="Begin it first")
        found = yields_of(opened, night.key)
        return RunReport(
            key=night.key,
            kind=night.kind,
            source=night.source.name,
            selection=" ".join(feed.selection for feed in night.source.feeds),
            is_chosen=night.source.is_chosen,
            extractor=_extractor(),
            since=night.window.since,
            until=night.window.until,
            started_at=row.started_at,
            ended_at=row.ended_at or night.clock.now(),
            outcome=next(outcome for outcome in OUTCOMES if outcome == row.outcome),
            steps=_steps(opened, night, found.papers),
            disk=disk_of(night.settings.data_dir, stored_bytes(opened)),
            backlog=_backlog(opened, night),
            flow=_flow(opened, night),
            whole=fates(opened).flow(released_papers(opened)),
            seconds={phase.name: round(phase.seconds, 3) for phase in night.telling.phases},
            fields={name: _found(number) for name, number in found.fields.items()},
            rules={name: _found(number) for name, number in found.rules.items()},
            failures=failures_of(opened, night.key),
            watermark_before=night.watermark_before,
            watermark=oldest_watermark(opened, night),
            error=night.error,
            feed_error=night.feed_error,
            is_resumed=night.is_resumed,
            note=row.note,
        )


def oldest_watermark(opened: Session, night: Night) -> datetime | None:
    """How far every feed of a source was harvested; one that never brought anything has no say. None where none has."""
    marks = (reached(opened, *night.ledger(feed.selection)).watermark for feed in night.source.feeds)
    return min((mark for mark in marks if mark is not None), default=None)


def _steps(opened: Session, night: Night, with_facts: int) -> Steps:
    screened, counted = screened_in(opened, night.key), night.counts
    return Steps(
        identified=counted["listed"],
        new=counted["new"],
        revised=counted["revised"],
        screened=sum(screened.values()),
        chosen=sum(screened.get(decision, 0) for decision in WANTED),
        excluded=excluded_by(opened, night.key),
        fetched=counted["fetched"] + counted["html fetched"],
        unfetched=counted["fetch failed"],
        read=counted["read"],
        unreadable=counted["read failed"],
        with_facts=with_facts,
    )


def _flow(opened: Session, night: Night) -> Flow:
    """What became of the versions that the night worked on; what it only listed again is counted beside them."""
    found = fates_of(opened, night.taken_up)
    journeys = Counter((step, found[version]) for version, step in night.taken_up.items() if version in found)
    return flow(journeys, known=night.known)


def _backlog(opened: Session, night: Night) -> Backlog:
    return Backlog(
        to_fetch=len(to_fetch(opened, "pdf", share=night.share)),
        to_read=len(to_read(opened, share=night.share)),
        queue=counts(opened, night.clock.now()).open,
    )


def disk_of(folder: Path, stored: int) -> Disk:
    """Room where a folder is.

    Raises:
        StoreError: there is no such folder.
    """
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        raise StoreError(
            f"the disk cannot be asked for its room: {error.strerror}", where=str(folder)
        ) from error
    return Disk(usage.free, usage.total, stored)


def _found(number: Yield) -> Found:
    return Found(number.papers, number.facts, number.squares)


def _extractor() -> str:
    from extractors.paper import EXTRACTOR

    return EXTRACTOR
