"""`burden extract`: papers from files to JSON, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.codes import PARTIAL


def extract(
    pdfs: Annotated[list[Path], typer.Argument(metavar="PDF...", help="Papers to read, as PDF files.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per paper and line on standard output.")
    ] = False,
    rejected: Annotated[
        bool, typer.Option("--all", help="Also values below the floor of confidence.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes to read with.")] = 2,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one paper may take.")] = 300.0,
    memory: Annotated[
        int, typer.Option(min=256, help="Megabytes that each process may use (Linux only).")
    ] = 1024,
) -> None:
    """Read papers and print the hardware, times, sizes and scores they report."""
    from extractors.confidence import Promise, default_model
    from extractors.guide import to_guide
    from flows.cli.text import render_paper
    from flows.workers import FailedPaper, Job, read_many

    jobs = [Job(str(path), path) for path in pdfs]
    unreadable = 0
    for job, outcome in read_many(jobs, workers=min(workers, len(jobs)), timeout=timeout, memory=memory):
        name = Path(job.subject).name
        if isinstance(outcome, FailedPaper):
            unreadable += 1
            found: dict[str, object] = {"file": name, "error": str(outcome.error)}
            sys.stderr.write(f"burden: {outcome.error}\n")
        else:
            found = to_guide(outcome, name, default_model(), Promise(), rejected=rejected)
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n" if as_json else render_paper(found))
        sys.stdout.flush()
    if unreadable:
        raise typer.Exit(PARTIAL)
