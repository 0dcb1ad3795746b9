"""`burden export` and `burden import`: review data on its way out, and back as decisions."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from flows.cli.codes import DONE, FAILED, PARTIAL
from flows.cli.queue import open_data

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from annotation.exchange.answers import Answer, Answers, Refusal
    from annotation.exchange.authors import AuthorAnswer
    from annotation.exchange.log import LogFile
    from annotation.session import Reviewer
    from db.cells import Judge
    from db.replay import Past, Replayed
    from db.tables import Look

export_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
import_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to; by default standard output.")
]
_Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="The first N of the queue; by default all.")
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
    from annotation.exchange.files import LARGEST_LOG, decode
    from annotation.exchange.log import read_log
    from flows.clock import SystemClock

    log = read_log(decode(_read(file, LARGEST_LOG), LARGEST_LOG))
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


# What waits, and its answers


@export_app.command("csv")
def export_csv(out: _Out = None, limit: _Limit = None) -> None:
    """What waits for a look as a spreadsheet: one row a value, with empty columns for decision, value and reason."""
    from annotation.exchange.questions import OpenQuestions
    from annotation.exchange.spreadsheet import write_sheet
    from db.engine import snapshot
    from flows.clock import SystemClock

    engine = open_data()
    judge = _judge(engine)
    with snapshot(engine) as session:
        # with a mark at its beginning, without which Excel takes the file for one of an older code page
        encoding = "utf-8-sig" if out is not None else "utf-8"
        questions = OpenQuestions(session, judge, limit)
        _write(out, write_sheet(questions, SystemClock().now()), encoding)
    engine.dispose()
    _tell_left_out(questions.left_out)


@import_app.command("csv")
def import_csv(file: _File, who: _Who = None, dry_run: _DryRun = False) -> None:
    """Take the decisions of a spreadsheet of `burden export csv` that people filled in."""
    from annotation.exchange.files import decode
    from annotation.exchange.spreadsheet import read_sheet

    answers = read_sheet(decode(_read(file)))
    engine = open_data()
    importer = _importer(engine, who)
    _give_all(engine, answers, lambda _: importer, "csv", dry_run=dry_run)


@export_app.command("label-studio")
def export_label_studio(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where tasks.json and labelling.xml go.")],
    limit: _Limit = None,
) -> None:
    """What waits for a look as tasks for Label Studio, with the labelling interface that they need."""
    from annotation.exchange.label_studio import write_config, write_tasks
    from annotation.exchange.questions import OpenQuestions
    from db.engine import snapshot
    from flows.clock import SystemClock

    engine = open_data()
    judge = _judge(engine)
    with snapshot(engine) as session:
        model = f"{judge.model.version} {judge.sha256[:12]}"
        questions = OpenQuestions(session, judge, limit)
        tasks = write_tasks(questions, model, SystemClock().now())
    engine.dispose()
    _make_folder(out)
    _write(out / "tasks.json", [tasks])
    _write(out / "labelling.xml", [write_config()])
    sys.stdout.write(f"tasks.json and labelling.xml are in {out}.\n")
    _tell_left_out(questions.left_out)


def _tell_left_out(waits: Mapping[Look, int]) -> None:
    """Say on standard error what waits and is not in the file."""
    papers = waits.get("unread", 0)
    values = sum(waits.values()) - papers
    if papers:
        sys.stderr.write(
            f"{papers:,} papers to be read as wholes are not in the file, in which nothing can be added: see burden review.\n"
        )
    if values:
        sys.stderr.write(
            f"{values:,} values are not in the file, for nothing is proposed for them any more: see burden review.\n"
        )


@import_app.command("label-studio")
def import_label_studio(
    file: _File,
    who: _Who = None,
    user: Annotated[
        list[str] | None,
        typer.Option(metavar="USER=NAME", help="Who a user of Label Studio (number or address) is here."),
    ] = None,
    dry_run: _DryRun = False,
) -> None:
    """Take the annotations of a project that Label Studio exported as JSON."""
    from annotation.exchange.files import decode
    from annotation.exchange.label_studio import read_annotations

    answers = read_annotations(decode(_read(file)))
    engine = open_data()
    importer = _importer(engine, who)
    people = _people(engine, answers, importer, user or [])
    _give_all(engine, answers, people.__getitem__, "label-studio", dry_run=dry_run)


def _people(engine: Engine, answers: Answers, importer: Reviewer, said: list[str]) -> dict[str, Reviewer]:
    """Who answered, by what the file calls them; a single one who is not named is who imports."""
    from db.annotators import annotator
    from db.engine import snapshot
    from extractors.facts.errors import UsageError

    named = dict(pair.rsplit("=", 1) for pair in said if "=" in pair)
    if len(named) != len(said):
        raise UsageError("--user says who is who", remedy="Write it as --user 3=ann, once for each")
    found = {answer.who for answer in answers.given}
    strangers = sorted(found - set(named))
    if strangers and len(found) > 1:
        raise UsageError(
            f"several people answered, and nothing says who {', '.join(strangers)} is",
            remedy="Say so with --user 3=ann, once for each",
        )
    with snapshot(engine) as session:
        known = {user: annotator(session, name) for user, name in named.items()}
    people = {user: replace(importer, name=one.name, senior=one.is_senior) for user, one in known.items()}
    return dict.fromkeys(strangers, importer) | people


# Authors


@export_app.command("authors")
def export_authors(
    papers: Annotated[list[str], typer.Argument(metavar="PAPER...", help="The papers, by their ids.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the pages and mails go.")],
) -> None:
    """What was read of papers, for their authors to confirm or correct: a page and a mail for each."""
    from annotation.exchange.authors import author_page
    from annotation.exchange.authors_html import write_page
    from annotation.exchange.authors_text import write_mail
    from db.engine import snapshot
    from extractors.facts.errors import UsageError
    from extractors.facts.ids import PaperId, slugify
    from flows.settings import load_settings

    engine, contact = open_data(), load_settings().contact
    with snapshot(engine) as session:
        pages = [author_page(session, PaperId(paper)) for paper in dict.fromkeys(papers)]
    engine.dispose()
    empty = [page.paper for page in pages if not page.groups]
    if empty:
        raise UsageError(f"nothing was read of {', '.join(empty)}")
    _make_folder(out)
    for page in pages:
        name = slugify(page.paper)
        _write(out / f"{name}.html", [write_page(page, contact)])
        _write(out / f"{name}.txt", [write_mail(page, contact)])
    sys.stdout.write(f"{len(pages):,} pages and as many mails are in {out}.\n")


@import_app.command("authors")
def import_authors(file: _File, who: _Who = None, dry_run: _DryRun = False) -> None:
    """Take the answers of a paper's authors: the file that their page saved, or the text of their mail."""
    from annotation.exchange.authors import give_author_answer
    from annotation.exchange.authors_text import read_answers
    from annotation.exchange.files import decode
    from annotation.safe_text import safe
    from flows.clock import SystemClock

    said = read_answers(decode(_read(file)))
    engine = open_data()
    importer, at = _importer(engine, who), SystemClock().now()

    def give(session: Session, answer: AuthorAnswer) -> bool:
        return give_author_answer(session, said, answer, importer, at)

    results = [_tried(engine, answer.place, give, answer, dry_run=dry_run) for answer in said.given]
    engine.dispose()
    if said.remarks:
        sys.stdout.write(f"The author remarks: {safe(said.remarks)}\n")
    raise typer.Exit(_tell(said.answers, results, dry_run=dry_run))


# Corrections


@import_app.command("corrections")
def import_corrections(file: _File, who: _Who = None, dry_run: _DryRun = False) -> None:
    """Take a file of corrections (YAML): all of it, or nothing where one of them does not fit."""
    from annotation.exchange.corrections import LARGEST, asked, read_corrections, take
    from annotation.exchange.files import decode
    from db.engine import session, snapshot
    from db.store import open_store
    from flows.citing import located_corrections
    from flows.clock import SystemClock
    from flows.settings import load_settings

    corrections, refused = read_corrections(decode(_read(file, LARGEST), LARGEST))
    taken: list[bool] = []
    engine = open_data()
    importer = _importer(engine, who)
    if not refused:
        with snapshot(engine) as opened:
            cited, nowhere = asked(opened, corrections)
        settings = load_settings()
        places, elsewhere = located_corrections(settings, open_store(settings.store), cited)
        lost = {one.place for one in (*nowhere, *elsewhere)}
        with session(engine) as opened:
            nested = opened.begin_nested()
            fitting = [one for one in corrections if one.place not in lost]
            taken, wrong = take(opened, fitting, importer, SystemClock().now(), places)
            refused = (*nowhere, *elsewhere, *wrong)
            if refused or dry_run:
                nested.rollback()
    engine.dispose()
    _complain((f"{one.place}: {one.what}" for one in refused), len(refused))
    if refused:
        sys.stdout.write("Nothing was imported: some corrections do not fit.\n")
        raise typer.Exit(FAILED)
    would = "would be" if dry_run else "were"
    sys.stdout.write(
        f"{taken.count(True):,} corrections {would} imported, {taken.count(False):,} are here already.\n"
    )


# Giving answers

_Answer = TypeVar("_Answer")


def _give_all(
    engine: Engine, answers: Answers, person: Callable[[str], Reviewer], source: str, *, dry_run: bool
) -> NoReturn:
    """Write answers to the log, each in a transaction of its own, and end the command."""
    from annotation.exchange.answers import give
    from flows.clock import SystemClock

    at = SystemClock().now()

    def one(session: Session, answer: Answer) -> bool:
        return give(session, answer, person(answer.who), source, at)

    results = [_tried(engine, answer.place, one, answer, dry_run=dry_run) for answer in answers.given]
    engine.dispose()
    raise typer.Exit(_tell(answers, results, dry_run=dry_run))


def _tried(
    engine: Engine, place: str, give: Callable[[Session, _Answer], bool], answer: _Answer, *, dry_run: bool
) -> bool | Refusal:
    """Whether an answer is new, or why it is refused."""
    from annotation.exchange.answers import Refusal
    from db.engine import session
    from extractors.facts.errors import ConflictError, ParseError, UsageError

    try:
        with session(engine) as opened:
            nested = opened.begin_nested()
            new = give(opened, answer)
            if dry_run:
                nested.rollback()
    except (ConflictError, ParseError, UsageError) as error:
        return Refusal(place, str(error))
    return new


def _tell(answers: Answers, results: list[bool | Refusal], *, dry_run: bool) -> int:
    """Say what became of a file, and list what was refused; the command's exit code."""
    refused = [*answers.refused, *(result for result in results if not isinstance(result, bool))]
    new, known = results.count(True), results.count(False)
    would = "would be" if dry_run else "were"
    sys.stdout.write(
        f"{new:,} answers {would} imported, {known:,} are here already, {len(refused):,} {would} refused,"
        f" {answers.blank:,} are blank.\n"
    )
    _complain((f"{one.place}: {one.what}" for one in refused), len(refused))
    return PARTIAL if refused else DONE


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


def _read(file: Path, largest: int | None = None) -> bytes:
    """A file's bytes; of one that is far too large no more than shows that it is."""
    from annotation.exchange.files import LARGEST
    from extractors.facts.errors import UsageError

    try:
        with file.open("rb") as opened:
            return opened.read((largest or LARGEST) + 1)
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


def _make_folder(folder: Path) -> None:
    from extractors.facts.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder cannot be made: {error.strerror}", where=str(folder)) from error


def _complain(lines: Iterable[str], number: int) -> None:
    """List on standard error what was not imported."""
    from annotation.safe_text import safe

    if number:
        sys.stderr.writelines(f"burden: {safe(line)}\n" for line in lines)
