"""Storing what an extractor read: entities, proposals, and what follows from them, in one transaction a paper.

A reading is laid onto the entities that exist (`extractors.reconcile`), so that a second one changes values and
not ids; the first one of a paper that is the same file as another onto those of the other, with what people decided of them
(`db.taking_over`). Where it says of a decided cell what nobody had seen before, the log notes that the cell is open again;
the decision stands. Reading the same file with the same extractor again changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, select

from db.cells import Judge, Offer, verdict_of
from db.dossier import Dossier, load_dossier, lock_paper, readings_of
from db.events import Envelope, ProposalKey, Reopened
from db.log import record
from db.refresh import Change, refresh, states_of
from db.tables import EntityRow, Json, PaperRow, ProposalRow, ReadingRow
from db.taking_over import Legacy, copy_readings, legacy_of, take_over
from extractors.facts.codec import evidence_to_json, value_to_json
from extractors.facts.evidence import Evidence
from extractors.facts.fields import field_of, same_value
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Value
from extractors.reconcile import Known, KnownEntity, Reconciliation, reconcile

REOPENINGS = uuid.UUID("6d0c2a52-6b4e-5f0b-9a3e-2b8f4c1d7e90")
"""Name space of the machine's own log entries: their uuids follow from what they say."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing a reading did."""

    new: bool
    """False if this file had been read by this extractor before; then nothing changed."""
    matched: tuple[EntityId, ...] = ()
    minted: tuple[EntityId, ...] = ()
    vanished: tuple[EntityId, ...] = ()
    """Entities that exist and that the reading does not speak of; they keep what people decided."""
    reopened: tuple[CellKey, ...] = ()
    """Decided cells for which it says something nobody had seen."""
    changes: tuple[Change, ...] = ()
    """Cells that are now otherwise."""
    first: PaperId | None = None
    """The paper of the same file whose reviews were taken over; None if there was none."""
    taken_over: int = 0
    """Entries of its log."""


def save(
    session: Session,
    reading: Reading,
    judge: Judge,
    at: datetime,
    *,
    version: int = 1,
    run_key: str | None = None,
) -> Saved:
    """Store a reading and bring the paper's cells up to date.

    Args:
        session: a writing transaction; the paper and the file must be in the database.
        reading: what was read, with provisional slugs.
        judge: the confidence model, the promise and the policy.
        at: now.
        version: of the paper that the file is.
        run_key: the run that read it.

    Raises:
        ConflictError: there is no such paper.
    """
    lock_paper(session, reading.paper)
    if session.get(ReadingRow, (reading.sha256, reading.extractor, reading.paper)) is not None:
        return Saved(new=False)
    dossier = load_dossier(session, reading.paper)
    is_new = not dossier.readings and not dossier.entries
    legacy = legacy_of(session, reading) if is_new else None
    if legacy is not None:
        return _save_second(session, reading, legacy, judge, at, version, run_key)
    done = reconcile(known_of(dossier), reading)
    _store(session, done, at, version, run_key)
    _name_paper(session, reading)
    reopened = _reopen(session, dossier, done.reading, at)
    changes = refresh(session, reading.paper, judge, at)
    return Saved(True, done.matched, done.minted, done.vanished, reopened, changes)


def _save_second(
    session: Session,
    reading: Reading,
    legacy: Legacy,
    judge: Judge,
    at: datetime,
    version: int,
    run_key: str | None,
) -> Saved:
    """Store the first reading of a paper that takes over what people decided of another of the same file."""
    paper = reading.paper
    copy_readings(session, legacy, reading, version, at)
    here = set(load_dossier(session, paper).entities)
    done = reconcile(known_of(legacy.known), reading)
    used = set(done.ids.values())
    done = replace(done, minted=tuple(sorted(used - here)), matched=tuple(sorted(used & here)))
    _store(session, done, at, version, run_key)
    _name_paper(session, reading)
    refresh(session, paper, judge, at)  # what is asked about now is what people may have answered
    taken = take_over(session, legacy, paper, judge, at)
    reopened = _reopen(session, taken.known, done.reading, at)
    refresh(session, paper, judge, at)
    changes = tuple(Change(None, state) for state in states_of(session, paper))
    return Saved(
        True,
        done.matched,
        done.minted,
        tuple(sorted(here - used)),
        reopened,
        changes,
        taken.first,
        taken.size,
    )


def newest_read(session: Session, paper: str) -> int | None:
    """The newest version of a paper that was read, by whichever extractor; None if none was."""
    return session.exec(select(func.max(ReadingRow.version)).where(ReadingRow.paper_id == paper)).one()


def preview(session: Session, reading: Reading) -> Reconciliation:
    """What storing a reading would match, mint and miss; nothing is changed."""
    return reconcile(known_of(load_dossier(session, reading.paper)), reading)


def known_of(dossier: Dossier) -> Known:
    """The entities of a paper as reconciliation needs them."""
    return Known(tuple(_known(dossier, id) for id in dossier.entities if id.kind != "paper"))


def _known(dossier: Dossier, id: EntityId) -> KnownEntity:
    newest, said = dossier.newest(id), dossier.proposals.get(id, {})
    decided = dict(_decided(dossier, id))
    seen: dict[str, tuple[Value, ...]] = {}
    if decided:
        for proposal in (item for proposals in said.values() for item in proposals):
            values = (proposal.value, *(rival.value for rival in proposal.rivals))
            seen[proposal.cell.field] = (*seen.get(proposal.cell.field, ()), *values)
    return KnownEntity(
        id,
        said[newest] if newest else (),
        current=newest is not None and newest == dossier.readings[-1],
        decided=decided,
        seen=seen,
        merged_into=dossier.entities[id].merged_into,
    )


def _decided(dossier: Dossier, id: EntityId) -> Iterator[tuple[str, Value]]:
    entries = dossier.entries.get(id, ())
    for name in sorted({entry.envelope.field for entry in entries if entry.envelope.field is not None}):
        own = [entry for entry in entries if entry.envelope.field == name]
        verdict = verdict_of(field_of(CellKey(id, name)), own)
        if verdict is not None and verdict.value is not None:
            yield name, verdict.value


# Storing


def _store(session: Session, done: Reconciliation, at: datetime, version: int, run_key: str | None) -> None:
    reading = done.reading
    problems: list[Json] = [
        {"code": problem.code, "message": problem.message, "page": problem.page}
        for problem in reading.problems
    ]
    session.add(
        ReadingRow(
            sha256=reading.sha256,
            extractor=reading.extractor,
            paper_id=reading.paper,
            version=version,
            title=reading.title,
            pages=reading.pages,
            problems=problems,
            run_key=run_key,
            read_at=at,
        )
    )
    session.add_all(_entity_row(id, reading.extractor, at) for id in done.minted)
    session.flush()
    session.add_all(row for proposal in reading.proposals for row in _proposal_rows(reading, proposal))
    session.flush()


def _name_paper(session: Session, reading: Reading) -> None:
    """Give a paper that no source told the title of the one that was read."""
    paper = session.get_one(PaperRow, reading.paper)
    if not paper.title:
        paper.title = reading.title
        session.add(paper)


def _entity_row(id: EntityId, extractor: str, at: datetime) -> EntityRow:
    return EntityRow(
        entity_id=str(id), paper_id=id.paper, kind=id.kind, slug=id.slug, minted_by=extractor, minted_at=at
    )


def _proposal_rows(reading: Reading, proposal: Proposal) -> Iterator[ProposalRow]:
    yield _row(
        reading,
        proposal.cell,
        0,
        proposal.value,
        proposal.evidence,
        dict(proposal.features),
        proposal.reasons,
    )
    for rank, rival in enumerate(proposal.rivals, 1):
        yield _row(reading, proposal.cell, rank, rival.value, rival.evidence, dict(rival.features), ())


def _row(
    reading: Reading,
    key: CellKey,
    rank: int,
    value: Value,
    evidence: Evidence,
    features: dict[str, float],
    reasons: tuple[str, ...],
) -> ProposalRow:
    return ProposalRow(
        sha256=reading.sha256,
        extractor=reading.extractor,
        paper_id=reading.paper,
        entity_id=str(key.entity),
        field=key.field,
        rank=rank,
        value=value_to_json(value),
        evidence=evidence_to_json(evidence),
        features=features,
        reasons=list(reasons),
    )


# What people decided and the machine now reads otherwise


def _reopen(session: Session, before: Dossier, reading: Reading, at: datetime) -> tuple[CellKey, ...]:
    """Note the decided cells for which a reading that now counts says what nobody had seen."""
    found: list[CellKey] = []
    if not _counts_now(session, before, reading):
        return ()
    for proposal in reading.proposals:
        id = proposal.cell.entity
        if id in before.entities and not before.is_void(root := before.root(id)):
            key = CellKey(root, proposal.cell.field)
            if key not in found and _is_news(before, key, proposal):
                record(session, _machine_envelope(reading, key, at), _reopened(reading, proposal))
                found.append(key)
    return tuple(found)


def _counts_now(session: Session, before: Dossier, reading: Reading) -> bool:
    """Whether the reading, which is stored already, is the one that counts for the paper."""
    return tuple(readings_of(session, before.paper))[-1] == (reading.sha256, reading.extractor)


def _is_news(before: Dossier, key: CellKey, proposal: Proposal) -> bool:
    """Whether somebody decided the cell, and neither they nor any earlier reading said this value."""
    field = field_of(key)
    verdict = verdict_of(field, before.entries_about(key))
    if field.use == "identity" or verdict is None:
        return False
    heard = [value for offer in before.offers(key) for value in _values(offer)]
    decided = [verdict.value] if verdict.value is not None else []
    return not any(same_value(field, proposal.value, value) for value in (*decided, *heard))


def _values(offer: Offer) -> tuple[Value, ...]:
    return offer.proposal.value, *(rival.value for rival in offer.proposal.rivals)


def _reopened(reading: Reading, proposal: Proposal) -> Reopened:
    return Reopened(ProposalKey(reading.sha256, reading.extractor), proposal.value, proposal.evidence)


def _machine_envelope(reading: Reading, key: CellKey, at: datetime) -> Envelope:
    name = f"{reading.sha256} {reading.extractor} {key}"
    return Envelope(
        str(uuid.uuid5(REOPENINGS, name)),
        at,
        reading.extractor,
        "machine",
        key.entity,
        key.field,
        extractor=reading.extractor,
        reason="a new reading disagrees",
    )
