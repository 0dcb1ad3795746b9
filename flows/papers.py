"""The steps that bring papers' files and read them: which file of a version is read, and which next where that fails.

The PDF is what is read, and HTML where the PDF cannot be; the setting `html` can ask for HTML first, whose evidence is
then placed in the PDF, or for none. What is left to do follows from the database alone: files that are missing,
versions that are unread, and failures. A file that failed is not tried again by the same extractor, so every way of
reading a version is tried once. Nothing here knows Prefect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from db.engine import session, snapshot
from db.papers import FileOf, Media, record_file, to_fetch, to_read
from db.readings import newest_read, save
from db.refresh import Change
from db.runs import open_failures, record_failure, resolve_failure, settled
from db.tables import FailureRow
from extractors.documents.challenge import looks_like_html
from extractors.facts.errors import (
    BurdenError,
    ConflictError,
    DocumentError,
    NotFoundError,
    RateLimitedError,
    SourceError,
    StoreError,
    UnreachableError,
)
from extractors.facts.records import Reading
from flows.night import Night
from flows.progress import Phase
from flows.settings import Html
from flows.workers import FailedPaper, Job, read_many

FETCH: Mapping[Media, str] = {"pdf": "fetch", "html": "fetch html"}
"""Stages of failures to fetch."""
_FETCHED: Mapping[Media, str] = {"pdf": "fetched", "html": "html fetched"}
_UNREACHABLE_IN_A_ROW = 3
"""After so many papers that could not be reached, the service is taken to be away and the rest wait for the next run."""
_HTML_AGAIN_AFTER = timedelta(days=7)
"""When a page that was not there is asked for again: arXiv makes some only days after the paper, and mends others."""
_SHOWN_CELLS = 5
"""Of a revised paper, in the story of the night."""
_MOST_DOUBLINGS = 5
"""The wait doubles with each time, so that a page that never comes costs ever less: in the end two requests a year."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A way to read a version: from a file, and perhaps with the PDF in which its evidence is placed."""

    file: FileOf
    companion: FileOf | None = None

    @property
    def subject(self) -> str:
        """What it is called where it fails."""
        return f"{_subject(self.file)}+pdf" if self.companion else _subject(self.file)


# Fetching


def fetch(night: Night) -> None:
    """Fetch the files that are missing, one after another; stop where the service wants to be left alone."""
    with snapshot(night.engine) as opened:
        due = [file for media in _wanted(night) for file in _missing(opened, night, media)]
    with night.telling.phase("fetch", len(due)) as phase:
        _fetch_all(night, due, phase)


def _wanted(night: Night) -> tuple[Media, ...]:
    """The media that every version is to have, where there are such files."""
    return ("pdf", "html") if night.settings.html == "always" else ("pdf",)


def _missing(opened: Session, night: Night, media: Media) -> list[FileOf]:
    """What this source can still be asked for; HTML only of versions that are still to be read."""
    due = to_fetch(opened, media, unread_by=_extractor() if media == "html" else None)
    tired = _given_up(opened, night, media)
    return [file for file in due if night.source.can_fetch(file) and _subject(file) not in tired]


def _given_up(opened: Session, night: Night, media: Media) -> frozenset[str]:
    """Files that are not asked for now: those that failed too often, and those that lately did not exist."""
    most = night.settings.tries_per_paper
    tired = {failure.subject for failure in open_failures(opened, FETCH[media]) if failure.tries >= most}
    absent = settled(opened, FETCH["html"]) if media == "html" else ()
    now = night.clock.now()
    return frozenset(tired | {missed.subject for missed in absent if now < _again_at(missed)})


def _again_at(missed: FailureRow) -> datetime:
    """When a page that was not there is worth asking for again."""
    return missed.last_at + _HTML_AGAIN_AFTER * (1 << min(missed.tries - 1, _MOST_DOUBLINGS))


def _fetch_all(night: Night, files: Sequence[FileOf], phase: Phase) -> None:
    unreachable = 0
    for file in files:
        error = _fetch_one(night, file)
        unreachable = unreachable + 1 if isinstance(error, UnreachableError) else 0
        phase.step()
        phase.result = _said(night, "fetched", "html fetched", "without html", "fetch failed")
        if isinstance(error, RateLimitedError) or unreachable == _UNREACHABLE_IN_A_ROW:
            night.notes.append(f"Fetching stopped early, to be resumed: {error}")
            night.is_sent_away = True
            break


def _fetch_one(night: Night, file: FileOf) -> SourceError | DocumentError | None:
    stage, subject = FETCH[file.media], _subject(file)
    try:
        data = night.source.fetch(file)
    except (SourceError, DocumentError) as error:
        is_absent = file.media == "html" and isinstance(error, NotFoundError)
        with session(night.engine) as opened:
            record_failure(opened, stage, subject, error, night.clock.now(), night.key, settled=is_absent)
        night.counts["without html" if is_absent else "fetch failed"] += 1
        return error
    _store(night, file, data)
    return None


def _store(night: Night, file: FileOf, data: bytes) -> None:
    sha256, now = night.store.put(data), night.clock.now()
    media: Media = "html" if looks_like_html(data) else "pdf"
    with session(night.engine) as opened:
        record_file(
            opened,
            file.paper_id,
            file.version,
            sha256=sha256,
            size=len(data),
            at=now,
            media=media,
            url=night.source.address(file),
        )
        resolve_failure(opened, FETCH[file.media], _subject(file), now)
    night.counts[_FETCHED[media]] += 1


# Reading


def extract(night: Night) -> None:
    """Read the versions that this extractor has not read, in worker processes; each reading is saved as it comes."""
    due = _attempts(night)
    with night.telling.phase("extract", len(due)) as phase:
        _read_all(night, due, phase)


def fall_back(night: Night) -> None:
    """Read otherwise what could not be read: from HTML, which is fetched for it, or from the PDF."""
    pages = _pages_to_fall_back_on(night)
    again = _attempts(night, failed_only=True)
    if not pages and not again:
        return
    with night.telling.phase("fall back") as phase:
        _fetch_all(night, pages, phase)
        while due := _attempts(night, failed_only=True):
            _read_all(night, due, phase)


def _pages_to_fall_back_on(night: Night) -> list[FileOf]:
    """The HTML, still to be fetched, of versions whose PDF cannot be read or cannot be had."""
    if night.settings.html != "fallback" or night.is_sent_away:
        return []
    with snapshot(night.engine) as opened:
        broken = _failed(opened) | _given_up(opened, night, "pdf")
        pages = _missing(opened, night, "html")
    return [page for page in pages if _version(page) in broken]


def _attempts(night: Night, *, failed_only: bool = False) -> list[Attempt]:
    """The next way to read each version that is unread, unless it waits for a file or no way is left.

    Equal bytes are read once: what comes of them may settle the other versions that they are files of.
    """
    with snapshot(night.engine) as opened:
        failed = _failed(opened)
        troubled = failed | _given_up(opened, night, "pdf")
        waiting = {_version(file) for media in _wanted(night) for file in _missing(opened, night, media)}
        versions: dict[str, dict[Media, FileOf]] = {}
        for file in to_read(opened, _extractor()):
            versions.setdefault(_version(file), {})[file.media] = file
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
    parts = ((way, {way.subject, _subject(way.companion or way.file)}) for way in ways)
    return next(([way] for way, subjects in parts if failed.isdisjoint(subjects)), [])


def _read_all(night: Night, attempts: Sequence[Attempt], phase: Phase) -> None:
    if not attempts:
        return
    settings, by_subject = night.settings, {attempt.subject: attempt for attempt in attempts}
    outcomes = read_many(
        _jobs(night, attempts),
        workers=min(settings.workers, len(attempts)),
        timeout=settings.paper_seconds,
        memory=settings.paper_megabytes,
    )
    for job, outcome in outcomes:
        attempt = by_subject[job.subject]
        error = outcome.error if isinstance(outcome, FailedPaper) else _keep(night, outcome, attempt)
        if error:
            _fail(night, attempt, error)
        phase.step()
        phase.result = _said(night, "read", "read from html", "read failed")


def _jobs(night: Night, attempts: Sequence[Attempt]) -> Iterator[Job]:
    """The files with their bytes, taken from the store one by one as workers become free."""
    for attempt in attempts:
        file, companion = attempt.file, attempt.companion
        try:
            data = night.store.get(file.sha256 or "")
            beside = night.store.get(companion.sha256 or "") if companion else None
        except StoreError as error:
            _fail(night, attempt, error)
        else:
            yield Job(attempt.subject, data, file.paper_id, beside)


def _keep(night: Night, reading: Reading, attempt: Attempt) -> BurdenError | None:
    name, now = _version(attempt.file), night.clock.now()
    try:
        with session(night.engine) as opened:
            before = newest_read(opened, reading.paper)
            saved = save(opened, reading, night.judge, now, version=attempt.file.version, run_key=night.key)
            for subject in subjects(name):
                resolve_failure(opened, _read_stage(), subject, now)
    except ConflictError as error:
        return error
    if before is not None and before < attempt.file.version:
        _tell_revision(night, name, saved.changes)
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
        record_failure(opened, _read_stage(), attempt.subject, error, night.clock.now(), night.key)
    night.unread.add(_version(attempt.file))
    night.counts["read failed"] = len(night.unread)


def _failed(opened: Session) -> frozenset[str]:
    """What this extractor could not read."""
    return frozenset(failure.subject for failure in open_failures(opened, _read_stage()))


def _extractor() -> str:
    from extractors.paper import EXTRACTOR

    return EXTRACTOR


def _read_stage() -> str:
    return f"read {_extractor()}"


def _version(file: FileOf) -> str:
    return f"{file.paper_id}v{file.version}"


def _subject(file: FileOf) -> str:
    """What a file is called where it fails: a PDF like its version, a page with its medium."""
    return f"{_version(file)}.html" if file.media == "html" else _version(file)


def subjects(version: str) -> tuple[str, ...]:
    """What the attempts to read a version may be called."""
    return version, f"{version}.html", f"{version}.html+pdf"


def _said(night: Night, first: str, *others: str) -> str:
    """How often things were done tonight, the first in any case."""
    names = (first, *(name for name in others if night.counts[name]))
    return ", ".join(f"{night.counts[name]} {name}" for name in names)
