"""The lock of a data folder, by which only one run at a time is at work in it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.facts.errors import ConflictError, StoreError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The data folder, for one night at a time; the lock dies with its process.

    Raises:
        StoreError: the folder cannot be written.
        ConflictError: a run is at work in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "crawl.lock").open("w")
    except OSError as error:
        what = f"the data folder cannot be written: {error.strerror}"
        raise StoreError(
            what, where=str(folder), remedy="Set BURDEN_DATA_DIR to a folder of yours"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            busy = "another crawl is running in this data folder"
            raise ConflictError(busy, where=str(folder), remedy="Wait until it is done") from error
        yield
