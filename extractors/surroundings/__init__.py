"""What the rest of a paper says about each of its facts, in features and in words: pure, and no value is changed.

A rule sees a sentence or a row; whether a score is the best of its benchmark, whether other runs agree and how many
sizes a table gives is only known when all are read. What each counts is for the confidence model. Of many features
that could be had, those are here that made it better at judging papers it had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.facts.ids import EntityId
from extractors.facts.records import Proposal
from extractors.ownership import Ownership
from extractors.physics import FITTING
from extractors.surroundings.costs import around_costs
from extractors.surroundings.outline import Outline, Said, amount, outline_of
from extractors.surroundings.scores import around_scores
from extractors.surroundings.training import around_training

PREFIX = "paper:"
"""How the names of these features begin."""


def surrounded(proposals: Sequence[Proposal], ownership: Ownership) -> tuple[Proposal, ...]:
    """The proposals of one paper, in their order, with what the others say about each score, cost and training fact.

    Doubts come behind those that are known, and before what physics bears out.
    """
    outline = outline_of(proposals)
    elsewhere = _elsewhere(outline, ownership)
    found = {**around_scores(outline), **around_costs(outline), **around_training(outline)}
    return tuple(
        _marked(item, _introduced(found[item.cell], elsewhere.get(item.cell.entity)))
        if item.cell in found
        else item
        for item in proposals
    )


def _elsewhere(outline: Outline, ownership: Ownership) -> dict[EntityId, str]:
    """The names of well-known models of other papers, by what is said of them: models, runs and results."""
    named = [(one.id, one.printed("name")) for one in outline.models]
    named += [(one.id, one.printed("model")) for one in (*outline.runs, *outline.results)]
    return {id: name for id, name in named if name and ownership.is_known_elsewhere(name)}


def _introduced(said: Said, name: str | None) -> Said:
    """What is said of a fact, and whether its model is well known from another paper."""
    doubts = said.doubts if name is None else (*said.doubts, f"{name} is a model of another paper")
    return Said({**said.features, "known_elsewhere": float(name is not None)}, doubts)


def _marked(item: Proposal, said: Said) -> Proposal:
    borne_out = tuple(reason for reason in item.reasons if reason.startswith(FITTING))
    known = tuple(reason for reason in item.reasons if not reason.startswith(FITTING))
    doubts = (*known, *said.doubts)
    around = {**said.features, "doubts": amount(len(doubts))}
    features = {**item.features, **{PREFIX + name: value for name, value in around.items()}}
    return replace(item, features=features, reasons=(*doubts, *borne_out))
