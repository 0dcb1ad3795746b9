"""What is found in the database, in the store, on the disk and among the installed packages; nothing here changes any of them."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from random import Random
from typing import Literal

from packaging.requirements import Requirement
from sqlalchemy import Engine

from db.engine import is_current, snapshot
from db.models import judge_of
from db.refetching import lost, replaced
from db.refresh import doctor
from db.rejudging import judged_otherwise
from db.soundness import blob_sizes, broken_references, damage, file_names, paper_ids
from db.store import Store, Stored, open_store
from extractors.facts.ids import PaperId
from flows.settings import Settings
from flows.watch.gather import disk_of

PAPERS = 50
"""Papers of a sample whose cells are folded again, about a second's work."""
FILES = 20
"""Files of a sample that are read again."""
_FEW_MISSING = 10
"""As many may be missing in any store."""
ARRIVING = timedelta(hours=1)
"""A younger file may be one whose row is just being written."""


@dataclass(frozen=True, slots=True)
class DatabaseFound:
    """A database that can be asked."""

    place: str
    state: Literal["missing", "behind", "current"]
    """behind: made by an older version of the program."""
    damage: tuple[str, ...] = ()
    broken: Mapping[str, int] | None = None
    """Rows that name what is not there, by `child → parent`; None where they were not looked for."""


@dataclass(frozen=True, slots=True)
class CellsFound:
    """The cache of cells against the fold."""

    papers: int
    looked_at: int
    stale: Mapping[PaperId, int]
    """Cells that are not as they should be, by paper; without those that wait for the next night."""
    otherwise: tuple[PaperId, ...] = ()
    """Papers that another model, promise or policy judged, which the next night brings up to date."""


@dataclass(frozen=True, slots=True)
class Strays:
    """Files in the store that no row tells of."""

    orphans: tuple[Stored, ...]
    """Without those that may be just arriving."""
    kept: int
    """Files that rows do tell of."""

    @property
    def are_anothers(self) -> bool:
        """Whether they are rather the files of another database, so many are they; such are never removed."""
        return sum(found.sha256 is not None for found in self.orphans) > self.kept


@dataclass(frozen=True, slots=True)
class StoreFound:
    """The store against the database."""

    rows: int
    """Of files that versions are known by."""
    strays: Strays
    missing: Mapping[str, str]
    """What rows tell of and there is no file of: by sha256, what it is of, as `2403.99101v1.pdf`."""
    damaged: Mapping[str, str]
    """The same, of files that have another size, or other bytes."""
    read: int
    """Files that were read and hashed again."""
    queued: frozenset[str] = frozenset()
    """The lost ones that the next night fetches again, by sha256."""
    gone: int = 0
    """Files that are missing and that no version is known by any more, as its source has others."""

    @property
    def lost(self) -> dict[str, str]:
        """What is missing or damaged."""
        return {**self.missing, **self.damaged}

    @property
    def is_elsewhere(self) -> bool:
        """Whether so much is missing that this is rather not the store of the database; then nothing is fetched again."""
        return len(self.missing) > _FEW_MISSING and len(self.missing) > self.rows / 2


@dataclass(frozen=True, slots=True)
class RoomFound:
    """The data folder and the disk that it is on."""

    folder: str
    exists: bool
    is_writable: bool = False
    free: int = 0
    """Bytes."""
    locked_store: str = ""
    """The folder of the store, if it is there and cannot be written."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A package that burden needs."""

    needed: Requirement
    version: str | None
    """None where it is not installed."""


def database(engine: Engine) -> DatabaseFound:
    """Whether the database is there, at the present schema and whole.

    Raises:
        StoreError: it cannot be reached or read, or is of a newer version.
    """
    place = engine.url.render_as_string(hide_password=True)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        return DatabaseFound(place, "missing")
    if not is_current(engine):
        return DatabaseFound(place, "behind")
    with snapshot(engine) as opened:
        return DatabaseFound(place, "current", damage(opened), broken_references(opened))


def cells(engine: Engine, settings: Settings, now: datetime, *, every: bool) -> CellsFound:
    """Fold the cells of all papers again, or of a sample that is another one every day.

    Raises:
        StoreError: the database cannot be read.
    """
    with snapshot(engine) as opened:
        judge = judge_of(opened, settings.promise, settings.policy)
        papers, waiting = paper_ids(opened), judged_otherwise(opened, judge)
        otherwise = frozenset(waiting)
        chosen = papers if every or len(papers) <= PAPERS else _lot(now).sample(papers, PAPERS)
        stale: dict[PaperId, int] = {}
        for paper in chosen:
            if paper not in otherwise and (changes := doctor(opened, judge, [paper])):
                stale[paper] = len(changes)
        return CellsFound(len(papers), len(chosen), stale, waiting)


def store(engine: Engine, settings: Settings, now: datetime, *, every: bool) -> StoreFound:
    """Compare the store with the rows, and read all files again or a sample that is another one every day.

    Raises:
        StoreError: the database or the store cannot be read.
    """
    with snapshot(engine) as opened:  # first, so that what arrives meanwhile is not missed
        sizes, names = blob_sizes(opened), file_names(opened)
        former, queued = replaced(opened), lost(opened)
    kept = present_store(settings)
    listed = list(kept.list()) if kept else []
    there = {found.sha256: found.size for found in listed if found.sha256}
    whole = sorted(sha256 for sha256, size in sizes.items() if there.get(sha256) == size)
    read = whole if every or len(whole) <= FILES else _lot(now).sample(whole, FILES)
    torn = {sha256 for sha256, size in sizes.items() if sha256 in there and there[sha256] != size}
    missing = sizes.keys() - there.keys()
    damaged = torn | {sha256 for sha256 in read if kept and not kept.is_sound(sha256)}
    return StoreFound(
        len(sizes) - len(former),
        _strays(listed, sizes, now),
        _named(missing - former, names),
        _named(damaged, names),
        len(read),
        queued,
        len(missing & former),
    )


def strays(engine: Engine, kept: Store, now: datetime) -> Strays:
    """Files that no row tells of.

    Raises:
        StoreError: the database or the store cannot be read.
    """
    listed = list(kept.list())  # first: whatever gets its row meanwhile is none
    with snapshot(engine) as opened:
        return _strays(listed, blob_sizes(opened), now)


def _strays(listed: Sequence[Stored], known: Container[str | None], now: datetime) -> Strays:
    unknown = [found for found in listed if found.sha256 not in known]
    orphans = tuple(found for found in unknown if found.at < now - ARRIVING)
    return Strays(orphans, len(listed) - len(unknown))


def present_store(settings: Settings) -> Store | None:
    """The store; None where it is a folder that nobody has made yet.

    Raises:
        StoreError: it cannot be opened.
    """
    place = settings.store
    return open_store(place) if "://" in place or Path(place).is_dir() else None


def room(settings: Settings) -> RoomFound:
    """The data folder, and what is free where it is.

    Raises:
        StoreError: the disk cannot be asked.
    """
    folder = settings.data_dir
    if not folder.is_dir():
        return RoomFound(str(folder), exists=False)
    locked = (
        settings.store if Path(settings.store).is_dir() and not _is_writable(Path(settings.store)) else ""
    )
    return RoomFound(str(folder), True, _is_writable(folder), disk_of(folder, 0).free, locked)


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def packages() -> tuple[Installed, ...]:
    """What burden's own metadata asks for on this machine, and what is installed."""
    needed = [Requirement(line) for line in requires("burden") or ()]
    here = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    return tuple(Installed(one, _version(one.name)) for one in here)


def _named(hashes: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """What files are of, by sha256; in the order of the names."""
    named = {sha256: names.get(sha256, "no paper") for sha256 in hashes}
    return dict(sorted(named.items(), key=lambda item: (item[1], item[0])))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _lot(now: datetime) -> Random:
    return Random(now.date().toordinal())  # noqa: S311  # draws a sample, keeps no secret
