"""`burden release show`: all that is known of one published cell, and the place in the paper where it stands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.release_diff import Releases, newest_release, release_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from db.dataset.diff.folders import Folder
    from db.dataset.showing import Step
    from db.events import Entry
    from extractors.facts.evidence import Evidence
    from extractors.facts.ids import CellKey
    from flows.settings import Settings

Row = dict[str, object]
_STATES = {
    "queued": "It waits for review: see burden queue",
    "rejected": "It was rejected: see burden queue --rejected",
    "void": "It is no longer read, or what it is about was merged or removed",
}


def show(
    cell: Annotated[
        str, typer.Argument(metavar="CELL", help="As the evidence has it: 2007.05558/run/bert#count.")
    ],
    release: Annotated[
        str | None,
        typer.Option(metavar="RELEASE", help="A version, or a release's folder; by default the newest."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw its place in the paper, boxed, as a PNG.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    within: Releases = None,
) -> None:
    """Print a published cell with its evidence, who decided it, and its way through the releases."""
    from extractors.facts.ids import CellKey
    from flows.settings import load_settings

    settings, key = load_settings(), CellKey.parse(cell)
    folder = release_at(release, within) if release else newest_release(within)
    row = folder.cell(str(key))
    known = _known(settings, key)
    if row is None:
        raise _not_published(folder, key, known)
    if picture is not None:
        _draw(row, picture, settings)
    told = (
        _json(folder, row, known) if as_json else "".join(f"{line}\n" for line in _lines(folder, row, known))
    )
    sys.stdout.write(told)


class _Known:
    """What the database knows of a cell."""

    def __init__(self, status: str | None, steps: tuple[Step, ...], entries: tuple[Entry, ...]) -> None:
        self.status, self.steps, self.entries = status, steps, entries


def _known(settings: Settings, key: CellKey) -> _Known | None:
    """What the database knows; None where there is none, as where somebody only has a release."""
    from sqlalchemy import make_url

    from db.dataset.showing import steps
    from db.engine import snapshot
    from db.log import history
    from db.refresh import cell_state
    from flows.night import present_database

    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    with present_database(settings) as engine, snapshot(engine) as session:
        state = cell_state(session, key)
        entries = sorted(
            (*history(session, key=key), *history(session, entity=key.entity)), key=lambda e: e.seq
        )
        return _Known(state.status if state else None, steps(session, key), tuple(entries))


def _not_published(folder: Folder, key: CellKey, known: _Known | None) -> Exception:
    from extractors.facts.errors import UsageError

    remedy = "burden release show takes cells as the table evidence lists them"
    if known is not None and known.steps and not known.steps[-1].is_there:
        remedy = f"It left the dataset with {known.steps[-1].version}: {known.steps[-1].reason or 'why is not kept'}"
    elif known is not None and known.status in _STATES:
        remedy = _STATES[known.status]
    elif known is not None and known.status is not None:
        remedy = "It will be in the next release"
    return UsageError(f"release {folder.version} does not publish {key}", remedy=remedy.rstrip("."))


def _draw(row: Row, out: Path, settings: Settings) -> None:
    from db.store import open_store
    from extractors.facts.errors import StoreError, UsageError
    from flows.pictures import make_picture

    evidence = _evidence(row)
    if evidence is None:
        raise UsageError("no place in the paper is known for this cell", where=str(row["cell"]))
    made = make_picture(open_store(settings.store).get(evidence.sha256), evidence)
    try:
        out.write_bytes(made.png)
    except OSError as error:
        raise StoreError(f"the picture cannot be written: {error.strerror}", where=str(out)) from error


def _evidence(row: Mapping[str, object]) -> Evidence | None:
    from extractors.facts.evidence import Box, Evidence

    sha256, page, quote = row.get("sha256"), row.get("page"), row.get("quote")
    if not isinstance(sha256, str) or not isinstance(page, int) or not isinstance(quote, str):
        return None
    sides = [side for name in ("x0", "top", "x1", "bottom") if isinstance(side := row.get(name), float)]
    box = Box(page, *sides) if len(sides) == 4 else None
    return Evidence(sha256, page, box, str(row.get("anchor") or ""), quote, str(row.get("rule") or ""))


def _json(folder: Folder, row: Row, known: _Known | None) -> str:
    from db.events import event_to_json

    history: list[Row] | None = None
    entries: list[Row] | None = None
    if known is not None:
        history = [
            {
                "version": step.version,
                "as_of": step.as_of,
                "value": step.value,
                "published": step.is_there,
                "status": step.status,
                "reason": step.reason,
            }
            for step in known.steps
        ]
        entries = [
            {
                "seq": entry.seq,
                "at": entry.envelope.at,
                "actor": entry.envelope.actor,
                "kind": event_to_json(entry.event)[0],
                "reason": entry.envelope.reason,
            }
            for entry in known.entries
        ]
    said = {"release": folder.version, **row, "history": history, "entries": entries}
    return json.dumps(said, ensure_ascii=False, default=str) + "\n"


def _lines(folder: Folder, row: Row, known: _Known | None) -> Iterator[str]:
    from annotation.safe_text import safe

    yield safe(f"{row['cell']} in release {folder.version}")
    for name, said in _parts(row):
        if said:
            yield f"  {name:12}{safe(said)}"
    if known is None:
        yield "  history     no database is here"
        return
    for number, step in enumerate(known.steps):
        value = (step.value or "a value") if step.is_there else "left the dataset"
        why = f": {step.reason}" if step.reason else ""
        yield f"  {'' if number else 'releases':12}{safe(f'{step.version} ({step.as_of:%Y-%m-%d}) {value}{why}')}"
    for number, entry in enumerate(known.entries):
        yield f"  {'' if number else 'entries':12}{safe(_entry(entry))}"


def _parts(row: Row) -> Iterator[tuple[str, str]]:
    from db.dataset.diff.page import readable

    low, high = row.get("low"), row.get("high")
    between = (
        f" ({low:,.15g} to {high:,.15g})"
        if isinstance(low, float) and isinstance(high, float) and low != high
        else ""
    )
    yield "value", readable(str(row["value"]), str(row.get("unit") or "")) + between
    yield "column", f"{row.get('table_name')}.{row.get('column_name')}"
    yield "printed", str(row.get("printed") or "")
    yield "quote", f"“{row['quote']}”" if row.get("quote") else ""
    page = f"page {row['page']}" if row.get("page") else ""
    version = f"version {row['paper_version']} of the paper" if row.get("paper_version") else ""
    yield "place", ", ".join(filter(None, (page, str(row.get("anchor") or ""), version)))
    yield "rule", str(row.get("rule") or "")
    yield "read by", str(row.get("extractor") or "a person")
    yield "probability", f"{row['probability']:.3f}" if row.get("probability") is not None else ""
    yield "status", str(row.get("status") or "")
    decided = f", on {row['decided_at']:%Y-%m-%d}" if row.get("decided_at") else ""
    yield "reviewers", f"{row['reviewers']}{decided}" if row.get("reviewers") else ""


def _entry(entry: Entry) -> str:
    from db.events import event_to_json

    said = entry.envelope
    what = event_to_json(entry.event)[0]
    return f"{said.at:%Y-%m-%d} {said.actor}: {what}{f', {said.reason}' if said.reason else ''}"
