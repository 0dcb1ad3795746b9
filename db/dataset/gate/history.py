"""Whether what the last release said is still said, or has a reason not to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from db.cells import PUBLISHED
from db.dataset.changes import Change, Changes
from db.dataset.checks import Check
from db.dataset.gate.bounds import Bounds
from db.dataset.gate.tally import Tally
from db.dataset.source import Source
from db.models import chosen_at
from db.tables import EntityRow, EventRow, ModelRow, PaperRow, ReadingRow, ReleaseRow
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId, PaperId

_TIME = "%Y-%m-%d %H:%M:%S"
_BY_PEOPLE = PUBLISHED - {"automatic"}


@dataclass(frozen=True, slots=True)
class _Since:
    """What happened since the last release that explains why a cell is gone or other."""

    said: frozenset[str]
    """Cells and entities that people said something of; papers of whose entities they did."""
    touched: frozenset[str]
    """Papers of which people said anything."""
    read: frozenset[str]
    """Papers that were read again."""
    judged: bool
    """Whether another model was chosen, or came with a new version of burden."""
    source: Source

    def by_people(self, change: Change) -> bool:
        """Whether a person, or the paper's own leaving, explains it."""
        if change.paper in self.source.gone or change.cell in self.said or change.entity in self.said:
            return True
        entity, merged = EntityId.parse(change.entity), self.source.merged.get(change.paper, {})
        if entity in merged or entity in self.source.removed.get(change.paper, ()):
            return True
        others = (other for other, into in merged.items() if into == entity)
        if any(f"{other}#{change.field}" in self.said for other in others):
            return True
        # What a run belongs to goes with the model that people merged or removed.
        return change.paper in self.said and (change.kind == "removed" or change.field == "model")

    def by_machine(self, change: Change) -> bool:
        """Whether a new reading or model explains it."""
        return self.judged or change.paper in self.read

    def goes_along(self, change: Change) -> bool:
        """Whether what is gone only says what a row is, in a paper of which people said something: it goes with the row's last fact."""
        key = CellKey(EntityId.parse(change.entity), change.field)
        return change.paper in self.touched and field_of(key).use == "identity"


def history(
    opened: Session, source: Source, changes: Changes, last: ReleaseRow | None, cells: int, bounds: Bounds
) -> tuple[Check, ...]:
    """The checks against the last release.

    Args:
        opened: the transaction that the release is made in.
        source: what it is made of.
        changes: against the last release.
        last: that one; None of the first.
        cells: that the release has.
        bounds: how much may be gone.
    """
    lost = Tally(
        "lost", "No cell that people decided is gone or other than published, unless people said so."
    )
    gone = Tally("shrinkage", "Cells of the last release are gone for a reason only.", acceptable=True)
    counts = changes.counts
    before = cells - counts["added"] + counts["removed"]
    if last is not None and counts["removed"] + counts["changed"]:
        _explain(changes, _since(opened, source, last), lost, gone)
    return lost.check(), gone.check(int(bounds.unexplained * before)), _clock(source, last)


def _explain(changes: Iterable[Change], since: _Since, lost: Tally, gone: Tally) -> None:
    for change in changes:
        if change.kind == "added" or change.before is None or since.by_people(change):
            continue
        if change.before.status in _BY_PEOPLE:
            if change.after is None or change.after.value != change.before.value:
                lost.note(f"{change.cell}: {change.before.value}")
        elif change.after is None and not since.by_machine(change) and not since.goes_along(change):
            gone.note(f"{change.cell}: {change.before.value}")


def _since(opened: Session, source: Source, last: ReleaseRow) -> _Since:
    said, touched = set[str](), set[str]()
    events = (
        select(EventRow.entity_id, EventRow.field, EntityRow.paper_id)
        .join(EntityRow, col(EntityRow.entity_id) == EventRow.entity_id)
        .where(col(EventRow.seq) > last.last_seq)
    )
    for entity, name, paper in opened.exec(events):
        said |= {f"{entity}#{name}"} if name else {entity, paper}
        touched.add(paper)
    readings = select(ReadingRow.paper_id).where(col(ReadingRow.read_at) > last.built_at)
    chosen, newest = chosen_at(opened), opened.exec(select(func.max(ModelRow.installed_at))).one()
    return _Since(
        frozenset(said),
        frozenset(touched),
        frozenset(opened.exec(readings.distinct())),
        any(at is not None and at > last.built_at for at in (chosen, newest)),
        source,
    )


def _clock(source: Source, last: ReleaseRow | None) -> Check:
    """A state is dated by what happened last, which may be a withdrawal that was taken back since."""
    clock = Tally("clock", "The state is not of before that of the last release.", acceptable=True)
    as_of = source.as_of
    tables = (last.summary or {}).get("tables") if last is not None else None
    withdrawn = tables.get("withdrawn", 0) if isinstance(tables, dict) else 0
    if as_of and last and as_of < last.built_at and withdrawn <= len(source.withdrawn):
        clock.note(f"the state is of {as_of:{_TIME}}, that of {last.version} of {last.built_at:{_TIME}}")
    return clock.check()


def still_there(opened: Session, published: Iterable[PaperId], source: Source) -> Check:
    """No paper is published that was withdrawn or is the same file as another."""
    tally = Tally("gone", "No paper is published that was withdrawn, or that is the same file as another.")
    withdrawn = opened.exec(select(PaperRow.paper_id).where(col(PaperRow.withdrawn_at).is_not(None)))
    left = {**dict.fromkeys(map(PaperId, withdrawn), "it was withdrawn"), **source.gone}
    tally.note_all(f"{paper}: {left[paper]}" for paper in sorted(set(published) & left.keys()))
    return tally.check()
