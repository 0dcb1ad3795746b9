"""All that is known of one paper, loaded at once: its entities, what readings proposed, what people said.

A dossier is a value; `db.refresh` folds it into cells, `db.readings` lays new readings onto it. It alone knows how
rows of readings and of the log become the frozen types again, and which reading of a paper counts: that of the
newest version of the paper, by the newest extractor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.cells import EntityState, Offer, live, resolve_entity
from db.events import ACTOR_KINDS, ActorKind, Decision, Entry, Envelope, event_from_json
from db.policy import LOT
from db.tables import EntityRow, EventRow, Json, PaperRow, ProposalRow, ReadingRow
from extractors.facts.codec import evidence_from_json, value_from_json
from extractors.facts.errors import ConflictError
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Rival
from extractors.facts.values import Value

ReadingKey = tuple[str, str]
"""sha256 and extractor."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of a paper, or of some of its entities."""

    paper: PaperId
    entities: Mapping[EntityId, EntityState]
    """All of the paper, with what people said of them."""
    merged: tuple[EntityId, ...]
    """Those that people said are the same as another."""
    readings: tuple[ReadingKey, ...]
    """All of the paper, the one that counts last."""
    read_at: Mapping[ReadingKey, datetime]
    proposals: Mapping[EntityId, Mapping[ReadingKey, tuple[Proposal, ...]]]
    entries: Mapping[EntityId, tuple[Entry, ...]]
    """About cells and entities, in order."""
    drawn: frozenset[EntityId] = frozenset()
    """Papers as wholes on which the lot fell, so that somebody is asked to read them."""

    def root(self, entity: EntityId) -> EntityId:
        """What the entity was merged into in the end."""
        seen: set[EntityId] = set()
        while (into := self.entities[entity].merged_into) is not None and into not in seen:
            seen.add(into)
            entity = into
        return entity

    def group(self, entity: EntityId) -> tuple[EntityId, ...]:
        """All entities that people said are the same, the one that remains first."""
        root = self.root(entity)
        return (root, *(id for id in self.merged if id != root and self.root(id) == root))

    def newest(self, entity: EntityId) -> ReadingKey | None:
        """The newest reading that speaks of the entity."""
        spoken = self.proposals.get(entity, {})
        return next((reading for reading in reversed(self.readings) if reading in spoken), None)

    def is_void(self, entity: EntityId) -> bool:
        """Whether people said that it is another entity, or none; of a paper as a whole, whether nobody asks or says anything."""
        if entity.kind == "paper":
            return entity not in self.drawn and not live(self.entries.get(entity, ()))
        return self.root(entity) != entity or self.entities[entity].removed

    def cells(self, entity: EntityId) -> tuple[CellKey, ...]:
        """The cells of an entity about which anything was ever said, those of merged entities included; of a paper what is left."""
        members = self.group(entity) if self.root(entity) == entity else (entity,)
        fields = {
            *(p.cell.field for id in members for said in self.proposals.get(id, {}).values() for p in said),
            *(
                e.envelope.field
                for id in members
                for e in self.entries.get(id, ())
                if e.envelope.field is not None
            ),
            *(["rest"] if entity.kind == "paper" else []),
        }
        return tuple(CellKey(entity, field) for field in sorted(fields))

    def offers(self, key: CellKey) -> tuple[Offer, ...]:
        """What readings proposed for a cell, and for the same cell of entities merged into its entity."""
        members = self.group(key.entity) if self.root(key.entity) == key.entity else (key.entity,)
        identity = field_of(key).use == "identity" and self._reviewed(members)
        return tuple(
            Offer(*reading, reading == (self.newest(id) if identity else self.readings[-1]), proposal)
            for id in members
            for reading, said in self.proposals.get(id, {}).items()
            for proposal in said
            if proposal.cell.field == key.field
        )

    def entries_about(self, key: CellKey) -> tuple[Entry, ...]:
        """Log entries about a cell, and about the same cell of entities merged into its entity."""
        members = self.group(key.entity) if self.root(key.entity) == key.entity else (key.entity,)
        found = (e for id in members for e in self.entries.get(id, ()) if e.envelope.field == key.field)
        return tuple(sorted(found, key=lambda entry: entry.seq))

    def with_entry(self, entry: Entry) -> Dossier:
        """What is known once one more entry about a cell is in the log; one about an entity itself would change more."""
        said = {**self.entries, entry.envelope.entity: (*self.entries.get(entry.envelope.entity, ()), entry)}
        return replace(self, entries=said)

    def as_of(self, entry: Entry) -> Dossier:
        """What was known when an entry was added to the log, the entry included."""
        readings = tuple(key for key in self.readings if self.read_at[key] <= entry.envelope.at)
        entries = {id: tuple(e for e in said if e.seq <= entry.seq) for id, said in self.entries.items()}
        states = {id: resolve_entity(_of_entity(entries.get(id, ()))) for id in self.entities}
        proposals = {
            id: {key: proposed for key, proposed in said.items() if key in readings}
            for id, said in self.proposals.items()
        }
        return Dossier(
            self.paper, states, merged_of(states), readings, self.read_at, proposals, entries, self.drawn
        )

    def _reviewed(self, members: Iterable[EntityId]) -> bool:
        """Whether people decided anything: then what the entity is stays known when it is no longer read."""
        return any(isinstance(entry.event, Decision) for id in members for entry in self.entries.get(id, ()))


def load_dossier(session: Session, paper: PaperId, only: EntityId | None = None) -> Dossier:
    """What is known of a paper.

    Args:
        session: a transaction.
        paper: the paper.
        only: load proposals and cell entries of this entity and of those merged with it only.
    """
    minted = select(EntityRow.entity_id, EntityRow.minted_by).where(EntityRow.paper_id == paper)
    known = {EntityId.parse(id): by for id, by in sorted(session.exec(minted))}
    about_any = col(EventRow.entity_id).in_(_ids_of(paper)) & col(EventRow.field).is_(None)
    # with what is said of the one that is asked for, nearly always all that is needed: few are merged
    entries = _entries(session, about_any | (col(EventRow.entity_id) == str(only)) if only else about_any)
    about_entities = {id: tuple(_of_entity(said)) for id, said in entries.items()}
    states = {id: resolve_entity(about_entities.get(id, ())) for id in known}
    read_at = readings_of(session, paper)
    bare = Dossier(paper, states, merged_of(states), tuple(read_at), read_at, {}, about_entities)
    group = bare.group(only) if only in states else tuple(states)
    wanted = [str(id) for id in group]
    if group != (only,):
        entries = _entries(session, col(EventRow.entity_id).in_(wanted))
    return Dossier(
        paper,
        states,
        bare.merged,
        bare.readings,
        bare.read_at,
        _proposals(session, col(ProposalRow.entity_id).in_(wanted)),
        {id: said for id, said in entries.items() if id in group},
        frozenset(id for id, by in known.items() if by == LOT),
    )


def readings_of(session: Session, paper: PaperId) -> dict[ReadingKey, datetime]:
    """The readings of a paper with their times, the one that counts last."""
    query = select(ReadingRow.version, ReadingRow.extractor, ReadingRow.read_at, ReadingRow.sha256).where(
        ReadingRow.paper_id == paper
    )
    ordered = sorted(
        session.exec(query),
        key=lambda row: (row[0], extractor_order(row[1]), row[1], row[2], row[3]),
    )
    return {(sha256, extractor): read_at for _, extractor, read_at, sha256 in ordered}


def lock_paper(session: Session, paper: PaperId) -> None:
    """Make other writers of the same paper wait until this transaction ends, so that its log has one order.

    Raises:
        ConflictError: there is no such paper.
    """
    if (
        session.exec(select(PaperRow.paper_id).where(PaperRow.paper_id == paper).with_for_update()).first()
        is None
    ):
        raise ConflictError(f"there is no paper {paper}", remedy="Add it first")


def extractor_order(extractor: str) -> tuple[int, ...]:
    """The numbers in an extractor's name, so that `burden-0.10.0` comes after `burden-0.9.1`."""
    return tuple(map(int, re.findall(r"\d+", extractor)))


def entry_of(row: EventRow) -> Entry:
    """A log entry as it was appended."""
    envelope = Envelope(
        row.uuid,
        row.at,
        row.actor,
        _actor_kind(row.actor_kind),
        EntityId.parse(row.entity_id),
        row.field,
        row.slot,
        expect_from_json(row.expect),
        row.extractor,
        row.seconds,
        row.reason,
    )
    return Entry(row.seq or 0, envelope, event_from_json(row.kind, row.body))


def expect_from_json(data: Json | None) -> int | Value | None:
    """What an envelope expects, as it was stored."""
    if data is None:
        return None
    seq = data.get("seq")
    return seq if isinstance(seq, int) else value_from_json(data)


def _actor_kind(text: str) -> ActorKind:
    return next(kind for kind in ACTOR_KINDS if kind == text)


def merged_of(states: Mapping[EntityId, EntityState]) -> tuple[EntityId, ...]:
    """The entities that people said are the same as another."""
    return tuple(id for id, state in states.items() if state.merged_into is not None)


def _of_entity(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries about an entity itself."""
    return (entry for entry in entries if entry.envelope.field is None)


def _ids_of(paper: PaperId) -> SelectOfScalar[str]:
    return select(EntityRow.entity_id).where(EntityRow.paper_id == paper)


def _entries(session: Session, condition: ColumnElement[bool]) -> dict[EntityId, tuple[Entry, ...]]:
    query = select(EventRow).where(condition)
    found: defaultdict[EntityId, list[Entry]] = defaultdict(list)
    for entry in map(entry_of, session.exec(query.order_by(col(EventRow.seq)))):
        found[entry.envelope.entity].append(entry)
    return {entity: tuple(entries) for entity, entries in found.items()}


def _proposals(
    session: Session, condition: ColumnElement[bool]
) -> dict[EntityId, dict[ReadingKey, tuple[Proposal, ...]]]:
    ranked: dict[tuple[ReadingKey, str, str], list[ProposalRow]] = {}
    for row in session.exec(select(ProposalRow).where(condition).order_by(col(ProposalRow.rank))):
        ranked.setdefault(((row.sha256, row.extractor), row.entity_id, row.field), []).append(row)
    found: dict[EntityId, dict[ReadingKey, tuple[Proposal, ...]]] = {}
    for (reading, entity, field), rows in sorted(ranked.items()):
        key = CellKey(EntityId.parse(entity), field)
        said = found.setdefault(key.entity, {})
        said[reading] = (*said.get(reading, ()), _proposal(key, rows))
    return found


def _proposal(key: CellKey, rows: list[ProposalRow]) -> Proposal:
    first, *others = rows
    rivals = tuple(
        Rival(value_from_json(row.value), evidence_from_json(row.evidence), row.features) for row in others
    )
    value, evidence = value_from_json(first.value), evidence_from_json(first.evidence)
    return Proposal(key, value, evidence, rivals, first.features, tuple(first.reasons))
