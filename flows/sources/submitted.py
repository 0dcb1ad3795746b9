"""A source that knows no days, held to those on which papers were first submitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from db.papers import FileOf
from flows.fetch import Fetched
from flows.sources import Feed, Page, Source, Window


@dataclass(frozen=True, slots=True)
class Submitted:
    """Of a source, the papers whose first version is of the window; those whose day it does not tell are left out."""

    source: Source

    @property
    def name(self) -> str:
        """The source's own."""
        return self.source.name

    @property
    def is_chosen(self) -> bool:
        """As the source says."""
        return self.source.is_chosen

    @property
    def feeds(self) -> Sequence[Feed]:
        """The source's own, each held to the window."""
        return tuple(map(_Within, self.source.feeds))

    def can_fetch(self, file: FileOf) -> bool:
        """As the source says."""
        return self.source.can_fetch(file)

    def address(self, file: FileOf) -> str:
        """As the source says."""
        return self.source.address(file)

    def fetch(self, file: FileOf) -> Fetched | None:
        """From the source."""
        return self.source.fetch(file)


@dataclass(frozen=True, slots=True)
class _Within:
    feed: Feed

    @property
    def selection(self) -> str:
        return self.feed.selection

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:
        for page in self.feed.pages(window, token):
            fitting = tuple(
                listing
                for listing in page.listings
                if listing.published and window.since <= listing.published <= window.until
            )
            yield replace(page, listings=fitting)
