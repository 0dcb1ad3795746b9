"""What waits for a look, as a file can ask it: the cell, what is proposed, where it stands, and why it is doubted.

A file is answered days later, and things change. So each question carries a mark of what it shows, `seen`, and an answer
to anything else is refused. On what people disagree their answers are shown, for somebody else to settle; what another person
said of a cell that is to be decided blind never is. A paper that is to be read as a whole is no question for a file, in which
nothing can be added.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from annotation.opinions import Opinion, between, opinion_of
from annotation.page import link
from annotation.safe_text import safe
from annotation.values import reason_to_look, show
from db.cells import Judge, live, opinions_on
from db.events import Accepted, Corrected, Entry, Flagged
from db.items import is_asked_twice
from db.log import history
from db.queue import Waiting, waiting
from db.refresh import Option, cell_state, options, unseen_state
from db.tables import Look, PaperRow, SlotRole
from extractors.facts.codec import evidence_to_json, value_to_json
from extractors.facts.evidence import Evidence
from extractors.facts.fields import Field, field_of
from extractors.facts.ids import CellKey, PaperId
from extractors.facts.values import Value

LONGEST = 300
"""Characters of one text in a file; quotes have at most 160 from the start."""
LONGEST_SAID = 1_000
"""Characters of what people said of a cell."""
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
    opinions: tuple[Opinion, ...] = ()
    """What people disagree about, or disagreed; else none."""
    flags: tuple[str, ...] = ()
    """Who asked for a senior, and why."""

    @property
    def role(self) -> SlotRole:
        """What an answer is: an opinion, or what settles those of others."""
        return "adjudication" if self.why == "reviewers-disagree" else "opinion"

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
        heard = [opinion.seq for opinion in self.opinions]
        whole = json.dumps([str(self.key), shown, decided, *([heard] if heard else [])], sort_keys=True)
        return f"q{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


class OpenQuestions:
    """What waits, in the order of the queue, as far as a file can ask it."""

    def __init__(self, session: Session, judge: Judge, limit: int | None = None) -> None:
        """Nothing is asked yet.

        Args:
            session: a reading transaction.
            judge: by which model it is doubted.
            limit: the first so many; by default all.
        """
        self._session, self._judge, self._limit = session, judge, limit
        self.left_out: Counter[Look] = Counter()
        """What waits before the last question and is none, by why it waits; known once all were taken."""

    def __iter__(self) -> Iterator[Question]:
        """The questions."""
        number = 0
        for item in waiting(self._session):
            if self._limit is not None and number >= self._limit:
                return
            question = question_about(self._session, item, self._judge)
            if question is None:
                self.left_out[item.why] += 1
            else:
                number += 1
                yield question


def question_about(session: Session, item: Waiting, judge: Judge) -> Question | None:
    """The question of an item; None where it asks for more than a value, or nothing can be accepted.

    Args:
        session: a transaction.
        item: that waits.
        judge: by which model its cell is doubted.
    """
    key, why = item.key, item.why
    known = cell_state(session, key)
    if known is None or field_of(key).use == "whole":
        return None
    said = tuple(reversed(history(session, key=key)))
    opinions = tuple(map(opinion_of, opinions_on(said))) if why == "reviewers-disagree" else ()
    offered = options(session, key)
    offered = (between(field_of(key), opinions, offered) if opinions else offered)[:CANDIDATES]
    if not offered:
        return None
    # what another person said of it would show in its probability too, and a second opinion is blind
    is_blind = why == "uncertain" or (why == "flagged" and is_asked_twice(session, item.item_id))
    state = unseen_state(session, key, judge) if is_blind else known
    return Question(
        key,
        why,
        session.get_one(PaperRow, key.entity.paper).title,
        offered,
        state.probability if not opinions else None,
        known.value if why == "machine-disagrees" else None,
        opinions,
        tuple(_flags(said)) if why == "flagged" else (),
    )


def _flags(said: Sequence[Entry]) -> Iterator[str]:
    for entry in live(said):
        if isinstance(entry.event, Flagged):
            yield f"{entry.envelope.actor} flags it: {entry.envelope.reason or 'no reason given'}"


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
    said = [*map(_said, question.opinions), *question.flags]
    return {name: tidy(text) for name, text in texts.items()} | {"said": tidy("; ".join(said), LONGEST_SAID)}


def _said(opinion: Opinion) -> str:
    place = f" (p. {opinion.evidence.page})" if opinion.evidence else ""
    return f"{opinion.who} said: {opinion.said}{place}, {f'because {opinion.reason}' if opinion.reason else 'no reason given'}"


def tidy(text: str, longest: int = LONGEST) -> str:
    """A text as one harmless line of limited length."""
    return " ".join(safe(text, longest).split())
