"""Building a release: from the state of the database to a folder that never changes again.

The order makes a kill harmless. All files are written into a hidden folder beside; then the database records the
release with the hash that seals them; then the folder gets its name, in one step. Killed before the record, nothing
was published and the next build removes what is left; killed after it, the next build finds the hidden folder by its
seal and names it (`db.dataset.drafts`). So no reader ever sees half a release, and the database knows every release
that anybody can see.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from db.dataset import changelog
from db.dataset.beside import writer
from db.dataset.changes import Changes, changes_of, keep_changes, last_standing
from db.dataset.checks import Check
from db.dataset.drafts import HIDDEN, drafting, settle, show
from db.dataset.edition import Edition
from db.dataset.garbage import seldom_collected
from db.dataset.gate.accepting import accept
from db.dataset.gate.bounds import Bounds
from db.dataset.gate.database import last_row
from db.dataset.gate.gate import Gate
from db.dataset.part import Part
from db.dataset.quality import Quality, quality_of
from db.dataset.reasons import Reasons
from db.dataset.recorded import Past, last_release, recorded, write_catalogue
from db.dataset.rowfiles import Written
from db.dataset.rows import build, common
from db.dataset.source import Source, load_source, papers_of
from db.dataset.statistics import Statistics
from db.dataset.versions import Version, next_version
from db.dataset.write import as_json, describe, schema_sha256
from db.engine import session, snapshot
from db.tables import ReleaseRow
from extractors.facts.errors import ConflictError, GateError, StoreError, UsageError

REFUSED = "refused.json"
"""Report of the last build that a check refused, in the folder of the releases."""
USUAL = Bounds()
NOTHING: Mapping[str, str] = {}
Reached = Callable[[int, int], None]
"""Told now and then how many papers are done, of how many."""
_TOLD_EVERY = 100
"""Papers."""
_CHECKS = "checks"
"""What was checked, in the summary that the database keeps."""
_QUALITY = "quality"
"""What review found, likewise."""
_CHANGES = "changes.jsonl"
"""In a draft, beside the release: what changed with it."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    version: str
    folder: Path
    new: bool
    """False if the last release already says all of it."""
    tables: Mapping[str, int]
    """Rows."""
    statuses: Mapping[str, int]
    """Published cells by status."""
    without_row: int
    """Cells that are published but name what has no published fact, or are of papers that are left out."""
    added: int
    removed: int
    changed: int
    """Cells, against the release before."""
    checks: Sequence[Check]


@dataclass(frozen=True, slots=True)
class Draft:
    """The rows of the next release, written into a hidden folder, with all that was learnt meanwhile."""

    hidden: Path
    source: Source
    last: Past | None
    """The release that it was compared with."""
    statistics: Statistics
    common: Part
    checks: Sequence[Check]
    changes: Changes
    written: Written
    earlier: Sequence[str]
    """What the change logs of earlier releases said, the newest first."""
    quality: Quality
    """What review found; nothing of a release that is refused."""

    @property
    def is_new(self) -> bool:
        """Whether it says anything that the last release does not."""
        said = self.written.content_sha256, schema_sha256()
        return self.last is None or (self.last.content_sha256, self.last.schema_sha256) != said

    def edition(self, version: str, as_of: datetime) -> Edition:
        """The draft under a version and date."""
        files = {**self.written.files, **changelog.written(self.hidden)}
        return Edition(version, as_of, self.statistics, self.common, self.checks, files, self.quality)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release whose files are complete and that nobody can see yet."""

    draft: Draft
    version: Version
    as_of: datetime
    manifest_sha256: str
    changelog: str
    """Its part of the change log."""


def build_release(
    engine: Engine,
    out: Path,
    version: str | None = None,
    *,
    bounds: Bounds = USUAL,
    accepted: Mapping[str, str] = NOTHING,
    reached: Reached = lambda _done, _total: None,
) -> Built:
    """Publish the present state of the database into a folder of its own.

    Args:
        engine: a migrated database.
        out: the folder of all releases.
        version: by default what the changes since the last release ask for.
        bounds: what the gate holds the release against.
        accepted: the reason for each check that may fail this once, by its name.
        reached: told how far the build is.

    Raises:
        GateError: a check failed, the version is there already, or the last release says all of it and was yanked.
        UsageError: the version is none, or too low for what changed.
        ConflictError: another release was built meanwhile.
        StoreError: the folder or the database cannot be written.
    """
    wanted = Version.parse(version) if version else None
    with _writing(out):
        settle(out, partial(_sealed, engine))
    with _drafting(out) as folder, snapshot(engine) as opened, ExitStack() as on_leaving:
        on_leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        last = last_release(opened)
        with _writing(out):
            draft = draft_release(opened, folder, last, bounds, reached)
        draft = replace(draft, checks=accept(draft.checks, accepted))
        known = last_row(opened, str(last.version) if last else None)
        if known is not None:
            opened.expunge(known)  # or the end of the transaction empties it
        opened.rollback()  # all is read; a writer on SQLite must not wait for a reader
        _refuse(draft.checks, out)
        if last is not None and not draft.is_new:
            draft = _as_published(known, draft)
            with snapshot(engine) as reading:
                _restore(reading, draft, last, out)
            _list(engine, out)
            return _built(str(last.version), out, draft)
        with snapshot(engine) as reading:
            _refuse_overtaken(reading, last)  # before its folder is taken for one of some other database
        prepared = prepare(draft, out, wanted)
        with session(engine) as writing:
            record(writing, prepared)
        on_leaving.pop_all()  # it is published: whatever happens now, the next build must find it
        _show(folder, out / str(prepared.version))
        _list(engine, out)
        return _built(str(prepared.version), out, draft)


@contextmanager
def _drafting(out: Path) -> Iterator[Path]:
    with ExitStack() as stack:
        with _writing(out):
            folder = stack.enter_context(drafting(out))
        yield folder


def _sealed(engine: Engine) -> Mapping[str, str]:
    """Versions of all releases, by the hashes of their seals."""
    with snapshot(engine) as opened:
        return dict(opened.exec(select(ReleaseRow.manifest_sha256, ReleaseRow.version)).all())


def check_release(
    engine: Engine,
    out: Path,
    version: str | None = None,
    *,
    bounds: Bounds = USUAL,
    accepted: Mapping[str, str] = NOTHING,
    reached: Reached = lambda _done, _total: None,
) -> Built:
    """What `build_release` would do with the same arguments, up to the checks; nothing is published or noted.

    Raises:
        GateError: the version is there already; failed checks are told instead.
        UsageError, StoreError: as there.
    """
    wanted = Version.parse(version) if version else None
    with _drafting(out) as folder, snapshot(engine) as opened, ExitStack() as on_leaving:
        on_leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        last = last_release(opened)
        with _writing(out):
            draft = draft_release(opened, folder, last, bounds, reached)
        draft = replace(draft, checks=accept(draft.checks, accepted))
        if last is not None and not draft.is_new:
            return _built(str(last.version), out, draft)
        number = _number(wanted, draft)
        _refuse_known(number, out)
        return _built(str(number), out, draft)


@seldom_collected()
def draft_release(
    opened: Session,
    folder: Path,
    last: Past | None,
    bounds: Bounds = USUAL,
    reached: Reached = lambda _done, _total: None,
) -> Draft:
    """Write the rows of the next release.

    Args:
        opened: a transaction that sees one state of the database.
        folder: an empty one, for the release and what is noted beside it.
        last: the release to compare with.
        bounds: what the gate holds it against.
        reached: told how far it is.
    """
    hidden = folder / HIDDEN
    hidden.mkdir()
    source, statistics = load_source(opened), Statistics()
    gate = Gate.of(opened, source, str(last.version) if last else None, bounds)
    with writer(hidden, source.cells) as files:
        with Changes(last_standing(opened), folder / _CHANGES) as changes:
            consumers = (gate, statistics, changes)
            for number, facts in enumerate(papers_of(opened, source), 1):
                if number % _TOLD_EVERY == 0:
                    reached(number, source.with_cells)
                gate.read(facts)
                part = build(facts)
                for consumer in consumers:
                    consumer.add(part)
                if gate.checking.fits:  # or the release is refused, and some files cannot hold such rows
                    files.add(part)
            rest = common(source, statistics.published)
            files.add(rest)
            files.end()
            for consumer in consumers:
                consumer.add(rest)
        if last is not None:
            changes.explain(Reasons(opened, source, last.as_of, last.last_seq).of)
        checks = gate.outcomes(statistics, changes, folder.parent)
        written = files.written()
    quality = Quality()
    if not any(
        check.refuses and not check.acceptable for check in checks
    ):  # or what follows may not be readable
        quality = quality_of(opened, bounds.promise.precision, bounds.promise.audit_share)
    return Draft(
        hidden,
        source,
        last,
        statistics,
        rest,
        checks,
        changes,
        written,
        _sections(opened),
        quality,
    )


def prepare(draft: Draft, out: Path, version: Version | None = None) -> Prepared:
    """Write what describes a release into its hidden folder.

    Raises:
        GateError: nothing was read yet, or the version is there already.
        UsageError: the version is too low for what changed.
    """
    if draft.source.as_of is None:
        raise GateError("nothing was read yet, so there is nothing to publish", remedy="Run burden crawl")
    number = _number(version, draft)
    _refuse_known(number, out)
    with _writing(out):
        section = _tell(draft, str(number), draft.source.as_of)
        changelog.write_changelog([section, *draft.earlier], draft.hidden)
        manifest = describe(draft.edition(str(number), draft.source.as_of), draft.hidden)
    return Prepared(draft, number, draft.source.as_of, manifest, section)


def _tell(draft: Draft, version: str, as_of: datetime) -> str:
    """Write the list of changes; the part of the change log that sums them up."""
    if draft.last is None:
        changelog.write_changes((), draft.hidden)
        papers, cells = len(draft.statistics.published), draft.statistics.statuses.total()
        return changelog.first_section(version, as_of, papers, cells)
    return changelog.section(version, as_of, changelog.write_changes(draft.changes, draft.hidden))


def _sections(opened: Session) -> list[str]:
    """What the change logs of all releases said, the newest first."""
    said = opened.exec(select(ReleaseRow.version, ReleaseRow.changelog))
    ordered = sorted(((Version.parse(version), text) for version, text in said), reverse=True)
    return [text for _, text in ordered if text is not None]


@seldom_collected()
def record(opened: Session, prepared: Prepared) -> None:
    """Note a release and the cells that changed with it, in one transaction.

    Raises:
        ConflictError: another release was recorded since this one was compared with the last.
    """
    draft, version = prepared.draft, str(prepared.version)
    _refuse_overtaken(opened, draft.last)
    opened.add(
        ReleaseRow(
            version=version,
            built_at=prepared.as_of,
            manifest_sha256=prepared.manifest_sha256,
            content_sha256=draft.written.content_sha256,
            schema_sha256=schema_sha256(),
            last_seq=draft.source.last_seq,
            summary={
                **draft.statistics.summary(),
                _CHECKS: [check.as_json() for check in draft.checks],
                _QUALITY: draft.quality.as_json(),
            },
            changelog=prepared.changelog,
        )
    )
    opened.flush()
    keep_changes(opened, version, draft.changes)


def _show(draft: Path, folder: Path) -> None:
    with _writing(folder.parent):
        show(draft, folder)


def _list(engine: Engine, out: Path) -> None:
    """Write the catalogue beside the releases."""
    with snapshot(engine) as opened:
        found = recorded(opened)
    write_catalogue(found, out)


def _restore(opened: Session, draft: Draft, last: Past, out: Path) -> None:
    """Make the last release again, byte by byte, in a folder that does not have it."""
    if (out / str(last.version)).exists():
        return
    with _writing(out):
        changelog.write_changes(changes_of(opened, last.version), draft.hidden)
        changelog.write_changelog(draft.earlier, draft.hidden)
        manifest = describe(draft.edition(str(last.version), last.as_of), draft.hidden)
    if manifest != last.manifest_sha256:
        raise GateError(
            f"release {last.version} would not have the bytes it was published with",
            where=str(out),
            remedy="Copy the folder it was built in, or use the versions of burden, pyarrow and SQLite that built it",
        )
    _show(draft.hidden.parent, out / str(last.version))


def _as_published(row: ReleaseRow | None, draft: Draft) -> Draft:
    """With what was checked and found when the last release was built: it was held against the one before it, and not against itself."""
    if row is not None and row.yanked_at is not None:
        raise GateError(
            f"nothing changed since release {row.version}, which was yanked: {row.yanked_reason}",
            remedy="Correct in review what it was yanked for, and build again",
        )
    summary = row.summary if row is not None and row.summary else {}
    checks, quality = summary.get(_CHECKS), summary.get(_QUALITY)
    return replace(
        draft,
        checks=[Check(**check) for check in checks] if isinstance(checks, list) else draft.checks,
        quality=Quality.parse(quality) if isinstance(quality, dict) else draft.quality,
    )


def _refuse_overtaken(opened: Session, last: Past | None) -> None:
    newest = last_release(opened)
    if newest != last:
        raise ConflictError(
            f"somebody else built release {newest.version if newest else 'another'} meanwhile, and this one was dropped",
            remedy="Build again, which tells whether anything is new since; see burden release list",
        )


def _refuse_known(number: Version, out: Path) -> None:
    if (out / str(number)).exists():
        raise GateError(
            f"release {number} is already there and is never overwritten",
            where=str(out),
            remedy="Choose another folder, or another version with --version",
        )


def _refuse(checks: Sequence[Check], out: Path) -> None:
    failed = [check for check in checks if check.refuses]
    if not failed:
        return
    with _writing(out):
        (out / REFUSED).write_text(as_json([check.as_json() for check in checks]), encoding="utf-8")
    said = "; ".join(f"{check.name} ({check.observed}): {check.notes}" for check in failed)
    raise GateError(
        f"nothing was published, because a check failed: {said}",
        where=str(out / REFUSED),
        remedy="Mend what it names, in review or in the database, and build again; burden release check tells which may be accepted",
    )


def _number(wanted: Version | None, draft: Draft) -> Version:
    last = draft.last
    due = next_version(
        last.version if last else None,
        schema=last is not None and last.schema_sha256 != schema_sha256(),
        rows=draft.changes.rows,
    )
    number = wanted or due
    if last is not None and number < due:
        raise UsageError(
            f"{number} is too low for what changed since {last.version}", remedy=f"Use {due} or more"
        )
    return number


def _built(version: str, out: Path, draft: Draft) -> Built:
    counts = draft.changes.counts if draft.is_new else {}
    return Built(
        version,
        out / version,
        draft.is_new,
        dict(draft.statistics.tables),
        dict(sorted(draft.statistics.statuses.items())),
        draft.source.cells - sum(draft.statistics.statuses.values()),
        counts.get("added", 0),
        counts.get("removed", 0),
        counts.get("changed", 0),
        draft.checks,
    )


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        said, where = getattr(error, "strerror", None), getattr(error, "filename", None)
        raise StoreError(
            f"the release cannot be written: {said or error}",
            where=str(where or folder),
            remedy="Check that the folder is writable and has room",
        ) from error
