"""The course of a paper's review: each entry of its log, and the cell before and after it as a fold showed it then.

What is known grows with each entry instead of being gathered anew for it, so that a long log takes as long as its entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from db.cells import CellState, EntityState, Hearing, Judge, resolve_entity, resolve_heard
from db.dossier import Dossier, merged_of
from db.events import Decision, Entry
from extractors.facts.ids import CellKey, EntityId


@dataclass(frozen=True, slots=True)
class Step:
    """An entry and what it changed."""

    entry: Entry
    before: CellState | None
    """The cell before it; None for an entry about an entity."""
    after: CellState | EntityState
    """The cell after it, or the entity."""


def course(dossier: Dossier, judge: Judge) -> Iterator[Step]:
    """All that was said of a paper, in the order of the log.

    Args:
        dossier: all that is known of the paper.
        judge: by which model what nobody decided is shown.
    """
    told = _Told(dossier, judge, {id: resolve_entity(()) for id in dossier.entities})
    said = (entry for entries in dossier.entries.values() for entry in entries)
    for entry in sorted(said, key=lambda entry: entry.seq):
        key = entry.envelope.cell
        if key is None:
            yield Step(entry, None, told.hear_of_entity(entry))
        else:
            before = told.state(key, entry)
            told.hear(key, entry)
            yield Step(entry, before, told.state(key, entry))


@dataclass(slots=True)
class _Told:
    """What is known up to an entry."""

    dossier: Dossier
    judge: Judge
    entities: dict[EntityId, EntityState]
    merged: tuple[EntityId, ...] = ()
    of_cells: defaultdict[CellKey, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    of_entities: defaultdict[EntityId, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    hearings: dict[tuple[tuple[EntityId, ...], str], _Heard] = field(default_factory=dict)
    """What was said of the cells of entities that are the same, by the entities and the field."""
    decided: dict[EntityId, Entry] = field(default_factory=dict)
    """The first decision about a cell of each entity: that there is one is all that other cells go by."""

    def hear_of_entity(self, entry: Entry) -> EntityState:
        """Take in what is said of an entity."""
        id = entry.envelope.entity
        self.of_entities[id].append(entry)
        self.entities[id] = resolve_entity(self.of_entities[id])
        self.merged = merged_of(self.entities)
        return self.entities[id]

    def hear(self, key: CellKey, entry: Entry) -> None:
        """Take in what is said of a cell."""
        self.of_cells[key].append(entry)
        if isinstance(entry.event, Decision):
            self.decided.setdefault(key.entity, entry)

    def state(self, key: CellKey, entry: Entry) -> CellState:
        """A cell as it was then."""
        then = replace(self.dossier, entities=self.entities, merged=self.merged, proposals={}, entries={})
        members = then.group(key.entity) if then.root(key.entity) == key.entity else (key.entity,)
        then = self._known_of(then, members, entry)
        heard = self._heard(members, key.field)
        if key.entity.kind == "paper":
            void = key.entity not in then.drawn and not heard.is_anything_held
        else:
            void = then.is_void(key.entity)
        return resolve_heard(key, then.offers(key), heard, self.judge, void=void)

    def _heard(self, members: tuple[EntityId, ...], field: str) -> Hearing:
        """What was said so far of a cell of entities that are the same."""
        heard = self.hearings.setdefault((members, field), _Heard())
        fresh = [entry for id in members for entry in self.of_cells[CellKey(id, field)][heard.taken_in[id] :]]
        for entry in sorted(fresh, key=lambda entry: entry.seq):
            heard.hearing.hear(entry)
            heard.taken_in[entry.envelope.entity] += 1
        return heard.hearing

    def _known_of(self, then: Dossier, members: Sequence[EntityId], entry: Entry) -> Dossier:
        """What had been read and decided then of entities that are the same."""
        read = [reading for reading in then.readings if then.read_at[reading] <= entry.envelope.at]
        proposals = {
            id: {reading: said for reading, said in self.dossier.proposals[id].items() if reading in read}
            for id in members
            if id in self.dossier.proposals
        }
        decided = {id: (self.decided[id],) for id in members if id in self.decided}
        return replace(then, readings=tuple(read), proposals=proposals, entries=decided)


@dataclass(slots=True)
class _Heard:
    """What was heard of a cell."""

    hearing: Hearing = field(default_factory=Hearing)
    taken_in: defaultdict[EntityId, int] = field(default_factory=lambda: defaultdict(int))
    """How many of the entries about the cell of each entity."""
