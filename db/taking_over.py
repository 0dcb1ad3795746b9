"""What people decided of a paper, taken over by another that is the same file and is read in its stead (`db.duplicates`).

The same bytes have the same pages and boxes, so that nobody need look twice. What was said of the first is said again of the
second: the same entries in the same order, each by whoever said it then, under a name that tells which entry it repeats and with a
reason that tells of which paper it was said. What was said while the first had another file is not taken over, nor what has
no place in what is read of the second. What older extractors read of the file comes along, for decisions are also about that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db.cells import Judge
from db.dossier import Dossier, load_dossier, merged_of
from db.events import EntityMerged, Entry, Event, repeated
from db.log import mint
from db.replay import Minted, Past, replay
from db.tables import EntityRow, EventRow, FileRow, PaperRow, ProposalRow, ReadingRow, ReviewItemRow
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Reading

_About = tuple[EntityId, str | None]


@dataclass(frozen=True, slots=True)
class Legacy:
    """What is known of a paper that had the same file, as if it were known of the second."""

    first: PaperId
    shared: frozenset[str]
    """The files that both papers have, by sha256."""
    known: Dossier
    """With the ids of the second; its entries are those that speak of the shared files, as they are said again."""

    @property
    def size(self) -> int:
        """How many entries there are."""
        return sum(map(len, self.known.entries.values()))


def legacy_of(session: Session, reading: Reading) -> Legacy | None:
    """What is there to be taken over by a paper that is read for the first time; None where nobody decided anything.

    Args:
        session: a transaction.
        reading: of the second paper.
    """
    first = _first(session, reading)
    if first is None:
        return None
    shared = _shared(session, first, reading)
    known = load_dossier(session, first)
    said = _said_again(known, reading.paper, shared)
    return Legacy(first, shared, replace(_moved(known, reading.paper), entries=said)) if said else None


def copy_readings(session: Session, legacy: Legacy, reading: Reading, version: int, at: datetime) -> None:
    """Store what other extractors read of the shared files as readings of the second paper too.

    Args:
        session: a writing transaction.
        legacy: what is taken over.
        reading: of the second paper; what the same extractor read of the first is not copied beside it.
        version: of the second paper.
        at: now, for it is now that they are about the second.
    """
    of_first = ReadingRow.paper_id == legacy.first
    rows = session.exec(select(ReadingRow).where(of_first, col(ReadingRow.sha256).in_(legacy.shared))).all()
    for row in rows:
        if row.extractor != reading.extractor:
            changed = {"paper_id": reading.paper, "version": version, "read_at": at}
            session.add(ReadingRow(**{**row.model_dump(), **changed}))
            session.flush()
            _copy_proposals(session, row, reading.paper, at)


def take_over(session: Session, legacy: Legacy, paper: PaperId, judge: Judge, at: datetime) -> Legacy:
    """Say again of a paper that was just read what people said of the first.

    Args:
        session: a writing transaction, in which its cells and items are up to date.
        legacy: what there is.
        paper: the second.
        judge: what its cells are judged by.
        at: now.

    Returns:
        What had a place there.
    """
    said = sorted((e for of in legacy.known.entries.values() for e in of), key=lambda entry: entry.seq)
    whole = {e.envelope.entity: e for e in reversed(said) if e.envelope.entity.kind == "paper"}
    minted = tuple(Minted(id, entry.envelope.actor, at) for id, entry in whole.items())
    row = session.get_one(PaperRow, paper)
    while said:
        outcome = replay(session, Past(paper, row.title, row.published, minted, tuple(said)), judge, at)
        if not outcome.clashes:
            break
        numbers = {clash.seq for clash in outcome.clashes}
        out = {_about(entry) for entry in said if entry.seq in numbers}
        said = [entry for entry in said if _about(entry) not in out]
    _end_audits(session, paper)
    return replace(legacy, known=replace(legacy.known, entries=_by_entity(said)))


# What there is


def _first(session: Session, reading: Reading) -> PaperId | None:
    """Of the papers of which this file was read, the one of which people said something last."""
    others = select(ReadingRow.paper_id).where(
        ReadingRow.sha256 == reading.sha256, ReadingRow.paper_id != reading.paper
    )
    query = (
        select(EntityRow.paper_id)
        .join(EventRow, col(EventRow.entity_id) == EntityRow.entity_id)
        .where(col(EntityRow.paper_id).in_(others), EventRow.actor_kind != "machine")
        .group_by(EntityRow.paper_id)
        .order_by(func.max(EventRow.seq).desc())
    )
    found = session.exec(query.limit(1)).first()
    return PaperId(found) if found else None


def _shared(session: Session, first: PaperId, reading: Reading) -> frozenset[str]:
    files = [
        set(session.exec(select(FileRow.sha256).where(FileRow.paper_id == paper)))
        for paper in (first, reading.paper)
    ]
    return frozenset({reading.sha256, *(files[0] & files[1])})


def _said_again(
    known: Dossier, paper: PaperId, shared: Collection[str]
) -> Mapping[EntityId, tuple[Entry, ...]]:
    """The entries about each cell and entity up to the first that speaks of another file, as they are said of the second paper."""
    ended: set[_About] = set()
    kept: list[Entry] = []
    said = sorted((e for of in known.entries.values() for e in of), key=lambda entry: entry.seq)
    for entry in said:
        if _file_of(entry, known) not in shared:
            ended.add(_about(entry))
        elif _about(entry) not in ended:
            kept.append(_again(entry, known.paper, paper))
    return _by_entity(kept)


def _file_of(entry: Entry, known: Dossier) -> str | None:
    """The file that an entry speaks of: the one it cites, else the one whose reading counted then."""
    evidence = getattr(entry.event, "evidence", None)
    if evidence is not None:
        return str(evidence.sha256)
    read = [key for key in known.readings if known.read_at[key] <= entry.envelope.at]
    # a log that was imported is older than the readings here
    return next(reversed(read or known.readings[:1]), (None, ""))[0]


def _again(entry: Entry, first: PaperId, paper: PaperId) -> Entry:
    """An entry as it is said of the second paper; how long somebody looked is told once, and what they saw was of the first."""
    said = entry.envelope
    reason = f"{said.reason}; said of {first}" if said.reason else f"said of {first}"
    envelope = replace(
        said,
        uuid=repeated(said.uuid, paper),
        entity=_id(said.entity, paper),
        expect=None,
        seconds=None,
        reason=f"{reason}, the same file",
    )
    return Entry(entry.seq, envelope, _event(entry.event, paper))


def _event(event: Event, paper: PaperId) -> Event:
    return EntityMerged(_id(event.into, paper)) if isinstance(event, EntityMerged) else event


def _moved(known: Dossier, paper: PaperId) -> Dossier:
    """What is known of a paper with the ids of another; without what people said."""
    states = {
        _id(id, paper): replace(
            state, merged_into=_id(state.merged_into, paper) if state.merged_into else None
        )
        for id, state in known.entities.items()
        if id.kind != "paper"
    }
    proposals = {
        _id(id, paper): {
            key: tuple(replace(one, cell=CellKey(_id(id, paper), one.cell.field)) for one in proposed)
            for key, proposed in said.items()
        }
        for id, said in known.proposals.items()
    }
    return Dossier(paper, states, merged_of(states), known.readings, known.read_at, proposals, {})


def _id(id: EntityId, paper: PaperId) -> EntityId:
    return EntityId(paper, id.kind, id.slug)


def _about(entry: Entry) -> _About:
    return entry.envelope.entity, entry.envelope.field


def _by_entity(entries: Iterable[Entry]) -> dict[EntityId, tuple[Entry, ...]]:
    found: defaultdict[EntityId, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.envelope.entity].append(entry)
    return {id: tuple(said) for id, said in found.items()}


# Writing


def _copy_proposals(session: Session, row: ReadingRow, paper: PaperId, at: datetime) -> None:
    theirs = select(ProposalRow).where(
        ProposalRow.sha256 == row.sha256,
        ProposalRow.extractor == row.extractor,
        ProposalRow.paper_id == row.paper_id,
    )
    rows = list(_copied(session.exec(theirs.order_by(col(ProposalRow.id))).all(), paper))
    for name in sorted({copy.entity_id for copy in rows}):
        mint(session, EntityId.parse(name), row.extractor, at)
    session.add_all(rows)
    session.flush()


def _copied(rows: Iterable[ProposalRow], paper: PaperId) -> Iterator[ProposalRow]:
    for row in rows:
        entity = str(_id(EntityId.parse(row.entity_id), paper))
        changed = {"id": None, "paper_id": paper, "entity_id": entity}
        yield ProposalRow(**{**row.model_dump(), **changed})


def _end_audits(session: Session, paper: PaperId) -> None:
    """Let no audit of the second paper be answered by what was said of the first: each look is counted once."""
    answered = col(ReviewItemRow.audit).in_(["kept", "changed"])
    session.connection().execute(
        update(ReviewItemRow).where(col(ReviewItemRow.paper_id) == paper, answered).values(audit=None)
    )
    session.expire_all()
