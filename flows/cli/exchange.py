"""`burden export` and `burden import`: review data on its way out, and back as decisions."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import DONE, PARTIAL
from flows.cli.queue import open_data

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from annotation.exchange.log import LogFile
    from annotation.session import Reviewer
    from db.cells import Judge
    from db.replay import Past, Replayed

export_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
import_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to; by default standard output.")
]
_File = Annotated[Path, typer.Argument(metavar="FILE", help="What came back.")]
_Who = Annotated[
    str | None,
    typer.Option("--as", metavar="NAME", help="Who imports; by default BURDEN_ANNOTATOR, or else you."),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")]


@export_app.callback()
def export() -> None:
    """Write the review log, or what waits for a look, for use elsewhere."""


@import_app.callback()
def bring_back() -> None:
    """Take decisions made elsewhere into the review log; what does not fit is listed and left out."""


# The log


@export_app.command("log")
def export_log(out: _Out = None) -> None:
    """All that was ever said of cells, by whom, with what was before and after, as JSON lines."""
    from annotation.exchange.log import write_log
    from db.engine import snapshot

    engine = open_data()
    judge = _judge(engine)
    with snapshot(engine) as session:
        _write(out, (f"{line}\n" for line in write_log(session, judge)))
    engine.dispose()


@import_app.command("log")
def import_log(file: _File, who: _Who = None, dry_run: _DryRun = False) -> None:
    """Replay a review log of `burden export log`: a paper as a whole, or not at all."""
    from annotation.exchange.files import decode
    from annotation.exchange.log import read_log
    from flows.clock import SystemClock

    log = read_log(decode(_read(file)))
    if log.wrong:
        _complain((f"line {line.number}: {line.what}" for line in log.wrong), len(log.wrong))
        sys.stdout.write("Nothing was imported: some lines cannot be read.\n")
        raise typer.Exit(1)
    engine = open_data()
    judge, at = _importer(engine, who, senior=True).judge, SystemClock().now()
    done = [_replay(engine, past, judge, at, dry_run=dry_run) for past in log.papers]
    engine.dispose()
    sys.stdout.write(_replayed_text(done, dry_run=dry_run))
    raise typer.Exit(_list_clashes(log, done))


def _replay(engine: Engine, past: Past, judge: Judge, at: datetime, *, dry_run: bool) -> Replayed:
    from db.engine import session
    from db.replay import replay

    with session(engine) as opened:
        nested = opened.begin_nested()
        done = replay(opened, past, judge, at)
        if dry_run:
            nested.rollback()
    return done


def _replayed_text(done: list[Replayed], *, dry_run: bool) -> str:
    new, known = sum(paper.new for paper in done), sum(paper.known for paper in done)
    left = sum(bool(paper.clashes) for paper in done)
    would = "would be" if dry_run else "were"
    said = f"{new:,} entries {would} imported, {known:,} are here already"
    return f"{said}; {left:,} of {len(done):,} papers {would} left as they are.\n" if left else f"{said}.\n"


def _list_clashes(log: LogFile, done: list[Replayed]) -> int:
    clashes = [clash for paper in done for clash in paper.clashes]
    _complain((f"line {log.numbers[clash.seq]}: {clash.what}" for clash in clashes), len(clashes))
    return PARTIAL if clashes else DONE


# What all have in common


def _importer(engine: Engine, who: str | None, *, senior: bool = False) -> Reviewer:
    """Who imports; a log, in which others speak, only a senior."""
    from annotation.session import Reviewer
    from db.engine import snapshot
    from db.models import judge_of
    from extractors.facts.errors import UsageError
    from flows.identity import identify
    from flows.settings import load_settings

    settings = load_settings()
    with snapshot(engine) as session:
        someone = identify(session, settings, who)
        judge = judge_of(session, settings.promise, settings.policy)
    if senior and not someone.is_senior:
        raise UsageError(
            f"{someone.name} is no senior, and a log speaks for other people",
            remedy="Let a senior import it, with --as NAME",
        )
    return Reviewer(someone.name, judge, someone.is_senior)


def _judge(engine: Engine) -> Judge:
    from db.engine import snapshot
    from db.models import judge_of
    from flows.settings import load_settings

    settings = load_settings()
    with snapshot(engine) as session:
        return judge_of(session, settings.promise, settings.policy)


def _read(file: Path) -> bytes:
    """A file's bytes; one that is far too large is not read."""
    from annotation.exchange.files import LARGEST
    from extractors.facts.errors import UsageError

    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror}", where=str(file)) from error


def _write(out: Path | None, parts: Iterable[str], encoding: str = "utf-8") -> None:
    """Write text to a file, which is there as a whole or not at all, or to standard output."""
    from extractors.facts.errors import UsageError

    if out is None:
        sys.stdout.writelines(parts)
        return
    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("w", encoding=encoding, newline="") as opened:
            opened.writelines(parts)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise
        raise UsageError(f"the file cannot be written: {error.strerror}", where=str(out)) from error


def _complain(lines: Iterable[str], number: int) -> None:
    """List on standard error what was not imported."""
    from annotation.safe_text import safe

    if number:
        sys.stderr.writelines(f"burden: {safe(line)}\n" for line in lines)
