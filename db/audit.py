"""What audits found of the values that were published unseen: the precision that the promise is watched by.

A cell is audited if the lot falls on it (`extractors.promise.is_audited`) while the machine alone publishes it. Its item
in the review queue keeps what came of it, so that no later reading or model changes what was found.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from db.tables import EntityRow, ReviewItemRow
from extractors.facts.fields import FIELDS, Family

_CONFIDENCE = 0.9
_HALVINGS = 40
"""Of the interval in which a bound is looked for: to the twelfth digit."""


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
        """What that share is at least, one-sided at 90%."""
        return least_share(self.kept, self.decided)


def audited(session: Session) -> Mapping[Family, Audited]:
    """What audits found, by family; of a cell that was audited again, what the last audit found."""
    newest = (
        select(func.max(ReviewItemRow.id))
        .where(col(ReviewItemRow.audit).is_not(None))
        .group_by(ReviewItemRow.entity_id, ReviewItemRow.field)
    )
    query = (
        select(EntityRow.kind, ReviewItemRow.field, ReviewItemRow.audit, func.count())
        .join(EntityRow, col(EntityRow.entity_id) == ReviewItemRow.entity_id)
        .where(col(ReviewItemRow.id).in_(newest))
        .group_by(EntityRow.kind, ReviewItemRow.field, col(ReviewItemRow.audit))
    )
    found: dict[Family, Counter[str]] = {}
    for kind, name, outcome, number in session.exec(query):
        found.setdefault(FIELDS[f"{kind}.{name}"].family, Counter())[outcome or ""] += number
    return {
        family: Audited(of["due"], of["kept"] + of["changed"], of["kept"])
        for family, of in sorted(found.items())
    }


def least_share(kept: int, decided: int, confidence: float = _CONFIDENCE) -> float:
    """Lower bound of a share, one-sided and exact: Clopper and Pearson, Biometrika 26 (1934), 404-413.

    It holds for values that err independently, as those do that a lot chose: a paper seldom has two of them.

    Args:
        kept: how many were right.
        decided: of how many.
        confidence: how often the share is at least the bound.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS if kept else 0):
        middle = (low + high) / 2
        if _at_least(kept, decided, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def _at_least(kept: int, decided: int, share: float) -> float:
    """Probability that so many or more are right."""
    right, wrong = math.log(share), math.log1p(-share)
    ways = math.lgamma(decided + 1)
    return math.fsum(
        math.exp(ways - math.lgamma(n + 1) - math.lgamma(decided - n + 1) + n * right + (decided - n) * wrong)
        for n in range(kept, decided + 1)
    )
