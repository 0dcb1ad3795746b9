"""Who looks at what besides what the machine doubts: second opinions, and papers that somebody reads as a whole.

Single extraction makes about a fifth more errors than double (Buscemi et al., J Clin Epidemiol 59 (2006), 697-703), and
only where two people decided alone is it known how far they agree. Lots are fixed: the same cells and papers at all times.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.facts.errors import UsageError
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, PaperId
from extractors.promise import is_drawn

MOST_OPINIONS = 2
"""That are asked for."""
LOT = "lot"
"""By whom an entity is known that nobody named: a paper as a whole on which the lot fell."""


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How many people are to look at what."""

    second_fields: tuple[str, ...] = ()
    """Fields by path, as `run.count`, of which each doubtful value gets two blind opinions."""
    second_share: float = 0.0
    """Share of the doubtful values of all other fields that gets two."""
    whole_share: float = 0.0
    """Share of the papers with no facts found, or not read at all, that a person reads as a whole."""

    def __post_init__(self) -> None:
        for name in ("second_share", "whole_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise UsageError(
                    f"{name} {getattr(self, name)} is no share",
                    where="review policy",
                    remedy="Choose a number from 0 to 1",
                )

    def opinions(self, key: CellKey) -> int:
        """How many people are to decide a doubtful value, none knowing what the others said."""
        twice = field_of(key).path in self.second_fields or is_drawn("second opinion", key, self.second_share)
        return MOST_OPINIONS if twice else 1

    def is_read_whole(self, paper: PaperId) -> bool:
        """Whether a paper in which nothing was found is read by a person."""
        return is_drawn("read whole", paper, self.whole_share)


ONE_OPINION = ReviewPolicy()
"""Nobody is asked for more than what the machine doubts."""
