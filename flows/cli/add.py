"""`burden add`: papers that a person names, brought in and read."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import FAILED, PARTIAL

if TYPE_CHECKING:
    from flows.adding import Added


def add(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="ARXIV_ID|FILE|URL...",
            help="Ids or addresses of arXiv, PDF or HTML files, https addresses of PDFs.",
        ),
    ],
    who: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who adds; by default you.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line on standard output.")
    ] = False,
) -> None:
    """Bring papers in, whatever screening says, and read them now."""
    from db.engine import snapshot
    from flows.adding import add_papers
    from flows.cli.queue import open_data
    from flows.identity import identify
    from flows.progress import on_terminal
    from flows.settings import load_settings

    settings, engine = load_settings(), open_data()
    with snapshot(engine) as session:
        someone = identify(session, settings, who)
    engine.dispose()
    told = add_papers(settings, given, someone.name, telling=on_terminal())
    for added in told:
        sys.stdout.write(json.dumps(asdict(added), ensure_ascii=False) + "\n" if as_json else _line(added))
    failed = sum(added.end == "failed" for added in told)
    if failed:
        raise typer.Exit(FAILED if failed == len(told) else PARTIAL)


def _line(added: Added) -> str:
    from annotation.safe_text import safe

    if added.end == "failed":
        return safe(f"{added.given}: not added. {added.error}") + "\n"
    if added.end in ("withdrawn", "duplicate"):
        left = "neither read nor released" if added.end == "withdrawn" else "not read or counted again"
        title = added.title or "without a title"
        return safe(f"{added.paper}v{added.version}  {title}: {added.why}; it is {left}") + "\n"
    known = "known already, " if added.end == "known" else ""
    values = f"{added.values} values: {added.waiting} wait for review, {added.published} published"
    return safe(f"{added.paper}v{added.version}  {added.title or 'without a title'}: {known}{values}") + "\n"
