"""Building a release: from the state of the database to a folder that never changes again.

The order makes a kill harmless. All files are written into a hidden folder beside; then the database records the
release with the hash that seals them; then the folder gets its name, in one step. Killed before the record, nothing
was published and the next build begins anew; killed after it, the next build finds the hidden folder by its seal
and names it. So no reader ever sees half a release, and the database knows every release that anybody can see.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from db.dataset.checks import Check, run_checks
from db.dataset.diff import FIRST, Diff, Version, difference, hashes
from db.dataset.rows import Dataset, build
from db.dataset.source import load_source
from db.dataset.write import SEALS, Edition, content_sha256, schema_sha256, write_release
from db.engine import session, snapshot
from db.tables import PublishedRow, ReleaseRow
from extractors.facts.errors import ConflictError, GateError, StoreError, UsageError
from extractors.facts.ids import CellKey, EntityId

REFUSED = "refused.json"
"""Report of the last build that a check refused, in the folder of the releases."""
_READABLE = 0o755


@dataclass(frozen=True, slots=True)
class Past:
    """A release that was recorded."""

    version: Version
    as_of: datetime
    manifest_sha256: str
    content_sha256: str
    schema_sha256: str


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
    added: int
    removed: int
    changed: int
    """Cells, against the release before."""
    checks: Sequence[Check]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release whose files are complete and that nobody can see yet."""

    version: Version
    as_of: datetime
    hidden: Path
    manifest_sha256: str
    content_sha256: str
    last: Past | None
    """The release that it was compared with."""
    last_seq: int
    diff: Diff
    hashes: Mapping[CellKey, str]


def build_release(engine: Engine, out: Path, version: str | None = None) -> Built:
    """Publish the present state of the database into a folder of its own.

    Args:
        engine: a migrated database.
        out: the folder of all releases.
        version: by default what the changes since the last release ask for.

    Raises:
        GateError: a check failed, or the version is there already.
        UsageError: the version is none, or too low for what changed.
        ConflictError: another release was built meanwhile.
        StoreError: the folder or the database cannot be written.
    """
    with snapshot(engine) as opened:
        source, last = load_source(opened), last_release(opened)
        before = published_cells(opened)
    if last is not None:
        finish(out, last)
    dataset = build(source)
    checks = run_checks(dataset)
    _refuse(checks, out)
    content = content_sha256(dataset)
    if last is not None and (last.content_sha256, last.schema_sha256) == (content, schema_sha256()):
        _restore(Edition(str(last.version), last.as_of, dataset, checks), last, out)
        return _built(str(last.version), out, dataset, checks, None)
    if source.as_of is None:
        raise GateError("nothing was read yet, so there is nothing to publish", remedy="Run burden crawl")
    after = hashes(dataset)
    diff = difference(before, after, schema=last is not None and last.schema_sha256 != schema_sha256())
    number = _number(version, last, diff)
    edition = Edition(str(number), source.as_of, dataset, checks)
    hidden, manifest = prepare(edition, out)
    prepared = Prepared(number, source.as_of, hidden, manifest, content, last, source.last_seq, diff, after)
    with session(engine) as opened:
        record(opened, prepared)
    show(hidden, out / str(number))
    return _built(str(number), out, dataset, checks, diff)


def last_release(opened: Session) -> Past | None:
    """The release with the highest version."""
    found = [
        Past(
            Version.parse(row.version),
            row.built_at,
            row.manifest_sha256,
            row.content_sha256,
            row.schema_sha256,
        )
        for row in opened.exec(select(ReleaseRow))
    ]
    return max(found, key=lambda past: past.version, default=None)


def published_cells(opened: Session) -> dict[CellKey, str]:
    """Hashes of the cells in the last release, from the changes that each one recorded."""
    found: dict[CellKey, str] = {}
    rows = opened.exec(select(PublishedRow)).all()
    for row in sorted(rows, key=lambda row: Version.parse(row.version)):
        key = CellKey(EntityId.parse(row.entity_id), row.field)
        if row.value_hash is None:
            found.pop(key, None)
        else:
            found[key] = row.value_hash
    return found


def prepare(edition: Edition, out: Path) -> tuple[Path, str]:
    """Write the files of a release into a hidden folder; returns it and the hash that seals it."""
    if (out / edition.version).exists():
        raise GateError(
            f"release {edition.version} is already there and is never overwritten",
            where=str(out),
            remedy="Choose another folder, or another version with --version",
        )
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        hidden = Path(tempfile.mkdtemp(prefix=f".{edition.version}-", dir=out))
        hidden.chmod(_READABLE)
        return hidden, write_release(edition, hidden)


def record(opened: Session, prepared: Prepared) -> None:
    """Note a release and the cells that changed with it, in one transaction.

    Raises:
        ConflictError: another release was recorded since this one was compared with the last.
    """
    if last_release(opened) != prepared.last:
        raise ConflictError("another release was built meanwhile", remedy="Build again")
    version = str(prepared.version)
    opened.add(
        ReleaseRow(
            version=version,
            built_at=prepared.as_of,
            manifest_sha256=prepared.manifest_sha256,
            content_sha256=prepared.content_sha256,
            schema_sha256=schema_sha256(),
            last_seq=prepared.last_seq,
        )
    )
    opened.flush()
    diff = prepared.diff
    opened.add_all(
        PublishedRow(
            version=version, entity_id=str(key.entity), field=key.field, value_hash=prepared.hashes.get(key)
        )
        for key in sorted((*diff.added, *diff.changed, *diff.removed))
    )


def show(hidden: Path, folder: Path) -> None:
    """Give a complete release its name, in one step."""
    with _writing(folder.parent):
        hidden.rename(folder)


def finish(out: Path, last: Past) -> None:
    """Name the last release if whoever recorded it was stopped before doing so."""
    if (out / str(last.version)).exists():
        return
    for hidden in sorted(out.glob(f".{last.version}-*")):
        seals = hidden / SEALS
        if seals.is_file() and hashlib.sha256(seals.read_bytes()).hexdigest() == last.manifest_sha256:
            show(hidden, out / str(last.version))
            return


def _restore(edition: Edition, last: Past, out: Path) -> None:
    """Make the last release again, byte by byte, in a folder that does not have it."""
    if (out / edition.version).exists():
        return
    hidden, manifest = prepare(edition, out)
    if manifest != last.manifest_sha256:
        raise GateError(
            f"release {edition.version} would not have the bytes it was published with",
            where=str(hidden),
            remedy="Copy the folder it was built in, or use the versions of burden and pyarrow that built it",
        )
    show(hidden, out / edition.version)


def _refuse(checks: Sequence[Check], out: Path) -> None:
    failed = [check for check in checks if check.required and not check.success]
    if not failed:
        return
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        report = json.dumps([check.as_json() for check in checks], ensure_ascii=False, indent=2)
        (out / REFUSED).write_text(report + "\n", encoding="utf-8")
    said = "; ".join(f"{check.name} ({check.observed}): {check.notes}" for check in failed)
    raise GateError(
        f"nothing was published, because a check failed: {said}",
        where=str(out / REFUSED),
        remedy="Correct or reject these cells in review and build again",
    )


def _number(wanted: str | None, last: Past | None, diff: Diff) -> Version:
    due = diff.follows(last.version) if last else FIRST
    number = Version.parse(wanted) if wanted else due
    if last is not None and number < due:
        raise UsageError(
            f"{number} is too low for what changed since {last.version}", remedy=f"Use {due} or more"
        )
    return number


def _built(version: str, out: Path, dataset: Dataset, checks: Sequence[Check], diff: Diff | None) -> Built:
    statuses: dict[str, int] = {}
    for state in sorted(dataset.cells.values(), key=lambda state: state.status):
        statuses[state.status] = statuses.get(state.status, 0) + 1
    return Built(
        version,
        out / version,
        diff is not None,
        {name: len(rows) for name, rows in dataset.tables.items()},
        statuses,
        len(diff.added) if diff else 0,
        len(diff.removed) if diff else 0,
        len(diff.changed) if diff else 0,
        checks,
    )


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"the release cannot be written: {error.strerror}",
            where=str(error.filename or folder),
            remedy="Check that the folder is writable and has room",
        ) from error
