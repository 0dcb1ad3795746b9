"""Who was corrected, by whom and why, and how often adjudications upheld whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from db.agreement.answers import Log, Question, Standing, answer_of
from db.agreement.places import places_of
from db.cells import live, say_the_same
from db.events import ActorKind, Adjudicated, Decision, EntityRemoved, Entry
from db.log import AT_THE_SCREEN
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey
from extractors.facts.values import Value

How = Literal["adjudicated", "decided later", "no such entity"]


@dataclass(frozen=True, slots=True)
class Correction:
    """An answer that is not what stands now, by somebody else's word."""

    key: CellKey
    person: str
    said: Value | None
    """None: that nothing proposed is right."""
    said_at: datetime
    stands: Value | None
    """None: nothing."""
    how: How
    by: str
    by_kind: ActorKind
    at: datetime
    reason: str
    """Theirs; may be empty."""
    seq: int
    """Their entry in the log."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """What adjudications of a place's items found."""

    place: str
    """`all`, a family or a field's path."""
    number: int
    upheld_one: int
    """One side, or several who agreed, against the others."""
    upheld_none: int
    upheld_all: int
    """Those where the sides agreed after all."""


@dataclass(frozen=True, slots=True)
class Upheld:
    """How often adjudications found one person right."""

    person: str
    number: int
    """Adjudications of items that they answered."""
    upheld: int


def corrections(log: Log, keys: Iterable[CellKey]) -> tuple[Correction, ...]:
    """What people at the screen were corrected in, in the order of the entries that corrected them.

    Of each person and cell the last answer counts: who came round to the others' view is not corrected.
    """
    found = [
        correction
        for key in keys
        if (standing := log.standing(key)) is not None
        for correction in _corrected(log, key, standing)
    ]
    return tuple(sorted(found, key=lambda item: (item.seq, str(item.key), item.person)))


def rulings(questions: Sequence[Question]) -> tuple[tuple[Rulings, ...], tuple[Upheld, ...]]:
    """What adjudications found, by place, and of whom they found what."""
    by_place: defaultdict[str, Counter[str]] = defaultdict(Counter)
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for question in questions:
        if question.ruling is None:
            continue
        ruled, field = question.ruling.value, question.field
        upheld = {who: say_the_same(field, said, ruled) for who, said in question.said.items()}
        outcome = "all" if all(upheld.values()) else "one" if any(upheld.values()) else "none"
        for place in places_of(field):
            by_place[place][outcome] += 1
        asked.update(upheld.keys())
        right.update(who for who, so in upheld.items() if so)
    return (
        tuple(Rulings(place, of.total(), of["one"], of["none"], of["all"]) for place, of in by_place.items()),
        tuple(Upheld(who, asked[who], right[who]) for who in sorted(asked)),
    )


def _corrected(log: Log, key: CellKey, standing: Standing) -> Iterable[Correction]:
    by = standing.entry.envelope
    for person, (entry, event) in _last_answers(log.cells.get(key, ())).items():
        later = standing.entry.seq > entry.seq and by.actor != person
        said = answer_of(entry, event).value
        if later and not say_the_same(field_of(key), said, standing.value):
            yield Correction(
                key,
                person,
                said,
                entry.envelope.at,
                standing.value,
                _how(standing.entry),
                by.actor,
                by.actor_kind,
                by.at,
                by.reason,
                standing.entry.seq,
            )


def _last_answers(entries: Sequence[Entry]) -> dict[str, tuple[Entry, Decision | Adjudicated]]:
    return {
        entry.envelope.actor: (entry, entry.event)
        for entry in live(entries)
        if isinstance(entry.event, Decision | Adjudicated) and entry.envelope.actor_kind in AT_THE_SCREEN
    }


def _how(entry: Entry) -> How:
    match entry.event:
        case Adjudicated():
            return "adjudicated"
        case EntityRemoved():
            return "no such entity"
        case _:
            return "decided later"
