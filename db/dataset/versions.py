"""Versions of the dataset: semantic ones, computed from what changed.

They count as programs do: a changed schema is a major step, rows that came or went a minor one, corrected cells a patch; 0.1.0 is the
first. What changed is in `db.dataset.changes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from extractors.facts.errors import UsageError


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A semantic version."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a version as `str` wrote it.

        Raises:
            UsageError: the text is not a version.
        """
        if not re.fullmatch(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", text):
            raise UsageError(f"{text!r} is not a version", remedy="Write it as 1.2.3")
        return cls(*map(int, text.split(".")))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


FIRST = Version(0, 1, 0)


def next_version(last: Version | None, *, schema: bool, rows: bool) -> Version:
    """The version of a release that has these differences from the last one.

    Args:
        last: of the release before; None of the first.
        schema: whether the columns are other ones.
        rows: whether rows came or went.
    """
    if last is None:
        return FIRST
    if schema:
        return Version(last.major + 1, 0, 0)
    return Version(last.major, last.minor + 1, 0) if rows else Version(last.major, last.minor, last.patch + 1)
