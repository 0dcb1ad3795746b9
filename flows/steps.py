"""The steps of a night as plain functions: each asks the database what is left, does it, and commits as it goes.

Nothing here knows Prefect. A step raises only what ends the night; what goes wrong with one paper is recorded as a
failure and the rest go on. A watermark moves only in the transaction that stored the last rows it stands for. The
steps in between, which bring papers' files and read them, are in `flows.papers`.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlmodel import Session

from db.cells import PUBLISHED
from db.engine import session, snapshot
from db.models import judge_of
from db.overview import cells_by_status
from db.papers import move_watermark, record_listings, record_screening, source_state, unscreened
from db.rejudging import rejudge
from db.runs import end_run
from db.tables import Outcome
from db.whole import draw
from extractors.facts.errors import SilentSourceError
from extractors.screening import Screening
from extractors.screening import screen as screening_of
from flows.night import Night, Steps, Summary
from flows.papers import extract, fall_back, fetch
from flows.progress import Phase
from flows.sources import Page

_CHOSEN = Screening("relevant", (), "Chosen by the operator.")
_SATURDAY = 5


def harvest(night: Night) -> None:
    """Store what the source lists, page by page; the watermark moves with the last page.

    Raises:
        SourceError: the source did not give what was asked; the pages before are kept, the watermark stays.
        SilentSourceError: no papers on days that should have some.
    """
    with night.telling.phase("harvest") as phase:
        for page in night.source.pages(night.window):
            if page.is_last and not night.counts["listed"] + len(page.listings) and _expects_papers(night):
                raise SilentSourceError(
                    "no papers came where some should have",
                    where=f"{night.source.name}: {night.source.selection}, {_span(night)}",
                    remedy="Check the source, the categories and the dates",
                )
            _store_page(night, page, phase)


def _store_page(night: Night, page: Page, phase: Phase) -> None:
    now = night.clock.now()
    with session(night.engine) as opened:
        found = record_listings(opened, night.source.name, page.listings, now)
        if night.source.is_chosen:
            for listing in page.listings:
                _record_screening(opened, night, listing.paper_id, listing.version, _CHOSEN)
        if page.is_last and night.counts["listed"] + len(page.listings):
            _move_watermark(opened, night)
    night.counts.update(listed=len(page.listings), new=found.new, revised=found.revised)
    night.counts["listing problems"] += len(page.problems)
    night.notes += page.problems
    phase.result = (
        f"{night.counts['listed']} listed, {night.counts['new']} new, {night.counts['revised']} revised"
    )
    phase.step()


def _move_watermark(opened: Session, night: Night) -> None:
    """Move it to the window's end, unless that would leave days between that nobody asked for."""
    state = source_state(opened, night.source.name, night.source.selection)
    if state is None or state.watermark is None or night.window.since <= state.watermark:
        reached = min(night.window.until, night.clock.now())
        move_watermark(opened, night.source.name, reached, night.clock.now(), set_name=night.source.selection)


def _expects_papers(night: Night) -> bool:
    """A chosen folder should hold something, and arXiv brings papers on every day that is not a weekend."""
    if night.source.is_chosen:
        return True
    days = (night.window.until - night.window.since) // timedelta(days=1) + 1
    return any((night.window.since + timedelta(days=n)).weekday() < _SATURDAY for n in range(min(days, 7)))


def screen(night: Night) -> None:
    """Decide by title, abstract and categories which new papers to read, and keep the reason."""
    with snapshot(night.engine) as opened:
        due = unscreened(opened)
    with night.telling.phase("screen", len(due)) as phase, session(night.engine) as opened:
        decisions: Counter[str] = Counter()
        for listing in due:
            decision = screening_of(listing.title, listing.abstract, listing.categories)
            _record_screening(opened, night, listing.paper_id, listing.version, decision)
            decisions[decision.decision] += 1
            phase.step()
        night.counts.update(decisions)
        phase.result = f"{decisions['relevant']} to read, {decisions['irrelevant']} not"


def _record_screening(opened: Session, night: Night, paper: str, version: int, decision: Screening) -> None:
    record_screening(
        opened,
        paper,
        version,
        stage="listing",
        decision=decision.decision,
        domains=decision.domains,
        reason=decision.reason,
        at=night.clock.now(),
        run_key=night.key,
    )


def _span(night: Night) -> str:
    return f"{night.window.since:%Y-%m-%d} to {night.window.until:%Y-%m-%d}"


def route(night: Night) -> None:
    """Decide by the present model and promise what is published, queued or rejected.

    A reading is routed when it is saved; here come the papers that another model or promise had decided, which
    includes the night's own where somebody chose a model meanwhile, and those that a lot sends to people as wholes.
    """
    with night.telling.phase("route") as phase:
        with snapshot(night.engine) as opened:
            night.judge = judge_of(opened, night.settings.promise, night.settings.policy)
        for _ in rejudge(night.engine, night.judge, night.clock.now()):
            phase.step()
        with session(night.engine) as opened:
            night.counts["papers to read whole"] = len(draw(opened, night.judge, night.clock.now()))
            cells = cells_by_status(opened)
        published = sum(number for status, number in cells.items() if status in PUBLISHED)
        night.counts.update({f"cells {status}": number for status, number in cells.items()})
        phase.result = f"{published} cells published, {cells.get('queued', 0)} queued, {cells.get('rejected', 0)} rejected"


def summarise(night: Night) -> Summary:
    """Write how the night went into its row, and tell it."""
    counts = {name: number for name, number in night.counts.items() if number}
    troubled = night.notes or any(name.endswith(("failed", "problems")) for name in counts)
    outcome: Outcome = "partial" if troubled else "done"
    note = " ".join(night.notes)
    with session(night.engine) as opened:
        end_run(opened, night.key, outcome, counts, night.clock.now(), note)
    night.telling.table(f"Night {_span(night)}: {outcome}", counts)
    for text in night.notes:
        night.telling.note(text)
    seconds = {phase.name: phase.seconds for phase in night.telling.phases}
    return Summary(night.key, outcome, counts, note, seconds)


PLAIN = Steps(harvest, screen, fetch, extract, fall_back, route, summarise)
"""The steps as they are, for whoever needs no Prefect."""
