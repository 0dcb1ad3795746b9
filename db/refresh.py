"""The cache of cells: what stores the outcome of `db.cells.resolve`, and what checks that it is still true.

Everything a state depends on is in the readings and the log, so the cache can be rebuilt at any time; `doctor`
does so and reports what differs. Review items follow the states (`db.items.sync`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from db.cells import CellState, Judge, resolve
from db.dossier import Dossier, load_dossier
from db.events import ProposalKey
from db.items import sync
from db.models import keep
from db.tables import LOOKS, STATUSES, CellRow, EntityRow, PaperRow, Status
from extractors.facts.codec import evidence_from_json, evidence_to_json, value_from_json, value_to_json
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import field_of, same_value
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Value


@dataclass(frozen=True, slots=True)
class Change:
    """A cell before and after; before is None for a new cell."""

    before: CellState | None
    after: CellState

    @property
    def names_model(self) -> bool:
        """Whether the cell names a confidence model that it did not name before."""
        return self.after.model_sha is not None and (
            self.before is None or self.before.model_sha != self.after.model_sha
        )

    @property
    def visible(self) -> bool:
        """Whether it is more than another extractor, print, probability or place for the same value and status."""
        before, after = self.before, self.after
        if before is None:
            return after.status != "void"
        if before.value is None or after.value is None:
            return before.status != after.status or before.value is not after.value
        return before.status != after.status or not same_value(field_of(after.key), before.value, after.value)


@dataclass(frozen=True, slots=True)
class Option:
    """A value that can be accepted for a cell."""

    proposal: ProposalKey | None
    """None where no reading proposes it and a person typed it."""
    value: Value
    evidence: Evidence
    reasons: tuple[str, ...] = ()


def refresh(
    session: Session,
    paper: PaperId,
    judge: Judge,
    at: datetime,
    *,
    only: EntityId | None = None,
    known: Dossier | None = None,
) -> tuple[Change, ...]:
    """Bring the cells of a paper up to date, and the review items with them.

    Args:
        session: a writing transaction, in which something about the paper changed.
        paper: the paper.
        judge: the confidence model, the promise and the policy.
        at: now.
        only: the one entity about whose cells something was said; by default all of the paper, and what people
            said of its entities.
        known: what is known of it (of the one entity), where the caller has that at hand.

    Returns:
        The cells that changed, in order of their keys.
    """
    dossier = known or load_dossier(session, paper, only)
    if only is None:
        _store_entities(session, dossier)
    rows = _rows(session, dossier, only)
    known_states = {key: state_of(row) for key, row in rows.items()}
    folded = ((known_states.get(state.key), state) for state in fold(dossier, judge, only, rows))
    changes = [Change(before, state) for before, state in folded if before != state]
    if any(change.names_model for change in changes):
        keep(session, judge, at)
    for state in (change.after for change in changes):
        row = rows.get(state.key) or CellRow(
            entity_id=str(state.key.entity), field=state.key.field, paper_id=paper, status=""
        )
        session.add(_filled(row, state))
    session.flush()
    sync(session, (change.after for change in changes), at, judge.policy)
    return tuple(changes)


def fold(
    dossier: Dossier, judge: Judge, only: EntityId | None = None, also: Iterable[CellKey] = ()
) -> Iterator[CellState]:
    """The states of all cells of a dossier, or of one entity and those merged with it.

    Args:
        dossier: what is known.
        judge: the confidence model and the promise.
        only: the entity; by default all.
        also: cells that were there before, and that nothing may speak of any more.
    """
    known = dossier.entities if only is None else dossier.group(only)
    keys = {key for entity in known for key in dossier.cells(entity)} | set(also)
    for key in sorted(keys):
        void = dossier.is_void(key.entity)
        yield resolve(key, dossier.offers(key), dossier.entries_about(key), judge, void=void)


def _rows(session: Session, dossier: Dossier, only: EntityId | None) -> dict[CellKey, CellRow]:
    query = select(CellRow).where(CellRow.paper_id == dossier.paper)
    if only is not None:
        query = query.where(col(CellRow.entity_id).in_([str(id) for id in dossier.group(only)]))
    return {_key(row): row for row in session.exec(query)}


def doctor(session: Session, judge: Judge, papers: Iterable[PaperId] | None = None) -> tuple[Change, ...]:
    """Fold every cell again and return where the cache says something else (before), or misses it.

    Args:
        session: a transaction; nothing is written in it.
        judge: the confidence model and the promise.
        papers: the papers to look at; by default all.
    """
    if papers is None:
        papers = map(PaperId, session.exec(select(PaperRow.paper_id).order_by(PaperRow.paper_id)).all())
    found: list[Change] = []
    for paper in papers:
        cached = {
            _key(row): state_of(row) for row in session.exec(select(CellRow).where(CellRow.paper_id == paper))
        }
        states = fold(load_dossier(session, paper), judge, also=cached)
        found += [Change(cached.get(state.key), state) for state in states if cached.get(state.key) != state]
    return tuple(found)


def cell_state(session: Session, key: CellKey) -> CellState | None:
    """A cell as the cache has it; None if nothing was ever said about it."""
    row = session.get(CellRow, (str(key.entity), key.field))
    return state_of(row) if row else None


def unseen_state(session: Session, key: CellKey, judge: Judge) -> CellState:
    """A cell as it would be if nobody had decided it, for an opinion that is to be blind; with the newest entry's number.

    Raises:
        UsageError: there is no such model, run or result.
    """
    return unseen_state_of(dossier_of(session, key), key, judge)


def unseen_state_of(dossier: Dossier, key: CellKey, judge: Judge) -> CellState:
    """The same, from what is known of the paper."""
    known = dossier.entries_about(key)
    state = resolve(key, dossier.offers(key), (), judge, void=dossier.is_void(key.entity))
    return replace(state, last_seq=known[-1].seq if known else 0)


def entity_cells(session: Session, entity: EntityId) -> tuple[CellState, ...]:
    """The cells of an entity as the cache has them."""
    rows = session.exec(select(CellRow).where(CellRow.entity_id == str(entity)).order_by(CellRow.field))
    return tuple(map(state_of, rows))


def states_of(session: Session, paper: PaperId) -> tuple[CellState, ...]:
    """All cells of a paper as the cache has them."""
    rows = session.exec(select(CellRow).where(CellRow.paper_id == paper))
    return tuple(sorted(map(state_of, rows), key=lambda state: state.key))


def dossier_of(session: Session, key: CellKey) -> Dossier:
    """What is known of a cell's model, run or result, and of those merged with it.

    Raises:
        UsageError: there is no such model, run or result.
    """
    dossier = load_dossier(session, key.entity.paper, key.entity)
    if key.entity not in dossier.entities:
        raise UsageError(f"there is no {key.entity}", remedy=f"See burden paper {key.entity.paper}")
    return dossier


def options(session: Session, key: CellKey) -> tuple[Option, ...]:
    """What can be accepted for a cell: the value that counts first, then its rivals.

    Raises:
        UsageError: there is no such model, run or result.
    """
    return options_of(dossier_of(session, key), key)


def options_of(dossier: Dossier, key: CellKey) -> tuple[Option, ...]:
    """The same, from what is known of the paper."""
    found: list[Option] = []
    for offer in dossier.offers(key):
        if offer.counts:
            proposal = offer.proposal
            parts = [(proposal.value, proposal.evidence), *((r.value, r.evidence) for r in proposal.rivals)]
            for rank, (value, evidence) in enumerate(parts):
                chosen = ProposalKey(offer.sha256, offer.extractor, rank)
                found.append(Option(chosen, value, evidence, proposal.reasons))
    return tuple(found)


def state_of(row: CellRow) -> CellState:
    """A cell's state as its row keeps it."""
    return CellState(
        _key(row),
        status_of(row.status),
        value_from_json(row.value) if row.value is not None else None,
        evidence_from_json(row.evidence) if row.evidence is not None else None,
        row.extractor,
        row.probability,
        row.model_sha,
        next((look for look in LOOKS if look == row.look), None),
        tuple(row.reviewers),
        row.decided_at,
        row.last_seq,
    )


def status_of(word: str) -> Status:
    """A status as its row keeps it."""
    return next(status for status in STATUSES if status == word)


def _filled(row: CellRow, state: CellState) -> CellRow:
    row.value = value_to_json(state.value) if state.value is not None else None
    row.value_kind = str(row.value["kind"]) if row.value is not None else None
    row.evidence = evidence_to_json(state.evidence) if state.evidence is not None else None
    row.status, row.look, row.extractor = state.status, state.look, state.extractor
    row.probability, row.model_sha = state.probability, state.model_sha
    row.reviewers, row.decided_at, row.last_seq = list(state.reviewers), state.decided_at, state.last_seq
    return row


def _store_entities(session: Session, dossier: Dossier) -> None:
    for row in session.exec(select(EntityRow).where(EntityRow.paper_id == dossier.paper)):
        state = dossier.entities[EntityId.parse(row.entity_id)]
        row.merged_into = str(state.merged_into) if state.merged_into else None
        row.removed = state.removed
        session.add(row)
    session.flush()


def _key(row: CellRow) -> CellKey:
    return CellKey(EntityId.parse(row.entity_id), row.field)
