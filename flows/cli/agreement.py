"""`burden agreement`: how far annotators say the same, how quick they are, how right the machine is, who was corrected."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from annotation.agreement.report import Report


def agreement(
    field: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Of this field only (run.count), or of a family (training)."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="What was answered from this day on (UTC)."),
    ] = None,
    who: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="What concerns this person: how they were corrected."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    table: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Also write all figures of agreement as a table."),
    ] = None,
) -> None:
    """Report how far annotators agree, how quick they are, how right the machine is, and who was corrected."""
    from annotation.agreement.report import Wanted, report_of
    from annotation.agreement.report import as_json as plain
    from db.audit import audit_answers
    from db.engine import snapshot
    from db.log import history
    from extractors.facts.fields import fields_meant

    start = since.replace(tzinfo=UTC) if since else None
    wanted = Wanted(fields_meant(field) if field else (), start, who)
    engine = open_data()
    with snapshot(engine) as session:
        said, audits = history(session), audit_answers(session)
        entries = [one for one in said if not one.envelope.is_repeated]
    engine.dispose()
    report = report_of(entries, audits, wanted)
    if table is not None:
        _write_table(report, table)
    if as_json:
        sys.stdout.write(json.dumps(plain(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _print(report)


def _write_table(report: Report, path: Path) -> None:
    from annotation.agreement.report import rows
    from extractors.facts.errors import UsageError

    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(report))
    except OSError as error:
        raise UsageError(
            f"the table cannot be written: {error.strerror}", where=str(path), remedy="Name another file"
        ) from error


def _print(report: Report) -> None:
    from rich.console import Console

    from flows.cli.agreement_text import told

    console = Console(markup=False, emoji=False, highlight=False)
    for part in told(report):
        console.print(part)
