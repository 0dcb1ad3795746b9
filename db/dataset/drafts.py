"""Hidden folders among the releases, in which they are made: each is locked while its builder is at work, and swept away after.

Whoever is killed leaves his draft behind, and the system opens his lock. So a draft that is locked is never touched, and one that is not
is nobody's: if it is sealed as a release that the database has, only its name is missing, and else it is rubbish. Beside a draft lies
its lock, `.draft-x.lock` beside `.draft-x`; it is there before the draft is, and goes after it, so that no draft is without one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from db.dataset.seals import SEALS

DRAFT = ".draft-"
"""What names of folders begin with that nobody is to read yet."""
HIDDEN = "release"
"""In such a folder: the release, which gets its name by being moved out of it."""
_LOCK = ".lock"


@contextmanager
def drafting(out: Path) -> Iterator[Path]:
    """A new draft, its builder's alone within the block; it is left as it is, for `settle` to find unless it is removed.

    Args:
        out: the folder of all releases.

    Raises:
        OSError: the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with _locked(out) as lock:
        draft = _draft_of(lock)
        draft.mkdir()
        try:
            yield draft
        finally:
            if not draft.exists():
                lock.unlink(missing_ok=True)


def show(draft: Path, folder: Path) -> None:
    """Give the release in a draft its name, in one step.

    Raises:
        OSError: there is one of that name, or the folder cannot be written.
    """
    (draft / HIDDEN).rename(folder)
    shutil.rmtree(draft, ignore_errors=True)


def settle(out: Path, recorded: Callable[[], Mapping[str, str]]) -> None:
    """Name what was recorded by builders who were stopped before they could, and remove what else they left.

    Args:
        out: the folder of all releases.
        recorded: versions of the releases that the database has, by the hashes of their seals. It is asked when a draft is locked here,
            so that its builder, who is gone, has recorded what he ever will.

    Raises:
        OSError: the folder cannot be written.
    """
    for lock in sorted(out.glob(f"{DRAFT}*{_LOCK}")):
        with _taken(lock) as is_left:
            if is_left:
                draft = _draft_of(lock)
                version = recorded().get(_seal(draft))
                if version is not None and not (out / version).exists():
                    show(draft, out / version)
                with suppress(FileNotFoundError):
                    shutil.rmtree(draft)
                lock.unlink()


@contextmanager
def _locked(out: Path) -> Iterator[Path]:
    """A new lock, which dies with its process."""
    while True:
        number, name = tempfile.mkstemp(prefix=DRAFT, suffix=_LOCK, dir=out)
        with os.fdopen(number, "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_there(file, Path(name)):  # else somebody swept it away before it was locked
                yield Path(name)
                return


@contextmanager
def _taken(lock: Path) -> Iterator[bool]:
    """Whether a lock was left, and now is ours."""
    try:
        file = lock.open("r+")
    except FileNotFoundError:  # its builder is done by now
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield _is_there(file, lock)


def _is_there(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _draft_of(lock: Path) -> Path:
    return lock.with_suffix("")


def _seal(draft: Path) -> str:
    try:
        return hashlib.sha256((draft / HIDDEN / SEALS).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
