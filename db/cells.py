"""What a cell holds: the fold of what readings propose and what people said. The only definition of a cell's state.

A machine never overwrites a person: once somebody decided, new readings can only ask for another look. Without a
decision, the newest reading counts, and its probability says whether the value is published, queued or rejected;
what the lot chooses of the values published unseen is looked at too, and stays published meanwhile.
Nothing here touches the database; the cache of these states, and what loads their ingredients, is in `db.refresh`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, assert_never

from db.events import (
    FROM_OUTSIDE,
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
    Flagged,
    Rejected,
    Reopened,
    Undone,
)
from db.policy import ONE_OPINION, ReviewPolicy
from db.tables import Look, Status
from extractors.confidence import Model, score
from extractors.facts.evidence import Evidence
from extractors.facts.fields import Field, field_of, same_value
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.records import Proposal
from extractors.facts.values import NotReported, Value
from extractors.promise import Promise, Route, is_audited, route

PUBLISHED: frozenset[Status] = frozenset({"automatic", "reviewed", "double-reviewed", "adjudicated"})
"""Statuses of cells that a release carries."""

_ROUTED: dict[Route, Status] = {"accepted": "automatic", "queued": "queued", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class Judge:
    """What a proposal is judged by, and who looks at what."""

    model: Model
    promise: Promise
    sha256: str
    """Of the model, computed once."""
    policy: ReviewPolicy = ONE_OPINION

    @classmethod
    def of(cls, model: Model, promise: Promise, policy: ReviewPolicy = ONE_OPINION) -> Self:
        """The judge that goes by a confidence model, a promise and a policy."""
        return cls(model, promise, model.sha256, policy)

    def status(self, field: Field, probability: float) -> Status:
        """The status of a value of this probability as long as nobody looks; an identity goes with its entity's facts."""
        if field.use == "identity":
            return "automatic"
        return _ROUTED[route(field.path, probability, self.model, self.promise)]

    def look(self, key: CellKey, status: Status) -> Look | None:
        """Why a person is asked to look at a cell of this status about which nobody said anything; None if nobody is."""
        if status == "queued":
            return "unread" if field_of(key).use == "whole" else "uncertain"
        is_fact = field_of(key).use == "fact"
        return "audit" if is_fact and status == "automatic" and is_audited(key, self.promise) else None


@dataclass(frozen=True, slots=True)
class Offer:
    """What one reading proposes for a cell."""

    sha256: str
    extractor: str
    counts: bool
    """Whether it is the newest that speaks for the cell."""
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class CellState:
    """What a cell holds, since when, and why."""

    key: CellKey
    status: Status
    value: Value | None = None
    """None where nothing is proposed any more, or a person rejected everything."""
    evidence: Evidence | None = None
    extractor: str | None = None
    """The extractor that read the value; None where a person typed it."""
    probability: float | None = None
    """Of this value, as the model judges it; None where no reading proposes it."""
    model_sha: str | None = None
    look: Look | None = None
    """Why a person is asked to look; None if nobody is."""
    reviewers: tuple[str, ...] = ()
    decided_at: datetime | None = None
    last_seq: int = 0
    """Newest entry about the cell; 0 if there is none."""

    @property
    def published(self) -> bool:
        """Whether a release carries it."""
        return self.status in PUBLISHED


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person, or several, decided."""

    value: Value | None
    evidence: Evidence | None
    extractor: str | None
    status: Status
    look: Look | None
    reviewers: tuple[str, ...]
    at: datetime
    seq: int
    """The entry with which it was complete."""


@dataclass(frozen=True, slots=True)
class EntityState:
    """What people said of an entity."""

    merged_into: EntityId | None = None
    removed: bool = False


def resolve(
    key: CellKey, offers: Sequence[Offer], entries: Iterable[Entry], judge: Judge, *, void: bool = False
) -> CellState:
    """The state of a cell.

    Args:
        key: the cell.
        offers: what readings propose for it, and for the cells of entities merged into its entity.
        entries: all log entries about these cells, in any order.
        judge: the model and the promise.
        void: whether people said that its entity is another, or is none.
    """
    return resolve_heard(key, offers, Hearing(sorted(entries, key=lambda entry: entry.seq)), judge, void=void)


def resolve_heard(
    key: CellKey, offers: Sequence[Offer], heard: Hearing, judge: Judge, *, void: bool = False
) -> CellState:
    """The same, from what was heard of the cell."""
    if void:
        return CellState(key, "void", last_seq=heard.last_seq)
    machine = _machine(key, offers, judge)
    verdict = heard.verdict(field_of(key))
    if verdict is None:
        look: Look | None = "flagged" if heard.said.flagged else judge.look(key, machine.status)
        return replace(machine, look=look, last_seq=heard.last_seq)
    agrees = say_the_same(field_of(key), machine.value, verdict.value) and verdict.value is not None
    return CellState(
        key,
        verdict.status,
        verdict.value,
        verdict.evidence,
        verdict.extractor,
        machine.probability if agrees else None,
        machine.model_sha if agrees else None,
        verdict.look,
        verdict.reviewers,
        verdict.at,
        heard.last_seq,
    )


def resolve_entity(entries: Iterable[Entry]) -> EntityState:
    """What the log entries about an entity itself say of it."""
    ordered = sorted(entries, key=lambda entry: entry.seq)
    added = any(isinstance(entry.event, EntityAdded) for entry in ordered)
    state = EntityState(removed=added)
    for entry in live(ordered):
        match entry.event:
            case EntityAdded():
                state = replace(state, removed=False)
            case EntityMerged(into):
                state = replace(state, merged_into=into)
            case EntityRemoved():
                state = replace(state, removed=True)
            case _:
                pass
    return state


# What people decided


@dataclass(frozen=True, slots=True)
class _Opinion:
    value: Value | None
    evidence: Evidence | None
    extractor: str | None
    entry: Entry

    @property
    def actor(self) -> str:
        """Who said it."""
        return self.entry.envelope.actor

    @property
    def at(self) -> datetime:
        """When."""
        return self.entry.envelope.at


def verdict_of(field: Field, entries: Iterable[Entry]) -> Verdict | None:
    """What people decided about a cell, from its entries in order; None if nobody did, or all was undone."""
    return Hearing(entries).verdict(field)


def opinions_on(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The decisions that hold on the present question about a cell, from its entries in order.

    They are what an adjudication is between, or was; an earlier one is among them, where somebody spoke against it from outside.
    """
    return tuple(opinion.entry for opinion in Hearing(entries).said.opinions.values())


def settled_by(entries: Iterable[Entry]) -> Entry | None:
    """The adjudication that a cell goes by, from its entries in order; None if it goes by what people agree on, or nobody decided."""
    adjudicated = Hearing(entries).said.adjudicated
    return adjudicated.entry if adjudicated else None


@dataclass(frozen=True, slots=True)
class _Said:
    """What people said of a cell last."""

    opinions: Mapping[int | None, _Opinion] = field(default_factory=dict)
    """By slot: decisions in different slots are opinions on the same question."""
    adjudicated: _Opinion | None = None
    reopened: bool = False
    """Whether a new reading asked anew, and nobody answered since."""
    flagged: bool = False
    """Whether somebody asked for a senior, and nobody decided since."""

    def and_then(self, entry: Entry) -> _Said:
        """What they said once they said one thing more.

        A decision outside the queue, or the first after an adjudication or a reopening, begins afresh. What is said from
        outside beside people's opinions does not: it is one more, and where somebody had settled theirs, so is what was settled.
        """
        match entry.event:
            case Accepted() | Corrected() | CellAdded() | Rejected() | DeclaredNotReported():
                return _Said({**self._beside(entry), entry.envelope.slot: _opinion(entry, entry.event)})
            case Adjudicated(value, evidence):
                return _Said(self.opinions, _Opinion(value, evidence, None, entry))
            case Reopened():
                return replace(self, reopened=True)
            case Flagged():
                return replace(self, flagged=True)
            case _:
                return self

    def _beside(self, entry: Entry) -> Mapping[int | None, _Opinion]:
        """The opinions beside which a decision stands."""
        is_beside = _is_beside(entry)
        if not is_beside and (self.reopened or self.adjudicated or entry.envelope.slot is None):
            return {}
        if self.adjudicated:
            return {**self.opinions, self.adjudicated.entry.envelope.slot: self.adjudicated}
        return self.opinions


class Hearing:
    """What people said of a cell, entry by entry; one more costs as much as what it changes, and an undo what came after its target."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """What was said so far, in order."""
        self._entries: list[Entry] = []
        self._after: list[_Said] = []
        """What people said last, after each entry, of what holds now."""
        self._places: dict[int, int] = {}
        """Of entries, by their numbers."""
        self._undone: defaultdict[int, int] = defaultdict(int)
        """How many undos that hold silence an entry."""
        for entry in entries:
            self.hear(entry)

    @property
    def last_seq(self) -> int:
        """The newest entry; 0 if there is none."""
        return self._entries[-1].seq if self._entries else 0

    @property
    def said(self) -> _Said:
        """What people said last."""
        return self._after[-1] if self._after else _Said()

    @property
    def holding(self) -> list[Entry]:
        """Entries that hold: an undo silences its target, unless the undo was itself undone by a later entry."""
        return [entry for entry in self._entries if self._holds(entry)]

    @property
    def is_anything_held(self) -> bool:
        """Whether any entry holds."""
        return any(self._holds(entry) for entry in reversed(self._entries))

    def hear(self, entry: Entry) -> None:
        """Take in what is said next."""
        place = first = len(self._entries)
        self._places[entry.seq] = place
        self._entries.append(entry)
        self._after.append(self.said)
        if isinstance(entry.event, Undone):
            first = min(place, self._silence(entry.event.seq, 1))
        for at in range(first, place + 1):
            before = self._after[at - 1] if at else _Said()
            self._after[at] = before.and_then(self._entries[at]) if self._holds(self._entries[at]) else before

    def _silence(self, seq: int, by: int) -> int:
        """Count an undo of an entry that begins to hold, or no longer does; the first place where that changes anything."""
        first = len(self._entries) - 1
        while True:
            before = self._undone[seq] > 0
            self._undone[seq] += by
            place = self._places.get(seq)
            if place is None or place >= first or before == (self._undone[seq] > 0):
                return first  # nothing takes back itself, or what is said later
            first = place
            event = self._entries[place].event
            if not isinstance(event, Undone):
                return first
            seq, by = event.seq, -by

    def _holds(self, entry: Entry) -> bool:
        return not isinstance(entry.event, Undone) and not self._undone[entry.seq]

    def verdict(self, field: Field) -> Verdict | None:
        """What people decided; None if nobody did, or all was undone."""
        said = self.said
        look: Look | None = "flagged" if said.flagged else "machine-disagrees" if said.reopened else None
        opinions = tuple(said.opinions.values())
        if said.adjudicated:
            return _adjudicated(said.adjudicated, opinions, look)
        return _agreed(field, opinions, look) if opinions else None


def _is_beside(entry: Entry) -> bool:
    """Whether it is said from outside, beside the opinions of several people."""
    return entry.envelope.actor_kind in FROM_OUTSIDE and entry.envelope.slot is not None


def _opinion(entry: Entry, decision: Decision) -> _Opinion:
    match decision:
        case Accepted(proposal, value, evidence):
            return _Opinion(value, evidence, proposal.extractor, entry)
        case Corrected(value, evidence) | CellAdded(value, evidence):
            return _Opinion(value, evidence, None, entry)
        case DeclaredNotReported(evidence):
            return _Opinion(NotReported(), evidence, None, entry)
        case Rejected():
            return _Opinion(None, None, None, entry)
        case _:
            assert_never(decision)


def _adjudicated(opinion: _Opinion, heard: Iterable[_Opinion], look: Look | None) -> Verdict:
    status: Status = "rejected" if opinion.value is None else "adjudicated"
    who = tuple(dict.fromkeys((*(other.actor for other in heard), opinion.actor)))
    value, evidence, extractor, entry = opinion.value, opinion.evidence, opinion.extractor, opinion.entry
    return Verdict(value, evidence, extractor, status, look, who, opinion.at, entry.seq)


def _agreed(field: Field, opinions: Sequence[_Opinion], look: Look | None) -> Verdict:
    first, newest = opinions[0], max(opinion.at for opinion in opinions)
    who = tuple(dict.fromkeys(opinion.actor for opinion in opinions))
    agree = all(say_the_same(field, first.value, opinion.value) for opinion in opinions)
    status: Status = "double-reviewed" if len(who) > 1 else "reviewed"
    if first.value is None:
        status = "rejected"
    if not agree:
        status, look = "queued", look or "reviewers-disagree"
    complete = max(opinion.entry.seq for opinion in opinions)
    return Verdict(first.value, first.evidence, first.extractor, status, look, who, newest, complete)


def live(entries: Sequence[Entry]) -> list[Entry]:
    """Entries that hold: an undo silences its target, unless the undo was itself undone by a later entry."""
    return Hearing(entries).holding


def say_the_same(field: Field, a: Value | None, b: Value | None) -> bool:
    """Whether two answers about a cell are one; None, that nothing proposed is right, is an answer too."""
    if a is None or b is None:
        return a is b
    return same_value(field, a, b)


# What the machine proposes


def _machine(key: CellKey, offers: Sequence[Offer], judge: Judge) -> CellState:
    """The state without people: of merged entities' proposals the most probable, a doubt where they differ."""
    judged = [(score(offer.proposal, judge.model), offer) for offer in offers if offer.counts]
    if not judged:
        return CellState(key, "queued" if field_of(key).use == "whole" else "void")
    probability, best = max(judged, key=lambda item: item[0])
    field = field_of(key)
    status = judge.status(field, probability)
    if (
        field.use == "fact"
        and status == "automatic"
        and not all(same_value(field, best.proposal.value, offer.proposal.value) for _, offer in judged)
    ):
        status = "queued"
    proposal = best.proposal
    return CellState(
        key, status, proposal.value, proposal.evidence, best.extractor, probability, judge.sha256
    )
