"""`burden paper`: everything known of one paper, for people and for scripts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.queue import open_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annotation.whole import WholeCell, WholeEntity, WholePaper
    from db.duplicates import Duplicate
    from extractors.facts.ids import PaperId

Json = dict[str, object]
_WIDTH = 80
_NAME = 18
"""Columns for the name of a field."""
_BELOW = " " * (_NAME + 2)
"""Indent of what is said of a value."""


def paper(
    id: Annotated[str, typer.Argument(metavar="ID", help="The paper, as 2007.05558.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    screen: Annotated[
        bool, typer.Option("--screen", help="On the full terminal, to add, change and take out by keys.")
    ] = False,
    who: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who changes it; by default you.")
    ] = None,
) -> None:
    """Show everything known of a paper: models, runs and results, what waits, what was rejected, who decided."""
    from annotation.whole import whole_paper
    from db.engine import snapshot

    if screen:
        _show_on_screen(paper_id(id), who)
        return
    engine = open_data()
    with snapshot(engine) as session:
        found = whole_paper(session, paper_id(id))
    engine.dispose()
    if as_json:
        sys.stdout.write(json.dumps(_object(found), indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(found)))


def _show_on_screen(id: PaperId, who: str | None) -> None:
    from db.engine import snapshot
    from flows.cli.decisions import reviewer_of
    from flows.cli.screens import ended_by_hangup, paper_on_screen
    from flows.settings import load_settings

    engine, settings = open_data(), load_settings()
    with snapshot(engine) as session:
        reviewer = reviewer_of(session, settings, who)
    with ended_by_hangup():
        paper_on_screen(engine, settings, reviewer, id)
    engine.dispose()


def paper_id(text: str) -> PaperId:
    """A paper as people name it: an arXiv id or address, whatever the version, or an id of ours."""
    from extractors.facts.errors import ParseError
    from extractors.facts.ids import ArxivId, PaperId

    try:
        return ArxivId.parse(text).paper
    except ParseError:
        return PaperId(text)


# For scripts


def _object(paper: WholePaper) -> Json:
    return {
        "paper": paper.id,
        "title": paper.title,
        "version": paper.version,
        "published": paper.published.isoformat() if paper.published else None,
        "withdrawn": {"at": paper.withdrawn.at.isoformat(), "reason": paper.withdrawn.reason}
        if paper.withdrawn
        else None,
        "duplicate_of": _same(paper.duplicate.original, paper.duplicate) if paper.duplicate else None,
        "duplicates": [_same(one.paper, one) for one in paper.doubles],
        "screening": dict(zip(("decision", "reason"), paper.screening, strict=True))
        if paper.screening
        else None,
        "files": [
            {"media": file.media, "version": file.version, "sha256": file.sha256} for file in paper.files
        ],
        "entities": [_entity_object(entity) for entity in paper.entities],
        "gone": [_entity_object(entity) for entity in paper.gone],
    }


def _same(other: PaperId, by: Duplicate) -> Json:
    return {"paper": other, "sha256": by.sha256, "since": by.since.isoformat()}


def _entity_object(entity: WholeEntity) -> Json:
    return {
        "entity": str(entity.id),
        "kind": entity.id.kind,
        "added_by": entity.added_by,
        "merged": list(map(str, entity.merged)),
        "merged_into": str(entity.merged_into) if entity.merged_into else None,
        "removed": entity.removed,
        "last_seq": entity.last_seq,
        "cells": [cell_object(cell) for cell in entity.cells],
        "missing": [field.name for field in entity.missing],
    }


def cell_object(cell: WholeCell) -> Json:
    """A cell as scripts get it."""
    from extractors.facts.codec import evidence_to_json, value_to_json

    state = cell.state
    return {
        "cell": str(cell.key),
        "field": cell.key.field,
        "status": state.status,
        "waits": cell.waits,
        "value": value_to_json(state.value) if state.value is not None else None,
        "evidence": evidence_to_json(state.evidence) if state.evidence is not None else None,
        "probability": state.probability,
        "reviewers": list(state.reviewers),
        "decided_at": state.decided_at.isoformat() if state.decided_at else None,
        "last_seq": state.last_seq,
        "options": [
            {"value": value_to_json(option.value), "evidence": evidence_to_json(option.evidence)}
            for option in cell.options
        ],
        "notes": list(cell.notes),
    }


# For people


def _lines(paper: WholePaper) -> Iterator[str]:
    from annotation.page import link
    from annotation.safe_text import safe, wrapped

    yield from wrapped(paper.title or "without a title", _WIDTH)
    dated = f", {paper.published:%Y-%m-%d}" if paper.published else ""
    yield safe(f"{paper.id}v{paper.version}{dated}  {link(paper.id)}").rstrip()
    yield _counts(paper)
    for sentence in _apart(paper):
        yield from wrapped(sentence, _WIDTH)
    if not paper.files:
        why = f": {paper.screening[1]}" if paper.screening else ""
        yield from wrapped(f"There is no file of it here{why}", _WIDTH)
    told: set[str] = set()
    for model in (entity for entity in paper.entities if entity.id.kind == "model"):
        for entity in (model, *paper.belonging_to(model.id)):
            told.add(str(entity.id))
            yield from _entity_lines(entity)
    for entity in paper.entities:
        if str(entity.id) not in told:
            yield from _entity_lines(entity)
    for entity in paper.gone:
        how = f"merged into {entity.merged_into.slug}" if entity.merged_into else "removed"
        yield from ("", *wrapped(f"{entity.id.kind} {entity.id.slug}: {how}", _WIDTH))


def _apart(paper: WholePaper) -> Iterator[str]:
    """Why it is not read or released as other papers are, and what else it is known as."""
    if paper.withdrawn:
        reason = paper.withdrawn.reason.rstrip(".") or "no reason is given"
        yield f"Withdrawn on {paper.withdrawn.at:%Y-%m-%d}: {reason}. It is neither read nor released."
    if paper.duplicate:
        yield f"It is {paper.duplicate.reason}, and is not read or counted again."
    for double in paper.doubles:
        yield f"{double.paper}v{double.version} is the same file, and is not read or counted again."


def _counts(paper: WholePaper) -> str:
    cells = paper.facts
    published = sum(cell.state.published for cell in cells)
    waiting = sum(cell.waits is not None for cell in cells)
    rejected = sum(cell.is_rejected for cell in cells)
    return f"{len(cells)} values: {published} published, {waiting} to be looked at, {rejected} rejected"


def _entity_lines(entity: WholeEntity) -> Iterator[str]:
    from annotation.safe_text import wrapped

    marks = [f"added by {entity.added_by}"] if entity.added_by else []
    marks += [f"with {', '.join(id.slug for id in entity.merged)}"] if entity.merged else []
    yield ""
    yield from wrapped(
        f"{entity.id.kind} {entity.id.slug}" + (f"  ({'; '.join(marks)})" if marks else ""), _WIDTH
    )
    identity = [cell for cell in entity.cells if cell.field.use == "identity"]
    said = "; ".join(f"{cell.key.field} {_identity(entity, cell)}" for cell in identity)
    if said:
        yield from wrapped(said, _WIDTH, indent="  ")
    for cell in entity.cells:
        if cell.field.use != "identity":
            yield from _cell_lines(cell)


def _cell_lines(cell: WholeCell) -> Iterator[str]:
    from annotation.safe_text import wrapped

    first, *more = wrapped(f"{_value(cell)}  [{_standing(cell)}]", _WIDTH, indent=_BELOW)
    yield from (f"  {cell.key.field:<{_NAME}}{first[len(_BELOW) :]}", *more)
    shown = cell.options[0] if cell.state.value is None and cell.options else cell.state
    if shown.evidence is not None:
        place = f"p. {shown.evidence.page}" if shown.evidence.box else shown.evidence.anchor
        yield from wrapped(f"{place}: “{shown.evidence.quote}”", _WIDTH, indent=_BELOW, most=2)
    for note in cell.notes:
        yield from wrapped(note, _WIDTH, indent=_BELOW)


def _identity(entity: WholeEntity, cell: WholeCell) -> str:
    """What a model is called as printed, all else by its id; rejected values say so."""
    name = cell.key.field
    known = entity.printed(name) if name == "name" else entity.named(name)
    return f"{known or _value(cell)} (rejected)" if cell.is_rejected else known or _value(cell)


def _value(cell: WholeCell) -> str:
    from annotation.values import show

    if cell.state.value is None and cell.options:
        return f"not {show(cell.options[0].value)}"
    return show(cell.state.value)


def _standing(cell: WholeCell) -> str:
    from annotation.values import reason_to_look

    state = cell.state
    sure = f" {state.probability:.2f}" if state.probability is not None and not state.reviewers else ""
    by = f" by {', '.join(state.reviewers)}" if state.reviewers else ""
    waits = f", {reason_to_look(cell.waits)}" if cell.waits else ""
    return f"{state.status}{sure}{by}{waits}"
