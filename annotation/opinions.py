"""What people said of one cell before somebody settles it: their answers side by side, and what can be chosen between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from annotation.values import show
from db.events import Accepted, CellAdded, Corrected, DeclaredNotReported, Entry, Rejected
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
    envelope, event = entry.envelope, entry.event
    option = None
    match event:
        case Accepted(proposal, value, evidence):
            option = Option(proposal, value, evidence)
        case Corrected(value, evidence) | CellAdded(value, evidence):
            option = Option(None, value, evidence)
        case DeclaredNotReported(place):
            return Opinion(
                entry.seq, envelope.actor, NotReported(), place, envelope.reason, envelope.at, None
            )
        case Rejected():
            return Opinion(entry.seq, envelope.actor, None, None, envelope.reason, envelope.at, None)
        case _:
            raise UsageError(f"entry {entry.seq} is no decision", where=str(envelope.cell))
    return Opinion(
        entry.seq, envelope.actor, option.value, option.evidence, envelope.reason, envelope.at, option
    )


def between(field: Field, opinions: Sequence[Opinion], options: Sequence[Option]) -> tuple[Option, ...]:
    """What can be chosen to settle opinions: what they say, then what readings propose besides."""
    found: list[Option] = []
    for option in (*(opinion.option for opinion in opinions if opinion.option), *options):
        if not any(same_value(field, option.value, other.value) for other in found):
            found.append(option)
    return tuple(found)
