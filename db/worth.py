"""What a person's look is worth: the order of the review queue, in pure functions.

People's minutes are what a service like this runs out of. A look at a value is worth the more

- the more its field and its entity matter to the published fits, which take of each paper and benchmark the best result
  and what training its model cost (`analysis.points`);
- the likelier it is to be right, because a confirmation publishes it, and the more open that is, because then the
  decision teaches the confidence model most.

Whoever opens a paper reads it once for all its values, so papers queue as wholes. A paper stands where the best use of a
visit to it puts it, and moves forward as it waits; since all move at the same pace, their order changes only with
their items, and no row must be written as days pass. Somebody's flag or disagreement goes before everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from types import MappingProxyType

from db.tables import Look
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId

URGENCY: Mapping[Look, float] = MappingProxyType(
    {
        "flagged": 30.0,
        "reviewers-disagree": 20.0,
        "machine-disagrees": 20.0,
        "uncertain": 0.0,
        "audit": 0.0,
        "unread": 0.0,
    }
)
"""What a look goes before, most urgent first; more than any paper's worth and any wait."""

FIELD_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        **{f"run.{name}": 1.0 for name in ("accelerator", "count", "wall_time", "device_time", "compute")},
        "result.score": 1.0,
        **{f"model.{name}": 0.8 for name in ("flops", "multiply_adds", "parameters")},
        **{f"run.{name}": 0.3 for name in ("epochs", "training_set_size", "epoch_time", "number_format")},
        **{f"run.{name}": 0.2 for name in ("steps", "batch_size", "step_time")},
    }
)
"""How much a field matters: the fits' own axes, then what they can be worked out from, then the rest at `OTHER_FIELD`."""
OTHER_FIELD = 0.1

ROLE_WEIGHTS: Mapping[str, float] = MappingProxyType({"headline": 1.0, "own": 0.5, "baseline": 0.1})
"""How much a model matters that holds none of its paper's best results; one that does matters as a headline."""
OTHER_MODEL = 0.5
"""How much one matters of which no role is known."""
PHASE_WEIGHTS: Mapping[str, float] = MappingProxyType({"finetuning": 0.8, "search": 0.6})
"""How much a run matters among its model's; others in full, for the burden is their sum."""
OTHER_RESULT = 0.3
"""How much a result matters that is not the best of its paper, or that is an ensemble's."""

AUDIT = 0.3
"""What an audit is worth, or reading a paper whole, whatever the value: if people saw the doubtful ones first, what they found would be no fair sample."""
OPENING = 5
"""Opening a paper costs as much time as deciding so many of its values."""
AGING = 0.25
"""How much a paper gains in a year of waiting; the best are worth about one half."""

_YEAR = timedelta(days=365.25)
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_EVEN = 0.5
"""Probability of a value about which the model says nothing."""

Identities = Mapping[EntityId, Mapping[str, str]]
"""The ids of names in identity fields, as `role` and `headline`."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A cell that waits for a look."""

    key: CellKey
    why: Look
    probability: float | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands in the queue: by the rank of its paper, then by its own; lower comes first."""

    paper: float
    """Of its paper, or of what is urgent in it."""
    own: float
    """Within its paper."""


def places(waits: Sequence[Wait], identities: Identities) -> dict[CellKey, Place]:
    """Where the waiting cells of one paper stand in the queue.

    Args:
        waits: all of the paper's.
        identities: what the paper's entities are.
    """
    weights = entity_weights(identities)
    worths = {wait.key: worth(wait, weights.get(wait.key.entity, 1.0)) for wait in waits}
    of_paper = paper_place(worths.values(), [wait.since for wait in waits])
    return {wait.key: Place(of_paper - URGENCY[wait.why], -worths[wait.key]) for wait in waits}


def paper_place(worths: Iterable[float], since: Iterable[datetime]) -> float:
    """The rank of a paper by what its waiting cells are worth and since when they wait, before what is urgent; lower comes first."""
    waiting_since = min(since, default=_LONG_AGO)
    return -(visit(worths) - AGING * ((waiting_since - _LONG_AGO) / _YEAR))


def worth(wait: Wait, entity_weight: float) -> float:
    """What a look at a cell is worth, from 0 to 1.

    The sum of what it publishes, p, and what it teaches, p(1 - p), times how much the cell matters.
    """
    if wait.why in ("audit", "unread"):
        return AUDIT
    p = _EVEN if wait.probability is None else wait.probability
    return FIELD_WEIGHTS.get(field_of(wait.key).path, OTHER_FIELD) * entity_weight * (p + p * (1 - p))


def visit(worths: Iterable[float]) -> float:
    """What a visit to a paper is worth for the time it takes, if it ends when going on is no longer worth the while."""
    sums = accumulate(sorted(worths, reverse=True))
    return max((total / (OPENING + number) for number, total in enumerate(sums, start=1)), default=0.0)


def entity_weights(identities: Identities) -> dict[EntityId, float]:
    """How much each entity of a paper matters to the fits, from 0 to 1."""
    best = {said.get("model") for id, said in identities.items() if id.kind == "result" and _is_best(said)}
    models = {
        id.slug: 1.0 if id.slug in best else ROLE_WEIGHTS.get(said.get("role", ""), OTHER_MODEL)
        for id, said in identities.items()
        if id.kind == "model"
    }
    return {id: _entity_weight(id, said, models) for id, said in identities.items()}


def _entity_weight(id: EntityId, said: Mapping[str, str], models: Mapping[str, float]) -> float:
    if id.kind == "paper":
        return 1.0
    if id.kind == "model":
        return models[id.slug]
    # what names no model is said of all of them
    of_model = models.get(said["model"], OTHER_MODEL) if "model" in said else 1.0
    if id.kind == "run":
        return of_model * PHASE_WEIGHTS.get(said.get("phase", ""), 1.0)
    return 1.0 if _is_best(said) else OTHER_RESULT * of_model


def _is_best(said: Mapping[str, str]) -> bool:
    return said.get("standing") == "best" and said.get("setting") != "ensemble"
