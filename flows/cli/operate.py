"""`burden crawl`, `serve`, `status` and `quickstart`: what an operator does."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.codes import PARTIAL


class SourceChoice(StrEnum):
    """Where papers come from."""

    arxiv = "arxiv"
    atom = "atom"
    bulk = "bulk"
    folder = "folder"


DAY = ["%Y-%m-%d"]


def crawl(
    since: Annotated[
        datetime | None,
        typer.Option(formats=DAY, help="First day; by default a week before the last crawl."),
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help="Last day; by default today.")] = None,
    source: Annotated[SourceChoice, typer.Option(help="Where papers come from.")] = SourceChoice.arxiv,
    folder: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="The folder of PDFs and HTML, or of bulk files; of these also s3://BUCKET/DIR.",
        ),
    ] = None,
) -> None:
    """Run one night now: harvest, screen, fetch and read, fall back, route, summarise."""
    from flows.night import Order, open_night
    from flows.prefect_home import prepare_prefect
    from flows.progress import on_terminal
    from flows.settings import load_settings

    settings = load_settings()
    order = Order(source.value, folder, since.date() if since else None, until.date() if until else None)
    with open_night(
        settings, order
    ):  # what can be known to be wrong is said before Prefect takes its time to start
        pass
    on_terminal().note("Starting Prefect, which takes 15 to 40 s.")
    prepare_prefect(settings)
    from flows.nightly import run_nightly

    summary = run_nightly(order)
    if summary.outcome == "partial":
        raise typer.Exit(PARTIAL)


def serve(
    cron: Annotated[
        str | None, typer.Option(help="When to run, in UTC, as five parts; by default the setting.")
    ] = None,
) -> None:
    """Run the night on a schedule until stopped."""
    from flows import serve as serving
    from flows.night import Order, open_night
    from flows.progress import on_terminal
    from flows.settings import load_settings

    settings = load_settings()
    with open_night(settings, Order()):  # so that a setting that is wrong is said now, not in the first night
        pass
    serving.serve(settings, cron or settings.cron, on_terminal())


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Show papers, cells, the queue, the last run and what failed."""
    from flows.settings import load_settings
    from flows.status import Status, render, status_of

    found: Status = status_of(load_settings())
    width = min(shutil.get_terminal_size().columns, 120) if sys.stdout.isatty() else 100
    sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n" if as_json else render(found, width))


def quickstart(
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Where to put everything; by default the data folder."),
    ] = None,
) -> None:
    """See the whole service at work on sample papers, without a network."""
    from flows.quickstart import quickstart as start
    from flows.settings import load_settings

    start(folder or load_settings().data_dir / "quickstart")
