"""The steps of a night as plain functions: each asks the database what is left, does it, and commits as it goes.

Nothing here knows Prefect. A step raises only what ends the night; what goes wrong with one paper is recorded as a
failure and the rest go on. A watermark moves only in the transaction that stored the last rows it stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlmodel import Session

from db.cells import PUBLISHED
from db.engine import session, snapshot
from db.overview import cells_by_status, judged_otherwise
from db.papers import (
    FileOf,
    move_watermark,
    record_file,
    record_listings,
    record_screening,
    source_state,
    to_fetch,
    to_read,
    unscreened,
)
from db.readings import save
from db.refresh import refresh
from db.runs import end_run, open_failures, record_failure, resolve_failure
from db.tables import Outcome
from extractors.facts.errors import (
    BurdenError,
    ConflictError,
    DocumentError,
    RateLimitedError,
    SilentSourceError,
    SourceError,
    StoreError,
    UnreachableError,
)
from extractors.facts.records import Reading
from extractors.screening import Screening
from extractors.screening import screen as screening_of
from flows.night import Night, Steps, Summary
from flows.progress import Phase
from flows.sources import Page
from flows.workers import FailedPaper, Job, read_many

FETCH = "fetch"
_CHOSEN = Screening("relevant", (), "Chosen by the operator.")
_UNREACHABLE_IN_A_ROW = 3
"""After so many papers that could not be reached, the service is taken to be away and the rest wait for the next run."""
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


def fetch(night: Night) -> None:
    """Fetch the files that are missing, one after another; stop where the service wants to be left alone."""
    with snapshot(night.engine) as opened:
        due = [
            file for file in _untired(opened, night, FETCH, to_fetch(opened)) if night.source.can_fetch(file)
        ]
    with night.telling.phase("fetch", len(due)) as phase:
        unreachable = 0
        for file in due:
            error = _fetch_one(night, file)
            unreachable = unreachable + 1 if isinstance(error, UnreachableError) else 0
            phase.step()
            phase.result = f"{night.counts['fetched']} fetched, {night.counts['fetch failed']} failed"
            if isinstance(error, RateLimitedError) or unreachable == _UNREACHABLE_IN_A_ROW:
                night.notes.append(f"Fetching stopped early, to be resumed: {error}")
                break


def _fetch_one(night: Night, file: FileOf) -> SourceError | DocumentError | None:
    try:
        data = night.source.fetch(file)
    except (SourceError, DocumentError) as error:
        _fail(night, FETCH, _subject(file), error)
        return error
    sha256 = night.store.put(data)
    with session(night.engine) as opened:
        record_file(
            opened,
            file.paper_id,
            file.version,
            sha256=sha256,
            size=len(data),
            at=night.clock.now(),
            url=file.url,
        )
        resolve_failure(opened, FETCH, _subject(file), night.clock.now())
    night.counts["fetched"] += 1
    return None


def extract(night: Night) -> None:
    """Read the files that this extractor has not read, in worker processes; each reading is saved as it comes."""
    from extractors.paper import EXTRACTOR

    stage = f"read {EXTRACTOR}"
    with snapshot(night.engine) as opened:
        due = _untired(opened, night, stage, to_read(opened, EXTRACTOR), tries=1)
    with night.telling.phase("extract", len(due)) as phase:
        files = {_subject(file): file for file in due}
        workers = max(min(night.settings.workers, len(due)), 1)
        jobs = _jobs(night, stage, due)
        for job, outcome in _outcomes(night, jobs, workers) if due else ():
            error = (
                outcome.error
                if isinstance(outcome, FailedPaper)
                else _keep(night, outcome, files[job.subject])
            )
            if error:
                _fail(night, stage, job.subject, error)
            phase.step()
            phase.result = f"{night.counts['read']} read, {night.counts['read failed']} unreadable"


def _outcomes(night: Night, jobs: Iterator[Job], workers: int) -> Iterator[tuple[Job, Reading | FailedPaper]]:
    seconds, megabytes = night.settings.paper_seconds, night.settings.paper_megabytes
    return read_many(jobs, workers=workers, timeout=seconds, memory=megabytes)


def _keep(night: Night, reading: Reading, file: FileOf) -> BurdenError | None:
    try:
        with session(night.engine) as opened:
            save(opened, reading, night.judge, night.clock.now(), version=file.version, run_key=night.key)
    except ConflictError as error:
        return error
    night.counts["read"] += 1
    return None


def _jobs(night: Night, stage: str, files: Sequence[FileOf]) -> Iterator[Job]:
    """The files with their bytes, taken from the store one by one as workers become free."""
    for file in files:
        try:
            yield Job(_subject(file), night.store.get(file.sha256 or ""), file.paper_id)
        except StoreError as error:
            _fail(night, stage, _subject(file), error)


def _untired(
    opened: Session, night: Night, stage: str, files: Sequence[FileOf], tries: int | None = None
) -> list[FileOf]:
    """The files that have not failed too often already."""
    most = tries or night.settings.tries_per_paper
    tired = {failure.subject for failure in open_failures(opened, stage) if failure.tries >= most}
    return [file for file in files if _subject(file) not in tired]


def _fail(night: Night, stage: str, subject: str, error: Exception) -> None:
    with session(night.engine) as opened:
        record_failure(opened, stage, subject, error, night.clock.now(), night.key)
    night.counts[f"{stage.split(maxsplit=1)[0]} failed"] += 1


def _subject(file: FileOf) -> str:
    return f"{file.paper_id}v{file.version}"


def _span(night: Night) -> str:
    return f"{night.window.since:%Y-%m-%d} to {night.window.until:%Y-%m-%d}"


def route(night: Night) -> None:
    """Decide by the present model and promise what is published, queued or rejected.

    A reading is routed when it is saved; here come the papers that another model or promise had decided.
    """
    with night.telling.phase("route") as phase:
        with session(night.engine) as opened:
            for paper in judged_otherwise(opened, night.judge):
                refresh(opened, paper, night.judge, night.clock.now())
        with snapshot(night.engine) as opened:
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


PLAIN = Steps(harvest, screen, fetch, extract, route, summarise)
"""The steps as they are, for whoever needs no Prefect."""
