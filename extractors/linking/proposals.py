"""Candidates become proposals here: the value that most places state, and its rivals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.drafts import Draft
from extractors.facts.fields import FIELDS, Field, same_value
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.ontology import GENERIC
from extractors.facts.records import Candidate, Proposal, Rival
from extractors.facts.values import Name, Quantity, Value
from extractors.places import remoteness

_SAYING_LITTLE = {
    "run.accelerator": GENERIC,
    "run.number_format": frozenset({"mixed"}),
    "run.phase": frozenset({"training", "unspecified"}),
}
"""Values that leave open what another place may say."""
_COSTS = ("model.parameters", "model.flops", "model.multiply_adds")
_NUMBER = re.compile(r"\d[\d.,]*")
_FEWER = 2
"""Digits less that make a print a rounding of another; with one less it may be another count."""
_CLEAR = 2.5
"""Points of `rules.stance` from which a sentence speaks of training in so many words."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A proposal with the candidates it was made of."""

    proposal: Proposal
    agreeing: tuple[Candidate, ...]
    """Those that state the proposed value, in reading order, the cited one included."""
    rivals: tuple[tuple[Candidate, ...], ...]
    """Those that state each of the other values, in the order of the proposal's rivals."""


@dataclass(frozen=True, slots=True)
class _Supported:
    """A candidate with what its draft says for and against it."""

    candidate: Candidate
    features: Mapping[str, float]
    reasons: tuple[str, ...]


def proposals_of(entity: EntityId, drafts: Sequence[Draft]) -> tuple[Linked, ...]:
    """One proposal per field from drafts that state the same entity, in reading order.

    The value that most places state is proposed, the earliest of equals; the others are its rivals. Of the places
    that state it the one is cited where the paper reports in full (`places.remoteness`), not in a note or a sentence
    that hardly speaks of training if another does. A bare `GPU`
    stands back behind a named accelerator, `mixed precision` behind a named format and `1.6T` behind `1571B`, for these
    say more and contradict nothing. The feature
    `agreeing` counts the further places that say the same.
    """
    paths = {candidate.path for draft in drafts for candidate in draft.candidates}
    return tuple(
        _proposal(entity, definition, list(_supported(drafts, path)))
        for path, definition in FIELDS.items()
        if path in paths
    )


def _supported(drafts: Sequence[Draft], path: str) -> Iterator[_Supported]:
    for draft in drafts:
        for candidate in draft.candidates:
            if candidate.path == path:
                yield _Supported(candidate, {**draft.features, **candidate.features}, draft.reasons)


def _proposal(entity: EntityId, definition: Field, found: list[_Supported]) -> Linked:
    alike = _alike(definition, found)
    exact = [item.candidate.value for item in found if item.candidate.path in _COSTS]
    groups = sorted(alike, key=lambda group: (_says_little(group[0], exact), -len(group)))
    best = min(groups[0], key=lambda item: (remoteness(item.features), _says_it_aside(item)))
    rivals = tuple(_rival(group[0]) for group in groups[1:])
    features = {**best.features, "agreeing": float(len(groups[0]) - 1)}
    doubts = (f"the paper also says {_print_of(groups[1][0])}",) if rivals else ()
    candidate = best.candidate
    key = CellKey(entity, definition.name)
    proposal = Proposal(key, candidate.value, candidate.evidence, rivals, features, best.reasons + doubts)
    agreeing, *others = (tuple(item.candidate for item in group) for group in groups)
    return Linked(proposal, agreeing, tuple(others))


def _alike(definition: Field, found: list[_Supported]) -> list[list[_Supported]]:
    groups: list[list[_Supported]] = []
    for item in found:
        for group in groups:
            if same_value(definition, group[0].candidate.value, item.candidate.value):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _says_little(item: _Supported, exact: Sequence[Value]) -> bool:
    """Whether another place says the same and more: which GPU, or a cost of which this one is the rounding."""
    value = item.candidate.value
    if isinstance(value, Name):
        return value.id in _SAYING_LITTLE.get(item.candidate.path, ())
    return isinstance(value, Quantity) and any(
        isinstance(other, Quantity) and _is_rounding(value, other) for other in exact
    )


def _is_rounding(rough: Quantity, exact: Quantity) -> bool:
    """Whether a print is another's, less by two digits or more: `1.6T` and `1571B`."""
    return digits(rough) <= digits(exact) - _FEWER and agree_to(rough, exact, digits(rough))


def agree_to(a: Quantity, b: Quantity, count: int) -> bool:
    """Whether two quantities are the same, rounded to so many digits."""
    return a.unit == b.unit and count > 0 and f"{a.value:.{count - 1}e}" == f"{b.value:.{count - 1}e}"


def digits(value: Quantity) -> int:
    """The digits that a print gives, without zeros at its ends."""
    found = _NUMBER.search(value.printed)
    return len(found[0].replace(".", "").replace(",", "").strip("0")) if found else 0


def _says_it_aside(item: _Supported) -> tuple[bool, bool, bool]:
    known = item.features
    return (
        bool(known.get("in_footnote")),
        known.get("points", _CLEAR) < _CLEAR,
        bool(known.get("generic_name")),
    )


def _rival(item: _Supported) -> Rival:
    return Rival(item.candidate.value, item.candidate.evidence, item.features)


def _print_of(item: _Supported) -> str:
    return getattr(item.candidate.value, "printed", "nothing")
