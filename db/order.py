"""Where the open items of a paper stand in the review queue: what `db.worth` says, written to their rows."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, select

from db.tables import CellRow, Look, ReviewItemRow
from db.worth import URGENCY, Wait, paper_place, places
from extractors.facts.fields import FIELDS
from extractors.facts.ids import CellKey, EntityId, PaperId

_IDENTITIES = frozenset(field.name for field in FIELDS.values() if field.use == "identity")
_MOVE = (
    update(ReviewItemRow)
    .where(col(ReviewItemRow.id) == bindparam("item"))
    .values(paper_rank=bindparam("of_paper"), rank=bindparam("own"))
    .execution_options(synchronize_session=False)
)
_MOVE_PAPER = (
    update(ReviewItemRow)
    .where(col(ReviewItemRow.id) == bindparam("item"))
    .values(paper_rank=bindparam("of_paper"))
    .execution_options(synchronize_session=False)
)


def put_in_order(session: Session, paper: PaperId) -> None:
    """Rank the open items of a paper: what is known of one entity changes what others are worth."""
    of_cell = (col(CellRow.entity_id) == ReviewItemRow.entity_id) & (
        col(CellRow.field) == ReviewItemRow.field
    )
    rows = session.exec(
        select(ReviewItemRow, CellRow.probability)
        .join(CellRow, of_cell)
        .where(ReviewItemRow.paper_id == paper, is_open())
    ).all()
    items = {key_of(item): item for item, _ in rows}
    waits = [Wait(key_of(item), why_of(item), probability, item.opened_at) for item, probability in rows]
    identities = select(CellRow.entity_id, CellRow.field, col(CellRow.value)["id"].as_string()).where(
        CellRow.paper_id == paper, col(CellRow.value_kind).is_not(None), col(CellRow.field).in_(_IDENTITIES)
    )
    told: defaultdict[EntityId, dict[str, str]] = defaultdict(dict)
    for entity, field, name in session.exec(identities):
        told[EntityId.parse(entity)][field] = name or ""
    moved = [
        {"item": items[key].id, "of_paper": place.paper, "own": place.own}
        for key, place in places(waits, told).items()
        if (items[key].paper_rank, items[key].rank) != (place.paper, place.own)
    ]
    if moved:
        session.connection().execute(_MOVE, moved)


def close_ranks(session: Session, paper: PaperId) -> None:
    """Rank a paper anew of which items were closed and nothing else changed: those that are left are worth what they were."""
    query = select(ReviewItemRow.id, ReviewItemRow.why, ReviewItemRow.opened_at).where(
        ReviewItemRow.paper_id == paper, is_open()
    )
    ranks = query.add_columns(col(ReviewItemRow.rank), col(ReviewItemRow.paper_rank))
    items = session.connection().execute(ranks).all()
    of_paper = paper_place([-item.rank for item in items], [item.opened_at for item in items])
    moved = [
        {"item": item.id, "of_paper": wanted}
        for item in items
        if (wanted := of_paper - URGENCY[_look(item.why)]) != item.paper_rank
    ]
    if moved:  # nearly all, where what was closed was worth much
        session.connection().execute(_MOVE_PAPER, moved)


def is_open() -> ColumnElement[bool]:
    """Of an item: that it still asks."""
    return col(ReviewItemRow.closed_at).is_(None)


def key_of(item: ReviewItemRow) -> CellKey:
    """The cell that an item asks about."""
    return CellKey(EntityId.parse(item.entity_id), item.field)


def why_of(item: ReviewItemRow) -> Look:
    """Why it asks."""
    return _look(item.why)


def _look(why: str) -> Look:
    return next(look for look in URGENCY if look == why)
