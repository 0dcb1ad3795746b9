"""`burden annotators`: who may review."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from db.annotators import Annotator

app = typer.Typer(name="annotators", help="Who may review.", invoke_without_command=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="As the log is to call them.")]


@app.callback()
def listed(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Who may review, and who once did; `add` and `retire` change it."""
    if context.invoked_subcommand:
        return
    from db.annotators import annotators
    from db.engine import snapshot

    engine = open_data()
    with snapshot(engine) as opened:
        found = annotators(opened)
    engine.dispose()
    if as_json:
        sys.stdout.write(json.dumps({"annotators": list(map(_object, found))}, indent=2) + "\n")
    elif found:
        sys.stdout.write("".join(f"{_line(someone)}\n" for someone in found))
    else:
        sys.stdout.write("Nobody may review yet: burden annotators add NAME lets somebody.\n")


@app.command()
def add(
    name: Name,
    senior: Annotated[
        bool, typer.Option("--senior", help="They also decide what others flagged, and take back for others.")
    ] = False,
) -> None:
    """Let somebody review; again to change what they may, or to call them back."""
    from db.annotators import add_annotator
    from db.engine import session
    from flows.clock import SystemClock

    engine = open_data()
    with session(engine) as opened:
        added = add_annotator(opened, name, "senior" if senior else "annotator", SystemClock().now())
    engine.dispose()
    sys.stdout.write(f"{_line(added)}\n")


@app.command()
def retire(name: Name) -> None:
    """Let somebody review no longer; what they decided stays."""
    from db.annotators import retire_annotator
    from db.engine import session
    from flows.clock import SystemClock

    engine = open_data()
    with session(engine) as opened:
        retired = retire_annotator(opened, name, SystemClock().now())
    engine.dispose()
    sys.stdout.write(f"{_line(retired)}\n")


def _line(someone: Annotator) -> str:
    since = f"since {someone.added_at:%Y-%m-%d}"
    until = f", until {someone.retired_at:%Y-%m-%d}" if someone.retired_at else ""
    return f"{someone.name}  {someone.role} {since}{until}"


def _object(someone: Annotator) -> dict[str, object]:
    return {
        "name": someone.name,
        "role": someone.role,
        "added_at": someone.added_at.isoformat(),
        "retired_at": someone.retired_at.isoformat() if someone.retired_at else None,
    }
