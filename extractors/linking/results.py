"""Results: one per model, benchmark, metric, split and setting, however often the paper prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.ids import EntityId, PaperId
from extractors.facts.records import Candidate, Proposal
from extractors.facts.values import Name
from extractors.linking.models import ModelIndex
from extractors.linking.proposals import proposals_of
from extractors.linking.slugs import SlugMint

_IDENTITY = ("result.model", "result.benchmark", "result.metric", "result.split", "result.setting")


def link_results(paper: PaperId, drafts: Sequence[Draft], index: ModelIndex) -> tuple[Proposal, ...]:
    """Proposals for the results that the drafts state."""
    groups: dict[tuple[str, ...], list[Draft]] = {}
    for draft in drafts:
        if draft.kind == "result":
            linked = _with_model(draft, index)
            groups.setdefault(_identity(linked), []).append(linked)
    mint, found = SlugMint(), list[Proposal]()
    for parts, group in groups.items():
        slug = mint.mint(*(part for part in parts if part != "unspecified"))
        found += proposals_of(EntityId(paper, "result", slug), group)
    return tuple(found)


def _with_model(draft: Draft, index: ModelIndex) -> Draft:
    printed = index.meant(draft.mention)
    if printed is None or not draft.candidates:
        return draft
    link = Candidate("result.model", index.link(printed), draft.candidates[0].evidence)
    return replace(draft, candidates=(link, *draft.candidates))


def _identity(draft: Draft) -> tuple[str, ...]:
    names = {c.path: c.value.id for c in reversed(draft.candidates) if isinstance(c.value, Name)}
    return tuple(names.get(path, "") for path in _IDENTITY)
