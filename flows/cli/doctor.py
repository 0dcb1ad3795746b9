"""`burden doctor`: whether the installation is sound."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import FAILED, PARTIAL

if TYPE_CHECKING:
    from flows.doctor.checks import Examination


def doctor(
    mend: Annotated[
        bool,
        typer.Option(
            "--mend",
            help="Remove files that no row tells of, let lost ones be fetched again, and make stale cells anew.",
        ),
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Look at all papers and files instead of a sample.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no service.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Check settings, database, store, disk, clock, services and installed versions; exit 1 where something is wrong.

    With --mend, 3 says that something was mended and something else is still wrong.
    """
    from flows.clock import SystemClock
    from flows.doctor.examine import Asked, examine
    from flows.settings import load_settings

    found = examine(load_settings, Asked(every, mend, offline), SystemClock())
    sys.stdout.write(json.dumps(found.as_json(), indent=2) + "\n" if as_json else render(found))
    if found.outcome == "fail":
        raise typer.Exit(PARTIAL if found.mended else FAILED)


def render(found: Examination) -> str:
    """An examination as lines for a person: what was mended, then each check, with what to do where it is not well."""
    from annotation.safe_text import safe

    width = max(len(check.name) for check in found.checks)
    lines = [f"mended   {safe(sentence)}" for sentence in found.mended]
    for check in found.checks:
        lines.append(f"{check.outcome:<7}  {safe(check.name):<{width}}  {safe(check.what)}")
        if check.remedy and check.outcome != "ok":
            lines.append(f"{'':<7}  {'':<{width}}  {safe(check.remedy)}.")
    return "".join(f"{line}\n" for line in lines)
