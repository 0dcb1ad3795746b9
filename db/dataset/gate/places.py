"""Whether evidence stands in a document that was read, on a page that it has, and in no other paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from db.dataset.checks import Check
from db.dataset.gate.alongside import Alongside
from db.dataset.gate.tally import Tally
from db.dataset.part import Part
from db.dataset.source import AT_ONCE, in_order
from db.tables import ReadingRow
from extractors.facts.ids import PaperId


@dataclass(slots=True)
class Documents:
    """Holds the evidence of each paper against its readings."""

    readings: Alongside[tuple[str, int]]
    """Hash and pages of what was read."""
    shared: frozenset[str]
    """Hashes of files that were read as two papers."""
    _pages: Tally = field(
        default_factory=lambda: Tally("pages", "Every page that evidence names is in its document.")
    )
    _twins: Tally = field(
        default_factory=lambda: Tally("twins", "No file is the evidence of two papers.")
    )  # fmt: skip
    _users: dict[str, PaperId] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Look at the next part."""
        if part.paper is None:
            return
        pages: dict[str, int] = {}
        for sha256, count in self.readings.of(part.paper):
            pages[sha256] = max(count, pages.get(sha256, 0))
        self._pages.note_all(_beyond(part, pages))
        if self.shared:
            used = {state.evidence.sha256 for state in part.cells.values() if state.evidence is not None}
            for sha256 in sorted(used & self.shared):
                if (other := self._users.setdefault(sha256, part.paper)) != part.paper:
                    self._twins.note(f"{part.paper} and {other}")

    def outcomes(self) -> tuple[Check, ...]:
        """The outcomes, once all parts were looked at."""
        return self._pages.check(), self._twins.check()


def documents_of(opened: Session) -> Documents:
    """What holds evidence against the readings of the database."""
    query = (
        select(ReadingRow.paper_id, ReadingRow.sha256, ReadingRow.pages)
        .order_by(in_order(opened, col(ReadingRow.paper_id)))
        .execution_options(yield_per=AT_ONCE)
    )
    twice = select(ReadingRow.sha256).group_by(ReadingRow.sha256)
    twice = twice.having(func.count(func.distinct(ReadingRow.paper_id)) > 1)
    rows = ((paper, (sha256, pages)) for paper, sha256, pages in opened.exec(query))
    return Documents(Alongside(rows), frozenset(opened.exec(twice)))


def _beyond(part: Part, pages: dict[str, int]) -> Iterator[str]:
    for key, state in part.cells.items():
        evidence = state.evidence
        if evidence is not None and 0 < pages.get(evidence.sha256, 0) < evidence.page:
            yield f"{key}: page {evidence.page} of {pages[evidence.sha256]}"
