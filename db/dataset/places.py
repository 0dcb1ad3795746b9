"""Where releases are published: a folder, or a bucket. Both show a release by one atomic change of their catalogue.

A folder gets a release as a hidden folder that is renamed once it is complete. In a bucket, where nothing can be renamed, the seal comes
first and only where none is: it claims the version for these bytes. Then come the files, each is read back, and the catalogue
follows, which is replaced only if it is still what was read.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError, PreconditionError
from obstore.store import ObjectStore, from_url

from db.dataset.catalogue import CATALOGUE, Catalogue
from db.dataset.seals import SEALS, Sealed, Stored, verified
from extractors.facts.errors import ConflictError, DatasetError, StoreError, UsageError

if TYPE_CHECKING:
    from obstore import UpdateVersion

HALF = ".publishing-"
"""What names of folders begin with that are not complete yet."""
_LOCK = ".publishing.lock"
_CHUNK = 4 * 1024 * 1024
_TRIES = 20
"""Times that somebody else may change a bucket's catalogue first."""


class Place(Protocol):
    """Somewhere releases are published."""

    name: str

    def catalogue(self) -> Catalogue:
        """What is published here; an empty one where nothing is yet."""
        ...

    def amend(self, change: Callable[[Catalogue], Catalogue]) -> Catalogue:
        """Replace the catalogue, in one step, by what a change makes of the one that is there; gives the new one."""
        ...

    def bring(self, version: str, folder: Path, sealed: Sealed) -> int:
        """Bring all files of a release, and read them back; gives how many were not there yet.

        Nobody who reads by the catalogue sees them before it names the version.
        """
        ...


def place_of(where: str | Path) -> Place:
    """A folder, or the address of a bucket such as `s3://bucket/prefix`.

    Raises:
        UsageError: it is empty, or the address is not that of a bucket.
    """
    if not str(
        where
    ).strip():  # a variable of a script that nobody set: it is not the folder one happens to be in
        raise UsageError("no place is named", remedy="Name a folder, or s3://BUCKET/PREFIX")
    if "://" in str(where):
        return BucketPlace(str(where))
    return FolderPlace(Path(where))


class FolderPlace:
    """A folder of releases, made where it is missing once something is to be written."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder

    def catalogue(self) -> Catalogue:
        """What is published here.

        Raises:
            DatasetError: the file is no catalogue.
            StoreError: it cannot be read.
        """
        with _writing(self.name), _placed(self.name):
            try:
                return Catalogue.parse((self._folder / CATALOGUE).read_bytes())
            except FileNotFoundError:
                return Catalogue()

    def amend(self, change: Callable[[Catalogue], Catalogue]) -> Catalogue:
        """Replace the catalogue by a rename.

        Raises:
            StoreError: it cannot be written.
        """
        with self._alone(wait=True), _writing(self.name):
            before = self.catalogue()
            with _placed(self.name):
                after = change(before)
            if after != before or not (self._folder / CATALOGUE).exists():
                self._replace(after.to_json())
        return after

    def bring(self, version: str, folder: Path, sealed: Sealed) -> int:
        """Copy a release into a hidden folder and rename that; what a killed copy left is gone on with.

        Raises:
            ConflictError: somebody else is publishing here.
            DatasetError: the version is there with other bytes.
            StoreError: the folder cannot be written.
        """
        final = self._folder / version
        with self._alone(), _writing(self.name):
            if final.exists():
                _same(verified(final), sealed, version, self.name)
                return 0
            half = self._folder / f"{HALF}{version}-{sealed.sha256[:12]}"
            copied = sum(_copied(folder / name, half / name, sha256) for name, sha256 in _all(sealed).items())
            _remove_others(half, _all(sealed))
            verified(half)
            for inner in (half, *(path for path in half.rglob("*") if path.is_dir())):
                _sync(inner)
            half.rename(final)
            _sync(self._folder)
        return copied

    def _replace(self, data: bytes) -> None:
        handle, name = tempfile.mkstemp(prefix=HALF, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(self._folder / CATALOGUE)
        finally:
            Path(name).unlink(missing_ok=True)
        _sync(self._folder)

    @contextmanager
    def _alone(self, *, wait: bool = False) -> Iterator[None]:
        """The lock dies with its process."""
        with _writing(self.name):
            self._folder.mkdir(parents=True, exist_ok=True)
        with _writing(self.name), (self._folder / _LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise ConflictError(
                    "somebody else is publishing there",
                    where=self.name,
                    remedy="Wait until that is done",
                ) from error
            yield


class BucketPlace:
    """Releases under an address of an S3-compatible store; credentials come from the environment.

    Raises:
        UsageError: the address is not that of a bucket.
    """

    def __init__(self, address: str) -> None:
        self.name = address.rstrip("/")
        try:
            self._objects: ObjectStore = from_url(self.name)
        except (BaseError, OSError, ValueError) as error:
            raise UsageError(
                "this is no bucket's address", where=address, remedy="Name a folder, or s3://BUCKET/PREFIX"
            ) from error

    def catalogue(self) -> Catalogue:
        """What is published here.

        Raises:
            DatasetError: the object is no catalogue.
            StoreError: the bucket cannot be read.
        """
        return self._read()[0]

    def amend(self, change: Callable[[Catalogue], Catalogue]) -> Catalogue:
        """Replace the catalogue if it is still what was read, else read it again.

        Raises:
            ConflictError: others kept changing it.
            StoreError: the bucket cannot be read or written, or cannot replace on condition.
        """
        for _ in range(_TRIES):
            before, tag = self._read()
            with _placed(self.name):
                after = change(before)
            if after == before and tag is not None:
                return after
            try:
                with self._reaching():
                    obstore.put(self._objects, CATALOGUE, after.to_json(), mode=_replacing(tag))
            except (AlreadyExistsError, PreconditionError):
                continue
            return after
        raise ConflictError("others kept changing the catalogue", where=self.name, remedy="Try again")

    def bring(self, version: str, folder: Path, sealed: Sealed) -> int:
        """Put the seal, then every file that is not there, and read each back.

        Raises:
            DatasetError: the version is there with other bytes, or what was read back is not what was sent.
            StoreError: the bucket cannot be read or written.
        """
        brought = self._claim(version, sealed)
        for name, sha256 in sealed.files.items():
            if self._hash(f"{version}/{name}") == sha256:
                continue
            with self._reaching():
                obstore.put(self._objects, f"{version}/{name}", folder / name)
            brought += 1
            if self._hash(f"{version}/{name}") != sha256:
                raise DatasetError(
                    f"{name} did not arrive as it was sent", where=self.name, remedy="Publish again"
                )
        return brought

    def _claim(self, version: str, sealed: Sealed) -> int:
        try:
            with self._reaching():
                obstore.put(self._objects, f"{version}/{SEALS}", sealed.text, mode="create")
        except AlreadyExistsError:
            with self._reaching():
                there = bytes(obstore.get(self._objects, f"{version}/{SEALS}").bytes())
            _same(Sealed.parse(there), sealed, version, self.name)
            return 0
        return 1

    def _hash(self, path: str) -> str | None:
        digest = hashlib.sha256()
        try:
            with self._reaching(reads=True):
                for chunk in obstore.get(self._objects, path).stream(min_chunk_size=_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return None
        return digest.hexdigest()

    def _read(self) -> tuple[Catalogue, str | None]:
        try:
            with self._reaching(reads=True):
                found = obstore.get(self._objects, CATALOGUE)
                data, tag = bytes(found.bytes()), found.meta["e_tag"]
        except FileNotFoundError:
            return Catalogue(), None
        with _placed(self.name):
            return Catalogue.parse(data), tag

    @contextmanager
    def _reaching(self, *, reads: bool = False) -> Iterator[None]:
        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise
        except NotSupportedError as error:
            raise StoreError(
                "this store cannot replace an object on condition, so that two publishers would harm each other",
                where=self.name,
                remedy="Use an S3-compatible store that honours If-Match",
            ) from error
        except (BaseError, OSError) as error:
            if reads and isinstance(error, FileNotFoundError):
                raise
            said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
            raise StoreError(
                f"the bucket cannot be reached: {said}",
                where=self.name,
                remedy="Check its address and your credentials, and publish again",
            ) from error


@contextmanager
def _placed(place: str) -> Iterator[None]:
    """What is wrong with a catalogue, with the place that has it."""
    try:
        yield
    except (ConflictError, DatasetError, UsageError) as error:
        if error.where != CATALOGUE:
            raise
        raise type(error)(error.what, where=f"{place}/{CATALOGUE}", remedy=error.remedy) from error


def _replacing(tag: str | None) -> UpdateVersion | Literal["create"]:
    """Put only over what has the tag, or where nothing is."""
    return {"e_tag": tag} if tag is not None else "create"


def _all(sealed: Sealed) -> Mapping[str, str]:
    return {**sealed.files, SEALS: sealed.sha256}


def _same(there: Sealed, sealed: Sealed, version: str, where: str) -> None:
    if there.text != sealed.text:
        raise DatasetError(
            f"release {version} is there with other bytes and is never overwritten",
            where=where,
            remedy="Publish it elsewhere, or build a new version",
        )


def _copied(source: Path, target: Path, sha256: str) -> bool:
    """Whether a file was not there yet as it must be."""
    if target.is_file() and Stored.of(target).sha256 == sha256:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return True


def _remove_others(half: Path, files: Mapping[str, str]) -> None:
    for path in half.rglob("*"):
        if path.is_file() and path.relative_to(half).as_posix() not in files:
            path.unlink()


def _sync(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _writing(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"cannot publish there: {error.strerror or error}",
            where=str(error.filename or where),
            remedy="Check that the folder is writable and has room, and publish again",
        ) from error
