"""Papers' files: which are missing, which of them can be had now, and fetching them one after another.

What is missing follows from the database alone. A file that failed too often is left alone until a person has seen the failure; a
page of HTML that was not there is asked for again ever more rarely. What is read of the files is in `flows.papers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from db.engine import session, snapshot
from db.papers import FileOf, Media, record_file, to_fetch
from db.runs import open_failures, record_failure, resolve_failure, settled
from db.tables import FailureRow
from extractors.documents.challenge import looks_like_html
from extractors.facts.errors import (
    DocumentError,
    NotFoundError,
    RateLimitedError,
    SourceError,
    UnreachableError,
)
from flows.night import Night

FETCH: Mapping[Media, str] = {"pdf": "fetch", "html": "fetch html"}
"""Stages of failures to fetch."""
_FETCHED: Mapping[Media, str] = {"pdf": "fetched", "html": "html fetched"}
_UNREACHABLE_IN_A_ROW = 3
"""After so many papers that could not be reached, the service is taken to be away and the rest wait for the next run."""
_HTML_AGAIN_AFTER = timedelta(days=7)
"""When a page that was not there is asked for again: arXiv makes some only days after the paper, and mends others."""
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
        return [file for media in wanted(night) for file in missing(opened, night, media)]


def missing(opened: Session, night: Night, media: Media, paper: str | None = None) -> list[FileOf]:
    """What this source can still be asked for, perhaps of one paper; HTML only of versions that are still to be read."""
    lacking = to_fetch(opened, media, unread=media == "html", paper=paper, share=night.share)
    tired = given_up(opened, night, media)
    return [file for file in lacking if night.source.can_fetch(file) and subject_of(file) not in tired]


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
        resolve_failure(opened, FETCH[file.media], subject_of(file), now)
    night.counts[_FETCHED[media]] += 1


def extractor() -> str:
    """The version of the rules that read now."""
    from extractors.paper import EXTRACTOR

    return EXTRACTOR


def version_of(file: FileOf) -> str:
    """The version that a file is of, as `2403.99101v1`."""
    return f"{file.paper_id}v{file.version}"


def subject_of(file: FileOf) -> str:
    """What a file is called where it fails: a PDF like its version, a page with its medium."""
    return f"{version_of(file)}.html" if file.media == "html" else version_of(file)
