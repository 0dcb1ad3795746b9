"""Whether what people decided is what is published: every decision is folded again from the review log, and nothing else is believed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from db.cells import PUBLISHED, CellState, Verdict, resolve_entity, verdict_of
from db.dataset.checks import Check
from db.dataset.gate.alongside import Alongside
from db.dataset.gate.tally import Tally
from db.dataset.source import AT_ONCE, PaperFacts, Source, in_order, remaining
from db.dossier import entry_of
from db.events import Entry
from db.tables import EntityRow, EventRow
from extractors.facts.errors import BurdenError
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId


@dataclass(slots=True)
class Decisions:
    """Holds the published cells of each paper against the log."""

    source: Source
    entries: Alongside[EventRow]
    _decided: Tally = field(
        default_factory=lambda: Tally(
            "decisions",
            "Every cell that people decided has what the review log says, and no other is said to be decided.",
        )
    )
    _entities: Tally = field(
        default_factory=lambda: Tally(
            "entities",
            "Every entity that is merged or removed is so by the review log, and has no published cell.",
        )
    )
    _broken: Tally = field(
        default_factory=lambda: Tally("log-entries", "Every entry of the review log can be read.")
    )

    def add(self, facts: PaperFacts) -> None:
        """Look at the next paper, after those before it of which nothing is published."""
        self._unpublished(facts.id)
        self._look(facts.id, {state.key: state for state in facts.cells}, self.entries.of(facts.id))

    def outcomes(self) -> tuple[Check, ...]:
        """The outcomes, once all papers were looked at."""
        self._unpublished(None)
        return tuple(tally.check() for tally in (self._decided, self._entities, self._broken))

    def _unpublished(self, until: PaperId | None) -> None:
        for paper, rows in self.entries.before(until):
            if paper not in self.source.gone:
                self._look(paper, {}, rows)

    def _look(self, paper: PaperId, cells: Mapping[CellKey, CellState], rows: Sequence[EventRow]) -> None:
        merged = self.source.merged.get(paper, {})
        removed = self.source.removed.get(paper, frozenset())
        entries = list(self._read(rows))
        said: defaultdict[CellKey, list[Entry]] = defaultdict(list)
        about: defaultdict[EntityId, list[Entry]] = defaultdict(list)
        for entry in entries:
            envelope = entry.envelope
            if envelope.field is None:
                about[envelope.entity].append(entry)
            else:
                said[CellKey(remaining(envelope.entity, merged), envelope.field)].append(entry)
        self._entities.note_all(_otherwise(about, merged, removed))
        if merged or removed:
            void = {*merged, *removed}
            self._entities.note_all(f"{key} is published" for key in cells if key.entity in void)
        for key, of_cell in said.items():
            if key.entity not in removed:
                self._compare(key, verdict_of(field_of(key), of_cell), cells.get(key))
        for key, state in cells.items():
            if state.decided_at is not None and key not in said:
                self._decided.note(f"{key} is {state.status}, and nobody decided it")

    def _read(self, rows: Iterable[EventRow]) -> Iterator[Entry]:
        for row in rows:
            try:
                entry = entry_of(row)
                if entry.envelope.cell is not None:
                    field_of(entry.envelope.cell)
                yield entry
            except (BurdenError, ValueError, StopIteration, RuntimeError) as error:
                what = error.what if isinstance(error, BurdenError) else "it is not an event"
                self._broken.note(f"entry {row.seq} about {row.entity_id}: {what}")

    def _compare(self, key: CellKey, verdict: Verdict | None, cached: CellState | None) -> None:
        if verdict is None:
            if cached is not None and cached.decided_at is not None:
                self._decided.note(f"{key} is {cached.status}, and nobody decided it")
        elif verdict.status not in PUBLISHED:
            if cached is not None:
                self._decided.note(f"{key} is published, and people left it {verdict.status}")
        elif cached is None:
            self._decided.note(f"{key} is not published, and {', '.join(verdict.reviewers)} decided it")
        elif _outcome(verdict) != (
            cached.status, cached.value, cached.evidence, cached.extractor, cached.reviewers, cached.decided_at,
        ):  # fmt: skip
            self._decided.note(f"{key} is not as {', '.join(verdict.reviewers)} decided it")


def decisions_of(opened: Session, source: Source) -> Decisions:
    """What holds the cells of a release against the log.

    Args:
        opened: the transaction that the release is made in.
        source: what it is made of.
    """
    query = (
        select(EntityRow.paper_id, EventRow)
        .join(EntityRow, col(EntityRow.entity_id) == EventRow.entity_id)
        .order_by(in_order(opened, col(EntityRow.paper_id)), col(EventRow.seq))
        .execution_options(yield_per=AT_ONCE)
    )
    return Decisions(source, Alongside(opened.exec(query)))


def _outcome(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.status, verdict.value, verdict.evidence, verdict.extractor, verdict.reviewers, verdict.at,
    )  # fmt: skip


def _otherwise(
    about: Mapping[EntityId, Sequence[Entry]],
    merged: Mapping[EntityId, EntityId],
    removed: frozenset[EntityId],
) -> Iterator[str]:
    """Entities whose row says otherwise than the log."""
    for entity in sorted({*about, *merged, *removed}):
        state = resolve_entity(about.get(entity, ()))
        if state.merged_into != merged.get(entity):
            yield f"{entity} is merged into {merged.get(entity)}, and the log says {state.merged_into}"
        if state.removed != (entity in removed):
            yield f"{entity} is {'' if entity in removed else 'not '}removed, and the log says otherwise"
