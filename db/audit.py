"""What audits found of the values that were published unseen: the precision that the promise is watched by.

A cell is audited if the lot falls on it (`extractors.promise.is_audited`) while the machine alone publishes it. Its item
in the review queue keeps what came of it, so that no later reading or model changes what was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, or_, select

from db.tables import EntityRow, ReviewItemRow, ReviewSlotRow
from extractors.facts.fields import FIELDS, Family
from extractors.promise import lower_bound


@dataclass(frozen=True, slots=True)
class Audited:
    """Audits of the fields of one family."""

    due: int
    """Values that nobody decided yet."""
    decided: int
    kept: int
    """Of the decided, those whose value was right."""

    @property
    def precision(self) -> float | None:
        """Share of the decided that was right; None where none is decided."""
        return self.kept / self.decided if self.decided else None

    @property
    def bound(self) -> float:
        """What that share is at least, one-sided at 90%; 0 where none is decided.

        It holds for values that err independently, as those do that a lot chose: a paper seldom has two of them.
        """
        return lower_bound(self.precision or 0.0, self.decided)

    @property
    def most(self) -> float:
        """What that share is at most, likewise; 1 where none is decided."""
        return 1.0 if self.precision is None else 1 - lower_bound(1 - self.precision, self.decided)


def audited(session: Session) -> Mapping[Family, Audited]:
    """What audits found, by family; of a cell that was audited again, what the last audit found.

    None is due whose item left the queue with its paper.
    """
    newest = (
        select(func.max(ReviewItemRow.id))
        .where(col(ReviewItemRow.audit).is_not(None))
        .group_by(ReviewItemRow.entity_id, ReviewItemRow.field)
    )
    query = (
        select(EntityRow.kind, ReviewItemRow.field, ReviewItemRow.audit, func.count())
        .join(EntityRow, col(EntityRow.entity_id) == ReviewItemRow.entity_id)
        .where(
            col(ReviewItemRow.id).in_(newest),
            or_(col(ReviewItemRow.set_aside).is_(None), col(ReviewItemRow.audit) != "due"),
        )
        .group_by(EntityRow.kind, ReviewItemRow.field, col(ReviewItemRow.audit))
    )
    found: dict[Family, Counter[str]] = {}
    for kind, name, outcome, number in session.exec(query):
        found.setdefault(FIELDS[f"{kind}.{name}"].family, Counter())[outcome or ""] += number
    return {
        family: Audited(of["due"], of["kept"] + of["changed"], of["kept"])
        for family, of in sorted(found.items())
    }


def audit_answers(session: Session) -> frozenset[int]:
    """The log entries that answered audits, by number; of undone ones, none."""
    query = (
        select(ReviewSlotRow.event_seq)
        .join(ReviewItemRow, col(ReviewItemRow.id) == ReviewSlotRow.item_id)
        .where(col(ReviewItemRow.audit).is_not(None), col(ReviewSlotRow.event_seq).is_not(None))
    )
    return frozenset(seq for seq in session.exec(query) if seq is not None)
