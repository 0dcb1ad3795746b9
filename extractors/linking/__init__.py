"""From drafts to proposals: which statements of a paper speak of the same model, run or result.

Each kind has its module; what they share is how candidates become proposals and how slugs are minted. Whether
an entity of this reading is one that earlier readings knew is the question of `extractors.reconcile`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.drafts import Draft
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal
from extractors.facts.values import Name
from extractors.linking.families import family_of, with_methods
from extractors.linking.models import ModelIndex, link_models
from extractors.linking.proposals import Linked
from extractors.linking.results import link_results
from extractors.linking.runs import link_runs
from extractors.linking.schedules import with_schedules
from extractors.linking.sizes import with_sizes
from extractors.ownership import Ownership

__all__ = ["Linked", "link", "linked"]


def link(paper: PaperId, drafts: Sequence[Draft], ownership: Ownership) -> tuple[Proposal, ...]:
    """The proposals of one paper: models first, so that runs and results can point to them."""
    return tuple(item.proposal for item in linked(paper, drafts, ownership))


def linked(paper: PaperId, drafts: Sequence[Draft], ownership: Ownership) -> tuple[Linked, ...]:
    """The same with the candidates that each proposal was made of."""
    named = with_methods(with_sizes(drafts, ownership), ownership)
    index = ModelIndex(ownership, family_of(named, ownership))
    return tuple(
        _with_their_models(
            (
                *link_models(paper, named, index, ownership),
                *link_runs(paper, with_schedules(named), index),
                *link_results(paper, named, index),
            )
        )
    )


def _with_their_models(found: Sequence[Linked]) -> Iterator[Linked]:
    """The same, and a name for each model of which only runs or results tell: no link leads to what is not there."""
    told = {item.proposal.cell.entity for item in found}
    for item in found:
        cell, value = item.proposal.cell, item.proposal.value
        if cell.field == "model" and isinstance(value, Name):
            model = EntityId(cell.entity.paper, "model", value.id)
            if model not in told:
                told.add(model)
                name = replace(item.proposal, cell=CellKey(model, "name"), rivals=())
                yield replace(item, proposal=name, rivals=())
        yield item
