"""Reading papers while their files are fetched: which file of a version is read, and which next where that fails.

The PDF is what is read, and HTML where the PDF cannot be; the setting `html` can ask for HTML first, whose evidence is
then placed in the PDF, or for none. What is left to do follows from the database alone: files that are missing,
versions that are unread, and failures. A file that failed is not tried again by the same extractor, so every way of
reading a version is tried once. Nothing here knows Prefect.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from db.engine import session, snapshot
from db.papers import FileOf, Media, to_read
from db.readings import newest_read, save
from db.refresh import Change
from db.runs import open_failures, record_failure, resolve_failure
from extractors.facts.errors import (
    BurdenError,
    ConflictError,
    StoreError,
)
from extractors.facts.ids import PaperId
from extractors.facts.records import Reading
from flows.files import (
    due,
    fetched,
    given_up,
    missing,
    read_stage,
    subject_of,
    subjects,
    version_of,
    wanted,
)
from flows.night import Night
from flows.progress import Phase
from flows.settings import Html
from flows.workers import FailedPaper, Job, Workers, open_workers, reader

_SHOWN_CELLS = 5
"""Of a revised paper, in the story of the night."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A way to read a version: from a file, and perhaps with the PDF in which its evidence is placed."""

    file: FileOf
    companion: FileOf | None = None

    @property
    def subject(self) -> str:
        """What it is called where it fails."""
        return f"{subject_of(self.file)}+pdf" if self.companion else subject_of(self.file)


def read(night: Night) -> None:
    """Fetch the files that are missing and read each as soon as it is there, in worker processes.

    A service wants to be left in peace between requests; the papers are read meanwhile, and each reading is saved as it comes.
    """
    files, attempts = due(night), _attempts(night)
    with night.telling.phase("read", len(files) + len(attempts)) as phase:
        _read_all(night, attempts, phase, files)


def fall_back(night: Night) -> None:
    """Read otherwise what could not be read: from HTML, which is fetched for it, or from the PDF."""
    pages = _pages_to_fall_back_on(night)
    again = _attempts(night, failed_only=True)
    if not pages and not again:
        return
    with night.telling.phase("fall back") as phase:
        for _ in fetched(night, pages):
            phase.step()
        while again := _attempts(night, failed_only=True):
            _read_all(night, again, phase)


def _pages_to_fall_back_on(night: Night) -> list[FileOf]:
    """The HTML, still to be fetched, of versions whose PDF cannot be read or cannot be had."""
    if night.settings.html != "fallback" or night.is_sent_away:
        return []
    with snapshot(night.engine) as opened:
        broken = _failed(opened) | given_up(opened, night, "pdf")
        pages = missing(opened, night, "html")
    return [page for page in pages if version_of(page) in broken]


def _attempts(night: Night, *, failed_only: bool = False, paper: PaperId | None = None) -> list[Attempt]:
    """The next way to read each version, perhaps of one paper, that is unread, unless it waits for a file or no way is left.

    Equal bytes are read once: what comes of them may settle the other versions that they are files of.
    """
    with snapshot(night.engine) as opened:
        failed = _failed(opened)
        troubled = failed | given_up(opened, night, "pdf")
        waiting = {
            version_of(file) for media in wanted(night) for file in missing(opened, night, media, paper)
        }
        versions: dict[str, dict[Media, FileOf]] = {}
        for file in to_read(opened, paper, share=night.share):
            versions.setdefault(version_of(file), {})[file.media] = file
    found = []
    for name, files in versions.items():
        paper = next(iter(files.values())).paper_id
        if night.papers is not None and paper not in night.papers:
            continue
        if name in waiting or (failed_only and troubled.isdisjoint(subjects(name))):
            continue
        found += _first(ways_to_read(files, night.settings.html), failed)
    return list({attempt.file.sha256: attempt for attempt in reversed(found)}.values())[::-1]


def ways_to_read(files: Mapping[Media, FileOf], html: Html) -> tuple[Attempt, ...]:
    """The ways to read a version from the files that there are, best first.

    A page that fails with its PDF is tried once more alone, because it may be the PDF that its reader cannot bear. A
    page without a PDF was listed as such, and is read whatever the setting.
    """
    pdf, page = files.get("pdf"), files.get("html")
    placed = (Attempt(page, pdf),) if page and pdf and html == "always" else ()
    from_page = (Attempt(page),) if page and (html != "never" or not pdf) else ()
    return (*placed, *((Attempt(pdf),) if pdf else ()), *from_page)


def _first(ways: Sequence[Attempt], failed: frozenset[str]) -> list[Attempt]:
    """The first way that has not failed and uses no PDF that has."""
    parts = ((way, {way.subject, subject_of(way.companion or way.file)}) for way in ways)
    return next(([way] for way, subjects in parts if failed.isdisjoint(subjects)), [])


def _read_all(night: Night, attempts: Sequence[Attempt], phase: Phase, files: Sequence[FileOf] = ()) -> None:
    """Make the attempts, and those that become possible with the files, which are fetched meanwhile."""
    if not attempts and not files:
        return
    settings = night.settings
    with open_workers(
        reader,
        workers=min(settings.workers, len(attempts) + len(files)),
        timeout=settings.paper_seconds,
        memory=settings.paper_megabytes,
    ) as workers:
        desk = _Desk(night, phase, workers)
        desk.take(attempts)
        for file, is_here in fetched(night, files):
            taken = desk.take(_attempts(night, paper=file.paper_id)) if is_here else 0
            if not taken:  # nothing is to be read for it, whose end would be its step
                phase.step()
            desk.tell()
        desk.finish()


class _Desk:
    """What waits to be read and what is being read, while files are still coming."""

    def __init__(self, night: Night, phase: Phase, workers: Workers[Reading]) -> None:
        self._night, self._phase, self._workers = night, phase, workers
        self._waiting: deque[Attempt] = deque()
        self._at_work: dict[str, Attempt] = {}
        self._taken: set[str | None] = set()

    def take(self, attempts: Sequence[Attempt]) -> int:
        """Read them too, equal bytes once, and save what is read by now; waits for nothing. Returns how many are to be read."""
        fresh = [attempt for attempt in attempts if attempt.file.sha256 not in self._taken]
        self._taken |= {attempt.file.sha256 for attempt in fresh}
        self._waiting.extend(fresh)
        self._go_on()
        return len(fresh)

    def finish(self) -> None:
        """Wait for all of them."""
        while self._waiting or self._workers.is_busy:
            self._go_on(wait=True)

    def tell(self) -> None:
        """How far it is."""
        self._phase.result = _said(
            self._night,
            *("fetched", "html fetched", "without html", "fetch failed"),
            *("read", "read from html", "read failed"),
        )

    def _go_on(self, *, wait: bool = False) -> None:
        while self._waiting and self._workers.has_room:
            attempt = self._waiting.popleft()
            self._night.take_up((attempt.file.paper_id, attempt.file.version), "retrieved")
            if job := _job(self._night, attempt):
                self._at_work[attempt.subject] = attempt
                self._workers.give(job)
        for job, outcome in self._workers.finished(wait=wait and self._workers.is_busy):
            attempt = self._at_work.pop(job.subject)
            error = (
                outcome.error if isinstance(outcome, FailedPaper) else _keep(self._night, outcome, attempt)
            )
            if error:
                _fail(self._night, attempt, error)
            self._phase.step()
            self.tell()


def _job(night: Night, attempt: Attempt) -> Job | None:
    """The file with its bytes, taken from the store when a worker can be had; None if the store has lost it."""
    file, companion = attempt.file, attempt.companion
    try:
        data = night.store.get(file.sha256 or "")
        beside = night.store.get(companion.sha256 or "") if companion else None
    except StoreError as error:
        _fail(night, attempt, error)
        return None
    return Job(attempt.subject, data, file.paper_id, beside)


def _keep(night: Night, reading: Reading, attempt: Attempt) -> BurdenError | None:
    name, now = version_of(attempt.file), night.clock.now()
    try:
        with session(night.engine) as opened:
            before = newest_read(opened, reading.paper)
            saved = save(opened, reading, night.judge, now, version=attempt.file.version, run_key=night.key)
            for subject in subjects(name):
                resolve_failure(opened, read_stage(), subject, now)
    except ConflictError as error:
        return error
    if before is not None and before < attempt.file.version:
        _tell_revision(night, name, saved.changes)
    if saved.first is not None:
        night.counts["decisions taken over"] += saved.taken_over
        night.telling.note(
            f"{name} takes over what people decided of {saved.first}, the same file: {saved.taken_over} entries of the review log."
        )
    night.counts["read"] += 1
    night.counts["read from html"] += attempt.file.media == "html"
    night.unread.discard(name)
    night.counts["read failed"] = len(night.unread)
    return None


def _tell_revision(night: Night, name: str, changes: Sequence[Change]) -> None:
    """Say which cells a new version of a paper changed; that it may is no trouble."""
    changed = [str(change.after.key) for change in changes if change.visible]
    night.counts["cells changed by revisions"] += len(changed)
    if changed:
        more = f" and {len(changed) - _SHOWN_CELLS} more" if len(changed) > _SHOWN_CELLS else ""
        night.telling.note(f"{name} changes {', '.join(changed[:_SHOWN_CELLS])}{more}.")


def _fail(night: Night, attempt: Attempt, error: BurdenError) -> None:
    with session(night.engine) as opened:
        record_failure(opened, read_stage(), attempt.subject, error, night.clock.now(), night.key)
    night.unread.add(version_of(attempt.file))
    night.counts["read failed"] = len(night.unread)


def _failed(opened: Session) -> frozenset[str]:
    """What this extractor could not read."""
    return frozenset(failure.subject for failure in open_failures(opened, read_stage()))


def _said(night: Night, first: str, *others: str) -> str:
    """How often things were done tonight, the first in any case."""
    names = (first, *(name for name in others if night.counts[name]))
    return ", ".join(f"{night.counts[name]} {name}" for name in names)
