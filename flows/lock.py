"""The locks of a data folder and of a database, by which only one run of a sort is at work at a time.

A night and a backfill may be at work together, two nights may not: each sort of work has a lock of its own. The folder's lock keeps
apart the processes of one machine, the database's those of all machines that share a PostgreSQL.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, Literal

from sqlalchemy import Engine

from db.engine import is_taken, sole
from extractors.facts.errors import ConflictError, StoreError

Work = Literal["crawl", "backfill", "reextract"]
"""A sort of work: crawl is a night or the adding of single papers."""
_TRIES: Final = 5
_A_LOOK_SECONDS: Final = 0.1


@contextmanager
def alone(folder: Path, engine: Engine, work: Work) -> Iterator[None]:
    """A sort of work, for one run at a time in a data folder and in its database; the locks die with their process.

    Raises:
        StoreError: the folder cannot be written, or the database not be reached.
        ConflictError: a run of the sort is at work.
    """
    with locked(folder, work), sole(engine, work) as is_sole:
        if not is_sole:
            raise ConflictError(
                f"another {work} is running on another machine",
                where="its database",
                remedy="Wait until it is done",
            )
        yield


@contextmanager
def locked(folder: Path, *works: Work) -> Iterator[None]:
    """A data folder, for one run of each of these sorts at a time; the lock dies with its process.

    Raises:
        StoreError: the folder cannot be written.
        ConflictError: a run of one of the sorts is at work in it.
    """
    with ExitStack() as stack:
        for work in works:
            stack.enter_context(_locked(folder, work))
        yield


def is_at_work(folder: Path, engine: Engine, work: Work) -> bool:
    """Whether a run of a sort is at work, in a data folder or on any machine that shares its database.

    Raises:
        StoreError: the folder's lock cannot be read, or the database not be reached.
    """
    lock = folder / f"{work}.lock"
    return (lock.exists() and _is_held(lock, work)) or is_taken(engine, work)


def _is_held(lock: Path, work: Work) -> bool:
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as error:
        raise StoreError(
            f"it cannot be seen whether a {work} is at work: {error.strerror}",
            where=str(lock),
            remedy="Let this account read the data folder",
        ) from error
    return False


@contextmanager
def _locked(folder: Path, work: Work) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / f"{work}.lock").open("w")
    except OSError as error:
        what = f"the data folder cannot be written: {error.strerror}"
        raise StoreError(
            what, where=str(folder), remedy="Set BURDEN_DATA_DIR to a folder of yours"
        ) from error
    with file:
        if not _taken(file):
            busy = f"another {work} is running in this data folder"
            raise ConflictError(busy, where=str(folder), remedy="Wait until it is done")
        yield


def _taken(file: IO[str]) -> bool:
    """Take a lock, after those who only look at it, which is done in no time."""
    for left in reversed(range(_TRIES)):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(_A_LOOK_SECONDS if left else 0.0)
    return False
