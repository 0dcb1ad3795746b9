"""The whole service on one machine in a minute: sample papers, a real night, a release, an analysis.

Every part is the real one and is started as a person would start it: the stand-in serves real PDFs over HTTP, the
night is the Prefect flow, release and analysis are the commands that are shown. Only the source is played. It
may be run again in the same folder: what is done stays done.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from db.annotators import add_annotator
from db.engine import open_database, session, snapshot
from db.queue import counts
from extractors.facts.errors import StoreError, UsageError
from flows.clock import SystemClock
from flows.demo.standin import stand_in
from flows.identity import login
from flows.night import Order, open_night
from flows.prefect_home import prepare_prefect
from flows.progress import Telling, on_terminal
from flows.settings import Settings, environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.night import Summary

FIRST_DAY, LAST_DAY = date(2024, 3, 1), date(2024, 3, 31)
"""The days on which the sample papers came."""
_INTERVAL_SECONDS = 0.1
"""Between requests to the stand-in; the real arXiv is given three seconds."""
_PRECISION = 0.75
"""Lower than a service should promise: with so few papers, little would be left to release and to fit."""


def quickstart(folder: Path) -> None:
    """Run everything once, in a folder.

    Raises:
        BurdenError: a phase failed; what was finished before is kept.
    """
    telling = on_terminal()
    began = telling.clock.monotonic()
    with stand_in() as arxiv:
        settings = Settings(
            data_dir=folder.absolute(),
            arxiv_api_url=arxiv.api_url,
            arxiv_pdf_url=arxiv.pdf_url,
            arxiv_html_url=arxiv.html_url,
            request_interval_seconds=_INTERVAL_SECONDS,
            contact="quickstart@localhost",
            promised_precision=_PRECISION,
        )
        telling.note(f"A stand-in for arXiv serves {len(arxiv.current())} sample papers at {arxiv.url}.")
        os.environ |= environment_of(settings)
        summary = _night(settings, telling)
    telling.note(
        f"Published without a look: what is proven right {_PRECISION:.0%} of the time (a service: 95%)."
    )
    releases, report = settings.releases, settings.data_dir / "analysis"
    with _shown(telling, "release", "release", "build", "--out", str(releases)) as command:
        _run(command)
    with _shown(telling, "analyze", "analyze", str(_newest(releases)), "--out", str(report)) as command:
        _run(command)
    _let_review(settings)
    _farewell(settings, summary, telling, telling.clock.monotonic() - began)


def _night(settings: Settings, telling: Telling) -> Summary:
    telling.note("Starting Prefect, which takes 15 to 40 s.")
    order = Order(since=FIRST_DAY, until=LAST_DAY)
    with open_night(
        settings, order
    ):  # what can be known to be wrong is said before Prefect takes its time to start
        pass
    began = telling.clock.monotonic()
    prepare_prefect(settings)
    from flows.nightly import run_nightly

    summary = run_nightly(order)
    took = telling.clock.monotonic() - began - sum(summary.seconds.values())
    telling.note(f"prefect    {took:6.1f} s  its server's start, its bookkeeping and its end")
    return summary


@contextmanager
def _shown(telling: Telling, phase: str, *command: str) -> Iterator[Sequence[str]]:
    with telling.phase(phase) as shown:
        yield command
        shown.result = f"burden {' '.join(command)}"


def _run(command: Sequence[str]) -> None:
    from flows.cli.root import app

    code = app(list(command), standalone_mode=False)
    sys.stdout.flush()
    if code:
        raise SystemExit(code)


def _let_review(settings: Settings) -> None:
    """Let whoever runs this review, under the name of their account, if it has one."""
    engine = open_database(settings.database)
    with suppress(UsageError), session(engine) as opened:
        add_annotator(opened, login(), "senior", SystemClock().now())
    engine.dispose()


def _newest(releases: Path) -> Path:
    found = [path.parent for path in releases.glob("*/datapackage.json")]
    if not found:
        raise StoreError("no release was built", where=str(releases))
    return max(found, key=lambda path: [int(part) for part in path.name.split(".") if part.isdigit()])


def _farewell(settings: Settings, summary: Summary, telling: Telling, seconds: float) -> None:
    engine = open_database(settings.database)
    with snapshot(engine) as opened:
        queue = counts(opened, SystemClock().now())
    engine.dispose()
    here = f"BURDEN_DATA_DIR={shlex.quote(str(settings.data_dir))} BURDEN_PROMISED_PRECISION={settings.promised_precision}"
    newest = _newest(settings.releases)
    lines = (
        "",
        f"All done in {seconds:.0f} s; the night ended as {summary.outcome!r}. Everything is in {settings.data_dir}:",
        "  burden.sqlite     papers, readings, cells and the review log",
        f"  releases/{newest.name:<9}the dataset, as Parquet and CSV",
        "  analysis          fits, figures and report.html",
        f"{queue.open} values in {queue.papers} papers wait for a person. What next:",
        f"  {here} burden review",
        f"  {here} burden status",
        "  BURDEN_CONTACT=you@example.org burden crawl",
    )
    for line in lines:
        telling.note(line)
