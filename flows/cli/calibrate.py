"""`burden calibrate`: a new confidence model from what people decided, and from labels, unless it is worse than the present one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import PARTIAL, complain

if TYPE_CHECKING:
    from flows.calibration import Done


def calibrate(
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Labels of whole papers to learn from too, one JSON object a line."
        ),
    ] = None,
    papers: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with the files that the labels are about.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the report; by default in the data folder."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write the report and the model, but install nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes to read labelled papers with.")] = 2,
) -> None:
    """Fit the confidence model to what was judged, report on it, and install it unless it is worse."""
    from extractors.facts.errors import GateError, UsageError
    from flows.calibration import Labelled, read_labelled, run
    from flows.clock import SystemClock
    from flows.settings import load_settings

    if (labels is None) != (papers is None):
        raise UsageError(
            "labels and the files they are about go together", remedy="Give both --labels and --papers"
        )
    labelled = read_labelled(labels, papers, workers) if labels and papers else Labelled()
    for error in labelled.unread:
        complain(error)
    done = run(load_settings(), SystemClock(), labelled, out, install=not dry_run)
    sys.stdout.write(_as_json(done) if as_json else "\n".join(_lines(done)) + "\n")
    if done.calibration.refused:
        raise GateError(
            "the new confidence model is not installed: " + "; ".join(done.calibration.refused),
            remedy="Review more values, audits first",
        )
    if labelled.unread:
        raise typer.Exit(PARTIAL)


def _as_json(done: Done) -> str:
    from annotation.calibration.report import as_json

    said = {
        **as_json(done.calibration),
        "folder": str(done.folder),
        "files": list(done.files),
        "installed": done.installed,
        "papers_judged_anew": done.renewed,
    }
    return json.dumps(said, ensure_ascii=False, allow_nan=False) + "\n"


def _lines(done: Done) -> Iterator[str]:
    from annotation.calibration.report import groups_of

    found = done.calibration
    whole = found.comparison.whole
    yield f"{len(found.trial):,} judged values of {len(found.model.seen):,} papers."
    yield f"Brier score {whole.new:.4f}, of the present model {whole.present:.4f} (lower is better)."
    for name, group in groups_of(found).items():
        border, needed = group.verdict
        yield f"  {name:<20} skill {group.figures.skill:5.2f}, published unseen from: {border}, reviews needed: {needed}"
    yield f"The report is {done.folder / done.files[0]}."
    if done.installed:
        yield f"Model {found.model.version} ({found.model.sha256[:8]}) is installed; {done.renewed:,} papers were judged anew."
    elif not found.refused:
        yield "Nothing is installed."
