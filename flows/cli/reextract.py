"""`burden reextract`: the extractor of now over stored papers, what it would change first, and then the change."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import PARTIAL

if TYPE_CHECKING:
    from db.differences import Differences
    from db.refresh import Change
    from flows.reextract import Rereading


def reextract(
    papers: Annotated[
        list[str] | None,
        typer.Option(
            "--papers",
            metavar="ID",
            help="Only this paper; give it once for each, or ids with commas between.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Store it without asking.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON object a line: each paper with its changes, then the sums.")
    ] = False,
) -> None:
    """Read stored papers with the extractor of now, tell what would change, and store it if you agree. Asks no network."""
    from extractors.facts.errors import UsageError
    from flows.progress import on_terminal
    from flows.reextract import compare, open_rereading, read, store
    from flows.settings import load_settings

    if dry_run and yes:
        raise UsageError("--dry-run and --yes say opposite things", remedy="Give one of them")
    wanted = [id for given in papers or () for id in given.replace(",", " ").split()]
    with open_rereading(load_settings(), wanted, telling=on_terminal()) as work:
        if not work.due and not as_json:
            sys.stdout.write(f"Nothing to do: {work.extractor} has read all stored papers that it can.\n")
            return
        read(work)
        found = compare(work, _told if as_json else _untold)
        is_due = found.papers > 0 and not dry_run
        if not as_json:
            sys.stdout.write(_as_text(work, found))
        is_stored = is_due and (yes or (not as_json and _agreed(found)))
        if is_stored:
            store(work)
        if as_json:
            _say({**found.as_json(), **_lost(work), "extractor": work.extractor, "stored": is_stored})
        elif found.papers:
            sys.stdout.write("Stored.\n" if is_stored else "Nothing was stored; --yes stores it.\n")
    if work.lost:
        raise typer.Exit(PARTIAL)


def _agreed(found: Differences) -> bool:
    """Whether a person at a terminal says yes; nobody else is asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Store the readings of {found.papers:,} papers?")


def _untold(_name: str, _changes: Sequence[Change]) -> None:
    """Changes are only summed up."""


def _told(name: str, changes: Sequence[Change]) -> None:
    from db.differences import change_as_json, kind_of

    _say({"paper": name, "changes": [change_as_json(one) for one in changes if kind_of(one)]})


def _say(plain: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(plain, ensure_ascii=False) + "\n")


def _lost(work: Rereading) -> dict[str, object]:
    return {
        "missing": list(work.missing),
        "unreadable": {name: str(work.lost[name]) for name in work.unreadable},
    }


def _as_text(work: Rereading, found: Differences) -> str:
    from flows.cli.differences_text import rendered

    return rendered(found, work.extractor, missing=work.missing, unreadable=work.unreadable)
