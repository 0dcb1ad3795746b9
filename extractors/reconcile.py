"""A new reading of a paper laid onto the entities that exist, so that ids, reviews and differences survive it.

Each provisional entity becomes the known one it is most like, by one assignment for all of a kind; what is like
none gets a slug that no entity of the paper ever had. Models come first, because runs and results are also known
by their model. Known entities that the reading lacks are reported, never deleted: merging and removing is for
people. How alike two entities are is in `extractors.likeness`; storing the outcome is in `db.readings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from extractors.facts.errors import UsageError
from extractors.facts.fields import field_of
from extractors.facts.ids import ENTITY_KINDS, CellKey, EntityId, EntityKind, PaperId, unused_slug
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Value
from extractors.likeness import Fingerprint, Portrait, fingerprint, likeness, says_the_same

EXACT = 1_000.0
"""For two that say exactly the same: more than any number of half likenesses can outweigh."""
CURRENT, SLUG = 0.01, 0.005
"""For what was in the newest reading, and for an equal slug: they decide between equals only."""


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """An entity that exists, with what has been said of it."""

    id: EntityId
    proposals: tuple[Proposal, ...] = ()
    """Those of the newest reading that speaks of it."""
    current: bool = True
    """Whether that is the newest reading of the paper."""
    decided: Mapping[str, Value] = field(default_factory=dict)
    """Values that people gave or confirmed, by field."""
    seen: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    """All values ever proposed, by field; needed only where people decided something."""
    merged_into: EntityId | None = None
    """The entity that a person said it is the same as; readings may go on telling the two apart."""


@dataclass(frozen=True, slots=True)
class Known:
    """All entities of a paper that were ever minted, merged and removed ones included."""

    entities: tuple[KnownEntity, ...] = ()

    @classmethod
    def from_reading(cls, reading: Reading) -> Known:
        """What is known after a reading that was reconciled and not yet reviewed."""
        said = _by_entity(reading.proposals)
        return cls(tuple(KnownEntity(id, tuple(proposals)) for id, proposals in said.items()))

    @property
    def roots(self) -> Mapping[EntityId, EntityId]:
        """What each entity was merged into in the end."""
        into = {entity.id: entity.merged_into for entity in self.entities}
        return {id: _root(id, into) for id in into}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A reading in terms of entities that exist or are to be minted."""

    reading: Reading
    """The reading with its final ids and links."""
    ids: Mapping[EntityId, EntityId]
    """Final id by provisional id."""
    matched: tuple[EntityId, ...]
    """Known entities that it speaks of."""
    minted: tuple[EntityId, ...]
    """New entities."""
    vanished: tuple[EntityId, ...]
    """Known entities that it does not speak of."""


def reconcile(known: Known, reading: Reading) -> Reconciliation:
    """Lay a reading onto the entities that exist.

    The outcome does not depend on the order of entities or proposals. A link that names no model of the reading
    stays as it is.

    Raises:
        UsageError: an entity belongs to another paper.
    """
    _refuse_strangers(known, reading)
    said = _by_entity(reading.proposals)
    ids: dict[EntityId, EntityId] = {}
    for kind in ENTITY_KINDS:
        old = sorted(
            (entity for entity in known.entities if entity.id.kind == kind), key=lambda item: str(item.id)
        )
        new = sorted(id for id in said if id.kind == kind)
        ids |= _laid(known, old, new, _rewritten(reading.proposals, ids))
    final = _rewritten(reading.proposals, ids)
    existing = {entity.id for entity in known.entities}
    used = set(ids.values())
    return Reconciliation(
        replace(reading, proposals=final),
        ids,
        matched=tuple(sorted(used & existing)),
        minted=tuple(sorted(used - existing)),
        vanished=tuple(sorted(existing - used)),
    )


def _laid(
    known: Known, old: Sequence[KnownEntity], new: Sequence[EntityId], proposals: Sequence[Proposal]
) -> dict[EntityId, EntityId]:
    """Final ids of the entities of one kind; the links of its runs and results are final already."""
    old_company = _company(proposal for entity in known.entities for proposal in entity.proposals)
    new_company = _company(proposals)
    said, roots = _by_entity(proposals), known.roots
    before = [_known_portrait(entity, roots, old_company.get(entity.id, _NOBODY)) for entity in old]
    now = [_portrait(id.kind, said[id], roots, new_company.get(id, _NOBODY)) for id in new]
    scores = np.array(
        [
            [_score(entity, portrait, id, other) for id, other in zip(new, now, strict=True)]
            for entity, portrait in zip(old, before, strict=True)
        ]
    ).reshape(len(old), len(new))
    found = {new[j]: old[i].id for i, j in _paired(scores) if scores[i, j] > 0}
    return found | _minted([id for id in new if id not in found], {entity.id.slug for entity in old})


def _paired(scores: NDArray[np.float64]) -> Iterable[tuple[int, int]]:
    """The pairs, a row and a column each, whose scores come to most together."""
    if not scores.size:  # as of most papers: nothing was known of them
        return ()
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  # takes long to load

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return zip(rows.tolist(), columns.tolist(), strict=True)


def _score(entity: KnownEntity, before: Portrait, id: EntityId, now: Portrait) -> float:
    """Likeness, with what decides between equals; 0 if the two cannot be the same."""
    score = likeness(before, now)
    if score <= 0:
        return 0.0
    return (
        score
        + EXACT * says_the_same(before, now)
        + CURRENT * entity.current
        + SLUG * (entity.id.slug == id.slug)
    )


def _minted(ids: Sequence[EntityId], taken: set[str]) -> dict[EntityId, EntityId]:
    """Ids with slugs that were never used."""
    found: dict[EntityId, EntityId] = {}
    for id in ids:
        slug = unused_slug(id.slug, taken)
        taken.add(slug)
        found[id] = replace(id, slug=slug)
    return found


# What is compared

_NOBODY: frozenset[Fingerprint] = frozenset()


def _known_portrait(
    entity: KnownEntity, roots: Mapping[EntityId, EntityId], company: frozenset[Fingerprint]
) -> Portrait:
    kind = entity.id.kind
    portrait = _portrait(kind, entity.proposals, roots, company)
    return replace(
        portrait,
        decided={
            f"{kind}.{name}": _rooted(entity.id, name, value, roots) for name, value in entity.decided.items()
        },
        seen={
            f"{kind}.{name}": tuple(_rooted(entity.id, name, value, roots) for value in values)
            for name, values in entity.seen.items()
        },
    )


def _portrait(
    kind: EntityKind,
    proposals: Iterable[Proposal],
    roots: Mapping[EntityId, EntityId],
    company: frozenset[Fingerprint],
) -> Portrait:
    said = {
        f"{kind}.{item.cell.field}": replace(
            item, value=_rooted(item.cell.entity, item.cell.field, item.value, roots)
        )
        for item in proposals
    }
    return Portrait(kind, said, company=company)


def _rooted(entity: EntityId, name: str, value: Value, roots: Mapping[EntityId, EntityId]) -> Value:
    """A link's value with the entity that its target was merged into; other values as they are."""
    return _linked(CellKey(entity, name), value, roots)


def _company(proposals: Iterable[Proposal]) -> dict[EntityId, frozenset[Fingerprint]]:
    """For each model, the facts of the runs and results that are linked to it."""
    company: dict[EntityId, set[Fingerprint]] = {}
    for said in _by_entity(proposals).values():
        for model in (target for item in said if (target := _target(item.cell, item.value))):
            company.setdefault(model, set()).update(
                fingerprint(item) for item in said if field_of(item.cell).use == "fact"
            )
    return {model: frozenset(facts) for model, facts in company.items()}


# Links


def _rewritten(proposals: Iterable[Proposal], ids: Mapping[EntityId, EntityId]) -> tuple[Proposal, ...]:
    """Proposals with the ids found so far, in their cells and in their links."""
    return tuple(
        replace(
            item,
            cell=replace(item.cell, entity=ids.get(item.cell.entity, item.cell.entity)),
            value=_linked(item.cell, item.value, ids),
            rivals=tuple(replace(rival, value=_linked(item.cell, rival.value, ids)) for rival in item.rivals),
        )
        for item in proposals
    )


def _linked(cell: CellKey, value: Value, ids: Mapping[EntityId, EntityId]) -> Value:
    target = _target(cell, value)
    if target is None or not isinstance(value, Name) or target not in ids:
        return value
    return replace(value, id=ids[target].slug)


def _target(cell: CellKey, value: Value) -> EntityId | None:
    """The entity that a link cell's value names."""
    kind = field_of(cell).links
    if kind is None or not isinstance(value, Name):
        return None
    return EntityId(cell.entity.paper, kind, value.id)


def _root(id: EntityId, into: Mapping[EntityId, EntityId | None]) -> EntityId:
    seen = {id}
    while (target := into.get(id)) is not None and target not in seen:
        seen.add(target)
        id = target
    return id


def _by_entity(proposals: Iterable[Proposal]) -> dict[EntityId, list[Proposal]]:
    found: dict[EntityId, list[Proposal]] = {}
    for item in proposals:
        found.setdefault(item.cell.entity, []).append(item)
    return found


def _refuse_strangers(known: Known, reading: Reading) -> None:
    papers: set[PaperId] = {entity.id.paper for entity in known.entities} | {
        id.paper for id in reading.entities
    }
    if papers - {reading.paper}:
        raise UsageError(
            f"entities of {', '.join(sorted(papers - {reading.paper}))} in a reading of {reading.paper}",
            where=reading.sha256,
            remedy="Reconcile each paper with its own entities",
        )
