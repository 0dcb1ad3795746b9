"""The review log's entries: what people (and, once, the machine) said of cells and entities.

Each entry is an envelope (who, when, about what) and an event, one of the small frozen types below. The log only
grows; undo is an event. Entries carry the values they decided, so that a log replays to the same state without
the readings. Adding to the log is in `db.log`; what entries mean for a cell is in `db.cells`.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from pydantic import TypeAdapter, ValidationError

from extractors.facts.codec import Json, evidence_from_json, evidence_to_json, value_from_json, value_to_json
from extractors.facts.errors import ParseError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import Value

ActorKind = Literal["annotator", "senior", "author", "correction", "import", "machine"]
ACTOR_KINDS: tuple[ActorKind, ...] = get_args(ActorKind)
FROM_OUTSIDE: frozenset[ActorKind] = frozenset({"author", "correction"})
"""Those who are no reviewers: what they say is never one of two blind opinions."""


@dataclass(frozen=True, slots=True)
class ProposalKey:
    """A proposed value of the entry's cell: which reading, and its rank there (0 the value, 1 and up rivals)."""

    sha256: str
    extractor: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposed value, or one of its rivals, is right."""

    proposal: ProposalKey
    value: Value
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Corrected:
    """The value is this one."""

    value: Value
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CellAdded:
    """A value that no reading proposed."""

    value: Value
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing that is proposed is right; why is in the envelope's reason."""


@dataclass(frozen=True, slots=True)
class DeclaredNotReported:
    """The paper was searched and does not say."""

    evidence: Evidence | None = None
    """The parts that were searched, where they were noted."""


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Of opinions that disagree, or against all of them, this is right; no value means none is."""

    value: Value | None
    evidence: Evidence | None
    between: tuple[int, ...]
    """The entries that disagree."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody else, or later."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A senior is to look at it; why is in the envelope's reason."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A remark for whoever comes next."""

    text: str


@dataclass(frozen=True, slots=True)
class EntityAdded:
    """A person found an entity that no reading has; its kind and slug are those of the envelope."""


@dataclass(frozen=True, slots=True)
class EntityMerged:
    """The entity is the same as another."""

    into: EntityId


@dataclass(frozen=True, slots=True)
class EntityRemoved:
    """There is no such entity."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A new reading says something that nobody had seen when the cell was decided; the decision stands."""

    proposal: ProposalKey
    value: Value
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Undone:
    """An earlier entry about the same thing no longer holds; it may itself be undone."""

    seq: int


Decision = Accepted | Corrected | CellAdded | Rejected | DeclaredNotReported
"""One person's answer to what a cell holds."""

EntityEvent = EntityAdded | EntityMerged | EntityRemoved
"""Said of an entity rather than of a cell."""

Event = Decision | Adjudicated | Skipped | Flagged | Noted | EntityEvent | Reopened | Undone


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who said it, when, and about what."""

    uuid: str
    """Made by the caller; the same entry sent twice is stored once."""
    at: datetime
    actor: str
    actor_kind: ActorKind
    entity: EntityId
    field: str | None = None
    """None where the event is about the entity itself."""
    slot: int | None = None
    """The slot of the review item it fills; None outside the queue, where it replaces what was decided before. Who is no reviewer
    has one beside those of people, where several of them decide or decided."""
    expect: int | Value | None = None
    """What the actor saw: the cell's `last_seq`, or its value; of an entity the newest entry about it or its cells. An entry on
    anything else is refused."""
    extractor: str | None = None
    seconds: float | None = None
    """How long the actor looked."""
    reason: str = ""

    @property
    def cell(self) -> CellKey | None:
        """The cell it is about; None for an entry about an entity."""
        return CellKey(self.entity, self.field) if self.field is not None else None

    @property
    def is_repeated(self) -> bool:
        """Whether it was said of another paper, and is said again of this one because both are the same file."""
        return self.uuid == repeated(self.uuid, self.entity.paper)


def repeated(uuid: str, paper: str) -> str:
    """The uuid under which an entry of another paper's log is said again of a paper; that of a repeated one names the first, too."""
    change, slash, number = uuid.partition("/")
    paper_code = hashlib.sha256(paper.encode()).hexdigest()[:16]
    return f"{change.partition('@')[0]}@{paper_code}{slash}{number}"


def first_said(uuid: str) -> str:
    """The uuid of the entry that one repeats which `repeated` named."""
    change, slash, number = uuid.partition("/")
    return f"{change.rpartition('@')[0]}{slash}{number}"


@dataclass(frozen=True, slots=True)
class Entry:
    """An envelope and its event, at their place in the log."""

    seq: int
    envelope: Envelope
    event: Event


KINDS: Mapping[str, type[Event]] = {
    "accepted": Accepted,
    "corrected": Corrected,
    "cell-added": CellAdded,
    "rejected": Rejected,
    "not-reported": DeclaredNotReported,
    "adjudicated": Adjudicated,
    "skipped": Skipped,
    "flagged": Flagged,
    "noted": Noted,
    "entity-added": EntityAdded,
    "entity-merged": EntityMerged,
    "entity-removed": EntityRemoved,
    "reopened": Reopened,
    "undone": Undone,
}
"""Every event by the word it is stored under."""

_WORDS = {kind: word for word, kind in KINDS.items()}
_KEY = TypeAdapter(ProposalKey)

_WRITERS: Mapping[str, Callable[..., object]] = {
    "value": value_to_json,
    "evidence": evidence_to_json,
    "proposal": dataclasses.asdict,
    "into": str,
    "between": list,
}
_READERS: Mapping[str, Callable[..., object]] = {
    "value": value_from_json,
    "evidence": evidence_from_json,
    "proposal": _KEY.validate_python,
    "into": EntityId.parse,
    "between": tuple,
}
"""By the name of an event's part; parts of other names are JSON already."""


def event_to_json(event: Event) -> tuple[str, Json]:
    """An event as the word for its kind and a JSON object."""
    return _WORDS[type(event)], {
        part.name: _coded(_WRITERS, part.name, getattr(event, part.name))
        for part in dataclasses.fields(event)
    }


def event_from_json(kind: str, body: Json) -> Event:
    """The event that `event_to_json` wrote.

    Raises:
        ParseError: it is not an event.
    """
    if kind not in KINDS:
        raise ParseError(f"an event of kind {kind!r} is unknown", remedy=f"The kinds are {', '.join(KINDS)}")
    parts = {name: _coded(_READERS, name, item) for name, item in body.items()}
    make = cast(Callable[..., Event], KINDS[kind])
    try:
        return make(**parts)
    except TypeError as error:
        raise ParseError(f"not an event of kind {kind}: {error}") from error


def _coded(codec: Mapping[str, Callable[..., object]], name: str, item: object) -> object:
    if item is None or name not in codec:
        return item
    try:
        return codec[name](item)
    except ValidationError as error:
        raise ParseError(f"not a stored event: {error.errors()[0]['msg']}", where=name) from error
    except (AttributeError, TypeError) as error:  # a number where an object is due
        raise ParseError("not a stored event", where=name) from error
