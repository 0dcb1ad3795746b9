"""The review log as questions and answers: who said what a cell holds, each without knowing the other, and what came of it.

A question is a look at a cell that the queue asked for. Answers in its slots are opinions; an adjudication ends it, and
so do a new reading that disagrees and a decision outside the queue. What was undone was never said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from db.cells import EntityState, Verdict, live, resolve_entity, verdict_of
from db.events import (
    FROM_OUTSIDE,
    Accepted,
    ActorKind,
    Adjudicated,
    CellAdded,
    Corrected,
    Decision,
    DeclaredNotReported,
    EntityRemoved,
    Entry,
    Rejected,
    Reopened,
)
from extractors.facts.fields import Field, field_of
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.values import NotReported, Value


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person said that a cell holds."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    slot: int | None
    value: Value | None
    """None: nothing that was proposed."""
    unchanged: bool
    """Whether it is the proposed value, accepted as it was."""
    extractor: str | None
    """The version that proposed; None where the entry does not say."""
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """A look at a cell that the queue asked for."""

    key: CellKey
    answers: tuple[Answer, ...]
    """One of each slot, in the order of the log; at least one."""
    ruling: Answer | None = None
    """The adjudication, where there was one."""

    @property
    def field(self) -> Field:
        """Of its cell."""
        return field_of(self.key)

    @property
    def at(self) -> datetime:
        """When its last answer came."""
        return max(answer.at for answer in self.answers)

    @property
    def said(self) -> Mapping[str, Value | None]:
        """What each person said."""
        return {answer.actor: answer.value for answer in self.answers}


@dataclass(frozen=True, slots=True)
class Standing:
    """What people settled that a cell holds, and by which entry."""

    value: Value | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class Log:
    """The review log by what it is about."""

    entries: tuple[Entry, ...]
    """Those that hold, in order."""
    cells: Mapping[CellKey, tuple[Entry, ...]]
    """All about a cell, in order, undone ones and undos included."""
    removals: Mapping[EntityId, Entry] = field(default_factory=dict)
    """By which an entity was said not to be one."""
    groups: Mapping[EntityId, tuple[EntityId, ...]] = field(default_factory=dict)
    """Of entities that are merged with others: all of these."""

    def questions(self) -> tuple[Question, ...]:
        """All that the queue asked and somebody answered, by cell."""
        return tuple(
            question for key in sorted(self.cells) for question in questions_about(key, self.cells[key])
        )

    def standing(self, key: CellKey) -> Standing | None:
        """What stands of a cell now; None if nobody decided, or people disagree."""
        members = self.groups.get(key.entity, (key.entity,))
        gone = [self.removals[id] for id in members if id in self.removals]
        if gone:
            return Standing(None, gone[-1])
        about = [entry for id in members for entry in self.cells.get(CellKey(id, key.field), ())]
        ordered = sorted(about, key=lambda entry: entry.seq)
        verdict = verdict_of(field_of(key), ordered)
        if verdict is None or verdict.look == "reviewers-disagree" or not _is_settled(verdict):
            return None
        return Standing(verdict.value, next(entry for entry in ordered if entry.seq == verdict.seq))


def _is_settled(verdict: Verdict) -> bool:
    """Whether the answers agree; a flag hides from a verdict's look that they do not, but not from its status."""
    return verdict.status != "queued"


def read_log(entries: Iterable[Entry]) -> Log:
    """The entries of a log, in any order, by what they are about."""
    cells: defaultdict[CellKey, list[Entry]] = defaultdict(list)
    entities: defaultdict[EntityId, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.seq):
        key = entry.envelope.cell
        if key is None:
            entities[entry.envelope.entity].append(entry)
        else:
            cells[key].append(entry)
    holding = [entry for said in (*cells.values(), *entities.values()) for entry in live(said)]
    states = {id: resolve_entity(said) for id, said in entities.items()}
    return Log(
        tuple(sorted(holding, key=lambda entry: entry.seq)),
        {key: tuple(said) for key, said in cells.items()},
        {
            id: _removal(entities[id])
            for id, state in states.items()
            if state.removed and _removed(entities[id])
        },
        _groups(states),
    )


def questions_about(key: CellKey, entries: Sequence[Entry]) -> tuple[Question, ...]:
    """The questions about a cell, from all its entries in order."""
    found: list[Question] = []
    answers: dict[int, Answer] = {}
    ended = False

    def end(ruling: Answer | None = None) -> None:
        if answers:
            found.append(Question(key, tuple(sorted(answers.values(), key=_place)), ruling))
        answers.clear()

    for entry in live(entries):
        slot = entry.envelope.slot
        match entry.event:
            case Accepted() | Corrected() | CellAdded() | Rejected() | DeclaredNotReported():
                if slot is not None and entry.envelope.actor_kind in FROM_OUTSIDE:
                    continue  # it stands beside the answers, for somebody to settle
                if ended or slot is None:
                    end()
                    ended = False
                if slot is not None:
                    answers[slot] = answer_of(entry, entry.event)
            case Adjudicated():
                end(answer_of(entry, entry.event))
            case Reopened():
                ended = True
            case _:
                pass
    end()
    return tuple(found)


def answer_of(entry: Entry, event: Decision | Adjudicated) -> Answer:
    """A decision as an answer."""
    said = entry.envelope
    return Answer(
        entry.seq,
        said.at,
        said.actor,
        said.actor_kind,
        said.slot,
        value_said(event),
        isinstance(event, Accepted) and event.proposal.rank == 0,
        event.proposal.extractor if isinstance(event, Accepted) else said.extractor,
        said.reason,
    )


def value_said(event: Decision | Adjudicated) -> Value | None:
    """What a decision says that the cell holds; None: nothing that was proposed."""
    match event:
        case Accepted() | Corrected() | CellAdded() | Adjudicated():
            return event.value
        case DeclaredNotReported():
            return NotReported()
        case Rejected():
            return None
        case _:
            assert_never(event)


def _place(answer: Answer) -> int:
    return answer.seq


def _removed(entries: Sequence[Entry]) -> bool:
    return any(isinstance(entry.event, EntityRemoved) for entry in live(entries))


def _removal(entries: Sequence[Entry]) -> Entry:
    return next(entry for entry in reversed(live(entries)) if isinstance(entry.event, EntityRemoved))


def _groups(states: Mapping[EntityId, EntityState]) -> dict[EntityId, tuple[EntityId, ...]]:
    """Each entity that was merged, or merged into, with all that are the same."""
    together: defaultdict[EntityId, set[EntityId]] = defaultdict(set)
    for id in states:
        root, seen = id, {id}
        while (state := states.get(root)) is not None and state.merged_into not in (None, *seen):
            root = state.merged_into or root
            seen.add(root)
        if root != id:
            together[root] |= {root, id}
    return {id: tuple(sorted(group)) for group in together.values() for id in group}
