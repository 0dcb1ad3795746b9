"""Review logs for tests, written in short; real ones are made by `db.log`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from db.events import Accepted, ActorKind, Adjudicated, Corrected, Entry, Envelope, Event, ProposalKey, Undone
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.values import Name, Quantity, Value

START = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = Evidence("1" * 64, 1, None, "Training", "on 8 GPUs", "test.rule")


def cell(number: int = 1, name: str = "accelerator", slug: str = "net") -> CellKey:
    """A cell of the paper of this number, of a run."""
    return CellKey(EntityId(PaperId(f"2401.{number:05d}"), "run", slug), name)


def named(id: str) -> Name:
    """A name."""
    return Name(id, id)


def accepted(value: Value, rank: int = 0, extractor: str = "burden-1") -> Accepted:
    """The proposed value is right, or a rival."""
    return Accepted(ProposalKey("1" * 64, extractor, rank), value, WORDS)


def corrected(value: Value) -> Corrected:
    """Another value is."""
    return Corrected(value, WORDS)


def ruled(value: Value | None, *between: int) -> Adjudicated:
    """This one is, of several opinions."""
    return Adjudicated(value, WORDS, between)


def devices(count: float) -> Quantity:
    """A number of devices."""
    return Quantity.exact(count, "devices")


@dataclass
class Book:
    """A log that grows by an entry a minute."""

    entries: list[Entry] = field(default_factory=list)

    def add(
        self,
        actor: str,
        key: CellKey | EntityId,
        event: Event,
        *,
        slot: int | None = 0,
        kind: ActorKind = "annotator",
        seconds: float | None = None,
        reason: str = "",
        extractor: str | None = None,
    ) -> int:
        """Add an entry; its number."""
        seq = len(self.entries) + 1
        entity, name = (key.entity, key.field) if isinstance(key, CellKey) else (key, None)
        said = Envelope(
            f"u{seq}",
            START + timedelta(minutes=seq),
            actor,
            kind,
            entity,
            name,
            slot if name else None,
            extractor=extractor,
            seconds=seconds,
            reason=reason,
        )
        self.entries.append(Entry(seq, said, event))
        return seq

    def both(self, key: CellKey, first: Value, second: Value, people: Sequence[str] = ("ann", "bob")) -> None:
        """Two people answer, each alone: the first takes what was proposed."""
        self.add(people[0], key, accepted(first), slot=0)
        self.add(people[1], key, accepted(second) if first == second else corrected(second), slot=1)

    def undo(self, seq: int) -> int:
        """Undo an entry, by its author."""
        said = self.entries[seq - 1].envelope
        return self.add(said.actor, said.cell or said.entity, Undone(seq), slot=None, kind=said.actor_kind)
