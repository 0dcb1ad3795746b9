"""`burden backfill`: the nightly crawl for days of the past, beside the nights."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from flows.cli.codes import PARTIAL
from flows.cli.operate import DAY


class DatedSource(StrEnum):
    """Where papers come from that have days."""

    arxiv = "arxiv"
    atom = "atom"
    bulk = "bulk"


def backfill(
    since: Annotated[
        datetime, typer.Option("--from", formats=DAY, metavar="DAY", help="First day, as 2023-01-01.")
    ],
    until: Annotated[
        datetime,
        typer.Option("--to", formats=DAY, metavar="DAY", help="Last day, included; at most yesterday."),
    ],
    source: Annotated[
        DatedSource,
        typer.Option(
            help="arxiv: what last changed on these days. atom: what was submitted or revised. bulk: what of a folder was submitted."
        ),
    ] = DatedSource.arxiv,
    folder: Annotated[
        str | None, typer.Option(metavar="DIR", help="The folder of bulk files, or s3://BUCKET/DIR.")
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Ask for the days once more, though they are done; to go on with that, too."
        ),
    ] = False,
) -> None:
    """Bring in what came on days of the past. The nights go on as before; the same command goes on where it was stopped."""
    from extractors.facts.errors import RepeatedRunError
    from flows.backfill import foresee, open_backfill
    from flows.night import Order
    from flows.prefect_home import prepare_prefect
    from flows.progress import on_terminal
    from flows.settings import load_settings

    settings, telling = load_settings(), on_terminal()
    order = Order(source.value, folder, since.date(), until.date(), again=again)
    try:
        # what can be known to be wrong is said before Prefect takes its time to start
        with open_backfill(settings, order) as planned:
            telling.note(foresee(planned))
    except RepeatedRunError as error:
        telling.note(f"Nothing to do: {error}")
        return
    telling.note("Starting Prefect, which takes 15 to 40 s.")
    prepare_prefect(settings)
    from flows.scheduled import run_backfill

    summary = run_backfill(order)
    if summary is not None and summary.outcome == "partial":
        raise typer.Exit(PARTIAL)
