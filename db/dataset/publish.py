"""Publishing a release that was built: into a folder or a bucket, whole or not at all.

What is published is what the database recorded: the folder is read and held against the seal, and the seal against the record.
Killed at any moment, the next try goes on; done twice, the second changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from db.dataset.catalogue import Listed
from db.dataset.places import Place
from db.dataset.recorded import listed
from db.dataset.seals import verified
from db.dataset.versions import Version
from db.engine import snapshot
from db.tables import ReleaseRow
from extractors.facts.errors import GateError, UsageError


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did."""

    version: str
    place: str
    new: bool
    """False where it was there already, as it is."""
    brought: int
    """Files that were not there yet."""
    listed: Listed


def publish(engine: Engine, releases: Path, version: str, place: Place) -> Published:
    """Bring a release to a place and list it there.

    Args:
        engine: a migrated database, which knows the release.
        releases: the folder that it was built in.
        version: of the release.
        place: where to.

    Raises:
        UsageError: the database knows no such release.
        GateError: it was yanked, or its folder is not what was recorded.
        DatasetError: its folder is not what its seal says, or the version is there with other bytes.
        ConflictError: somebody else is publishing there, or listed other bytes meanwhile.
        StoreError: the place cannot be read or written.
    """
    entry = _recorded(engine, version)
    if entry.yanked:
        raise GateError(
            f"release {version} was yanked: {entry.reason}", remedy="Publish the one that replaces it"
        )
    folder = releases / version
    if not folder.is_dir():
        raise UsageError(
            f"release {version} is not in this folder", where=str(releases), remedy="Run burden release build"
        )
    seal = verified(folder)
    if seal.sha256 != entry.sha256:
        raise GateError(
            f"release {version} is not what was recorded when it was built",
            where=str(folder),
            remedy="Remove the folder and build again",
        )
    place.catalogue().with_release(entry)  # one that cannot be listed is not brought either
    brought = place.bring(version, folder, seal)
    was_there = place.catalogue().find(version) is not None
    found = place.amend(lambda catalogue: catalogue.with_release(entry)).find(version)
    return Published(version, place.name, not was_there, brought, found or entry)


def _recorded(engine: Engine, version: str) -> Listed:
    with snapshot(engine) as opened:
        row = opened.get(ReleaseRow, str(Version.parse(version)))
        if row is None:
            raise UsageError(f"there is no release {version}", remedy="See burden release list")
        return listed(row)
