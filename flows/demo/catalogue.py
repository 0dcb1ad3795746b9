"""The sample papers as a catalogue: what a listing would tell of each version, and its PDF.

The papers themselves, with their sources and known truth, are in `flows/demo/papers`; how they are served is in
`flows.demo.standin`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Sample:
    """One version of one sample paper."""

    id: str
    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str
    primary_category: str
    categories: tuple[str, ...]
    published: datetime
    """When the first version came."""
    updated: datetime
    """When this version came."""
    pdf: str
    """File name under `flows/demo/papers`."""
    comment: str | None = None
    licence: str | None = None
    announced: datetime | None = None
    """When it appeared, where that was later than it came; arXiv fills ranges of ids late."""
    withdrawn: bool = False
    """Whether this version is a notice that the paper was withdrawn; the comment says why."""

    @property
    def name(self) -> str:
        """The id with its version."""
        return f"{self.id}v{self.version}"


_SAMPLES = TypeAdapter(tuple[Sample, ...])


@cache
def catalogue() -> tuple[Sample, ...]:
    """All versions of all sample papers, in order of their id and version."""
    given = files("flows.demo").joinpath("papers", "catalogue.json").read_bytes()
    return tuple(sorted(_SAMPLES.validate_json(given), key=lambda sample: (sample.id, sample.version)))


def pdf_of(sample: Sample) -> bytes:
    """The sample's file."""
    return files("flows.demo").joinpath("papers", sample.pdf).read_bytes()
