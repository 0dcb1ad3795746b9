"""The root of the command line: registers the commands and turns errors into sentences and exit codes."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

from extractors.facts.errors import BurdenError
from flows.cli import analyze, operate, read, release, review
from flows.cli.codes import INTERRUPTED

app = typer.Typer(
    name="burden",
    help="Reads the deep-learning literature for what it costs, every night.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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


app.command()(operate.quickstart)
app.command()(operate.crawl)
app.command()(operate.serve)
app.command()(operate.status)
app.command()(read.read)
app.command()(read.extract)
app.command()(review.queue)
app.command()(review.review)
app.add_typer(release.app, name="release")
app.command()(analyze.analyze)
app.command()(analyze.reproduce)


def main() -> None:
    """Run `burden`; never shows a traceback for an error that was raised on purpose."""
    try:
        app()
    except BurdenError as error:
        sys.stderr.write(f"burden: {error}\n")
        raise SystemExit(error.exit_code) from error
    except KeyboardInterrupt:
        sys.stderr.write("burden: stopped; what was finished is kept.\n")
        raise SystemExit(INTERRUPTED) from None
