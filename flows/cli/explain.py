"""`burden explain`: for one field of one paper, what was read where by which rule, what was rejected, and why."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.codes import PARTIAL, complain
from flows.cli.read import AsJson, Memory, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extractors.explain import Explanation, Told
    from extractors.facts.evidence import Evidence
    from extractors.facts.records import Proposal
    from extractors.facts.values import Value
    from extractors.promise import Route
    from flows.workers import Job, Work

Json = dict[str, object]


def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The paper, as a PDF or HTML file.")],
    field: Annotated[
        str,
        typer.Argument(metavar="FIELD", help="A field, as run.count or count, or a family, as resources."),
    ],
    as_json: AsJson = False,
    timeout: Timeout = 300.0,
    memory: Memory = 1024,
) -> None:
    """Tell which rule read a field where, what agreed, what stayed a rival, and what was rejected and why."""
    from extractors.facts.fields import fields_meant
    from flows.workers import FailedPaper, Job, run_many

    load = partial(_explainer, fields_meant(field), as_json=as_json)
    for _, outcome in run_many(load, [Job(str(file), file)], workers=1, timeout=timeout, memory=memory):
        if isinstance(outcome, FailedPaper):
            complain(outcome.error)
            if as_json:
                failed = {"file": file.name, "error": str(outcome.error)}
                sys.stdout.write(json.dumps(failed, ensure_ascii=False) + "\n")
            raise typer.Exit(PARTIAL)
        sys.stdout.write(outcome)


def _explainer(paths: Sequence[str], *, as_json: bool) -> Work[str]:
    """What to print of the paper; run in a worker."""
    from annotation.safe_text import safe
    from extractors.documents.media import read_document
    from extractors.explain import explain as explained

    def told(job: Job, data: bytes) -> str:
        found = explained(read_document(data), paths)
        if as_json:
            shown = {"file": Path(job.subject).name, "fields": [_object(item) for item in found]}
            return json.dumps(shown, ensure_ascii=False) + "\n"
        return "".join(f"{safe(line)}\n" for item in found for line in _lines(item))

    return told


# As JSON


def _object(found: Explanation) -> Json:
    return {
        "field": found.field,
        "cells": [_cell(item) for item in found.cells],
        "apart": [_place(c.value, c.evidence) for c in found.apart],
        "rejected": [
            {**_place(item.candidate.value, item.candidate.evidence), "reasons": list(item.reasons)}
            for item in found.rejected
        ],
    }


def _cell(item: Told) -> Json:
    proposal = item.proposal
    probability, goes = _judged(proposal)
    return {
        "cell": str(proposal.cell),
        **_place(proposal.value, proposal.evidence),
        "confidence": round(probability, 4),
        "status": goes,
        "reasons": list(proposal.reasons),
        "features": {name: value for name, value in proposal.features.items() if value},
        "agreeing": [_place(c.value, c.evidence) for c in item.agreeing],
        "rivals": [_place(c.value, c.evidence) for group in item.rivals for c in group],
    }


def _judged(proposal: Proposal) -> tuple[float, Route]:
    from extractors.confidence import default_model, score
    from extractors.facts.fields import field_of
    from extractors.promise import Promise, route

    probability = score(proposal, default_model())
    return probability, route(field_of(proposal.cell).path, probability, default_model(), Promise())


def _place(value: Value, evidence: Evidence) -> Json:
    from extractors.facts.codec import evidence_to_json, value_to_json

    return {"value": value_to_json(value), "evidence": evidence_to_json(evidence)}


# For people


def _lines(found: Explanation) -> Iterator[str]:
    yield f"== {found.field}"
    for item in found.cells:
        yield from _told_lines(item)
    for candidate in found.apart:
        yield f"  joined to nothing: {_shown(candidate.value, candidate.evidence)}"
    for rejected in found.rejected:
        yield f"  rejected: {_shown(rejected.candidate.value, rejected.candidate.evidence)}"
        yield from (f"      because {reason}" for reason in rejected.reasons)
    if not (found.cells or found.apart or found.rejected):
        yield "  nothing was read"


def _told_lines(item: Told) -> Iterator[str]:
    from extractors.physics import FITTING

    proposal = item.proposal
    probability, goes = _judged(proposal)
    entity = proposal.cell.entity
    yield f"  {entity.kind} {entity.slug}: {_shown(proposal.value, proposal.evidence)}"
    yield f"      {goes}, probability {probability:.2f}, by what was seen:"
    features = sorted(name for name, value in proposal.features.items() if value)
    yield f"      {', '.join(f'{name} {proposal.features[name]:g}' for name in features) or 'nothing'}"
    for reason in proposal.reasons:
        yield f"      {reason}" if reason.startswith(FITTING) else f"      doubt: {reason}"
    yield from (f"      agrees: {_shown(c.value, c.evidence)}" for c in item.agreeing)
    yield from (f"      rival: {_shown(c.value, c.evidence)}" for group in item.rivals for c in group)


def _shown(value: Value, evidence: Evidence) -> str:
    from annotation.values import show

    place = f"p. {evidence.page}, {evidence.anchor}" if evidence.anchor else f"p. {evidence.page}"
    return f"{show(value)} ({evidence.rule}, {place}) “{evidence.quote}”"
