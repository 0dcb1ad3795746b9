"""All checks of a release together, in the order in which they are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from db.audit import audited
from db.dataset.changes import Changes
from db.dataset.checks import Check, Checking
from db.dataset.gate.bands import bands, recent_summaries
from db.dataset.gate.bounds import Bounds
from db.dataset.gate.database import backed, known, last_row, stale, whole
from db.dataset.gate.decisions import Decisions, decisions_of
from db.dataset.gate.history import history, still_there
from db.dataset.gate.places import Documents, documents_of
from db.dataset.gate.tally import Tally
from db.dataset.gate.world import World
from db.dataset.part import Part
from db.dataset.schema import MODELS
from db.dataset.seals import verified
from db.dataset.source import PaperFacts, Source
from db.dataset.statistics import Statistics
from db.tables import ReleaseRow
from extractors.facts.errors import DatasetError


def _unreadable() -> Tally:
    return Tally(
        "readable", "Every cell of the database is one: value, evidence, quote, box, status and field."
    )


def _doubled() -> Tally:
    return Tally("doubled", "No paper has a cell twice.")


@dataclass(slots=True)
class Gate:
    """The checks of a release, fed paper by paper."""

    opened: Session
    source: Source
    last: str | None
    """Version of the last release."""
    bounds: Bounds
    decisions: Decisions
    documents: Documents
    checking: Checking = field(default_factory=Checking)
    world: World = field(default_factory=World)
    readable: Tally = field(default_factory=_unreadable)
    doubled: Tally = field(default_factory=_doubled)
    _linked: list[str] = field(default_factory=list)
    """Models of which no cell is published; there are few."""

    @classmethod
    def of(cls, opened: Session, source: Source, last: str | None, bounds: Bounds) -> Gate:
        """The gate of a release.

        Args:
            opened: the transaction that it is made in.
            source: what it is made of.
            last: version of the release before.
            bounds: what the operator promises.
        """
        return cls(opened, source, last, bounds, decisions_of(opened, source), documents_of(opened))

    def read(self, facts: PaperFacts) -> None:
        """Look at what the database says of the next paper."""
        self.readable.note_all(facts.unreadable)
        if len({state.key for state in facts.cells}) < len(facts.cells):
            self.doubled.note(facts.id)
        self.decisions.add(facts)

    def add(self, part: Part) -> None:
        """Look at the rows of the next part."""
        self.checking.add(part)
        self.world.add(part)
        self.documents.add(part)
        if models := part.tables.get(MODELS.name):
            described = {str(key.entity) for key in part.cells if key.entity.kind == "model"}
            self._linked += [id for row in models if (id := str(row["model_id"])) not in described]

    def outcomes(self, statistics: Statistics, changes: Changes, out: Path | None) -> tuple[Check, ...]:
        """The outcome of every check, once all papers were looked at.

        Args:
            statistics: of the rows.
            changes: against the last release, with their reasons.
            out: the folder of all releases.
        """
        opened, last = self.opened, last_row(self.opened, self.last)
        cells = sum(statistics.statuses.values())
        return (
            *self.checking.outcomes(),
            self.readable.check(),
            self.doubled.check(),
            known(opened, self._linked),
            *self.documents.outcomes(),
            *self.world.outcomes(),
            *self.decisions.outcomes(),
            *history(self.source, changes, last, cells, self.bounds),
            still_there(opened, statistics.published, self.source),
            backed(opened, self.source.gone),
            stale(opened),
            *whole(opened, last),
            *bands(statistics, recent_summaries(opened)),
            unreviewed(statistics, self.bounds),
            audits(opened, self.bounds),
            intact(last, out),
        )


def unreviewed(statistics: Statistics, bounds: Bounds) -> Check:
    """Whether people looked at enough of what is published."""
    automatic, cells = statistics.statuses["automatic"], sum(statistics.statuses.values())
    share = automatic / cells if cells else 0.0
    return Check(
        "unreviewed",
        "The share of cells that nobody looked at is within the bound.",
        required=True,
        success=share <= bounds.unreviewed,
        observed=round(share, 6),
        bound=bounds.unreviewed,
        notes=f"{automatic:,} of {cells:,} cells",
        acceptable=True,
    )


def audits(opened: Session, bounds: Bounds) -> Check:
    """Whether what audits found lets the promise stand: it fails where they are enough to say that it is broken."""
    promised = bounds.promise.precision
    shown: list[str] = []
    broken: list[str] = []
    least = 1.0
    for family, found in audited(opened).items():
        if found.precision is None:
            continue
        words = f"{family}: {found.kept:,} of {found.decided:,} right"
        least = min(least, found.precision)
        (broken if found.most < promised else shown).append(words)
    return Check(
        "audits",
        "Audits of what is published unseen do not say that it is less precise than promised.",
        required=True,
        success=not broken,
        observed=round(least, 6),
        bound=promised,
        notes=", ".join(broken or shown) or "no audit was decided",
        acceptable=True,
    )


def intact(last: ReleaseRow | None, out: Path | None) -> Check:
    """Whether the last release still has the bytes that it was published with, where its folder is here."""
    tally = Tally("published", "The last release has the bytes that it was published with.")
    folder = out / last.version if out is not None and last is not None else None
    if last is not None and folder is not None and folder.exists():
        try:
            if verified(folder).sha256 != last.manifest_sha256:
                tally.note(f"{last.version} has another seal")
        except DatasetError as error:
            tally.note(f"{last.version}: {error.what}")
    return tally.check()
