"""Bytes by their sha256: the papers as they came, in a folder or in an S3-compatible store.

An object is written once, whole, and never changed; what it is called by is what it must hash to. Which paper
a blob belongs to is in the database (`db.papers`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from extractors.facts.errors import StoreError


class Store:
    """A content-addressed store of bytes."""

    def __init__(self, objects: ObjectStore, place: str) -> None:
        self._objects = objects
        self._place = place

    def put(self, data: bytes) -> str:
        """Store bytes, unless they are there already, and return their sha256.

        Raises:
            StoreError: the store cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            obstore.put(self._objects, _key(sha256), data, mode="create")
        except AlreadyExistsError:
            return sha256
        except (BaseError, OSError) as error:
            raise StoreError(
                "cannot write to the object store",
                where=self._place,
                remedy="Check its address and permissions",
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of a hash, checked against it.

        Raises:
            StoreError: they are not there, cannot be read, or are not what was stored.
        """
        try:
            data = bytes(obstore.get(self._objects, _key(sha256)).bytes())
        except FileNotFoundError as error:
            raise StoreError(
                f"no object {sha256}", where=self._place, remedy="Fetch the paper again"
            ) from error
        except (BaseError, OSError) as error:
            raise StoreError("cannot read the object store", where=self._place) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(
                f"object {sha256} is damaged", where=self._place, remedy="Remove it and fetch the paper again"
            )
        return data

    def has(self, sha256: str) -> bool:
        """Whether there is an object of this hash."""
        try:
            obstore.head(self._objects, _key(sha256))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise StoreError("cannot read the object store", where=self._place) from error
        return True


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
        raise StoreError(
            "cannot open the object store", where=where, remedy="Check its address and permissions"
        ) from error


def _key(sha256: str) -> str:
    """Two levels of folders, so that none gets too large to list."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
