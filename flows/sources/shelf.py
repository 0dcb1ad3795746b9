"""Where large files lie, a folder or a bucket, behind one interface: only what is wanted of a file is read, from its place.

A bucket is asked through obstore, with the credentials and the region of the environment (`AWS_ACCESS_KEY_ID` and the like), and
as one whose readers pay for what they read, as arXiv's (https://info.arxiv.org/help/bulk_data_s3.html).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from extractors.facts.errors import RefusedRequestError, UsageError

_MD5 = re.compile(r'"?([0-9a-f]{32})"?')
_CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Lying:
    """A file on a shelf."""

    name: str
    size: int
    md5: str | None
    """As the bucket tells it, which it does of files that were put there in one piece; None where it would have to be read."""


class Shelf:
    """The files in a folder or under the address of a bucket, without those in folders below.

    Raises:
        UsageError: there is no such folder, or the address is not that of a bucket.
    """

    def __init__(self, place: Path | str) -> None:
        self.is_bucket = "://" in str(place)
        self.place = str(place).rstrip("/") if self.is_bucket else str(Path(place).absolute())
        try:
            self._objects: ObjectStore = (
                from_url(self.place, request_payer=True)
                if self.place.startswith("s3://")
                else from_url(self.place)
                if self.is_bucket
                else LocalStore(Path(self.place))
            )
        except (BaseError, OSError, ValueError) as error:
            what = "this is no bucket's address" if self.is_bucket else "there is no such folder"
            raise UsageError(what, where=self.place, remedy="Name a folder, or s3://BUCKET/FOLDER") from error

    def files(self) -> list[Lying]:
        """All files, by name.

        Raises:
            RefusedRequestError: the place cannot be read.
        """
        try:
            found = obstore.list_with_delimiter(self._objects)["objects"]
        except (BaseError, OSError) as error:
            raise self._refused(self.place, error) from error
        lying = (Lying(_name(meta["path"]), meta["size"], self._md5(meta["e_tag"])) for meta in found)
        return sorted(lying, key=lambda file: file.name)

    def read(self, name: str, offset: int, size: int) -> bytes:
        """Some bytes of a file; fewer where it ends before.

        Raises:
            RefusedRequestError: it cannot be read.
        """
        try:
            return bytes(obstore.get_range(self._objects, name, start=offset, length=size))
        except (BaseError, OSError) as error:
            raise self._refused(name, error) from error

    def parts(self, file: Lying) -> Iterator[bytes]:
        """All of a file, some megabytes at a time.

        Raises:
            RefusedRequestError: it cannot be read.
        """
        for offset in range(0, file.size, _CHUNK):
            yield self.read(file.name, offset, min(_CHUNK, file.size - offset))

    def open(self, file: Lying, buffer: int) -> io.BufferedReader:
        """A file to be read here and there, so many bytes at once.

        Reading raises RefusedRequestError where the place fails.
        """
        return io.BufferedReader(_Reader(self, file), buffer)

    def address(self, name: str, scheme: str) -> str:
        """A file as an address in a scheme of ours, which says what it is."""
        return (
            f"{scheme}+{self.place}/{quote(name)}"
            if self.is_bucket
            else f"{scheme}://{quote(self.place)}/{quote(name)}"
        )

    def _md5(self, etag: str | None) -> str | None:
        """An entity tag of S3 is the MD5 of what came in one piece; that of several is followed by their number."""
        found = _MD5.fullmatch(etag or "") if self.is_bucket else None
        return found[1] if found else None

    def _refused(self, what: str, error: Exception) -> RefusedRequestError:
        said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        remedy = "Check its address and your credentials" if self.is_bucket else ""
        return RefusedRequestError(f"{what} cannot be read: {said}", where=self.place, remedy=remedy)


class _Reader(io.RawIOBase):
    """A file of a shelf as Python reads files."""

    def __init__(self, shelf: Shelf, file: Lying) -> None:
        self._shelf, self._file, self._at = shelf, file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.size}[whence]
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a buffer is all it is ever given
        wanted = min(len(buffer), self._file.size - self._at)
        if wanted <= 0:
            return 0
        found = self._shelf.read(self._file.name, self._at, wanted)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


def _name(path: str) -> str:
    return path.rpartition("/")[2]
