"""What a person adds to a paper, changes and takes out, whether or not the machine asked: so that recall too is a human matter.

Each change is one or more entries of the review log in the caller's transaction: it stands at once, and is the answer to what
waited for a look at the same value (`annotation.seats`). Every value has its evidence; how a typed page and
quote become that is in `annotation.citing`, what there is to change in `annotation.whole`, taking back in
`annotation.session`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from annotation.opinions import settling
from annotation.seats import Seat, expected, seat_of, taken_before
from annotation.session import Reviewer, part_of_change, take_back
from annotation.whole import WholePaper, whole_paper
from db.cells import EntityState, live, opinions_on
from db.dossier import load_dossier, lock_paper
from db.events import (
    Accepted,
    Adjudicated,
    CellAdded,
    Corrected,
    Decision,
    DeclaredNotReported,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
    Envelope,
    Event,
    Rejected,
)
from db.log import append, entry_named, history
from db.queue import waiting_about
from db.refresh import Option, cell_state, options
from db.tables import EntityRow
from db.whole import rest_of
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import FIELDS, field_of
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId, slugify, unused_slug
from extractors.facts.values import Name, Value

KINDS: tuple[EntityKind, ...] = ("model", "run", "result")
"""What can be added by hand."""
NEEDED: Mapping[EntityKind, tuple[str, ...]] = {
    "model": ("name",),
    "run": (),
    "result": ("benchmark", "metric"),
}
"""Fields without which nobody could say what the addition is."""
_MOST_NAMED = 20
"""Of a paper's models, in a message."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who makes a change, when, and why."""

    reviewer: Reviewer
    at: datetime
    uuid: str
    """Made by the caller; the same change sent twice is made once."""
    reason: str = ""
    seconds: float | None = None
    """How long it took them."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with the place where it stands."""

    value: Value
    evidence: Evidence


# Adding


def add_entity(
    session: Session,
    signed: Signed,
    paper: PaperId,
    kind: EntityKind,
    name: str,
    values: Mapping[str, Stated],
) -> EntityId:
    """Add a model, a run or a result with what is known of it.

    Args:
        session: a writing transaction.
        signed: who adds it.
        paper: the paper.
        kind: what it is.
        name: a few words for its id, as the name of the model; made unique.
        values: what it holds by field, at least one; a model needs its name, a result its benchmark and metric.

    Returns:
        Its id.

    Raises:
        UsageError: something is missing, there is no such field, a value is none of its field, or a link leads nowhere.
        ConflictError: there is no such paper.
    """
    _check_addition(kind, values)
    lock_paper(session, paper)
    again = entry_named(session, signed.uuid)
    id = again.envelope.entity if again else EntityId(paper, kind, _new_slug(session, paper, kind, name))
    _append(session, signed, id, None, EntityAdded())
    # what it is comes before what it holds
    order = [field.name for field in FIELDS.values() if field.kind == kind and field.name in values]
    for number, field in enumerate(order, 1):
        stated = values[field]
        key = CellKey(id, field)
        value = _resolved(session, key, stated.value)
        _append(session, signed, id, field, CellAdded(value, stated.evidence), number=number)
    return id


def _check_addition(kind: EntityKind, values: Mapping[str, Stated]) -> None:
    if kind not in KINDS:
        raise UsageError(f"a {kind} cannot be added", remedy=f"Add one of {', '.join(KINDS)}")
    for field in values:
        if f"{kind}.{field}" not in FIELDS:
            known = ", ".join(item.name for item in FIELDS.values() if item.kind == kind)
            raise UsageError(f"a {kind} has no {field}", remedy=f"It has {known}")
    missing = [field for field in NEEDED[kind] if field not in values]
    if missing or not values:
        wanted = " and ".join(missing) or "at least one value"
        raise UsageError(f"a {kind} needs its {wanted}" if missing else f"a {kind} needs {wanted}")


def _new_slug(session: Session, paper: PaperId, kind: EntityKind, name: str) -> str:
    query = select(EntityRow.slug).where(EntityRow.paper_id == paper, EntityRow.kind == kind)
    return unused_slug(slugify(name), set(session.exec(query)))


# Values


def set_value(session: Session, signed: Signed, key: CellKey, stated: Stated, *, expect: int | None) -> int:
    """Say what a cell holds: a value that nobody had, or another than it has.

    Args:
        session: a writing transaction.
        signed: who says it.
        key: the cell; its model, run or result must be there.
        stated: the value and where it stands.
        expect: the cell's `last_seq` as the person saw it; None where they saw nothing of it.

    Returns:
        The entry's number in the log.

    Raises:
        UsageError: there is no such field or entity, the value is none of its field, or a link leads nowhere.
        ConflictError: the cell has changed since, or its entity was merged or removed.
    """
    value, state = _resolved(session, key, stated.value), cell_state(session, key)
    is_known = (state is not None and state.status != "void") or bool(_options(session, key))
    event = Corrected(value, stated.evidence) if is_known else CellAdded(value, stated.evidence)
    return _append(session, signed, key.entity, key.field, event, expect=expect)


def link(
    session: Session,
    signed: Signed,
    id: EntityId,
    model: EntityId,
    *,
    evidence: Evidence | None = None,
    expect: int | None,
) -> int:
    """Say which model a run or result belongs to.

    Args:
        session: a writing transaction.
        signed: who says it.
        id: the run or result.
        model: a model of the same paper.
        evidence: where that stands; by default where the present link, else a fact of the run or result, does.
        expect: the `last_seq` of the link's cell; None where the person saw nothing of it.

    Raises:
        UsageError: no such run, result or model, or nothing to cite.
        ConflictError: the link has changed since, or one of the two was merged or removed.
    """
    if id.kind not in ("run", "result") or model.kind != "model" or model.paper != id.paper:
        raise UsageError(
            f"{id} cannot be linked to {model}", remedy="Link a run or a result to a model of its paper"
        )
    key = CellKey(id, "model")
    cited = evidence or _place_of(session, key)
    target = _resolved(session, key, Name(model.slug, model.slug))
    if isinstance(target, Name):
        shown = cell_state(session, CellKey(EntityId(id.paper, "model", target.id), "name"))
        printed = shown.value.printed if shown and isinstance(shown.value, Name) else target.id
        target = Name(target.id, printed)
    return set_value(session, signed, key, Stated(target, cited), expect=expect)


def accept(session: Session, signed: Signed, key: CellKey, option: Option, *, expect: int | None) -> int:
    """Say that a value which readings propose is right, also one that was rejected.

    Raises:
        ConflictError: it is no longer proposed, or the cell has changed since.
    """
    if option.proposal is None:
        return set_value(session, signed, key, Stated(option.value, option.evidence), expect=expect)
    event = Accepted(option.proposal, option.value, option.evidence)
    return _append(session, signed, key.entity, key.field, event, expect=expect)


def delete_value(session: Session, signed: Signed, key: CellKey, *, expect: int | None) -> int:
    """Say that nothing which is known of a cell is right.

    Raises:
        UsageError: no reason is given, or the cell holds nothing.
        ConflictError: the cell has changed since.
    """
    _need_reason(signed)
    state = cell_state(session, key)
    if state is None or state.status == "void":
        raise UsageError(f"{key} holds nothing")
    if state.status == "rejected" and state.decided_at is not None and waiting_about(session, key) is None:
        raise UsageError(f"{key} was rejected already, by {', '.join(state.reviewers)}")
    return _append(session, signed, key.entity, key.field, Rejected(), expect=expect)


# Entities


def delete_entity(session: Session, signed: Signed, id: EntityId, *, expect: int | None) -> int:
    """Say that there is no such model, run or result.

    Args:
        session: a writing transaction.
        signed: who says it, and why.
        id: what is not there.
        expect: the entity's `last_seq` as the person saw it; None where they saw nothing of it.

    Raises:
        UsageError: no reason is given, or runs and results belong to the model.
        ConflictError: it is gone already, or it has changed since.
    """
    _need_reason(signed)
    paper = _held(session, id)
    owned = paper.belonging_to(id)
    if owned:
        listed = ", ".join(f"{entity.id.kind}/{entity.id.slug}" for entity in owned[:5])
        more = f" and {len(owned) - 5} more" if len(owned) > 5 else ""
        raise UsageError(
            f"{listed}{more} belong to {id}",
            remedy="Link them to another model, delete them first, or merge it",
        )
    return _append(session, signed, id, None, EntityRemoved(), expect=expect)


def merge(session: Session, signed: Signed, id: EntityId, into: EntityId, *, expect: int | None) -> int:
    """Say that a model, run or result is the same as another, which then holds the values of both.

    Args:
        session: a writing transaction.
        signed: who says it.
        id: the one whose id goes.
        into: the one that remains.
        expect: the `last_seq` of the one that goes, as the person saw it; None where they saw nothing of it.

    Raises:
        UsageError: the two are not of one kind and paper.
        ConflictError: one of them is gone already, or the first has changed since.
    """
    if id.paper != into.paper or id.kind != into.kind or id == into or id.kind not in KINDS:
        raise UsageError(f"{id} cannot be merged into {into}", remedy=f"Name another {id.kind} of the paper")
    _held(session, id)
    _held(session, into)
    return _append(session, signed, id, None, EntityMerged(into), expect=expect)


def restore_entity(session: Session, signed: Signed, id: EntityId) -> None:
    """Take back that a model, run or result was removed or merged into another.

    Raises:
        UsageError: it is there, or another took it out and the person is no senior who says why.
    """
    said = live(tuple(reversed(history(session, entity=id))))
    last = next((one for one in reversed(said) if isinstance(one.event, EntityMerged | EntityRemoved)), None)
    if last is None:
        raise UsageError(f"{id} was neither removed nor merged")
    take_back(session, last.seq, signed.reviewer, signed.at, uuid=signed.uuid, reason=signed.reason)


# The paper


def declare_read(session: Session, signed: Signed, paper: PaperId, *, expect: int | None) -> int:
    """Say that all that a paper reports is listed, by whoever read all of it.

    Args:
        session: a writing transaction.
        signed: who read it.
        paper: the paper.
        expect: the `last_seq` of its cell `rest`, as the person saw it; 0 where there was none.

    Raises:
        UsageError: it was said already.
        ConflictError: somebody said something of it meanwhile.
    """
    key = rest_of(paper)
    state = cell_state(session, key)
    if state is not None and state.decided_at is not None and state.last_seq == expect:
        raise UsageError(f"{paper} was read completely already, by {', '.join(state.reviewers)}")
    return _append(session, signed, key.entity, key.field, DeclaredNotReported(), expect=expect)


# Between them


def _append(
    session: Session,
    signed: Signed,
    id: EntityId,
    field: str | None,
    event: Event,
    *,
    expect: int | None = None,
    number: int = 0,
) -> int:
    offered = _options(session, CellKey(id, field)) if field else ()
    uuid, slot = part_of_change(signed.uuid, number), None
    if field and isinstance(event, Decision):
        seat = _seat(session, CellKey(id, field), signed, uuid)
        slot, event, expect = _seated(session, CellKey(id, field), seat, event, expect)
    envelope = Envelope(
        uuid=uuid,
        at=signed.at,
        actor=signed.reviewer.name,
        actor_kind="senior" if signed.reviewer.senior else "annotator",
        entity=id,
        field=field,
        slot=slot,
        expect=expect,
        extractor=next((option.proposal.extractor for option in offered if option.proposal), None),
        seconds=signed.seconds if number == 0 else None,
        reason=signed.reason if number == 0 else "",
    )
    return append(session, envelope, event, signed.reviewer.judge)


def _seat(session: Session, key: CellKey, signed: Signed, uuid: str) -> Seat:
    again = entry_named(session, uuid)
    return taken_before(again) if again else seat_of(session, key, signed.reviewer.name, signed.at)


def _seated(
    session: Session, key: CellKey, seat: Seat, event: Decision, expect: int | None
) -> tuple[int | None, Decision | Adjudicated, int | None]:
    """A decision as it counts in its seat: the slot, what it is there, and what it may follow."""
    if expect is not None:
        expect = expected(session, key, expect, seat)
    if seat.role == "opinion":
        return seat.slot, event, expect
    heard = opinions_on(tuple(reversed(history(session, key=key))))
    return seat.slot, settling(event, [entry.seq for entry in heard]), expect


def _held(session: Session, id: EntityId) -> WholePaper:
    """The paper of a model, run or result that holds."""
    paper = whole_paper(session, id.paper)
    found = paper.entity(id)
    if found is None:
        raise UsageError(f"there is no {id}", remedy=f"See burden paper {id.paper}")
    if found.is_gone:
        how = f"merged into {found.merged_into}" if found.merged_into else "removed"
        raise ConflictError(f"{id} was {how}", remedy="Take that back, or name the one that remains")
    return paper


def _options(session: Session, key: CellKey) -> Sequence[Option]:
    return options(session, key) if session.get(EntityRow, str(key.entity)) is not None else ()


def _resolved(session: Session, key: CellKey, value: Value) -> Value:
    """A link with the model that remains after merges; other values as they are."""
    kind = field_of(key).links
    if kind is None or not isinstance(value, Name):
        return value
    target = EntityId(key.entity.paper, kind, slugify(value.id))
    dossier = load_dossier(session, key.entity.paper, target)
    if target not in dossier.entities:
        known = [
            id.slug for id, state in dossier.entities.items() if id.kind == kind and state == EntityState()
        ]
        there = f"There is {', '.join(known[:_MOST_NAMED])}" if known else f"There is no {kind} yet"
        more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
        raise UsageError(
            f"there is no {kind} {value.id!r} in {key.entity.paper}",
            remedy=f"{there}{more}; add what is missing with: burden edit add {key.entity.paper} {kind} NAME",
        )
    root = dossier.root(target)
    if dossier.entities[root].removed:
        raise ConflictError(f"{root} was removed", remedy="Link to a model that is there")
    return Name(root.slug, value.printed)


def _place_of(session: Session, key: CellKey) -> Evidence:
    """Where a run or result is known from: what its link cites, else its other values."""
    paper = whole_paper(session, key.entity.paper)
    entity = paper.entity(key.entity)
    cells = sorted(entity.cells, key=lambda cell: cell.key != key) if entity else []
    found = next((cell.state.evidence for cell in cells if cell.state.evidence is not None), None)
    if found is None:
        raise UsageError(
            f"nothing of {key.entity} can be cited", remedy="Say where it stands, with page and quote"
        )
    return found


def _need_reason(signed: Signed) -> None:
    if not signed.reason.strip():
        raise UsageError("deleting needs a reason", remedy="Say why, in a few words")
