"""One paper whole: its models, runs and results with all that is known of them, for those who complete it by hand.

What waits for review, what was rejected and what people took out are part of it, so that nothing is added twice. The
view is a value of one moment; the numbers in it (`last_seq`) are what a change expects. Changes are in `annotation.adding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db.cells import CellState, live
from db.dossier import Dossier, load_dossier
from db.duplicates import Duplicate, duplicates
from db.events import EntityAdded
from db.papers import FileOf, Withdrawal, files_of, withdrawal_of
from db.refresh import Option, options_of, state_of
from db.screenings import screening_of
from db.tables import CellRow, Look, PaperRow, ReviewItemRow
from extractors.facts.errors import UsageError
from extractors.facts.fields import FIELDS, Field, field_of
from extractors.facts.ids import ENTITY_KINDS, CellKey, EntityId, PaperId
from extractors.facts.values import Name


@dataclass(frozen=True, slots=True)
class WholeCell:
    """One value, or the place of one."""

    state: CellState
    waits: Look | None
    """Why a person is asked to look at it; None if nobody is."""
    options: tuple[Option, ...]
    """What readings propose for it: what can be accepted, also where it was rejected."""
    notes: tuple[str, ...]
    """Reasons that people gave, each behind a name; oldest first."""

    @property
    def key(self) -> CellKey:
        """The cell."""
        return self.state.key

    @property
    def field(self) -> Field:
        """Its field in the registry."""
        return field_of(self.key)

    @property
    def is_rejected(self) -> bool:
        """Whether the machine or a person rejected what is proposed."""
        return self.state.status == "rejected"


@dataclass(frozen=True, slots=True)
class WholeEntity:
    """A model, run or result, or the paper as a whole."""

    id: EntityId
    cells: tuple[WholeCell, ...]
    """In the order of the field registry; without those about which nothing is said any more."""
    added_by: str | None
    """Who added it by hand; None where the machine found it."""
    merged: tuple[EntityId, ...]
    """What people said is the same."""
    merged_into: EntityId | None
    removed: bool
    last_seq: int
    """Newest entry about it or its cells; 0 if there is none."""

    @property
    def is_gone(self) -> bool:
        """Whether people said that it is another, or none."""
        return self.removed or self.merged_into is not None

    @property
    def missing(self) -> tuple[Field, ...]:
        """Fields of its kind that hold nothing yet."""
        known = {cell.key.field for cell in self.cells}
        return tuple(
            field for field in FIELDS.values() if field.kind == self.id.kind and field.name not in known
        )

    def cell(self, field: str) -> WholeCell | None:
        """The cell of a field; None where nothing is known."""
        return next((cell for cell in self.cells if cell.key.field == field), None)

    def printed(self, field: str) -> str:
        """What an identity field prints; empty where nothing is known."""
        cell = self.cell(field)
        value = cell.state.value if cell else None
        return value.printed or value.id if isinstance(value, Name) else ""

    def named(self, field: str) -> str:
        """The id that an identity field holds; empty where nothing is known."""
        cell = self.cell(field)
        value = cell.state.value if cell else None
        return value.id if isinstance(value, Name) else ""


@dataclass(frozen=True, slots=True)
class WholePaper:
    """A paper with everything that is known of it."""

    id: PaperId
    title: str
    version: int
    """Newest version that is known."""
    published: datetime | None
    screening: tuple[str, str] | None
    """Whether it is to be read, and why; None for a paper that nobody screened."""
    files: tuple[FileOf, ...]
    """Of the newest version that has any, the PDF first; what can be cited."""
    entities: tuple[WholeEntity, ...]
    """Models, runs and results that hold, in this order."""
    gone: tuple[WholeEntity, ...]
    """Those that people removed or merged into others."""
    withdrawn: Withdrawal | None = None
    """When it was taken back, and why; None if it stands."""
    duplicate: Duplicate | None = None
    """What it is the same file as; None if it is no duplicate."""
    doubles: tuple[Duplicate, ...] = ()
    """Papers that are the same file as this one, and neither read nor counted again."""

    @property
    def facts(self) -> tuple[WholeCell, ...]:
        """All values, without those that say what an entity is."""
        return tuple(cell for entity in self.entities for cell in entity.cells if cell.field.use == "fact")

    def entity(self, id: EntityId) -> WholeEntity | None:
        """A model, run or result by its id, also one that is gone; None if the paper has none such."""
        return next((entity for entity in (*self.entities, *self.gone) if entity.id == id), None)

    def model_of(self, entity: WholeEntity) -> WholeEntity | None:
        """The model that a run or result belongs to, after merges; None if it names none, or one that was removed."""
        slug = entity.named("model")
        found = self.entity(EntityId(self.id, "model", slug)) if slug else None
        while found is not None and found.merged_into is not None:
            found = self.entity(found.merged_into)
        return found if found and not found.removed else None

    def belonging_to(self, model: EntityId) -> tuple[WholeEntity, ...]:
        """The runs and results of a model."""
        owned = ((entity, self.model_of(entity)) for entity in self.entities)
        return tuple(entity for entity, owner in owned if owner is not None and owner.id == model)


def whole_paper(session: Session, paper: PaperId) -> WholePaper:
    """All that is known of a paper.

    Raises:
        UsageError: there is no such paper.
    """
    row = session.get(PaperRow, paper)
    if row is None:
        raise UsageError(f"there is no paper {paper}", remedy="Bring it in with burden add")
    dossier = load_dossier(session, paper)
    states = _states(session, paper)
    waiting = _waiting(session, paper)
    double = duplicates(session, paper)
    entities = [_entity(dossier, id, states, waiting) for id in _in_order(dossier.entities)]
    return WholePaper(
        paper,
        row.title,
        row.latest,
        row.published,
        screening_of(session, paper),
        files_of(session, paper),
        tuple(entity for entity in entities if not entity.is_gone),
        tuple(entity for entity in entities if entity.is_gone),
        withdrawal_of(row),
        next((one for one in double if one.paper == paper), None),
        tuple(one for one in double if one.original == paper),
    )


def _in_order(ids: Iterable[EntityId]) -> list[EntityId]:
    return sorted(ids, key=lambda id: (ENTITY_KINDS.index(id.kind), id.slug))


def _states(session: Session, paper: PaperId) -> dict[CellKey, CellState]:
    rows = session.exec(select(CellRow).where(CellRow.paper_id == paper))
    return {state.key: state for state in map(state_of, rows)}


def _waiting(session: Session, paper: PaperId) -> set[CellKey]:
    """Cells with an open item."""
    query = select(ReviewItemRow.entity_id, ReviewItemRow.field)
    rows = session.exec(query.where(ReviewItemRow.paper_id == paper, col(ReviewItemRow.closed_at).is_(None)))
    return {CellKey(EntityId.parse(entity), field) for entity, field in rows}


def _entity(
    dossier: Dossier, id: EntityId, states: dict[CellKey, CellState], waiting: set[CellKey]
) -> WholeEntity:
    said, state = dossier.entries.get(id, ()), dossier.entities[id]
    keys = [CellKey(id, field.name) for field in FIELDS.values() if field.kind == id.kind]
    own = [states[key] for key in keys if key in states]
    kept = [cell for cell in own if cell.status != "void"]
    added = next((entry for entry in said if isinstance(entry.event, EntityAdded)), None)
    return WholeEntity(
        id,
        tuple(_cell(dossier, cell, is_open=cell.key in waiting) for cell in kept),
        added.envelope.actor if added else None,
        dossier.group(id)[1:] if dossier.root(id) == id else (),
        dossier.root(id) if dossier.root(id) != id else None,
        state.removed,
        max((entry.seq for entry in said), default=0),
    )


def _cell(dossier: Dossier, state: CellState, *, is_open: bool) -> WholeCell:
    offered, entries = options_of(dossier, state.key), live(dossier.entries_about(state.key))
    if is_open and state.look is None:  # decided once: whoever gives the second opinion may look here first
        state, entries = _as_if_undecided(state, offered), []
    notes = tuple(f"{e.envelope.actor}: {e.envelope.reason}" for e in entries if e.envelope.reason)
    waits = (state.look or "uncertain") if is_open else None
    return WholeCell(state, waits, offered, notes)


def _as_if_undecided(state: CellState, offered: Sequence[Option]) -> CellState:
    """A cell as readings propose it; with the number of its newest entry, which a change expects."""
    proposed = offered[0] if offered else None
    return CellState(
        state.key,
        "queued",
        proposed.value if proposed else None,
        proposed.evidence if proposed else None,
        last_seq=state.last_seq,
    )
