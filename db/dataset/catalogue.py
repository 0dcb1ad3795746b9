"""`releases.json`: which releases a place has, and which of them were taken back. Who reads by it never sees half a release.

A release is in it only once all of its files are there, and stays in it for ever, yanked or not. The text is the same for the same
releases. How it is replaced in one step is in `db.dataset.places`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationError

from db.dataset.versions import Version
from extractors.facts.errors import ConflictError, DatasetError, UsageError

CATALOGUE = "releases.json"
"""Name of the file, beside the folders of the releases."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A release as the catalogue has it."""

    version: str
    as_of: datetime
    """The state it shows."""
    cells: Annotated[int, Field(ge=0)]
    """Published cells."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of its `SHA256SUMS`, which seals all of it."""
    yanked: bool = False
    reason: str = ""
    """Why it was yanked."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The releases of a place, the newest version first."""

    releases: tuple[Listed, ...] = ()

    def __iter__(self) -> Iterator[Listed]:
        return iter(self.releases)

    def find(self, version: str) -> Listed | None:
        """The release of a version."""
        return next((listed for listed in self.releases if listed.version == version), None)

    def with_release(self, listed: Listed) -> Self:
        """The catalogue with a release; one that has it already is as it was, so that what was yanked stays yanked.

        Raises:
            ConflictError: the version is listed with other bytes.
        """
        known = self.find(listed.version)
        if known is not None:
            if known.sha256 != listed.sha256:
                raise ConflictError(
                    f"release {listed.version} is listed with other bytes and is never overwritten",
                    where=CATALOGUE,
                    remedy="Publish it elsewhere, or build a new version",
                )
            return self
        releases = sorted((*self.releases, listed), key=lambda one: Version.parse(one.version), reverse=True)
        return replace(self, releases=tuple(releases))

    def with_yanked(self, version: str, reason: str) -> Self:
        """The catalogue with a release taken back; it stays listed.

        Raises:
            UsageError: there is no such release, or no reason.
        """
        if self.find(version) is None:
            raise UsageError(f"release {version} is not listed", where=CATALOGUE)
        if not reason.strip():
            raise UsageError("a release is yanked for a reason", remedy="Say why with --reason")
        return replace(
            self,
            releases=tuple(
                replace(listed, yanked=True, reason=reason) if listed.version == version else listed
                for listed in self.releases
            ),
        )

    def without_yank(self, version: str) -> Self:
        """The catalogue in which a release that was taken back counts again; one that counts stays as it is.

        Raises:
            UsageError: there is no such release.
        """
        if self.find(version) is None:
            raise UsageError(f"release {version} is not listed", where=CATALOGUE)
        return replace(
            self,
            releases=tuple(
                replace(listed, yanked=False, reason="") if listed.version == version else listed
                for listed in self.releases
            ),
        )

    def to_json(self) -> bytes:
        """The text of the file."""
        return _CATALOGUE.dump_json(self, indent=2) + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> Catalogue:
        """What `to_json` wrote.

        Raises:
            DatasetError: it is no catalogue.
        """
        try:
            found = _CATALOGUE.validate_json(data)
            for listed in found:
                Version.parse(listed.version)
        except (ValidationError, UsageError) as error:
            said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.what
            raise DatasetError(
                f"this is no catalogue of releases: {said}",
                where=CATALOGUE,
                remedy="Put back the one that was there",
            ) from error
        return found


_CATALOGUE = TypeAdapter(Catalogue)
