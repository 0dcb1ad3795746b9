"""How much an entity of a new reading is like one that is known: the score that `extractors.reconcile` assigns by.

Names, values and places all speak for sameness, and no single one is needed: a renamed model has its old places
and values, a corrected value its old place, a paper's new version its old words. What differs at another place
speaks against it. Values decided by people bind: nothing that contradicts what they said an entity is can be it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extractors.facts.evidence import Box, Evidence
from extractors.facts.fields import FIELDS, same_value
from extractors.facts.ids import EntityKind
from extractors.facts.ontology import name_key
from extractors.facts.records import Proposal
from extractors.facts.values import Name, Value


@dataclass(frozen=True, slots=True)
class Weight:
    """What a field says about sameness."""

    same: float
    """For it, if the values are the same."""
    differ: float
    """Against it, if they differ at different places."""


WEIGHTS: Mapping[str, Weight] = {
    "model.name": Weight(8, 2),  # within a paper, names are unique
    "model.parameters": Weight(3, 1.5),
    "model.flops": Weight(3, 1.5),
    "model.multiply_adds": Weight(3, 1.5),
    "run.model": Weight(2, 5),
    "run.phase": Weight(1, 3),
    "run.accelerator": Weight(2, 3),
    "run.count": Weight(2, 2),
    "run.wall_time": Weight(3, 4),
    "run.device_time": Weight(3, 4),
    "run.compute": Weight(3, 4),
    "result.model": Weight(2, 5),
    "result.benchmark": Weight(3, 5),
    "result.metric": Weight(2, 5),
    "result.split": Weight(1, 3),
    "result.setting": Weight(1, 3),
    "result.score": Weight(3, 3),
}
"""By hand, for one aim: a pair that shares all but one thing is the same, one that shares only hardware or a table
row is not. Fields that are missing here say little either way."""

LITTLE = Weight(0.5, 0.5)
PLACED = 1.0
"""For a fact that stands where it stood."""
REREAD = 0.75
"""Share of `same` for a fact that is read otherwise at the place where it stood."""
COMPANY = 6.0
"""For a model whose runs and results are all those of the other."""
LONELY = 0.02
"""Against it, for each field that only one of the two has."""
FLOOR = 2.0
"""Least score of two entities that are the same, unless they have too little to say to reach it."""

DEFINING: Mapping[EntityKind, tuple[str, ...]] = {
    "model": (),
    "run": ("run.model", "run.phase"),
    "result": ("result.model", "result.benchmark", "result.metric", "result.split", "result.setting"),
}
"""Where these differ, only the same fact at the same place makes two entities the same."""

_PLACED_FIELDS = frozenset(path for path, item in FIELDS.items() if item.use == "fact") | {"model.name"}
"""Other identity fields take over the evidence of a fact, so that their place says nothing more."""

Fingerprint = tuple[str, str, str]
"""A fact of a model's run or result: field, value and words."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is known of an entity for the comparison; links are slugs of known models on both sides."""

    kind: EntityKind
    said: Mapping[str, Proposal]
    """The newest proposal by path."""
    decided: Mapping[str, Value] = field(default_factory=dict)
    """What people said, by path."""
    seen: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    """All values ever proposed, by path; needed only where people decided something."""
    company: frozenset[Fingerprint] = frozenset()
    """Facts of a model's runs and results."""

    @property
    def paths(self) -> frozenset[str]:
        """The fields it says something about."""
        return frozenset(self.said) | frozenset(self.decided)


def likeness(known: Portrait, new: Portrait) -> float:
    """Score for the two being the same; 0 or less if they cannot be.

    No other portrait scores higher against `new` than one that says exactly the same at the same places.
    """
    if contradicts(known, new) or moved(known, new):
        return 0.0
    points = sum(_points(path, known, new) for path in known.paths & new.paths)
    total = points + COMPANY * _overlap(known.company, new.company) - LONELY * len(known.paths ^ new.paths)
    return total if total >= min(FLOOR, 0.5 * fullness(known), 0.5 * fullness(new)) else 0.0


def fullness(portrait: Portrait) -> float:
    """The score of a portrait against itself."""
    said = sum(_weight(path).same + PLACED * (path in _PLACED_FIELDS) for path in portrait.said)
    typed = sum(_weight(path).same for path in portrait.decided.keys() - portrait.said.keys())
    return said + typed + COMPANY * bool(portrait.company)


def says_the_same(known: Portrait, new: Portrait) -> bool:
    """Whether two readings say exactly the same of an entity, at the same places."""
    return known.said.keys() == new.said.keys() and all(
        _same(path, before.value, new.said[path].value)
        and (path not in _PLACED_FIELDS or same_place(before.evidence, new.said[path].evidence))
        for path, before in known.said.items()
    )


def contradicts(known: Portrait, new: Portrait) -> bool:
    """Whether people looked at the known entity, and the new one is said to be something else."""
    if not known.decided:
        return False
    defining = {*DEFINING[known.kind], *(path for path in known.decided if FIELDS[path].use == "identity")}
    return any(_disagrees(path, known, new) for path in defining & new.said.keys())


def moved(known: Portrait, new: Portrait) -> bool:
    """Whether the two differ in what defines them and share no fact at its place that could outweigh it."""
    shared = known.said.keys() & new.said.keys()
    if not any(
        _differ(path, known.said[path].value, new.said[path].value)
        for path in shared & {*DEFINING[known.kind]}
    ):
        return False
    facts = (path for path in shared if FIELDS[path].use == "fact")
    return not any(
        _same(path, known.said[path].value, new.said[path].value)
        and same_place(known.said[path].evidence, new.said[path].evidence)
        for path in facts
    )


def same_place(a: Evidence, b: Evidence) -> bool:
    """Whether two pieces of evidence stand at the same place: boxes in the same file, words in another version."""
    if a.sha256 == b.sha256 and a.page != b.page:
        return False
    if a.sha256 == b.sha256 and a.box and b.box:
        return _covers(a.box, b.box)
    return a.quote.split() == b.quote.split()


def fingerprint(proposal: Proposal) -> Fingerprint:
    """What is kept of a fact to recognise a model by its runs and results."""
    value = proposal.value
    said = value.id if isinstance(value, Name) else repr(getattr(value, "value", None))
    return (
        f"{proposal.cell.entity.kind}.{proposal.cell.field}",
        said,
        " ".join(proposal.evidence.quote.split()),
    )


def _points(path: str, known: Portrait, new: Portrait) -> float:
    weight = _weight(path)
    if path not in new.said:
        return 0.0
    now, before = new.said[path], known.said.get(path)
    placed = before is not None and path in _PLACED_FIELDS and same_place(before.evidence, now.evidence)
    values = _before(path, known)
    if any(_same(path, value, now.value) for value in values):
        return weight.same + PLACED * placed
    rivals = [*(rival.value for rival in before.rivals)] if before else []
    if any(_same(path, value, now.value) for value in rivals) or placed:
        return REREAD * weight.same
    return -weight.differ if all(_differ(path, value, now.value) for value in values) else 0.0


def _before(path: str, known: Portrait) -> list[Value]:
    """What people and the newest reading say of a field."""
    said = [known.said[path].value] if path in known.said else []
    return [known.decided[path], *said] if path in known.decided else said


def _disagrees(path: str, known: Portrait, new: Portrait) -> bool:
    values = [*_before(path, known), *known.seen.get(path, ())]
    return bool(values) and all(_differ(path, value, new.said[path].value) for value in values)


def _same(path: str, a: Value, b: Value) -> bool:
    if path == "model.name" and isinstance(a, Name) and isinstance(b, Name):
        return name_key(a.id) == name_key(b.id)
    return same_value(FIELDS[path], a, b)


def _differ(path: str, a: Value, b: Value) -> bool:
    """Whether two values cannot both be true; `unspecified` goes with everything."""
    return not _same(path, a, b) and not any(
        isinstance(item, Name) and item.id == "unspecified" for item in (a, b)
    )


def _weight(path: str) -> Weight:
    return WEIGHTS.get(path, LITTLE)


def _overlap(a: frozenset[Fingerprint], b: frozenset[Fingerprint]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


def _covers(a: Box, b: Box) -> bool:
    """Whether two boxes of a page share more than half of the area that both cover."""
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.bottom, b.bottom) - max(a.top, b.top)
    if a == b:
        return True
    if wide <= 0 or high <= 0:
        return False
    return wide * high > 0.5 * (_area(a) + _area(b) - wide * high)


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
