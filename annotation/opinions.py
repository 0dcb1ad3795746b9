"""What people said of one cell before somebody settles it: their answers side by side, and what can be chosen between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from annotation.values import show
from db.events import (
    Accepted,
    Adjudicated,
    CellAdded,
    Corrected,
    Decision,
    DeclaredNotReported,
    Entry,
    Event,
    Rejected,
)
from db.refresh import Option
from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.fields import Field, same_value
from extractors.facts.values import NotReported, Value


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's answer."""

    seq: int
    """Of its entry in the log."""
    who: str
    value: Value | None
    """None where they rejected everything."""
    evidence: Evidence | None
    reason: str
    at: datetime
    option: Option | None
    """What an adjudicator can choose of it; none where it names no value."""

    @property
    def said(self) -> str:
        """The answer in words."""
        return "nothing here is right" if self.value is None else show(self.value)


def opinion_of(entry: Entry) -> Opinion:
    """A decision as an opinion.

    Raises:
        UsageError: the entry is no decision.
    """
    said, option = entry.envelope, option_of(entry.event)
    place = option.evidence if option else None
    value: Value | None = option.value if option else None
    match entry.event:
        case DeclaredNotReported(place) | Adjudicated(NotReported(), place):
            value, option = NotReported(), None
        case Accepted() | Corrected() | CellAdded() | Rejected() | Adjudicated():
            pass
        case _:
            raise UsageError(f"entry {entry.seq} is no decision", where=str(said.cell))
    return Opinion(entry.seq, said.actor, value, place, said.reason, said.at, option)


def option_of(event: Event) -> Option | None:
    """The value that a decision names, to be chosen by whoever settles it; None where it names none."""
    match event:
        case Accepted(proposal, value, evidence):
            return Option(proposal, value, evidence)
        case Corrected(value, evidence) | CellAdded(value, evidence):
            return Option(None, value, evidence)
        case Adjudicated(value, evidence) if value is not None and evidence is not None:
            return Option(None, value, evidence)
        case _:
            return None


def settling(answer: Decision, between: Sequence[int]) -> Adjudicated:
    """A decision as the word that settles others, by the numbers of their entries."""
    option = option_of(answer)
    seqs = tuple(sorted(between))
    if isinstance(answer, DeclaredNotReported):
        return Adjudicated(NotReported(), answer.evidence, seqs)
    return Adjudicated(option.value, option.evidence, seqs) if option else Adjudicated(None, None, seqs)


def between(field: Field, opinions: Sequence[Opinion], options: Sequence[Option]) -> tuple[Option, ...]:
    """What can be chosen to settle opinions: what they say, then what readings propose besides."""
    found: list[Option] = []
    for option in (*(opinion.option for opinion in opinions if opinion.option), *options):
        if not any(same_value(field, option.value, other.value) for other in found):
            found.append(option)
    return tuple(found)
