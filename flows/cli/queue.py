"""`burden queue`: what waits for a person, and what was rejected and why."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlmodel import Session

    from db.rejected import RejectedValue

Json = dict[str, object]


def queue(
    rejected: Annotated[
        bool, typer.Option("--rejected", help="What was rejected instead, and why; the likeliest first.")
    ] = False,
    paper: Annotated[
        str | None, typer.Option(metavar="ID", help="Of what was rejected, this paper's.")
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Of what was rejected, this field's (run.count), or family's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="How many papers and items to list.")] = 10,
) -> None:
    """Show what waits for a person, and in which order; or what was rejected, and why."""
    from db.engine import snapshot
    from extractors.facts.errors import UsageError

    if not rejected and (paper or field):
        raise UsageError("--paper and --field choose among what was rejected", remedy="Add --rejected")
    engine = open_data(is_there=True)
    with snapshot(engine) as session:
        if rejected:
            _tell_rejected(session, paper, field, limit, as_json=as_json)
        else:
            _tell_waiting(session, limit, as_json=as_json)
    engine.dispose()


def open_data(*, is_there: bool = False) -> Engine:
    """The database of the settings, at the present schema; made where there is none.

    Args:
        is_there: whether it has to be there: who looks for what is wrong, in the wrong folder, is not told that all is well.
    """
    from db.engine import migrate, open_database, refuse_missing
    from flows.settings import load_settings

    settings = load_settings()
    engine = open_database(settings.database)
    if is_there:
        refuse_missing(engine)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(engine)
    return engine


# What waits


def _tell_waiting(session: Session, limit: int, *, as_json: bool) -> None:
    from annotation.safe_text import safe
    from annotation.values import reason_to_look
    from db.queue import counts, fullest, waiting
    from flows.clock import SystemClock

    found, items = counts(session, SystemClock().now()), waiting(session, limit)
    papers = fullest(session, None if as_json else limit)
    listed = [{"cell": str(item.key), "why": item.why, "skips": item.skips} for item in items]
    if as_json:
        whole = {
            "open": found.open,
            "held": found.held,
            "papers": found.papers,
            "by_why": dict(found.by_why),
            "by_field": dict(found.by_field),
            "by_paper": dict(papers),
        }
        sys.stdout.write(json.dumps({**whole, "next": listed}, indent=2) + "\n")
        return
    lines = [f"{found.open} values in {found.papers} papers wait; {found.held} are being looked at."]
    lines += [f"  {number:>6}  {path}" for path, number in found.by_field.items()]
    lines += ["why:"] * bool(found.by_why)
    lines += [f"  {number:>6}  {reason_to_look(why)}" for why, number in found.by_why.items()]
    lines += ["fullest papers:"] * bool(papers) + [
        f"  {number:>6}  {safe(id)}" for id, number in papers.items()
    ]
    lines += ["next:"] * bool(items) + [f"  {safe(item.key)}  ({reason_to_look(item.why)})" for item in items]
    sys.stdout.write("\n".join(lines) + "\n")


# What was rejected


def _tell_rejected(
    session: Session, paper: str | None, field: str | None, limit: int, *, as_json: bool
) -> None:
    from annotation.safe_text import safe
    from db.rejected import count_rejected, rejected
    from extractors.facts.fields import fields_meant
    from extractors.facts.ids import PaperId

    fields = fields_meant(field) if field else ()
    wanted = PaperId(paper) if paper else None
    number = count_rejected(session, paper=wanted, fields=fields)
    found = rejected(session, paper=wanted, fields=fields, limit=limit)
    if as_json:
        whole = {"rejected": number, "values": [_object(item) for item in found]}
        sys.stdout.write(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")
        return
    lines = [f"rejected values: {number}", *(line for item in found for line in _lines(item))]
    sys.stdout.write("".join(f"{safe(line)}\n" for line in lines))


def _object(item: RejectedValue) -> Json:
    from extractors.facts.codec import evidence_to_json, value_to_json

    return {
        "cell": str(item.key),
        "value": value_to_json(item.value) if item.value is not None else None,
        "evidence": evidence_to_json(item.evidence) if item.evidence is not None else None,
        "probability": item.probability,
        "reasons": list(item.reasons),
        "people": list(item.people),
    }


def _lines(item: RejectedValue) -> Iterator[str]:
    from annotation.values import show

    by = f"by {', '.join(item.people)}" if item.people else f"probability {item.probability or 0.0:.2f}"
    yield f"  {item.key}  {show(item.value)}  ({by})"
    if item.evidence is not None:
        yield f"      p. {item.evidence.page}: “{item.evidence.quote}”"
    yield from (f"      {reason}" for reason in item.reasons)
