"""`burden release diff`: what two releases say differently, from their folders alone."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from db.dataset.diff.compare import Difference, Differences
    from db.dataset.diff.folders import Folder

Releases = Annotated[
    Path | None,
    typer.Option("--in", metavar="DIR", help="Folder of all releases; by default in the data folder."),
]


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version (0.1.0), or a release's folder.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another one.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line: the sums, then each cell.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page to read in a browser instead.")
    ] = None,
    within: Releases = None,
) -> None:
    """Tell which cells two releases have differently, and why, as far as they tell; no database is asked."""
    from db.dataset.diff.compare import Differences
    from db.dataset.diff.page import page

    with Differences(release_at(old, within), release_at(new, within)) as found:
        if html is not None:
            _write(page(found), html)
            sys.stdout.write(f"{html}\n")
        else:
            sys.stdout.writelines(_json_lines(found) if as_json else _text_lines(found))


def release_at(named: str, within: Path | None = None) -> Folder:
    """The release that a person names, by its version or its folder."""
    from db.dataset.diff.folders import Folder
    from db.dataset.versions import Version
    from extractors.facts.errors import UsageError
    from flows.settings import load_settings

    if not named.strip():  # a variable of a script that nobody set
        raise UsageError("no release is named", remedy="Name a version, or a release's folder")
    try:
        version = str(Version.parse(named))
    except UsageError:
        return Folder.at(Path(named))
    folder = (within or load_settings().releases) / version
    return Folder.at(folder if folder.is_dir() or not Path(named).is_dir() else Path(named))


def newest_release(within: Path | None = None) -> Folder:
    """The release with the highest version in the folder of all releases."""
    from db.dataset.diff.folders import Folder
    from db.dataset.versions import Version
    from extractors.facts.errors import UsageError
    from flows.settings import load_settings

    releases = within or load_settings().releases
    found = []
    for folder in releases.glob("[0-9]*"):
        try:
            found.append((Version.parse(folder.name), folder))
        except UsageError:
            continue  # somebody keeps something else there
    if not found:
        raise UsageError(f"there is no release in {releases}", remedy="Run burden release build")
    return Folder.at(max(found)[1])


def _json_lines(found: Differences) -> Iterator[str]:
    new, gone = found.columns
    summary = {
        "line": "summary",
        "old": {"version": found.old.version, "as_of": found.old.as_of},
        "new": {"version": found.new.version, "as_of": found.new.as_of},
        "cells": {
            **{kind: found.counts[kind] for kind in ("added", "changed", "removed")},
            "same": found.same,
        },
        "papers": {fate: found.papers[fate] for fate in ("came", "went", "stayed")},
        "columns": {"added": list(new), "removed": list(gone)},
        "fields": [
            {"field": path, "change": kind, "cells": cells}
            for (path, kind), cells in sorted(found.fields.items())
        ],
    }
    yield _line(summary)
    for one in found:
        yield _line({"line": "cell", **asdict(one)})


def _line(item: Mapping[str, object]) -> str:
    return json.dumps(item, ensure_ascii=False, allow_nan=False) + "\n"


def _text_lines(found: Differences) -> Iterator[str]:
    from annotation.safe_text import safe
    from db.dataset.diff.page import summary

    yield f"{safe(found.old.version)} to {safe(found.new.version)}\n"
    yield from (f"  {safe(line)}\n" for line in summary(found))
    for paper, cells in groupby(found, lambda one: one.paper):
        yield f"{safe(paper)}\n"
        for one in cells:
            yield f"  {safe(_cell(one))}\n"


def _cell(one: Difference) -> str:
    from db.dataset.diff.page import shown

    name = one.cell.removeprefix(f"{one.paper}/")
    match one.kind:
        case "added":
            what = shown(one.after)
        case "removed":
            what = f"was {shown(one.before)}"
        case _:
            what = f"{shown(one.before)} -> {shown(one.after)}"
    return f"{one.kind:8} {name}: {what}. {one.reason}"


def _write(parts: Iterable[str], out: Path) -> None:
    """Write a page, which is there as a whole or not at all."""
    from extractors.facts.errors import StoreError

    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(parts)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"the page cannot be written: {error.strerror}", where=str(out)) from error
