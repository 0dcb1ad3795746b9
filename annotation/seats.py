"""Where a decision counts that was made elsewhere than at the queue, on a value that the queue asks about.

It is the answer that is asked for: nobody is asked again, and where two people are to decide blind it is one of their
opinions, never the end of both. On what two people decided differently it is an adjudication, by somebody else. Where several agreed
already, it stands beside what they said, and somebody else settles it if it differs; what somebody settled stays so until that is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from db.cells import opinions_on, settled_by
from db.dossier import load_dossier, lock_paper, readings_of
from db.events import Adjudicated, Decision, Entry, Flagged, Noted, Skipped, Undone
from db.items import ask_again, open_item, slots_of
from db.log import history
from db.queue import claim
from db.slots import add_slot
from db.tables import ReviewItemRow, SlotRole
from extractors.facts.errors import ConflictError
from extractors.facts.ids import CellKey

MOMENT = timedelta(minutes=1)
"""How long a slot is held that is filled at once."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The slot that a decision fills."""

    slot: int | None = None
    """None where nobody asks, or somebody else alone is asked: the decision then stands instead of what was said."""
    role: SlotRole = "opinion"


def seat_of(session: Session, key: CellKey, who: str, at: datetime) -> Seat:
    """The slot that a person's decision about a cell fills: one they hold, filled before, or can have.

    Where two people are asked and others have both places, theirs is one more opinion.

    Args:
        session: a writing transaction, in which the decision follows.
        key: the cell.
        who: decides.
        at: now.

    Raises:
        ConflictError: people disagree, and somebody else is about to settle it, or did.
    """
    lock_paper(session, key.entity.paper)
    item = open_item(session, key) or _asked_again(session, key, at)
    if item is None:
        return Seat()
    slots = slots_of(session, item)
    own = next((slot for slot in slots if slot.holder == who), None)
    if own is not None:
        return Seat(own.n, _role(own.role))
    role: SlotRole = "adjudication" if item.why == "reviewers-disagree" else "opinion"
    # whoever is at the paper anyway may decide what was flagged
    held = claim(session, who, at, MOMENT, role=role, senior=True, only=key)
    if held is not None:
        return Seat(held.slot, role)
    if role == "adjudication":
        raise ConflictError(
            f"people disagree on {key}, and somebody is about to settle it", remedy="Look at it again later"
        )
    asked = sum(slot.role == "opinion" for slot in slots_of(session, item))
    return Seat(add_slot(session, key, who, at)) if asked > 1 else Seat()


def _asked_again(session: Session, key: CellKey, at: datetime) -> ReviewItemRow | None:
    """The item of a cell on which several people agreed, open again so that one more word stands beside theirs; None if one person decided alone.

    Raises:
        ConflictError: somebody settled the cell.
    """
    dossier = load_dossier(session, key.entity.paper, key.entity)
    said = dossier.entries_about(key) if key.entity in dossier.entities else ()
    settled = settled_by(said)
    if settled is not None:
        who = settled.envelope.actor
        raise ConflictError(
            f"people disagreed on {key}, and {who} settled it",
            remedy=f"To have it settled anew, {who}, or a senior with a --reason, runs: burden edit undo {settled.seq}",
        )
    if len({entry.envelope.actor for entry in opinions_on(said)}) < 2:
        return None
    return ask_again(session, key, at)


def taken_before(entry: Entry) -> Seat:
    """The slot that an entry of the log fills."""
    return Seat(entry.envelope.slot, "adjudication" if isinstance(entry.event, Adjudicated) else "opinion")


def expected(session: Session, key: CellKey, seen: int, seat: Seat) -> int:
    """The newest entry that a decision may follow: the one that was seen, or what others said since that changes nothing for it."""
    lock_paper(session, key.entity.paper)
    said = {entry.seq: entry for entry in history(session, key=key)}
    since = [entry for entry in said.values() if entry.seq > seen]
    if seat.slot is None or not all(_is_beside(entry, said, seat) for entry in since):
        return seen
    return max((entry.seq for entry in since), default=seen)


def refuse_unseen(session: Session, key: CellKey, shown_at: datetime, seat: Seat) -> None:
    """Refuse to decide what has changed since it was shown, where nothing tells what was shown but when.

    Raises:
        ConflictError: something was said of the cell since, other than a blind opinion beside this one, or its paper was read anew.
    """
    lock_paper(session, key.entity.paper)
    said = {entry.seq: entry for entry in history(session, key=key)}
    since = [entry for entry in said.values() if entry.envelope.at > shown_at]
    read = readings_of(session, key.entity.paper).values()
    if any(at > shown_at for at in read) or not all(_is_beside(entry, said, seat) for entry in since):
        raise ConflictError(
            f"{key} has changed since it was shown", remedy="Look at it again with: burden review next"
        )


def _is_beside(entry: Entry, said: Mapping[int, Entry], seat: Seat) -> bool:
    """Whether an entry is somebody else's opinion in another slot, takes one back, or says nothing of the value."""
    if isinstance(entry.event, Skipped | Flagged | Noted):
        return True
    if isinstance(entry.event, Undone) and entry.event.seq in said:
        return _is_beside(said[entry.event.seq], said, seat)
    slot = entry.envelope.slot
    other = isinstance(entry.event, Decision) and slot is not None and slot != seat.slot
    return other and seat.role == "opinion"


def _role(role: str) -> SlotRole:
    return "adjudication" if role == "adjudication" else "opinion"
