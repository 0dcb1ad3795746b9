"""The seal of a release: `SHA256SUMS` names every file with its hash, and the hash of that file is the release's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from extractors.facts.errors import DatasetError

SEALS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it lies in the folder."""

    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Stored:
        """The size and hash of a file."""
        with path.open("rb") as file:
            return cls(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a release must be."""

    text: bytes
    """Of `SHA256SUMS`."""
    files: Mapping[str, str]
    """The sha256 of every other file, by its path in the release."""

    @property
    def sha256(self) -> str:
        """The release's own hash."""
        return hashlib.sha256(self.text).hexdigest()

    @classmethod
    def parse(cls, text: bytes) -> Sealed:
        """Read a `SHA256SUMS`.

        Raises:
            DatasetError: it is none, or names files outside of the release.
        """
        found: dict[str, str] = {}
        for line in text.decode(errors="replace").splitlines():
            parts = _LINE.fullmatch(line)
            path = PurePosixPath(parts[2]) if parts else None
            if parts is None or path is None or path.is_absolute() or ".." in path.parts:
                raise DatasetError(f"{SEALS} has a line that names no file: {line[:80]!r}", where=SEALS)
            found[parts[2]] = parts[1]
        return cls(text, found)


def sealed(folder: Path) -> Sealed:
    """What a release in a folder must be.

    Raises:
        DatasetError: it has no seal.
    """
    try:
        return Sealed.parse((folder / SEALS).read_bytes())
    except OSError as error:
        raise DatasetError(
            f"this is no complete release: {SEALS} cannot be read", where=str(folder)
        ) from error


def verified(folder: Path) -> Sealed:
    """The same, once every file was read and is what the seal says.

    Raises:
        DatasetError: a file is missing, other than it was, or none of the release.
    """
    found = sealed(folder)
    for name, sha256 in found.files.items():
        path = folder / name
        if not path.is_file():
            raise _broken(f"{name} is missing", folder)
        if Stored.of(path).sha256 != sha256:
            raise _broken(f"{name} is not as it was sealed", folder)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if more := sorted(there - found.files.keys() - {SEALS}):
        raise _broken(f"{more[0]} is none of its files", folder, "Remove what is none of its files")
    return found


def _broken(
    what: str,
    folder: Path,
    remedy: str = "Put back the files that were published, or remove the folder and build again",
) -> DatasetError:
    return DatasetError(f"the release is not as it was published: {what}", where=str(folder), remedy=remedy)
