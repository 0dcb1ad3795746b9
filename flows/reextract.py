"""The story of `burden reextract`: the extractor of now over the stored bytes of papers that another one read.

First all are read into drafts, which changes nothing in the database; then each draft is laid onto it in a transaction that is rolled
back, which tells exactly what storing would change; and then, if that is wanted, they are stored. Each step asks what is left to
do, so whoever is stopped goes on from there. No network is asked, and no more papers are in memory than processes read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from sqlalchemy import Engine
from sqlmodel import Session

from db.cells import Judge
from db.differences import Differences, overwrites
from db.engine import rehearsal, session, snapshot
from db.models import judge_of
from db.papers import FileOf, Media, to_read_again
from db.readings import Saved, newest_read, save
from db.refresh import Change
from db.runs import begin_run, close_interrupted, end_run, open_failures, record_failure, resolve_failure
from db.store import Store, open_store
from db.tables import Outcome
from extractors.facts.errors import BurdenError, GateError, RepeatedRunError, StoreError, UsageError
from extractors.facts.records import Reading
from flows.clock import Clock, SystemClock
from flows.drafts import Drafts
from flows.files import extractor, read_stage, subjects, version_of
from flows.lock import alone
from flows.night import present_database
from flows.papers import Attempt, ways_to_read
from flows.progress import Phase, Telling, in_silence
from flows.settings import Settings
from flows.workers import FailedPaper, Job, read_many

REEXTRACT: Literal["reextract"] = "reextract"
"""Kind of these runs."""
_AT_ONCE = 500
"""Versions whose reading is planned together, so that what is planned takes no more memory where more are due."""
_REPORT_IT = "Report it: the paper is as it was"


@dataclass(slots=True)
class Rereading:
    """Papers that are to be read again, at work."""

    settings: Settings
    engine: Engine
    store: Store
    judge: Judge
    clock: Clock
    telling: Telling
    extractor: str
    drafts: Drafts
    due: Mapping[str, Sequence[Attempt]]
    """The ways to read each version, best first, by its name."""
    lost: dict[str, BurdenError] = field(default_factory=dict)
    """Versions that could not be read in any way; what is known of them stays."""
    failed: dict[str, BurdenError] = field(default_factory=dict)
    """The ways that failed."""

    @property
    def key(self) -> str:
        """The run's name: the same papers, by the same extractor, are stored once."""
        return f"{REEXTRACT} {self.extractor} {sha256(' '.join(self.due).encode()).hexdigest()[:12]}"

    @property
    def missing(self) -> tuple[str, ...]:
        """Versions whose bytes the store has lost."""
        return tuple(name for name, error in self.lost.items() if isinstance(error, StoreError))

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The other versions that could not be read."""
        return tuple(name for name in self.lost if name not in self.missing)


@contextmanager
def open_rereading(
    settings: Settings,
    papers: Sequence[str] = (),
    *,
    clock: Clock | None = None,
    telling: Telling | None = None,
) -> Iterator[Rereading]:
    """Papers to be read again: those named, or all that another extractor read.

    Raises:
        UsageError: there is no database yet, or a paper that was named was never read.
        StoreError: the data folder or the database cannot be written.
        ConflictError: another rereading is at work in this data folder, or on this database.
    """
    by = extractor()
    with present_database(settings) as engine, alone(settings.data_dir, engine, REEXTRACT):
        with snapshot(engine) as opened:
            _refuse_unknown(opened, papers)
            due = _due(opened, settings, papers)
            judge = judge_of(opened, settings.promise, settings.policy)
        yield Rereading(
            settings,
            engine,
            open_store(settings.store),
            judge,
            clock or SystemClock(),
            telling or in_silence(),
            by,
            Drafts(settings.data_dir / REEXTRACT / by),
            due,
        )


def _refuse_unknown(opened: Session, papers: Sequence[str]) -> None:
    unknown = [paper for paper in papers if newest_read(opened, paper) is None]
    if unknown:
        raise UsageError(
            f"never read: {', '.join(unknown)}", where="--papers", remedy="Bring them in with burden add"
        )


def _due(opened: Session, settings: Settings, papers: Sequence[str]) -> dict[str, tuple[Attempt, ...]]:
    """The ways that were not tried yet; of versions that share bytes the first, for bytes are read once."""
    versions: dict[str, dict[Media, FileOf]] = {}
    taken: dict[str | None, str] = {}
    for file in to_read_again(opened, extractor(), papers or None):
        name = version_of(file)
        if taken.setdefault(file.sha256, name) == name:
            versions.setdefault(name, {})[file.media] = file
    failed = {failure.subject for failure in open_failures(opened, read_stage())}
    ways = {name: ways_to_read(files, settings.html) for name, files in versions.items()}
    left = {name: tuple(w for w in some if w.subject not in failed) for name, some in ways.items()}
    return {name: some for name, some in left.items() if some}


# Reading


def read(work: Rereading) -> None:
    """Read what has no draft yet; a version that cannot be read in one way is tried in the next."""
    names = [name for name in work.due if not _has_draft(work, name)]
    with work.telling.phase("read", len(names)) as phase:
        for start in range(0, len(names), _AT_ONCE):
            _read_some(work, names[start : start + _AT_ONCE], phase)
        phase.result = f"{len(work.due) - len(work.lost)} papers"
        phase.result += f", {len(work.lost)} could not be read" if work.lost else ""


def _read_some(work: Rereading, names: Sequence[str], phase: Phase) -> None:
    """Read some versions, each in one way after the other."""
    ways = {name: deque(work.due[name]) for name in names}
    while ways:
        for name, outcome in _attempted(work, {name: left.popleft() for name, left in ways.items()}):
            if isinstance(outcome, Reading):
                work.drafts.put(name, outcome)
                work.lost.pop(name, None)
            else:
                work.lost[name] = outcome
            if isinstance(outcome, Reading) or not ways[name]:
                del ways[name]
                phase.step()


def _has_draft(work: Rereading, name: str) -> bool:
    draft = work.drafts.get(name)
    return draft is not None and draft.sha256 in {way.file.sha256 for way in work.due[name]}


def _attempted(
    work: Rereading, attempts: Mapping[str, Attempt]
) -> Iterator[tuple[str, Reading | BurdenError]]:
    """What comes of one attempt for each version, as it comes; the files are taken from the store one after another."""
    names = {attempt.subject: name for name, attempt in attempts.items()}
    settings, gone = work.settings, list[tuple[str, StoreError]]()

    def jobs() -> Iterator[Job]:
        for name, attempt in attempts.items():
            file, companion = attempt.file, attempt.companion
            try:
                data = work.store.get(file.sha256 or "")
                beside = work.store.get(companion.sha256 or "") if companion else None
            except StoreError as error:
                gone.append((name, error))
            else:
                yield Job(attempt.subject, data, file.paper_id, beside)

    for job, outcome in read_many(
        jobs(),
        workers=min(settings.workers, len(attempts)),
        timeout=settings.paper_seconds,
        memory=settings.paper_megabytes,
    ):
        if isinstance(outcome, FailedPaper):
            work.failed[job.subject] = outcome.error
        yield names[job.subject], outcome.error if isinstance(outcome, FailedPaper) else outcome
    yield from gone


# Comparing and storing


def compare(
    work: Rereading, told: Callable[[str, Sequence[Change]], None] = lambda _name, _changes: None
) -> Differences:
    """What storing the drafts would change, found by storing each and taking that back.

    Args:
        work: papers that were read.
        told: is given the name of each version, and the cells that would change, as they are found.
    """
    found = Differences()
    with work.telling.phase("compare", len(work.due)) as phase:
        for name, reading in _drafts(work):
            with rehearsal(work.engine) as opened:
                saved = save(opened, reading, work.judge, work.clock.now(), version=_version(work, name))
            found.add(saved.changes, saved.reopened)
            told(name, saved.changes)
            phase.step()
        phase.result = f"{found.changed_papers} of {found.papers} papers would change"
    return found


def store(work: Rereading) -> Differences:
    """Store the drafts, paper by paper, each in a transaction of its own; who is stopped goes on with the rest.

    Raises:
        GateError: a value that people decided would be overwritten, which must not be.
        RepeatedRunError: these very readings were stored already.
    """
    with _recorded(work) as found, work.telling.phase("store", len(work.due)) as phase:
        for name, reading in _drafts(work):
            with session(work.engine) as opened:
                saved = _saved(opened, work, name, reading)
            found.add(saved.changes, saved.reopened)
            work.drafts.drop(name)
            phase.step()
        phase.result = f"{found.papers} papers"
    return found


def _drafts(work: Rereading) -> Iterator[tuple[str, Reading]]:
    for name in work.due:
        reading = work.drafts.get(name)
        if reading is not None:
            yield name, reading


def _version(work: Rereading, name: str) -> int:
    return work.due[name][0].file.version


def _saved(opened: Session, work: Rereading, name: str, reading: Reading) -> Saved:
    """Raises GateError, and with it takes all of the paper back, where a person would be overwritten."""
    now = work.clock.now()
    saved = save(opened, reading, work.judge, now, version=_version(work, name), run_key=work.key)
    wrong = next((change for change in saved.changes if overwrites(change)), None)
    if wrong is not None:
        raise GateError("a decided value would be overwritten", where=str(wrong.after.key), remedy=_REPORT_IT)
    for subject in subjects(name):
        resolve_failure(opened, read_stage(), subject, now)
    return saved


@contextmanager
def _recorded(work: Rereading) -> Iterator[Differences]:
    """The run's row, written however it ends."""
    found, now = Differences(), work.clock.now
    with session(work.engine) as opened:
        close_interrupted(opened, REEXTRACT, now())
        if not begin_run(opened, work.key, REEXTRACT, now()):
            raise RepeatedRunError(f"the run {work.key!r} is already done")
        for subject, error in work.failed.items():
            record_failure(opened, read_stage(), subject, error, now(), work.key)
    try:
        yield found
    except BaseException as error:
        with session(work.engine) as opened:
            end_run(opened, work.key, "failed", {"read": found.papers}, now(), f"Stopped: {error}")
        raise
    counts = {"read": found.papers, "papers changed": found.changed_papers, "read failed": len(work.lost)}
    outcome: Outcome = "partial" if work.lost else "done"
    with session(work.engine) as opened:
        end_run(opened, work.key, outcome, {name: n for name, n in counts.items() if n}, now())
