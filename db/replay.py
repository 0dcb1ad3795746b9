"""Replaying what was said of a paper elsewhere: the same entries, in the same order, to the same cells.

A paper is replayed as a whole or not at all. It is the smallest piece that makes sense alone: cells, entities, merges
and undos never reach beyond it, and so one paper that conflicts does not keep ten thousand others out. Entries that are
there already are left alone. A new one is taken only if what was said last here of the same thing is what was said last
of it there: two histories are never merged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from db.cells import Judge, opinions_on
from db.dossier import Dossier, entry_of, load_dossier, lock_paper
from db.events import (
    Adjudicated,
    EntityAdded,
    EntityEvent,
    EntityMerged,
    Entry,
    Event,
    Reopened,
    Skipped,
    Undone,
)
from db.log import mint, record
from db.refresh import refresh
from db.slots import empty, pass_over
from db.tables import EntityRow, EventRow, PaperRow, ReviewItemRow, ReviewSlotRow
from extractors.facts.errors import BurdenError
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name

NEW_PAPER_LOCK = 2_007_055_59
"""Key of PostgreSQL's advisory lock for papers that only a log knows."""
SOURCE = "log"
"""The source of a paper that is known only from a review log."""

_About = tuple[EntityId, str | None]
"""What an entry is about: a cell, or an entity itself."""


@dataclass(frozen=True, slots=True)
class Minted:
    """An entity as it was made elsewhere."""

    entity: EntityId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """All that was said of one paper elsewhere."""

    paper: PaperId
    title: str
    published: datetime | None
    minted: tuple[Minted, ...]
    entries: tuple[Entry, ...]
    """In order; the numbers are those of the other log."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Why an entry cannot be replayed."""

    seq: int
    """Of the entry, in the other log."""
    what: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What replaying a paper did."""

    new: int = 0
    known: int = 0
    """Entries that were there already."""
    clashes: tuple[Clash, ...] = ()
    """If there is any, nothing was changed."""


def replay(session: Session, past: Past, judge: Judge, at: datetime) -> Replayed:
    """Take over what was said of a paper elsewhere, or say what is in the way.

    Args:
        session: a writing transaction.
        past: what was said.
        judge: what the cells are judged by here.
        at: now.
    """
    if session.get(PaperRow, past.paper) is None:
        _wait_for_others(session)
    if session.get(PaperRow, past.paper) is not None:
        lock_paper(session, past.paper)
    here = _Here.of(session, past)
    clashes = tuple(clash for entry in past.entries if (clash := here.refusal(entry)) is not None)
    if clashes:
        return Replayed(clashes=clashes)
    fresh = [entry for entry in past.entries if entry.envelope.uuid not in here.known]
    if fresh:
        _make_room(session, past, at)
        written = _write(session, fresh, here.numbers)
        dossier = load_dossier(session, past.paper)
        _empty_slots(session, dossier, (renumbered(entry, written) for entry in fresh), at)
        _fill_slots(session, dossier, at)
        refresh(session, past.paper, judge, at)
        for entry in fresh:
            if isinstance(entry.event, Skipped) and entry.envelope.cell is not None:
                pass_over(session, entry.envelope.cell)
    return Replayed(len(fresh), len(past.entries) - len(fresh))


# Whether an entry fits


@dataclass(slots=True)
class _Here:
    """What is known in this database, growing with each entry that fits."""

    known: Mapping[str, Entry]
    """Entries that are here already, by uuid."""
    entities: set[EntityId]
    """All that will exist."""
    found: frozenset[EntityId]
    """Those that existed before."""
    numbers: dict[int, int | None]
    """The number here of each entry there; None until it is written."""
    last: dict[_About, str]
    """The uuid of what was said last here, entries that fit included."""
    past: dict[_About, str]
    """The same of the other log, up to the entry that is looked at."""
    abouts: dict[int, _About]
    """By number there."""

    @classmethod
    def of(cls, session: Session, past: Past) -> _Here:
        ids = select(EntityRow.entity_id).where(EntityRow.paper_id == past.paper)
        found = frozenset(map(EntityId.parse, session.exec(ids)))
        about_paper = select(EventRow).where(col(EventRow.entity_id).in_(ids)).order_by(col(EventRow.seq))
        present = [entry_of(row) for row in session.exec(about_paper)]
        known = {entry.envelope.uuid: entry for entry in present}
        known |= _elsewhere(session, [e.envelope.uuid for e in past.entries if e.envelope.uuid not in known])
        last = {_about(entry): entry.envelope.uuid for entry in present}
        entities = {*found, *(minted.entity for minted in past.minted)}
        return cls(known, entities, found, {0: 0}, last, {}, {})

    def refusal(self, entry: Entry) -> Clash | None:
        """Why the entry does not fit here, or None; it counts as said from then on."""
        about, uuid = _about(entry), entry.envelope.uuid
        try:
            what = self._difference(entry) if uuid in self.known else self._objection(entry)
        except BurdenError as error:
            what = str(error)
        self.past[about], self.abouts[entry.seq] = uuid, about
        if uuid in self.known:
            self.numbers[entry.seq] = self.known[uuid].seq
        else:
            self.numbers[entry.seq], self.last[about] = None, uuid
        return Clash(entry.seq, what) if what else None

    def _difference(self, entry: Entry) -> str:
        """What an entry that is here already says otherwise here."""
        mine = self.known[entry.envelope.uuid]
        if any(number not in self.numbers for number in _pointers(entry)):
            return "it speaks of an entry that is not in this log"
        # Entries that an entry here speaks of are here too, or it would not be.
        numbers = {there: here for there, here in self.numbers.items() if here is not None}
        same = _gist(renumbered(entry, numbers)) == _gist(mine)
        return "" if same else f"entry {entry.envelope.uuid} is here already and says something else"

    def _objection(self, entry: Entry) -> str:
        """What speaks against an entry that is not here yet."""
        about = _about(entry)
        for thing in dict.fromkeys((about, (about[0], None))):
            if self.last.get(thing) != self.past.get(thing):
                return f"something else was said here of {_shown(thing)}"
        if isinstance(entry.event, EntityAdded) and about not in self.past:
            if about[0] in self.found:
                return f"there is already an entity {about[0]} here"
            self.entities.add(about[0])
        if about[0] not in self.entities:
            return f"there is no entity {about[0]}"
        return self._nonsense(entry)

    def _nonsense(self, entry: Entry) -> str:
        event, about = entry.event, _about(entry)
        if any(number not in self.numbers for number in _pointers(entry)):
            return "it speaks of an entry that is not in this log"
        if isinstance(event, Undone) and self.abouts.get(event.seq) != about:
            return f"it takes back what was not said of {_shown(about)}"
        if not isinstance(event, Undone) and isinstance(event, EntityEvent) != (about[1] is None):
            return f"{type(event).__name__} is not said of {_shown(about)}"
        if isinstance(event, EntityMerged) and event.into not in self.entities:
            return f"there is no entity {event.into}"
        return self._bad_value(entry)

    def _bad_value(self, entry: Entry) -> str:
        key, value = entry.envelope.cell, getattr(entry.event, "value", None)
        if key is None:
            return ""
        field = field_of(key)
        if value is None or isinstance(entry.event, Reopened):
            return ""
        if field.use == "whole" or not field.admits(value):
            return f"{value} is not a value of {field.path}"
        if field.links is not None and isinstance(value, Name):
            target = EntityId(key.entity.paper, field.links, value.id)
            return "" if target in self.entities else f"there is no {target} to link to"
        return ""


def _elsewhere(session: Session, uuids: list[str]) -> dict[str, Entry]:
    """Entries with these uuids that are about other papers, which is a mistake to be told."""
    found: dict[str, Entry] = {}
    for start in range(0, len(uuids), 500):
        query = select(EventRow).where(col(EventRow.uuid).in_(uuids[start : start + 500]))
        found |= {row.uuid: entry_of(row) for row in session.exec(query)}
    return found


def _about(entry: Entry) -> _About:
    return entry.envelope.entity, entry.envelope.field


def _gist(entry: Entry) -> tuple[_About, str, Event]:
    """What an entry says; not when, as what the machine says of itself has the same uuid whenever it says so."""
    return _about(entry), entry.envelope.actor, entry.event


def _shown(about: _About) -> str:
    entity, field = about
    return str(entity) if field is None else str(CellKey(entity, field))


def _pointers(entry: Entry) -> list[int]:
    """The numbers of the entries that an entry speaks of."""
    expect, event = entry.envelope.expect, entry.event
    found = [expect] if isinstance(expect, int) else []
    if isinstance(event, Undone):
        found.append(event.seq)
    return [*found, *event.between] if isinstance(event, Adjudicated) else found


def renumbered(entry: Entry, numbers: Mapping[int, int]) -> Entry:
    """An entry with the numbers of others that it speaks of changed; its own stays."""
    envelope, event = entry.envelope, entry.event
    if isinstance(envelope.expect, int):
        envelope = replace(envelope, expect=numbers[envelope.expect])
    changed: Event = event
    if isinstance(event, Undone):
        changed = Undone(numbers[event.seq])
    elif isinstance(event, Adjudicated):
        changed = replace(event, between=tuple(numbers[seq] for seq in event.between))
    return Entry(entry.seq, envelope, changed)


# Writing


def _wait_for_others(session: Session) -> None:
    """Let papers that are not here yet come one after the other: there is no row of theirs to lock. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NEW_PAPER_LOCK})


def _make_room(session: Session, past: Past, at: datetime) -> None:
    """The paper and the entities that the entries are about, where they are not here."""
    if session.get(PaperRow, past.paper) is None:
        # no version is listed: a source that lists the paper later brings those, and its title
        session.add(
            PaperRow(
                paper_id=past.paper,
                source=SOURCE,
                title=past.title,
                latest=0,
                published=past.published,
                first_seen=at,
            )
        )
        session.flush()
    for minted in past.minted:
        mint(session, minted.entity, minted.by, minted.at)
    for entry in past.entries:
        if isinstance(entry.event, EntityAdded):
            mint(session, entry.envelope.entity, entry.envelope.actor, entry.envelope.at)


def _write(session: Session, fresh: Iterable[Entry], numbers: Mapping[int, int | None]) -> Mapping[int, int]:
    """Add entries to the log; the number here of each that is here, by its number there."""
    written = {there: here for there, here in numbers.items() if here is not None}
    for entry in fresh:
        moved = renumbered(entry, written)
        written[entry.seq] = record(session, moved.envelope, moved.event)
    return written


def _empty_slots(session: Session, dossier: Dossier, fresh: Iterable[Entry], at: datetime) -> None:
    """Ask again for what was answered here and taken back elsewhere."""
    for entry in fresh:
        if isinstance(entry.event, Undone) and entry.envelope.cell is not None:
            empty(session, entry.event.seq, at, dossier.entries_about(entry.envelope.cell))


def _fill_slots(session: Session, dossier: Dossier, at: datetime) -> None:
    """Note in open items whose opinion is there, so that a second one is still asked of somebody else."""
    entries: dict[CellKey, list[Entry]] = defaultdict(list)
    for said in dossier.entries.values():
        for entry in said:
            if entry.envelope.cell is not None:
                entries[entry.envelope.cell].append(entry)
    query = select(ReviewItemRow).where(
        ReviewItemRow.paper_id == dossier.paper, col(ReviewItemRow.closed_at).is_(None)
    )
    for item in session.exec(query).all():
        key = CellKey(EntityId.parse(item.entity_id), item.field)
        for entry in opinions_on(sorted(entries.get(key, ()), key=lambda entry: entry.seq)):
            n = entry.envelope.slot
            slot = session.get(ReviewSlotRow, (item.id, n)) if n is not None else None
            if slot is not None and slot.role == "opinion" and slot.event_seq is None:
                slot.holder, slot.lease_until, slot.event_seq = entry.envelope.actor, at, entry.seq
                session.add(slot)
    session.flush()
