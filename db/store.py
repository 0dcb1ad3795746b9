"""Bytes by their sha256: the papers as they came, in a folder or in an S3-compatible store.

An object is written once, whole, and never changed; what it is called by is what it must hash to. Which paper
a blob belongs to is in the database (`db.papers`).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from extractors.facts.errors import StoreError


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies in a store under a name that `put` gives."""

    name: str
    """Its path in the store."""
    sha256: str | None
    """What its bytes must hash to; None for what a writer left that was killed before the object was whole."""
    size: int
    at: datetime
    """When it was written."""


class Store:
    """A content-addressed store of bytes."""

    def __init__(self, objects: ObjectStore, place: str) -> None:
        self._objects = objects
        self._place = place

    def put(self, data: bytes, *, over: bool = False) -> str:
        """Store bytes, unless they are there already, and return their sha256.

        Args:
            data: the bytes.
            over: write also over what is there, for it was found damaged.

        Raises:
            StoreError: the store cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            obstore.put(self._objects, _key(sha256), data, mode="overwrite" if over else "create")
        except AlreadyExistsError:
            return sha256
        except (BaseError, OSError) as error:
            raise _refused("cannot write to", self._place, error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of a hash, checked against it.

        Raises:
            StoreError: they are not there, cannot be read, or are not what was stored.
        """
        data, remedy = self._read(sha256), "Run burden doctor --mend, so that it is fetched again"
        if data is None:
            raise StoreError(f"no object {sha256}", where=self._place, remedy=remedy)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(f"object {sha256} is damaged", where=self._place, remedy=remedy)
        return data

    def is_sound(self, sha256: str) -> bool:
        """Whether there is an object of this hash with the bytes that were stored.

        Raises:
            StoreError: the store cannot be read, so that nobody can say.
        """
        data = self._read(sha256)
        return data is not None and hashlib.sha256(data).hexdigest() == sha256

    def _read(self, sha256: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._objects, _key(sha256)).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise _refused("cannot read", self._place, error) from error

    def has(self, sha256: str) -> bool:
        """Whether there is an object of this hash."""
        try:
            obstore.head(self._objects, _key(sha256))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise _refused("cannot read", self._place, error) from error
        return True

    def list(self) -> Iterator[Stored]:
        """All that was put here, and what killed writers left; files under any other name are not ours.

        Raises:
            StoreError: the store cannot be read.
        """
        try:
            for batch in obstore.list(self._objects):
                for meta in batch:
                    sha256 = meta["path"].rpartition("/")[2]
                    if _SHA256.fullmatch(sha256) and meta["path"] == _key(sha256):
                        yield Stored(meta["path"], sha256, meta["size"], meta["last_modified"])
            yield from self._half_written()
        except (BaseError, OSError) as error:
            raise _refused("cannot list", self._place, error) from error

    def delete(self, name: str) -> None:
        """Remove what `list` told of; what is gone already is no error.

        Raises:
            StoreError: the store cannot be written.
        """
        try:
            if (folder := self._folder()) is not None:
                (folder / name).unlink(missing_ok=True)
            else:
                obstore.delete(self._objects, name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _refused("cannot delete from", self._place, error) from error

    def _half_written(self) -> Iterator[Stored]:
        """A folder's objects are written beside their place, as `HASH#1`, and obstore shows and removes only whole ones."""
        folder = self._folder()
        if folder is None:
            return
        for path in folder.glob("??/??/*#*"):
            sha256, _, number = path.name.partition("#")
            name = path.relative_to(folder).as_posix()
            if number.isdigit() and _SHA256.fullmatch(sha256) and name == f"{_key(sha256)}#{number}":
                about = path.stat()
                yield Stored(name, None, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC))

    def _folder(self) -> Path | None:
        """Where it is, if it is a folder here."""
        place = self._objects.prefix if isinstance(self._objects, LocalStore) else None
        return Path(place) if place is not None else None


_SHA256 = re.compile(r"[0-9a-f]{64}")


def open_store(place: str | Path) -> Store:
    """The store in a folder, which is made where it is missing, or at an address such as `s3://bucket/prefix`.

    Raises:
        StoreError: the folder cannot be made, or the address is not that of a store.
    """
    where = str(place)
    try:
        if "://" in where:
            return Store(from_url(where), where)
        Path(place).mkdir(parents=True, exist_ok=True)
        return Store(LocalStore(Path(place)), where)
    except (BaseError, OSError, ValueError) as error:
        raise _refused("cannot open", where, error) from error


def _refused(what: str, place: str, error: Exception) -> StoreError:
    """What a store that refused something said of it, and what to do, which of a folder the system's number tells."""
    said = _SYSTEM_ERROR.search(str(error))
    number = error.errno if isinstance(error, OSError) and error.errno else int(said[1]) if said else 0
    why = os.strerror(number) if number else _FRAME.sub("", str(error).partition("\n")[0]).strip()[:_LONGEST]
    return StoreError(
        f"{what} the object store: {why}" if why else f"{what} the object store",
        where=place,
        remedy=_REMEDIES.get(errno.errorcode.get(number, ""), "Check its address and permissions"),
    )


_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
_FRAME = re.compile(r"^Generic \w+ error: |\?[^\s:]+")
"""What obstore says before what happened, and what follows an address, where keys may stand."""
_LONGEST = 300
"""Characters of what somebody else's server said."""
_NOT_OURS = "Let burden's account write there, or set BURDEN_STORE_URL to another place"
_REMEDIES = {
    "EROFS": "It is mounted for reading only: mount it for writing, or set BURDEN_STORE_URL to another place",
    "EACCES": _NOT_OURS,
    "EPERM": _NOT_OURS,
    "ENOSPC": "Make room on its disk; what was stored is kept",
    "EDQUOT": "Make room in the quota of burden's account; what was stored is kept",
}


def _key(sha256: str) -> str:
    """Two levels of folders, so that none gets too large to list."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
