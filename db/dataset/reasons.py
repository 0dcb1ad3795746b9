"""Why cells changed between the last release and this one: one sentence for each, looked up for many changes at once.

The list of changes tells them, and the gate goes by them (`db.dataset.gate.history`): what has no known cause must not be gone.

A change has the first of these reasons that holds: its paper came or went; somebody said something of it, of its entity or of the
model it belongs to; another version of the paper was read, or the same by another extractor; another confidence model judges;
its row came or went with its other cells. A first release has no reasons, for nothing changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from db.cells import PUBLISHED
from db.columns import Row
from db.dataset.changes import Cause, Change, Reason
from db.dataset.rows import plain
from db.dataset.source import Source
from db.dossier import entry_of, extractor_order
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
    Event,
    Flagged,
    Rejected,
    Undone,
)
from db.tables import CellRow, EntityRow, EventRow, ModelRow, PublishedRow, ReadingRow
from extractors.facts.errors import BurdenError, ParseError
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId

LONGEST = 400
"""Characters of a sentence; what people and sources say may be longer."""
UNKNOWN = "No entry of the review log, no reading and no confidence model since the last release tells why."
AT_ONCE = 400
"""Values that a query asks for."""
_Found = TypeVar("_Found", bound=Row)
_VERBS: Mapping[type[Event], str] = {
    Accepted: "accepted it",
    Corrected: "corrected it",
    CellAdded: "added it",
    Rejected: "rejected it",
    DeclaredNotReported: "found that the paper does not report it",
    Adjudicated: "settled it",
    EntityAdded: "added what it is about",
    EntityRemoved: "removed what it is about",
    Undone: "took back what was said of it",
    Flagged: "asked for another look",
}
_WAITS = {
    "flagged": "It waits for review again, because somebody asked for another look",
    "reviewers-disagree": "It waits for review again, because opinions differ",
    "machine-disagrees": "It waits for review again, because a new reading says otherwise",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has that bears on some changes."""

    said: Mapping[str, Sequence[Entry]]
    """Entries since the last release that may change what is published, by entity, in order."""
    merged: Mapping[str, Collection[str]]
    """What people said is the same as an entity."""
    cells: Mapping[tuple[str, str], CellRow]
    readings: Mapping[str, Sequence[ReadingRow]]
    """Of each paper, the one that counts last."""
    returned: Collection[str]
    """Papers that an earlier release had."""


class Reasons:
    """Tells why cells changed since the last release."""

    def __init__(self, session: Session, source: Source, as_of: datetime, last_seq: int) -> None:
        """Look in a transaction.

        Args:
            session: the one that the source was loaded in.
            source: what the release is made of.
            as_of: the state that the last release shows.
            last_seq: the newest entry that it knew.
        """
        self._session, self._source, self._as_of, self._last_seq = session, source, as_of, last_seq
        self._models = {row.sha256: row for row in session.exec(select(ModelRow))}

    def of(self, changes: Sequence[Change]) -> list[Reason]:
        """The reason of each of some changes."""
        known = self._known(changes)
        return [self._reason(change, known) for change in changes]

    # What is known

    def _known(self, changes: Sequence[Change]) -> _Known:
        gone = self._source.gone
        stayed = [change for change in changes if change.fate != "came" and change.paper not in gone]
        ids = {change.entity for change in stayed} | {link for change in stayed for link in _links(change)}
        cells = {
            (row.entity_id, row.field): row for row in _rows(self._session, CellRow, CellRow.entity_id, ids)
        }
        models = {
            f"{row.paper_id}/model/{row.value['id']}"
            for (_, field), row in cells.items()
            if field == "model" and row.value and "id" in row.value
        }
        ids |= models
        merged: defaultdict[str, set[str]] = defaultdict(set)
        for entity in _rows(self._session, EntityRow, EntityRow.merged_into, ids):
            merged[str(entity.merged_into)].add(entity.entity_id)
        ids |= {id for others in merged.values() for id in others}
        said: defaultdict[str, list[Entry]] = defaultdict(list)
        events = _rows(self._session, EventRow, EventRow.entity_id, ids, col(EventRow.seq) > self._last_seq)
        for row in sorted(events, key=lambda row: row.seq or 0):
            with suppress(BurdenError, ValueError, StopIteration, RuntimeError):  # no entry: the gate tells
                said[row.entity_id].append(entry_of(row))
        return _Known(
            said,
            merged,
            cells,
            self._readings({change.paper for change in stayed}),
            self._returned({change.paper for change in changes if change.fate == "came"}),
        )

    def _readings(self, papers: Collection[str]) -> dict[str, list[ReadingRow]]:
        found: defaultdict[str, list[ReadingRow]] = defaultdict(list)
        for row in _rows(self._session, ReadingRow, ReadingRow.paper_id, papers):
            found[row.paper_id].append(row)
        for readings in found.values():
            readings.sort(key=lambda row: (row.version, extractor_order(row.extractor), row.extractor))
        return found

    def _returned(self, papers: Collection[str]) -> set[str]:
        query = select(PublishedRow.paper_id).where(col(PublishedRow.paper_id).in_(papers)).distinct()
        return set(self._session.exec(query)) if papers else set()

    # What it tells

    def _reason(self, change: Change, known: _Known) -> Reason:
        if change.fate == "came":
            came = "is back in" if change.paper in known.returned else "is new in"
            return Reason(f"The paper {came} the dataset.", "paper")
        if change.paper in self._source.gone:
            return _sentence(f"The paper left the dataset: {self._source.gone[change.paper]}", "paper")
        cell = known.cells.get((change.entity, change.field))
        entry = _newest_said(change, cell, known)
        if entry is not None:
            return _said(entry, cell)
        found = self._by_machine(change, cell, known)
        return Reason(found.sentence, "person") if _is_disputed(change, known) else found

    def _by_machine(self, change: Change, cell: CellRow | None, known: _Known) -> Reason:
        is_published = cell is not None and cell.status in PUBLISHED
        if change.kind == "removed" and is_published:
            return _sentence("No fact of its row is published any more", "row")
        made = self._read(known.readings.get(change.paper, ())) or self._judged(cell)
        if change.kind == "added" and not made and _is_identity(change):
            return _sentence("A fact of its row is published now", "row")
        cause: Cause = "machine" if made else "unknown"
        if change.kind != "removed":
            return _sentence(made or UNKNOWN, cause)
        if cell is not None and cell.look in _WAITS:
            return _sentence(". ".join(filter(None, (_WAITS[cell.look], made))), cause)
        status = cell.status if cell is not None else "void"
        became = {"queued": "It waits for review", "rejected": "It is too improbable"}
        return _sentence(". ".join(filter(None, (became.get(status, "It is no longer read"), made))), cause)

    def _read(self, readings: Sequence[ReadingRow]) -> str:
        """What was read since, where that is not what had been read before."""
        before = [row for row in readings if row.read_at <= self._as_of]
        if not readings or (before and before[-1] is readings[-1]):
            return ""
        now = readings[-1]
        if not before or now.version != before[-1].version:
            return f"Version {now.version} of the paper was read, by {now.extractor}"
        return f"The paper was read anew, by {now.extractor} after {before[-1].extractor}"

    def _judged(self, cell: CellRow | None) -> str:
        """The confidence model that judges, if it was chosen since."""
        model = self._models.get(cell.model_sha or "") if cell is not None else None
        if model is None or max(model.installed_at, model.chosen_at or model.installed_at) <= self._as_of:
            return ""
        return f"It was judged anew, by confidence model {model.version}"


def _about(change: Change, known: _Known) -> list[Entry]:
    """What was said since of the cell and of its entity, and of those that are the same."""
    return [
        entry
        for id in (change.entity, *sorted(known.merged.get(change.entity, ())))
        for entry in known.said.get(id, ())
        if entry.envelope.field in (change.field, None)
    ]


def _is_disputed(change: Change, known: _Known) -> bool:
    """Whether people said something of it that did not stand, or is still to be settled."""
    return any(isinstance(entry.event, Decision | Adjudicated | Flagged) for entry in _about(change, known))


def _newest_said(change: Change, cell: CellRow | None, known: _Known) -> Entry | None:
    """The newest entry since the last release that made the change."""
    about = _about(change, known)
    # a decision that did not stand leaves no reviewers; its undoing is an entry of its own
    is_decided = cell is not None and (bool(cell.reviewers) or cell.status == "void")
    bearing = [
        entry
        for entry in about
        if isinstance(entry.event, Undone | EntityAdded | EntityMerged | EntityRemoved)
        or (is_decided and isinstance(entry.event, Decision | Adjudicated))
    ]
    if not bearing:
        bearing = [
            entry
            for link in _links(change, cell, known)
            for id in (link, *known.merged.get(link, ()))
            for entry in known.said.get(id, ())
            if isinstance(entry.event, Undone | EntityAdded | EntityMerged | EntityRemoved)
            and entry.envelope.field is None
        ]
    return max(bearing, key=lambda entry: entry.seq, default=None)


def _links(change: Change, cell: CellRow | None = None, known: _Known | None = None) -> list[str]:
    """The models that a cell names or named, or that its row belongs to."""
    if change.field == "model":
        sides = (side.value for side in (change.before, change.after) if side is not None)
        named = [value for value in sides if value and _is_entity(value)]
    else:
        named = []
    row = known.cells.get((change.entity, "model")) if known is not None else cell
    if row is not None and row.field == "model" and row.value and "id" in row.value:
        named.append(f"{row.paper_id}/model/{row.value['id']}")
    return named


def _is_entity(value: str) -> bool:
    try:
        EntityId.parse(value)
    except ParseError:
        return False
    return True


def _is_identity(change: Change) -> bool:
    return field_of(CellKey(EntityId.parse(change.entity), change.field)).use == "identity"


def _said(entry: Entry, cell: CellRow | None) -> Reason:
    """Who said what, when and why."""
    envelope, event = entry.envelope, entry.event
    if isinstance(event, EntityMerged):
        verb = f"said that {envelope.entity} is the same as {event.into}"
    else:
        verb = _VERBS[type(event)]
    why = plain(envelope.reason).rstrip(".")
    told = f"{plain(envelope.actor)} {verb} on {envelope.at:%Y-%m-%d}{f': {why}' if why else ''}"
    waits = _WAITS.get(cell.look or "") if cell is not None and cell.status == "queued" else None
    return _sentence(f"{waits}. {told}" if waits else told, "person")


def _sentence(text: str, cause: Cause) -> Reason:
    whole = plain(text).rstrip(".")
    short = whole if len(whole) < LONGEST else f"{whole[: LONGEST - 2]}…"
    return Reason(f"{short}.", cause)


def _rows(
    session: Session, table: type[_Found], column: object, wanted: Collection[str], *also: ColumnElement[bool]
) -> list[_Found]:
    """Rows by the values of a column."""
    found: list[_Found] = []
    names = sorted(wanted)
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        found += session.exec(select(table).where(col(column).in_(some), *also)).all()
    return found
