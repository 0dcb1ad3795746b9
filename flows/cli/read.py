"""`burden read` and `burden extract`: papers from files to what the machine saw and found, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import PARTIAL, complain

if TYPE_CHECKING:
    from extractors.documents.model import Document
    from extractors.facts.errors import BurdenError
    from flows.workers import Job, Work

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Papers to read, as PDF or HTML files.")]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object per paper and line on standard output.")
]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes to read with.")]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds that one paper may take.")]
Memory = Annotated[int, typer.Option(min=256, help="Megabytes that each process may use (Linux only).")]


def extract(
    files: Files,
    as_json: AsJson = False,
    rejected: Annotated[
        bool, typer.Option("--all", help="Also values below the floor of confidence, and what was set aside.")
    ] = False,
    workers: Workers = 2,
    timeout: Timeout = 300.0,
    memory: Memory = 1024,
) -> None:
    """Read papers and print the hardware, times, sizes and scores they report."""
    from extractors.confidence import default_model
    from extractors.guide import to_guide
    from extractors.promise import Promise
    from flows.cli.text import render_paper
    from flows.workers import FailedPaper, Job, read_many

    jobs = [Job(str(path), path) for path in files]
    unreadable = 0
    for job, outcome in read_many(jobs, workers=min(workers, len(jobs)), timeout=timeout, memory=memory):
        name = Path(job.subject).name
        if isinstance(outcome, FailedPaper):
            unreadable += 1
            found: dict[str, object] = {"file": name, "error": str(outcome.error)}
            complain(outcome.error)
        else:
            found = to_guide(outcome, name, default_model(), Promise(), rejected=rejected)
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n" if as_json else render_paper(found))
        sys.stdout.flush()
    if unreadable:
        raise typer.Exit(PARTIAL)


def read(
    files: Files,
    as_json: AsJson = False,
    tables: Annotated[
        bool, typer.Option("--tables", help="The tables alone, without the running text.")
    ] = False,
    draw: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Also write a picture of each page to DIR, with columns, captions, notes and table cells outlined.",
        ),
    ] = None,
    workers: Workers = 2,
    timeout: Timeout = 300.0,
    memory: Memory = 1024,
) -> None:
    """Print papers as the machine sees them: text with its structure, and tables as grids."""
    from flows.workers import FailedPaper, Job, run_many

    jobs = [Job(str(path), path) for path in files]
    if draw is not None:
        _prepare(draw, files)
    load = partial(_shower, as_json=as_json, tables=tables, folder=draw)
    unreadable = 0
    for job, outcome in run_many(load, jobs, workers=min(workers, len(jobs)), timeout=timeout, memory=memory):
        if isinstance(outcome, FailedPaper):
            unreadable += 1
            complain(outcome.error)
            sys.stdout.write(_failed(job, outcome.error) if as_json else "")
        else:
            sys.stdout.write(outcome)
        sys.stdout.flush()
    if unreadable:
        raise typer.Exit(PARTIAL)


def _shower(*, as_json: bool, tables: bool, folder: Path | None) -> Work[str]:
    """What to print of one paper; run in a worker, which also draws its pages."""
    from annotation.safe_text import safe
    from extractors.documents.media import read_document
    from extractors.documents.plain import as_object, text_lines

    def shown(job: Job, data: bytes) -> str:
        document, name = read_document(data), Path(job.subject).name
        if folder is not None:
            _draw(data, document, folder, Path(name).stem)
        if as_json:
            found = {"file": name, **as_object(document, tables_only=tables)}
            return json.dumps(found, ensure_ascii=False) + "\n"
        lines = (f"== {name}", *text_lines(document, tables_only=tables), "")
        return "".join(f"{safe(line, longest=None)}\n" for line in lines)

    return shown


def _prepare(folder: Path, files: Sequence[Path]) -> None:
    """Make the folder for pictures, which are called after their files."""
    from extractors.facts.errors import UsageError

    if len({path.stem for path in files}) < len(files):
        raise UsageError("two of the files have one name", remedy="Draw them into different folders")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"no pictures can be written: {error.strerror}", where=str(folder)) from error


def _draw(data: bytes, document: Document, folder: Path, stem: str) -> None:
    from extractors.documents.draw import draw, outline
    from extractors.facts.errors import StoreError

    frames = outline(document)
    for page in document.pages:
        if not page.width:
            continue
        picture, file = draw(data, page.number, frames), folder / f"{stem}-{page.number:03}.png"
        try:
            file.write_bytes(picture)
        except OSError as error:
            raise StoreError(
                f"a picture cannot be written: {error.strerror}",
                where=str(file),
                remedy="Check that the folder is writable and has room",
            ) from error


def _failed(job: Job, error: BurdenError) -> str:
    return json.dumps({"file": Path(job.subject).name, "error": str(error)}, ensure_ascii=False) + "\n"
