"""`burden release list`, `yank` and `unyank`: which releases there are, and which were taken back."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.release_diff import Releases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from db.dataset.catalogue import Listed

_Version = Annotated[str, typer.Argument(metavar="VERSION", help="As burden release list tells it.")]

_Places = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="PLACE", help="List it so in a folder or bucket too; may be repeated."),
]


def listing(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a release.")] = False,
) -> None:
    """List the releases that the database knows, the newest first, and which were taken back and why."""
    from db.dataset.formats.sink import text
    from db.dataset.recorded import recorded
    from db.engine import snapshot
    from flows.night import present_database
    from flows.settings import load_settings

    with present_database(load_settings()) as engine, snapshot(engine) as session:
        found = tuple(recorded(session))
    if as_json:
        sys.stdout.writelines(
            f"{json.dumps(asdict(one), ensure_ascii=False, default=text)}\n" for one in found
        )
        return
    sys.stdout.writelines(_line(one) for one in found)
    if not found:
        sys.stdout.write("There is no release yet: burden release build makes one.\n")


def yank(
    version: _Version,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for those who built on it.")],
    to: _Places = None,
    within: Releases = None,
) -> None:
    """Take a release back: it stays where it is and stays listed, with the reason."""
    from db.dataset.recorded import yank as take_back
    from db.engine import session
    from flows.clock import SystemClock
    from flows.night import present_database
    from flows.settings import load_settings

    settings = load_settings()
    with present_database(settings) as engine:
        _refuse_unlisted(version, to or ())
        with session(engine) as opened:
            take_back(opened, version, reason, SystemClock().now())
        _write(engine, within or settings.releases, version, to or ())
    sys.stdout.write(f"Release {version} is yanked: it stays listed, with the reason.\n")


def unyank(version: _Version, to: _Places = None, within: Releases = None) -> None:
    """Let a release count again that was taken back."""
    from db.dataset.recorded import unyank as let_count
    from db.engine import session
    from extractors.facts.errors import UsageError
    from flows.night import present_database
    from flows.settings import load_settings

    settings = load_settings()
    with present_database(settings) as engine:
        _refuse_unlisted(version, to or ())
        try:
            with session(engine) as opened:
                let_count(opened, version)
        except UsageError:
            if not _is_listed_yanked(version, (within or settings.releases, *(to or ()))):
                raise  # else a list could not be written when it was last said
        _write(engine, within or settings.releases, version, to or ())
    sys.stdout.write(f"Release {version} counts again.\n")


def _refuse_unlisted(version: str, places: Sequence[str]) -> None:
    """Refuse a place that does not list the release before anything is changed anywhere."""
    from db.dataset.places import place_of
    from extractors.facts.errors import UsageError

    for place in map(place_of, places):
        if place.catalogue().find(version) is None:
            raise UsageError(
                f"release {version} is not listed there, and nothing was changed",
                where=place.name,
                remedy="Name the places that it was published in with --to",
            )


def _is_listed_yanked(version: str, places: Sequence[str | Path]) -> bool:
    from db.dataset.places import place_of

    found = (place_of(place).catalogue().find(version) for place in places)
    return any(one is not None and one.yanked for one in found)


def _write(engine: Engine, releases: Path, version: str, places: Sequence[str]) -> None:
    """Say in the catalogues what the database says by now; where one cannot be written, the command is to be given again."""
    from extractors.facts.errors import BurdenError

    try:
        _write_lists(engine, releases, version, places)
    except BurdenError as error:
        raise type(error)(
            f"the database says so now, but a list does not: {error.what}",
            where=error.where,
            remedy="Mend that, and give the command again",
        ) from error


def _write_lists(engine: Engine, releases: Path, version: str, places: Sequence[str]) -> None:
    from db.dataset.places import place_of
    from db.dataset.recorded import recorded, write_catalogue
    from db.engine import snapshot

    with snapshot(engine) as opened:
        found = recorded(opened)
    write_catalogue(found, releases)
    one = found.find(version)
    for place in places:
        place_of(place).amend(
            lambda there: (
                there.with_yanked(version, one.reason)
                if one is not None and one.yanked
                else there.without_yank(version)
            )
        )


def _line(one: Listed) -> str:
    from annotation.safe_text import safe

    yanked = f"  yanked: {safe(one.reason)}" if one.yanked else ""
    return f"{one.version:10} {one.as_of:%Y-%m-%d}  {f'{one.cells:,} cells':>16}{yanked}\n"
