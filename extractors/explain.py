"""Why a paper's cells hold what they hold: which rule read it, where, what agreed, what stayed a rival, what was rejected.

The same rules and links as in `extractors.paper`, kept instead of summed up: nothing here decides anything. What is
rejected is told of training runs and what they used; costs and scores of others are proposals of baselines, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.context import context_of
from extractors.documents.model import Document
from extractors.drafts import Dismissal
from extractors.facts.records import Candidate, Proposal
from extractors.linking import Linked, linked
from extractors.paper import drafts_of, paper_id
from extractors.physics import checked
from extractors.rules.training import training_dismissals
from extractors.surroundings import surrounded


@dataclass(frozen=True, slots=True)
class Rejected:
    """A value that was read and not taken, and why."""

    candidate: Candidate
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A cell of the field: the proposal and the candidates it was made of."""

    proposal: Proposal
    agreeing: tuple[Candidate, ...]
    """Further places that state the proposed value."""
    rivals: tuple[tuple[Candidate, ...], ...]
    """The places that state each other value."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was read for one field of one paper."""

    field: str
    """Its path."""
    cells: tuple[Told, ...]
    apart: tuple[Candidate, ...]
    """Read and believed, but joined to no entity."""
    rejected: tuple[Rejected, ...]


def explain(document: Document, paths: Sequence[str]) -> tuple[Explanation, ...]:
    """What was read for each of some fields, in their order."""
    context = context_of(document)
    drafts = drafts_of(context)
    found = linked(paper_id(document), drafts, context.ownership)
    marked = surrounded(checked([item.proposal for item in found]), context.ownership)
    cells = [(proposal, item) for proposal, item in zip(marked, found, strict=True)]
    read = [candidate for draft in drafts for candidate in draft.candidates]
    dismissals = training_dismissals(context)
    return tuple(_explained(path, cells, read, dismissals) for path in paths)


def _explained(
    path: str,
    cells: Sequence[tuple[Proposal, Linked]],
    read: Sequence[Candidate],
    dismissals: Sequence[Dismissal],
) -> Explanation:
    here = [(proposal, item) for proposal, item in cells if _path(proposal) == path]
    joined = [candidate for _, item in here for group in (item.agreeing, *item.rivals) for candidate in group]
    return Explanation(
        path,
        tuple(_told(proposal, item) for proposal, item in here),
        tuple(_distinct([c for c in read if c.path == path and not _is_among(c, joined)])),
        tuple(
            Rejected(candidate, dismissal.reasons)
            for dismissal in dismissals
            for candidate in dismissal.candidates
            if candidate.path == path
        ),
    )


def _told(proposal: Proposal, item: Linked) -> Told:
    agreeing = [candidate for candidate in item.agreeing if candidate.evidence != proposal.evidence]
    return Told(proposal, _distinct(agreeing), tuple(map(_distinct, item.rivals)))


def _path(proposal: Proposal) -> str:
    return f"{proposal.cell.entity.kind}.{proposal.cell.field}"


def _is_among(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    return any(_says_so_there(candidate, other) for other in others)


def _says_so_there(a: Candidate, b: Candidate) -> bool:
    return a.value == b.value and a.evidence == b.evidence


def _distinct(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates, each value and place once."""
    kept: list[Candidate] = []
    for candidate in found:
        if not _is_among(candidate, kept):
            kept.append(candidate)
    return tuple(kept)
