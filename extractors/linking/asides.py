"""What rules set aside as somebody else's or of another use, as proposals of runs of their own.

The rules may be wrong about whose a training is, and then a person should be able to find what they dismissed and restore it. So
it becomes proposals that say why they are doubted, and the confidence model says how little they are to be trusted. They
are made last, from what is left: no run, link or check of the paper's own knows of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from extractors.confidence import ASIDE
from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, field_of, same_value
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.records import Candidate, Proposal
from extractors.facts.values import Name, NotReported, Value
from extractors.linking.proposals import proposals_of
from extractors.linking.slugs import SlugMint
from extractors.ownership import name_key

_COMPETING = "own_value"
"""Feature: the paper says another thing of its own training in this field."""

_Values = Mapping[str, Sequence[Value]]


def set_aside(paper: PaperId, drafts: Sequence[Draft], kept: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """Proposals of what was set aside, each statement once, without what the paper says of its own trainings too.

    Args:
        paper: the paper.
        drafts: what single places state, in reading order.
        kept: what the paper is taken to say of its own.
    """
    known, models = _said(kept), _models(kept)
    mint = SlugMint(item.cell.entity.slug for item in kept if item.cell.entity.kind == "run")
    found: list[Proposal] = []
    for group in _distinct([draft for draft in drafts if _is_new(draft, known)]):
        entity = EntityId(paper, "run", mint.mint(ASIDE))
        found += _proposals(entity, [_linked(draft, models) for draft in group], known)
    return tuple(found)


def _proposals(entity: EntityId, drafts: Sequence[Draft], known: _Values) -> Iterator[Proposal]:
    """The proposals of one run that was set aside, with what the paper says of its own training as a doubt."""
    for item in proposals_of(entity, drafts):
        proposal, field = item.proposal, field_of(item.proposal.cell)
        own = [
            value
            for value in known.get(field.path, ())
            if field.use == "fact" and not same_value(field, value, proposal.value)
        ]
        prints = [value.printed for value in own if not isinstance(value, NotReported)]
        features = {**proposal.features, ASIDE: 1.0, _COMPETING: float(bool(own))}
        doubts = (f"of its own training the paper says {prints[0]}",) if prints else ()
        yield replace(proposal, features=features, reasons=(*proposal.reasons, *doubts))


def _said(kept: Sequence[Proposal]) -> dict[str, list[Value]]:
    """All values that a paper's own runs have or might have, by path."""
    found: dict[str, list[Value]] = {}
    for item in kept:
        said = found.setdefault(field_of(item.cell).path, [])
        said += (item.value, *(rival.value for rival in item.rivals))
    return found


def _models(kept: Sequence[Proposal]) -> dict[str, str]:
    """The slugs of models by their names as keys."""
    names = (item for item in kept if item.cell.entity.kind == "model" and item.cell.field == "name")
    return {
        name_key(item.value.printed): item.cell.entity.slug for item in names if isinstance(item.value, Name)
    }


def _facts(draft: Draft) -> list[Candidate]:
    return [candidate for candidate in draft.candidates if FIELDS[candidate.path].use == "fact"]


def _is_new(draft: Draft, known: _Values) -> bool:
    """Whether a statement has a fact that the paper does not state of its own training anyway."""
    return any(not _among(candidate, known.get(candidate.path, ())) for candidate in _facts(draft))


def _among(candidate: Candidate, values: Iterable[Value]) -> bool:
    return any(same_value(FIELDS[candidate.path], candidate.value, value) for value in values)


def _distinct(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Drafts by what they state: one that states no more than another, of the same values, is with that."""
    groups: list[list[Draft]] = []
    for draft in sorted(drafts, key=lambda item: -len(_facts(item))):
        home = next((group for group in groups if _is_part(draft, group[0])), None)
        if home is None:
            groups.append([draft])
        else:
            home.append(draft)
    return groups


def _is_part(draft: Draft, whole: Draft) -> bool:
    return all(
        _among(candidate, [other.value for other in _facts(whole) if other.path == candidate.path])
        for candidate in _facts(draft)
    )


def _linked(draft: Draft, models: Mapping[str, str]) -> Draft:
    """The draft with a link to the model it names, if there is one of that name."""
    slug = models.get(name_key(draft.mention)) if draft.mention else None
    if slug is None or draft.mention is None:
        return draft
    link = Candidate("run.model", Name(slug, draft.mention), draft.candidates[0].evidence)
    return replace(draft, candidates=(link, *draft.candidates))
