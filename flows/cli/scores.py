"""`burden scores`: the benchmark scores of papers as tables that a person can check against the pages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import typer

from flows.cli.codes import PARTIAL, complain
from flows.cli.read import Files, Memory, Timeout, Workers


def scores(files: Files, workers: Workers = 2, timeout: Timeout = 300.0, memory: Memory = 1024) -> None:
    """Print the papers' own benchmark scores table by table, as they stand on the pages; a star marks the best of each kind."""
    from extractors.confidence import default_model
    from extractors.guide import to_guide
    from extractors.promise import Promise
    from flows.cli.scoresheet import render_scores
    from flows.workers import FailedPaper, Job, read_many

    jobs = [Job(str(path), path) for path in files]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    unreadable, shown = 0, 0
    for job, outcome in read_many(jobs, workers=min(workers, len(jobs)), timeout=timeout, memory=memory):
        if isinstance(outcome, FailedPaper):
            unreadable += 1
            complain(outcome.error)
        else:
            found = to_guide(outcome, Path(job.subject).name, default_model(), Promise())
            sys.stdout.write("\n" * bool(shown) + render_scores(found, width))
            shown += 1
            sys.stdout.flush()
    if unreadable:
        raise typer.Exit(PARTIAL)
