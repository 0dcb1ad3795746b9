"""`burden alarms` and `burden failures`: what is red, and saying that somebody has seen it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from datetime import datetime

    from db.alarms import KeptAlarm
    from db.tables import FailureRow

alarms_app = typer.Typer(name="alarms", invoke_without_command=True, rich_markup_mode=None)
failures_app = typer.Typer(name="failures", invoke_without_command=True, rich_markup_mode=None)

Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="As the list has them.")]
Who = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Who has seen it; by default your account.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@alarms_app.callback()
def alarms(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that somebody has seen too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the alarms that nobody has seen; `acknowledge` says that somebody has."""
    if context.invoked_subcommand:
        return
    from pydantic import TypeAdapter

    from db.alarms import all_alarms, open_alarms
    from db.engine import snapshot

    engine = open_data(is_there=True)
    with snapshot(engine) as opened:
        known = all_alarms(opened)
        found = known if every else open_alarms(opened)
    engine.dispose()
    if as_json:
        plain = TypeAdapter(object).dump_python({"alarms": found}, mode="json")
        sys.stdout.write(json.dumps(plain, indent=2) + "\n")
    else:
        lasting = sum(alarm.ended_at is None for alarm in known)
        none = f"No alarm that nobody has seen; {lasting} that somebody has seen last still: burden alarms --all\n"
        none = none if lasting else "No alarms.\n"
        sys.stdout.write("".join(f"{alarm_line(alarm)}\n" for alarm in found) or none)


@alarms_app.command("acknowledge")
def acknowledge_alarms(ids: Ids, who: Who = None) -> None:
    """Say that you have seen alarms; while they last they say nothing more."""
    from db.alarms import acknowledge_alarm
    from db.engine import session
    from flows.clock import SystemClock

    engine, name, now = open_data(is_there=True), _name(who), SystemClock().now()
    with session(engine) as opened:
        seen = [acknowledge_alarm(opened, id, name, now) for id in ids]
    engine.dispose()
    sys.stdout.write("".join(f"{alarm_line(alarm)}\n" for alarm in seen))


@failures_app.callback()
def failures(context: typer.Context, as_json: AsJson = False) -> None:
    """List what failed, and no later try has mended or somebody seen; `acknowledge` says that somebody has."""
    if context.invoked_subcommand:
        return
    from db.engine import snapshot
    from db.runs import open_failures

    engine = open_data(is_there=True)
    with snapshot(engine) as opened:
        found = open_failures(opened)
        lines = [_failure_line(row) for row in found]
        plain = [row.model_dump(mode="json") for row in found]
    engine.dispose()
    if as_json:
        sys.stdout.write(json.dumps({"failures": plain}, indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines) or "No failures.\n")


@failures_app.command("acknowledge")
def acknowledge_failures(ids: Ids, who: Who = None) -> None:
    """Say that you have seen failures; what was given up after several tries is tried again."""
    from db.engine import session
    from db.runs import acknowledge_failure
    from flows.clock import SystemClock

    engine, name, now = open_data(is_there=True), _name(who), SystemClock().now()
    with session(engine) as opened:
        for id in ids:
            acknowledge_failure(opened, id, name, now)
    engine.dispose()
    sys.stdout.write(f"{len(ids)} seen by {name}.\n")


def _name(said: str | None) -> str:
    from flows.identity import login
    from flows.settings import load_settings

    return said or load_settings().annotator or login()


def alarm_line(alarm: KeptAlarm) -> str:
    """An alarm in one line."""
    from annotation.safe_text import safe

    lasts = f"{alarm.nights} nights" if alarm.nights > 1 else "1 night"
    state = f"{lasts}, over since {_day(alarm.ended_at)}" if alarm.ended_at else lasts
    seen = f", seen by {safe(alarm.acknowledged_by)}" if alarm.acknowledged_by else ""
    return f"{alarm.id:>4}  {_day(alarm.raised_at)}  {alarm.kind}: {safe(alarm.message)} ({state}{seen})"


def _failure_line(row: FailureRow) -> str:
    from annotation.safe_text import safe

    tries = f"{row.tries} tries" if row.tries > 1 else "1 try"
    return f"{row.id:>4}  {_day(row.last_at)}  {safe(row.subject)}, {safe(row.stage)}: {safe(row.reason)} ({tries})"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
