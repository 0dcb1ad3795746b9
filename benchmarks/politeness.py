"""How near a night comes to the shortest that its service's manners allow: requests times spacing.

A stand-in on loopback lists 200 papers, each of bytes of its own, and serves the PDFs of the labelled corpus; the night asks
it once every 1.5 seconds at most, by the functions that the flow calls. Reading, storing and deciding should hide behind the
waits: from the first request to the last commit at most 1.03 times the requests times the spacing.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import date
from itertools import cycle, islice, pairwise
from pathlib import Path

from benchmarks.corpus import Corpus
from flows.clock import SystemClock
from flows.demo.catalogue import Sample, catalogue
from flows.demo.standin import stand_in
from flows.night import Order, Summary, open_night, run
from flows.settings import Settings
from flows.steps import PLAIN

PAPERS = 200
SPACING = 1.5
"""Seconds."""


def report(corpus: Corpus, papers: int = PAPERS) -> None:
    """Run one night and print what it took beside what it must take."""
    first = catalogue()[0]
    samples = [replace(first, id=f"2403.{number:05}") for number in range(1, papers + 1)]
    files = dict(zip((sample.id for sample in samples), islice(cycle(corpus.pdfs), papers), strict=True))
    with (
        stand_in(samples) as service,
        tempfile.TemporaryDirectory(prefix="politeness-") as folder,
    ):
        service.pdf = lambda sample: _own_bytes(files[sample.id], sample)
        settings = Settings(
            data_dir=Path(folder),
            arxiv_api_url=service.api_url,
            arxiv_oai_url=service.oai_url,
            arxiv_pdf_url=service.pdf_url,
            request_interval_seconds=SPACING,
            html="never",
        )
        summary = _night(settings)
        ended = time.monotonic()
        starts = [request.at for request in service.seen]
    _print(summary, starts, ended)


def _night(settings: Settings) -> Summary:
    days = Order(since=date(2024, 3, 1), until=date(2024, 3, 31))
    with open_night(settings, days, clock=SystemClock()) as night:
        return run(night, PLAIN)


def _own_bytes(path: Path, sample: Sample) -> bytes:
    """A PDF that no other is equal to: a comment behind its end changes nothing."""
    return path.read_bytes() + f"\n% {sample.name}\n%%EOF\n".encode()


def _print(summary: Summary, starts: list[float], ended: float) -> None:
    took, least = ended - starts[0], len(starts) * SPACING
    nearest = min(later - earlier for earlier, later in pairwise(starts))
    print(f"{summary.counts.get('read', 0)} papers read, {summary.counts.get('read failed', 0)} failed")
    print(f"{len(starts)} requests at {SPACING} s are {least:.1f} s; the night took {took:.1f} s")
    print(f"ratio {took / least:.4f}; the two nearest requests were {nearest:.3f} s apart")
    print("phases: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in summary.seconds.items()))
