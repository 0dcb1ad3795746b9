"""`burden release`: makes the dataset from what was read and reviewed."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import release_diff, release_list, release_show

if TYPE_CHECKING:
    from db.dataset.checks import Check
    from db.dataset.release import Built

app = typer.Typer(help="Build releases of the dataset.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def release() -> None:
    """Build releases of the dataset, compare them, and show what is in them."""


app.command()(release_diff.diff)
app.command()(release_show.show)
app.command("list")(release_list.listing)
app.command()(release_list.yank)
app.command()(release_list.unyank)


_LEAST_WORDS = 30
"""Columns in which words are still read well one beneath the other."""
_Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder of all releases; by default in the data folder."),
]
_Version = Annotated[
    str | None,
    typer.Option(
        "--version", metavar="X.Y.Z", help="By default what the changes since the last release ask for."
    ),
]
_Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept", metavar="CHECK", help="Let this check fail once; may be repeated. Needs --reason."
    ),
]
_Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in checks.json of the release.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def build(
    out: _Out = None,
    version: _Version = None,
    accept: _Accept = None,
    reason: _Reason = "",
    as_json: _Json = False,
) -> None:
    """Publish all accepted and reviewed cells as a new version, with the evidence of each."""
    from db.dataset.release import build_release

    built = _done(build_release, "built", out, version, dict.fromkeys(accept or (), reason))
    sys.stdout.write(_as_json(built) if as_json else _as_text(built))


@app.command()
def check(
    out: _Out = None,
    version: _Version = None,
    accept: _Accept = None,
    reason: _Reason = "",
    as_json: _Json = False,
) -> None:
    """Show what a build would publish and how each of its checks comes out, and publish nothing."""
    from db.dataset.release import check_release
    from flows.cli.codes import DONE, REFUSED

    found = _done(check_release, "checked", out, version, dict.fromkeys(accept or (), reason))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    sys.stdout.write(_as_json(found) if as_json else _as_table(found, width))
    raise typer.Exit(REFUSED if any(one.refuses for one in found.checks) else DONE)


@app.command()
def publish(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The release, as 1.2.0.")],
    to: Annotated[str, typer.Option("--to", metavar="PLACE", help="A folder, or s3://BUCKET/PREFIX.")],
    out: _Out = None,
    as_json: _Json = False,
) -> None:
    """Bring a release to a folder or bucket, whole or not at all, and list it in releases.json there."""
    from annotation.safe_text import safe
    from db.dataset.places import place_of
    from db.dataset.publish import publish as bring
    from flows.night import present_database
    from flows.settings import load_settings

    settings = load_settings()
    with present_database(settings) as engine:
        done = bring(engine, out or settings.releases, version, place_of(to))
    if as_json:
        said = {"version": done.version, "place": done.place, "new": done.new, "files": done.brought}
        sys.stdout.write(json.dumps({**said, "sha256": done.listed.sha256}, ensure_ascii=False) + "\n")
    elif done.new:
        sys.stdout.write(
            f"Release {done.version} is published in {safe(done.place)}; {done.brought} files were brought.\n"
        )
    else:
        sys.stdout.write(f"Release {done.version} was published in {safe(done.place)} already.\n")


def _done(
    work: Callable[..., Built], what: str, out: Path | None, version: str | None, accepted: Mapping[str, str]
) -> Built:
    """Build or check, with a bar for as long as it takes."""
    from flows.night import present_database
    from flows.progress import on_terminal
    from flows.settings import load_settings

    settings = load_settings()
    with present_database(settings) as engine, on_terminal().phase(what) as phase:
        phase.unit = "papers"
        found = work(
            engine,
            out or settings.releases,
            version,
            bounds=settings.bounds,
            accepted=accepted,
            reached=phase.reach,
        )
        phase.result = f"{sum(found.statuses.values()):,} cells"
        return found


def _as_json(built: Built) -> str:
    said = {
        "version": built.version,
        "folder": str(built.folder),
        "new": built.new,
        "tables": dict(built.tables),
        "cells": dict(built.statuses),
        "cells_without_row": built.without_row,
        "added": built.added,
        "removed": built.removed,
        "changed": built.changed,
        "checks": [check.as_json() for check in built.checks],
    }
    return json.dumps(said, ensure_ascii=False) + "\n"


def _as_table(found: Built, width: int | None = None) -> str:
    """The checks, a line each; on a terminal of so many columns what they say is wrapped beneath itself."""
    from annotation.safe_text import safe

    wide = max(len(one.name) for one in found.checks)
    lines = []
    for one in found.checks:
        told = f"{_outcome(one):<8}  {one.name:<{wide}}  {one.observed:>9,g}  {one.bound:>6,g}  "
        said = safe(one.description if one.success else one.notes)
        said += f" (accepted: {safe(one.accepted)})" if one.accepted else ""
        if width and width > len(told) + _LEAST_WORDS:
            said = textwrap.fill(said, width - len(told)).replace("\n", "\n" + " " * len(told))
        lines.append(told + said)
    refused = [one.name for one in found.checks if one.refuses]
    head = f"{'outcome':<8}  {'check':<{wide}}  {'observed':>9}  {'bound':>6}"
    if refused:
        end = f"Release {found.version} would be refused by {', '.join(refused)}."
        if may := [one.name for one in found.checks if one.refuses and one.acceptable]:
            end += f" With --reason, these may be accepted: {', '.join(may)}."
    elif found.new:
        end = f"Release {found.version} would be built: {_listed(found.statuses)} cells; {_changed(found)}."
    else:
        end = f"Nothing changed since release {found.version}."
    return "\n".join([head, *lines, "", end]) + "\n"


def _outcome(one: Check) -> str:
    if one.success:
        return "holds"
    return "accepted" if one.accepted else "REFUSES" if one.required else "look"


def _changed(built: Built) -> str:
    return f"{built.added:,} added, {built.removed:,} removed, {built.changed:,} changed"


def _as_text(built: Built) -> str:
    from annotation.safe_text import safe

    if not built.new:
        return f"Nothing changed since release {built.version}, which is in {built.folder}.\n"
    lines = [
        f"Release {built.version} is in {built.folder}.",
        f"  rows     {_listed(built.tables)}",
        f"  cells    {_listed(built.statuses)}",
        f"  changes  {_changed(built)}",
    ]
    if built.without_row:
        lines.insert(
            3, f"           {built.without_row:,} more name what has no published fact, and have no row"
        )
    wrong = [check for check in built.checks if not check.success]
    lines += [
        f"  look at  {check.description} Not so {check.observed:,} times: {safe(check.notes)}"
        for check in wrong
    ]
    return "\n".join(lines) + "\n"


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counted.items()) or "none"
