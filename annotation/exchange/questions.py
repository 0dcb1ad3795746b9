"""What waits for a look, as a file can ask it: the cell, what is proposed, where it stands, and why it is doubted.

A file is answered days later, and things change. So each question carries a mark of what it shows, `seen`, and an answer
to anything else is refused. Only what one person can decide alone is asked: disagreements and flags stay at the screen,
and what another person said of a cell that is to be decided blind is never shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from annotation.page import link
from annotation.safe_text import safe
from annotation.values import reason_to_look, show
from db.cells import Judge
from db.events import Accepted, Corrected
from db.queue import waiting
from db.refresh import Option, cell_state, options, unseen_state
from db.tables import EntityRow, Look, PaperRow
from extractors.facts.codec import evidence_to_json, value_to_json
from extractors.facts.evidence import Evidence
from extractors.facts.fields import Field, field_of
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Value

ASKED: frozenset[Look] = frozenset({"uncertain", "audit", "machine-disagrees"})
"""Why a cell is looked at, where one person can answer alone."""
LONGEST = 300
"""Characters of one text in a file; quotes have at most 160 from the start."""
CANDIDATES = 9
"""Values that are offered, the proposed one included; as many as digits choose at the screen."""


@dataclass(frozen=True, slots=True)
class Question:
    """A cell as a file asks about it."""

    key: CellKey
    why: Look
    title: str
    options: tuple[Option, ...]
    """What can be accepted: the proposed value first, then its rivals; there is at least one."""
    probability: float | None
    decided: Value | None
    """What people decided before, where a new reading disagrees with it; else None."""

    @property
    def field(self) -> Field:
        """Its field in the registry."""
        return field_of(self.key)

    @property
    def place(self) -> Evidence:
        """Where the proposed value stands."""
        return self.options[0].evidence

    @property
    def extractor(self) -> str | None:
        """Of the proposed value."""
        proposal = self.options[0].proposal
        return proposal.extractor if proposal is not None else None

    @property
    def mark(self) -> str:
        """Of all that an answer depends on. It begins with a letter, so that no spreadsheet takes it for a number."""
        shown = [[value_to_json(o.value), evidence_to_json(o.evidence)] for o in self.options]
        decided = value_to_json(self.decided) if self.decided is not None else None
        whole = json.dumps([str(self.key), shown, decided], sort_keys=True)
        return f"q{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def open_questions(session: Session, judge: Judge, limit: int | None = None) -> Iterator[Question]:
    """What waits, in the order of the queue.

    Args:
        session: a reading transaction.
        judge: by which model it is doubted.
        limit: the first so many; by default all.
    """
    asked = (item for item in waiting(session) if item.why in ASKED)
    for number, item in enumerate(asked):
        if limit is not None and number >= limit:
            return
        question = question_about(session, item.key, item.why, judge)
        if question is not None:
            yield question


def question_about(session: Session, key: CellKey, why: Look, judge: Judge) -> Question | None:
    """The question about a cell; None where nothing is proposed for it, or it does not exist.

    Args:
        session: a transaction.
        key: the cell.
        why: it is looked at.
        judge: by which model it is doubted.
    """
    if session.get(EntityRow, str(key.entity)) is None:
        return None
    offered = options(session, key)[:CANDIDATES]
    known = cell_state(session, key)
    if not offered or known is None:
        return None
    paper = session.get_one(PaperRow, key.entity.paper)
    # what another person said of it would show in its probability too, and a second opinion is blind
    state = unseen_state(session, key, judge) if why == "uncertain" else known
    decided = known.value if why == "machine-disagrees" else None
    return Question(key, why, paper.title, offered, state.probability, decided)


def accepting(option: Option) -> Accepted | Corrected:
    """The decision that an offered value is right."""
    if option.proposal is None:
        return Corrected(option.value, option.evidence)
    return Accepted(option.proposal, option.value, option.evidence)


def stamp(mark: str, at: datetime) -> str:
    """A mark with the time of the export, which tells two exports' answers apart."""
    return f"{mark}.{at:%Y%m%dT%H%M%SZ}"


def unstamped(seen: str) -> str:
    """The mark without its time."""
    return seen.partition(".")[0]


def shown(question: Question, at: datetime) -> dict[str, str]:
    """A question as harmless texts by name, the same for every kind of file."""
    field, place, (first, *rivals) = question.field, question.place, question.options
    candidates = [
        f"{n}: {show(option.value)}, p. {option.evidence.page}" for n, option in enumerate(rivals, 2)
    ]
    texts = {
        "cell": str(question.key),
        "seen": stamp(question.mark, at),
        "why": reason_to_look(question.why),
        "paper": str(question.key.entity.paper),
        "title": question.title,
        "link": link(PaperId(question.key.entity.paper)),
        "page": f"{place.page}",
        "quote": place.quote,
        "meaning": field.meaning,
        "guideline": field.guideline,
        "proposed": show(first.value),
        "candidates": "; ".join(candidates),
        "probability": "" if question.probability is None else f"{question.probability:.2f}",
        "reasons": "; ".join(first.reasons),
        "decided": show(question.decided) if question.decided is not None else "",
    }
    return {name: tidy(text) for name, text in texts.items()}


def tidy(text: str, longest: int = LONGEST) -> str:
    """A text as one harmless line of limited length."""
    return " ".join(safe(text, longest).split())
