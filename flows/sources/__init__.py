"""Sources of papers behind one interface: what came in a window of time, page by page, and each paper's file.

A source speaks to the outside and says what it was told, as received. It knows no database: what is new,
what is screened out and when the watermark moves is decided in `flows.steps`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from db.papers import FileOf, Listing, Withdrawal
from extractors.facts.ids import PaperId
from flows.fetch import Fetched


@dataclass(frozen=True, slots=True)
class Window:
    """The span of time that is asked for, both ends included."""

    since: datetime
    until: datetime
    is_open: bool = False
    """Whether `until` is only what our own clock says that it is now, so that nothing need be told of it."""

    @property
    def days(self) -> int:
        """How many it holds or touches."""
        return (self.until.date() - self.since.date()).days + 1

    def share_until(self, day: date) -> float:
        """How much of it is over when the day is reached, from 0 to 1."""
        return min(max((day - self.since.date()).days / self.days, 0.0), 1.0)

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Page:
    """Listings that arrived together and are stored together."""

    listings: tuple[Listing, ...]
    problems: tuple[str, ...] = ()
    """Entries that could not be understood, one sentence each."""
    is_last: bool = False
    """Whether the window is complete with it; the last page of every window says so."""
    is_first: bool = False
    """Whether the window began, or began anew, with it; only of feeds that can go on in the middle."""
    token: str | None = None
    """By which the feed can go on behind it."""
    share: float | None = None
    """How much of the window has come with it, from 0 to 1, by the source's own count or by its days; None where that cannot be told."""
    told_at: datetime | None = None
    """What time the source says it is; None where it does not say."""
    withdrawn: tuple[Withdrawal, ...] = ()
    """Papers that the source says were taken back."""
    standing: tuple[PaperId, ...] = ()
    """Papers that it says are not, or no longer."""
    remarks: tuple[str, ...] = ()
    """What a person should know though nothing is wrong, one sentence each."""


class Feed(Protocol):
    """A part of a source that is harvested by itself, with a watermark of its own."""

    @property
    def selection(self) -> str:
        """Which part of the source it is."""
        ...

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:
        """What came in the window, oldest first; or, with a token of the same window, what is left of it.

        Raises:
            SourceError: the source did not give what was asked; pages before it are good.
        """
        ...


class Source(Protocol):
    """Where papers come from."""

    @property
    def name(self) -> str:
        """A stable word for the kind of source, as `atom`."""
        ...

    @property
    def is_chosen(self) -> bool:
        """Whether a person chose these very papers, so that they need no screening."""
        ...

    @property
    def feeds(self) -> Sequence[Feed]:
        """What is asked for, part by part."""
        ...

    def can_fetch(self, file: FileOf) -> bool:
        """Whether the file is one of this source's, to be fetched by it."""
        ...

    def address(self, file: FileOf) -> str:
        """Where the file is fetched from."""
        ...

    def fetch(self, file: FileOf) -> Fetched | None:
        """The file of a paper's version, in the medium that it names; None where it is the one that the file is known by.

        Raises:
            NotFoundError: there is no such file.
            SourceError: the source did not give it.
            DocumentError: what it gave is not a whole PDF, or not a whole page of a paper.
        """
        ...
