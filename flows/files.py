"""Papers' files: which are missing, which of them can be had now, and fetching them one after another.

What is missing follows from the database alone. A file that failed too often is left alone until a person has seen the failure; a
page of HTML that was not there is asked for again ever more rarely. A file that the store lost is fetched again, and one that may be
another by now is asked about, if the settings say so; its bytes decide whether it is the same. What is read of the files is in
`flows.papers`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from db.duplicates import duplicate_of
from db.engine import session, snapshot
from db.papers import UNKNOWN, FileOf, Media, record_file, to_fetch
from db.refetching import (
    is_lost,
    note_found,
    note_same,
    replace_file,
    sharing,
    to_check,
    to_fetch_again,
)
from db.runs import open_failures, record_failure, resolve_failure, settled
from db.tables import FailureRow
from extractors.documents.challenge import looks_like_html
from extractors.facts.errors import (
    DocumentError,
    NotFoundError,
    RateLimitedError,
    SourceError,
    StoreError,
    UnreachableError,
)
from flows.fetch import Fetched
from flows.night import Night

FETCH: Mapping[Media, str] = {"pdf": "fetch", "html": "fetch html"}
"""Stages of failures to fetch."""
_FETCHED: Mapping[Media, str] = {"pdf": "fetched", "html": "html fetched"}
_UNREACHABLE_IN_A_ROW = 3
"""After so many papers that could not be reached, the service is taken to be away and the rest wait for the next run."""
_HTML_AGAIN_AFTER = timedelta(days=7)
"""When a page that was not there is asked for again: arXiv makes some only days after the paper, and mends others."""
_CHECKS = 200
"""Files that are asked about in one night at most, which takes ten minutes."""
_MOST_DOUBLINGS = 5
"""The wait doubles with each time, so that a page that never comes costs ever less: in the end two requests a year."""


def wanted(night: Night) -> tuple[Media, ...]:
    """The media that every version is to have, where there are such files."""
    return ("pdf", "html") if night.settings.html == "always" else ("pdf",)


def due(night: Night) -> list[FileOf]:
    """All files that are missing and can be had; none in a night in which the service wants to be left alone."""
    if night.is_sent_away:
        return []
    with snapshot(night.engine) as opened:
        new = [file for media in wanted(night) for file in missing(opened, night, media)]
        return [*_again(opened, night), *new, *_to_check(opened, night)]


def _again(opened: Session, night: Night) -> list[FileOf]:
    """What the store lost and this source can still be asked for."""
    return _to_ask_for(opened, night, to_fetch_again(opened))


def _to_check(opened: Session, night: Night) -> list[FileOf]:
    """What may be another by now where it came from, and was not asked about for long."""
    if not night.settings.recheck_days:
        return []
    before = night.clock.now() - timedelta(days=night.settings.recheck_days)
    found = [file for media in wanted(night) for file in to_check(opened, media, before, _CHECKS)]
    return _to_ask_for(opened, night, found)[:_CHECKS]


def _to_ask_for(opened: Session, night: Night, files: Sequence[FileOf]) -> list[FileOf]:
    """Of files, those that this source has and that did not fail too often."""
    tired = {media: given_up(opened, night, media) for media in FETCH} if files else {}
    return [
        file for file in files if night.source.can_fetch(file) and subject_of(file) not in tired[file.media]
    ]


def missing(opened: Session, night: Night, media: Media, paper: str | None = None) -> list[FileOf]:
    """What this source can still be asked for, perhaps of one paper; HTML only of versions that are still to be read."""
    lacking = to_fetch(opened, media, unread=media == "html", paper=paper, share=night.share)
    return _to_ask_for(opened, night, lacking)


def given_up(opened: Session, night: Night, media: Media) -> frozenset[str]:
    """Files that are not asked for now: those that failed too often, and those that lately did not exist."""
    most = night.settings.tries_per_paper
    tired = {failure.subject for failure in open_failures(opened, FETCH[media]) if failure.tries >= most}
    absent = settled(opened, FETCH["html"]) if media == "html" else ()
    now = night.clock.now()
    return frozenset(tired | {missed.subject for missed in absent if now < _again_at(missed)})


def _again_at(missed: FailureRow) -> datetime:
    """When a page that was not there is worth asking for again."""
    return missed.last_at + _HTML_AGAIN_AFTER * (1 << min(missed.tries - 1, _MOST_DOUBLINGS))


def fetched(night: Night, files: Sequence[FileOf]) -> Iterator[tuple[FileOf, bool]]:
    """Fetch files one after another and yield each with whether it came; end early where the service wants to be left alone."""
    unreachable = 0
    for file in files:
        night.take_up((file.paper_id, file.version), "sought")
        error = _fetch_one(night, file)
        yield file, error is None
        unreachable = unreachable + 1 if isinstance(error, UnreachableError) else 0
        if error and (isinstance(error, RateLimitedError) or unreachable == _UNREACHABLE_IN_A_ROW):
            night.send_away(error)
            return


def _fetch_one(night: Night, file: FileOf) -> SourceError | DocumentError | None:
    stage, subject = FETCH[file.media], subject_of(file)
    try:
        fetched = night.source.fetch(file)
    except (SourceError, DocumentError) as error:
        is_absent = file.media == "html" and isinstance(error, NotFoundError)
        with session(night.engine) as opened:
            record_failure(opened, stage, subject, error, night.clock.now(), night.key, settled=is_absent)
        night.counts["without html" if is_absent else "fetch failed"] += 1
        return error
    if fetched is None:
        with session(night.engine) as opened:
            note_same(opened, file, night.clock.now(), file.known_by)
        night.counts["unchanged"] += 1
    elif file.sha256 is None:
        _store(night, file, fetched)
    else:
        _compare(night, file, file.sha256, fetched)
    return None


def keep(night: Night, data: bytes) -> str:
    """Put bytes into the store, also over what was found damaged there; their sha256."""
    sha256 = hashlib.sha256(data).hexdigest()
    with snapshot(night.engine) as opened:
        was_lost = is_lost(opened, sha256)
    night.store.put(data, over=was_lost)
    if was_lost:
        with session(night.engine) as opened:
            note_found(opened, sha256)
            _read_again(opened, sha256, night.clock.now())
    return sha256


def _read_again(opened: Session, sha256: str, at: datetime) -> None:
    """Let those be read again that could not be because the store had lost their file."""
    names = {name for file in sharing(opened, sha256) for name in subjects(version_of(file))}
    for failure in open_failures(opened, read_stage()):
        if failure.subject in names and failure.error == StoreError.__name__:
            resolve_failure(opened, failure.stage, failure.subject, at)


def _compare(night: Night, file: FileOf, known: str, fetched: Fetched) -> None:
    """A file that had been here came again: the same, or another, which the version has from now on beside the one it had."""
    sha256, now = keep(night, fetched.data), night.clock.now()
    with session(night.engine) as opened:
        resolve_failure(opened, FETCH[file.media], subject_of(file), now)
        if sha256 == known:
            note_same(opened, file, now, fetched.known_by)
        else:
            replace_file(
                opened,
                file,
                sha256=sha256,
                size=len(fetched.data),
                at=now,
                url=night.source.address(file),
                validators=fetched.known_by,
            )
    if sha256 == known:
        night.counts["unchanged" if file.known_by != UNKNOWN else "fetched again"] += 1
        return
    night.counts["replaced"] += 1
    said = f"{subject_of(file)} has other bytes where it came from ({sha256[:8]}, not {known[:8]})"
    night.telling.note(f"{said}: both are kept, and the new ones are read.")


def _store(night: Night, file: FileOf, fetched: Fetched) -> None:
    data, now = fetched.data, night.clock.now()
    sha256 = keep(night, data)
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
            validators=fetched.known_by,
        )
        resolve_failure(opened, FETCH[file.media], subject_of(file), now)
        double = duplicate_of(opened, file.paper_id)
    night.counts[_FETCHED[media]] += 1
    if double is not None and double.sha256 == sha256:
        night.counts["duplicates"] += 1
        night.telling.note(f"{version_of(file)} is {double.reason}, and is not read or counted again.")


def extractor() -> str:
    """The version of the rules that read now."""
    from extractors.paper import EXTRACTOR

    return EXTRACTOR


def read_stage() -> str:
    """Stage of failures to read."""
    return f"read {extractor()}"


def subjects(version: str) -> tuple[str, ...]:
    """What the attempts to read a version may be called."""
    return version, f"{version}.html", f"{version}.html+pdf"


def version_of(file: FileOf) -> str:
    """The version that a file is of, as `2403.99101v1`."""
    return f"{file.paper_id}v{file.version}"


def subject_of(file: FileOf) -> str:
    """What a file is called where it fails: a PDF like its version, a page with its medium."""
    return f"{version_of(file)}.html" if file.media == "html" else version_of(file)
