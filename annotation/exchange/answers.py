"""Answers that come back in a file: what they mean, and their way into the review log.

Each is a decision of its own, as at the screen, in a transaction of its own: it takes a free slot of the cell's open item
and fills it, so that nobody is asked what is answered, nobody answers twice, and a second opinion stays somebody else's.
An answer's uuid follows from what it says, so that a file that is imported again changes nothing, also where somebody
took an answer back meanwhile.
"""

from __future__ import annotations

import math
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, select

from annotation.exchange.questions import Question, accepting, question_about, tidy, unstamped
from annotation.opinions import settling
from annotation.scale import scale_beside
from annotation.session import RULE, Reviewer
from annotation.typed import parse_typed
from db.cells import Judge
from db.dossier import lock_paper
from db.events import (
    Corrected,
    Decision,
    DeclaredNotReported,
    Envelope,
    Event,
    Flagged,
    Rejected,
    Skipped,
)
from db.log import append
from db.queue import claim, waiting_about
from db.refresh import cell_state, entity_cells
from db.tables import EventRow
from extractors.facts.errors import ConflictError, ParseError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey

IMPORTS = uuid.UUID("0b6f3c1e-6a5d-5c0b-8b1f-8d2a4a9f6e57")
"""Name space of imported answers."""
LEASE = timedelta(minutes=1)
"""How long a slot is held that is filled at once."""
LONGEST_LOOK = 86_400.0
"""Seconds; a longer look is a window that was left open, and says nothing."""

Word = Literal["accept", "correct", "reject", "not reported", "skip", "flag"]
_WORDS: dict[str, Word] = {
    "accept": "accept",
    "candidate": "accept",
    "correct": "correct",
    "reject": "reject",
    "not reported": "not reported",
    "skip": "skip",
    "flag": "flag",
}
CHOICES = "accept, candidate 2 (to 9), correct, reject, not reported, skip, flag"
"""What may stand as a decision."""
_CHOICE = re.compile(r"(accept|candidate|correct|reject|not reported|skip|flag)(?: ([1-9]))?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file says of one cell."""

    place: str
    """Where in the file, as `row 3`."""
    cell: str
    seen: str
    word: Word
    number: int = 1
    """Of the value that is accepted."""
    value: str = ""
    """What was typed as the right value."""
    reason: str = ""
    who: str = ""
    """Who answered, as the file calls them; empty where it does not say."""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a file says that is not taken, and why."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What a file says."""

    given: tuple[Answer, ...] = ()
    refused: tuple[Refusal, ...] = ()
    blank: int = 0
    """Questions without an answer."""


def choice(decision: str, value: str, reason: str) -> tuple[Word, int] | None:
    """What a decision's words mean, with the number of the value that is accepted; None where there is no answer.

    A value without a decision is a correction.

    Raises:
        ParseError: it is none of the words, or does not go with the value.
    """
    words = " ".join(decision.lower().replace("_", " ").replace("-", " ").split())
    if not words and (value or not reason):
        return ("correct", 1) if value else None
    found = _CHOICE.fullmatch(words)
    if found is None or (found[2] and found[1] not in ("accept", "candidate")):
        raise ParseError(f"{tidy(decision, 40)!r} is no decision", remedy=f"Write one of: {CHOICES}")
    word = _WORDS[found[1]]
    if word == "correct" and not value:
        raise ParseError("the right value is missing", remedy="Write it as value")
    if word != "correct" and value:
        raise ParseError(f"{word!r} and a value do not go together", remedy="Write correct, or no value")
    if found[1] == "candidate" and not found[2]:
        raise ParseError("the number of the candidate is missing", remedy="Write candidate 2")
    return word, int(found[2] or 1)


def once(answers: Answers) -> Answers:
    """The same answers without cells that one person answered twice; the same answer twice is one."""
    first: dict[tuple[str, str], Answer] = {}
    unclear: dict[tuple[str, str], str] = {}
    for answer in answers.given:
        key = answer.cell, answer.who
        known = first.setdefault(key, answer)
        if known is not answer and _gist(known) != _gist(answer):
            unclear[key] = answer.place
    refused = [
        Refusal(place, f"{tidy(cell)} is answered otherwise at {first[cell, who].place}; neither is taken")
        for (cell, who), place in unclear.items()
    ]
    kept = tuple(answer for key, answer in first.items() if key not in unclear)
    return Answers(kept, (*answers.refused, *refused), answers.blank)


def look(seconds: object) -> float | None:
    """How long somebody looked, if that is known and can be."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    return float(seconds) if math.isfinite(seconds) and 0 <= seconds <= LONGEST_LOOK else None


def give(session: Session, answer: Answer, reviewer: Reviewer, source: str, at: datetime) -> bool:
    """Write an answer to the log.

    Args:
        session: a writing transaction; to be rolled back if an error is raised.
        answer: what was answered.
        reviewer: who answered.
        source: the kind of file, as `csv`.
        at: now.

    Returns:
        Whether it is new; False if it was imported before.

    Raises:
        ConflictError: what is asked has changed since the file was made, or is not theirs to answer.
        ParseError, UsageError: the answer makes no sense for this cell.
    """
    key = CellKey.parse(answer.cell)
    field_of(key)
    lock_paper(session, key.entity.paper)
    name = str(uuid.uuid5(IMPORTS, "\n".join([source, answer.seen, reviewer.name, *map(str, _gist(answer))])))
    if session.exec(select(EventRow.seq).where(EventRow.uuid == name)).first() is not None:
        return False
    question, last_seq = _asked(session, key, answer, reviewer.judge)
    event = _event(session, question, answer)
    if question.why == "flagged" and not reviewer.senior:
        raise ConflictError(f"{key} was flagged for a senior, and {reviewer.name} is none")
    held = claim(session, reviewer.name, at, LEASE, role=question.role, senior=reviewer.senior, only=key)
    if held is None:
        raise ConflictError(
            f"{key} is not theirs to answer: {reviewer.name} or somebody else has it or has answered it",
            remedy="Import it again later",
        )
    envelope = Envelope(
        uuid=name,
        at=at,
        actor=reviewer.name,
        actor_kind="import",
        entity=key.entity,
        field=key.field,
        slot=held.slot,
        expect=last_seq,
        extractor=question.extractor,
        seconds=answer.seconds,
        reason=tidy(answer.reason, 1000),
    )
    append(session, envelope, event, reviewer.judge)
    return True


def _gist(answer: Answer) -> tuple[str, str, int, str, str]:
    """What an answer says, wherever in the file it stands."""
    return answer.cell, answer.word, answer.number, answer.value, answer.reason


def _asked(session: Session, key: CellKey, answer: Answer, judge: Judge) -> tuple[Question, int]:
    """The question as it is now, which must be what was answered, and the number of the cell's newest entry."""
    item = waiting_about(session, key)
    state = cell_state(session, key)
    question = question_about(session, item, judge) if item is not None else None
    if item is None or question is None or state is None:
        raise ConflictError(f"{key} no longer waits for an answer")
    if question.mark != unstamped(answer.seen):
        raise ConflictError(f"{key} has changed since the file was made", remedy="Export it again")
    return question, state.last_seq


def _event(session: Session, question: Question, answer: Answer) -> Event:
    said = _said(session, question, answer)
    if question.role == "opinion" or isinstance(said, Skipped | Flagged):
        return said
    return settling(said, [opinion.seq for opinion in question.opinions])


def _said(session: Session, question: Question, answer: Answer) -> Decision | Skipped | Flagged:
    match answer.word:
        case "accept":
            if answer.number > len(question.options):
                raise ParseError(f"there is no candidate {answer.number}")
            return accepting(question.options[answer.number - 1])
        case "correct":
            return _corrected(session, question, answer.value)
        case "reject":
            return Rejected()
        case "not reported":
            return DeclaredNotReported(question.place)
        case "skip":
            return Skipped()
        case "flag":
            return Flagged()


def _corrected(session: Session, question: Question, typed: str) -> Corrected:
    place = question.place
    value = parse_typed(question.field, typed, scale_beside(entity_cells(session, question.key.entity)))
    return Corrected(value, Evidence(place.sha256, place.page, place.box, place.anchor, place.quote, RULE))
