"""The root of the command line: registers the commands and turns errors into sentences and exit codes."""

from __future__ import annotations

import errno
import sys
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from extractors.facts.errors import BurdenError
from flows.cli import (
    add,
    agreement,
    alarms,
    analyze,
    annotators,
    backfill,
    calibrate,
    decisions,
    doctor,
    edit,
    exchange,
    explain,
    operate,
    paper,
    picture,
    queue,
    read,
    reextract,
    release,
    review,
    scores,
    screen,
)
from flows.cli.codes import FAILED, INTERRUPTED, complain, silence

app = typer.Typer(
    name="burden",
    help="Reads the deep-learning literature for what it costs, every night.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FULL = "there is no room left for what this command writes; what was finished is kept"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"burden {installed_version('burden')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Reads the deep-learning literature for what it costs, every night."""


def _review() -> typer.Typer:
    """`burden review`: a session without a further word, else a single command."""
    made = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
    made.callback()(review.review)
    decisions.register(made)
    made.command()(picture.picture)
    return made


app.command()(operate.quickstart)
app.command()(operate.crawl)
app.command()(operate.serve)
app.command()(backfill.backfill)
app.command()(reextract.reextract)
app.command()(add.add)
app.command()(operate.status)
app.command()(screen.screen)
app.command()(doctor.doctor)
app.add_typer(alarms.alarms_app, name="alarms")
app.add_typer(alarms.failures_app, name="failures")
app.command()(read.read)
app.command()(read.extract)
app.command()(explain.explain)
app.command()(scores.scores)
app.command()(queue.queue)
app.add_typer(_review(), name="review")
app.command()(review.adjudicate)
app.add_typer(annotators.app, name="annotators")
app.add_typer(exchange.export_app, name="export")
app.add_typer(exchange.import_app, name="import")
app.command()(agreement.agreement)
app.command()(paper.paper)
app.add_typer(edit.app, name="edit")
app.command()(calibrate.calibrate)
app.add_typer(release.app, name="release")
app.command()(analyze.analyze)
app.command()(analyze.reproduce)


def main() -> None:
    """Run `burden`; never shows a traceback for an error that was raised on purpose."""
    try:
        app()
    except BurdenError as error:
        complain(error)
        raise SystemExit(error.exit_code) from error
    except SystemExit as ended:  # so Typer makes of Ctrl-C, without a word
        if ended.code == INTERRUPTED:
            sys.stderr.write("burden: stopped; what was finished is kept.\n")
        raise
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        silence(sys.stdout)
        where = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(f"burden: {_FULL}{where}. Make room and run the command again.\n")
        raise SystemExit(FAILED) from error
