"""One person's session: the next item with all that is needed to decide it, a decision, and taking it back.

Thin over the queue and the review log of `db`. Who decides, when, and with which key a decision is made comes from
outside; every function takes a writing transaction and leaves it consistent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists
from sqlmodel import Session, col, select

from annotation.opinions import Opinion, between, opinion_of, settling
from annotation.seats import Seat, expected, refuse_unseen
from db.cells import CellState, Judge, live, opinions_on
from db.dossier import Dossier
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
    Entry,
    Envelope,
    Event,
    Flagged,
    Rejected,
    Skipped,
    Undone,
)
from db.items import is_asked_twice
from db.log import append, entry_at, entry_named, history
from db.order import is_open
from db.queue import COMMANDS, Claim, claim, held_by, release, renew
from db.refresh import Option, dossier_of, entity_cells, options_of, status_of, unseen_state_of
from db.tables import CellRow, EntityRow, PaperRow, ReviewItemRow, SlotRole
from extractors.facts.codec import value_from_json
from extractors.facts.errors import ConflictError, UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import Field, field_of
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Value

LEASE = timedelta(minutes=30)
"""How long an item stays with a person who walked away."""
CHOICES = 9
"""Values that are shown, and that one digit can choose."""
DECIDED = 30
"""Decided values that are shown beside an item at most; nobody reads more, and each takes time."""
RULE = "annotator"
"""The rule that a typed value's evidence names."""

Answer = Decision | Skipped | Flagged
_TAKEN_BACK = (
    Accepted,
    Corrected,
    CellAdded,
    Rejected,
    DeclaredNotReported,
    Adjudicated,
    Flagged,
    Skipped,
    EntityAdded,
    EntityMerged,
    EntityRemoved,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A cell to decide."""

    claim: Claim
    state: CellState
    """Of the cell; for an opinion, as if nobody had decided it, because opinions are blind."""
    options: tuple[Option, ...]
    """What can be accepted: the proposed value first, then its rivals; for an adjudication, first what people said."""
    siblings: tuple[CellState, ...]
    """The other cells of the same model, run or result."""
    decided: tuple[CellState, ...]
    """What people decided of the paper's other entities, newest first, at most `DECIDED`."""
    title: str
    published: datetime | None
    opinions: tuple[Opinion, ...] = ()
    """For an adjudication: what was decided by whom, and disagrees."""

    @property
    def key(self) -> CellKey:
        """The cell."""
        return self.claim.key

    @property
    def field(self) -> Field:
        """Its field in the registry."""
        return field_of(self.key)

    @property
    def evidence(self) -> Evidence | None:
        """Where the proposed value stands."""
        return self.options[0].evidence if self.options else self.state.evidence


@dataclass(frozen=True, slots=True)
class Held:
    """An item that a reviewer took before."""

    item: Item
    seconds: float | None
    """How long ago they took it or last said that they still look at it; None if their lease ran out."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews, and by which judge the cells are brought up to date."""

    name: str
    judge: Judge
    senior: bool = False
    role: SlotRole = "opinion"
    """Whether they give their own opinion, or settle those of others."""
    sitting: str = COMMANDS
    """Which of their screens this is: what one holds, another does not show."""


def next_item(
    session: Session,
    reviewer: Reviewer,
    at: datetime,
    *,
    near: PaperId | None = None,
    avoid: Collection[int] = (),
    only: CellKey | None = None,
) -> Item | None:
    """Claim the next item for a reviewer, or None if nothing waits for them.

    Args:
        session: a writing transaction.
        reviewer: who claims.
        at: now.
        near: the paper they are at, whose items come first.
        avoid: items they passed over in this session.
        only: this cell or none.
    """
    held = claim(
        session,
        reviewer.name,
        at,
        LEASE,
        near=near,
        role=reviewer.role,
        senior=reviewer.senior,
        avoid=avoid,
        only=only,
        sitting=reviewer.sitting,
    )
    if held is None:
        return None
    cells = entity_cells(session, held.key.entity)
    known = next((state for state in cells if state.key == held.key), None)
    if known is None:
        raise ConflictError("the cell is gone", where=str(held.key), remedy="Go on to the next item")
    dossier = dossier_of(session, held.key)
    said = dossier.entries.get(held.key.entity, ())
    on_cell = opinions_on([entry for entry in said if entry.envelope.cell == held.key])
    opinions = tuple(map(opinion_of, on_cell))
    offered = options_of(dossier, held.key)
    if held.role == "adjudication":
        offered = between(field_of(held.key), opinions, offered)
    elif any(one.who != reviewer.name for one in opinions) and is_asked_twice(session, held.item_id):
        known, opinions = unseen_state_of(dossier, held.key, reviewer.judge), ()
    else:
        opinions = ()
    title, published = session.exec(
        select(PaperRow.title, PaperRow.published).where(PaperRow.paper_id == held.key.entity.paper)
    ).one()
    siblings = _siblings(session, cells, dossier, held.key, reviewer.judge)
    decided = _decided_beside(session, held.key)
    return Item(held, known, offered, siblings, decided, title, published, opinions)


def _siblings(
    session: Session, cells: Sequence[CellState], dossier: Dossier, key: CellKey, judge: Judge
) -> tuple[CellState, ...]:
    """The other cells of an entity; what still waits for somebody's blind opinion is as if nobody had decided it."""
    others = [state for state in cells if state.key != key]
    if not any(state.reviewers for state in others):
        return tuple(others)
    asks = select(ReviewItemRow.field).where(ReviewItemRow.entity_id == str(key.entity), is_open())
    asked = set(session.exec(asks))
    return tuple(
        unseen_state_of(dossier, state.key, judge) if state.reviewers and state.key.field in asked else state
        for state in others
    )


def _decided_beside(session: Session, key: CellKey) -> tuple[CellState, ...]:
    """Values that people decided of the paper's other entities, newest first; as far as they are shown, so without their places.

    What still waits is not among them: whoever gives the second, blind opinion may see this before.
    """
    asks = exists().where(
        col(ReviewItemRow.entity_id) == CellRow.entity_id,
        col(ReviewItemRow.field) == CellRow.field,
        is_open(),
    )
    query = select(CellRow).where(
        CellRow.paper_id == key.entity.paper,
        CellRow.entity_id != str(key.entity),
        col(CellRow.decided_at).is_not(None),
        col(CellRow.value_kind).is_not(None),
        ~asks,
    )
    newest = query.order_by(col(CellRow.decided_at).desc(), col(CellRow.last_seq).desc()).limit(DECIDED)
    shown = newest.with_only_columns(
        *(
            col(one)
            for one in (CellRow.entity_id, CellRow.field, CellRow.status, CellRow.value, CellRow.reviewers)
        )
    )
    return tuple(
        CellState(
            CellKey(EntityId.parse(entity), field),
            status_of(status),
            value_from_json(value),
            reviewers=tuple(reviewers),
        )
        for entity, field, status, value, reviewers in session.connection().execute(shown)
    )


def held_item(session: Session, reviewer: Reviewer, at: datetime, only: CellKey | None = None) -> Held:
    """The item that a reviewer took before and has not decided, as whoever gives one command after the other does.

    Args:
        session: a writing transaction.
        reviewer: who.
        at: now.
        only: the cell they believe it is.

    Raises:
        UsageError: they hold none.
        ConflictError: they hold another, or it has changed since they took it or last said that they look at it.
    """
    held = held_by(session, reviewer.name, role=reviewer.role, sitting=reviewer.sitting)
    if held is None:
        raise UsageError(f"{reviewer.name} holds no item", remedy="Take one with: burden review next")
    if only is not None and only != held.key:
        raise ConflictError(
            f"{reviewer.name} holds {held.key}", where=str(only), remedy="Decide it, or give it back, first"
        )
    item = next_item(session, reviewer, at, only=held.key)
    if item is None:
        raise ConflictError(f"{held.key} is not {reviewer.name}'s to decide now", remedy="Take the next item")
    refuse_unseen(session, held.key, held.until - LEASE, Seat(held.slot, held.role))
    looked = at - (held.until - LEASE)
    return Held(item, looked.total_seconds() if timedelta() <= looked <= LEASE else None)


def keep(session: Session, item: Item, at: datetime) -> None:
    """Hold an item for longer, because somebody still looks at it.

    Raises:
        ConflictError: it is no longer theirs.
    """
    renew(session, item.claim, at, LEASE)


def give_back(session: Session, item: Item) -> None:
    """Free an item undecided, for whoever comes next."""
    release(session, item.claim)


def accepted(item: Item, number: int = 0) -> Accepted | Corrected:
    """The decision that the proposed value (0) or another option (1 and up) is right.

    Raises:
        UsageError: there is no such value.
    """
    if not 0 <= number < len(item.options):
        raise no_such_value(item, number + 1)
    chosen = item.options[number]
    if chosen.proposal is None:
        return Corrected(chosen.value, chosen.evidence)
    return Accepted(chosen.proposal, chosen.value, chosen.evidence)


def no_such_value(item: Item, number: int) -> UsageError:
    """The refusal of a number that no value has, with those that have one."""
    numbers = len(item.options[:CHOICES])
    said = {0: "None is proposed; type the right one", 1: "There is only value 1"}
    return UsageError(f"there is no value {number}", remedy=said.get(numbers, f"Choose 1 to {numbers}"))


def corrected(item: Item, value: Value) -> Corrected:
    """The decision that another value stands at the same place.

    Raises:
        UsageError: the item has no place to cite.
    """
    place = item.evidence
    if place is None:
        raise UsageError("no place in the paper is known for this cell", where=str(item.key))
    cited = Evidence(place.sha256, place.page, place.box, place.anchor, place.quote, RULE)
    return Corrected(value, cited)


def decide(
    session: Session,
    item: Item,
    answer: Answer,
    reviewer: Reviewer,
    at: datetime,
    *,
    uuid: str,
    reason: str = "",
    seconds: float | None = None,
) -> int:
    """Write an answer to the log and bring the cell up to date.

    Returns:
        The entry's number in the log.

    Raises:
        ConflictError: somebody else decided or changed it first.
        UsageError: the answer makes no sense for this cell.
    """
    envelope = Envelope(
        uuid=uuid,
        at=at,
        actor=reviewer.name,
        actor_kind="senior" if reviewer.senior else "annotator",
        entity=item.key.entity,
        field=item.key.field,
        slot=item.claim.slot,
        expect=expected(session, item.key, item.state.last_seq, Seat(item.claim.slot, item.claim.role)),
        extractor=next((option.proposal.extractor for option in item.options if option.proposal), None),
        seconds=seconds,
        reason=reason,
    )
    return append(session, envelope, _as_role(item, answer), reviewer.judge)


def _as_role(item: Item, answer: Answer) -> Event:
    """An adjudicator's answer settles the opinions before it; anybody else's is one."""
    if item.claim.role != "adjudication" or isinstance(answer, Skipped | Flagged):
        return answer
    return settling(answer, [opinion.seq for opinion in item.opinions])


def undo(
    session: Session, reviewer: Reviewer, at: datetime, *, uuid: str, paper: PaperId | None = None
) -> CellKey | EntityId | None:
    """Take back the reviewer's last change that still holds; None if there is none.

    Args:
        session: a writing transaction.
        reviewer: whose change.
        at: now.
        uuid: of the entry that takes it back.
        paper: only of this paper, as whoever looks at one whole means it.

    Returns:
        The cell that asks again, or the model, run or result that is as it was.
    """
    said = history(session, actor=reviewer.name)
    mine = (
        one
        for one in said
        if isinstance(one.event, _TAKEN_BACK)
        and paper in (None, one.envelope.entity.paper)
        and not one.envelope.is_repeated  # that was done of another paper, and not by them
    )
    last = next((one for one in mine if _holds(session, one)), None)
    return take_back(session, last.seq, reviewer, at, uuid=uuid) if last else None


def answers_of(session: Session, who: str, since: int) -> tuple[Entry, ...]:
    """What somebody answered of what the queue asks, and holds: decisions and flags, at an item or at the whole paper.

    Args:
        session: a transaction.
        who: answered.
        since: only what they said after this entry of the log.
    """
    said = live(tuple(reversed(history(session, actor=who, since=since))))
    own = (one for one in said if one.envelope.slot is not None and not one.envelope.is_repeated)
    return tuple(one for one in own if not isinstance(one.event, Skipped))


def take_back(
    session: Session, seq: int, reviewer: Reviewer, at: datetime, *, uuid: str, reason: str = ""
) -> CellKey | EntityId:
    """Take back an entry of the log, and with it the whole change that it was part of.

    Returns:
        What it was about.

    Raises:
        UsageError: there is no such entry, or it is another's and the reviewer no senior who says why.
        ConflictError: it was taken back already.
    """
    said = _first_of_change(session, seq)
    if not _holds(session, said):
        raise ConflictError(
            f"entry {said.seq} no longer holds", remedy="It was taken back, or what it is about is gone"
        )
    about = said.envelope
    envelope = Envelope(
        uuid=uuid,
        at=at,
        actor=reviewer.name,
        actor_kind="senior" if reviewer.senior else "annotator",
        entity=about.entity,
        field=about.field,
        reason=reason,
    )
    append(session, envelope, Undone(said.seq), reviewer.judge)
    return about.cell or about.entity


def part_of_change(uuid: str, number: int) -> str:
    """The uuid of a change's further entries, which are taken back with its first: that added their entity."""
    return f"{uuid}/{number}" if number else uuid


def _first_of_change(session: Session, seq: int) -> Entry:
    found = entry_at(session, seq)
    if found is None or not isinstance(found.event, _TAKEN_BACK):
        raise UsageError(f"entry {seq} is nothing that can be taken back")
    first = entry_named(session, found.envelope.uuid.partition("/")[0])
    return (
        first
        if first and first.envelope.entity == found.envelope.entity and _holds(session, first)
        else found
    )


def _holds(session: Session, said: Entry) -> bool:
    """Whether nobody took back an entry, neither its author nor a senior, and what it is about is still there."""
    key, entity = said.envelope.cell, said.envelope.entity
    entries = history(session, key=key) if key else history(session, entity=entity)
    row = session.get_one(EntityRow, str(entity))
    gone = key is not None and (row.removed or row.merged_into is not None)
    return not gone and any(other.seq == said.seq for other in live(entries[::-1]))
